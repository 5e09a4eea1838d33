"""Owners are listed and found by agency IT, of its own agency only (specification, rule 10)."""

import pytest

from provisioning.support import support
from tests.integration.between import Between
from tests.integration.desk import Capture, Desk, merge, password_body
from tests.integration.stage import PERSONAL, Stage, local, provisional
from tests.realms import Json, RealmMaker, TestRealm


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Four guesses lock an account here."""
    return make_realm(limits={"failures": 4, "per_source": 100_000, "mails_per_hour": 10_000})


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    """An agency with an owner in each state."""
    stage.activated("A-active")
    browser = stage.activated("A-merge-into")
    stage.load("M-merged", nom="MERLE", prenom="Zoé")
    merge(browser, stage.address("A-merge-into"), "M-merged")
    for identifier in ("L-loaded", "L-letter", "S-started", "W-waiting", "D-disabled", "E-ended", "K-locked"):
        stage.load(identifier)
    stage.load("N-é 1", nom="D'ÉTÉ-ROUGE", prenom="Anaïs", email="anais@nulle-part.example")
    desk = Desk(stage)
    desk.post("letters", {"identifiers": ["L-letter", "S-started", "nobody"]})
    assert (
        stage.browser().prove("1001", "01", "S-started", provisional("S-started")).screen == "login-address"
    )
    stage.begun(stage.browser(), "W-waiting")
    desk.post("owners/D-disabled/disable")
    ended = {"identifier": "E-ended", "reference": "REF-E-ended", "role": "copropriétaire"}
    assert desk.post("contracts/end", {"contracts": [ended]}) == {"ended": 1}
    for _ in range(4):
        stage.browser().prove("1001", "01", "K-locked", "Faux-Mot-0")
    # Neighbours that a prefix of the codes or of the identifier must not mix up.
    stage.load("A-active", "Z-other", agency="1001/02", nom="ÉTRANGER")
    stage.load("L-loaded", agency="2002/01")
    return desk


def listed(desk: Desk, **params: str) -> list[str]:
    """The identifiers of a list, page after page of one."""
    found: list[str] = []
    first: dict[str, str] = {}
    while True:
        page = desk.read("owners", max="1", **params, **first)
        assert len(page["owners"]) <= 1
        found += [owner["identifier"] for owner in page["owners"]]
        if page["next"] is None:
            return found
        first = {"first": page["next"]}


ALL = [
    *("A-active", "A-merge-into", "D-disabled", "E-ended", "K-locked", "L-letter", "L-loaded", "M-merged"),
    *("N-é 1", "S-started", "W-waiting"),
]


def test_owners_are_listed_page_after_page_in_the_order_of_their_identifiers(desk: Desk) -> None:
    assert listed(desk) == ALL
    whole = desk.read("owners", max="500")
    assert [owner["identifier"] for owner in whole["owners"]] == ALL
    assert whole["next"] is None


def test_each_owner_stands_on_one_step(desk: Desk) -> None:
    steps = {owner["identifier"]: owner["step"] for owner in desk.read("owners")["owners"]}
    assert steps == {
        "A-active": "active",
        "A-merge-into": "active",
        "M-merged": "merged",
        "L-loaded": "loaded",
        "N-é 1": "loaded",
        "K-locked": "loaded",
        "L-letter": "letter",
        "S-started": "started",
        "W-waiting": "waiting",
        "D-disabled": "disabled",
        "E-ended": "ended",
    }
    for identifier, step in steps.items():
        assert desk.show(identifier)["step"] == step


@pytest.mark.parametrize(
    ("state", "identifiers"),
    [
        ("letter", ["L-letter"]),
        ("waiting", ["W-waiting"]),
        ("merged", ["M-merged"]),
        ("disabled", ["D-disabled"]),
        ("ended", ["E-ended"]),
        ("locked", ["K-locked"]),
        ("personal", ["A-active", "A-merge-into", "M-merged"]),
        ("expired", []),
    ],
)
def test_a_list_of_one_state_holds_those_in_it(desk: Desk, state: str, identifiers: list[str]) -> None:
    assert listed(desk, state=state) == identifiers


@pytest.mark.parametrize(
    ("search", "identifiers"),
    [
        ("l-", ["L-letter", "L-loaded"]),
        ("ANAIS d'ete", ["N-é 1"]),
        ("rouge anaïs", ["N-é 1"]),
        ("n-e", ["N-é 1"]),
        ("anais@nulle-part.example", ["N-é 1"]),
        ("anais@nulle-part", []),
        ("étranger", []),
        ("merle", ["M-merged"]),
        ("%", []),
        ("_", []),
    ],
)
def test_owners_are_found_by_identifier_name_or_address(
    desk: Desk, search: str, identifiers: list[str]
) -> None:
    assert listed(desk, search=search) == identifiers


def test_an_owner_is_found_by_the_agency_s_address_and_not_by_the_account_s(desk: Desk, stage: Stage) -> None:
    """A search does not tell whether a personal account has an address (rule 10)."""
    own = "own-address@nulle-part.example"
    stage.load("V2", nom="VERDIER", prenom="Luc")
    browser = stage.browser()
    page = browser.begin_activation("1001", "01", "V2", provisional("V2"), own, PERSONAL)
    assert page.screen == "login-verify-address", page.text
    assert browser.confirm(stage.link(own)).screen == "login-address-confirmed"
    try:
        assert listed(desk, search=own) == []
        assert desk.run("show", own) == 1
        assert listed(desk, search=stage.address("V2").upper()) == ["V2"]
        assert listed(desk, search=stage.address("M-merged")) == ["M-merged"]
    finally:
        desk.post("owners/V2/release", {"person_is_gone": True})


def entry(desk: Desk, identifier: str) -> Json:
    return next(one for one in desk.read("owners")["owners"] if one["identifier"] == identifier)


def test_of_a_personal_account_the_address_is_masked(desk: Desk, stage: Stage) -> None:
    active = entry(desk, "A-active")
    assert active["masked_email"] == f"a•••@{stage.realm.name}.example"
    assert active["suggested_email"] is None
    assert (active["state"], active["expires"]) == ("personal", None)
    assert active["activated_at"]
    assert active["loaded_at"]
    waiting = entry(desk, "W-waiting")
    assert waiting["masked_email"] is None
    assert waiting["suggested_email"] == stage.address("W-waiting")
    assert waiting["expires"]
    assert entry(desk, "M-merged")["loaded_at"] is None
    assert entry(desk, "L-letter")["letter_at"]
    assert entry(desk, "K-locked")["locked"] is True
    assert entry(desk, "D-disabled")["enabled"] is False
    assert (entry(desk, "E-ended")["contracts"], entry(desk, "L-loaded")["contracts"]) == (0, 1)


def test_a_name_that_only_another_agency_holds_finds_nobody(desk: Desk, stage: Stage) -> None:
    """The account of A-merge-into has the name of its agency; M-merged came with another."""
    stage.load("V1", agency="2002/01", nom="SECRETNAME", prenom="Léa")
    browser = stage.browser()
    stage.begun(browser, "V1", agency="2002/01")
    browser.confirm(stage.link(stage.address("V1")))
    stage.load("V1b", nom="AUTRE", prenom="Léa")
    merge(browser, stage.address("V1"), "V1b")
    try:
        assert listed(desk, search="secretname") == []
        assert listed(desk, search="autre") == ["V1b"]
        assert "SECRETNAME" not in desk.call("GET", "owners/V1b").text
    finally:
        desk.post("owners/V1b/release", {"person_is_gone": True})


def test_a_question_that_cannot_be_understood_is_refused(desk: Desk) -> None:
    answer = desk.call("GET", "owners", state="nonsense")
    assert (answer.status_code, answer.json()["code"]) == (400, "state_unknown")
    for most in ("0", "-5", "501", "1000000", "x"):
        assert desk.call("GET", "owners", max=most).json()["code"] == "max_invalid", most
    assert desk.call("GET", "contracts", max="1001").json()["code"] == "max_invalid"
    assert desk.read("owners", first="zzzz")["owners"] == []
    # Keycloak lets no control character in.
    for path, name in (
        ("owners", "search"),
        ("owners", "first"),
        ("contracts", "first"),
    ):
        assert desk.call("GET", path, **{name: "a\0b"}).status_code == 400, (path, name)


# ---- the command


def test_the_command_lists_and_says_when_there_are_more(desk: Desk, capsys: Capture) -> None:
    assert desk.run("list", "--limit", "2") == 0
    out = capsys.readouterr().out
    assert "A-merge-into" in out
    assert "D-disabled" not in out
    assert "--limit 0" in out
    assert desk.run("list", "--state", "letter") == 0
    out = capsys.readouterr().out
    assert "L-letter" in out
    assert "--limit 0" not in out
    found = desk.json(capsys, "list", "--search", "merle")
    assert [one["identifier"] for one in found] == ["M-merged"]
    assert desk.json(capsys, "list", "--state", "expired") == []
    assert desk.run("list", "--state", "expired") == 0
    assert capsys.readouterr().out == "No owner.\n"


def test_the_command_asks_for_no_more_pages_than_it_shows_and_json_has_them_all(
    desk: Desk, stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(support, "PAGE", 2)
    whole = desk.read("owners", max="500")["owners"]
    with Between(stage.realm.server.url) as line:
        through = Desk(stage, url=line.url)
        capsys.readouterr()
        assert through.run("list", "--limit", "3") == 0
        out = capsys.readouterr().out
        assert line.count("GET", "/owners") == 2
        assert ALL[2] in out
        assert ALL[3] not in out
        assert through.json(capsys, "list", "--limit", "1") == whole[:1]
        assert line.count("GET", "/owners") == 3
        assert through.json(capsys, "list") == whole
        assert through.run("list", "--limit", "0") == 0
        out = capsys.readouterr().out
        assert all(identifier in out for identifier in ALL)
        assert "--limit 0" not in out


def test_what_was_typed_cannot_drive_the_terminal(desk: Desk, capsys: Capture) -> None:
    odd = {"name": "x\x1b[2J[red]", "step": "something-new"}
    event = {"at": "2026-01-01T00:00:00Z", "type": "SOMETHING_NEW", "identifier": "P\x1b0"}
    with Between(desk.stage.realm.server.url) as line:
        line.alter("GET", "/owners", lambda page: page | {"owners": [one | odd for one in page["owners"]]})
        line.alter("GET", "/owners/A-active", lambda owner: owner | odd | {"events": [event]})
        through = Desk(desk.stage, url=line.url)
        for arguments in (("list",), ("show", "A-active")):
            capsys.readouterr()
            assert through.run(*arguments) == 0
            out = capsys.readouterr().out
            assert "\x1b" not in out
            assert "[2J[red]" in out
            assert "something-new" in out
    assert f"{local(str(event['at']))} · SOMETHING_NEW · P\N{REPLACEMENT CHARACTER}0" in out


def test_show_finds_by_name_and_names_the_candidates_when_there_are_several(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert desk.json(capsys, "show", "A-active") == desk.show("A-active")
    assert desk.json(capsys, "show", "zoe merle")["identifier"] == "M-merged"
    assert desk.json(capsys, "show", "l-LETTER")["identifier"] == "L-letter"
    assert desk.run("show", "lefevre") == 2
    err = capsys.readouterr().err
    assert "A-active · Hélène LEFÈVRE" in err
    assert "several owners" in err
    assert desk.run("show", "personne") == 1
    err = capsys.readouterr().err
    assert "no owner whose identifier, name or address" in err
    assert "“personne”" in err
    # Ten candidates are named, and that there are more; nothing is done to any of them.
    monkeypatch.setattr(support, "CANDIDATES", 3)
    before = desk.read("owners")
    assert desk.run("disable", "lefevre", "--yes") == 2
    err = capsys.readouterr().err
    assert "D-disabled · Hélène LEFÈVRE" in err
    assert "E-ended" not in err
    assert err.rstrip().endswith("…")
    assert desk.read("owners") == before


def test_another_agency_finds_its_own_only(desk: Desk, stage: Stage) -> None:
    assert listed(desk)  # the other agency's owners have been loaded
    other = Desk(stage, "1001/02")
    assert listed(other) == ["A-active", "Z-other"]
    assert entry(other, "A-active")["step"] == "loaded"
    assert [one[0] for one in other.contracts()] == ["A-active", "Z-other"]
    for identifier in ("W-waiting", "M-merged"):
        for what, body in (
            ("reissue", password_body()),
            ("resend", {}),
            ("disable", {}),
            ("enable", {}),
            ("release", {"person_is_gone": False}),
            ("release", {"person_is_gone": True}),
            ("move", {"to": "X1"}),
        ):
            assert other.refusal(f"owners/{identifier}/{what}", body) == (404, "owner_unknown"), what
    assert other.post("letters", {"identifiers": ["W-waiting", "L-loaded"]}) == {"marked": 0}
    ending = {"identifier": "L-loaded", "reference": "REF-L-loaded", "role": "copropriétaire"}
    assert other.post("contracts/end", {"contracts": [ending]}) == {"ended": 0}
    assert other.run("show", "merle") == 1
    assert entry(desk, "L-loaded")["contracts"] == 1
    assert entry(desk, "W-waiting")["letter_at"] is None
