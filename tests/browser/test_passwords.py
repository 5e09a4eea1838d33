"""Choosing and typing passwords in a browser: criteria ticked live, pasting, password managers."""

import unicodedata

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, Front, Watch
from tests.browser.test_the_journey import PASSWORD, activate, fill_credentials, load, press
from tests.realms import RealmMaker, TestRealm
from tools.mailbox import Mailbox

EVERY_POLICY = {
    "length": 10,
    "max_length": 64,
    "upper_case": 2,
    "lower_case": 2,
    "digits": 2,
    "special_chars": 2,
    "not_email": True,
    "not_contains_username": True,
    "password_history": 3,
    "password_age": 365,
    "regex_pattern": {
        "regex": "[^ ].*[^ ]",
        "fr": "Pas d'espace au début ni à la fin",
        "en": "No outer space",
    },
}
LIVE = {
    "length",
    "maxLength",
    "upperCase",
    "lowerCase",
    "digits",
    "specialChars",
    "notEmail",
    "notContainsUsername",
}


@pytest.fixture(scope="module")
def strict(make_realm: RealmMaker) -> TestRealm:
    return make_realm(password_policy=EVERY_POLICY)


def to_s4(page: Page, front: Front, identifier: str) -> str:
    """The address of the owner who stands before S4."""
    password, address = load(front, identifier)
    page.goto(front.entrance)
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    fill_credentials(page, identifier, password)
    press(page, "CONTINUER")
    expect(page.get_by_label("Confirmation")).to_be_visible()
    return address


def test_criteria_that_the_page_ticks_are_those_that_the_server_finds_met(
    page: Page, watch: Watch, strict: TestRealm
) -> None:
    page.set_viewport_size(PHONE)
    address = f"live@{strict.name}.example"
    owner = {"identifiant": "L", "mot_de_passe": "Tulipe-L-9", "email": address}
    assert strict.load("1001/01", owner) == 0
    page.goto(
        f"{strict.issuer}/protocol/openid-connect/auth?client_id=extranet&response_type=code&scope=openid"
        "&redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fcallback&client=1001&societe=01&prompt=create"
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
    )
    fill_credentials(page, "L", "Tulipe-L-9")
    press(page, "CONTINUER")
    watch.check("Sécuriser mon compte")
    for password in (
        "Aa1!",
        "\N{MATHEMATICAL BOLD CAPITAL A}" * 6,
        "\N{LATIN CAPITAL LETTER D WITH SMALL LETTER Z WITH CARON}" * 4 + "ab12",
        "\N{FEMININE ORDINAL INDICATOR}" * 2 + "\N{ROMAN NUMERAL EIGHT}" * 2 + "--",
        "\N{ARABIC-INDIC DIGIT ONE}" * 2 + "\N{VULGAR FRACTION ONE HALF}" * 2 + "\N{SUPERSCRIPT TWO}",
        unicodedata.normalize("NFD", "éÉéÉ1234!"),
        f"AA11!!{address.upper()}",
        "x" * 65,
        "\N{GRINNING FACE}" * 32 + "A",
    ):
        field = page.get_by_label("Nouveau mot de passe")
        field.fill(password)
        ticked = {item.get_attribute("data-rule") for item in page.locator("#criteria li.met").all()}
        page.get_by_label("Confirmation").fill(password)
        with page.expect_navigation():  # the page before has an alert, too
            press(page, "CRÉER MON COMPTE")
        expect(page.get_by_role("alert")).to_be_visible()
        missing = {item.get_attribute("data-rule") for item in page.locator("#criteria li.missing").all()}
        assert ticked == LIVE - missing, password
    watch.check("Sécuriser mon compte")
    notes = page.locator("#criteria li", has_text="vérifié à l’envoi")
    assert {item.get_attribute("data-rule") for item in notes.all()} == {
        "regexPattern",
        "passwordBlacklist",
        "passwordHistory",
        "passwordAge",
    }


def test_a_common_password_is_refused_when_it_is_sent(page: Page, front: Front) -> None:
    to_s4(page, front, "COURANT")
    page.get_by_label("Nouveau mot de passe").fill("Proprietaire1!")
    expect(page.locator("#criteria li.met")).to_have_count(5)
    page.get_by_label("Confirmation").fill("Proprietaire1!")
    press(page, "CRÉER MON COMPTE")
    expect(page.locator("#criteria li.missing")).to_have_text(
        ["Ne fait pas partie des mots de passe trop courants (vérifié à l’envoi) (à corriger)"]
    )


def test_passwords_can_be_pasted(page: Page, context: BrowserContext, front: Front) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    long = "Genêts et Bruyères, 64 caractères et plus, collés depuis un coffre-fort !"
    to_s4(page, front, "COLLER")
    page.evaluate("text => navigator.clipboard.writeText(text)", long)
    for label in ("Nouveau mot de passe", "Confirmation"):
        page.get_by_label(label).focus()
        page.keyboard.press("Control+V")
        expect(page.get_by_label(label)).to_have_value(long)
    expect(page.locator("#criteria li.met")).to_have_count(5)


def test_password_managers_know_each_field(page: Page, front: Front, mailbox: Mailbox) -> None:
    """What a field says it is (autocomplete, WCAG 1.3.5), and the account that a manager files it under."""

    def fields() -> dict[str, str | None]:
        return {
            str(field.get_attribute("name")): field.get_attribute("autocomplete")
            for field in page.locator("main input:not([type=checkbox])").all()
        }

    page.goto(front.entrance)
    page.get_by_role("link", name="Je n’ai pas de compte").click()
    expect(page.get_by_label("Mot de passe provisoire", exact=True)).to_be_visible()
    assert fields() == {"identifier": "off", "password": "one-time-code"}
    address = to_s4(page, front, "COFFRE")
    assert fields() == {
        "None": "username",
        "password-new": "new-password",
        "password-confirm": "new-password",
    }
    assert page.locator("[autocomplete=username]").input_value() == address
    activate(page, front, mailbox, "COFFRE2")
    page.get_by_role("link", name="CONNEXION").click()
    expect(page.get_by_label("Mot de passe", exact=True)).to_be_visible()
    shown = {name: value for name, value in fields().items() if value != "None"}
    assert shown["username"] == "username webauthn"
    assert shown["password"] == "current-password"
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "CONNEXION")
    expect(page.locator("body")).to_contain_text("COP-0412-007")
