"""An agency releases an identifier: for somebody else or for an owner without mailbox (rules 9, 10)."""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.desk import Capture, Desk, Terminal, merge, password_body
from tests.integration.stage import PERSONAL, Stage, eventually, local, provisional, username
from tests.owner import claims, link_to
from tests.realms import Json, RealmMaker, TestRealm
from tools.mailbox import Mail

TOLD = "Votre agence a retiré des contrats"
ASKED = "Votre agence veut retirer des contrats"
_LINK = re.compile(r"https?://\S+/moncompte/release\?key=[\w.-]+")

LIFETIMES = {
    "provisional": "30d",
    "verification_link": "24h",
    "reset_link": "1h",
    "resend_cooldown": "1s",
}


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """An owner has three days to say no."""
    return make_realm(lifetimes=LIFETIMES | {"release_delay": "3d"})


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    return Desk(stage)


@pytest.fixture(scope="module")
def soon(make_realm: RealmMaker, stage: Stage) -> Desk:
    """The desk of a realm where an owner has one second to say no."""
    return Desk(Stage(make_realm(lifetimes=LIFETIMES | {"release_delay": "1s"}), stage.mailbox))


def references(stage: Stage, email: str) -> list[str]:
    """The references that the token of a new sign-in shows."""
    token = stage.signed_in(stage.browser(), email)["id_token"]
    return sorted(contract["reference"] for contract in claims(token)["contracts"])


def no_link(mail: Mail) -> str:
    found = _LINK.search(mail.text)
    assert found is not None, mail.text
    assert found[0] in mail.html
    return found[0]


GONE = {"person_is_gone": True}
ASK = {"person_is_gone": False}


# ---- at once


