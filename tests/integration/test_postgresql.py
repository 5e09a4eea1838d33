"""The PostgreSQL of tests and benchmarks: whole, closed to others, gone when nobody needs it."""

import contextlib
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.stage import eventually
from tools import ToolError
from tools.ports import free_port, port_is_used
from tools.postgresql import PostgreSQL, throw_away

# Quotes are no good idea in a password, and no reason to fail either.
PASSWORD = "p4ss 'w\\ord\""


@pytest.fixture
def home() -> Iterator[Path]:
    """Not pytest's own directory, which root keeps for itself: PostgreSQL runs as another user then."""
    with tempfile.TemporaryDirectory(prefix="moncompte-test-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory) / "cluster"


def cluster(home: Path, password: str = PASSWORD) -> PostgreSQL:
    return PostgreSQL(home, port=free_port(), password=password)


def test_what_was_committed_is_there_after_a_new_start(home: Path) -> None:
    first = cluster(home)
    first.start()
    first.rows("CREATE TABLE kept (text text); INSERT INTO kept VALUES ('é,\"\n')")
    first.stop()
    second = cluster(home)
    second.start()
    rows = second.rows("SELECT text, NULL FROM kept")
    second.stop()
    assert rows == [['é,"\n', ""]]
    assert not port_is_used(second.port)


def test_it_wants_the_password_and_shows_it_to_nobody(home: Path) -> None:
    database = cluster(home)
    database.start()
    try:
        processes = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):  # a process that has ended meanwhile
                processes.append(path.read_bytes())
        log = database.log_file.read_text()
        stranger = PostgreSQL(home, port=database.port, password="another")
        with pytest.raises(ToolError, match="password authentication failed"):
            stranger.rows("SELECT 1")
    finally:
        database.stop()
    assert not any(PASSWORD.encode() in line for line in processes)
    assert PASSWORD not in log
    assert sorted(path.name for path in home.iterdir()) == ["data", "postgresql.log"]


def test_what_the_database_refuses_is_told(home: Path) -> None:
    database = cluster(home)
    database.start()
    try:
        with pytest.raises(ToolError, match='relation "nothing" does not exist'):
            database.rows("SELECT * FROM nothing")
    finally:
        database.stop()


def test_a_cluster_that_was_left_half_made_is_made_anew(home: Path) -> None:
    (home / "unfinished").mkdir(parents=True)
    (home / "unfinished" / "PG_VERSION").write_text("15\n")
    database = cluster(home)
    database.start()
    rows = database.rows("SELECT 1")
    database.stop()
    assert rows == [["1"]]


def test_a_used_port_and_a_setting_that_is_none_are_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ToolError, match=f"port {port}, where PostgreSQL is to listen, is used"):
            PostgreSQL(home, port=port, password=PASSWORD).start()
    wrong = PostgreSQL(home, port=free_port(), password=PASSWORD, settings={"no_such_setting": "1"})
    with pytest.raises(ToolError, match=r"did not start.*no_such_setting"):
        wrong.start()


def test_it_is_thrown_away_with_the_context_and_ends_with_whoever_started_it() -> None:
    with throw_away() as database:
        assert database.rows("SELECT 1") == [["1"]]
    assert not database.home.exists()

    program = """if True:
        from tools.postgresql import throw_away
        with throw_away() as database:
            print(database.port, database.home, flush=True)
            input()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii"
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent.stdin, parent.stdout:
        port, left = parent.stdout.readline().split()
        assert port_is_used(int(port))
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    eventually(lambda: not port_is_used(int(port)), "the cluster has ended")
    eventually(lambda: not (Path(left) / "data" / "postmaster.pid").exists(), "it has ended in good order")
    subprocess.run(["rm", "-r", left], check=True)
