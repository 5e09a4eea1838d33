"""Small files that the manifest names, and files that hold secrets.

The latter are readable by their owner only, and never through a link someone else laid. `write_private`
replaces one at once; `open_private` opens one to change it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .errors import MoncompteError, reason_of
from .texts import _


def read_small(path: Path, most: int) -> bytes:
    """The content of a file of at most so many bytes. Raises ValueError with what was expected of it."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise ValueError(_("cannot read {path}: {error}").format(path=path, error=reason_of(error))) from None
    if len(content) > most:
        text = _("expected a file of at most {most} KB; {path} has {size} KB")
        raise ValueError(text.format(most=most // 1024, path=path, size=path.stat().st_size // 1024))
    return content


class NotPrivateError(PermissionError):
    """A file is not ours alone; its text says why."""


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600, whole or not at all; missing folders are made for their owner only.

    Raises OSError.
    """
    import tempfile  # takes a while, and few commands write a file whole

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_secret(path: Path, secret: str) -> None:
    """Write a secret to a file of its own, as `write_private` does. Raises MoncompteError."""
    try:
        write_private(path, secret + "\n")
    except OSError as error:
        text = _("Cannot write the secret to {path}: {reason}")
        raise MoncompteError(text.format(path=path, reason=reason_of(error))) from None


def open_private(path: Path) -> tuple[int, bool]:
    """The descriptor of a private file, made when missing, and whether it was made.

    Raises NotPrivateError when the file is not ours alone, and OSError (a link, a folder, no
    right).
    """
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor, made = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        descriptor, made = os.open(path, flags), False
    try:
        _check_private(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    if made:
        sync_folder(path.parent)
    return descriptor, made


def _check_private(descriptor: int, path: Path) -> None:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise NotPrivateError(_("{path} is not a plain file").format(path=path))
    if found.st_uid != os.geteuid():
        raise NotPrivateError(_("{path} belongs to somebody else").format(path=path))
    if found.st_mode & 0o077:
        raise NotPrivateError(
            _("{path} can be read by others; close it first: chmod 600 {path}").format(path=path)
        )


def sync_folder(folder: Path) -> None:
    """Make the entry of a new file last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
