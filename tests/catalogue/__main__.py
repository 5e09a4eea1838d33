"""The catalogue of pages and mails.

    python -m tests.catalogue [--folder .test/catalogue] [--only TOUR]

Starts a Keycloak and a mailbox of its own, takes every tour, and writes pictures at 360 and 1280 pixels, in
dark colours too, the mails as HTML and text, and `index.html` with all of them. Exits 1 when axe-core (WCAG
2.2 AA), the browser's console or the width of a page gives cause to complain, else 0.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from local_mailbox import Mail, Mailbox
from provisioning.keycloak import Keycloak, Settings
from tests.catalogue import render
from tests.catalogue.tour import TOURS, Guide
from tests.catalogue.tours import NOT_SHOWN
from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.realms import RealmMaker
from tests.server import running_server

FOLDER = Path(__file__).parents[2] / ".test" / "catalogue"


def by_subject(sent: list[Mail]) -> list[Mail]:
    """One mail of each subject, in the order of subjects."""
    found = {mail.subject: mail for mail in sent}
    return [found[subject] for subject in sorted(found)]


def make(folder: Path, only: str | None) -> int:
    """Makes the catalogue in the empty `folder`; the number of sheets with complaints."""
    with tempfile.TemporaryDirectory(prefix="moncompte-catalogue-") as directory:
        home = Path(directory)
        (home / "realms").mkdir()
        with running_server(home / "keycloak") as server, Mailbox(home / "mails", keep=10_000) as mailbox:
            keycloak = Keycloak(Settings(server.url, server.client_id, server.client_secret))
            guide = Guide(RealmMaker(server, keycloak, mailbox.smtp_port, home / "realms"), mailbox)
            for tour in TOURS:
                if only in (None, tour.way.__name__):
                    tour.go(guide)
                    print(
                        f"{tour.way.__name__}: {len(guide.shots)} pages so far", file=sys.stderr, flush=True
                    )
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
                sheets = list(render.pages(browser, guide.shots, server.url, folder))
                sheets += render.mails(browser, by_subject(mailbox.messages()), folder)
                browser.close()
    index = render.overview(sheets, folder)
    wrong = [sheet for sheet in sheets if sheet.complaints]
    for sheet in wrong:
        print(f"{sheet.title}, {sheet.state}: {'; '.join(sheet.complaints)}", file=sys.stderr)
    for template, why in NOT_SHOWN.items():
        print(f"Not shown: {template} ({why})")
    print(f"{len(sheets)} states, {len(wrong)} with complaints: {index}")
    return len(wrong)


def main() -> int:
    """Makes the catalogue; the exit code."""
    parser = argparse.ArgumentParser(description="The catalogue of pages and mails")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to; what is there goes first")
    parser.add_argument("--only", choices=[tour.way.__name__ for tour in TOURS], help="one tour alone")
    options = parser.parse_args()
    if (options.folder / "index.html").exists():
        shutil.rmtree(options.folder)
    options.folder.mkdir(parents=True, exist_ok=True)
    return 1 if make(options.folder, options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
