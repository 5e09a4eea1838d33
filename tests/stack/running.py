"""The stack of a run, and what tests of one server take for that server: its proxy."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from tests.server import ServerUnderTest
from tools import ADMIN_USER, CLI_CLIENT
from tools.ports import Ports
from tools.stack import Stack

LOGS = Path(__file__).parents[2] / ".test" / "stack"


@contextlib.contextmanager
def running_stack() -> Iterator[Stack]:
    """What `make stack` brings up, on free ports and with data of its own."""
    with tempfile.TemporaryDirectory(prefix="moncompte-stack-") as directory:
        stack = Stack(Path(directory), Console(), Ports())
        try:
            stack.bring_up()
            # For the requests of the tests themselves.
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("REQUESTS_CA_BUNDLE", stack.trust()["REQUESTS_CA_BUNDLE"])
                yield stack
        finally:
            stack.take_down()
            _keep_logs(Path(directory))


def _keep_logs(home: Path) -> None:
    """What the parts said, for whoever wants to know why."""
    for log in home.rglob("*.log"):
        kept = LOGS / log.relative_to(home)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log, kept)


def as_server(stack: Stack) -> ServerUnderTest:
    """The proxy, where the tests of one server have that server."""
    topology = stack.topology
    return ServerUnderTest(
        url=topology.url,
        management_url=f"http://localhost:{stack.ports.nodes[0].management}",
        client_id=CLI_CLIENT,
        client_secret=topology.cli_secret.read_text(encoding="ascii").strip(),
        admin=ADMIN_USER,
        admin_password=topology.admin_password.read_text(encoding="ascii").strip(),
        smtp_host="localhost",
        in_docker=False,
        log=str(LOGS),
    )
