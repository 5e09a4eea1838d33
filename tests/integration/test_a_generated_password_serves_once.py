"""Rule 3: a generated password is for one provisional account and never used again."""

from pathlib import Path

import pytest

from tests.integration.desk import Capture, Desk
from tests.integration.stage import Stage, provisional
from tests.integration.test_import_command import generated, line, opens, written
from tests.realms import RealmMaker, TestRealm
from tests.unit.letter_pages import pages


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    return make_realm(limits={"per_source": 1000})


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def named(identifier: str, name: str) -> str:
    return line(identifier, nom=name)


def test_the_next_person_does_not_get_the_letter_of_the_one_before(
    desk: Desk, tmp_path: Path, capsys: Capture
) -> None:
    letters = tmp_path / "letters.csv"
    assert desk.run("import", written(tmp_path, named("U1", "AVANT")), "--credentials", letters) == 0
    before = generated(letters)["U1"]
    assert desk.run("release", "U1", "--yes") == 0
    capsys.readouterr()
    assert desk.run("import", written(tmp_path, named("U1", "APRÈS")), "--credentials", letters) == 0
    said = capsys.readouterr().out
    assert "passwords generated: 1" in said
    assert "no longer count (1): U1" in said
    assert generated(letters)["U1"] != before
    assert not opens(desk.stage, "U1", before)
    assert opens(desk.stage, "U1", generated(letters)["U1"])


def test_passwords_that_are_replaced_stop_working(desk: Desk, tmp_path: Path, capsys: Capture) -> None:
    letters, file = tmp_path / "letters.csv", written(tmp_path, line("U2"), line("U3", "Choisi-ici-33"))
    assert desk.run("import", file, "--credentials", letters) == 0
    before = generated(letters)["U2"]
    capsys.readouterr()
    assert desk.run("import", file, "--credentials", letters, "--replace-passwords") == 0
    assert "passwords generated: 1" in capsys.readouterr().out
    assert not opens(desk.stage, "U2", before)
    assert opens(desk.stage, "U2", generated(letters)["U2"])


def test_a_reissued_password_is_not_the_next_person_s(desk: Desk, tmp_path: Path) -> None:
    letters, file = tmp_path / "letters.csv", written(tmp_path, line("U4"))
    assert desk.run("import", file, "--credentials", letters) == 0
    assert desk.run("reissue", "U4", "--credentials", letters) == 0
    reissued = generated(letters)["U4"]
    assert desk.run("release", "U4", "--yes") == 0
    assert desk.run("import", file, "--credentials", letters) == 0
    assert generated(letters)["U4"] != reissued
    assert not opens(desk.stage, "U4", reissued)


def test_an_identifier_that_moved_leaves_its_password_behind(desk: Desk, tmp_path: Path) -> None:
    letters, file = tmp_path / "letters.csv", written(tmp_path, named("U5", "PREMIER"))
    assert desk.run("import", file, "--credentials", letters) == 0
    moved = generated(letters)["U5"]
    now = written(tmp_path, named("U6", "PREMIER"), named("U5", "SECOND"))
    assert desk.run("import", now, "--credentials", letters, "--move", "U5", "U6", "--yes") == 0
    assert opens(desk.stage, "U6", moved)
    assert not opens(desk.stage, "U5", moved)


def test_letters_with_a_dead_password_are_not_made(desk: Desk, tmp_path: Path, capsys: Capture) -> None:
    letters, other = tmp_path / "letters.csv", tmp_path / "other.csv"
    lines = [line("V1"), line("V2"), line("V3", provisional("V3")), line("V4", provisional("V4"))]
    file = written(tmp_path, *lines)
    assert desk.run("import", file, "--credentials", letters) == 0
    for identifier in ("V1", "V3"):
        assert desk.run("reissue", identifier, "--credentials", other) == 0
    output = tmp_path / "letters.pdf"
    capsys.readouterr()
    assert desk.run("letters", file, "--credentials", letters, "-o", output) == 3
    assert "no longer accepts their password (2): V1, V3" in capsys.readouterr().out
    assert len(pages(output)) == 2
    assert "letter_at" not in desk.show("V1")


def test_a_chosen_password_is_printed_when_the_generated_one_is_dead(desk: Desk, tmp_path: Path) -> None:
    letters = tmp_path / "letters.csv"
    assert desk.run("import", written(tmp_path, line("V5")), "--credentials", letters) == 0
    chosen = written(tmp_path, line("V5", "Tulipe-jaune-5"))
    assert desk.run("import", chosen, "--replace-passwords") == 0
    output = tmp_path / "letters.pdf"
    assert desk.run("letters", chosen, "--credentials", letters, "-o", output) == 0
    assert "Tulipe-jaune-5" in pages(output)[0].text


def test_whether_passwords_work_is_told_to_the_agency_that_has_them_only(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("import", written(tmp_path, line("W1", provisional("W1")))) == 0
    letter = {"identifier": " w1", "password": provisional("W1")}
    wrong = [letter | {"password": "x"}, letter | {"identifier": "W999"}, letter | {"identifier": ""}]
    assert desk.post("letters/check", {"letters": [letter, *wrong]}) == {"work": [True, False, False, False]}
    assert Desk(desk.stage, "1001/02").post("letters/check", {"letters": [letter]}) == {"work": [False]}
    # Nobody is locked out by it.
    assert opens(desk.stage, "W1", provisional("W1"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"letters": None},
        {"letters": [None]},
        {"letters": [{"identifier": 1, "password": "x"}]},
        {"letters": [{"identifier": "W1", "password": "x"}] * 101},
    ],
)
def test_a_request_about_passwords_is_bounded(desk: Desk, body: object) -> None:
    assert desk.refusal("letters/check", body)[0] == 400


def test_asking_about_dead_passwords_is_limited(desk: Desk) -> None:
    agency = Desk(desk.stage, "2002/01")
    dead = {"letters": [{"identifier": "X1", "password": "x"}]}
    answers = [agency.call("POST", "letters/check", dead).status_code for _ in range(301)]
    assert answers == [200] * 300 + [429]
