"""One sign-in serves both applications, and one « Déconnexion » ends both, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Behind, Front, Watch
from tests.browser.test_the_journey import press, sign_in
from tests.front import declared, extranet_of, running_extranet
from tests.integration.stage import PERSONAL
from tests.realms import RealmMaker
from tools.mailbox import Mailbox
from tools.ports import free_port


@pytest.fixture(scope="module")
def port() -> int:
    """Where the second application serves."""
    return free_port()


@pytest.fixture(scope="module")
def front(make_realm: RealmMaker, tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Front]:
    """The Extranet of a realm that has a second one, and an application of one agency."""
    second = declared(f"http://localhost:{port}", "copropriete")
    narrow = second | {"client_id": "etroite", "name": "Étroite", "agencies": ["2002/01"]}
    narrow["secret_file"] = "etroite-secret"
    with running_extranet(make_realm, tmp_path_factory.mktemp("extranet"), (second, narrow)) as front:
        yield front


@pytest.fixture(scope="module")
def second(front: Front, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The Extranet's code once more, as another application."""
    directory = tmp_path_factory.mktemp("second")
    with extranet_of(front.realm, "copropriete", port, directory, title="Copropriété") as running:
        yield running


def test_one_sign_in_serves_both_and_one_sign_out_ends_both(
    page: Page, context: BrowserContext, watch: Watch, front: Front, second: Front, mailbox: Mailbox
) -> None:
    stage = Behind(front, mailbox)
    stage.activated("SIGNE")
    hello = "Bonjour Hélène LEFÈVRE"

    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(second.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(page, stage.address("SIGNE"), PERSONAL)
    expect(page).to_have_title("Mon espace – Copropriété")
    watch.check(hello)

    # Signed in to one is signed in to the other, and a reload changes nothing.
    extranet = context.new_page()
    extranet.goto(front.entrance)
    expect(extranet).to_have_title("Mon espace – Extranet")
    expect(extranet.get_by_role("heading", level=1)).to_have_text(hello)
    page.reload()
    watch.check(hello)

    # Signed out of the Extranet is out of the other.
    press(extranet, "Déconnexion")
    expect(extranet.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    page.goto(f"{second.url}/profil")
    expect(page.get_by_role("link", name="J’ai déjà un compte")).to_be_visible()

    # And the other way round.
    extranet.goto(front.entrance)
    extranet.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(extranet, stage.address("SIGNE"), PERSONAL)
    page.goto(second.entrance)
    watch.check(hello)
    press(page, "Déconnexion")
    watch.check("Vous êtes déconnecté")
    extranet.goto(f"{front.url}/profil")
    expect(extranet.get_by_role("link", name="J’ai déjà un compte")).to_be_visible()


def test_an_owner_of_other_agencies_is_told_why_and_led_back(
    page: Page, watch: Watch, front: Front, second: Front, mailbox: Mailbox
) -> None:
    stage = Behind(front, mailbox)
    stage.activated("AILLEURS")
    asked = stage.browser(client_id="etroite").authorization_url(
        redirect_uri=f"{second.url}/callback", client="2002", societe="01"
    )
    page.goto(asked)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(page, stage.address("AILLEURS"), PERSONAL)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        expect(page.get_by_role("listitem").first).to_have_text("Cabinet Lefèvre & Fils")
        expect(page.get_by_text(stage.address("AILLEURS"))).to_be_visible()
        watch.check("Application réservée")
    watch.refusals_expected = True
    press(page, "Revenir au site")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion interrompue")
