"""The file that generated passwords are kept in: written and synced before anything is sent.

CSV with `;`, UTF-8 with BOM (so that a French Excel reads it), mode 0600:

    identifiant;mot_de_passe;nom;prenom;agence

An import that is run again uses the passwords it finds there; of an identifier that stands there twice,
because it was given a new password, the last line counts. The agency stands in each line because
identifiers are unique in their agency only: a file of another agency is refused. A last line that a crash
cut short was never sent; it is taken away.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from ..errors import CredentialsFileError, reason_of
from ..private_files import open_for_append
from ..texts import _
from .cells import neutral, plain
from .file import Owner, identifier_key
from .passwords import generate, is_generated

HEADER = ("identifiant", "mot_de_passe", "nom", "prenom", "agence")
_BOM = b"\xef\xbb\xbf"


class CredentialsFile:
    """A credentials file, locked while it is open; a context manager.

    Raises CredentialsFileError when the file cannot be made or trusted, is in use, belongs to another
    agency, or holds lines that are not its own.
    """

    def __init__(self, path: Path, agency: str) -> None:
        self.path = path
        self._agency = agency
        self._passwords: dict[str, str] = {}
        self.generated = 0
        try:
            self._descriptor, _is_new = open_for_append(path)
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
        if last.lower().endswith(f";{self._agency}".lower().encode()):
            # Whole but for its line end, which an editor may have taken: the agency is the last cell.
            self._append(b"\n")
            whole = content + b"\n"
        elif last:
            os.ftruncate(self._descriptor, len(whole))
        if not whole:
            os.ftruncate(self._descriptor, 0)
            self._append(_BOM + _lines([HEADER]))
            return
        try:
            rows = list(
                csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
            )
        except (UnicodeDecodeError, csv.Error):
            raise self._unusable(
                1, _("it is no longer the file moncompte wrote (UTF-8, separated by ;)")
            ) from None
        if tuple(rows[0]) != HEADER:
            raise self._unusable(1, _("expected the columns {columns}").format(columns=";".join(HEADER)))
        for number, row in enumerate(rows[1:], 2):
            self._take(number, row)

    def _take(self, number: int, row: list[str]) -> None:
        if len(row) != len(HEADER):
            raise self._unusable(
                number,
                _("expected {expected} cells, found {found}").format(expected=len(HEADER), found=len(row)),
            )
        identifier, password, _last_name, _first_name, agency = (plain(cell) for cell in row)
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
        self._passwords[identifier_key(identifier)] = password

    def _unusable(self, number: int, reason: str) -> CredentialsFileError:
        return CredentialsFileError(
            _("{path}:{line}: {reason}. Nothing was sent.").format(path=self.path, line=number, reason=reason)
        )

    def passwords(self, owners: Iterable[Owner]) -> dict[str, str]:
        """The passwords of these owners by their key: those kept, and new ones, safely on disk on return.

        Raises CredentialsFileError when they cannot be written.
        """
        found: dict[str, str] = {}
        rows: list[tuple[str, ...]] = []
        for owner in owners:
            kept = self._passwords.get(owner.key)
            if kept is None:
                kept = self._passwords[owner.key] = generate()
                rows.append((owner.identifier, kept, owner.last_name, owner.first_name, self._agency))
            found[owner.key] = kept
        if rows:
            self._append(_lines(rows))
            self.generated += len(rows)
        return found

    def all(self) -> dict[str, str]:
        """Every password kept, by what identifiers are compared by; the last line of an identifier counts."""
        return dict(self._passwords)

    def renewed(self, identifier: str, last_name: str, first_name: str) -> str:
        """A new password for an identifier, whether or not one is kept already, safely on disk on return.

        Raises CredentialsFileError when it cannot be written.
        """
        password = self._passwords[identifier_key(identifier)] = generate()
        self._append(_lines([(identifier, password, last_name, first_name, self._agency)]))
        self.generated += 1
        return password

    def _append(self, content: bytes) -> None:
        try:
            remaining = memoryview(content)
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]
            os.fsync(self._descriptor)
        except OSError as error:
            raise CredentialsFileError(
                _("Cannot write to {path}: {reason}.").format(path=str(self.path), reason=reason_of(error))
            ) from None


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(map(neutral, row) for row in rows)
    return text.getvalue().encode("utf-8")
