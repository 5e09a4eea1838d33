"""« Ajouter un contrat » as an owner sees it: from the Extranet to the realm's form and back."""

import pytest
from playwright.sync_api import Page, expect

from local_mailbox import Mailbox
from tests.browser.conftest import Behind, Front, Watch
from tests.integration.stage import PERSONAL, provisional

SIZES = [(360, 740), (1280, 900)]
TITLE = "Ajouter un contrat"


def fill(page: Page, identifier: str, password: str) -> None:
    """The form, filled and sent."""
    page.get_by_label("Code client").fill("2002")
    page.get_by_label("Code société").fill("01")
    page.get_by_label("Identifiant provisoire").fill(identifier)
    page.get_by_label("Mot de passe provisoire", exact=True).fill(password)
    page.get_by_role("button", name="AJOUTER LE CONTRAT").click()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_owner_adds_a_contract_and_finds_it(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    stage = Behind(front, mailbox)
    stage.activated(f"V{width}")
    stage.load(f"W{width}", agency="2002/01")

    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    page.get_by_label("Adresse mail").fill(stage.address(f"V{width}"))
    page.get_by_label("Mot de passe", exact=True).fill(PERSONAL)
    page.get_by_role("button", name="CONNEXION").click()
    expect(page.get_by_text(f"REF-V{width}")).to_be_visible()

    page.get_by_role("link", name=TITLE).click()
    watch.check(TITLE)
    expect(page.get_by_text(stage.address(f"V{width}"))).to_be_visible()
    # The codes of the entrance are proposed.
    expect(page.get_by_label("Code client")).to_have_value("1001")
    page.get_by_role("button", name="ANNULER").click()
    expect(page.get_by_role("status")).to_have_text("Ajout annulé.")
    expect(page.get_by_text(f"REF-W{width}")).to_have_count(0)

    page.get_by_role("link", name=TITLE).click()
    fill(page, f"W{width}", "Pas-le-bon-1")
    expect(page.get_by_role("alert")).to_contain_text("n’est pas reconnu")
    expect(page.get_by_label("Identifiant provisoire")).to_have_value(f"W{width}")
    expect(page.get_by_label("Mot de passe provisoire", exact=True)).to_have_value("")
    watch.check(TITLE)
    fill(page, f"W{width}", provisional(f"W{width}"))

    expect(page.get_by_role("status")).to_have_text("Le contrat a été ajouté.")
    contracts = page.get_by_role("region", name="Mes contrats")
    expect(contracts).to_contain_text(f"REF-V{width}")
    expect(contracts).to_contain_text(f"REF-W{width}")
    watch.check("Bonjour Hélène LEFÈVRE")
