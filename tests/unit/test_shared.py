"""Several processes of a run use one server, and it outlives the one that started it."""

import subprocess
import sys
import threading
import time
from pathlib import Path

PROGRAM = """
import contextlib, pathlib, sys
from tests.shared import shared

directory, name = pathlib.Path(sys.argv[1]), sys.argv[2]

@contextlib.contextmanager
def start():
    (directory / "running").touch(exist_ok=False)
    yield "started by " + name
    (directory / "running").unlink()

with shared(directory, start) as known:
    print(known, flush=True)
    sys.stdin.readline()
"""


class User:
    """A process that uses the server of `directory` until it is let go."""

    def __init__(self, directory: Path, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, directory, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def knows(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def let_go(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def ends(self) -> int:
        self._process.communicate(timeout=60)
        return self._process.returncode


def test_the_first_starts_it_and_waits_until_nobody_uses_it(tmp_path: Path) -> None:
    first = User(tmp_path, "first")
    assert first.knows() == "started by first"
    second = User(tmp_path, "second")
    assert second.knows() == "started by first"
    assert (tmp_path / "known").stat().st_mode & 0o777 == 0o600

    first.let_go()
    # It may not end before the second one does: whoever wants a server now gets another one.
    deadline = time.monotonic() + 60
    while (tmp_path / "known").exists():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    assert (tmp_path / "running").exists()
    second.let_go()
    assert (first.ends(), second.ends()) == (0, 0)
    assert not (tmp_path / "running").exists()


def test_who_comes_after_the_end_starts_another_one(tmp_path: Path) -> None:
    for name in ("first", "second"):
        user = User(tmp_path, name)
        assert user.knows() == f"started by {name}"
        user.let_go()
        assert user.ends() == 0
