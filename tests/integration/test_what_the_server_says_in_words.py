"""How the command finds a server, and what it says of refusals and texts that come from there."""

import json
from pathlib import Path
from typing import Any

import pytest

from provisioning.cli import run
from provisioning.server import settings as connection
from provisioning.server.keycloak import Keycloak, Settings
from tests.integration.between import Between
from tests.integration.desk import Capture
from tests.integration.stage import Stage
from tests.integration.test_an_agency_sees_its_own import granted
from tests.realms import TestRealm


def refused(realm: TestRealm, capsys: Capture, *options: str, url: str | None = None) -> str:
    """What `moncompte agencies list` says of a failure, in one message."""
    capsys.readouterr()
    assert realm.moncompte("agencies", "list", *options, url=url) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert realm.server.client_secret not in captured.err
    assert captured.err.count("moncompte: ") == 1
    return captured.err


def test_the_demo_of_the_checkout_is_found_without_settings(
    realm: TestRealm, monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path
) -> None:
    for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE", "CLIENT_REALM"):
        monkeypatch.delenv(f"MONCOMPTE_{name}", raising=False)
    server = realm.server
    (tmp_path / "secret").write_text(server.client_secret + "\n", encoding="utf-8")
    file = tmp_path / "connection.json"
    found = {"url": server.url, "client_id": server.client_id, "client_secret_file": "secret"}
    file.write_text(json.dumps(found), encoding="utf-8")
    monkeypatch.setattr(connection, "CONNECTION_FILE", file)
    assert run(["agencies", "list", "--realm", realm.name, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["agency"], one["alias"]) for one in listed] == [
        ("1001/01", "1001-01"),
        ("1001/02", "1001-02"),
        ("2002/01", "2002-01"),
    ]


def test_agencies_are_listed_by_their_codes_and_cannot_drive_the_terminal(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    codes = {"client": ["2002"], "societe": ["01"]}
    stage.admin.set_agency("2002-01", attributes=codes | {"name": ["Vieux\x1b[2J-[red]Port"]})
    capsys.readouterr()
    assert stage.realm.moncompte("agencies", "list", "--realm", stage.realm.name) == 0
    out = capsys.readouterr().out
    assert "2002/01" in out
    assert "[2J-[red]Port" in out
    assert "\x1b" not in out
    with Between(stage.realm.server.url) as line:
        line.replace("GET", "/moncompte/v1/agencies", 200, [])
        assert stage.realm.moncompte("agencies", "list", "--realm", stage.realm.name, url=line.url) == 0
    assert capsys.readouterr().out == f"No agency in the realm {stage.realm.name}.\n"


def test_who_may_not_and_what_is_not_there_is_one_message(
    realm: TestRealm, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert "There is no realm 'nowhere'" in refused(realm, capsys, "--realm", "nowhere")
    assert "it has no realm nowhere" in refused(realm, capsys, "--client-realm", "nowhere")
    agency = granted(realm, "1001/01", name="it-words")
    capsys.readouterr()
    assert agency.moncompte("agencies", "list") == 1
    err = capsys.readouterr().err
    assert "The client 'it-words' may not do this" in err
    assert "everything else is the operator's" in err
    assert "admin" not in err.split("moncompte:", 1)[1].replace("GET admin/realms", "")
    settings = {"URL": realm.server.url, "CLIENT_ID": realm.server.client_id, "CLIENT_SECRET": "wrong-one"}
    for name, value in settings.items():
        monkeypatch.setenv(f"MONCOMPTE_{name}", value)
    assert run(["agencies", "list"]) == 1
    err = capsys.readouterr().err
    assert f"does not accept the client '{realm.server.client_id}' with this secret" in err
    assert "wrong-one" not in err


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, {"error": "unknown_error", "error_description": "look at the log"}, "look at the log"),
        (400, {"errorMessage": "its own words"}, "its own words"),
        (400, {"errors": [{"errorMessage": "one of them"}]}, "one of them"),
        (502, b"<html>bad gateway</html>", "HTTP 502"),
        (200, b"<html>a portal</html>", "not Keycloak's JSON"),
        (200, {"not": "a list"}, "not Keycloak's JSON"),
        (200, ["not an object"], "not Keycloak's JSON"),
    ],
)
def test_another_answer_than_keycloak_s_is_one_message_in_its_words(
    realm: TestRealm, capsys: Capture, status: int, body: Any, words: str
) -> None:
    with Between(realm.server.url) as line:
        line.replace("GET", "/moncompte/v1/agencies", status, body)
        assert words in refused(realm, capsys, "--realm", realm.name, url=line.url)


def test_a_token_that_is_not_taken_any_more_is_renewed(realm: TestRealm) -> None:
    with Between(realm.server.url) as line:
        keycloak = Keycloak(Settings(line.url, realm.server.client_id, realm.server.client_secret))
        assert keycloak.realm(realm.name) is not None
        line.replace("GET", f"/realms/{realm.name}", 401, {"error": "HTTP 401 Unauthorized"}, once=True)
        found = keycloak.realm(realm.name)
        assert found is not None
        assert found["realm"] == realm.name
        assert line.count("POST", "/token") == 2
