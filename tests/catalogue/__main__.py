"""The catalogue of pages and mails.

    python -m tests.catalogue [--folder .test/catalogue] [--only TOUR…]

Starts a Keycloak and a mailbox of its own, takes every tour, and writes pictures at 360 and 1280 pixels, in
dark colours too, the mails as HTML and text, and `index.html` with all of them. Exits 1 when axe-core (WCAG
2.2 AA), the browser's console or the width of a page gives cause to complain, else 0.
"""

import argparse
import contextlib
import io
import shutil
import sys
import traceback
from collections.abc import Collection
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.catalogue import render
from tests.catalogue.mails import TEMPLATES, one_of_each
from tests.catalogue.tour import Guide, Tour
from tests.catalogue.tours import NOT_SHOWN, TOURS
from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.installation import installation

FOLDER = Path(__file__).parents[2] / ".test" / "catalogue"


def _taken(tour: Tour, guide: Guide) -> bool:
    """Whether the tour came to its end; one that did not leaves the others their turn."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # what `moncompte owners import` says
            tour.go(guide)
    except Exception:  # noqa: BLE001 - whatever it was, it is printed and counted
        traceback.print_exc(limit=-2)
        return False
    print(f"{tour.name}: {len(guide.shots)} pages so far", file=sys.stderr, flush=True)
    return True


def make(folder: Path, only: Collection[str]) -> int:
    """Makes the catalogue of these tours in the empty `folder`; the number of sheets with complaints and of
    tours that did not come to their end."""
    with installation() as where, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        guide = Guide(where.make_realm, where.mailbox, browser)
        lost = [tour.name for tour in TOURS if tour.name in only and not _taken(tour, guide)]
        sheets = list(render.pages(browser, guide.shots, folder))
        shown = one_of_each(guide.mails())
        sheets += render.mails(browser, shown, folder)
        browser.close()
    index = render.overview(sheets, folder)
    wrong = [sheet for sheet in sheets if sheet.complaints]
    for sheet in wrong:
        print(f"{sheet.title}, {sheet.state}: {'; '.join(sheet.complaints)}", file=sys.stderr)
    for template, why in NOT_SHOWN.items():
        print(f"Not shown: {template} ({why})")
    for template in sorted(set(TEMPLATES) - shown.keys()):
        print(f"Not shown: the mail {template}")
    print(f"{len(sheets)} states, {len(wrong)} with complaints: {index}")
    for name in lost:
        print(f"This tour did not come to its end: {name}", file=sys.stderr)
    return len(wrong) + len(lost)


def main() -> int:
    """Makes the catalogue; the exit code."""
    names = [tour.name for tour in TOURS]
    parser = argparse.ArgumentParser(description="The catalogue of pages and mails")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to; what is there goes first")
    parser.add_argument("--only", choices=names, nargs="+", default=names, help="these tours alone")
    options = parser.parse_args()
    if (options.folder / "index.html").exists():
        shutil.rmtree(options.folder)
    options.folder.mkdir(parents=True, exist_ok=True)
    return 1 if make(options.folder, options.only) else 0


if __name__ == "__main__":
    sys.exit(main())
