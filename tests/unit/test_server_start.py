"""A Keycloak that cannot start says why and leaves nothing behind. The one here is a script that can fail."""

import os
import shutil
import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from tools import ToolError
from tools import keycloak as server_module
from tools.keycloak import Server, bootstrap_client
from tools.ports import free_port, port_is_used


@pytest.fixture
def distribution(tmp_path: Path) -> Path:
    """Looks like a built server; its kc.sh says $SAYS and fails, or waits to be stopped if that is empty."""
    root = tmp_path / "distribution"
    for folder in (
        "bin",
        "conf",
        "password-blacklists",
        "providers",
        "themes",
        "lib/app",
        "lib/lib",
        "lib/quarkus",
    ):
        (root / folder).mkdir(parents=True)
    (root / "lib" / "quarkus-run.jar").touch()
    (root / "built").touch()
    script = root / "bin" / "kc.sh"
    script.write_text('#!/bin/sh\necho "$SAYS"\n[ -n "$SAYS" ] && exit 1\nsleep 600\nexit\n')
    script.chmod(0o755)
    return root


def server(distribution: Path, home: Path, *, says: str = "", port: int | None = None) -> Server:
    return Server(
        distribution,
        home,
        http_port=port or free_port(),
        management_port=free_port(),
        environment={"SAYS": says} | bootstrap_client("cli", "the-secret"),
    )


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("java.io.IOException: No space left on device", "the disk is full"),
        ("QuarkusBindException: Port(s) already bound: 8080", "port"),
        ("Database may be already in use: null", "held by another Keycloak"),
        ("File corrupted in chunk 4", "damaged"),
        ("UnsupportedClassVersionError: io/quarkus", "Java is older than 17"),
        ("kc.sh: 188: java: not found", "there is no Java"),
        ("OutOfMemoryError", "not enough memory"),
        ("2026-01-01 ERROR something of its own", "something of its own"),
    ],
)
def test_the_cause_is_told_from_the_log(distribution: Path, tmp_path: Path, says: str, told: str) -> None:
    failing = server(distribution, tmp_path / "home", says=says)
    failing.start()
    with pytest.raises(ToolError, match=told) as raised:
        failing.wait_until_ready()
    assert str(failing.log_file) in str(raised.value)
    assert not failing.is_running()


def test_a_server_that_does_not_get_ready_is_stopped(distribution: Path, tmp_path: Path) -> None:
    slow = server(distribution, tmp_path / "home")
    slow.start()
    with pytest.raises(ToolError, match="not ready after 0 s"):
        slow.wait_until_ready(deadline=0)
    assert not slow.is_running()


def test_a_used_port_is_told_before_anything_starts(distribution: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert port_is_used(port)
        with pytest.raises(ToolError, match=f"port {port}, where Keycloak is to listen, is used"):
            server(distribution, tmp_path / "home", port=port).start()
    assert not port_is_used(port)


def test_one_server_a_home(distribution: Path, tmp_path: Path) -> None:
    first = server(distribution, tmp_path / "home")
    first.start()
    with pytest.raises(ToolError, match="another program runs a Keycloak"):
        server(distribution, tmp_path / "home").start()
    first.stop()
    second = server(distribution, tmp_path / "home")
    second.start()
    second.stop()


def test_a_server_left_behind_is_ended_first(distribution: Path, tmp_path: Path) -> None:
    left = server(distribution, tmp_path / "home")
    left.start()
    assert left._process is not None  # what a parent that was killed leaves: a process, and no lock
    os.close(left._lock or -1)
    heir = server(distribution, tmp_path / "home")
    heir.start()
    assert left._process.wait(10) != 0
    heir.stop()


def test_data_of_a_start_that_was_killed_are_thrown_away(distribution: Path, tmp_path: Path) -> None:
    killed = server(distribution, tmp_path / "home")
    killed.start()
    (killed.data / "half").touch()
    killed.stop()
    again = server(distribution, tmp_path / "home")
    again.start()
    assert not (again.data / "half").exists()

    (again.data / "whole").touch()
    again.initialised.touch()
    again.stop()
    third = server(distribution, tmp_path / "home")
    third.start()
    assert (third.data / "whole").exists()
    third.stop()


def test_a_running_server_keeps_its_jar_when_the_distribution_is_built_anew(
    distribution: Path, tmp_path: Path
) -> None:
    (distribution / "providers" / "moncompte.jar").write_text("old")
    running = server(distribution, tmp_path / "home")
    running.start()
    (distribution / "providers" / "moncompte.jar").write_text("new")
    assert (tmp_path / "home" / "server" / "providers" / "moncompte.jar").read_text() == "old"
    running.stop()
    running.start()
    assert (tmp_path / "home" / "server" / "providers" / "moncompte.jar").read_text() == "new"
    running.stop()


def test_a_full_disk_is_told(distribution: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(free=1))
    with pytest.raises(ToolError, match="the disk is nearly full"):
        server(distribution, tmp_path / "home").start()


def test_what_was_never_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="make build"):
        server(tmp_path / "nothing", tmp_path / "home").start()


def test_no_secret_stands_on_the_command_line(distribution: Path, tmp_path: Path) -> None:
    running = server(distribution, tmp_path / "home")
    running.start()
    assert running._process is not None
    command_line = Path(f"/proc/{running._process.pid}/cmdline").read_bytes()
    running.stop()
    assert b"the-secret" not in command_line
    assert server_module.DISTRIBUTION.name == "server"
