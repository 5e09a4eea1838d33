"""What the demo tells of ports and of its letter, without starting anything."""

import io
import os
import socket
from pathlib import Path

import pytest
from rich.console import Console

from tools.demo import files, layout, letter, ports, run
from tools.demo.errors import DemoError


def test_the_holder_of_a_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        name = Path("/proc/self/comm").read_text().strip()
        assert ports.holder(listening.getsockname()[1]) == f"{name} (process {os.getpid()})"


def test_a_holder_that_cannot_be_seen_has_no_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert ports.holder(port) == "another program"


def test_the_letter_shows_the_first_owner_of_the_samples() -> None:
    output = io.StringIO()
    letter.show(Console(file=output, width=120))
    shown = output.getvalue()
    for expected in ("Hélène LEFÈVRE", "1001 · 01", "P00012", "Tulipe-4821", "/login?client=1001&societe=01"):
        assert expected in shown


def test_samples_that_the_demo_names_are_there() -> None:
    for file, _, _ in layout.OWNERS:
        assert (layout.SAMPLES / file).is_file()
    assert f"port: {layout.SMTP_PORT}" in (layout.SAMPLES / "moncompte.yaml").read_text(encoding="utf-8")


def test_a_used_port_is_told_with_its_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(run, "_PORTS", {"the mailbox": port})
        with pytest.raises(DemoError, match=rf"port {port}, where the mailbox .* \(process {os.getpid()}\)"):
            run.Demo(Console())._refuse_used_ports()


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    first = files.kept_secret(file)
    assert len(first) >= 32
    assert files.kept_secret(file) == first
    assert file.stat().st_mode & 0o077 == 0
