"""A few threads that take work in turn, and their results in order.

Unlike those of `concurrent.futures` the threads never keep the process from ending: after Ctrl-C a request to
a server that does not answer is left behind.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")

_Work = tuple["Future[T]", Callable[[], T]]


class Workers(Generic[T]):
    """`count` threads; a context manager, which gives up what has not begun when it is left."""

    def __init__(self, count: int) -> None:
        self._tasks: SimpleQueue[_Work[T] | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Workers[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, task: Callable[[], T]) -> Future[T]:
        """Have a task done; tasks begin in the order they came."""
        future: Future[T] = Future()
        self._tasks.put((future, task))
        return future

    def close(self) -> None:
        """Give up what has not begun; what has goes on to its end."""
        while True:
            try:
                work = self._tasks.get_nowait()
            except Empty:
                break
            if work is not None:
                work[0].cancel()
        for _ in self._threads:
            self._tasks.put(None)

    def _work(self) -> None:
        while (work := self._tasks.get()) is not None:
            future, task = work
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = task()
            except BaseException as error:  # noqa: BLE001 (whoever asks for the result gets it)
                future.set_exception(error)
            else:
                future.set_result(result)


class InOrder(Generic[T]):
    """Results of tasks in the order of the tasks, with at most `ahead` of them begun and not yet asked
    for."""

    def __init__(self, workers: Workers[T], ahead: int) -> None:
        self._workers = workers
        self._ahead = ahead
        self._pending: deque[Future[T]] = deque()

    def results(self, tasks: Iterable[Callable[[], T]]) -> Iterator[T]:
        """Each result; raises what its task raised."""
        for task in tasks:
            self._pending.append(self._workers.submit(task))
            if len(self._pending) >= self._ahead:
                yield self._pending.popleft().result()
        while self._pending:
            yield self._pending.popleft().result()

    def leftovers(self, patience: float) -> list[T]:
        """After an error or an interruption: the results of what had begun and ends well within `patience`
        seconds."""
        self._workers.close()
        begun = [future for future in self._pending if not future.cancelled()]
        self._pending.clear()
        done, _ = wait(begun, timeout=patience)
        return [future.result() for future in begun if future in done and future.exception() is None]
