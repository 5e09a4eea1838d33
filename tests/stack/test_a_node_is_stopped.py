"""An orderly stop (SIGTERM) of a node that has mails to send, with a mail server that is slow.

A node that stops goes on answering for some seconds first (KC_SHUTDOWN_DELAY), so the mail server is slower.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.integration.stage import Stage, eventually
from tests.realms import RealmMaker
from tests.stack.activation import Activation
from tests.stack.browser import BrowserStage
from tests.stack.figures import Figures
from tests.stack.gate import Gate
from tools.mailbox import Mailbox
from tools.topology import Topology


@pytest.fixture
def gate(mailbox: Mailbox) -> Iterator[Gate]:
    with Gate(mailbox.smtp_port) as gate:
        yield gate


@pytest.fixture
def other_gate(mailbox: Mailbox) -> Iterator[Gate]:
    with Gate(mailbox.smtp_port) as gate:
        yield gate


def stage_behind(gate: Gate, make_realm: RealmMaker, mailbox: Mailbox) -> Stage:
    """A realm that sends its mails through the gate."""
    mail = {
        "host": "localhost",
        "port": gate.port,
        "from": "webmaster@moncompte.immo",
        "from_name": "Mon compte immobilier",
    }
    return BrowserStage(make_realm(mail=mail), mailbox)


def waiting_on_first_node(stage: Stage, mark: str, wanted: int) -> list[Activation]:
    """Owners at S5, whose mails wait on the first node."""
    found: list[Activation] = []
    identifiers = [f"{mark}{number}" for number in range(10 * wanted)]
    # Before all of them: the proxy leads newcomers to its nodes in turn, and a load is one.
    stage.load(*identifiers)
    for identifier in identifiers:
        activation = Activation(stage, identifier)
        activation.to_password()
        if activation.node == "n1":
            activation.choose_password()
            found.append(activation)
        if len(found) == wanted:
            return found
    raise AssertionError("no browser comes to the first node")


def says(log: Path, words: str) -> bool:
    return words in log.read_text(encoding="utf-8", errors="replace")


def test_mails_that_wait_leave_before_a_node_stops_and_lost_ones_are_told(
    topology: Topology,
    make_realm: RealmMaker,
    mailbox: Mailbox,
    gate: Gate,
    other_gate: Gate,
    figures: Figures,
) -> None:
    slow = stage_behind(gate, make_realm, mailbox)
    dead = stage_behind(other_gate, make_realm, mailbox)
    # The node sends four mails at a time: none of these waits for another one.
    late = waiting_on_first_node(slow, "L", 2)
    lost = waiting_on_first_node(dead, "D", 1)
    log = topology.nodes[0].log_file

    with ThreadPoolExecutor(1) as threads:
        stopping = threads.submit(topology.stop_node, 1)
        eventually(lambda: says(log, "it sends the mails that wait (activation: 3)"), "it stops", timeout=60)
        gate.open()
        took = stopping.result()
    for activation in late:
        mailbox.wait_for(to=activation.address, timeout=60)
    assert says(log, "these mails were not sent (activation: 1)")
    assert lost[0].address not in log.read_text(encoding="utf-8")

    other_gate.open()
    for activation in late + lost:
        came = activation.finish()
        figures.count(1 if came else 2)
        assert came == (activation in late)
        assert activation.node == "n2"
    figures.notes.append(f"the node took {took:.0f} s to stop; one mail was asked for again")
