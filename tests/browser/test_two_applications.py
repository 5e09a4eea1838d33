"""One sign-in serves both applications, and one « Déconnexion » ends both, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from signature import create_app
from tests.browser.conftest import Behind, Front, Watch
from tests.browser.test_the_journey import press, sign_in
from tests.front import running_extranet, serving
from tests.integration.stage import PERSONAL
from tests.realms import RealmMaker
from tools.keycloak import free_port
from tools.mailbox import Mailbox


@pytest.fixture(scope="module")
def signature_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def front(
    make_realm: RealmMaker, tmp_path_factory: pytest.TempPathFactory, signature_port: int
) -> Iterator[Front]:
    """The Extranet of a realm that has Signature, too, and an application of one agency."""
    url = f"http://localhost:{signature_port}/"
    application = {
        "client_id": "signature",
        "name": "Signature",
        "type": "public",
        "url": url,
        "redirect_uris": [url],
        "post_logout_redirect_uris": [url],
        "scopes": ["organization", "contracts"],
    }
    narrow = application | {"client_id": "etroite", "name": "Étroite", "agencies": ["2002/01"]}
    with running_extranet(make_realm, tmp_path_factory.mktemp("extranet"), (application, narrow)) as front:
        yield front


@pytest.fixture(scope="module")
def signature(front: Front, signature_port: int) -> Iterator[str]:
    """The address of Signature."""
    with serving(create_app(front.realm.issuer, "signature"), signature_port):
        yield f"http://localhost:{signature_port}/"


def test_one_sign_in_serves_both_and_one_sign_out_ends_both(
    page: Page, context: BrowserContext, watch: Watch, front: Front, signature: str, mailbox: Mailbox
) -> None:
    stage = Behind(front, mailbox)
    stage.activated("SIGNE")

    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(signature)
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    watch.check("Signature")
    press(page, "Se connecter")
    page.get_by_role("link", name="Connectez-vous").click()
    sign_in(page, stage.address("SIGNE"), PERSONAL)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Hélène LEFÈVRE")
    expect(page.get_by_role("listitem")).to_contain_text("REF-SIGNE (Agence du Vieux-Port)")
    watch.check("Bonjour Hélène LEFÈVRE")
    press(page, "Signer REF-SIGNE")
    expect(page.get_by_text("Signé par Hélène LEFÈVRE.")).to_be_visible()
    watch.check("Bonjour Hélène LEFÈVRE")

    # Signed in to one is signed in to the other, and a reload changes nothing.
    extranet = context.new_page()
    extranet.goto(front.entrance)
    expect(extranet.get_by_role("heading", level=1)).to_have_text("Bonjour Hélène LEFÈVRE")
    page.reload()
    expect(page.get_by_role("button", name="Signer REF-SIGNE")).to_be_visible()

    # Signed out of the Extranet is out of Signature: nothing more can be signed in a page that is still open.
    press(extranet, "Déconnexion")
    expect(extranet.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    watch.refusals_expected = True
    press(page, "Signer REF-SIGNE")
    expect(page.get_by_text("Votre session est terminée.")).to_be_visible()
    watch.check("Signature")
    expect(page.locator("body")).not_to_contain_text("REF-SIGNE")

    # And the other way round.
    extranet.goto(front.entrance)
    extranet.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(extranet, stage.address("SIGNE"), PERSONAL)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(signature)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Hélène LEFÈVRE")
    watch.check("Bonjour Hélène LEFÈVRE")
    press(page, "Déconnexion")
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    watch.check("Signature")
    extranet.goto(f"{front.url}/profil")
    expect(extranet.get_by_role("link", name="J’ai déjà un compte")).to_be_visible()


def test_an_owner_of_other_agencies_is_told_why_and_led_back(
    page: Page, watch: Watch, front: Front, signature: str, mailbox: Mailbox
) -> None:
    stage = Behind(front, mailbox)
    stage.activated("AILLEURS")
    asked = stage.browser(client_id="etroite").authorization_url(
        redirect_uri=signature, client="2002", societe="01"
    )
    page.goto(asked)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(page, stage.address("AILLEURS"), PERSONAL)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        expect(page.get_by_role("listitem").first).to_have_text("Cabinet Lefèvre & Fils")
        expect(page.get_by_text(stage.address("AILLEURS"))).to_be_visible()
        watch.check("Application réservée")
    press(page, "Revenir au site")
    expect(page.get_by_text("La connexion n’est pas allée jusqu’à son terme.")).to_be_visible()
