"""The command itself: help everywhere, exit codes, one plain message an error; the server is a small
stand-in."""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click
import pytest

from provisioning import errors
from provisioning.cli import connection, moncompte, run
from provisioning.keycloak import Keycloak, Settings
from provisioning.owners_file import COLUMNS
from tests.unit.letter_pages import pages

SAMPLES = Path(__file__).parents[2] / "samples"
SECRET = "a-secret-nobody-may-see"


class StandIn(ThreadingHTTPServer):
    """Answers as Keycloak does: tokens, organizations, and the resource of the extension."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tokens: set[str] = set()
        self.given = 0
        self.answers: dict[str, tuple[int, object]] = {}
        self.loaded: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def load(self, body: dict[str, Any]) -> tuple[int, object]:
        known = {owner["identifier"] for owner in self.loaded}
        results = [
            {
                "identifier": owner["identifier"],
                "outcome": "unchanged" if owner["identifier"] in known else "created",
                "state": "provisional",
                "reason": None,
            }
            for owner in body["owners"]
        ]
        if not body["dry_run"]:
            self.loaded += body["owners"]
        return 200, {"results": results}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the standard library's name)
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(*self._route(None))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        if self.path.endswith("/token"):
            self._answer(*self._token(parse_qs(body)))
        else:
            self._answer(*self._route(json.loads(body)))

    def _token(self, form: dict[str, list[str]]) -> tuple[int, object]:
        if form["client_secret"] != [SECRET]:
            return 401, {"error": "unauthorized_client", "error_description": "Invalid client"}
        self.server.given += 1
        token = f"token-{self.server.given}"
        self.server.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 60, "token_type": "Bearer"}

    def _route(self, body: dict[str, Any] | None) -> tuple[int, object]:
        if self.headers["Authorization"].removeprefix("Bearer ") not in self.server.tokens:
            return 401, {"error": "HTTP 401 Unauthorized"}
        path = urlsplit(self.path).path
        if path in self.server.answers:
            return self.server.answers[path]
        return self.server.load(body) if body is not None else (404, {"error": "HTTP 404 Not Found"})

    def _answer(self, status: int, body: object) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with StandIn() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        for name, value in (("URL", running.url), ("CLIENT_ID", "cli"), ("CLIENT_SECRET", SECRET)):
            monkeypatch.setenv(f"MONCOMPTE_{name}", value)
        for name in ("CLIENT_SECRET_FILE", "CLIENT_REALM", "REALM"):
            monkeypatch.delenv(f"MONCOMPTE_{name}", raising=False)
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        yield running
        running.shutdown()
        thread.join()


Capture = pytest.CaptureFixture[str]


def said(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    code = run(arguments)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert SECRET not in captured.out + captured.err
    return code, captured.out, captured.err


# ---------------------------------------------------------------- help


def test_a_command_loads_no_more_than_it_needs() -> None:
    """Who loads owners does not wait for what reads manifests."""
    program = "import sys, provisioning.cli.owners_import; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []

    def walk(name: str, command: click.Command) -> None:
        found.append((name, command))
        if isinstance(command, click.Group):
            context = click.Context(command)
            for part in command.list_commands(context):
                child = command.get_command(context, part)
                assert child is not None
                assert child.name == part
                walk(f"{name} {part}", child)

    walk("moncompte", moncompte)
    return found


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_and_option_has_help_and_every_command_an_example(
    name: str, command: click.Command
) -> None:
    assert command.help
    assert "Example" in command.help
    assert name in command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_shows_its_help(name: str, command: click.Command, capsys: Capture) -> None:
    code, out, _ = said(capsys, *name.split()[1:], "--help")
    assert code == 0
    assert "Usage: moncompte" in out
    assert command.help is not None


def test_no_option_takes_a_secret() -> None:
    names = {option for _, command in commands() for parameter in command.params for option in parameter.opts}
    assert not {name for name in names if "secret" in name or "password" in name} - {
        "--client-secret-file",
        "client_secret_file",
        "--replace-passwords",
        "--secret-file",
    }


def test_every_error_is_in_the_tree_of_the_docstring() -> None:
    assert errors.__doc__ is not None
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, Exception):
            assert f"{name} " in errors.__doc__.replace("\n", " "), name


# ---------------------------------------------------------------- usage


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("apply", "--nonsense"),
        ("owners", "show", "P1"),
        ("owners", "show", "P1", "--agency", "1001"),
        ("owners", "show", "P1", "--agency", "1001/0 1"),
        ("owners", "import", "/nowhere.csv", "--agency", "1001/01"),
        ("owners", "import", str(SAMPLES / "owners-1001-01.csv"), "--agency", "1001/01", "--lang", "de"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(capsys: Capture, arguments: tuple[str, ...]) -> None:
    code, _, err = said(capsys, *arguments)
    assert code == 2
    assert "Error:" in err


def test_a_manifest_with_mistakes_is_refused_with_exit_code_2(
    server: StandIn, capsys: Capture, tmp_path: Path
) -> None:
    path = tmp_path / "moncompte.yaml"
    path.write_text("realms: []\nagences: []\n", encoding="utf-8")
    code, _, err = said(capsys, "apply", "-f", str(path))
    assert code == 2
    assert f"{path}:1: realms: " in err
    assert f"{path}:2: agences: unknown key; did you mean agencies?" in err
    assert f"2 mistakes in {path}; nothing was done" in err
    assert server.given == 0


@pytest.mark.parametrize("command", ["plan", "apply", "check"])
def test_a_manifest_is_read_before_a_server_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path, command: str
) -> None:
    clear(monkeypatch)
    monkeypatch.setattr(connection, "CONNECTION_FILE", tmp_path / "connection.json")
    path = tmp_path / "moncompte.yaml"
    path.write_text("realms: []\n", encoding="utf-8")
    code, _, err = said(capsys, command, "-f", str(path))
    assert code == 2
    assert f"{path}:1: realms: expected at least one" in err
    code, _, err = said(capsys, command, "-f", str(tmp_path / "none.yaml"))
    assert code == 2
    assert "there is no file" in err


# ---------------------------------------------------------------- connection


def clear(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE"):
        monkeypatch.delenv(f"MONCOMPTE_{name}", raising=False)


def test_without_settings_and_demo_it_says_what_to_give(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path
) -> None:
    clear(monkeypatch)
    monkeypatch.setattr(connection, "CONNECTION_FILE", tmp_path / "connection.json")
    code, _, err = said(capsys, "agencies", "list")
    assert code == 2
    assert "MONCOMPTE_URL" in err
    assert "make demo" in err


def test_half_the_settings_are_told_by_the_names_of_the_other_half(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    clear(monkeypatch)
    monkeypatch.setenv("MONCOMPTE_URL", "http://localhost:1")
    code, _, err = said(capsys, "agencies", "list")
    assert code == 2
    assert "--client-id" in err
    assert "--client-secret-file" in err
    assert "--url" not in err


def test_the_demo_of_the_checkout_is_found_without_settings(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path
) -> None:
    clear(monkeypatch)
    (tmp_path / "secret").write_text(SECRET + "\n", encoding="utf-8")
    file = tmp_path / "connection.json"
    file.write_text(
        json.dumps({"url": server.url, "client_id": "cli", "client_secret_file": str(tmp_path / "secret")}),
        encoding="utf-8",
    )
    monkeypatch.setattr(connection, "CONNECTION_FILE", file)
    server.answers["/admin/realms/moncompte/organizations"] = (200, [])
    code, out, _ = said(capsys, "agencies", "list")
    assert (code, out.strip()) == (0, "No agency in the realm moncompte.")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"url": 1}'])
def test_a_damaged_demo_file_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path, content: str
) -> None:
    clear(monkeypatch)
    file = tmp_path / "connection.json"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setattr(connection, "CONNECTION_FILE", file)
    assert said(capsys, "agencies", "list")[0] == 2


def test_a_server_that_is_down_is_one_message(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("MONCOMPTE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MONCOMPTE_CLIENT_ID", "cli")
    monkeypatch.setenv("MONCOMPTE_CLIENT_SECRET", SECRET)
    code, _, err = said(capsys, "agencies", "list")
    assert code == 1
    assert "No answer from http://127.0.0.1:1" in err


def test_a_wrong_secret_is_one_message(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert server.given == 0
    monkeypatch.setenv("MONCOMPTE_CLIENT_SECRET", "wrong")
    code, _, err = said(capsys, "agencies", "list")
    assert code == 1
    assert "does not accept the client 'cli' with this secret" in err


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, {"error": "HTTP 403 Forbidden"}, "may not do this"),
        (404, {"error": "Realm not found."}, "There is no realm 'moncompte'"),
        (500, {"error": "unknown_error", "error_description": "look at the log"}, "look at the log"),
        (400, {"errorMessage": "its own words"}, "its own words"),
        (400, {"errors": [{"errorMessage": "one of them"}]}, "one of them"),
        (502, b"<html>bad gateway</html>", "HTTP 502"),
        (200, b"<html>a portal</html>", "not Keycloak's JSON"),
        (200, {"not": "a list"}, "not Keycloak's JSON"),
    ],
)
def test_what_the_server_refuses_is_one_message_in_its_words(
    server: StandIn, capsys: Capture, status: int, body: object, words: str
) -> None:
    server.answers["/admin/realms/moncompte/organizations"] = (status, body)
    code, _, err = said(capsys, "agencies", "list")
    assert code == 1
    assert words in err


def test_a_token_that_ran_out_is_renewed(server: StandIn) -> None:
    server.answers["/admin/realms/moncompte"] = (200, {"realm": "moncompte"})
    keycloak = Keycloak(Settings(server.url, "cli", SECRET))
    assert keycloak.realm("moncompte") == {"realm": "moncompte"}
    server.tokens.clear()
    assert keycloak.realm("moncompte") == {"realm": "moncompte"}
    assert server.given == 2


def test_an_unexpected_error_is_one_message_and_a_trace_only_with_debug(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    assert server.given == 0

    def broken(*_: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(Keycloak, "organizations", broken)
    code, _, err = said(capsys, "agencies", "list")
    assert code == 1
    assert "unexpected error (ZeroDivisionError)" in err
    assert run(["--debug", "agencies", "list"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_is_one_message(server: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert server.given == 0

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Keycloak, "organizations", interrupted)
    code, _, err = said(capsys, "agencies", "list")
    assert code == 1
    assert "interrupted" in err


# ---------------------------------------------------------------- agencies


def test_agencies_are_listed_by_their_codes_and_cannot_drive_the_terminal(
    server: StandIn, capsys: Capture
) -> None:
    organization = {
        "alias": "1001-01",
        "name": "x (1001/01)",
        "enabled": True,
        "attributes": {"client": ["1001"], "societe": ["01"], "name": ["Vieux\x1b[2J-[red]Port"]},
    }
    server.answers["/admin/realms/moncompte/organizations"] = (200, [organization])
    code, out, _ = said(capsys, "agencies", "list")
    assert code == 0
    assert "1001/01" in out
    assert "\x1b[2J" not in out
    code, out, _ = said(capsys, "agencies", "list", "--json")
    assert json.loads(out)[0]["alias"] == "1001-01"


# ---------------------------------------------------------------- owners

OWNERS = "/admin/realms/moncompte/moncompte/agencies/1001-01/owners"


def import_sample(capsys: Capture, *more: str, name: str = "owners-1001-01.csv") -> tuple[int, str, str]:
    return said(capsys, "owners", "import", str(SAMPLES / name), "--agency", "1001/01", *more)


def test_an_import_of_which_all_is_in_exits_with_0_and_says_so(
    server: StandIn, capsys: Capture, tmp_path: Path
) -> None:
    code, out, _ = import_sample(capsys, "--credentials", str(tmp_path / "c.csv"))
    assert code == 0
    assert "créés : 6, mis à jour : 0, inchangés : 0, lignes refusées : 0" in out
    assert f"mots de passe engendrés : 2, dans {tmp_path}/c.csv" in out
    assert len(server.loaded) == 6


def test_an_import_without_a_place_for_passwords_exits_with_2(server: StandIn, capsys: Capture) -> None:
    code, _, err = import_sample(capsys)
    assert code == 2
    assert "--credentials" in err
    assert server.loaded == []


def test_a_dry_run_needs_no_place_and_loads_nothing(server: StandIn, capsys: Capture) -> None:
    code, out, _ = import_sample(capsys, "--dry-run", "--lang", "en")
    assert code == 0
    assert "Dry run, nothing was written. What would be done: created: 6" in out
    assert server.loaded == []


def test_refused_lines_are_named_and_exit_with_3(server: StandIn, capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    good = "P1;Tulipe-4821;;A;;;;;;;;locataire;R;"
    path.write_text("\n".join([";".join(COLUMNS), good, "P2;;;;;;;;;;;locataire;R;"]), encoding="utf-8")
    code, out, _ = said(capsys, "owners", "import", str(path), "--agency", "1001/01")
    assert code == 3
    assert "ligne 3, colonne nom : la case est vide ; elle est obligatoire" in out
    assert "créés : 1" in out
    assert "lignes refusées : 1" in out
    assert len(server.loaded) == 1


def test_refused_lines_are_kept_and_once_corrected_loaded(
    server: StandIn, capsys: Capture, tmp_path: Path
) -> None:
    path, refused = tmp_path / "owners.csv", tmp_path / "refused.csv"
    lines = ["P1;Tulipe-4821;;A;;;;;;;;locataire;R;", "P2;Jasmin-55;;B;;nobody;;;;;;locataire;R;"]
    path.write_text("\n".join([";".join(COLUMNS), *lines]), encoding="utf-8")
    arguments = ("--agency", "1001/01", "--rejects", str(refused), "--lang", "en")
    code, out, _ = said(capsys, "owners", "import", str(path), *arguments)
    assert code == 3
    assert f"lines refused: 1, with their reasons in {refused}" in out
    corrected = tmp_path / "corrected.csv"
    corrected.write_bytes(refused.read_bytes().replace(b"nobody", b"b@exemple.fr", 1))
    assert "email : “nobody” is no email address" in refused.read_text(encoding="utf-8-sig")
    code, out, _ = said(capsys, "owners", "import", str(corrected), *arguments)
    assert (code, "created: 1" in out) == (0, True)
    assert {owner["identifier"] for owner in server.loaded} == {"P1", "P2"}


def test_what_is_going_to_be_done_is_said_first_and_the_same_as_in_a_dry_run(
    server: StandIn, capsys: Capture, tmp_path: Path
) -> None:
    assert server.loaded == []
    _, rehearsed, _ = import_sample(capsys, "--dry-run", "--details")
    _, out, _ = import_sample(capsys, "--details", "--credentials", str(tmp_path / "c.csv"))
    counts = "créés : 6, mis à jour : 0, inchangés : 0, lignes refusées : 0"
    plan = [line for line in out.splitlines() if line.startswith("ligne")]
    assert len(plan) == 6
    assert plan[0] == "ligne 2 : P00012 · LEFÈVRE Hélène : à créer"
    assert plan == [line for line in rehearsed.splitlines() if line.startswith("ligne")]
    assert f"Ce qui serait fait : {counts}" in rehearsed
    assert out.splitlines()[6:8] == [f"Prévu : {counts}", counts]


def test_an_unusable_file_exits_with_2(server: StandIn, capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("a;b\n", encoding="utf-8")
    code, _, err = said(capsys, "owners", "import", str(path), "--agency", "1001/01")
    assert code == 2
    assert "il manque la colonne identifiant" in err
    assert server.given == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "agency_unknown"}, "There is no agency 1001/01 in the realm 'moncompte'"),
        ({"error": "Realm not found."}, "There is no realm 'moncompte'"),
        ({"error": "HTTP 404 Not Found"}, "has no moncompte extension"),
    ],
)
def test_what_is_not_there_is_named(server: StandIn, capsys: Capture, body: object, words: str) -> None:
    server.answers[OWNERS] = (404, body)
    code, _, err = import_sample(capsys)
    assert code == 1
    assert words in err


def test_an_answer_for_fewer_owners_than_asked_is_not_taken_for_done(
    server: StandIn, capsys: Capture
) -> None:
    server.answers[OWNERS] = (200, {"results": []})
    code, _, err = import_sample(capsys)
    assert code == 1
    assert "one result an owner" in err


def test_an_owner_is_shown_in_words_and_as_json(server: StandIn, capsys: Capture) -> None:
    answer = {
        "state": "personal",
        "identifier": "P00012",
        "name": "Hélène LEFÈVRE",
        "step": "active",
        "enabled": True,
        "locked": False,
        "contracts": [{"agency": "1001/01", "reference": "R-1", "role": "locataire", "address": "1 rue A"}],
        "contacts": [],
        "expires": None,
        "activated_at": "2026-01-02T03:04:05Z",
        "masked_email": "h•••@exemple.fr",
    }
    server.answers[f"{OWNERS}/P00012"] = (200, answer)
    code, out, _ = said(capsys, "owners", "show", "P00012", "--agency", "1001/01")
    assert code == 0
    assert "État : compte personnel" in out
    assert "R-1 · locataire · 1 rue A" in out
    code, out, _ = said(capsys, "owners", "show", "P00012", "--agency", "1001/01", "--json")
    assert json.loads(out) == answer


def test_an_unknown_owner_is_named(server: StandIn, capsys: Capture) -> None:
    server.answers[f"{OWNERS}/P%2F1"] = (404, {"error": "owner_unknown"})
    server.answers[OWNERS] = (200, {"owners": [], "next": None})
    code, _, err = said(capsys, "owners", "show", "P/1", "--agency", "1001/01")
    assert code == 1
    assert "l'agence 1001/01 n'a pas de propriétaire" in err
    assert "« P/1 »" in err


# ---------------------------------------------------------------- letters


CARD = {
    "client": "1001",
    "societe": "01",
    "name": "Agence du Vieux-Port",
    "phone": "04 91 00 00 01",
    "extranet_url": "https://extranet.example/",
    "logo": base64.b64encode((SAMPLES / "logos" / "vieux-port.png").read_bytes()).decode(),
}
AGENCY = OWNERS.removesuffix("/owners")


def make_letters(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    file = str(SAMPLES / "owners-1001-01.csv")
    return said(capsys, "owners", "letters", file, "--agency", "1001/01", "--lang", "en", *arguments)


def listed(identifier: str, expires: str = "2099-12-24T10:00:00Z") -> dict[str, Any]:
    return {
        "identifier": identifier,
        "step": "loaded",
        "expires": expires,
        "letter_at": None,
        "enabled": True,
    }


def test_letters_are_made_of_what_was_loaded_and_the_server_is_told(
    server: StandIn, capsys: Capture, tmp_path: Path
) -> None:
    credentials, output = tmp_path / "credentials.csv", tmp_path / "letters.pdf"
    assert import_sample(capsys, "--credentials", str(credentials))[0] == 0
    (tmp_path / "letters-2.pdf").write_bytes(b"%PDF of last time")
    waiting = [listed(owner["identifier"]) for owner in server.loaded[:5]]
    server.answers |= {
        f"{AGENCY}/card": (200, CARD),
        OWNERS: (200, {"owners": waiting, "next": None}),
        f"{AGENCY}/letters": (200, {"marked": 5}),
    }
    code, out, err = make_letters(capsys, "--credentials", str(credentials), "-o", str(output))
    assert code == 0, err
    assert f"{output}: letters: 5" in err
    assert "without a letter, because activated, disabled or not loaded: 1" in out
    assert f"not to be printed with these: {tmp_path / 'letters-2.pdf'}" in out
    assert output.stat().st_mode & 0o777 == 0o600
    texts = [page.text for page in pages(output)]
    assert len(texts) == 5
    for text, owner in zip(texts, server.loaded, strict=False):
        assert owner["identifier"] in text
    generated = {row.split(";")[1] for row in credentials.read_text("utf-8-sig").splitlines()[1:]}
    assert sum(any(password in text for password in generated) for text in texts) >= 1
    assert "Valables jusqu’au 24 décembre 2099" in texts[0]


def test_who_gets_no_letter_is_counted_with_what_to_do(
    server: StandIn, capsys: Capture, tmp_path: Path
) -> None:
    expired = [listed("P00012", "2020-01-01T00:00:00Z")]
    server.answers |= {
        f"{AGENCY}/card": (200, CARD),
        OWNERS: (200, {"owners": expired, "next": None}),
    }
    arguments = ("-o", str(tmp_path / "letters.pdf"), "--identifier", "p00012", "--identifier", "P9")
    code, out, _ = make_letters(capsys, *arguments)
    assert code == 3
    assert "no letter was made" in out
    assert "because their password has expired: 1; give them a new one" in out
    assert "not in the file, or on a line that cannot be used: P9" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", [None, "http://extranet.example/", "javascript:alert(1)", "//x"])
def test_letters_need_to_know_where_owners_begin(
    server: StandIn, capsys: Capture, tmp_path: Path, url: str | None
) -> None:
    server.answers[f"{AGENCY}/card"] = (200, CARD | {"extranet_url": url})
    code, _, err = make_letters(capsys, "-o", str(tmp_path / "letters.pdf"))
    assert code == 2
    assert "--extranet" in err


def test_the_standard_template_can_be_printed_to_begin_with(capsys: Capture) -> None:
    code, out, _ = said(capsys, "owners", "letters", "--print-template")
    assert code == 0
    assert "<access/>" in out
