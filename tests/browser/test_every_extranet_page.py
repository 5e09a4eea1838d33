"""Every page of the Extranet at the width of a telephone and of a screen, without a realm behind it.

What is there to be seen when the realm does not answer, when an owner has no contract, or a great many.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from extranet import Settings, create_app
from tests.browser.conftest import Watch
from tests.front import serving
from tests.unit.conftest import CONTACTS, HELENE, signed_in
from tools.ports import free_port

SIZES = [(360, 740), (1280, 900)]
LONG = {
    "agency": "1001/01",
    "identifiers": ["P00012"],
    "reference": "MANDAT-DE-GESTION-2026-000000000000000000042",
    "role": "propriétaire",
    "address": "Résidence Les Jardins de l'Évêché, bâtiment C, escalier 12, 118 bis avenue du Général,"
    " 13002 Marseille",
}
NOBODY: dict[str, Any] = {}
NO_CONTRACT = {"claims": HELENE | {"contracts": [], "organization": {}}, "contacts": []}
SIGNED_IN = {"claims": HELENE, "contacts": CONTACTS}
MANY = {
    "claims": HELENE
    | {"contracts": [LONG, *({**LONG, "reference": f"LOT-{number}"} for number in range(40))]},
    "contacts": CONTACTS,
}
AT_USERINFO = {
    "claims": {name: value for name, value in HELENE.items() if name != "contracts"}
    | {"contracts_at_userinfo": 300},
    "contacts": None,
}
HELLO = "Bonjour Hélène Lefèvre"

PAGES = [
    (NOBODY, "/signed-out", "Vous êtes déconnecté"),
    (NOBODY, "/login?client=1001&societe=01", "Service de connexion indisponible"),
    (NOBODY, "/login?client=%3C%3E", "Adresse de connexion incorrecte"),
    (NOBODY, "/nulle-part", "Page introuvable"),
    (NOBODY, "/callback?iss=https://evil.example", "Connexion à recommencer"),
    (SIGNED_IN, "/", HELLO),
    (SIGNED_IN, "/profil", "Profil"),
    (SIGNED_IN, "/locataires", "Locataires"),
    (SIGNED_IN, "/comptabilite", "Comptabilité"),
    (SIGNED_IN, "/documents", "Documents"),
    (SIGNED_IN, "/services-en-ligne", "Services en ligne"),
    (SIGNED_IN, "/contacts", "Contacts"),
    (SIGNED_IN, "/action/update-password", "Service de connexion indisponible"),
    (SIGNED_IN, "/login?client=9009&societe=09", HELLO),
    (NO_CONTRACT, "/", HELLO),
    (NO_CONTRACT, "/profil", "Profil"),
    (NO_CONTRACT, "/contacts", "Contacts"),
    (AT_USERINFO, "/", HELLO),
    (AT_USERINFO, "/profil", "Profil"),
    (MANY, "/", HELLO),
    (MANY, "/profil", "Profil"),
]

Open = Callable[[dict[str, Any], str], None]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The Extranet of a realm that does not answer."""
    directory: Path = tmp_path_factory.mktemp("extranet")
    port = free_port()
    nobody = f"http://127.0.0.1:{free_port()}/realms/moncompte"
    return Settings(nobody, "extranet", "browser-test", f"http://localhost:{port}", directory, port)


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Flask]:
    """The running Extranet."""
    app = create_app(settings)
    with serving(app, settings.port):
        yield app


@pytest.fixture
def open_page(context: BrowserContext, page: Page, settings: Settings, app: Flask) -> Open:
    """Opens an address of the Extranet as the owner of a session, or as nobody."""

    def opened(session: dict[str, Any], path: str) -> None:
        context.clear_cookies()
        if session:
            cookie = signed_in(app, **session)
            context.add_cookies([{"name": "extranet", "value": cookie, "url": settings.public_url}])
        page.goto(f"{settings.public_url}{path}")

    return opened


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_fits_and_has_nothing_that_axe_complains_of(
    page: Page, watch: Watch, open_page: Open, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    watch.refusals_expected = True
    for session, path, heading in PAGES:
        open_page(session, path)
        watch.check(heading)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_sign_out_while_the_realm_is_away_says_that_other_applications_may_still_be_open(
    page: Page, watch: Watch, open_page: Open, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    watch.refusals_expected = True
    open_page(SIGNED_IN, "/")
    page.get_by_role("button", name="Déconnexion").click()
    watch.check("Déconnexion incomplète")
