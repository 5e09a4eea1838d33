"""« Fusion de comptes » in a real browser."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Behind, Front, Watch
from tests.browser.test_the_journey import (
    PASSWORD,
    activate,
    fill_credentials,
    fill_password,
    load,
    press,
    sign_in,
)
from tests.integration.stage import PERSONAL
from tools.mailbox import Mailbox


def test_an_owner_brings_a_second_identifier_under_the_account(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    address = activate(page, front, mailbox, "PREMIER")
    password, _ = load(front, "SECOND")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je fusionne mes comptes").click()
    watch.check("Mon compte immobilier")
    page.get_by_label("Adresse mail").fill(address)
    page.get_by_label("Identifiant provisoire").fill("SECOND")
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


def test_an_owner_who_did_not_ask_for_it_freezes_the_account(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    address = activate(page, front, mailbox, "AVANT")
    password, _ = load(front, "APRES")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je fusionne mes comptes").click()
    page.get_by_label("Adresse mail").fill(address)
    page.get_by_label("Identifiant provisoire").fill("APRES")
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
    watch.check("Ce n’était pas vous ?")
    expect(page.get_by_text("Agence du Vieux-Port")).to_be_visible()
    press(page, "Ce n’était pas moi : bloquer mon compte")
    watch.check("Le compte est bloqué")
    expect(page.get_by_role("link", name="04 91 00 00 01")).to_be_visible()
    # Signed out of the application too, and nobody gets in.
    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(page, address)
    expect(page.get_by_role("alert")).to_contain_text("n’est pas reconnu")


def test_activating_with_a_taken_address_leads_to_the_merge_by_mail(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    address = activate(page, front, mailbox, "PRIS1")
    password, _ = load(front, "PRIS2")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    fill_credentials(page, "PRIS2", password)
    page.get_by_label("Adresse email").fill(address)
    press(page, "CONTINUER")
    fill_password(page, "Autre-Mot-77!")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérification de l’email")

    mail = mailbox.wait_for(to=address, subject="Votre adresse email a déjà un compte Extranet")
    [link] = {link for link in mail.links if "/merge?" in link}
    page.goto(link)
    watch.check("Fusion de comptes")
    expect(page.get_by_text("PRIS2")).to_be_visible()
    page.get_by_label("Mot de passe", exact=True).fill("pas le bon")
    press(page, "CONTINUER")
    watch.check("Fusion de comptes")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "CONTINUER")
    watch.check("Comptes associés ✔")
    page.get_by_role("link", name="CONNEXION").click()
    sign_in(page, address)
    # Two of the first letter, two of the second.
    expect(page.get_by_text("COP-0412-007")).to_have_count(2)


def test_an_owner_of_two_accounts_makes_them_one(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    stage = Behind(front, mailbox)
    stage.activated("X")
    stage.activated("Y", agency="2002/01")
    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(page, stage.address("X"), PERSONAL)
    page.get_by_role("link", name="Fusionner avec mon autre compte").click()
    watch.check("Fusionner deux comptes")
    page.get_by_label("Adresse mail de l’autre compte").fill("personne")
    page.get_by_label("Mot de passe de l’autre compte").fill("x")
    press(page, "CONTINUER")
    watch.check("Fusionner deux comptes")
    page.get_by_label("Adresse mail de l’autre compte").fill(stage.address("Y"))
    page.get_by_label("Mot de passe de l’autre compte").fill(PERSONAL)
    press(page, "CONTINUER")
    watch.check("Fusionner deux comptes")
    expect(page.get_by_role("status")).to_contain_text(stage.address("Y"))
    press(page, "Revenir au site")
    expect(page.get_by_text("REF-X")).to_be_visible()
    expect(page.get_by_text("REF-Y")).to_have_count(0)

    mail = stage.mail(stage.address("Y"), "Confirmez la fusion")
    [link] = {link for link in mail.links if "/merge-accounts?" in link}
    page.goto(link)
    watch.check("Fusionner deux comptes")
    press(page, "Fusionner les deux comptes")
    watch.check("Comptes associés ✔")
