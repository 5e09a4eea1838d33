"""Rule 8: every mail that an agency causes has a cool-down and limits, and the agency learns what left."""

import pytest

from tests.integration.desk import Capture, Desk, merge, password_body
from tests.integration.stage import Stage
from tests.realms import RealmMaker, TestRealm

ASK = {"person_is_gone": False}
GONE = {"person_is_gone": True}
A_FEW = 3


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    return make_realm(lifetimes={"resend_cooldown": "1h", "release_delay": "3d"})


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def mails(stage: Stage, identifier: str, subject: str) -> int:
    return sum(
        mail.is_for(stage.address(identifier)) and subject in mail.subject
        for mail in stage.mailbox.messages()
    )


def test_a_release_asked_for_and_cancelled_over_and_over_sends_one_mail(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.activated("A1")
    answer = desk.post("owners/A1/release", ASK)
    assert (answer["outcome"], answer["told"]) == ("asked", "sent")
    for _ in range(6):
        desk.call("DELETE", "owners/A1/release")
        assert desk.refusal("owners/A1/release", ASK) == (409, "owner_not_told")
        assert "release" not in desk.show("A1"), "no delay starts that the owner does not know of"
    assert desk.actions("A1").count("release-asked") == 1
    capsys.readouterr()
    assert desk.run("release", "A1", "--yes") == 1
    assert "Nothing was asked for; try again later" in capsys.readouterr().err
    stage.mail(stage.address("A1"), "Votre agence veut retirer des contrats")
    assert mails(stage, "A1", "Votre agence veut retirer des contrats") == 1


def test_contracts_moved_to_and_fro_send_one_mail_each(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.activated("B1")
    told = []
    for _ in range(3):
        told += [
            desk.post(f"owners/{old}/move", {"to": new})["told"] for old, new in (("B1", "B2"), ("B2", "B1"))
        ]
    assert told == ["sent", "sent", "held_back", "held_back", "held_back", "held_back"]
    assert desk.show("B1")["state"] == "personal", "what was moved is moved all the same"
    stage.mail(stage.address("B1"), "Un changement de vos contrats")
    assert mails(stage, "B1", "Un changement de vos contrats") == 2
    stage.load("B3")
    capsys.readouterr()
    line = {"identifiant": "B2", "reference": "REF-B1"}
    assert stage.realm.load("1001/01", line, options=("--move", "B1", "B2", "--yes", "--lang", "en")) == 0
    assert "a mail to the owner was held back" in capsys.readouterr().err


def test_a_provisional_owner_is_not_written_to(desk: Desk, stage: Stage) -> None:
    stage.load("C1")
    assert desk.post("owners/C1/move", {"to": "C2"})["told"] == "nobody"
    assert "told" not in desk.post("owners/C2/release", ASK)


def test_there_is_a_limit_an_hour_whatever_the_mails_are_about(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("D0")
    for number in range(1, A_FEW + 3):
        stage.load(f"D{number}")
        merge(owner, stage.address("D0"), f"D{number}")
    with stage.admin.setting(mailsPerHour=A_FEW):
        told = [desk.post(f"owners/D{number}/release", GONE)["told"] for number in range(1, A_FEW + 1)]
        assert told == ["sent"] * A_FEW
        next_one = f"D{A_FEW + 1}"
        [found] = [one for one in desk.show(next_one)["merges"] if next_one in one["identifiers"]]
        body = password_body() | {"dry_run": False, "identifier": next_one}
        assert desk.post(f"merges/{found['id']}/undo", body)["told"] == "held_back"
        assert desk.show(next_one)["state"] == "provisional", "it is done all the same"
        assert desk.refusal("owners/D0/release", ASK) == (409, "owner_not_told")
        released = desk.post(f"owners/D{A_FEW + 2}/release", GONE)
        assert (released["outcome"], released["told"]) == ("released", "held_back")
    stage.mail(stage.address("D0"), "Votre agence a retiré des contrats")


def test_mails_that_an_agency_causes_use_up_nothing_of_the_owner_s_own(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("E0")
    stage.load("E1")
    merge(owner, stage.address("E0"), "E1")
    with stage.admin.setting(mailsPerHour=1):
        assert desk.post("owners/E1/release", GONE)["told"] == "sent"
        stage.browser().forgotten(stage.address("E0"))
        assert stage.reset_link(stage.address("E0"))
