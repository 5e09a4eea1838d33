"""The command itself, as far as it asks no server: help everywhere, usage, exit codes, one plain message an
error."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import click
import pytest
from click.testing import CliRunner

from provisioning import errors
from provisioning.cli import moncompte, run
from provisioning.owners.credentials import CredentialsFile
from provisioning.realm.commands import manifest as manifest_commands
from provisioning.server import settings as connection
from provisioning.terminal import agreed
from provisioning.texts import Language, speak

SAMPLES = Path(__file__).parents[2] / "samples"
SECRET = "a-secret-nobody-may-see"
NOWHERE = "http://127.0.0.1:1"
"""An address at which nothing listens."""


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is told of a server that is not there: it exits with 1 as soon as it asks it anything."""
    for name, value in (("URL", NOWHERE), ("CLIENT_ID", "cli"), ("CLIENT_SECRET", SECRET)):
        monkeypatch.setenv(f"MONCOMPTE_{name}", value)
    for name in ("CLIENT_SECRET_FILE", "CLIENT_REALM", "REALM"):
        monkeypatch.delenv(f"MONCOMPTE_{name}", raising=False)


@pytest.fixture
def in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    """No locale is set, so the command speaks French."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


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
    program = "import sys, provisioning.owners.commands.import_file; print('pydantic' in sys.modules)"
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


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        ("owner list", "'owners'"),
        ("agency list", "'agencies'"),
        ("application list", "'applications'"),
        ("aply", "'apply'"),
        ("owners lst", "'list'"),
        ("agencies credential", "'credentials'"),
        ("import owners.csv", "'owners import'"),
        ("rotate-secret portail", "'applications rotate-secret'"),
        ("list", "'agencies list' or 'applications list' or 'owners list'"),
    ],
)
def test_a_command_that_is_not_there_suggests_the_one_that_was_meant(
    capsys: Capture, arguments: str, meant: str
) -> None:
    code, _, err = said(capsys, *arguments.split())
    assert code == 2
    assert f"Did you mean {meant}?" in err


def test_a_command_like_no_other_gets_no_suggestion(capsys: Capture) -> None:
    code, _, err = said(capsys, "xyzzy")
    assert code == 2
    assert err.rstrip().endswith("No such command 'xyzzy'.")


@pytest.mark.usefixtures("no_server")
def test_a_folder_in_place_of_the_manifest_is_named_as_one(capsys: Capture, tmp_path: Path) -> None:
    code, _, err = said(capsys, "plan", "-f", str(tmp_path))
    assert code == 2
    assert f"'{tmp_path}' is a directory" in " ".join(err.split())


@pytest.mark.usefixtures("no_server")
def test_a_manifest_with_mistakes_is_refused_with_exit_code_2(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "moncompte.yaml"
    path.write_text("realms: []\nagences: []\n", encoding="utf-8")
    code, _, err = said(capsys, "apply", "-f", str(path))
    assert code == 2
    assert f"{path}:1: realms: " in err
    assert f"{path}:2: agences: unknown key; did you mean agencies?" in err
    assert f"2 mistakes in {path}; nothing was done" in err


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
    assert "does not exist" in err


@pytest.mark.usefixtures("no_server", "in_french")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", " "), "dites de qui il s'agit"),
        (("release", "P1", "--yes", "--cancel", "--again"), "--person-is-gone"),
        (("release", "P1", "--yes", "--again", "--person-is-gone"), "--cancel"),
        (("unmerge", "P1", "--yes"), "--credentials"),
    ],
)
def test_what_is_missing_is_told_before_a_server_is_asked(
    capsys: Capture, arguments: tuple[str, ...], words: str
) -> None:
    code, _, err = said(capsys, "owners", *arguments, "--agency", "1001/01")
    assert code == 2
    assert words in err


@pytest.mark.usefixtures("no_server", "in_french")
def test_an_unusable_file_is_told_before_a_server_is_asked(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("a;b\n", encoding="utf-8")
    code, _, err = said(capsys, "owners", "import", str(path), "--agency", "1001/01")
    assert code == 2
    assert "il manque la colonne identifiant" in err


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


@pytest.mark.parametrize(("mode", "warned"), [(0o644, True), (0o604, True), (0o640, False), (0o600, False)])
def test_a_secret_that_everybody_can_read_is_warned_about(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path, mode: int, warned: bool
) -> None:
    """A group may be meant: where a container gets its secrets, it is how they are given to it."""
    monkeypatch.delenv("MONCOMPTE_CLIENT_SECRET", raising=False)
    file = tmp_path / "cli.secret"
    file.write_text(SECRET, encoding="ascii")
    file.chmod(mode)
    server = ("--url", NOWHERE, "--client-id", "cli", "--client-secret-file", str(file))
    code, _, err = said(capsys, "agencies", "list", *server)
    assert code == 1
    assert (f"chmod 600 {file}" in err) == warned


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"url": 1}'])
def test_a_damaged_demo_file_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path, content: str
) -> None:
    clear(monkeypatch)
    file = tmp_path / "connection.json"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setattr(connection, "CONNECTION_FILE", file)
    assert said(capsys, "agencies", "list")[0] == 2


@pytest.mark.usefixtures("no_server")
def test_a_server_that_is_down_is_one_message(capsys: Capture) -> None:
    code, _, err = said(capsys, "agencies", "list")
    assert code == 1
    assert f"No answer from {NOWHERE}" in err


@pytest.mark.usefixtures("no_server", "in_french")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Pas de réponse de http://127.0.0.1:1"),
        (("--lang", "fr"), "Pas de réponse de http://127.0.0.1:1"),
        (("--lang", "en"), "No answer from http://127.0.0.1:1"),
        (("--url", "127.0.0.1", "--lang", "fr"), "L'adresse du serveur n'en est pas une : '127.0.0.1'"),
        (("--client-secret-file", "/", "--lang", "fr"), "secret du client dans / : c'est un dossier."),
        (("--client-secret-file", "/", "--lang", "en"), "client's secret from /: it is a folder."),
        (("--client-secret-file", "/nowhere"), "ce fichier ou ce dossier n'existe pas"),
    ],
)
def test_agency_it_is_told_in_the_language_of_the_command(
    capsys: Capture, options: tuple[str, ...], words: str
) -> None:
    _, _, err = said(capsys, "owners", "show", "P1", "--agency", "1001/01", *options)
    assert words in err


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "can be read by others; close it first: chmod 600"),
        ("fr", "peut être lu par d'autres ; fermez-le d'abord : chmod 600"),
    ],
)
def test_a_file_that_is_not_ours_alone_is_told(tmp_path: Path, language: Language, words: str) -> None:
    path = tmp_path / "letters.csv"
    path.touch(mode=0o644)
    speak(language)
    with pytest.raises(errors.CredentialsFileError) as caught:
        CredentialsFile(path, "1001/01")
    assert f"{path} {words} {path}" in str(caught.value)


def test_a_server_that_speaks_no_https_is_told_as_one(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("MONCOMPTE_CLIENT_SECRET", SECRET)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://127.0.0.1:{server.server_address[1]}"
        code, _, err = said(capsys, "agencies", "list", "--url", url, "--client-id", "cli")
        server.shutdown()
    assert code == 1
    assert "it does not speak https" in err


def test_an_unexpected_error_is_one_message_and_a_trace_only_with_debug(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(manifest_commands, "schema_of_manifest", broken)
    code, _, err = said(capsys, "schema")
    assert code == 1
    assert "unexpected error (ZeroDivisionError)" in err
    assert run(["--debug", "schema"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("fr", "o\n", True),
        ("fr", " Oui \n", True),
        ("fr", "n\n", False),
        ("fr", "\n", False),
        ("fr", "peut-être\noui\n", True),
        ("en", "y\n", True),
        ("en", "\n", False),
    ],
)
def test_a_question_takes_an_answer_in_its_language(language: Language, typed: str, meant: bool) -> None:
    speak(language)
    with CliRunner().isolation(input=typed):
        assert agreed("?") is meant


def test_ctrl_c_is_one_message(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(manifest_commands, "schema_of_manifest", interrupted)
    code, _, err = said(capsys, "schema")
    assert code == 1
    assert "interrupted" in err


def test_the_standard_template_can_be_printed_to_begin_with(capsys: Capture) -> None:
    code, out, _ = said(capsys, "owners", "letters", "--print-template")
    assert code == 0
    assert "<access/>" in out


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("fr_FR.UTF-8", ("le courrier standard", "selon LANG, sinon fr")),
        ("en_GB.UTF-8", ("the standard letter", "by LANG, else fr")),
    ],
)
def test_help_tells_defaults_in_the_language_of_the_person(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, locale: str, told: tuple[str, str]
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    _, out, _ = said(capsys, "owners", "letters", "--help")
    words = " ".join(out.split())
    assert all(default in words for default in told)
