"""Batches are sent with patience: which failures are worth another try, and what counts when one is not."""

import threading
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from provisioning.errors import RefusedError, ServerError, ServerUnreachableError
from provisioning.owners import sending
from provisioning.owners.sending import Answered, Batch, Sender
from provisioning.server.keycloak import Json, Keycloak, Settings

DONE: Json = {"outcome": "created"}


class Sent:
    """What became of batches of one item each: asked by a function, which fails as it is told to."""

    def __init__(self, *failures: ServerError | None) -> None:
        self._failures = list(failures)
        self.tries: list[str] = []
        self.waits: list[int] = []
        self.answered: list[Answered[str]] = []

    def ask(self, _: Keycloak, batch: Sequence[str]) -> list[Json]:
        self.tries += batch
        failure = self._failures.pop(0) if self._failures else None
        if failure is not None:
            raise failure
        return [DONE for _ in batch]

    def send(self, *items: str) -> None:
        """Sends items, one after the other; the connection is never used."""
        keycloak = Keycloak(Settings("http://127.0.0.1:1", "nobody", "nothing"))
        batches: Iterator[Batch[str]] = (([item], partial(list, [item])) for item in items)
        Sender(keycloak, self.waits.append).send(batches, self.ask, self.answered.append)

    @property
    def settled(self) -> list[tuple[str, bool]]:
        """Items whose answer has come, and whether they had to be sent again."""
        return [(item, one.again) for one in self.answered for item in one.items]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WAITS", (0, 0, 0))
    monkeypatch.setattr(sending, "WORKERS", 1)


@pytest.mark.parametrize(
    "failure",
    [ServerUnreachableError("gone"), *(RefusedError("busy", status) for status in (409, 502, 503, 504))],
)
def test_a_server_that_comes_back_is_sent_the_batch_again(failure: ServerError) -> None:
    sent = Sent(None, failure)
    sent.send("first", "second", "third")
    assert sent.tries == ["first", "second", "second", "third"]
    assert sent.settled == [("first", False), ("second", True), ("third", False)]
    assert sent.waits == [0]


def test_a_server_that_was_never_there_is_not_waited_for() -> None:
    sent = Sent(ServerUnreachableError("gone"))
    with pytest.raises(ServerUnreachableError, match="gone"):
        sent.send("first")
    assert (sent.tries, sent.waits, sent.settled) == (["first"], [], [])


def test_a_server_that_stays_away_is_given_up() -> None:
    gone = ServerUnreachableError("gone")
    sent = Sent(None, gone, gone, gone, gone)
    with pytest.raises(ServerUnreachableError, match="gone"):
        sent.send("first", "second")
    assert sent.tries == ["first", *["second"] * 4]
    assert sent.waits == [0, 0, 0]


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_what_is_refused_is_not_sent_again_and_what_was_sent_counts(status: int) -> None:
    sent = Sent(None, RefusedError("no", status))
    with pytest.raises(RefusedError):
        sent.send("first", "second")
    assert sent.settled == [("first", False)]
    assert sent.tries == ["first", "second"]
    assert sent.waits == []


def test_what_was_not_sent_yet_at_an_interruption_is_not_sent() -> None:
    sent = Sent()
    sender = Sender(Keycloak(Settings("http://127.0.0.1:1", "nobody", "nothing")), sent.waits.append)
    begun = threading.Event()

    def slowly() -> Sequence[str]:
        begun.set()
        assert sender._stopped.wait(10)
        return ["second"]

    def interrupt(_: Answered[str]) -> None:
        assert begun.wait(10)
        raise KeyboardInterrupt

    batches: list[Batch[str]] = [(["first"], partial(list, ["first"])), (["second"], slowly)]
    with pytest.raises(KeyboardInterrupt):
        sender.send(batches, sent.ask, interrupt)
    assert sent.tries == ["first"]
