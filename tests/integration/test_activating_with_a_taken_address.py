"""Rule 5: with another password nothing tells that the address is taken; its mail leads to the merge."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage, eventually, provisional, username
from tests.owner import Owner, Page, activation_link, claims
from tests.realms import RealmMaker
from tools.mailbox import Mail, Mailbox

TAKEN = "Votre adresse email a déjà un compte Extranet"
TOLD = "Vos comptes Extranet ont été associés"
OTHER = "Autre-Mot-77!"
WRONG = "Ce mot de passe n'est pas le bon"
_LINK = re.compile(r"https?://\S+/moncompte/merge\?key=[\w.-]+")


def merge_link(mail: Mail) -> str:
    found = _LINK.search(mail.text)
    assert found is not None, f"no link in: {mail.text}"
    assert found[0] in mail.html
    return found[0]


def attempted(stage: Stage, kept: str, moved: str, agency: str = "1001/01") -> tuple[Owner, str]:
    """An owner who has activated `kept` activates `moved` with the same address and another password; the
    browser at S5, and the link of the mail."""
    stage.activated(kept)
    stage.load(moved, agency=agency, email=stage.address(kept))
    owner = stage.browser()
    stage.begun(owner, moved, stage.address(kept), OTHER, agency)
    return owner, merge_link(stage.mail(stage.address(kept), TAKEN))


def refused(page: Page) -> bool:
    return (page.status, page.screen) == (404, "login-link-refused")


def references(stage: Stage, email: str) -> list[str]:
    token = stage.signed_in(stage.browser(), email)["id_token"]
    return sorted(contract["reference"] for contract in claims(token)["contracts"])


# ---- it leads to the merge


def test_the_mail_s_link_and_the_personal_password_merge(stage: Stage) -> None:
    _, link = attempted(stage, "A1", "A1b", "2002/01")
    email = stage.address("A1")
    before = stage.admin.user(email)
    elsewhere = stage.browser()
    tokens = stage.signed_in(elsewhere, email)

    owner = stage.browser()
    page = owner.get(link)
    assert page.screen == "login-merge-password"
    for words in ("Fusion de comptes", email, "Cabinet Lefèvre & Fils", "A1b"):
        assert words in page.text
    page = owner.submit(page, password=PERSONAL)
    assert page.screen == "login-merged", page.text
    assert page.link("CONNEXION").startswith("http://localhost:8000/")

    after = stage.admin.user(email)
    assert after["id"] == before["id"]
    assert stage.admin.read("users", username=username("A1b", "2002/01"), exact="true") == []
    assert references(stage, email) == ["REF-A1", "REF-A1b"]
    assert "error" in elsewhere.refresh(tokens, stage.secret(elsewhere))
    mail = stage.mail(email, TOLD)
    assert "REF-A1b" in mail.text
    assert "/moncompte/dispute?key=" in mail.text
    events = [
        event["details"]
        for event in stage.admin.events("UPDATE_PROFILE")
        if event["details"].get("action") == "merge" and event["userId"] == after["id"]
    ]
    assert [(one["agency"], one["identifier"]) for one in events] == [("2002/01", "A1b")]
    secret = link.split("key=")[1].split(".")[1]
    assert secret not in json.dumps(stage.admin.events())
    # The password chosen at S4 is nobody's.
    assert not stage.gets_in(email, OTHER)


def test_in_the_browser_that_asked_it_leads_back_to_the_sign_in_of_its_tab(stage: Stage) -> None:
    owner, link = attempted(stage, "A2", "A2b")
    page = owner.submit(owner.get(link), password=PERSONAL)
    page = owner.get(page.link("CONNEXION"))
    assert page.screen == "login-login"
    assert owner.submit(page, username=stage.address("A2"), password=PERSONAL).code is not None


def test_opening_it_changes_nothing(stage: Stage) -> None:
    _, link = attempted(stage, "A3", "A3b")
    before = stage.admin.user(stage.address("A3")), stage.account("A3b")
    for _ in range(3):
        assert stage.browser().get(link).screen == "login-merge-password"
    assert requests.head(link, timeout=30).status_code == 200
    page = stage.browser().get(link)
    assert [script for script in page.soup.find_all("script") if not script.get("src")] == []
    assert (stage.admin.user(stage.address("A3")), stage.account("A3b")) == before


def test_without_a_password_or_with_a_wrong_one_nothing_merges(stage: Stage) -> None:
    _, link = attempted(stage, "A4", "A4b")
    owner = stage.browser()
    page = owner.get(link)
    # Neither the password chosen at S4 nor the letter's is the personal account's.
    for typed in ("", "faux", OTHER, provisional("A4b")):
        page = owner.submit(page, password=typed)
        assert page.screen == "login-merge-password"
        assert WRONG in page.alert
    page = owner.post(link, {})
    assert WRONG in page.alert
    assert stage.account("A4b")["username"] == username("A4b")
    user = stage.admin.user(stage.address("A4"))
    wrong = [one for one in stage.admin.events("LOGIN_ERROR") if one.get("userId") == user["id"]]
    assert {one["details"].get("screen") for one in wrong} == {"merge-link", "password"}
    assert "faux" not in json.dumps(wrong)


def test_the_right_password_for_a_frozen_or_disabled_account_is_as_wrong_as_any(stage: Stage) -> None:
    _, link = attempted(stage, "A5", "A5b")
    user = stage.admin.user(stage.address("A5"))
    stage.admin.update(user, enabled=False)
    owner = stage.browser()
    wrong = owner.submit(owner.get(link), password="faux")
    right = owner.submit(wrong, password=PERSONAL)
    assert right.comparable() == wrong.comparable()
    stage.admin.update(user, enabled=True)
    assert owner.submit(right, password=PERSONAL).screen == "login-merged"


def test_whoever_is_signed_in_here_is_told_and_signed_out(stage: Stage) -> None:
    _, link = attempted(stage, "A6", "A6b")
    other = stage.activated("A6other")
    tokens = stage.signed_in(other, stage.address("A6other"))
    page = other.get(link)
    assert "Quelqu'un est déjà connecté" in page.text
    page = other.submit(page, password="faux")
    assert "error" not in other.refresh(tokens, stage.secret(other))
    assert other.submit(page, password=PERSONAL).screen == "login-merged"
    assert "error" in other.refresh(tokens, stage.secret(other))


def test_of_ten_at_once_one_merges(stage: Stage) -> None:
    _, link = attempted(stage, "A7", "A7b")

    def once(_: int) -> str:
        return stage.browser().post(link, {"password": PERSONAL}).screen

    with ThreadPoolExecutor(10) as threads:
        screens = list(threads.map(once, range(10)))
    assert screens.count("login-merged") == 1
    assert references(stage, stage.address("A7")) == ["REF-A7", "REF-A7b"]


def test_the_address_taken_between_the_mail_and_its_link_leads_there_too(stage: Stage) -> None:
    stage.load("A8", "A8b", email=stage.address("A8"))
    first, second = stage.browser(), stage.browser()
    stage.begun(first, "A8")
    mail = stage.mail(stage.address("A8"))
    stage.begun(second, "A8b", stage.address("A8"), OTHER)
    later = stage.link(stage.address("A8"), after=mail)
    assert first.confirm(activation_link(mail.text)).screen == "login-address-confirmed"
    page = second.confirm(later)
    assert page.screen == "login-address-taken"
    page = second.get(page.link("y ajouter ces contrats"))
    assert second.submit(page, password=PERSONAL).screen == "login-merged"
    assert references(stage, stage.address("A8")) == ["REF-A8", "REF-A8b"]


# ---- it ends


@dataclass(frozen=True)
class Attempt:
    """What `attempted` gave, for whatever ends it."""

    stage: Stage
    owner: Owner
    link: str
    kept: str
    moved: str


def used(it: Attempt) -> None:
    other = it.stage.browser()
    assert other.submit(other.get(it.link), password=PERSONAL).screen == "login-merged"


def restarted(it: Attempt) -> None:
    page = it.owner.prove("1001", "01", it.moved, provisional(it.moved))
    page = it.owner.submit(page, email=page.value("email"))
    page = it.owner.submit(page, password_new=OTHER, password_confirm=OTHER, terms="on")
    assert it.owner.submit(page, action="restart").screen == "login-provisional"


def replaced(it: Attempt) -> None:
    columns = {"email": it.stage.address(it.kept), "mot_de_passe": "Jonquille-77"}
    it.stage.load(it.moved, options=("--replace-passwords",), **columns)


def readdressed(it: Attempt) -> None:
    it.stage.load(it.moved, email=it.stage.address(it.moved))


def begun_with_another_address(it: Attempt) -> None:
    it.stage.begun(it.stage.browser(), it.moved, it.stage.address(f"{it.moved}-other"))


def disabled(it: Attempt) -> None:
    it.stage.admin.update(it.stage.account(it.moved), enabled=False)


@pytest.mark.parametrize(
    "end",
    [used, restarted, replaced, readdressed, begun_with_another_address, disabled],
    ids=lambda end: end.__name__,
)
def test_what_ends_the_activation_ends_the_link(stage: Stage, end: Callable[[Attempt], None]) -> None:
    kept = f"B{end.__name__}".replace("_", "")[:12]
    moved = f"{kept}b"
    owner, link = attempted(stage, kept, moved)
    opened = stage.browser()
    page = opened.get(link)
    end(Attempt(stage, owner, link, kept, moved))
    assert refused(opened.get(link))
    assert refused(opened.submit(page, password=PERSONAL))
    expected = [f"REF-{kept}"] + ([f"REF-{moved}"] if end is used else [])
    assert references(stage, stage.address(kept)) == expected


def test_it_ends_with_an_agency_that_is_switched_off(stage: Stage) -> None:
    _, link = attempted(stage, "C1", "C1b", "1001/02")
    stage.admin.set_agency("1001-02", enabled=False)
    try:
        assert refused(stage.browser().get(link))
        assert refused(stage.browser().post(link, {"password": PERSONAL}))
    finally:
        stage.admin.set_agency("1001-02", enabled=True)
    assert stage.browser().get(link).screen == "login-merge-password"


def test_it_expires(stage: Stage) -> None:
    stage.activated("C2")
    stage.load("C2b", email=stage.address("C2"))
    with stage.admin.setting(verificationLinkLifetime=1):
        stage.begun(stage.browser(), "C2b", stage.address("C2"), OTHER)
        link = merge_link(stage.mail(stage.address("C2"), TAKEN))
    eventually(lambda: refused(stage.browser().get(link)), "the link expires")
    assert refused(stage.browser().post(link, {"password": PERSONAL}))


def test_it_is_no_link_of_an_activation_and_no_other_s(stage: Stage) -> None:
    _, link = attempted(stage, "C3", "C3b")
    before = stage.admin.user(stage.address("C3"))
    as_activation = link.replace("/merge?", "/activation?")
    page = stage.browser().post(as_activation, {"password": OTHER})
    assert page.screen == "login-address-taken"
    assert refused(stage.browser().post(link.replace("/merge?", "/dispute?"), {}))
    assert refused(stage.browser().get(link[:-27] + "A" * 27))
    assert stage.admin.user(stage.address("C3")) == before
    # And M1 of an address that nobody has merges nothing.
    stage.load("C3c")
    stage.begun(stage.browser(), "C3c")
    m1 = stage.link(stage.address("C3c"))
    assert refused(stage.browser().post(m1.replace("/activation?", "/merge?"), {"password": PERSONAL}))


# ---- guesses


def test_guesses_there_count_against_the_account_and_the_source(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    strict = Stage(make_realm(limits={"failures": 3, "per_source": 5, "mails_per_hour": 100}), mailbox)
    _, link = attempted(strict, "D1", "D1b")  # one failure of the account, of this source
    owner = strict.browser(source="127.0.0.9")
    page = owner.get(link)
    for number in range(3):
        page = owner.submit(page, password=f"faux-{number}")
        assert WRONG in page.alert
    assert WRONG in owner.submit(page, password=PERSONAL).alert, "locked"
    assert strict.gets_in(strict.address("D1")), "not elsewhere"
    page = owner.submit(page, password="faux-4")
    assert WRONG in page.alert
    page = owner.submit(page, password=PERSONAL)
    assert "Trop d'essais" in page.alert
    other = strict.browser(source="127.0.0.10")
    assert other.submit(other.get(link), password=PERSONAL).screen == "login-merged"


def test_s5_tells_nothing(stage: Stage) -> None:
    """S5 of a taken address reads as that of a free one."""
    stage.activated("D2")
    stage.load("D2b", "D2c")
    pages = []
    for identifier, email in (("D2b", stage.address("D2")), ("D2c", stage.address("D2free"))):
        owner = stage.browser()
        pages.append(stage.begun(owner, identifier, email, OTHER).comparable(email))
    assert pages[0] == pages[1]
