"""« Fusion de comptes » in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from local_mailbox import Mailbox
from tests.browser.conftest import Front, Watch
from tests.browser.test_the_journey import PASSWORD, activate, load, press, sign_in


@pytest.mark.parametrize("width", [360, 1280])
def test_an_owner_brings_a_second_identifier_under_the_account(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    address = activate(page, front, mailbox, f"PREMIER{width}")
    password, _ = load(front, f"SECOND{width}")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je fusionne mes comptes").click()
    watch.check("Mon compte immobilier")
    page.get_by_label("Adresse mail").fill(address)
    page.get_by_label("Identifiant provisoire").fill(f"SECOND{width}")
    page.get_by_label("Mot de passe provisoire").fill(password)
    press(page, "VALIDER")
    watch.check("Fusion de comptes")
    page.get_by_label("Mot de passe", exact=True).fill("pas le bon")
    press(page, "CONTINUER")
    watch.check("Fusion de comptes")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "CONTINUER")
    watch.check("Comptes associés ✔")
    page.get_by_role("link", name="CONNEXION").click()
    sign_in(page, address)
    expect(page.locator("body")).to_contain_text("COP-0412-007")
    mail = mailbox.wait_for(to=address, subject="Vos comptes Extranet ont été associés")
    assert "COP-0412-007" in mail.text


@pytest.mark.parametrize("width", [360, 1280])
def test_an_owner_who_did_not_ask_for_it_freezes_the_account(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    address = activate(page, front, mailbox, f"AVANT{width}")
    password, _ = load(front, f"APRES{width}")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je fusionne mes comptes").click()
    page.get_by_label("Adresse mail").fill(address)
    page.get_by_label("Identifiant provisoire").fill(f"APRES{width}")
    page.get_by_label("Mot de passe provisoire").fill(password)
    press(page, "VALIDER")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "CONTINUER")
    page.get_by_role("link", name="CONNEXION").click()
    sign_in(page, address)
    expect(page.locator("body")).to_contain_text("COP-0412-007")

    mail = mailbox.wait_for(to=address, subject="Vos comptes Extranet ont été associés")
    [link] = {link for link in mail.links if "/dispute?" in link}
    page.goto(link)
    watch.check("Ce n'était pas vous ?")
    expect(page.get_by_text("Agence du Vieux-Port")).to_be_visible()
    press(page, "Ce n'était pas moi : bloquer mon compte")
    watch.check("Le compte est bloqué")
    expect(page.get_by_role("link", name="04 91 00 00 01")).to_be_visible()
    # Signed out of the application too, and nobody gets in.
    page.goto(front.entrance)
    page.get_by_role("link", name="J'ai déjà un compte").click()
    sign_in(page, address)
    expect(page.get_by_role("alert")).to_contain_text("n'est pas reconnu")
