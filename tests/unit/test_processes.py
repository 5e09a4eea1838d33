"""Children end with us, however we end; a lock tells whether its holder lives."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

from tools import processes

# Starts a child that would live on, tells its pid, and waits to be killed.
PARENT = """
import sys
from pathlib import Path
from tools import processes
child = processes.spawn(["sleep", "600"], log_file=Path(sys.argv[1]))
print(child.pid, flush=True)
child.wait()
"""


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path / "log"], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        # Becomes readable when that very process has ended.
        watch = os.pidfd_open(child)
        parent.kill()
    try:
        assert _has_ended(watch, seconds=10)
    finally:
        os.close(watch)


def _has_ended(watch: int, seconds: float) -> bool:
    readable, _, _ = select.select([watch], [], [], seconds)
    return bool(readable)


def test_stop_asks_first(tmp_path: Path) -> None:
    child = processes.spawn(["sleep", "600"], log_file=tmp_path / "log")
    processes.stop(child)
    assert child.returncode == -signal.SIGTERM


def test_stop_kills_who_does_not_listen_with_all_its_children(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = processes.spawn(["sh", "-c", "trap '' TERM; sleep 600 & echo deaf; wait; wait"], log_file=log)
    while "deaf" not in log.read_text():
        assert child.poll() is None
    processes.stop(child, patience=0.1)
    assert child.returncode == -signal.SIGKILL


def test_a_log_is_for_its_owner_only(tmp_path: Path) -> None:
    child = processes.spawn(["echo", "secret"], log_file=tmp_path / "log")
    child.wait()
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0
    assert (tmp_path / "log").read_text() == "secret\n"


def test_a_child_sees_the_environment_it_is_given_and_no_other(tmp_path: Path) -> None:
    child = processes.spawn(["/usr/bin/env"], log_file=tmp_path / "log", environment={"A": "1"})
    child.wait()
    assert (tmp_path / "log").read_text().splitlines() == ["A=1"]


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    first = processes.hold(tmp_path / "lock")
    assert first is not None
    assert processes.hold(tmp_path / "lock") is None
    os.close(first)
    again = processes.hold(tmp_path / "lock")
    assert again is not None
    os.close(again)


def test_a_process_is_known_by_its_command_line(tmp_path: Path) -> None:
    child = processes.spawn(["sleep", "600.25"], log_file=tmp_path / "log")
    assert processes.is_alive(child.pid, "600.25")
    assert not processes.is_alive(child.pid, "another")
    processes.stop(child)
    assert not processes.is_alive(child.pid, "600.25")
