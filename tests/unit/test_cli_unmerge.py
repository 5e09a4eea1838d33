"""`moncompte owners unmerge`, and merges in `owners show`: what is asked, printed, written and sent."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from provisioning.cli import run
from provisioning.credentials_file import CredentialsFile
from provisioning.errors import MergeUnknownError, RefusedError
from provisioning.keycloak import Keycloak
from provisioning.passwords import is_generated

Capture = pytest.CaptureFixture[str]

CONTRACT = {
    "agency": "1001/01",
    "identifier": "P2",
    "reference": "R-2",
    "role": "locataire",
    "address": "1 rue A",
}
PLAN = {
    "merge": "m-2",
    "merged_at": "2026-01-02T03:04:05Z",
    "identifier": "P2",
    "contracts": [CONTRACT],
    "contact": {"agency": "1001/01", "identifier": "P2", "last_name": "=DUPONT", "first_name": "Anne"},
    "masked_email": "h•••@exemple.fr",
    "leaves_agency": True,
    "expires": None,
}
SHOWN: dict[str, Any] = {
    "identifier": "P2",
    "name": "Anne DUPONT",
    "state": "personal",
    "step": "merged",
    "enabled": True,
    "locked": False,
    "release": None,
    "contracts": [CONTRACT],
    "contacts": [],
    "merges": [
        {
            "id": "m-1",
            "at": "2026-01-01T00:00:00Z",
            "undoable_until": "2026-02-01T00:00:00Z",
            "identifiers": ["P1"],
            "contracts": [],
        },
        {
            "id": "m-2",
            "at": "2026-01-02T03:04:05Z",
            "undoable_until": "2026-02-02T03:04:05Z",
            "identifiers": ["P2"],
            "contracts": [CONTRACT],
        },
    ],
    "events": [
        {
            "at": "2026-01-02T03:04:05Z",
            "type": "UPDATE_PROFILE",
            "action": "merge",
            "identifier": "P2",
            "merge_id": "m-2",
            "contracts": "1",
        },
        {"at": "2026-01-01T00:00:00Z", "type": "REGISTER", "identifier": "P\x1b0"},
        {"at": "2025-12-31T00:00:00Z", "type": "SOMETHING_NEW"},
    ],
}


class Server:
    """What the command asks of the server, and what that answers."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = dict(SHOWN)
        self.undone: list[dict[str, Any]] = []
        self.refusal: Exception | None = None

    def owner(self, realm: str, alias: str, identifier: str) -> dict[str, Any]:
        assert (realm, alias) == ("moncompte", "1001-01")
        assert identifier
        return self.shown

    def undo_merge(
        self, realm: str, alias: str, merge: str, identifier: str, password: Any, *, dry_run: bool
    ) -> dict[str, Any]:
        assert (realm, alias) == ("moncompte", "1001-01")
        if self.refusal is not None:
            raise self.refusal
        self.undone.append(
            {"merge": merge, "identifier": identifier, "password": password, "dry_run": dry_run}
        )
        return PLAN | ({} if dry_run else {"expires": "2026-02-03T00:00:00Z"})

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [one for one in self.undone if not one["dry_run"]]


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
    monkeypatch.setattr(Keycloak, "owner", lambda _, *given: server.owner(*given))
    monkeypatch.setattr(Keycloak, "undo_merge", lambda _, *given, **named: server.undo_merge(*given, **named))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return server


