"""« Ajouter un contrat » as an owner sees it: from the Extranet to the realm's form and back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Behind, Front, Watch
from tests.integration.stage import PERSONAL, provisional
from tools.mailbox import Mailbox

TITLE = "Ajouter un contrat"


def fill(page: Page, identifier: str, password: str) -> None:
    """The form, filled and sent."""
    page.get_by_label("Code client").fill("2002")
    page.get_by_label("Code société").fill("01")
    page.get_by_label("Identifiant provisoire").fill(identifier)
    page.get_by_label("Mot de passe provisoire", exact=True).fill(password)
    page.get_by_role("button", name="AJOUTER LE CONTRAT").click()


def test_an_owner_adds_a_contract_and_finds_it(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    stage = Behind(front, mailbox)
    stage.activated("V")
    stage.load("W", agency="2002/01")

    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    page.get_by_label("Adresse mail").fill(stage.address("V"))
    page.get_by_label("Mot de passe", exact=True).fill(PERSONAL)
    page.get_by_role("button", name="CONNEXION").click()
    expect(page.get_by_text("REF-V")).to_be_visible()

    page.get_by_role("link", name=TITLE).click()
    watch.check(TITLE)
    expect(page.get_by_text(stage.address("V"))).to_be_visible()
    # The codes of the entrance are proposed.
    expect(page.get_by_label("Code client")).to_have_value("1001")
    page.get_by_role("button", name="ANNULER").click()
    expect(page.get_by_role("status")).to_have_text("Ajout annulé.")
    expect(page.get_by_text("REF-W")).to_have_count(0)

    page.get_by_role("link", name=TITLE).click()
    fill(page, "W", "Pas-le-bon-1")
    expect(page.get_by_role("alert")).to_contain_text("n’est pas reconnu")
    expect(page.get_by_label("Identifiant provisoire")).to_have_value("W")
    expect(page.get_by_label("Mot de passe provisoire", exact=True)).to_have_value("")
    watch.check(TITLE)
    fill(page, "W", provisional("W"))

    expect(page.get_by_role("status")).to_have_text("Le contrat a été ajouté.")
    contracts = page.get_by_role("region", name="Mes contrats")
    expect(contracts).to_contain_text("REF-V")
    expect(contracts).to_contain_text("REF-W")
    watch.check("Bonjour Hélène LEFÈVRE")
