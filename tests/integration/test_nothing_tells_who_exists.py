"""Rules 6 and 7: words and events tell nobody who exists, and keep no secret (time: benchmarks/timing.py)."""

import json

import pytest

from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.owner import Owner, Page
from tests.realms import RealmMaker, TestRealm
from tools.mailbox import Mailbox

WRONG = "Faux-Mot-0"


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Three failures lock an account; nothing else limits."""
    return make_realm(limits={"failures": 3, "per_source": 100_000, "mails_per_hour": 10_000})


# ---- S2


def refusal(owner: Owner, identifier: str, password: str) -> str:
    """S2 after a refusal, without what belongs to the visit."""
    page = owner.prove("1001", "01", identifier, password)
    assert page.screen == "login-provisional", page.text
    assert page.status == 200
    assert identifier in page.html
    return page.comparable(identifier)


def test_s2_answers_alike_whatever_was_wrong(stage: Stage) -> None:
    stage.load("E1wrong", "E1locked", "E1disabled")
    stage.activated("E1personal")
    stage.admin.update(stage.account("E1disabled"), enabled=False)
    locking = stage.browser()
    for _ in range(4):
        locking.prove("1001", "01", "E1locked", WRONG)

    answers = {
        "unknown": refusal(stage.browser(), "E1unknown", provisional("E1wrong")),
        "wrong": refusal(stage.browser(), "E1wrong", WRONG),
        "locked": refusal(stage.browser(), "E1locked", provisional("E1locked")),
        "disabled": refusal(stage.browser(), "E1disabled", provisional("E1disabled")),
        "activated": refusal(stage.browser(), "E1personal", provisional("E1personal")),
        "activated, by its own password": refusal(stage.browser(), "E1personal", PERSONAL),
        "not an identifier": refusal(stage.browser(), "E1\N{BELL}", WRONG),
    }
    differing = {name for name, page in answers.items() if page != answers["unknown"]}
    assert differing == set()


@pytest.mark.parametrize("typed", ["", " ", "éàç", "----"], ids=["empty", "blank", "accents", "dashes"])
@pytest.mark.parametrize("mot_de_passe", ["Tulipe-4821", ""], ids=["chosen", "generated"])
def test_s2_answers_alike_to_a_password_without_letters_of_ours(
    stage: Stage, typed: str, mot_de_passe: str
) -> None:
    stage.load("E1b", mot_de_passe=mot_de_passe)
    assert refusal(stage.browser(), "E1b", typed) == refusal(stage.browser(), "E1unknown", WRONG)
    assert refusal(stage.browser(), "E1bunknown", typed) == refusal(stage.browser(), "E1unknown", WRONG)


def test_s2_answers_an_expired_letter_alike(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    hasty = Stage(make_realm(lifetimes={"provisional": "1s"}), mailbox)
    hasty.load("E2")

    def too_old() -> bool:
        return hasty.browser().prove("1001", "01", "E2", provisional("E2")).screen == "login-provisional"

    eventually(too_old, "the letter is too old")
    expired = refusal(hasty.browser(), "E2", provisional("E2"))
    assert expired == refusal(hasty.browser(), "E2unknown", provisional("E2"))


def test_s2_says_in_every_case_what_to_do(stage: Stage) -> None:
    page = stage.browser().prove("1001", "01", "E3", WRONG)
    assert "L'identifiant ou le mot de passe provisoire n'est pas reconnu" in page.alert
    assert "Compte déjà activé ? Connectez-vous" in page.alert
    assert "votre agence le remplace" in page.alert
    assert page.value("identifier") == "E3"
    assert page.value("password") == ""


# ---- S6


def signed_out(stage: Stage, email: str, password: str) -> str:
    """S6 after a refusal, without what belongs to the visit."""
    owner = stage.browser()
    page = owner.get(owner.start("1001", "01").link("J'ai déjà un compte"))
    page = owner.submit(page, username=email, password=password)
    assert page.screen == "login-login", page.text
    assert page.status == 200
    assert email in page.html
    return page.comparable(email)


def test_s6_answers_alike_whatever_was_wrong(stage: Stage) -> None:
    for identifier in ("E4wrong", "E4locked", "E4disabled"):
        stage.activated(identifier)
    stage.load("E4provisional")
    stage.admin.update(stage.admin.user(stage.address("E4disabled")), enabled=False)
    for _ in range(4):
        assert not stage.gets_in(stage.address("E4locked"), WRONG)

    answers = {
        "unknown": signed_out(stage, f"inconnue@{stage.realm.name}.example", PERSONAL),
        "wrong": signed_out(stage, stage.address("E4wrong"), WRONG),
        "empty": signed_out(stage, stage.address("E4wrong"), ""),
        "locked": signed_out(stage, stage.address("E4locked"), PERSONAL),
        "disabled": signed_out(stage, stage.address("E4disabled"), PERSONAL),
        "disabled and wrong": signed_out(stage, stage.address("E4disabled"), WRONG),
        "provisional": signed_out(stage, stage.address("E4provisional"), provisional("E4provisional")),
        "provisional, by identifier": signed_out(stage, "E4provisional", provisional("E4provisional")),
        "not an address": signed_out(stage, "nimporte quoi", WRONG),
    }
    differing = {name for name, page in answers.items() if page != answers["unknown"]}
    assert differing == set()


# ---- S4, S5


def to_s5(stage: Stage, identifier: str, email: str) -> Page:
    stage.load(identifier)
    return stage.begun(stage.browser(), identifier, email, "Orage-77?y")


def test_s5_looks_alike_whether_or_not_the_address_is_taken(stage: Stage) -> None:
    stage.activated("E5")
    free = f"libre-e5@{stage.realm.name}.example"
    taken = to_s5(stage, "E5x", stage.address("E5"))
    not_taken = to_s5(stage, "E5y", free)
    assert taken.comparable(stage.address("E5")) == not_taken.comparable(free)


def test_trying_addresses_at_s4_tells_nothing_at_s6(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    few = Stage(make_realm(limits={"failures": 1000, "per_source": 3, "mails_per_hour": 100}), mailbox)
    few.activated("E10")
    few.load("E10x", "E10y")
    said = []
    for number, identifier, address in ((1, "E10x", few.address("E10")), (2, "E10y", few.address("free"))):
        attacker = few.browser(source=f"127.0.30.{number}")
        page = attacker.prove("1001", "01", identifier, provisional(identifier))
        page = attacker.submit(page, email=address)
        for _ in range(5):
            # Without consent: no mail leaves, and nobody hears of it.
            page = attacker.submit(page, password_new="Orage-77?y", password_confirm="Orage-77?y")
            assert page.screen == "login-new-password"
        said.append(attacker.sign_in(few.address("nobody"), WRONG).alert)
    assert said[0] == said[1]


# ---- events


def test_no_event_holds_a_secret_or_what_was_typed_and_not_found(stage: Stage) -> None:
    typed = {
        "identifiant-tape-au-hasard",
        "adresse.tapee.au.hasard@exemple.fr",
        "MotTapeAuHasard-1",
        "hint.tape.au.hasard@exemple.fr",
        "codetapeauhasard",
    }
    owner = stage.browser()
    owner.prove("1001", "01", "identifiant-tape-au-hasard", "MotTapeAuHasard-1")
    owner.sign_in("adresse.tapee.au.hasard@exemple.fr", "MotTapeAuHasard-1")
    owner.start("codetapeauhasard", "99", login_hint="hint.tape.au.hasard@exemple.fr")
    stage.load("E6")
    email = f"choisie-e6@{stage.realm.name}.example"
    stage.begun(owner, "E6", email)
    link = stage.link(email)
    stage.browser().confirm(link, "MotTapeAuHasard-1")
    owner.confirm(link)
    tokens = stage.signed_in(stage.browser(), email)
    stage.load("E6", telephone="04 00")

    said = json.dumps([stage.admin.events(), stage.admin.admin_events()], ensure_ascii=False)
    key = link.split("key=")[1]
    secrets_ = {
        provisional("E6"),
        PERSONAL,
        key,
        key.split(".")[1],
        tokens["access_token"],
        tokens["refresh_token"],
        stage.realm.secret(),
    }
    cookie = owner.http.cookies.get("MONCOMPTE_ACTIVATION")
    assert {one for one in typed | secrets_ | ({cookie} if cookie else set()) if one in said} == set()


def test_each_activation_leaves_an_event_that_says_who_what_and_when(stage: Stage) -> None:
    stage.activated("E7")
    account = stage.admin.user(stage.address("E7"))
    event = next(one for one in stage.admin.events("REGISTER") if one["userId"] == account["id"])
    assert event["details"] == {"agency": "1001/01", "identifier": "E7"}
    assert event["clientId"] == "extranet"
    assert event["time"] > 0
    assert event["ipAddress"] == "127.0.0.1"


def test_an_import_leaves_one_event_with_nothing_personal(stage: Stage) -> None:
    def imports() -> list[dict[str, object]]:
        return [
            one for one in stage.admin.admin_events() if "moncompte/agencies" in one.get("resourcePath", "")
        ]

    before = len(imports())
    stage.load("E8", "E8b")
    assert len(imports()) == before + 1
    assert imports()[0]["details"] == {"owners_changed": "2"}
    stage.load("E8", "E8b")
    assert len(imports()) == before + 1, "the same file again changes nothing"
    assert "representation" not in imports()[0]


def test_an_operator_sees_that_a_sign_in_was_refused(stage: Stage) -> None:
    stage.activated("E9")
    account = stage.admin.user(stage.address("E9"))
    assert not stage.gets_in(stage.address("E9"), WRONG)
    event = stage.admin.events("LOGIN_ERROR")[0]
    assert event["userId"] == account["id"]
    assert event["error"] == "invalid_user_credentials"
    assert event["clientId"] == "extranet"
