"""Both nodes are restarted, one after the other, while owners sign in: none of them fails for good."""

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.stage import PERSONAL, Stage
from tests.owner import Page, activation_link
from tests.stack.figures import AwayError, Figures, patiently
from tools.topology import Topology

A_SECOND = 4  # sign-ins
OWNERS = 12  # who take turns: an account lets one password at a time be compared
BROWSERS = 32  # at once, at most
BEFORE = 5  # seconds of sign-ins before the first node stops, and after the second one is back


@pytest.fixture
def addresses(stage: Stage) -> list[str]:
    """Owners who have activated."""
    identifiers = [f"R{number}" for number in range(OWNERS)]
    stage.load(*identifiers)
    for identifier in identifiers:
        owner = stage.browser()
        stage.begun(owner, identifier)
        mail = stage.mailbox.wait_for(to=stage.address(identifier), timeout=60)
        assert owner.confirm(activation_link(mail.text)).screen == "login-address-confirmed"
    return [stage.address(identifier) for identifier in identifiers]


def begin_regularly(begin: Callable[[], None], over: threading.Event) -> None:
    """Begins something A_SECOND times a second, however long that takes, until it is over."""
    due = time.monotonic()
    while not over.wait(max(0.0, due - time.monotonic())):
        begin()
        due += 1 / A_SECOND


def test_no_sign_in_fails_for_good_during_a_rolling_restart(
    topology: Topology, stage: Stage, addresses: list[str], figures: Figures
) -> None:
    turns = itertools.cycle(addresses)
    results: list[Future[None]] = []
    took: list[float] = []

    def sign_in(address: str) -> None:
        start = time.monotonic()
        owner = stage.browser()

        def try_it() -> Page:
            page = owner.sign_in(address, PERSONAL)
            if page.status >= 500:
                return page
            if page.code is None:
                # Cut off on the way is a reason to begin again; a right password is never told wrong.
                assert "pas reconnu" not in page.text
                raise AwayError(f"{page.screen}: {page.text}")
            answer = owner.tokens(page, stage.secret(owner))
            if "access_token" not in answer:
                raise AwayError(f"no token: {answer}")
            return page

        patiently(try_it, figures)
        took.append(time.monotonic() - start)

    with ThreadPoolExecutor(BROWSERS) as browsers:
        # Nodes are started by this thread: a process ends with the thread that started it.
        over = threading.Event()
        clock = browsers.submit(
            begin_regularly, lambda: results.append(browsers.submit(sign_in, next(turns))), over
        )
        try:
            time.sleep(BEFORE)
            stopping = []
            for number in (1, 2):
                stopping.append(topology.stop_node(number))
                topology.start_node(number)
            time.sleep(BEFORE)
        finally:
            over.set()
        clock.result()
        for result in results:
            result.result()
    took.sort()
    figures.notes.append(
        f"nodes took {', '.join(f'{seconds:.0f} s' for seconds in stopping)} to stop; a sign-in took "
        f"{took[len(took) // 2]:.1f} s in the middle, {took[-1]:.1f} s at most"
    )
    assert figures.lost == 0
