"""Lines of a CSV file, one record at a time: a mistake in one spoils that one only.

Python's own reader takes a file whole: a stray quote swallows what follows, a NUL or a long line ends it.
Here the file is cut into lines first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, NamedTuple

from .file_problems import Problem

MAX_LINE = 64 * 1024
"""Longest line, in bytes; a real one has a few hundred."""

MAX_QUOTED_LINES = 20
"""Over how many lines a quoted cell may run (Alt-Enter in Excel) before its quote is taken for a stray
one."""

SHOWN = 200
"""How much is kept of a line that is too long, in characters."""


class Record(NamedTuple):
    """A record as it stands in the file: number of its first line, its text, or why it cannot be used."""

    line: int
    text: str
    problem: Problem | None


def is_utf8(content: bytes) -> bool:
    """Whether a file is UTF-8 rather than Windows-1252: unless the lines that are not UTF-8 outnumber those
    that are, accents counted only."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _counts_as_utf8(content)
    return True


def _counts_as_utf8(content: bytes) -> bool:
    good = bad = 0
    for line in io.BytesIO(content):
        if line.isascii() or len(line) >= MAX_LINE:
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return good > bad


def records(file: IO[bytes], encoding: str, separator: str, width: int) -> Iterator[Record]:
    """Every record after the header.

    file       at its start
    encoding   utf-8, or cp1252
    width      cells a record has; a record over several lines that has another number is a stray quote
    """
    lines = _lines(file, encoding)
    waiting: list[Record] = []
    while True:
        head = waiting.pop(0) if waiting else next(lines, None)
        if head is None:
            return
        if '"' not in head.text or head.problem is not None:
            yield head
            continue
        taken = [head.text]
        cells = _quoted(taken, waiting, lines, separator)
        if cells is None or (len(taken) > 1 and len(cells) != width):
            yield head._replace(problem=Problem(head.line, "", "line_quote"))
            continue
        del waiting[: len(taken) - 1]
        yield head._replace(text="\n".join(taken))


def cells_of(text: str, separator: str) -> list[str]:
    """The cells of a record that has no problem."""
    return text.split(separator) if '"' not in text else _parsed(text, separator)


def _parsed(text: str, separator: str) -> list[str]:
    return next(csv.reader([text], delimiter=separator, strict=True), [])


def _lines(file: IO[bytes], encoding: str) -> Iterator[Record]:
    """Each line after the header, without its end; or why it cannot be used."""
    number = 1
    _rest_of(file, file.readline(MAX_LINE))
    while raw := file.readline(MAX_LINE):
        number += 1
        if _rest_of(file, raw):
            yield _unusable(number, raw[: SHOWN * 4], "line_too_long", encoding, limit=MAX_LINE)
        elif b"\0" in raw:
            yield _unusable(number, raw, "line_nul", encoding)
        else:
            try:
                yield Record(number, raw.decode(encoding).rstrip("\r\n"), None)
            except UnicodeDecodeError:
                yield _unusable(number, raw, "line_undecodable", encoding)


def _rest_of(file: IO[bytes], raw: bytes) -> bool:
    """Whether a line goes on beyond what was read of it; reads to its end."""
    too_long = False
    while len(raw) == MAX_LINE and not raw.endswith(b"\n"):
        too_long = True
        raw = file.readline(MAX_LINE)
    return too_long


def _unusable(line: int, raw: bytes, code: str, encoding: str, **values: object) -> Record:
    problem = Problem(line, "", code, values)
    if code == "line_undecodable":
        encoding = "cp1252" if encoding == "utf-8" else "latin-1"  # what the line most likely is
    text = raw.decode(encoding, errors="replace").rstrip("\r\n")
    return Record(line, text[:SHOWN] if code == "line_too_long" else text, problem)


def _quoted(
    taken: list[str], waiting: list[Record], lines: Iterator[Record], separator: str
) -> list[str] | None:
    """The cells of a record that has quotes; further lines are added to `taken` while a quote is open.

    None when the quotes make no sense. Lines looked at stay in `waiting` until the caller drops them.
    """
    while True:
        try:
            return _parsed("\n".join(taken), separator)
        except csv.Error as error:
            if "unexpected end of data" not in str(error) or len(taken) > MAX_QUOTED_LINES:
                return None
        position = len(taken) - 1
        if position == len(waiting):
            following = next(lines, None)
            if following is None:
                return None
            waiting.append(following)
        following = waiting[position]
        if following.problem is not None:
            return None
        taken.append(following.text)
