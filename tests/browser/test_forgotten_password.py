"""« Mot de passe oublié » in a real browser: S9, the mail, S10, and back to the application."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Front, Watch
from tests.browser.test_the_journey import PASSWORD, activate, fill_password, load, press, sign_in
from tools.mailbox import Mailbox

NEW = "Orage-77?y"


def reset_link(mailbox: Mailbox, address: str) -> str:
    return mailbox.wait_for(to=address, subject="Réinitialisation de votre mot de passe").links[0]


def choose(page: Page, password: str) -> None:
    page.get_by_label("Nouveau mot de passe").fill(password)
    page.get_by_label("Confirmation").fill(password)
    press(page, "RÉINITIALISER LE MOT DE PASSE")


def test_an_owner_who_forgot_the_password_gets_in_again(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    address = activate(page, front, mailbox, "OUBLI")

    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    watch.check("Mot de passe oublié")
    press(page, "ENVOYER LA DEMANDE")
    expect(page.get_by_role("alert")).to_be_focused()
    watch.check("Mot de passe oublié")
    page.get_by_label("Identifiant provisoire / adresse mail").fill(address)
    press(page, "ENVOYER LA DEMANDE")
    expect(page.get_by_text("Votre demande est bien prise en compte.")).to_be_visible()
    watch.check("Mot de passe oublié")

    page.goto(reset_link(mailbox, address))
    watch.check("Réinitialisation du mot de passe")
    page.get_by_label("Nouveau mot de passe").press_sequentially("Ab1!xy")
    expect(page.locator("#criteria li.met")).to_have_count(5)
    choose(page, "court")
    expect(page.get_by_role("alert")).to_contain_text("critères")
    watch.check("Réinitialisation du mot de passe")
    choose(page, NEW)
    # It leaves by itself in 10 seconds: `watch` looks where it is told to stay, and the catalogue looks here.
    expect(page.get_by_role("heading", level=1)).to_have_text("Mot de passe réinitialisé")
    expect(
        page.get_by_text("Vous allez être redirigé automatiquement dans quelques secondes...")
    ).to_be_visible()
    page.get_by_role("link", name="Se connecter", exact=True).click()
    watch.check("Mon compte immobilier")
    expect(page.get_by_label("Adresse mail")).to_have_value(address)
    sign_in(page, address, NEW)
    expect(page.locator("body")).to_contain_text("COP-0412-007")


def test_without_codes_in_the_sign_in_an_identifier_needs_them(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    address = activate(page, front, mailbox, "CODES")
    page.goto(front.url)
    page.get_by_role("link", name="Connectez-vous").click()
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    watch.check("Mot de passe oublié")
    expect(page.get_by_role("heading", name="Extranet")).to_be_visible()
    page.get_by_label("Identifiant provisoire / adresse mail").fill("CODES")
    press(page, "ENVOYER LA DEMANDE")
    expect(page.get_by_role("alert")).to_contain_text("saisir aussi le code client")
    watch.check("Mot de passe oublié")
    page.get_by_label("Code client").fill("1001")
    page.get_by_label("Code société").fill("01")
    press(page, "ENVOYER LA DEMANDE")
    watch.check("Mot de passe oublié")
    page.goto(reset_link(mailbox, address))
    watch.check("Réinitialisation du mot de passe")


def test_the_page_goes_back_to_the_application_by_itself_unless_it_is_told_to_stay(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    address = activate(page, front, mailbox, "OUBLIRETOUR")
    page.goto(f"{front.url}/login?client=1001&societe=01&login_hint={address}")
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    press(page, "ENVOYER LA DEMANDE")
    page.goto(reset_link(mailbox, address))
    choose(page, NEW)
    page.get_by_role("link", name="Rester sur cette page").click()
    watch.check("Mot de passe réinitialisé")
    expect(page.get_by_role("link", name="CONNEXION")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Rester sur cette page")).to_be_visible()
    page.wait_for_url(re.compile(r"/protocol/openid-connect/auth|/login-actions/"), timeout=20_000)
    expect(page.get_by_label("Adresse mail")).to_have_value(address)


def test_who_never_activated_does_so_by_the_mail(
    page: Page, watch: Watch, front: Front, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    _, address = load(front, "JAMAIS")
    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").click()
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    page.get_by_label("Identifiant provisoire / adresse mail").fill("JAMAIS")
    press(page, "ENVOYER LA DEMANDE")
    page.goto(mailbox.wait_for(to=address, subject="Activez votre compte Extranet").links[0])
    watch.check("Sécuriser mon compte")
    press(page, "CRÉER MON COMPTE")
    expect(page.get_by_role("alert")).to_be_focused()
    watch.check("Sécuriser mon compte")
    fill_password(page, NEW)
    watch.check("Adresse email validée")
    page.get_by_role("link", name="CONNEXION").click()
    sign_in(page, address, NEW)
    expect(page.locator("body")).to_contain_text("COP-0412-007")


def test_without_javascript_a_password_is_reset(browser: Browser, front: Front, mailbox: Mailbox) -> None:
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        address = activate(page, front, mailbox, "OUBLISANSJS")
        page.goto(front.entrance)
        page.get_by_role("link", name="J’ai déjà un compte").click()
        page.get_by_role("link", name="Mot de passe oublié ?").click()
        page.get_by_label("Identifiant provisoire / adresse mail").fill("OUBLISANSJS")
        press(page, "ENVOYER LA DEMANDE")
        page.goto(reset_link(mailbox, address))
        choose(page, "court")
        expect(page.locator("li.missing", has_text="Au moins 6 caractères")).to_have_count(1)
        choose(page, NEW)
        expect(page.get_by_role("heading", level=1)).to_have_text("Mot de passe réinitialisé")
        page.wait_for_url(re.compile(r"/protocol/openid-connect/auth|/login-actions/"), timeout=20_000)
        sign_in(page, address, PASSWORD)
        expect(page.get_by_role("alert")).to_contain_text("n’est pas reconnu")
        sign_in(page, address, NEW)
        expect(page.locator("body")).to_contain_text("COP-0412-007")


def test_a_password_is_reset_by_keyboard_alone(page: Page, front: Front, mailbox: Mailbox) -> None:
    address = activate(page, front, mailbox, "OUBLICLAVIER")
    page.goto(front.entrance)
    page.get_by_role("link", name="J’ai déjà un compte").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("screen=login"))
    tab_to(page, "Mot de passe oublié")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("screen=forgotten"))
    tab_to(page, "Identifiant provisoire / adresse mail")
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre demande est bien prise en compte.")).to_be_visible()
    page.goto(reset_link(mailbox, address))
    for label in ("Nouveau mot de passe", "Confirmation"):
        tab_to(page, label)
        page.keyboard.type(NEW)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/reset/done"))
    tab_to(page, "Se connecter")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Adresse mail")).to_have_value(address)


def tab_to(page: Page, name: str) -> None:
    """Tabs until what has this name in the page is focused."""
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? ''"
        )
        if " ".join(focused.replace("\N{NO-BREAK SPACE}", " ").split()).lower().startswith(name.lower()):
            return
    raise AssertionError(f"not reached with the keyboard: {name}")
