"""What happens to people while a part of the stack is away, counted; and how a patient person behaves."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from tests.owner import Page

# Of the proxy's own page and of the theme's pages for errors of the server.
EXPLAINS = (
    "Service momentanément indisponible",
    "Un problème de notre côté",
    "Une panne de notre côté",
    "la vôtre n'a pas pu attendre",
)
PATIENCE = 120  # seconds somebody goes on trying
_PAUSE = 1.0  # seconds between two tries


@dataclass
class Figures:
    """Of one test.

    sent      things people wanted to do
    answered  those that were done at the first try
    retried   those that were done at a later try, and how many tries that took altogether
    lost      those that could not be done
    notes     what else was measured, in words
    """

    title: str
    sent: int = 0
    answered: int = 0
    retried: int = 0
    tries_again: int = 0
    lost: int = 0
    notes: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, tries: int | None) -> None:
        """One thing more: done after so many tries, or not (None)."""
        with self._lock:
            self.sent += 1
            if tries is None:
                self.lost += 1
            elif tries == 1:
                self.answered += 1
            else:
                self.retried += 1
                self.tries_again += tries - 1

    def __str__(self) -> str:
        counted = (
            f"{self.sent} sent, {self.answered} answered, {self.retried} retried "
            f"({self.tries_again} tries more), {self.lost} lost"
        )
        return "; ".join([f"{self.title}: {counted}", *self.notes])


class AwayError(Exception):
    """The installation could not do it now; the page said so, or the connection ended."""


def patiently(what: Callable[[], Page], figures: Figures | None = None) -> Page:
    """Does `what` again, as one reloads a page, until it is answered by another page than an error's.

    Fails when that takes longer than PATIENCE, or when an error is not told in words for an owner.
    """
    end, tries = time.monotonic() + PATIENCE, 0
    while True:
        tries += 1
        try:
            page = told(what)
        except AwayError as error:
            if time.monotonic() < end:
                time.sleep(_PAUSE)
                continue
            if figures is not None:
                figures.count(None)
            raise AssertionError(f"still not answered after {PATIENCE} s: {error}") from error
        if figures is not None:
            figures.count(tries)
        return page


def told(what: Callable[[], Page]) -> Page:
    """The page that `what` leads to. AwayError when it is one of the pages that ask for patience.

    An error that is not explained in French fails the test.
    """
    try:
        page = what()
    except requests.RequestException as error:
        raise AwayError(str(error)) from error
    if page.status < 500:
        return page
    assert any(words in page.text for words in EXPLAINS), f"{page.status} {page.url}: {page.html[:2000]!r}"
    raise AwayError(f"{page.status} {page.text}")
