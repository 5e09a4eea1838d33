"""How far a long command is: a bar on a terminal, a line now and then elsewhere (a log, a scheduler's
mail)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

import click

from .texts import _

if TYPE_CHECKING:
    from .progress_bar import Bar

MIN_SECONDS = 2.0
MAX_SECONDS = 60.0
"""A line each tenth of the way but not oftener than every 2 s; and one a minute however slow it goes."""


class ProgressOf:
    """Progress of one step of a command, on stderr; a context manager.

    label   what is going on
    total   how many there are of what is counted
    """

    def __init__(self, label: str, total: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._label = label
        self._total = total
        self._clock = clock
        self._began = self._said_at = clock()
        self._done = 0
        self._said_tenths = 0
        self._bar: Bar | None = None

    def __enter__(self) -> ProgressOf:
        if sys.stderr.isatty():
            from .progress_bar import Bar

            self._bar = Bar(self._label, self._total)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        now = self._clock()
        rate = self._done / max(now - self._began, 0.001)
        if self._bar is not None:
            self._bar.advance(count, f"{rate:.0f}/s")
            return
        tenths = self._done * 10 // max(self._total, 1)
        since = now - self._said_at
        if (tenths > self._said_tenths and since >= MIN_SECONDS) or since >= MAX_SECONDS:
            self._said_at, self._said_tenths = now, tenths
            self._say_line(rate)

    def _say_line(self, rate: float) -> None:
        left = _duration(max(self._total - self._done, 0) / rate)
        percent = self._done * 100 // max(self._total, 1)
        line = _("{label}: {done} of {total} ({percent}%), {rate:.0f}/s, {left} left")
        values = {"label": self._label, "done": self._done, "total": self._total}
        self.say(line.format(**values, percent=percent, rate=rate, left=left))

    def say(self, line: str) -> None:
        """Say something beside the bar."""
        if self._bar is not None:
            self._bar.say(line)
        else:
            click.echo(line, err=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
