"""Rule 8: what a limit an hour lets through, minute by minute; the sum is the server's own class."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.keycloak import DISTRIBUTION

CLASSES = DISTRIBUTION.parent / "classes"
JAVA = f"{os.environ['JAVA_HOME']}/bin/java" if os.environ.get("JAVA_HOME") else "java"
PROGRAM = Path(__file__).parent.parent / "java" / "SlidingWindows.java"
LIMIT = 60
MINUTE = 60_000  # milliseconds
HOUR = 60  # minutes
A_FULL_HOUR = 500_000 * HOUR  # minutes since the epoch


class Limit:
    """A limit as `throttle.Throttle` counts it: a try that does not pass is taken back."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._passed: dict[int, int] = {}  # by hour of the clock

    def passes(self, minute: int) -> bool:
        """Whether a try in this minute since the epoch passes."""
        hour = minute // HOUR
        before, now = self._passed.get(hour - 1, 0), self._passed.get(hour, 0) + 1
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(LIMIT, before, now, minute * MINUTE, HOUR * MINUTE, file=self._process.stdin, flush=True)
        passed = self._process.stdout.readline() == "true\n"
        self._passed[hour] = now if passed else now - 1
        return passed

    def passed(self, minutes: range, tries: int) -> list[int]:
        """How many of so many tries a minute pass, minute by minute."""
        return [sum(self.passes(minute) for _ in range(tries)) for minute in minutes]


@pytest.fixture
def limit() -> Iterator[Limit]:
    with subprocess.Popen(
        [JAVA, "-cp", CLASSES, PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Limit(process)


def test_a_full_hour_that_strikes_gives_nobody_a_second_helping(limit: Limit) -> None:
    before = limit.passed(range(A_FULL_HOUR - 1, A_FULL_HOUR), LIMIT + 10)
    after = limit.passed(range(A_FULL_HOUR, A_FULL_HOUR + 10), LIMIT)
    assert before == [LIMIT]
    assert sum(after) <= LIMIT / 6


def test_who_goes_on_trying_is_slowed_to_the_limit_and_not_shut_out(limit: Limit) -> None:
    passed = limit.passed(range(A_FULL_HOUR, A_FULL_HOUR + 4 * HOUR), 20)
    assert sum(passed[:HOUR]) == LIMIT
    for start in range(HOUR, 3 * HOUR):
        assert 0.9 * LIMIT <= sum(passed[start : start + HOUR]) <= 1.1 * LIMIT


def test_who_stays_below_the_limit_is_never_stopped(limit: Limit) -> None:
    minutes = [minute for minute in range(A_FULL_HOUR + 7, A_FULL_HOUR + 3 * HOUR) if minute % 10]
    assert all(limit.passes(minute) for minute in minutes)


def test_after_two_hours_nothing_is_left_of_it(limit: Limit) -> None:
    limit.passed(range(A_FULL_HOUR + 59, A_FULL_HOUR + 60), LIMIT)
    later = A_FULL_HOUR + 59 + 2 * HOUR
    assert limit.passed(range(later, later + 1), LIMIT) == [LIMIT]
