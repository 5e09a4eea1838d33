"""`moncompte owners list, show, reissue, resend, disable, enable, release`: what is asked, printed, sent."""

import csv
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from provisioning.cli import run
from provisioning.errors import OwnerUnknownError, RefusedError
from provisioning.keycloak import Keycloak
from provisioning.passwords import is_generated

Capture = pytest.CaptureFixture[str]
Json = dict[str, Any]

OWNER: Json = {
    "identifier": "P1",
    "name": "Anne =DUPONT",
    "state": "provisional",
    "step": "letter",
    "enabled": True,
    "locked": False,
    "contracts": [
        {"agency": "1001/01", "identifier": "P1", "reference": "R-1", "role": "locataire", "address": ""},
        {"agency": "1001/01", "identifier": "P9", "reference": "R-9", "role": "locataire", "address": ""},
    ],
    "contacts": [
        {"agency": "1001/01", "identifier": "P9", "last_name": "AUTRE", "first_name": "Nom"},
        {"agency": "1001/01", "identifier": "P1", "last_name": "=DUPONT", "first_name": "Anne"},
    ],
    "expires": "2026-02-03T00:00:00Z",
    "merges": [],
    "events": [
        {"at": "2026-01-02T03:04:05Z", "action": "move", "identifier": "P0", "to": "P1", "contracts": "1"},
        {"at": "2026-01-01T03:04:05Z", "action": "something\x1bnew", "identifier": "P0"},
    ],
}
PERSONAL = {key: value for key, value in OWNER.items() if key != "expires"} | {
    "state": "personal",
    "step": "active",
    "masked_email": "a•••@exemple.fr",
}
ASKED = {"asked": "2026-01-02T00:00:00Z", "due": "2026-01-05T00:00:00Z"}


def entry(number: int) -> Json:
    return {
        "identifier": f"P{number}",
        "name": f"Nom {number}",
        "state": "provisional",
        "step": "loaded",
        "masked_email": None,
        "suggested_email": f"p{number}@exemple.fr",
        "contracts": 1,
        "loaded_at": "2026-01-01T00:00:00Z",
        "letter_at": None,
        "expires": "2026-02-01T00:00:00Z",
        "activated_at": None,
        "locked": False,
        "enabled": True,
    }


class Server:
    """What the commands ask of the server, and what that answers."""

    def __init__(self) -> None:
        self.owner: Json = OWNER
        self.owners: list[Json] = []
        self.page = 2
        self.pages_asked = 0
        self.asked: list[tuple[str, Json]] = []
        self.answers: dict[str, Json] = {}
        self.refusal: Exception | None = None

    def show(self, realm: str, alias: str, identifier: str) -> Json:
        assert (realm, alias) == ("moncompte", "1001-01")
        known = {self.owner["identifier"]} | {one["identifier"] for one in self.owners}
        if identifier.upper() not in known:
            raise OwnerUnknownError("no such owner")
        return self.owner | {"identifier": identifier.upper()}

    def agency(
        self,
        method: str,
        realm: str,
        alias: str,
        *parts: str,
        body: Json | None = None,
        params: Mapping[str, str] | None = None,
        identifier: str | None = None,
    ) -> Json:
        assert (realm, alias) == ("moncompte", "1001-01")
        if parts == ("owners",):
            return self.listed(dict(params or {}))
        assert method == "post"
        assert identifier == parts[1]
        if self.refusal is not None:
            raise self.refusal
        self.asked.append(("/".join(parts), body or {}))
        return {"identifier": parts[1]} | self.answers.get(parts[2], {})

    def listed(self, params: dict[str, str]) -> Json:
        self.pages_asked += 1
        begin = int(params.get("first", "0"))
        found = [one for one in self.owners if params.get("search", "") in one["name"]]
        end = begin + self.page
        return {"owners": found[begin:end], "next": str(end) if end < len(found) else None}

    @property
    def sent(self) -> list[str]:
        return [what for what, _ in self.asked]


