"""From the agency's letter to the Extranet, in a real browser, as owners with different means go it."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Front, Watch
from tools.mailbox import Mailbox

PASSWORD = "Bruyère-42"


def load(front: Front, identifier: str) -> tuple[str, str]:
    """An owner with two contracts; the provisional password and the suggested address."""
    password, address = f"Tulipe-{identifier}-9", f"{identifier}@{front.realm.name}.example".lower()
    owner = {"identifiant": identifier, "mot_de_passe": password, "email": address}
    lines = [
        owner | {"reference": "COP-0412-007", "profil": "copropriétaire"},
        owner
        | {"reference": "GER-2210", "profil": "propriétaire", "adresse_bien": "3 impasse du Figuier, T2"},
    ]
    assert front.realm.load("1001/01", *lines) == 0
    return password, address


def link_in(mailbox: Mailbox, address: str) -> str:
    return mailbox.wait_for(to=address, subject="Validez votre email").links[0]


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def fill_credentials(page: Page, identifier: str, password: str) -> None:
    page.get_by_label("Identifiant provisoire").fill(identifier)
    page.get_by_label("Mot de passe provisoire").fill(password)
    press(page, "CONTINUER")


def fill_password(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Nouveau mot de passe").fill(password)
    page.get_by_label("Confirmation").fill(password)
    page.get_by_label(re.compile("J’accepte")).check()
    press(page, "CRÉER MON COMPTE")


def activate(page: Page, front: Front, mailbox: Mailbox, identifier: str) -> str:
    """Activates and stops before the sign-in; the address."""
    password, address = load(front, identifier)
    page.goto(front.entrance)
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    fill_credentials(page, identifier, password)
    press(page, "CONTINUER")
    fill_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérification de l’email")
    page.goto(link_in(mailbox, address))
    press(page, "Valider mon email")
    return address


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    page.get_by_label("Adresse mail").fill(address)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    press(page, "CONNEXION")


@pytest.mark.parametrize("width", [360, 1280])
def test_an_owner_goes_from_the_letter_to_the_extranet(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    password, address = load(front, f"P{width}")

    page.goto(front.entrance)
    watch.check("Mon compte immobilier")
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    watch.check("Mon compte immobilier")
    fill_credentials(page, f"P{width}", "pas le bon")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("déjà activé")
    watch.check("Mon compte immobilier")
    fill_credentials(page, f"P{width}", password)
    watch.check("Sécuriser mon compte")
    expect(page.get_by_label("Adresse email*")).to_have_value(address)
    press(page, "CONTINUER")
    watch.check("Sécuriser mon compte")
    press(page, "CRÉER MON COMPTE")
    watch.check("Sécuriser mon compte")
    fill_password(page)
    watch.check("Vérification de l’email")
    expect(page.get_by_text(address)).to_be_visible()

    page.goto(link_in(mailbox, address))
    watch.check("Validation de votre email")
    press(page, "Valider mon email")
    watch.check("Adresse email validée")
    page.get_by_role("link", name="CONNEXION").click()
    watch.check("Mon compte immobilier")
    expect(page.get_by_label("Adresse mail")).to_have_value(address)
    sign_in(page, address)
    expect(page).to_have_url(re.compile(re.escape(front.url)))
    for seen in ("Hélène", "LEFÈVRE", "COP-0412-007", "GER-2210", "Agence du Vieux-Port"):
        expect(page.locator("body")).to_contain_text(seen)

    press(page, "Déconnexion")
    expect(page.locator("body")).to_contain_text("déconnecté")
    page.goto(front.entrance)
    watch.check("Mon compte immobilier")


def test_without_javascript_everything_works(browser: Browser, front: Front, mailbox: Mailbox) -> None:
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        address = activate(page, front, mailbox, "SANSJS")
        page.get_by_role("link", name="CONNEXION").click()
        sign_in(page, address)
        expect(page.locator("body")).to_contain_text("COP-0412-007")


def test_without_javascript_the_server_checks_the_criteria(browser: Browser, front: Front) -> None:
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        password, _ = load(front, "SANSJS2")
        page.goto(front.entrance)
        page.get_by_role("link", name="Je n’ai pas de compte").click()
        fill_credentials(page, "SANSJS2", password)
        press(page, "CONTINUER")
        fill_password(page, "court")
        expect(page.get_by_role("alert")).to_contain_text("critères")
        for criterion in ("Au moins 6 caractères", "Au moins une majuscule", "Au moins un chiffre"):
            expect(page.locator("li.missing", has_text=criterion)).to_have_count(1)
        expect(page.locator("li.missing", has_text="Au moins une minuscule")).to_have_count(0)


def test_the_generic_entrance_asks_for_the_codes_first(page: Page, watch: Watch, front: Front) -> None:
    page.goto(front.url)
    watch.check("Saisir les codes client et société")
    page.get_by_label("Code client").fill("1001")
    page.get_by_label("Code société").fill("99")
    press(page, "CONNEXION")
    watch.check("Saisir les codes client et société")
    expect(page.get_by_label("Code client")).to_have_value("1001")
    page.get_by_label("Code société").fill("01")
    press(page, "CONNEXION")
    watch.check("Mon compte immobilier")
    expect(page.locator("body")).to_contain_text("Agence du Vieux-Port")


def test_an_owner_with_an_account_needs_no_codes(page: Page, front: Front, mailbox: Mailbox) -> None:
    address = activate(page, front, mailbox, "SANSCODE")
    page.goto(front.url)
    page.get_by_role("link", name="Connectez-vous").click()
    sign_in(page, address)
    expect(page.locator("body")).to_contain_text("COP-0412-007")


def test_criteria_are_ticked_as_one_types_and_the_eye_shows_the_password(page: Page, front: Front) -> None:
    password, _ = load(front, "TICK")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    fill_credentials(page, "TICK", password)
    press(page, "CONTINUER")
    field = page.get_by_label("Nouveau mot de passe")
    field.press_sequentially("Ab1")
    met = page.locator("#criteria li.met")
    expect(met).to_have_count(3)
    field.press_sequentially("!cde")
    expect(met).to_have_count(5)
    page.get_by_role("button", name="Afficher le mot de passe").first.click()
    expect(field).to_have_attribute("type", "text")


def test_back_reload_and_a_second_tab_lead_nowhere_strange(
    page: Page, context: BrowserContext, front: Front
) -> None:
    password, address = load(front, "RETOUR")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    fill_credentials(page, "RETOUR", password)
    press(page, "CONTINUER")
    expect(page.get_by_label("Nouveau mot de passe")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Adresse email*")).to_have_value(address)
    page.go_forward()
    expect(page.get_by_label("Nouveau mot de passe")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Nouveau mot de passe")).to_be_visible()
    tab = context.new_page()
    tab.goto(front.entrance)
    expect(tab.get_by_role("link", name="Je n’ai pas de compte")).to_be_visible()
    fill_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérification de l’email")


def test_a_link_opened_on_another_device_asks_for_the_password(
    page: Page, second_context: BrowserContext, front: Front, mailbox: Mailbox
) -> None:
    password, address = load(front, "APPAREIL")
    page.goto(front.entrance)
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    fill_credentials(page, "APPAREIL", password)
    press(page, "CONTINUER")
    fill_password(page)
    phone = second_context.new_page()
    phone.goto(link_in(mailbox, address))
    expect(phone.locator("body")).to_contain_text("APPAREIL")
    phone.get_by_label("Mot de passe", exact=True).fill("pas le bon")
    press(phone, "Valider mon email")
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(phone, "Valider mon email")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Adresse email validée")
    phone.get_by_role("link", name="CONNEXION").click()
    sign_in(phone, address)
    expect(phone.locator("body")).to_contain_text("COP-0412-007")
    # The first browser finds out by itself: no dead end there either.
    page.reload()
    expect(page.get_by_label("Adresse mail")).to_be_visible()