def test_the_identifier_and_its_contracts_leave_the_personal_account(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    owner = stage.activated("A1")
    stage.load("A1b", agency="2002/01")
    merge(owner, stage.address("A1"), "A1b", "2002/01")
    tokens = stage.signed_in(owner, stage.address("A1"))
    before = stage.admin.user(stage.address("A1"))

    assert desk.run("release", "A1", "--person-is-gone", "--yes") == 0
    out = capsys.readouterr().out
    assert "a•••@" in out
    assert stage.address("A1") not in out

    after = stage.admin.user(stage.address("A1"))
    assert after["attributes"]["identifiers"] == ["2002/01/a1b"]
    assert [after[name] for name in ("id", "email", "firstName", "lastName")] == [
        before[name] for name in ("id", "email", "firstName", "lastName")
    ]
    assert references(stage, stage.address("A1")) == ["REF-A1b"]
    token = stage.signed_in(stage.browser(), stage.address("A1"))["id_token"]
    assert sorted(claims(token)["organization"]) == ["2002-01"], "membership ends with the last contract"
    # No application keeps showing what left.
    assert "error" in owner.refresh(tokens, stage.secret(owner))
    assert desk.call("GET", "owners/A1").status_code == 404


def test_it_is_said_what_leaves_and_asked_whether_it_is_to(
    desk: Desk, stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    owner = stage.activated("A7")
    stage.load("A7b")
    merge(owner, stage.address("A7"), "A7b")
    capsys.readouterr()
    assert desk.run("release", "A7b", "--person-is-gone") == 2
    captured = capsys.readouterr()
    account = f"the personal account a•••@{stage.realm.name}.example"
    assert f"A7b (Hélène LEFÈVRE) is to leave {account} (contracts: 1)" in captured.out
    assert "--yes" in captured.err
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert desk.run("release", "A7b", "--person-is-gone") == 1
    assert "Release this identifier?" in capsys.readouterr().err
    assert desk.show("A7b")["state"] == "personal"
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert desk.run("release", "A7b", "--person-is-gone") == 0
    assert desk.call("GET", "owners/A7b").status_code == 404
    assert desk.show("A7")["state"] == "personal"


def test_the_owner_is_told_and_an_event_stays(desk: Desk, stage: Stage) -> None:
    stage.activated("A2")
    desk.post("owners/A2/release", GONE)
    mail = stage.mail(stage.address("A2"), TOLD)
    for part in (mail.text, mail.html):
        for words in ("Agence du Vieux-Port", "A2", "REF-A2", "04 91 00 00 01"):
            assert words in part
    [event] = [
        one["details"]
        for one in stage.admin.events("UPDATE_PROFILE")
        if one["details"].get("action") == "release" and one["details"]["identifier"] == "A2"
    ]
    assert (event["agency"], event["contracts"], event["person_is_gone"]) == ("1001/01", "1", "true")
    assert desk.run("show", "A2") == 1, "the identifier is free"


def test_the_identifier_can_be_loaded_for_somebody_else(desk: Desk, stage: Stage) -> None:
    stage.activated("A3")
    line = {"identifiant": "A3", "nom": "NOUVEAU", "prenom": "Jean", "mot_de_passe": provisional("A3")}
    assert stage.realm.load("1001/01", line) == 3, "refused until the identifier is released"
    desk.post("owners/A3/release", GONE)
    assert stage.realm.load("1001/01", line) == 0
    assert stage.account("A3")["lastName"] == "NOUVEAU"
    assert desk.show("A3")["step"] == "loaded"
    assert references(stage, stage.address("A3")) == []


def test_a_merge_that_brought_the_identifier_cannot_be_undone_any_more(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("A4")
    stage.load("A4b")
    merge(owner, stage.address("A4"), "A4b")
    [found] = desk.show("A4b")["merges"]
    desk.post("owners/A4b/release", GONE)
    assert "merges" not in stage.admin.user(stage.address("A4"))["attributes"]
    stage.load("A4b", nom="NOUVEAU", prenom="Jean")
    body = password_body() | {"dry_run": False, "identifier": "A4b"}
    assert desk.refusal(f"merges/{found['id']}/undo", body) == (404, "merge_unknown")


def test_a_provisional_account_goes_with_its_identifier(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.load("A5")
    owner = stage.browser()
    stage.begun(owner, "A5")
    link = stage.link(stage.address("A5"))
    assert desk.post("owners/A5/release", ASK)["state"] == "provisional"
    assert owner.get(link).screen == "login-link-refused"
    assert stage.admin.read("users", username=username("A5"), exact="true") == []
    assert desk.refusal("owners/A5/release", ASK) == (404, "owner_unknown")
    stage.load("A5")
    assert desk.show("A5")["step"] == "loaded"
    assert desk.run("release", "A5", "--yes") == 0
    assert "The provisional account A5 (Hélène LEFÈVRE) is to go (contracts: 1)" in capsys.readouterr().out
    assert stage.admin.read("users", username=username("A5"), exact="true") == []


def test_two_releases_at_once_are_one(desk: Desk, stage: Stage) -> None:
    stage.activated("A6")
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(desk.call, "POST", "owners/A6/release", GONE) for _ in range(4)]
    assert sorted(answer.result().status_code for answer in answers) == [200, 404, 404, 404]


# ---- frozen by its owner


def test_an_account_that_its_owner_has_frozen_stays_as_it_is(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    """« Ce n'était pas moi »: what is disputed waits for the operator, no agency unfreezes it."""
    owner = stage.activated("F1")
    stage.load("F1b", "F1c")
    merge(owner, stage.address("F1"), "F1b")
    reader = stage.browser()
    mail = stage.mail(stage.address("F1"), "Vos comptes Extranet ont été associés")
    page = reader.submit(reader.get(link_to("dispute", mail.text)))
    assert desk.show("F1b").get("frozen_at"), page.text
    before = stage.admin.user(stage.address("F1"))
    for what, body in (
        ("enable", {}),
        ("reissue", password_body()),
        ("release", ASK),
        ("release", GONE),
        ("move", {"to": "F1c"}),
        ("move", {"to": "F1d", "dry_run": True}),
    ):
        assert desk.refusal(f"owners/F1b/{what}", body) == (409, "account_frozen"), what
    assert desk.refusal("owners/F1c/move", {"to": "F1b"}) == (409, "account_frozen")
    letters = str(desk.letters)
    for arguments in (
        ("enable", "F1b"),
        ("release", "F1b", "--yes"),
        ("reissue", "F1b", "--credentials", letters),
    ):
        assert desk.run(*arguments) == 1
        assert "the operator alone opens it" in capsys.readouterr().err
    assert stage.admin.user(stage.address("F1")) == before


# ---- after the owner was asked


def asked(desk: Desk, identifier: str) -> Json:
    """A release that was asked for."""
    answer: Json = desk.post(f"owners/{identifier}/release", ASK)
    assert answer["outcome"] == "asked"
    return answer


def test_it_is_asked_for_first_and_the_old_address_is_told_at_once(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.activated("B1")
    before = stage.admin.user(stage.address("B1"))
    assert desk.run("release", "B1", "--yes") == 0
    due = desk.show("B1")["release"]["due"]
    said = capsys.readouterr().out
    assert "told to b•••@" in said
    assert f"From {local(due)} on, run the same command" in said
    assert desk.run("show", "B1") == 0
    said = capsys.readouterr().out
    assert "State: personal account" in said
    assert f"possible from {local(due)} on" in said
    mail = stage.mail(stage.address("B1"), ASKED)
    for part in (mail.text, mail.html):
        for words in ("Agence du Vieux-Port", "B1", "REF-B1"):
            assert words in part
    after = stage.admin.user(stage.address("B1"))
    assert after["attributes"].pop("links")
    assert after["attributes"] == before["attributes"], "nothing has moved"
    # Before the delay has passed the same command tells, and does nothing: it asks nobody, no other mail.
    assert desk.run("release", "B1") == 0
    assert "Possible from" in capsys.readouterr().out
    assert desk.post("owners/B1/release", ASK)["outcome"] == "waiting"
    assert desk.show("B1")["state"] == "personal"
    told = [
        one
        for one in stage.mailbox.messages()
        if ASKED in one.subject and stage.address("B1") in {to.address for to in one.to}
    ]
    assert len(told) == 1


def test_the_reader_of_the_old_address_can_say_no(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.activated("B2")
    asked(desk, "B2")
    link = no_link(stage.mail(stage.address("B2"), ASKED))
    reader = stage.browser()
    page = reader.get(link)
    assert page.screen == "login-release"
    for words in ("Agence du Vieux-Port", "B2", "REF-B2"):
        assert words in page.text
    assert "refused" not in desk.show("B2")["release"], "opening the link changes nothing"

    assert reader.submit(page).screen == "login-release-refused"
    assert desk.show("B2")["release"].get("refused")
    assert desk.actions("B2")[0] == "release-refused"
    assert reader.get(link).screen == "login-link-refused", "the link has served"
    assert desk.refusal("owners/B2/release", ASK) == (409, "release_refused")
    assert desk.refusal("owners/B2/release", GONE) == (409, "release_refused"), "the person is not gone"
    assert desk.call("DELETE", "owners/B2/release").json()["code"] == "nothing_asked"
    capsys.readouterr()
    assert desk.run("release", "B2") == 1
    captured = capsys.readouterr()
    assert "has said no" in captured.err
    assert "A mail leaves" not in captured.out, "nothing is announced that will not be done"
    assert desk.run("show", "B2") == 0
    assert f"refused on {local(desk.show('B2')['release']['refused'])}" in capsys.readouterr().out
    # Asking again is possible, has to be said, and tells the address again.
    first = stage.mail(stage.address("B2"), ASKED)
    time.sleep(1.1)  # the cool-down
    assert desk.run("release", "B2", "--again", "--yes") == 0
    assert no_link(stage.mail(stage.address("B2"), ASKED, after=first)) != link


def test_a_disabled_account_s_owner_can_still_say_no(desk: Desk, stage: Stage) -> None:
    stage.activated("B7")
    asked(desk, "B7")
    link = no_link(stage.mail(stage.address("B7"), ASKED))
    stage.admin.update(stage.admin.user(stage.address("B7")), enabled=False)
    reader = stage.browser()
    assert reader.submit(reader.get(link)).screen == "login-release-refused"
    assert desk.show("B7")["release"].get("refused")
    assert desk.refusal("owners/B7/release", ASK) == (409, "release_refused")


def test_who_has_frozen_the_account_can_still_say_no(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("B8")
    stage.load("B8b")
    merge(owner, stage.address("B8"), "B8b")
    asked(desk, "B8")
    reader = stage.browser()
    mail = stage.mail(stage.address("B8"), "Vos comptes Extranet ont été associés")
    assert reader.submit(reader.get(link_to("dispute", mail.text))).screen == "login-frozen"
    link = no_link(stage.mail(stage.address("B8"), ASKED))
    assert reader.submit(reader.get(link)).screen == "login-release-refused"
    assert desk.show("B8")["release"].get("refused")


def test_no_link_signs_anyone_in_and_a_false_one_tells_nothing(desk: Desk, stage: Stage) -> None:
    stage.activated("B3")
    asked(desk, "B3")
    link = no_link(stage.mail(stage.address("B3"), ASKED))
    reader = stage.browser()
    reader.submit(reader.get(link))
    assert stage.admin.sessions(stage.admin.user(stage.address("B3"))) == []
    for false in (link[:-1] + ("A" if link[-1] != "A" else "B"), link.split("?")[0], f"{link}x"):
        assert reader.get(false).screen == "login-link-refused"
        assert reader.post(false, {}).screen == "login-link-refused"


def test_what_was_asked_for_can_be_taken_back(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.activated("B4")
    asked(desk, "B4")
    link = no_link(stage.mail(stage.address("B4"), ASKED))
    assert desk.run("release", "B4", "--cancel") == 0
    assert "is cancelled: B4 stays in its account" in capsys.readouterr().out
    assert "release" not in desk.show("B4")
    assert stage.browser().get(link).screen == "login-link-refused"
    answer = desk.call("DELETE", "owners/B4/release")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_asked")


def test_another_agency_s_contracts_are_not_asked_for(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("B6")
    stage.load("B6b", agency="2002/01")
    merge(owner, stage.address("B6"), "B6b", "2002/01")
    assert desk.refusal("owners/B6b/release", ASK) == (404, "owner_unknown")
    asked(desk, "B6")
    other = Desk(stage, "2002/01")
    assert "release" not in other.show("B6b")
    assert "release-asked" not in other.actions("B6b")
    assert other.call("DELETE", "owners/B6b/release").json()["code"] == "nothing_asked"
    assert other.call("DELETE", "owners/B6/release").json()["code"] == "owner_unknown"


def ready(desk: Desk, identifier: str) -> None:
    """Waits until a release that was asked for can be carried out."""
    eventually(lambda: bool(desk.show(identifier)["release"]["ready"]), "the delay has passed")


def test_after_the_delay_the_identifier_is_free_and_the_same_owner_gets_a_new_letter(
    soon: Desk, capsys: Capture
) -> None:
    stage = soon.stage
    owner = stage.activated("C1")
    stage.load("C1b", agency="2002/01")
    merge(owner, stage.address("C1"), "C1b", "2002/01")
    tokens = stage.signed_in(owner, stage.address("C1"))
    asked(soon, "C1")
    link = no_link(stage.mail(stage.address("C1"), ASKED))
    ready(soon, "C1")
    assert soon.show("C1")["state"] == "personal", "nothing happens by itself"
    capsys.readouterr()
    assert soon.run("release", "C1") == 2, "it is asked whether it is to"
    assert "is to leave the personal account" in capsys.readouterr().out
    assert soon.run("release", "C1", "--yes") == 0
    assert "C1 is free" in capsys.readouterr().out

    # The personal account keeps everything else.
    assert references(stage, stage.address("C1")) == ["REF-C1b"]
    assert "error" in owner.refresh(tokens, stage.secret(owner))
    assert stage.browser().get(link).screen == "login-link-refused"
    assert "C1" in stage.mail(stage.address("C1"), TOLD).text
    # And the owner activates with another address.
    stage.load("C1")
    other = stage.browser()
    address = f"new-{stage.address('C1')}"
    page = other.begin_activation("1001", "01", "C1", provisional("C1"), address, PERSONAL)
    assert page.screen == "login-verify-address", page.text
    assert other.confirm(stage.link(address)).screen == "login-address-confirmed"
    assert references(stage, address) == ["REF-C1"]


def test_a_no_after_the_delay_counts_until_it_is_carried_out(soon: Desk) -> None:
    stage = soon.stage
    stage.activated("C2")
    asked(soon, "C2")
    link = no_link(stage.mail(stage.address("C2"), ASKED))
    ready(soon, "C2")
    reader = stage.browser()
    assert reader.submit(reader.get(link)).screen == "login-release-refused"
    assert soon.refusal("owners/C2/release", ASK) == (409, "release_refused")
    assert references(stage, stage.address("C2")) == ["REF-C2"]


def test_a_no_and_the_carrying_out_at_once_leave_one_of_the_two(soon: Desk) -> None:
    stage = soon.stage
    for number in range(3):
        identifier = f"C3-{number}"
        stage.activated(identifier)
        asked(soon, identifier)
        reader = stage.browser()
        page = reader.get(no_link(stage.mail(stage.address(identifier), ASKED)))
        ready(soon, identifier)
        with ThreadPoolExecutor(2) as threads:
            refusing = threads.submit(reader.submit, page)
            carrying = threads.submit(soon.call, "POST", f"owners/{identifier}/release", ASK)
        refused = refusing.result().screen == "login-release-refused"
        assert refused != carrying.result().ok
        left = [one for one in soon.contracts() if one[0] == identifier]
        assert left == ([(identifier, f"REF-{identifier}")] if refused else [])


# ---- what is sent


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "{}",
        "",
        "[]",
        '{"person_is_gone": null}',
        '{"person_is_gone": "true"}',
        '{"person_is_gone": 1}',
        '{"person_is_gone": false, "person_is_gone": true}',
        '{"person_is_gone": true, "again": null}',
        '{"person_is_gone": true, "same_owner": false}',
    ],
)
def test_a_body_that_does_not_say_what_to_do_releases_nothing(desk: Desk, stage: Stage, body: str) -> None:
    stage.load("D1")
    path = f"moncompte/v1/agencies/{desk.alias}/owners/D1/release"
    answer = stage.admin.raw("POST", path, body.encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "json_invalid"), answer.text
    assert desk.show("D1")["step"] == "loaded"
