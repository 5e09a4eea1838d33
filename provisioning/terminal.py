"""The person at the terminal: what is printed, asked, and told of how far a long command is.

Texts from a file or a server cannot drive the terminal.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

import click

from .errors import BadInputError, MoncompteError
from .texts import _

if TYPE_CHECKING:
    from rich.progress import Progress
    from rich.table import Column


def say(message: str) -> None:
    """Print a text. Values in it may come from a file or a server."""
    click.echo(_lines(message))


def fail(message: str) -> None:
    """Print an error."""
    click.echo(click.style("moncompte: ", fg="red", bold=True) + _lines(message), err=True)


def warn(message: str) -> None:
    """Print, beside what the command says, something that is not as it should be and stops nothing."""
    click.echo(click.style(_("moncompte: warning: "), fg="yellow", bold=True) + _lines(message), err=True)


def printable(value: object) -> str:
    """A text from a file or a server, without characters that would drive the terminal."""
    text = "" if value is None else str(value)
    return "".join(character if character.isprintable() else "�" for character in text)


def _lines(message: str) -> str:
    return "\n".join(map(printable, message.split("\n")))


def print_table(
    columns: Iterable[str | Column],
    rows: Iterable[Iterable[object]],
    *,
    title: str = "",
    width: int | None = None,
) -> None:
    """Print a table. Values may come from a file or a server; a `Text` of rich is printed as it is."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    folding = (Column(column, overflow="fold") if isinstance(column, str) else column for column in columns)
    table = Table(*folding, box=SIMPLE, title=Text(printable(title)) if title else None, title_justify="left")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(printable(cell)) for cell in row))
    Console(width=width).print(table)


def day(moment: object) -> str:
    """The local day of a moment that the server wrote (ISO 8601); nothing for none."""
    return _local(moment).strftime(_("%Y-%m-%d")) if moment else ""


def minute(moment: object) -> str:
    """The same with the time."""
    return _local(moment).strftime(_("%Y-%m-%d %H:%M")) if moment else ""


def _local(moment: object) -> datetime:
    return datetime.fromisoformat(str(moment)).astimezone()


def print_json(value: object) -> None:
    """Print a value as JSON, for other programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def one_line(value: object) -> str:
    """A contract or a contact in one line; agency and identifier are known where it stands."""
    if isinstance(value, dict):
        return " · ".join(
            printable(part) for key, part in value.items() if part and key not in ("agency", "identifier")
        )
    return printable(value)


# ---------------------------------------------------------------- asking

yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask.")


def require_somebody(*, yes: bool) -> None:
    """Check, before anything is done, that somebody can answer the question that will come.

    Raises BadInputError.
    """
    if not yes and not sys.stdin.isatty():
        raise BadInputError(
            _("nobody to ask (no terminal): give --yes to do it unasked. Nothing was changed.")
        )


def ask(question: str, *, yes: bool) -> None:
    """Go on if the person agrees.

    Raises MoncompteError if not, BadInputError if there is nobody to ask.
    """
    if yes:
        return
    require_somebody(yes=yes)
    if not agreed(question):
        raise MoncompteError(_("Nothing was changed."))


def agreed(question: str) -> bool:
    """Whether the person on the terminal says yes, in their language; Enter alone is no."""
    prompt = f"{question} " + _("[y/N]")
    while True:
        answer = click.prompt(prompt, default="", show_default=False, err=True).strip().lower()
        if answer in _("y yes").split():
            return True
        if answer in ("", "n", "no", "non"):
            return False


# ---------------------------------------------------------------- progress

MIN_SECONDS = 2.0
MAX_SECONDS = 60.0
"""A line each tenth of the way but not oftener than every 2 s; and one a minute however slow it goes."""


class ProgressOf:
    """Progress of one step of a command, on stderr; a context manager.

    It is a bar on a terminal, and a line now and then elsewhere (a log, a scheduler's mail).

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
        self._bar: Progress | None = None

    def __enter__(self) -> ProgressOf:
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task(self._label, total=self._total, rate="")
            self._bar.start()
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
            self._bar.update(self._task, advance=count, rate=f"{rate:.0f}/s")
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
            self._bar.console.print(line, markup=False, soft_wrap=True)
        else:
            click.echo(line, err=True)


def _bar() -> Progress:
    """A bar on stderr, which goes when it is stopped."""
    from rich.console import Console  # rich takes long to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True, highlight=False),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # or what goes to a file would come out on the terminal
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