class Terminal(io.StringIO):
    """Somebody at a terminal, who answers."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    for name in ("URL", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"MONCOMPTE_{name}", "http://127.0.0.1:1")
    for name in ("MONCOMPTE_CLIENT_SECRET_FILE", "MONCOMPTE_REALM", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(Keycloak, "owner", lambda _, *given: server.show(*given))
    monkeypatch.setattr(Keycloak, "agency", lambda _, *given, **named: server.agency(*given, **named))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return server


def said(capsys: Capture, *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `moncompte owners …`."""
    capsys.readouterr()
    code = run(["owners", *map(str, arguments), "--agency", "1001/01"])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return code, captured.out, captured.err


def kept(file: Path) -> list[list[str]]:
    """The lines of a credentials file below its header."""
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")), delimiter=";"))[1:]


# ---- list


def test_a_table_stops_at_its_limit_and_asks_for_no_further_page(server: Server, capsys: Capture) -> None:
    server.owners = [entry(number) for number in range(9)]
    code, out, _ = said(capsys, "list", "--limit", "3")
    assert code == 0
    assert "P2" in out
    assert "P3" not in out
    assert "--limit 0" in out
    assert server.pages_asked == 2
    code, out, _ = said(capsys, "list", "--limit", "0")
    assert "P8" in out
    assert "--limit 0" not in out


def test_json_has_them_all_and_is_json_when_there_is_none(server: Server, capsys: Capture) -> None:
    server.owners = [entry(number) for number in range(9)]
    code, out, _ = said(capsys, "list", "--json")
    assert code == 0
    assert json.loads(out) == server.owners
    assert json.loads(said(capsys, "list", "--json", "--limit", "1")[1]) == server.owners[:1]
    server.owners = []
    assert json.loads(said(capsys, "list", "--json")[1]) == []
    assert "Aucun propriétaire." in said(capsys, "list")[1]


def test_what_was_typed_cannot_drive_the_terminal(server: Server, capsys: Capture) -> None:
    server.owners = [entry(1) | {"name": "x\x1b[2J[red]", "step": "something-new"}]
    code, out, _ = said(capsys, "list")
    assert code == 0
    assert "\x1b[2J" not in out
    assert "[red]" in out
    assert "something-new" in out


# ---- show


def test_an_owner_is_shown_in_words(server: Server, capsys: Capture) -> None:
    code, out, _ = said(capsys, "show", "p1")
    assert code == 0
    assert "P1 (1001/01) · Anne =DUPONT" in out
    assert "Étape : courrier fait" in out
    assert "contrats déplacés · P0 → P1" in out
    assert "\x1b" not in out
    assert server.pages_asked == 0


def test_warnings_are_shown(server: Server, capsys: Capture) -> None:
    server.owner = PERSONAL | {"enabled": False, "locked": True, "release": ASKED}
    _, out, _ = said(capsys, "show", "P1", "--lang", "en")
    assert "This account is disabled." in out
    assert "the lock ends by itself" in out
    assert "possible from 2026-01-05" in out
    server.owner = PERSONAL | {"release": ASKED | {"refused": "2026-01-03T00:00:00Z"}}
    _, out, _ = said(capsys, "show", "P1", "--lang", "en")
    assert "refused on 2026-01-03" in out


def test_a_name_of_several_names_them_and_changes_nothing(server: Server, capsys: Capture) -> None:
    server.owners = [entry(number) for number in range(20)]
    code, _, err = said(capsys, "disable", "Nom", "--yes")
    assert code == 2
    assert "P0 · Nom 0" in err
    assert "P9 · Nom 9" in err
    assert "Nom 10" not in err
    assert "…" in err
    assert server.sent == []


def test_nobody_of_that_name_is_said_so(server: Server, capsys: Capture) -> None:
    assert server.owners == []
    code, _, err = said(capsys, "show", "Personne")
    assert code == 1
    assert "« Personne »" in err
    assert said(capsys, "show", " ")[0] == 2


# ---- asking


@pytest.mark.parametrize(("answer", "code", "sent"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0)])
def test_an_owner_found_by_a_name_is_confirmed_on_a_terminal(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: Capture, answer: str, code: int, sent: int
) -> None:
    server.owners = [entry(7)]
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    found, _, err = said(capsys, "disable", "Nom 7")
    assert found == code
    assert "« Nom 7 » : est-ce bien P7, Anne =DUPONT ?" in err
    assert len(server.sent) == sent


