"""Interrupted at any moment and run again, an import ends the same as if it had never been interrupted."""

import itertools
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cut_line import CutLine, Moment
from tests.integration.stage import Stage
from tests.integration.test_import_command import environment, generated, line, opens, run, written

COUNT = 100
CHOSEN = 5
"""How many of them have a password that the agency chose."""

_SMALL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored when tests run in the background
from provisioning.owners import load, sending
load.BATCH, load.SLOW_BATCH = 10, 2  # several batches of few owners
sending.WAITS = (1, 1)
from provisioning.cli import main
main()
"""

_numbers = itertools.count(1)


class Import:
    """A file of owners and the command that loads it in small batches."""

    def __init__(self, stage: Stage, directory: Path, chosen: int = CHOSEN) -> None:
        self.stage = stage
        self.chosen = chosen
        self.prefix = f"I{next(_numbers)}x"
        self.identifiers = [f"{self.prefix}{number}" for number in range(COUNT)]
        passwords = [f"Tulipe-{one}-48" if at < chosen else "" for at, one in enumerate(self.identifiers)]
        self.file = written(directory, *map(line, self.identifiers, passwords))
        self.letters = directory / "letters.csv"
        self.arguments = ("owners", "import", self.file, "--agency", "1001/01", "--credentials", self.letters)

    def start(self, url: str) -> subprocess.Popen[str]:
        """Starts the command, to reach the server at this address."""
        return subprocess.Popen(
            [sys.executable, "-c", _SMALL, *map(str, self.arguments)],
            env=environment(self.stage.realm) | {"MONCOMPTE_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def interrupted(
        self, moment: Moment, number: int, how: Callable[[subprocess.Popen[str]], None]
    ) -> tuple[int, str]:
        """Runs it, and does something to it when a batch is at a moment; exit code and what it said."""
        started: list[subprocess.Popen[str]] = []
        running = threading.Event()

        def cut() -> None:
            assert running.wait(30)
            how(started[0])

        with CutLine(self.stage.realm.server.url, moment, number, cut) as line:
            self.line = line
            started.append(self.start(line.url))
            running.set()
            out, err = started[0].communicate(timeout=180)
            assert line.was_cut.is_set(), err
        assert "Traceback" not in err
        return started[0].returncode, out + err

    def users(self) -> list[dict[str, object]]:
        """The accounts there are of its owners."""
        users = self.stage.admin.read(
            "users", search=f"*{self.prefix.lower()}*", max="1000", briefRepresentation="false"
        )
        assert isinstance(users, list)
        return users

    def ends_well(self) -> None:
        """Runs it again, uninterrupted: all is as if it had been run once."""
        kept = generated(self.letters) if self.letters.exists() else {}
        again = run(self.stage.realm, *self.arguments)
        assert again.returncode == 0, again.stderr
        passwords = generated(self.letters)
        assert {one: passwords[one] for one in kept} == kept
        assert set(passwords) == set(self.identifiers[self.chosen :])
        lines = self.letters.read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == 1 + COUNT - self.chosen, "no identifier has two passwords"
        users = self.users()
        assert len(users) == COUNT
        assert {len(user["attributes"]["contracts"]) for user in users} == {1}  # type: ignore[index]
        for at in {0, self.chosen - 1} if self.chosen else ():
            assert opens(self.stage, self.identifiers[at], f"Tulipe-{self.identifiers[at]}-48")
        for one in (self.identifiers[self.chosen], self.identifiers[COUNT // 2], self.identifiers[-1]):
            assert opens(self.stage, one, passwords[one])
        last = run(self.stage.realm, *self.arguments)
        assert f"créés : 0, mis à jour : 0, inchangés : {COUNT}, lignes refusées : 0" in last.stdout


@pytest.fixture
def load(stage: Stage, tmp_path: Path) -> Import:
    return Import(stage, tmp_path)


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)


def ctrl_c(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)


def nothing(_: subprocess.Popen[str]) -> None:
    """The line is cut, that is all."""


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (Moment.PLANNED, 3),
        (Moment.SENT, 1),
        (Moment.SENT, 4),
        (Moment.AT_WORK, 1),
        (Moment.ANSWERED, 1),
        (Moment.ANSWERED, 5),
    ],
)
def test_killed_at_any_moment_it_is_finished_by_running_it_again(
    load: Import, moment: Moment, number: int
) -> None:
    code, _ = load.interrupted(moment, number, killed)
    assert code == -signal.SIGKILL
    assert len(load.users()) < COUNT
    load.ends_well()


@pytest.mark.parametrize("moment", [Moment.PLANNED, Moment.AT_WORK])
def test_ctrl_c_says_how_far_it_was_and_how_to_go_on(load: Import, moment: Moment) -> None:
    code, said = load.interrupted(moment, 2, ctrl_c)
    assert code == 1
    assert "interrompu" in said
    if moment is Moment.AT_WORK:
        assert "Relancez la même commande" in said
    load.ends_well()


@pytest.mark.parametrize("moment", [Moment.SENT, Moment.ANSWERED])
def test_a_server_that_goes_away_for_good_is_1_and_running_it_again_finishes(
    load: Import, moment: Moment
) -> None:
    code, said = load.interrupted(moment, 2, nothing)
    assert code == 1
    assert "Le serveur ne répond pas ; nouvel essai dans 1 s." in said
    assert "Relancez la même commande" in said
    load.ends_well()


def test_a_server_that_comes_back_is_not_noticed_in_the_end(load: Import) -> None:
    def mended(_: subprocess.Popen[str]) -> None:
        threading.Timer(0.5, load.line.mend).start()

    code, said = load.interrupted(Moment.ANSWERED, 2, mended)
    assert code == 0, said
    assert f"créés : {COUNT}, mis à jour : 0, inchangés : 0, lignes refusées : 0" in said
    load.ends_well()


def test_what_is_sent_stands_in_the_file_of_passwords_already(stage: Stage, tmp_path: Path) -> None:
    """On disk, not in a buffer of the process: it is killed in the moment the first batch leaves."""
    load = Import(stage, tmp_path, chosen=0)
    load.interrupted(Moment.SENT, 1, killed)
    sent = {
        owner["identifier"] for owner in json.loads(load.line.request.partition(b"\r\n\r\n")[2])["owners"]
    }
    assert len(sent) == 10
    assert sent <= set(generated(load.letters))
    assert load.letters.stat().st_mode & 0o777 == 0o600
    load.ends_well()
