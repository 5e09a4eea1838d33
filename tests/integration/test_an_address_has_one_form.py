"""Rule 15: an address has one form, wherever it is typed. `tests/addresses.json` has the examples."""

import pytest

from tests.addresses import EXAMPLES, GOOD, REFUSED
from tests.integration.desk import Desk
from tests.integration.stage import BY_MAIL, PERSONAL, RESET, Stage, provisional
from tests.integration.test_the_owners_resource_trusts_nobody import batch, owner, send
from tests.owner import Owner, Page

SAID = {
    "invisible": "contient un caractère invisible",
    "numeric": "se termine par un nombre",
    "characters": "n'est pas possible dans une adresse",
    "incomplete": "n'est pas complète",
}


def domains(stage: Stage) -> tuple[str, str]:
    """One domain of this realm, in people's letters and in ASCII."""
    name = f"ménagère-{stage.realm.name}.example".lower()
    return name, name.encode("idna").decode()


def activated(stage: Stage, identifier: str) -> tuple[str, str]:
    """Loads an owner who activates with the address in people's letters; both forms of it."""
    shown, ascii_domain = domains(stage)
    typed, address = f"{identifier}@{shown}".lower(), f"{identifier}@{ascii_domain}".lower()
    stage.load(identifier)
    browser = stage.browser()
    page = stage.begun(browser, identifier, f"\u00a0{identifier}@{shown.upper()} ")
    assert typed in page.text
    assert browser.confirm(stage.link(address)).screen == "login-address-confirmed"
    return typed, address


def refused(page: Page, screen: str, why: str) -> None:
    assert page.screen == screen, page.text
    assert SAID[why] in page.text, page.text


# ---- S3


def test_s3_refuses_what_is_no_address_with_the_reason(stage: Stage) -> None:
    stage.load("A1")
    browser = stage.browser()
    page = browser.prove("1001", "01", "A1", provisional("A1"))
    for typed, why in REFUSED:
        page = browser.submit(page, email=typed)
        refused(page, "login-address", why)


def test_s3_shows_the_suggestion_in_peoples_letters(stage: Stage) -> None:
    shown, _ = domains(stage)
    stage.load("A2", email=f"A2@{shown}")
    page = stage.browser().prove("1001", "01", "A2", provisional("A2"))
    assert page.value("email") == f"a2@{shown}"


# ---- an owner signs in with either form


@pytest.fixture(scope="module")
def both_forms(stage: Stage) -> tuple[str, str]:
    """The two forms of the address of one owner."""
    return activated(stage, "A3")


def test_the_account_has_the_one_form(stage: Stage, both_forms: tuple[str, str]) -> None:
    account = stage.admin.user(both_forms[1])
    assert (account["email"], account["username"]) == (both_forms[1], both_forms[1])


def test_s6_finds_the_owner_by_either_form(stage: Stage, both_forms: tuple[str, str]) -> None:
    typed, address = both_forms
    assert stage.gets_in(address)
    assert stage.gets_in(typed)
    assert stage.gets_in(f"\u202f{typed.upper()}")


def test_s9_finds_the_owner_by_the_other_form(stage: Stage, both_forms: tuple[str, str]) -> None:
    typed, address = both_forms
    assert stage.browser().forgotten(typed).screen == "login-forgotten-sent"
    assert stage.mail(address, RESET)


def test_s7_finds_the_owner_by_the_other_form(stage: Stage, both_forms: tuple[str, str]) -> None:
    typed, _ = both_forms
    stage.load("A4")
    browser = stage.browser()
    page = browser.get(browser.start("1001", "01").link("Je fusionne mes comptes"))
    page = browser.submit(page, email=typed, identifier="A4", password=provisional("A4"))
    assert page.screen == "login-merge-password", page.text
    assert typed in page.text
    assert browser.submit(page, password=PERSONAL).screen == "login-merged"


