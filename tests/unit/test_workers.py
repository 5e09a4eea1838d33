"""Work in parallel: results in order, bounded, and nothing that keeps the process from ending."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from provisioning.owners.workers import InOrder, Workers


def test_results_come_in_the_order_of_the_tasks() -> None:
    first_may_end = threading.Event()

    def slow() -> int:
        assert first_may_end.wait(60)
        return 1

    def quick() -> int:
        first_may_end.set()
        return 2

    with Workers[int](2) as workers:
        assert list(InOrder(workers, 4).results([slow, quick])) == [1, 2]


def test_no_more_tasks_are_begun_than_asked_for() -> None:
    begun: list[int] = []

    def counted() -> Iterator[Callable[[], int]]:
        for number in range(100):
            begun.append(number)
            yield partial(int, number)

    with Workers[int](2) as workers:
        for seen, result in enumerate(InOrder(workers, 4).results(counted())):
            assert result == seen
            assert len(begun) <= seen + 4


def test_an_error_reaches_whoever_asks_and_what_had_begun_is_not_lost() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def broken() -> int:
        assert begun.wait(60)
        raise ValueError("broken")

    def slow() -> int:
        begun.set()
        assert may_end.wait(60)
        return 2

    with Workers[int](2) as workers:
        in_order = InOrder(workers, 9)
        with pytest.raises(ValueError, match="broken"):
            list(in_order.results([broken, slow, lambda: 3]))
        may_end.set()
        assert 2 in in_order.leftovers(60)


def test_a_task_that_never_ends_does_not_keep_the_process_from_ending() -> None:
    code = (
        "import threading; from provisioning.owners.workers import *\n"
        "workers = Workers(1); begun = threading.Event()\n"
        "workers.submit(lambda: (begun.set(), threading.Event().wait()))\n"
        "begun.wait(); workers.close()"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
