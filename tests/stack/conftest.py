"""The stack of a run, and the realms that tests make on it, through its proxy as owners and operators do."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from local_mailbox import Mailbox
from stack.layout import ADMIN_USER, CLI_CLIENT, Ports
from stack.run import Stack
from stack.topology import Topology
from tests.integration.stage import Stage
from tests.realms import RealmMaker
from tests.server import ServerUnderTest
from tests.stack.browser import BrowserStage
from tests.stack.figures import Figures

LOGS = Path(__file__).parents[2] / ".test" / "stack"
_FIGURES = pytest.StashKey[list[Figures]]()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """What `make stack` brings up, on free ports and with data of its own."""
    with tempfile.TemporaryDirectory(prefix="moncompte-stack-") as directory:
        stack = Stack(Console(), Ports(), Path(directory))
        try:
            stack.bring_up()
            # For the requests of the tests themselves.
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("REQUESTS_CA_BUNDLE", stack.connection()["REQUESTS_CA_BUNDLE"])
                yield stack
        finally:
            stack.take_down()
            keep_logs(Path(directory))


def keep_logs(home: Path) -> None:
    """What the parts said, for whoever wants to know why."""
    for log in home.rglob("*.log"):
        kept = LOGS / log.relative_to(home)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log, kept)


@pytest.fixture
def topology(stack: Stack) -> Iterator[Topology]:
    """Its servers, whole again after each test."""
    topology = stack.topology
    assert topology is not None
    yield topology
    if not topology.database.is_running():
        topology.database.start()
    for number, node in enumerate(topology.nodes, start=1):
        if not node.is_running():
            topology.start_node(number)
    topology.proxy.wait_for({"n1", "n2"})


@pytest.fixture(scope="session")
def server(stack: Stack) -> ServerUnderTest:
    """The proxy, where the tests of one server have that server."""
    topology = stack.topology
    assert topology is not None
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


@pytest.fixture(scope="module")
def stage(make_realm: RealmMaker, mailbox: Mailbox) -> Stage:
    """A realm of the module on the stack, with its mails and its administrator."""
    return BrowserStage(make_realm(), mailbox)


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """What a test counts; it is printed at the end of the run, whether the test passed or not."""
    figures = Figures(request.node.name.removeprefix("test_").replace("_", " "))
    request.config.stash.setdefault(_FIGURES, []).append(figures)
    return figures


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures."""
    for figures in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(str(figures))
