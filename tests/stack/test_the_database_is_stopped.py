"""PostgreSQL goes away for 20 seconds: owners are told in French, go on afterwards, nothing is lost."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Owner, Page
from tests.stack.figures import AwayError, Figures, patiently, told
from tools.topology import Topology

AWAY = 20  # seconds
_PAUSE = 0.5  # seconds between two visits during the outage
ACTIVATED = ["B1", "B2", "B3"]
AT_S4 = ["B4", "B5", "B6"]


@pytest.fixture
def activated(stage: Stage) -> list[str]:
    """Addresses of owners who have activated before."""
    for identifier in ACTIVATED:
        stage.activated(identifier)
    return [stage.address(identifier) for identifier in ACTIVATED]


@pytest.fixture
def at_s4(stage: Stage) -> list[tuple[str, Owner, Page]]:
    """Owners who stand at S4: identifier, browser and page."""
    stage.load(*AT_S4)
    found = []
    for identifier in AT_S4:
        owner = stage.browser()
        page = owner.prove("1001", "01", identifier, provisional(identifier))
        found.append((identifier, owner, owner.submit(page, email=stage.address(identifier))))
    return found


def visits(stage: Stage, address: str, until: float) -> Iterator[str]:
    """What somebody sees who tries to sign in again and again until then: `in`, or the words of the error."""
    while time.monotonic() < until:
        try:
            page = told(lambda: stage.browser().sign_in(address, PERSONAL))
            yield "in" if page.code else f"{page.screen}: {page.text}"
        except AwayError as error:
            yield str(error)
        time.sleep(_PAUSE)


def test_owners_are_told_in_french_while_the_database_is_away_and_go_on_when_it_is_back(
    topology: Topology,
    stage: Stage,
    activated: list[str],
    at_s4: list[tuple[str, Owner, Page]],
    figures: Figures,
) -> None:
    stopped = time.monotonic()
    topology.database.stop()
    seen = Counter(visits(stage, activated[0], stopped + AWAY))
    assert "in" not in seen
    topology.database.start()
    back = time.monotonic()

    # Whoever stood at S4 sends it now: nothing of what was there before is lost.
    for identifier, owner, page in at_s4:
        answer = patiently(
            lambda owner=owner, page=page: owner.submit(  # type: ignore[misc]
                page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on"
            ),
            figures,
        )
        assert answer.screen == "login-verify-address", f"{identifier}: {answer.screen} {answer.text}"
        recovered = time.monotonic() - back
        link = stage.link(stage.address(identifier))
        assert owner.confirm(link).screen == "login-address-confirmed"
    for address in activated + [stage.address(identifier) for identifier in AT_S4]:
        page = patiently(lambda address=address: stage.browser().sign_in(address, PERSONAL), figures)  # type: ignore[misc]
        assert page.code is not None, page.text
    topology.proxy.wait_for({"n1", "n2"})
    figures.notes.append(
        f"{sum(seen.values())} visits met an error in {AWAY} s ({len(seen)} different); "
        f"first answers at most {recovered:.0f} s after it was back"
    )
    assert figures.lost == 0