def test_the_other_form_is_the_same_address(stage: Stage, both_forms: tuple[str, str]) -> None:
    """Rule 5: activating with the address and the password of a personal account merges."""
    stage.load("A5")
    page = stage.browser().begin_activation("1001", "01", "A5", provisional("A5"), both_forms[0], PERSONAL)
    assert page.screen == "login-merged", page.text


def test_an_apostrophe_of_a_phone_is_a_plain_one(stage: Stage) -> None:
    stage.load("L'A", email="l'a@exemple.fr")
    page = stage.browser().prove("1001", "01", "L’A", provisional("L'A"))
    assert page.value("email") == "l'a@exemple.fr"
    assert stage.realm.load("1001/01", {"identifiant": "L’A", "reference": "REF-L'A"}) == 0
    assert [one["reference"] for one in Desk(stage).show("L‘A")["contracts"]] == ["REF-L'A"]
    assert len(Desk(stage).read("owners", search="L'A")["owners"]) == 1


# ---- a change of address


def signed_in(stage: Stage, identifier: str) -> Owner:
    browser = stage.activated(identifier)
    stage.signed_in(browser, stage.address(identifier))
    return browser


def test_a_change_of_address_refuses_what_is_no_address(stage: Stage) -> None:
    browser = signed_in(stage, "A6")
    page = browser.ask_action("moncompte-update-email")
    for typed, why in REFUSED:
        page = browser.submit(page, email=typed, action="send")
        refused(page, "login-update-email", why)


def test_a_change_of_address_has_the_one_form(stage: Stage) -> None:
    shown, ascii_domain = domains(stage)
    browser = signed_in(stage, "A7")
    page = browser.ask_action("moncompte-update-email")
    page = browser.submit(page, email=f"Neuve-A7@{shown}", action="send")
    assert f"neuve-a7@{shown}" in page.text
    assert stage.mail(f"neuve-a7@{ascii_domain}", "Validez votre nouvelle adresse")


# ---- what an agency loads


def test_the_resource_has_the_same_form(stage: Stage) -> None:
    owners = [owner(f"R{number}", email=typed) for number, (typed, _) in enumerate(GOOD)]
    results = send(stage.admin, batch(*owners)).json()["results"]
    assert {one["outcome"] for one in results} == {"created"}
    shown = {one["address"]: one["shown"] for one in EXAMPLES if "shown" in one}
    desk = Desk(stage)
    for number, (_, address) in enumerate(GOOD):
        account = stage.account(f"R{number}")
        assert account["attributes"]["suggested_email"] == [address]
        if address in shown:
            assert desk.show(f"R{number}")["suggested_email"] == shown[address]


def test_the_resource_refuses_what_is_no_address(stage: Stage) -> None:
    owners = [owner(f"X{number}", email=typed) for number, (typed, _) in enumerate(REFUSED)]
    results = send(stage.admin, batch(*owners)).json()["results"]
    assert {one["reason"] for one in results} == {"email_invalid"}
    assert len(results) == len(REFUSED)


def test_an_agency_finds_an_owner_by_the_other_form(stage: Stage) -> None:
    shown, ascii_domain = domains(stage)
    stage.load("A8", email=f"a8@{ascii_domain}")
    found = Desk(stage).read("owners", search=f"A8@{shown}")["owners"]
    assert [one["identifier"] for one in found] == ["A8"]


def test_the_other_form_in_the_file_is_no_other_address(stage: Stage) -> None:
    """Rule 3: an address that is another one ends the pending activation."""
    shown, ascii_domain = domains(stage)
    stage.load("A9", email=f"a9@{shown}")
    browser = stage.browser()
    stage.begun(browser, "A9", f"a9@{shown}")
    stage.load("A9", email=f"A9@{ascii_domain}")
    assert browser.confirm(stage.link(f"a9@{ascii_domain}")).screen == "login-address-confirmed"


def test_the_mail_of_an_activation_by_mail_leaves(stage: Stage) -> None:
    shown, ascii_domain = domains(stage)
    stage.load("B1", email=f"b1@{shown}")
    stage.browser().forgotten("B1")
    assert stage.mail(f"b1@{ascii_domain}", BY_MAIL)
