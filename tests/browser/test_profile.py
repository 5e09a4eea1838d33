"""The Extranet's tabs and « Profil » as an owner sees them, with what is changed from there at the realm."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import PHONE, Behind, Front, Watch
from tests.browser.test_the_journey import press, sign_in
from tests.integration.stage import PERSONAL
from tools.mailbox import Mailbox

NEW = "Automne-77!y"
TABS = ["Synthèse", "Profil", "Locataires", "Comptabilité", "Documents", "Services en ligne", "Contacts"]
CHANGE = "Modification du mot de passe"
ADDRESS = "Modification de l’adresse email"
VALIDATE = "Validez votre nouvelle adresse"


@pytest.fixture
def stage(front: Front, mailbox: Mailbox) -> Behind:
    return Behind(front, mailbox)


def on_profile(page: Page, stage: Behind, front: Front, identifier: str) -> None:
    """« Profil » of an owner who has activated this identifier."""
    stage.activated(identifier)
    page.goto(front.entrance)
    assert is_drawn(page.locator(".brand-logo img"))
    page.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(page, stage.address(identifier), PERSONAL)
    open_tab(page, "Profil")


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Rubriques").get_by_role("link", name=name).click()


def is_drawn(image: Locator) -> bool:
    """Whether the browser got the picture, and drew it."""
    drawn: bool = image.evaluate("image => image.decode().then(() => image.naturalWidth > 0, () => false)")
    return drawn


def fill(page: Page, old: str, new: str, again: str | None = None) -> None:
    """S11, filled and sent."""
    page.get_by_label("Ancien mot de passe").fill(old)
    page.get_by_label("Nouveau mot de passe").fill(new)
    page.get_by_label("Confirmation").fill(new if again is None else again)
    press(page, "VALIDER LE MOT DE PASSE")


def test_an_owner_finds_the_way_about_and_changes_the_property(
    page: Page, watch: Watch, stage: Behind, front: Front
) -> None:
    page.set_viewport_size(PHONE)
    identifier = "TAB"
    stage.load(f"{identifier}B", agency="2002/01", reference="REF-OTHER", adresse_bien="3 rue Neuve, Nantes")
    on_profile(page, stage, front, identifier)
    watch.check("Profil")
    assert is_drawn(page.get_by_role("img", name="Agence du Vieux-Port"))
    expect(page.get_by_text("04 91 55 10 20")).to_be_visible()
    expect(page.get_by_text("06 11 22 33 44")).to_be_visible()
    expect(page.get_by_text(stage.address(identifier))).to_be_visible()
    mandate = page.get_by_role("region", name="Mandat")
    expect(mandate).to_contain_text(f"REF-{identifier}")

    page.get_by_role("link", name="Synthèse").click()
    page.get_by_role("link", name="Ajouter un contrat").click()
    page.get_by_label("Code client").fill("2002")
    page.get_by_label("Code société").fill("01")
    page.get_by_label("Identifiant provisoire").fill(f"{identifier}B")
    page.get_by_label("Mot de passe provisoire", exact=True).fill(f"Tulipe-{identifier}B-48")
    press(page, "AJOUTER LE CONTRAT")
    expect(page.get_by_role("status")).to_have_text("Le contrat a été ajouté.")
    watch.check("Bonjour Hélène LEFÈVRE")
    open_tab(page, "Profil")
    page.get_by_label("Changement de bien").select_option(
        label="3 rue Neuve, Nantes – REF-OTHER (Cabinet Lefèvre & Fils)"
    )
    press(page, "Changer")
    expect(mandate).to_contain_text("REF-OTHER")
    watch.check("Profil")
    for tab in TABS:
        open_tab(page, tab)
        watch.check("Bonjour Hélène LEFÈVRE" if tab == "Synthèse" else tab)
    open_tab(page, "Profil")
    expect(mandate).to_contain_text("REF-OTHER")


def test_an_owner_changes_the_password_from_the_profile(
    page: Page, watch: Watch, stage: Behind, front: Front
) -> None:
    page.set_viewport_size(PHONE)
    on_profile(page, stage, front, "MDP")
    page.get_by_role("link", name="Modifier mon mot de passe").click()
    watch.check(CHANGE)
    expect(page.get_by_label("Déconnecter mes autres appareils")).to_be_checked()
    press(page, "ANNULER")
    expect(page.get_by_role("status")).to_contain_text("votre mot de passe n’a pas changé")
    watch.check("Profil")

    page.get_by_role("link", name="Modifier mon mot de passe").click()
    fill(page, "Pas-le-bon-1", NEW)
    expect(page.get_by_role("alert")).to_contain_text("n’est pas reconnu")
    expect(page.get_by_role("alert")).to_be_focused()
    watch.check(CHANGE)
    fill(page, PERSONAL, "court")
    expect(page.locator("#criteria li.missing")).to_have_count(4)
    watch.check(CHANGE)
    field = page.get_by_label("Nouveau mot de passe")
    field.press_sequentially("Ab1!")
    expect(page.locator("#criteria li.met")).to_have_count(4)
    page.get_by_role("button", name="Afficher le mot de passe").nth(1).click()
    expect(field).to_have_attribute("type", "text")
    fill(page, PERSONAL, NEW)
    expect(page.get_by_role("status")).to_have_text("Votre mot de passe a été modifié.")
    watch.check("Profil")
    press(page, "Déconnexion")
    # It leads over the realm and back: who is gone before it has ended finds the new sign-in forgotten.
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous êtes déconnecté")
    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    sign_in(page, stage.address("MDP"), NEW)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Hélène LEFÈVRE")


def link(stage: Behind, email: str) -> str:
    """The link of the mail to a new address."""
    return next(one for one in stage.mail(email, VALIDATE).links if "/moncompte/address" in one)


def test_an_owner_changes_the_address_from_the_profile(
    page: Page, watch: Watch, stage: Behind, front: Front
) -> None:
    page.set_viewport_size(PHONE)
    old, new = stage.address("ADR"), stage.address("nouvelle")
    on_profile(page, stage, front, "ADR")
    page.get_by_role("link", name="Modifier mon adresse email").click()
    watch.check(ADDRESS)
    expect(page.get_by_text(old)).to_be_visible()
    press(page, "ANNULER")
    expect(page.get_by_role("status")).to_contain_text("votre adresse email n’a pas changé")

    page.get_by_role("link", name="Modifier mon adresse email").click()
    page.get_by_label("Nouvelle adresse email").fill("pas une adresse")
    press(page, "ENVOYER L’EMAIL DE VALIDATION")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Nouvelle adresse email")).to_have_value("pas une adresse")
    watch.check(ADDRESS)
    page.get_by_label("Nouvelle adresse email").fill(new)
    press(page, "ENVOYER L’EMAIL DE VALIDATION")
    expect(page.get_by_text(new)).to_be_visible()
    watch.check(ADDRESS)
    press(page, "REVENIR AU SITE")
    expect(page.get_by_role("status")).to_contain_text("validez-la pour terminer")
    expect(page.get_by_role("region", name="Identifiants")).to_contain_text(old)

    page.goto(link(stage, new))
    watch.check("Validation de votre nouvelle adresse")
    press(page, "Valider ma nouvelle adresse")
    watch.check("Adresse email changée")
    page.get_by_role("link", name="CONTINUER").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Hélène LEFÈVRE")
    open_tab(page, "Profil")
    expect(page.get_by_role("region", name="Identifiants")).to_contain_text(new)


def test_the_address_is_confirmed_on_another_device(
    page: Page, second_context: BrowserContext, stage: Behind, front: Front
) -> None:
    new = stage.address("telephone")
    on_profile(page, stage, front, "TELEPHONE1")
    page.get_by_role("link", name="Modifier mon adresse email").click()
    page.get_by_label("Nouvelle adresse email").fill(new)
    page.keyboard.press("Enter")
    phone = second_context.new_page()
    phone.set_viewport_size(PHONE)
    watch = Watch(phone)
    phone.goto(link(stage, new))
    phone.get_by_label("Mot de passe", exact=True).fill("Pas-le-bon-1")
    press(phone, "Valider ma nouvelle adresse")
    expect(phone.get_by_role("alert")).to_be_focused()
    watch.check("Validation de votre nouvelle adresse")
    phone.get_by_label("Mot de passe", exact=True).fill(PERSONAL)
    press(phone, "Valider ma nouvelle adresse")
    watch.check("Adresse email changée")
    # The page left open on the first device goes on by itself: no dead end there either.
    press(page, "REVENIR AU SITE")
    expect(page.get_by_role("region", name="Identifiants")).to_contain_text(new)


def test_by_keyboard_alone(page: Page, stage: Behind, front: Front) -> None:
    on_profile(page, stage, front, "TOUCHES")
    page.get_by_role("link", name="Modifier mon mot de passe").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Ancien mot de passe").focus()
    page.keyboard.type(PERSONAL)
    for text in (NEW, NEW):
        page.keyboard.press("Tab")  # the eye
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Déconnecter mes autres appareils")).not_to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Votre mot de passe a été modifié.")


def test_without_javascript(browser: Browser, stage: Behind, front: Front) -> None:
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        on_profile(page, stage, front, "PROFILSANSJS")
        page.get_by_role("link", name="Modifier mon mot de passe").click()
        fill(page, PERSONAL, "court", "autre")
        expect(page.get_by_role("alert")).to_contain_text("critères")
        expect(page.get_by_role("alert")).to_contain_text("pas identiques")
        expect(page.locator("#criteria li.missing")).to_have_count(4)
        fill(page, PERSONAL, NEW)
        expect(page.get_by_role("status")).to_have_text("Votre mot de passe a été modifié.")

        new = stage.address("sansjs-nouvelle")
        page.get_by_role("link", name="Modifier mon adresse email").click()
        page.get_by_label("Nouvelle adresse email").fill(new)
        press(page, "ENVOYER L’EMAIL DE VALIDATION")
        press(page, "REVENIR AU SITE")
        expect(page.get_by_role("status")).to_contain_text("validez-la pour terminer")
        page.goto(link(stage, new))
        press(page, "Valider ma nouvelle adresse")
        page.get_by_role("link", name="CONTINUER").click()
        open_tab(page, "Profil")
        expect(page.get_by_role("region", name="Identifiants")).to_contain_text(new)


def test_the_form_in_english(page: Page, stage: Behind, front: Front) -> None:
    on_profile(page, stage, front, "ENGLISH")
    page.get_by_role("link", name="Modifier mon mot de passe").click()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change of password")
    page.get_by_role("button", name="CANCEL").click()
    expect(page.get_by_role("status")).to_contain_text("n’a pas changé")
