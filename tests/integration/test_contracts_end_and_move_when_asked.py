"""Contracts end, and references move to another identifier, only when asked (rules 6, 9, 10)."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from provisioning.errors import OwnerUnknownError, RefusedError
from provisioning.owners.commands.move import Moving
from provisioning.server.target import Target
from tests.integration.desk import Capture, Desk, merge
from tests.integration.stage import PERSONAL, Stage, provisional, username
from tests.owner import claims

MOVED = "Un changement de vos contrats"


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def named(identifier: str, reference: str | None = None) -> dict[str, str]:
    return {"identifier": identifier, "reference": reference or f"REF-{identifier}", "role": "copropriétaire"}


def contracts(stage: Stage, email: str) -> list[tuple[str, str]]:
    """The contracts that the token of a new sign-in shows, as (reference, identifier)."""
    token = stage.signed_in(stage.browser(), email)["id_token"]
    return sorted(
        (one["reference"], identifier)
        for one in claims(token)["contracts"]
        for identifier in one["identifiers"]
    )


def agencies(stage: Stage, email: str) -> list[str]:
    return sorted(claims(stage.signed_in(stage.browser(), email)["id_token"])["organization"])


# ---- prune: the resource


def test_membership_ends_with_the_last_contract_and_the_identifier_stays(desk: Desk, stage: Stage) -> None:
    stage.activated("P1")
    stage.load("P1", reference="SECOND")
    email = stage.address("P1")
    assert desk.post("contracts/end", {"contracts": [named("P1", "SECOND")]}) == {"ended": 1}
    assert (contracts(stage, email), agencies(stage, email)) == ([("REF-P1", "P1")], ["1001-01"])
    assert desk.post("contracts/end", {"contracts": [named("p1", "REF-P1")]}) == {"ended": 1}
    assert (contracts(stage, email), agencies(stage, email)) == ([], [])
    assert desk.show("P1")["step"] == "ended"
    assert desk.actions("P1")[:2] == ["contracts-ended", "contracts-ended"]
    # The same owner's next contract finds the account.
    stage.load("P1", reference="THIRD")
    assert (contracts(stage, email), agencies(stage, email)) == ([("THIRD", "P1")], ["1001-01"])


def test_the_letter_of_who_has_no_contract_left_does_not_work_until_there_is_one(
    desk: Desk, stage: Stage
) -> None:
    stage.load("P2")
    owner = stage.browser()
    stage.begun(owner, "P2")
    link = stage.link(stage.address("P2"))
    desk.post("contracts/end", {"contracts": [named("P2")]})
    assert owner.get(link).screen == "login-link-refused"
    page = stage.browser().prove("1001", "01", "P2", provisional("P2"))
    assert page.screen == "login-provisional"
    assert page.alert == stage.browser().prove("1001", "01", "nobody", "x").alert
    merger = stage.activated("P2c")
    page = merger.get(merger.start("1001", "01").link("Je fusionne mes comptes"))
    page = merger.submit(page, email=stage.address("P2c"), identifier="P2", password=provisional("P2"))
    assert page.screen == "login-merge", "nothing to merge, and no membership without a contract"
    stage.load("P2")
    assert stage.browser().prove("1001", "01", "P2", provisional("P2")).screen == "login-address"


def test_ending_what_is_not_there_changes_nothing(desk: Desk, stage: Stage) -> None:
    stage.load("P3")
    gone = [
        named("P3", "OTHER"),
        named("nobody"),
        named("P3") | {"role": "locataire"},
    ]
    for _ in range(2):
        assert desk.post("contracts/end", {"contracts": gone}) == {"ended": 0}
    assert ("P3", "REF-P3") in desk.contracts()
    assert desk.actions("P3") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contracts": None},
        {"contracts": [None]},
        {"contracts": [{}]},
        {"contracts": [named("P3") | {"role": None}]},
        {"contracts": [named("P3")] * 1001},
    ],
)
def test_a_list_that_cannot_be_used_is_refused(desk: Desk, body: Any) -> None:
    assert desk.refusal("contracts/end", body)[0] == 400
    letters = {"identifiers": body.get("contracts")} if body else {}
    assert desk.call("POST", "letters", letters).status_code == 400


def test_another_agency_s_contracts_of_the_same_account_stay(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("P4")
    stage.load("P4", agency="2002/01")
    merge(owner, stage.address("P4"), "P4", "2002/01")
    assert desk.post("contracts/end", {"contracts": [named("P4")]}) == {"ended": 1}
    email = stage.address("P4")
    assert (contracts(stage, email), agencies(stage, email)) == ([("REF-P4", "P4")], ["2002-01"])


def test_ending_and_loading_at_once_lose_nothing_else(desk: Desk, stage: Stage) -> None:
    stage.activated("P5")
    for number in range(4):
        stage.load("P5", reference=f"OLD-{number}")
    with ThreadPoolExecutor(2) as threads:
        ending = threads.submit(
            desk.post, "contracts/end", {"contracts": [named("P5", f"OLD-{n}") for n in range(4)]}
        )
        loading = threads.submit(stage.load, "P5", reference="NEW")
        assert ending.result() == {"ended": 4}
        loading.result()
    assert sorted(one[1] for one in desk.contracts() if one[0] == "P5") == ["NEW", "REF-P5"]


# ---- prune: the import


AGENCY = "1001/02"


@pytest.fixture
def small(stage: Stage) -> Desk:
    """An agency of ten contracts."""
    desk = Desk(stage, AGENCY)
    load(desk, range(10))
    return desk


def line(identifier: str, reference: str | None = None) -> dict[str, str]:
    """A line of the file, with the reference of the identifier unless another is given."""
    return {
        "identifiant": identifier,
        "mot_de_passe": provisional(identifier),
        "reference": reference or f"REF-{identifier}",
    }


def load(desk: Desk, numbers: Iterable[int], *options: str, role: str = "copropriétaire") -> int:
    """`moncompte owners import` of these contracts, in English; its exit code."""
    lines = [line(f"Q{n:02}") | {"profil": role} for n in numbers]
    return desk.stage.realm.load(AGENCY, *lines, options=("--lang", "en", *options))


def test_contracts_that_the_file_no_longer_has_end_when_asked(small: Desk, capsys: Capture) -> None:
    before = small.contracts()
    assert load(small, range(9)) == 0
    assert small.contracts() == before, "nothing ends unless asked"
    capsys.readouterr()
    assert load(small, range(9), "--prune", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "Contracts that are no longer in the file: 1 of 10 (10.0 %)" in out
    assert "Q09 · REF-Q09" in out
    assert load(small, [*range(9), 11], "--prune") == 2, "nobody to ask"
    assert "nobody to ask" in capsys.readouterr().err
    assert small.contracts() == before, "nor was anything loaded"
    for told in ("Contracts ended: 1", "Contracts ended: 0"):
        assert load(small, range(9), "--prune", "--yes") == 0
        assert told in capsys.readouterr().out
    assert [one[0] for one in small.contracts()] == [f"Q{number:02}" for number in range(9)]


@pytest.mark.parametrize(
    ("numbers", "options", "role", "code", "words"),
    [
        (range(8), (), "copropriétaire", 2, "2 contracts of 10 (20.0 %)"),
        (range(5), ("--prune-share", "49.9"), "copropriétaire", 2, "50.0 %"),
        ((), ("--prune-share", "100"), "copropriétaire", 2, "no contract at all"),
        (range(9), (), "roi", 3, "some lines of the file (9) could not be used"),
    ],
    ids=["more than a tenth", "more than allowed", "an empty file", "lines refused"],
)
def test_a_file_that_is_suspicious_ends_nothing(
    small: Desk,
    capsys: Capture,
    numbers: Iterable[int],
    options: tuple[str, ...],
    role: str,
    code: int,
    words: str,
) -> None:
    before = small.contracts()
    capsys.readouterr()
    assert load(small, numbers, "--prune", "--yes", *options, role=role) == code
    assert words in capsys.readouterr().err
    assert small.contracts() == before


def test_a_larger_share_ends_when_it_is_allowed(small: Desk, capsys: Capture) -> None:
    assert load(small, range(5), "--prune", "--yes", "--prune-share", "50") == 0
    assert "Contracts ended: 5" in capsys.readouterr().out
    assert len(small.contracts()) == 5


def test_a_move_comes_before_the_file_is_loaded_and_pruned(small: Desk, capsys: Capture) -> None:
    """Q09 is Q19 in the software now; the dry run does not take its contract for one that ends."""
    before = small.show("Q09")
    small.stage.load("Q20", agency=AGENCY)
    lines = [*(line(f"Q{n:02}") for n in range(9)), line("Q19", "REF-Q09")]
    options = ("--lang", "en", "--move", "q09", "Q19", "--prune")
    capsys.readouterr()
    assert small.stage.realm.load(AGENCY, *lines, options=(*options, "--dry-run")) == 0
    out = capsys.readouterr().out
    assert "q09 (Hélène LEFÈVRE) is to become Q19" in out
    assert "no longer in the file: 1 of 11" in out
    assert "Q20 · REF-Q20" in out
    assert small.show("Q09") == before
    try:
        for _ in range(2):
            assert small.stage.realm.load(AGENCY, *lines, options=(*options, "--yes")) == 0
            assert sorted(small.contracts()) == sorted(
                [*((f"Q{n:02}", f"REF-Q{n:02}") for n in range(9)), ("Q19", "REF-Q09")]
            )
        assert "nothing to move" in capsys.readouterr().out
        assert small.call("GET", "owners/Q09").status_code == 404
    finally:
        small.post("owners/Q19/move", {"to": "Q09"})


# ---- move


def moving(desk: Desk, *pairs: tuple[str, str]) -> Moving:
    realm = desk.stage.realm
    return Moving(realm.keycloak, Target(realm.name, *desk.agency.split("/")), pairs)


def test_an_identifier_that_is_not_loaded_takes_the_place_of_the_old_one(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    owner = stage.activated("M1")
    stage.load("M1b", agency="2002/01")
    merge(owner, stage.address("M1"), "M1b", "2002/01")
    before = stage.admin.user(stage.address("M1"))
    moving(desk, ("M1", "N1")).run(dry_run=True, yes=True)
    assert stage.admin.user(stage.address("M1")) == before
    moving(desk, ("M1", "N1")).run(dry_run=False, yes=True)
    assert "M1 (Hélène LEFÈVRE) is to become N1" in capsys.readouterr().out

    after = stage.admin.user(stage.address("M1"))
    assert after["id"] == before["id"]
    assert sorted(after["attributes"]["identifiers"]) == ["1001/01/n1", "2002/01/m1b"]
    assert contracts(stage, stage.address("M1")) == [("REF-M1", "N1"), ("REF-M1b", "M1b")]
    assert desk.call("GET", "owners/M1").status_code == 404
    assert desk.show("N1")["step"] == "active"
    mail = stage.mail(stage.address("M1"), MOVED)
    for part in (mail.text, mail.html):
        assert "M1" in part
        assert "N1" in part
    event = desk.show("N1")["events"][0]
    assert (event["action"], event["identifier"], event["to"], event["contracts"]) == (
        "move",
        "M1",
        "N1",
        "1",
    )
    # The file's line of the new identifier finds the account; once more, nothing moves.
    stage.load("N1", reference="REF-M1")
    assert contracts(stage, stage.address("M1")) == [("REF-M1", "N1"), ("REF-M1b", "M1b")]
    moving(desk, ("M1", "N1")).run(dry_run=False, yes=True)
    assert "nothing to move" in capsys.readouterr().out


def test_a_letter_that_was_sent_works_with_the_new_identifier(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("M2")
    owner = stage.browser()
    stage.begun(owner, "M2")
    link = stage.link(stage.address("M2"))
    moving(desk, ("M2", "N2 é")).run(dry_run=False, yes=True)
    assert "another is needed" in capsys.readouterr().out
    assert owner.get(link).screen == "login-link-refused"
    assert stage.browser().prove("1001", "01", "M2", provisional("M2")).screen == "login-provisional"
    assert stage.browser().prove("1001", "01", "n2 é", provisional("M2")).screen == "login-address"


def test_contracts_pass_to_an_identifier_that_is_loaded(desk: Desk, stage: Stage) -> None:
    stage.activated("M3")
    stage.activated("N3")
    old, new = stage.address("M3"), stage.address("N3")
    moved = desk.post("owners/M3/move", {"to": "n3"})
    assert (moved["renamed"], len(moved["contracts"])) == (False, 1)
    assert (contracts(stage, old), agencies(stage, old)) == ([], [])
    assert contracts(stage, new) == [("REF-M3", "N3"), ("REF-N3", "N3")]
    left, came = stage.mail(old, MOVED), stage.mail(new, MOVED)
    assert "ils ne sont plus reliés à votre compte" in left.text
    assert "a ajouté les contrats ci-dessous" in came.text
    assert "REF-M3" in left.text
    assert "REF-M3" in came.text
    assert "N3" not in left.text, "somebody else's identifier is told to nobody"
    for identifier in ("M3", "N3"):
        assert desk.actions(identifier)[0] == "move"
    assert len(desk.post("owners/M3/move", {"to": "N3"})["contracts"]) == 0


def test_no_contract_is_doubled_by_a_move(desk: Desk, stage: Stage) -> None:
    stage.load("M4", "N4", reference="SAME")
    desk.post("owners/M4/move", {"to": "N4"})
    assert [one for one in desk.contracts() if one[1] == "SAME"] == [("N4", "SAME")]


def test_between_identifiers_of_one_account_nothing_is_lost(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("M5")
    stage.load("N5")
    merge(owner, stage.address("M5"), "N5")
    desk.post("owners/M5/move", {"to": "N5"})
    assert contracts(stage, stage.address("M5")) == [("REF-M5", "N5"), ("REF-N5", "N5")]
    assert agencies(stage, stage.address("M5")) == ["1001-01"]


def test_a_merge_of_a_renamed_identifier_can_be_undone(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("M6")
    stage.load("M6b")
    merge(owner, stage.address("M6"), "M6b")
    desk.post("owners/M6b/move", {"to": "N6b"})
    assert desk.run("unmerge", "N6b", "--yes", "--credentials", desk.letters) == 0
    assert stage.account("N6b")["attributes"]["identifiers"] == ["1001/01/n6b"]
    page = stage.browser().prove("1001", "01", "N6b", desk.written_password("N6b"))
    assert page.screen == "login-address"
    assert contracts(stage, stage.address("M6")) == [("REF-M6", "M6")]


def test_a_move_that_cannot_be_is_refused_before_anything_moves(desk: Desk, stage: Stage) -> None:
    stage.load("M7", "M7b")
    stage.admin.do("POST", "users", {"username": username("N7"), "enabled": True})
    with pytest.raises(RefusedError, match="made by hand"):
        moving(desk, ("M7b", "N7b"), ("M7", "N7")).run(dry_run=False, yes=True)
    assert desk.show("M7b")["step"] == "loaded"
    with pytest.raises(OwnerUnknownError):
        moving(desk, ("nobody", "nobody-else")).run(dry_run=False, yes=True)
    for to in ("m7", "", "x\u0000", "x" * 65):
        assert desk.refusal("owners/M7/move", {"to": to}) == (400, "identifier_invalid")


def test_two_moves_at_once_are_one(desk: Desk, stage: Stage) -> None:
    stage.load("M8")
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(desk.call, "POST", "owners/M8/move", {"to": "N8"}) for _ in range(4)]
    moved = [len(answer.result().json().get("contracts", [])) for answer in answers]
    assert sorted(moved) == [0, 0, 0, 1]
    assert [one for one in desk.contracts() if one[1] == "REF-M8"] == [("N8", "REF-M8")]


def test_an_identifier_of_another_agency_is_no_target(desk: Desk, stage: Stage) -> None:
    """The other agency's X9 is another identifier: ours is renamed within ours."""
    stage.load("X9", agency="2002/01")
    stage.load("M9")
    desk.post("owners/M9/move", {"to": "X9"})
    assert stage.account("X9")["attributes"]["identifiers"] == ["1001/01/x9"]
    assert [one for one in Desk(stage, "2002/01").contracts() if one[0] == "X9"] == [("X9", "REF-X9")]
    assert stage.gets_in(stage.address("M5"), PERSONAL)
