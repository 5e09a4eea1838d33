"""A node goes in the middle of what it does (`kill -9`), and the owners it served go on with the other.

Half of the owners are on each node. All stand at S4, or have just sent it and wait for their mail.
"""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from tests.integration.stage import Stage
from tests.stack.activation import Activation
from tests.stack.figures import Figures
from tools.topology import Topology

OWNERS = 10


@pytest.fixture
def activations(stage: Stage, request: pytest.FixtureRequest) -> list[Activation]:
    """Owners at S4, some on each node."""
    mark = request.node.name[-4:]
    identifiers = [f"K{mark}{number}" for number in range(OWNERS)]
    stage.load(*identifiers)
    found = [Activation(stage, identifier) for identifier in identifiers]
    for activation in found:
        activation.to_password()
    assert {activation.node for activation in found} == {"n1", "n2"}
    return found


def test_owners_at_s4_go_on_when_their_node_is_killed(
    topology: Topology, activations: list[Activation], figures: Figures
) -> None:
    topology.nodes[0].kill()
    for activation in activations:
        activation.choose_password(figures)
    came = [activation.finish() for activation in activations]
    assert {activation.node for activation in activations} == {"n2"}
    figures.notes.append(f"{came.count(True)} mails came, {came.count(False)} were asked for again")
    assert figures.lost == 0


def test_owners_who_have_just_asked_for_a_mail_go_on(
    topology: Topology, activations: list[Activation], figures: Figures
) -> None:
    with ThreadPoolExecutor(OWNERS) as threads:
        asked = [threads.submit(activation.choose_password, figures) for activation in activations]
        done, _ = wait(asked, timeout=60, return_when=FIRST_COMPLETED)
        assert done
        topology.nodes[0].kill()
        for one in asked:
            one.result()
    came = [activation.finish() for activation in activations]
    figures.notes.append(f"{came.count(True)} mails came, {came.count(False)} were asked for again")
    assert figures.lost == 0
