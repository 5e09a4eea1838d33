"""`moncompte owners status`: the numbers of an agency, and a page that its manager understands."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.desk import Capture, Desk, merge
from tests.integration.stage import Stage, provisional


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    """Eight owners on their way, and one without a contract."""
    desk = Desk(stage)
    browser = stage.activated("active")
    stage.load("merged", "letter", "started", "waiting", "disabled", "ended", "loaded-1", "loaded-2")
    merge(browser, stage.address("active"), "merged")
    desk.post("letters", {"identifiers": ["letter", "waiting"]})
    stage.browser().prove("1001", "01", "started", provisional("started"))
    stage.begun(stage.browser(), "waiting")
    desk.post("owners/disabled/disable")
    ended = {"identifier": "ended", "reference": "REF-ended", "role": "copropriétaire"}
    desk.post("contracts/end", {"contracts": [ended]})
    stage.load("active", "foreign", agency="1001/02")
    return desk


def test_each_number_counts_what_it_says(desk: Desk, capsys: Capture) -> None:
    found = desk.json(capsys, "status")
    steps = found.pop("steps")
    assert found == {
        "agency": "1001/01",
        "name": "Agence du Vieux-Port",
        "loaded": 8,
        "letter": 5,
        "started": 4,
        "waiting": 1,
        "active": 1,
        "merged": 1,
        "expired": 0,
        "disabled": 1,
        "locked": 0,
    }
    assert steps == {
        "loaded": 2,
        "letter": 1,
        "started": 1,
        "waiting": 1,
        "active": 1,
        "merged": 1,
        "expired": 0,
        "disabled": 1,
        "ended": 1,
    }
    assert sum(steps.values()) - steps["ended"] == found["loaded"]


def test_an_agency_counts_its_own(desk: Desk, stage: Stage, capsys: Capture) -> None:
    assert desk.json(capsys, "status")["loaded"] == 8
    assert Desk(stage, "1001/02").json(capsys, "status")["loaded"] == 2
    empty = Desk(stage, "2002/01").json(capsys, "status")
    assert (empty["loaded"], set(empty["steps"].values())) == (0, {0})
    assert Desk(stage, "2002/01").run("status") == 0


def test_the_table_is_for_people(desk: Desk, capsys: Capture) -> None:
    assert desk.run("status") == 0
    out = capsys.readouterr().out
    assert "Agence du Vieux-Port (1001/01)" in out
    assert "Have their access" in out
    assert "25 %" in out


def test_the_page_is_whole_in_one_file(desk: Desk, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "status.html"
    assert desk.run("status", "--html", file) == 0
    assert str(file) in capsys.readouterr().out
    page = file.read_text(encoding="utf-8")
    assert "Agence du Vieux-Port" in page
    assert "<svg" in page
    for fetched in ("<script", "<link", "<img", "@import", "url(", "src=", "href="):
        assert fetched not in page


def test_letters_are_noted_once_made_and_not_for_who_has_an_account(desk: Desk) -> None:
    body: Any = {"identifiers": ["LETTER", "letter", "active", "merged", "nobody", "x" * 65]}
    assert desk.post("letters", body) == {"marked": 1}
    assert "letter_at" not in desk.show("active")
    assert desk.show("letter")["letter_at"]
