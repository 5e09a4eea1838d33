"""The servers of the run's stack, and realms made on it through its proxy, as operators do."""

from collections.abc import Iterator

import pytest

from tests.integration.stage import Stage
from tests.realms import RealmMaker
from tests.server import ServerUnderTest
from tests.stack.browser import BrowserStage
from tests.stack.figures import Figures
from tests.stack.running import as_server
from tools.mailbox import Mailbox
from tools.stack import Stack
from tools.topology import Topology

_FIGURES = pytest.StashKey[list[Figures]]()


@pytest.fixture
def topology(stack: Stack) -> Iterator[Topology]:
    """Its servers, whole again after each test."""
    topology = stack.topology
    yield topology
    if not topology.database.is_running():
        topology.database.start()
    for number, node in enumerate(topology.nodes, start=1):
        if not node.is_running():
            topology.start_node(number)
    topology.proxy.wait_for({"n1", "n2"})


@pytest.fixture(scope="session")
def server(stack: Stack) -> ServerUnderTest:
    return as_server(stack)


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
