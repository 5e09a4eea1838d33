"""Rule 10: no agency command changes a frozen account, until the operator enables it."""

import pytest

from tests.integration.desk import Capture, Desk, merge, password_body
from tests.integration.stage import Stage, provisional
from tests.owner import link_to

TOLD = "Vos comptes Extranet ont été associés"


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def frozen(stage: Stage, kept: str, moved: str) -> None:
    """An owner has merged `moved` into the account of `kept`, and the reader of the mail has disputed it."""
    owner = stage.activated(kept)
    stage.load(moved)
    merge(owner, stage.address(kept), moved)
    reader = stage.browser()
    mail = stage.mail(stage.address(kept), TOLD)
    assert reader.submit(reader.get(link_to("dispute", mail.text))).screen == "login-frozen"


def enable(stage: Stage, kept: str) -> None:
    stage.admin.update(stage.admin.user(stage.address(kept)), enabled=True)


def line(stage: Stage, identifier: str, **columns: str) -> dict[str, str]:
    """The line that `Stage.load` loads."""
    return {
        "identifiant": identifier,
        "mot_de_passe": provisional(identifier),
        "email": stage.address(identifier),
        "reference": f"REF-{identifier}",
    } | columns


def test_an_import_refuses_its_line_and_loads_the_others(stage: Stage, desk: Desk, capsys: Capture) -> None:
    frozen(stage, "A1", "A2")
    before = stage.admin.user(stage.address("A1"))
    lines = [
        line(stage, "A1"),
        line(stage, "A2", telephone="04 00 00 00 00"),
        line(stage, "A3"),
        line(stage, "A1", reference="NEW"),
    ]
    english = ("--lang", "en")
    assert stage.realm.load("1001/01", *lines[1:3], options=("--dry-run", *english)) == 3
    assert "line 2" in capsys.readouterr().out
    assert stage.realm.load("1001/01", *lines[1:3], options=english) == 3
    said = capsys.readouterr().out
    assert "line 2" in said
    assert "its owner has frozen this account" in said
    assert desk.show("A3")["step"] == "loaded"
    assert stage.realm.load("1001/01", lines[0], lines[3], options=english) == 3
    assert stage.realm.load("1001/01", lines[0], options=english) == 0, "nothing to change, nothing to refuse"
    assert stage.admin.user(stage.address("A1")) == before

    enable(stage, "A1")
    assert stage.realm.load("1001/01", *lines[1:3], options=english) == 0
    contacts = str(stage.admin.user(stage.address("A1"))["attributes"]["contacts"])
    assert "04 00 00 00 00" in contacts


def test_its_contracts_do_not_end(stage: Stage, desk: Desk, capsys: Capture) -> None:
    small = Desk(stage, "1001/02")
    frozen(stage, "B1", "B2")
    stage.load("B3")
    ending = [
        {"identifier": one, "reference": f"REF-{one}", "role": "copropriétaire"} for one in ("B1", "B2", "B3")
    ]
    answer = desk.post("contracts/end", {"contracts": ending})
    assert (answer["ended"], sorted(answer["frozen"])) == (1, ["B1", "B2"])
    assert {("B1", "REF-B1"), ("B2", "REF-B2")} <= set(desk.contracts())
    assert "contracts-ended" not in desk.actions("B1")

    owner = stage.activated("B4", agency="1001/02")
    stage.load("B5", agency="1001/02")
    merge(owner, stage.address("B4"), "B5", "1001/02")
    reader = stage.browser()
    reader.submit(reader.get(link_to("dispute", stage.mail(stage.address("B4"), TOLD).text)))
    capsys.readouterr()
    options = ("--prune", "--prune-share", "100", "--yes", "--lang", "en")
    assert stage.realm.load("1001/02", line(stage, "B4"), options=options) == 3
    captured = capsys.readouterr()
    assert "Contracts ended: 0" in captured.out
    assert "have frozen the accounts" in captured.err
    assert "B5" in captured.err
    enable(stage, "B4")
    assert stage.realm.load("1001/02", line(stage, "B4"), options=options) == 0
    assert small.contracts() == [("B4", "REF-B4")]


def test_its_merges_are_not_undone_and_no_request_is_withdrawn(stage: Stage, desk: Desk) -> None:
    owner = stage.activated("C1")
    stage.load("C2")
    merge(owner, stage.address("C1"), "C2")
    desk.post("owners/C1/release", {"person_is_gone": False})
    reader = stage.browser()
    reader.submit(reader.get(link_to("dispute", stage.mail(stage.address("C1"), TOLD).text)))
    [found] = desk.show("C2")["merges"]
    undo = f"merges/{found['id']}/undo"
    before = stage.admin.user(stage.address("C1"))
    for dry_run in (True, False):
        body = password_body() | {"dry_run": dry_run, "identifier": "C2"}
        assert desk.refusal(undo, body) == (409, "account_frozen")
    assert desk.call("DELETE", "owners/C1/release").json()["code"] == "account_frozen"
    assert stage.admin.user(stage.address("C1")) == before
    enable(stage, "C1")
    assert desk.post(undo, password_body() | {"dry_run": False, "identifier": "C2"})["told"] == "sent"


def test_when_an_account_was_activated_is_told_to_its_agency_only(stage: Stage, desk: Desk) -> None:
    owner = stage.activated("D1")
    stage.load("D2", agency="2002/01")
    merge(owner, stage.address("D1"), "D2", "2002/01")
    other = Desk(stage, "2002/01")
    assert desk.show("D1")["activated_at"]
    assert "activated_at" not in other.show("D2")
    [listed] = other.read("owners", search="D2")["owners"]
    assert (listed["step"], listed["activated_at"]) == ("merged", None)
    [listed] = desk.read("owners", search="D1")["owners"]
    assert listed["activated_at"]