def said(capsys: Capture, *options: str | Path, identifier: str = "P2") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `owners unmerge`."""
    code = run(["owners", "unmerge", identifier, "--agency", "1001/01", *map(str, options)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def kept(file: Path) -> list[list[str]]:
    """The lines of a credentials file below its header."""
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")), delimiter=";"))[1:]


# ---- a look first


def test_a_dry_run_says_what_would_go_back_and_needs_no_file(server: Server, capsys: Capture) -> None:
    code, out, _ = said(capsys, "--dry-run")
    assert code == 0
    assert "Fusion m-2 du 2026-01-02T03:04:05Z. L'identifiant P2 (1001/01) quitte le compte h•••@" in out
    assert "R-2 · locataire · 1 rue A" in out
    assert "n'aura plus de contrat à l'agence 1001/01" in out
    assert "Essai, rien n'a été changé." in out
    assert server.undone == [{"merge": "m-2", "identifier": "P2", "password": None, "dry_run": True}]


def test_a_dry_run_writes_no_file(server: Server, capsys: Capture, tmp_path: Path) -> None:
    code, _, _ = said(capsys, "--dry-run", "--credentials", tmp_path / "c.csv")
    assert (code, server.sent) == (0, [])
    assert not (tmp_path / "c.csv").exists()


# ---- which merge


def test_the_only_merge_of_the_identifier_is_found_however_it_is_typed(
    server: Server, capsys: Capture
) -> None:
    assert said(capsys, "--dry-run", identifier=" p1 ")[0] == 0
    assert server.undone[0]["merge"] == "m-1"


def test_one_that_is_named_is_taken_at_its_word(server: Server, capsys: Capture) -> None:
    assert said(capsys, "--dry-run", "--merge", "m-9")[0] == 0
    assert server.undone[0]["merge"] == "m-9"


def test_without_a_merge_it_says_so(server: Server, capsys: Capture) -> None:
    code, _, err = said(capsys, "--dry-run", identifier="P3")
    assert code == 2
    assert "l'identifiant P3 n'est venu au compte par aucune fusion" in err
    assert server.undone == []


def test_several_merges_are_named(server: Server, capsys: Capture) -> None:
    server.shown["merges"] = [{**merge, "identifiers": ["P2"]} for merge in SHOWN["merges"]]
    code, _, err = said(capsys, "--dry-run")
    assert code == 2
    assert "--merge" in err
    assert "m-1, m-2" in err
    assert server.undone == []


# ---- doing it


def test_a_new_password_is_on_disk_before_it_is_sent(server: Server, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    code, out, _ = said(capsys, "--yes", "--credentials", file)
    assert code == 0
    assert len(server.sent) == 1
    assert server.sent[0]["password"]["generated"] is True
    (line,) = kept(file)
    assert line[0] == "P2"
    assert is_generated(line[1])
    assert line[2].endswith("=DUPONT")
    assert line[2] != "=DUPONT", "a spreadsheet would take it for a formula"
    assert line[3:] == ["Anne", "1001/01"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert line[1] not in out
    assert line[1] not in json.dumps(server.sent)
    assert f"dans {file}" in out
    assert "2026-02-03T00:00:00Z" in out


def test_the_letter_before_is_never_used_again(server: Server, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    with CredentialsFile(file, "1001/01") as before:
        old = before.renewed("P2", "DUPONT", "Anne")
    assert said(capsys, "--yes", "--credentials", file)[0] == 0
    assert len(server.sent) == 1
    lines = kept(file)
    assert [line[0] for line in lines] == ["P2", "P2"]
    assert lines[0][1] == old
    assert lines[1][1] != old


def test_without_a_place_for_the_password_nothing_is_asked(server: Server, capsys: Capture) -> None:
    code, _, err = said(capsys, "--yes")
    assert code == 2
    assert "--credentials" in err
    assert server.undone == []


def test_a_file_of_another_agency_is_refused_before_anything_is_sent(
    server: Server, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "letters.csv"
    with CredentialsFile(file, "2002/01") as other:
        other.renewed("P2", "DUPONT", "Anne")
    code, _, err = said(capsys, "--yes", "--credentials", file)
    assert code == 2
    assert "2002/01" in err
    assert server.sent == []


# ---- asking


@pytest.mark.parametrize(("answer", "code", "sent"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0)])
def test_it_asks_on_a_terminal(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    tmp_path: Path,
    answer: str,
    code: int,
    sent: int,
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    found, out, err = said(capsys, "--credentials", tmp_path / "c.csv")
    assert found == code
    assert "Annuler cette fusion ?" in out + err
    assert "R-2" in out
    assert len(server.sent) == sent
    assert (tmp_path / "c.csv").exists() == bool(sent)
    assert ("Rien n'a été changé." in err) == (not sent)


def test_without_a_terminal_it_does_nothing_unasked(server: Server, capsys: Capture, tmp_path: Path) -> None:
    code, _, err = said(capsys, "--credentials", tmp_path / "c.csv")
    assert code == 2
    assert "--yes" in err
    assert server.sent == []
    assert not (tmp_path / "c.csv").exists()


# ---- refusals


@pytest.mark.parametrize("refusal", [MergeUnknownError("no such merge"), RefusedError("too late", 409)])
def test_what_the_server_refuses_is_said_and_writes_nothing(
    server: Server, capsys: Capture, tmp_path: Path, refusal: Exception
) -> None:
    server.refusal = refusal
    code, _, err = said(capsys, "--yes", "--credentials", tmp_path / "c.csv")
    assert code == 1
    assert str(refusal) in err
    assert not (tmp_path / "c.csv").exists()


# ---- show


def test_merges_and_events_are_shown_in_words(server: Server, capsys: Capture) -> None:
    assert server.shown["merges"]
    assert run(["owners", "show", "P2", "--agency", "1001/01"]) == 0
    out = capsys.readouterr().out
    assert "Fusions qui peuvent être annulées : " in out
    assert "P2 · contrats : 1 · annulable jusqu'au 2026-02-02T03:04:05Z · m-2" in out
    assert "2026-01-02T03:04:05Z · fusion · P2 · Contrats : 1 · m-2" in out
    assert "2026-01-01T00:00:00Z · activation · P\N{REPLACEMENT CHARACTER}0" in out
    assert "2025-12-31T00:00:00Z · SOMETHING_NEW" in out
    assert "\x1b" not in out


def test_merges_and_events_are_in_the_json(server: Server, capsys: Capture) -> None:
    assert run(["owners", "show", "P2", "--agency", "1001/01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == server.shown
