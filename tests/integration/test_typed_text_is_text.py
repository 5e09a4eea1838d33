"""Rule 13: what people and agencies typed is shown as typed, on pages and in both parts of a mail."""

import itertools

import pytest

from tests.integration.stage import PERSONAL, Stage
from tests.owner import Page, claims
from tests.realms import RealmMaker
from tools.mailbox import Mailbox

NASTY = [
    '<a href="https://faux.example">Cliquez</a>',
    "<script>alert(1)</script>",
    "${realm.name} ${7*7}",
    "#{7*7} <#if true>x</#if>",
    "L'agence {0} d'\"Aix\" {1,number}",
    "[link](https://faux.example) &lt;b&gt; &amp;",
    "100 % d'accord\\u0041 $1 %s",
]
_NUMBERS = itertools.count(1)


def shows(page: Page, text: str) -> None:
    """Fails unless the page shows this text as it was typed, and no tag of it."""
    assert " ".join(text.split()) in page.text
    assert "<script>alert" not in page.html
    assert not page.soup.select('a[href*="faux.example"]')


def test_the_name_of_an_agency_is_text(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    agencies = [{"client": "1", "societe": f"{number:02}", "name": name} for number, name in enumerate(NASTY)]
    stage = Stage(make_realm(agencies=agencies), mailbox)
    for number, name in enumerate(NASTY):
        agency = f"1/{number:02}"
        identifier = f"H1{number}"
        stage.load(identifier, agency=agency)
        owner = stage.browser()
        shows(owner.start("1", f"{number:02}"), name)
        stage.begun(owner, identifier, agency=agency)
        mail = stage.mail(stage.address(identifier))
        _mail_shows(mail.text, mail.html, name)
        shows(owner.get(stage.link(stage.address(identifier))), name)


def _mail_shows(text: str, html: str, typed: str) -> None:
    shown = Page(200, "", html, {})
    assert typed in text
    shows(shown, typed)


@pytest.mark.parametrize("text", NASTY)
def test_the_name_of_an_owner_is_text(stage: Stage, text: str) -> None:
    identifier = f"H2n{next(_NUMBERS)}"
    stage.load(identifier, nom=f'"{text.replace(chr(34), chr(34) * 2)}"', prenom="")
    owner = stage.browser()
    stage.begun(owner, identifier)
    mail = stage.mail(stage.address(identifier))
    _mail_shows(mail.text, mail.html, text)
    owner.confirm(stage.link(stage.address(identifier)))
    tokens = stage.signed_in(owner, stage.address(identifier))
    assert claims(tokens["id_token"])["name"] == text


@pytest.mark.parametrize("text", NASTY)
def test_an_identifier_is_text(stage: Stage, text: str) -> None:
    identifier = text[:60]
    email = f"h3-{next(_NUMBERS)}@{stage.realm.name}.example"
    cell = f'"{identifier.replace(chr(34), chr(34) * 2)}"'
    stage.load(cell, mot_de_passe="Tulipe-4821", email=email, reference="H3")
    owner = stage.browser()
    wrong = owner.prove("1001", "01", identifier, "faux")
    assert wrong.value("identifier") == identifier
    page = owner.submit(wrong, identifier=identifier, password="Tulipe-4821")
    page = owner.submit(page, email=page.value("email"))
    page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    assert page.screen == "login-verify-address"
    mail = stage.mail(email)
    _mail_shows(mail.text, mail.html, identifier)
    shows(owner.get(stage.link(email)), identifier)


@pytest.mark.parametrize("text", NASTY)
def test_what_is_typed_into_a_field_comes_back_as_it_was(stage: Stage, text: str) -> None:
    owner = stage.browser()
    page = owner.submit(owner.start(), client=text, societe=text)
    assert page.screen == "login-codes"
    assert page.value("client") == text[:64]
    page = owner.get(owner.authorization_url(login_hint=text))
    assert page.value("username") == text
    page = owner.submit(page, username=text, password="x")
    assert page.value("username") == text
    page = owner.get(stage.browser().authorization_url(client="1001", societe="01", identifiant=text))
    assert page.value("identifier") == text
    assert "<script>alert" not in page.html


@pytest.mark.parametrize(
    "address",
    [
        "<script>@exemple.fr",
        "a b@exemple.fr",
        "a@exemple.fr, b@exemple.fr",
        "a@exemple.fr\r\nBcc: b@exemple.fr",
        "a@b",
        "@exemple.fr",
        "é@exemple.fr",
        "a@exemple..fr",
        '"x y"@exemple.fr <a@exemple.fr>',
        "a" * 300 + "@exemple.fr",
    ],
)
def test_what_is_no_address_is_refused_and_kept_in_the_field(stage: Stage, address: str) -> None:
    stage.load("H4")
    owner = stage.browser()
    page = owner.prove("1001", "01", "H4", "Tulipe-H4-48")
    page = owner.submit(page, email=address)
    assert page.screen == "login-address"
    assert "Cette adresse email" in page.alert
    assert page.value("email") == address.strip()[:255] or "\n" in address


def test_an_address_with_odd_but_right_characters_is_taken(stage: Stage) -> None:
    stage.load("H5")
    email = f"o'neil+extranet&co={{0}}@{stage.realm.name}.example"
    owner = stage.browser()
    page = stage.begun(owner, "H5", email)
    shows(page, email)
    assert owner.confirm(stage.link(email)).screen == "login-address-confirmed"
    assert stage.gets_in(email)


def test_the_name_of_a_passkey_is_one_line(stage: Stage) -> None:
    """It stands in a mail to the owner: whoever has the session for a moment is not to write there."""
    owner = stage.activated("H9")
    stage.signed_in(owner, stage.address("H9"))
    page = owner.ask_action("moncompte-passkeys")
    field = {"authenticatorLabel": "Clé\n\nCe message est une erreur"}
    made = dict.fromkeys(("clientDataJSON", "attestationObject", "publicKeyCredentialId"), "AAAA")
    page = owner.submit(page, **field, **made)
    assert "Donnez un nom à la clé" in page.alert
