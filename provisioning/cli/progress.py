"""How far a long command is: a bar on a terminal, a line now and then elsewhere (a log, a scheduler's
mail)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..messages import Language, text

LEAST_SECONDS = 2.0
MOST_SECONDS = 60.0
"""A line each tenth of the way but not oftener than every 2 s; and one a minute however slow it goes."""


class ProgressOf:
    """Progress of one step of a command, on stderr; a context manager.

    label   what is going on
    total   how many there are of what is counted
    """

    def __init__(
        self, label: str, total: int, lang: Language, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._label = label
        self._total = total
        self._lang = lang
        self._clock = clock
        self._began = self._said_at = clock()
        self._done = 0
        self._said_tenths = 0
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeRemainingColumn(),
            console=self._console,
            disable=not sys.stderr.isatty(),
            transient=True,
            redirect_stdout=sys.stdout.isatty(),  # or what goes to a file would come out on the terminal
        )
        self._task = self._bar.add_task(label, total=total, rate="")

    def __enter__(self) -> ProgressOf:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def advance(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        now = self._clock()
        rate = self._done / max(now - self._began, 0.001)
        if not self._bar.disable:
            self._bar.update(self._task, advance=count, rate=text(self._lang, "progress_rate", rate=rate))
            return
        tenths = self._done * 10 // max(self._total, 1)
        since = now - self._said_at
        if (tenths > self._said_tenths and since >= LEAST_SECONDS) or since >= MOST_SECONDS:
            self._said_at, self._said_tenths = now, tenths
            self._say_line(rate)

    def _say_line(self, rate: float) -> None:
        left = _duration(max(self._total - self._done, 0) / rate)
        percent = self._done * 100 // max(self._total, 1)
        values = {"label": self._label, "done": self._done, "total": self._total}
        said = text(self._lang, "progress_line", **values, percent=percent, rate=rate, left=left)
        self.say(said)

    def say(self, line: str) -> None:
        """Say something beside the bar."""
        self._console.print(line, markup=False, soft_wrap=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
