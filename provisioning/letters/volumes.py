"""The files of letters: of so many pages each, so that memory stays bounded and a printer takes them.

Each is written whole, mode 0600, because passwords stand in it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..errors import LetterError, reason_of
from ..files import sync_folder
from ..texts import _
from .letter import Letter
from .pages import Pages

PAGES = 5000
"""Pages of a file at most."""


class Volume(NamedTuple):
    """A file of letters, and whose they are."""

    path: Path
    identifiers: tuple[str, ...]


def write(
    letters: Iterable[Letter], path: Path, pages: Callable[[], Pages], on_page: Callable[[], None]
) -> Iterator[Volume]:
    """Write letters to `path`, and when there are many to `name-2.pdf`, `name-3.pdf`…; each file once it is
    safely on disk.

    Raises LetterError when a file cannot be written, or would take the place of one that is no PDF.
    """
    remaining = iter(letters)
    number = 1
    while some := _drawn(remaining, volume := pages(), on_page):
        own = volume_path(path, number)
        _write(own, volume.pdf())
        yield Volume(own, some)
        number += 1


def volume_path(path: Path, number: int) -> Path:
    """The file of the letters from the first, second, … on."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def _drawn(letters: Iterator[Letter], pages: Pages, on_page: Callable[[], None]) -> tuple[str, ...]:
    drawn: list[str] = []
    for letter in islice(letters, PAGES):
        pages.add(letter)
        drawn.append(letter.identifier)
        on_page()
    return tuple(drawn)


def check_output(path: Path) -> None:
    """Raise LetterError when letters cannot be written there, or something else would be lost."""
    try:
        if path.exists():
            with path.open("rb") as file:
                if file.read(4) not in (b"%PDF", b""):
                    raise LetterError(
                        _("{path} exists and is no PDF; give --output another name.").format(path=str(path))
                    )
        elif not path.parent.is_dir():
            raise LetterError(
                _("Cannot write to {path}: there is no folder {folder}.").format(
                    path=str(path), folder=str(path.parent)
                )
            )
    except OSError as error:
        raise LetterError(
            _("Cannot write to {path}: {reason}.").format(path=str(path), reason=reason_of(error))
        ) from None


def _write(path: Path, content: bytes) -> None:
    check_output(path)
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made 0600
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        sync_folder(path.parent)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise LetterError(
            _("Cannot write to {path}: {reason}.").format(path=str(path), reason=reason_of(error))
        ) from None
