"""Asking the server about batches of owners, several at a time, with patience when it goes away.

A batch is done as a whole or not at all, and doing it twice changes nothing: so one whose answer was lost is
sent again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from ..errors import RefusedError, ServerError, ServerUnreachableError
from ..server.keycloak import Json, Keycloak
from .workers import InOrder, Workers

T = TypeVar("T")

WORKERS = 4
"""Requests at a time. More than two only help a server of more than two cores."""

WAITS = (1, 2, 4, 8, 15, 30)
"""Seconds to wait before each further try, once the server has answered a first time."""

LAST_ANSWERS = 20
"""Seconds that an interruption waits for the answers to what was sent already."""

_BUSY = frozenset({409, 502, 503, 504})
"""What a proxy answers while the server behind it starts again, and the server while another load has the
same owners."""


@dataclass(frozen=True)
class Answered(Generic[T]):
    """A batch, the server's result for each of its items, and whether it had to be sent again."""

    items: Sequence[T]
    results: Sequence[Json]
    again: bool


Ask = Callable[[Keycloak, Sequence[Any]], list[Json]]
"""Sends one batch."""

Batch = tuple[Sequence[T], Callable[[], Sequence[Any]]]
"""Items, and what makes of them what is sent."""


class Sender:
    """Sends batches to one agency.

    on_wait   told, in a thread of ours, how many seconds are waited before the next try
    """

    def __init__(self, keycloak: Keycloak, on_wait: Callable[[int], None]) -> None:
        self._keycloak = keycloak
        self._on_wait = on_wait
        self._answered = threading.Event()
        self._stopped = threading.Event()

    def send(self, batches: Iterable[Batch[T]], ask: Ask, settle: Callable[[Answered[T]], None]) -> None:
        """Send batches by `ask`, and `settle` each in their order.

        On an error or an interruption, what was sent already is settled first, and nothing can be sent after
        it. Raises what `ask` raises.
        """
        with Workers[Answered[T]](WORKERS) as workers:
            in_order = InOrder(workers, 2 * WORKERS)
            tasks = (partial(self._patiently, items, make, ask) for items, make in batches)
            try:
                for answered in in_order.results(tasks):
                    settle(answered)
            except BaseException:
                self._stopped.set()
                for answered in in_order.leftovers(LAST_ANSWERS):
                    settle(answered)
                raise

    def _patiently(self, items: Sequence[T], make: Callable[[], Sequence[Any]], ask: Ask) -> Answered[T]:
        sent = make()
        for tried, seconds in enumerate((*WAITS, None)):
            if self._stopped.is_set():
                break
            try:
                results = ask(self._keycloak, sent)
                self._answered.set()
                return Answered(items, results, again=tried > 0)
            except (ServerUnreachableError, RefusedError) as error:
                if seconds is None or not self._is_worth_another_try(error):
                    raise
            self._on_wait(seconds)
            self._stopped.wait(seconds)
        raise ServerUnreachableError("stopped while waiting for the server")

    def _is_worth_another_try(self, error: ServerError) -> bool:
        if not self._answered.is_set() or self._stopped.is_set():
            return False
        return isinstance(error, ServerUnreachableError) or (
            isinstance(error, RefusedError) and error.status in _BUSY
        )