def test_without_a_terminal_only_an_identifier_is_taken_unasked(server: Server, capsys: Capture) -> None:
    server.owners = [entry(7)]
    code, _, err = said(capsys, "disable", "Nom 7")
    assert code == 2
    assert "--yes" in err
    assert server.sent == []
    assert said(capsys, "disable", "Nom 7", "--yes")[0] == 0
    assert said(capsys, "disable", "p1")[0] == 0
    assert server.sent == ["owners/P7/disable", "owners/P1/disable"]


# ---- reissue


def test_a_new_password_is_on_disk_and_never_shown(server: Server, capsys: Capture, tmp_path: Path) -> None:
    server.answers["reissue"] = {"expires": "2026-03-01T00:00:00Z"}
    file = tmp_path / "letters.csv"
    code, out, _ = said(capsys, "reissue", "P1", "--credentials", file)
    assert code == 0
    [(what, body)] = server.asked
    assert what == "owners/P1/reissue"
    assert body["password"]["generated"] is True
    [line] = kept(file)
    assert line[0] == "P1"
    assert is_generated(line[1])
    assert line[2:] == ["'=DUPONT", "Anne", "1001/01"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert line[1] not in out + json.dumps(body)
    assert "2026-03-01" in out
    assert str(file) in out


def test_reissue_needs_a_place_for_the_password(server: Server, capsys: Capture) -> None:
    code, _, err = said(capsys, "reissue", "P1")
    assert code == 2
    assert "--credentials" in err
    assert server.sent == []


def test_an_owner_who_has_activated_gets_no_password_and_no_line(
    server: Server, capsys: Capture, tmp_path: Path
) -> None:
    server.owner = PERSONAL
    file = tmp_path / "letters.csv"
    code, _, err = said(capsys, "reissue", "P1", "--credentials", file)
    assert code == 1
    assert "a déjà activé son compte" in err
    assert server.sent == []
    assert not file.exists()


# ---- resend, disable, enable


@pytest.mark.parametrize(
    ("outcome", "code", "words"),
    [("sent", 0, "repart vers a•••@"), ("cooling_down", 1, "dans 42 s"), ("too_many", 1, "dans une heure")],
)
def test_whether_the_mail_left_is_said(
    server: Server, capsys: Capture, outcome: str, code: int, words: str
) -> None:
    server.answers["resend"] = {"outcome": outcome, "masked_email": "a•••@exemple.fr", "wait": 42}
    found, out, err = said(capsys, "resend", "P1")
    assert found == code
    assert words in out + err


@pytest.mark.parametrize("reason", ["nothing_waiting", "personal_account", "disabled_by_operator"])
def test_what_the_server_refuses_is_said_in_the_language_of_the_person(
    server: Server, capsys: Capture, reason: str
) -> None:
    server.refusal = RefusedError("English words", 409, reason)
    code, _, err = said(capsys, "disable", "P1")
    assert code == 1
    assert "English words" not in err
    assert "moncompte: " in err
    server.refusal = RefusedError("English words", 409, "something_new")
    assert "English words" in said(capsys, "disable", "P1")[2]


@pytest.mark.parametrize("command", ["disable", "enable"])
def test_programs_get_what_the_server_answered(server: Server, capsys: Capture, command: str) -> None:
    server.answers[command] = {"enabled": command == "enable"}
    code, out, _ = said(capsys, command, "P1", "--json")
    assert code == 0
    assert json.loads(out) == {"identifier": "P1", "enabled": command == "enable"}
    code, out, _ = said(capsys, command, "P1")
    assert "Anne =DUPONT" in out


# ---- release


def test_release_says_what_leaves_and_asks(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    server.owner = PERSONAL
    code, out, err = said(capsys, "release", "P1")
    assert code == 2
    assert "quitte le compte personnel a•••@exemple.fr (contrats : 1)" in out
    assert server.sent == []
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert said(capsys, "release", "P1")[0] == 1
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    code, out, err = said(capsys, "release", "P1")
    assert code == 0
    assert "Libérer cet identifiant ?" in err
    assert server.asked == [("owners/P1/release", {"same_owner": False})]


def test_release_of_a_provisional_account_says_that_it_goes(server: Server, capsys: Capture) -> None:
    code, out, _ = said(capsys, "release", "P1", "--yes")
    assert code == 0
    assert "est effacé" in out
    assert server.sent == ["owners/P1/release"]


def test_release_for_the_same_owner_asks_first(server: Server, capsys: Capture) -> None:
    server.owner = PERSONAL
    server.answers["release"] = ASKED | {"outcome": "asked", "masked_email": "a•••@exemple.fr"}
    code, out, _ = said(capsys, "release", "P1", "--same-owner", "--yes")
    assert code == 0
    assert "À partir du 2026-01-05" in out
    assert server.asked == [("owners/P1/release", {"same_owner": True, "again": False})]


def test_release_for_the_same_owner_that_is_not_due_changes_nothing(
    server: Server, capsys: Capture, tmp_path: Path
) -> None:
    server.owner = PERSONAL | {"release": ASKED}
    server.answers["release"] = ASKED | {"outcome": "waiting", "masked_email": "a•••@exemple.fr"}
    file = tmp_path / "letters.csv"
    code, out, _ = said(capsys, "release", "P1", "--same-owner", "--credentials", file)
    assert code == 0
    assert "possible à partir du 2026-01-05" in out
    assert not file.exists()
    assert all("password" not in body for _, body in server.asked)


def test_release_for_the_same_owner_that_is_due_is_carried_out(
    server: Server, capsys: Capture, tmp_path: Path
) -> None:
    server.owner = PERSONAL | {"release": ASKED}
    server.answers["release"] = ASKED | {
        "outcome": "due",
        "masked_email": "a•••@exemple.fr",
        "expires": "2026-03-01T00:00:00Z",
    }
    file = tmp_path / "letters.csv"
    code, _, err = said(capsys, "release", "P1", "--same-owner", "--yes")
    assert code == 2
    assert "--credentials" in err
    code, out, _ = said(capsys, "release", "P1", "--same-owner", "--yes", "--credentials", file)
    assert code == 0
    assert "2026-03-01" in out
    [line] = kept(file)
    assert is_generated(line[1])
    assert server.asked[-1][1]["password"]["generated"] is True
    assert line[1] not in out


def test_a_refusal_by_the_owner_is_told_and_asking_again_has_to_be_said(
    server: Server, capsys: Capture
) -> None:
    server.owner = PERSONAL | {"release": ASKED | {"refused": "2026-01-03T00:00:00Z"}}
    server.refusal = RefusedError("said no", 409, "release_refused")
    code, out, err = said(capsys, "release", "P1", "--same-owner")
    assert code == 1
    assert "a refusé" in err
    assert "Un email part" not in out
    server.refusal = None
    server.answers["release"] = ASKED | {"outcome": "asked", "masked_email": "a•••@exemple.fr"}
    assert said(capsys, "release", "P1", "--same-owner", "--again", "--yes")[0] == 0
    assert server.asked[-1][1] == {"same_owner": True, "again": True}


def test_a_release_that_was_asked_for_is_cancelled(server: Server, capsys: Capture) -> None:
    server.owner = PERSONAL | {"release": ASKED}
    server.answers["release"] = ASKED | {"outcome": "cancelled"}
    code, out, _ = said(capsys, "release", "P1", "--same-owner", "--cancel")
    assert code == 0
    assert "annulée" in out
    assert server.asked == [("owners/P1/release", {"same_owner": True, "cancel": True})]


@pytest.mark.parametrize("options", [("--cancel",), ("--again",), ("--credentials", "x.csv")])
def test_options_of_the_same_owner_alone_are_refused(
    server: Server, capsys: Capture, options: tuple[str, ...]
) -> None:
    code, _, err = said(capsys, "release", "P1", "--yes", *options)
    assert code == 2
    assert "--same-owner" in err
    assert server.sent == []
