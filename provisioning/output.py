"""Printing: errors, and texts that came from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from .texts import _


class LinesRefused(Exception):  # noqa: N818 (not an error: the exit code of a run that refused some lines)
    """Everything was done that could be; some lines were refused (exit code 3)."""


class ChangesPending(Exception):  # noqa: N818 (not an error: the exit code of a plan that found something)
    """The server is not as the manifest says (exit code 3)."""


class FindingsFound(Exception):  # noqa: N818 (not an error: the exit code of a check that found something)
    """Something serious is wrong with the installation (exit code 3)."""


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


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table. Values may come from a file or a server."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(value)) for value in row))
    Console().print(table)


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
