"""A node goes in the middle of what it does (`kill -9`), and the owners it served go on with the other.

Half of the owners are on each node. All stand at S4, or have just sent it and wait for their mail.
"""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from stack.topology import Topology
from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Page, activation_link
from tests.stack.figures import Figures, patiently

OWNERS = 10
MAIL = 15  # seconds after which somebody asks for the mail again


class Activation:
    """One owner on the way from S2 to a first sign-in."""

    def __init__(self, stage: Stage, identifier: str) -> None:
        self._stage = stage
        self._identifier = identifier
        self.owner = stage.browser()
        self.address = stage.address(identifier)

    @property
    def node(self) -> str:
        """The node the browser stays with: `n1` or `n2`."""
        return str(self.owner.http.cookies["MONCOMPTE_NODE"])

    def to_password(self) -> None:
        """S2, S3, and now S4 is on the screen."""
        page = self.owner.prove("1001", "01", self._identifier, provisional(self._identifier))
        self._page = self.owner.submit(page, email=self.address)
        assert self._page.screen == "login-new-password", self._page.text

    def choose_password(self, figures: Figures | None = None) -> None:
        """S4, sent; reloaded while the answer is an error."""

        def send() -> Page:
            return self.owner.submit(self._page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")

        page = patiently(send, figures)
        assert page.screen == "login-verify-address", f"{page.screen}: {page.text}"
        self._waiting = page

    def finish(self) -> bool:
        """M1 and the first sign-in. Whether the mail came by itself: asked for again, it has to."""
        came = True
        try:
            mail = self._stage.mailbox.wait_for(to=self.address, timeout=MAIL)
        except TimeoutError:
            came = False
            patiently(lambda: self.owner.submit(self._waiting, action="resend"))
            mail = self._stage.mailbox.wait_for(to=self.address, timeout=60)
        link = activation_link(mail.text)
        page = patiently(lambda: self.owner.confirm(link))
        assert page.screen == "login-address-confirmed", f"{page.screen}: {page.text}"
        signed_in = patiently(lambda: self._stage.browser().sign_in(self.address, PERSONAL))
        assert signed_in.code is not None, signed_in.text
        return came


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
