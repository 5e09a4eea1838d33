"""What the demo tells of ports and of its letter, without starting anything."""

import io
import os
import socket
from pathlib import Path

import pytest
from rich.console import Console

from tools import OWNERS, SAMPLES, ToolError, demo, ports, program


def test_the_holder_of_a_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        name = Path("/proc/self/comm").read_text().strip()
        assert ports.holder(listening.getsockname()[1]) == f"{name} (process {os.getpid()})"


def test_a_holder_that_cannot_be_seen_has_no_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert ports.holder(port) == "another program"


def test_what_a_visitor_needs_is_shown() -> None:
    output = io.StringIO()
    program._show(demo.Demo(demo.HOME, Console(file=output, width=120)))
    shown = output.getvalue()
    for expected in ("Hélène LEFÈVRE", "1001 · 01", "P00012", "Tulipe-4821", "/login?client=1001&societe=01"):
        assert expected in shown


def test_samples_that_the_demo_names_are_there() -> None:
    for file, _, _ in OWNERS:
        assert (SAMPLES / file).is_file()
    manifest = demo.MANIFEST.read_text(encoding="utf-8")
    assert f"port: {demo.SMTP_PORT}" in manifest
    for client_id, (_, port) in demo.EXTRANETS.items():
        assert f"client_id: {client_id}" in manifest
        assert f"url: http://localhost:{port}/" in manifest


def test_a_used_port_is_told_with_its_holder() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ToolError, match=rf"port {port}, where the mailbox .* \(process {os.getpid()}\)"):
            ports.require_free({"the mailbox": port})


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    first = program.kept_secret(file)
    assert len(first) >= 32
    assert program.kept_secret(file) == first
    assert file.stat().st_mode & 0o077 == 0
