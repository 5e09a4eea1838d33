"""The file that generated passwords are kept in: written and synced before anything is sent.

CSV with `;`, UTF-8 with BOM (so that a French Excel reads it), mode 0600:

    identifiant;mot_de_passe;nom;prenom;agence;date;compte

A password is for one provisional account and never used again (specification, rule 3). `compte` is the id of
that account, written in place once the server has answered. A line without it was perhaps never sent: an
import that is run again within REUSE uses its password. Otherwise an identifier gets a new line, and its last
line counts.

The agency stands in each line because identifiers are unique in their agency only: a file of another agency
is refused. A last line that a crash cut short was never sent; it is taken away.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from ..errors import CredentialsFileError, reason_of
from ..files import open_private
from ..texts import _
from .cells import neutral, plain
from .file import Owner
from .identifiers import written_key
from .passwords import generate, is_generated

HEADER = ("identifiant", "mot_de_passe", "nom", "prenom", "agence", "date", "compte")
REUSE = timedelta(hours=1)
"""How long a run again may use a password that the server has not confirmed."""

_BOM = b"\xef\xbb\xbf"
_UNCONFIRMED = "." * 36
"""Stands where the id of an account will be written."""

_EXISTING = "existant"
"""Stands there of an account that no import makes, so that none uses its password."""


@dataclass(slots=True)
class _Kept:
    """The last line of an identifier.

    can_be_sent   whether an interrupted import may have left the password behind
    at            where `compte` stands in the file, in bytes
    """

    password: str
    can_be_sent: bool
    at: int


class CredentialsFile:
    """A credentials file, locked while it is open; a context manager.

    Raises CredentialsFileError when the file cannot be made or trusted, is in use, belongs to another
    agency, or holds lines that are not its own.
    """

    def __init__(self, path: Path, agency: str) -> None:
        self.path = path
        self._agency = agency
        self._kept: dict[str, _Kept] = {}
        self.outdated: list[str] = []
        """Identifiers whose password before no longer counts, because they got a new one."""
        try:
            self._descriptor, _is_new = open_private(path)
        except OSError as error:
            raise CredentialsFileError(
                _("Cannot use the credentials file {path}: {reason}").format(
                    path=str(path), reason=reason_of(error)
                )
            ) from None
        try:
            self._lock()
            self._read()
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> CredentialsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def _lock(self) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CredentialsFileError(
                _("Another import is using {path}; wait until it has ended.").format(path=str(self.path))
            ) from None

    def _read(self) -> None:
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            file.seek(0)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        last = content[len(whole) :].rstrip(b"\r")
        if whole and last and _is_whole(last):
            # Whole but for its line end, which an editor may have taken.
            self._append(b"\r\n")
            whole += last + b"\r\n"
        elif last:
            os.ftruncate(self._descriptor, len(whole))
        if not whole:
            os.ftruncate(self._descriptor, 0)
            self._append(_BOM + _lines([HEADER]))
            return
        at = 0
        for number, line in enumerate(whole.splitlines(keepends=True), 1):
            at += len(line)
            row = self._cells(number, line)
            if number > 1:
                self._take(number, row, at - len(line) + len(line.rstrip(b"\r\n")))
            elif tuple(row) != HEADER:
                raise self._unusable(1, _("expected the columns {columns}").format(columns=";".join(HEADER)))

    def _cells(self, number: int, line: bytes) -> list[str]:
        try:
            (row,) = csv.reader(
                [line.decode("utf-8-sig" if number == 1 else "utf-8")], delimiter=";", strict=True
            )
        except (UnicodeDecodeError, csv.Error, ValueError):
            raise self._unusable(
                number, _("it is no longer the file moncompte wrote (UTF-8, separated by ;)")
            ) from None
        return row

    def _take(self, number: int, row: list[str], end: int) -> None:
        if len(row) != len(HEADER):
            raise self._unusable(
                number,
                _("expected {expected} cells, found {found}").format(expected=len(HEADER), found=len(row)),
            )
        identifier, password, _last_name, _first_name, agency, date, account = (plain(cell) for cell in row)
        if agency.lower() != self._agency.lower():
            raise self._unusable(
                number,
                _("this file is of the agency {agency}; use another for {other}").format(
                    agency=agency, other=self._agency
                ),
            )
        if not is_generated(password):
            raise self._unusable(
                number,
                _("the password of {identifier} is not one that moncompte generated").format(
                    identifier=identifier
                ),
            )
        can_be_sent = account == _UNCONFIRMED and _is_recent(date)
        self._kept[written_key(identifier)] = _Kept(password, can_be_sent, end - len(_UNCONFIRMED))

    def _unusable(self, number: int, reason: str) -> CredentialsFileError:
        return CredentialsFileError(
            _("{path}:{line}: {reason}. Nothing was sent.").format(path=self.path, line=number, reason=reason)
        )

    def passwords(self, owners: Iterable[Owner]) -> dict[str, str]:
        """The passwords to send for these owners, by their key, safely on disk on return.

        Raises CredentialsFileError when they cannot be written.
        """
        found: dict[str, str] = {}
        rows: list[list[str]] = []
        for owner in owners:
            kept = self._kept.get(owner.key)
            if kept is None or not kept.can_be_sent:
                if kept is not None:
                    self.outdated.append(owner.identifier)
                row = self._new_row(owner.identifier, owner.last_name, owner.first_name, _UNCONFIRMED)
                rows.append(row)
                found[owner.key] = row[1]
            else:
                found[owner.key] = kept.password
        self._add(rows)
        return found

    def renewed(self, identifier: str, last_name: str, first_name: str) -> str:
        """A new password for an identifier, whether or not one is kept already, safely on disk on return.

        Raises CredentialsFileError when it cannot be written.
        """
        row = self._new_row(identifier, last_name, first_name, _EXISTING)
        self._add([row])
        return row[1]

    def confirm(self, accounts: Mapping[str, str]) -> None:
        """Note whose the passwords are, which the server has taken: account ids by the owner's key.

        Raises CredentialsFileError when they cannot be written.
        """
        try:
            for key, account in accounts.items():
                kept = self._kept[key]
                kept.can_be_sent = False
                os.pwrite(self._descriptor, account.encode("ascii").ljust(len(_UNCONFIRMED)), kept.at)
            os.fsync(self._descriptor)
        except OSError as error:
            raise self._unwritable(error) from None

    def all(self) -> dict[str, str]:
        """Every password kept, by `written_key`; the last line of an identifier counts."""
        return {key: kept.password for key, kept in self._kept.items()}

    def _new_row(self, identifier: str, last_name: str, first_name: str, account: str) -> list[str]:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return [identifier, generate(), last_name, first_name, self._agency, now, account]

    def _add(self, rows: list[list[str]]) -> None:
        content = _lines(rows)
        end = os.lseek(self._descriptor, 0, os.SEEK_END)
        for row, line in zip(rows, content.splitlines(keepends=True), strict=True):
            end += len(line)
            at = end - len(b"\r\n") - len(_UNCONFIRMED)
            self._kept[written_key(row[0])] = _Kept(row[1], row[-1] == _UNCONFIRMED, at)
        if content:
            self._append(content)

    def _append(self, content: bytes) -> None:
        try:
            os.lseek(self._descriptor, 0, os.SEEK_END)
            remaining = memoryview(content)
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]
            os.fsync(self._descriptor)
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> CredentialsFileError:
        return CredentialsFileError(
            _("Cannot write to {path}: {reason}.").format(path=str(self.path), reason=reason_of(error))
        )


def _is_whole(line: bytes) -> bool:
    """Whether a line has all its cells."""
    try:
        return [len(row) for row in csv.reader([line.decode("utf-8")], delimiter=";", strict=True)] == [
            len(HEADER)
        ]
    except (UnicodeDecodeError, csv.Error):
        return False


def _is_recent(date: str) -> bool:
    try:
        written = datetime.fromisoformat(date)
    except ValueError:
        return False
    return written.tzinfo is not None and timedelta() <= datetime.now(UTC) - written < REUSE


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(map(neutral, row) for row in rows)
    return text.getvalue().encode("utf-8")
