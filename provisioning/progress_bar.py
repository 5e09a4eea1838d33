"""The bar of `progress.py` on a terminal; a module of its own, because rich takes long to import."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Bar:
    """A bar on stderr, which goes when it is stopped.

    label   what is going on
    total   how many there are of what is counted
    """

    def __init__(self, label: str, total: int) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),  # or what goes to a file would come out on the terminal
        )
        self._task = self._bar.add_task(label, total=total, rate="")
        self._bar.start()

    def advance(self, count: int, rate: str) -> None:
        """So many more are done, at this rate."""
        self._bar.update(self._task, advance=count, rate=rate)

    def say(self, line: str) -> None:
        """Say something above the bar."""
        self._console.print(line, markup=False, soft_wrap=True)

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()
