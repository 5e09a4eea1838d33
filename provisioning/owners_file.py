"""owners.csv, as agency software and a French Excel write it: read line by line, in bounded memory.

Format: `;` or `,`; UTF-8 with or without BOM, or Windows-1252, found out by reading; a header with the 14
columns of `COLUMNS` in any order; one line a contract. Lines with one `identifiant` are one owner, next to
each other or not.

`OwnersFile(path)` raises OwnersFileError when the file as a whole cannot be used. `read()` then gives each
owner as soon as its last line is read, and a `Problem` for each line that cannot be used; the others are not
kept from being loaded. The file is read twice: first to learn how many lines each identifier has and which
password serves two.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from .cells import plain
from .errors import OwnersFileError
from .messages import Language, text

COLUMNS = (
    "identifiant",
    "mot_de_passe",
    "civilite",
    "nom",
    "prenom",
    "email",
    "telephone",
    "mobile",
    "adresse",
    "code_postal",
    "ville",
    "profil",
    "reference",
    "adresse_bien",
)

ROLES = {"proprietaire": "propriétaire", "coproprietaire": "copropriétaire", "locataire": "locataire"}
"""The roles accepted, by their letters alone."""

MAX_LINE = 64 * 1024
"""Longest line, in bytes; a real one has a few hundred."""

MAX_QUOTED_LINES = 20
"""Over how many lines a quoted cell may run (Alt-Enter in Excel) before its quote is taken for a stray one.
"""

MAX_VALUE = 255
MAX_IDENTIFIER = 64
"""As the extension has it."""

_REQUIRED = ("identifiant", "nom", "profil", "reference")
_MUST_AGREE = ("mot_de_passe", "civilite", "nom", "prenom", "email", "adresse", "code_postal", "ville")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a line: its number, the column (or ""), and why. `refused`: the line is not
    loaded."""

    line: int
    column: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    refused: bool = True

    def reason(self, language: Language) -> str:
        """Why, in words."""
        return text(language, self.code, **self.values)


@dataclass(frozen=True, slots=True)
class Contract:
    """One mandate, lot or lease."""

    reference: str
    role: str
    address: str


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner as the agency's file has it; `lines` are the numbers of its lines."""

    identifier: str
    civility: str
    last_name: str
    first_name: str
    email: str
    phone: str
    mobile: str
    address: str
    postal_code: str
    city: str
    contracts: tuple[Contract, ...]
    lines: tuple[int, ...]
    password: str | None = field(repr=False)

    @property
    def key(self) -> str:
        """What identifiers are compared by."""
        return identifier_key(self.identifier)


def identifier_key(identifier: str) -> str:
    """What identifiers are compared by: trimmed, NFC, without case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", identifier.strip()).lower())


def letters_of(value: str) -> str:
    """Letters and digits of a text, without case and accents: what two spellings of one thing have in
    common."""
    decomposed = unicodedata.normalize("NFKD", value)
    return "".join(character for character in decomposed if character.isalnum()).casefold()


class _Row(NamedTuple):
    line: int
    cells: dict[str, str]


class _Records(NamedTuple):
    """A record as it stands in the file: first line, cells, or why it cannot be used."""

    line: int
    cells: list[str]
    problem: Problem | None


class OwnersFile:
    """An owners file whose header has been read and found good.

    `encoding` and `separator` are what was found out. `notes` says what was left aside (unknown columns).
    Raises OwnersFileError when the file cannot be read, has no usable header, or lacks columns.
    """

    def __init__(self, path: Path, language: Language = "fr") -> None:
        self.path = path
        self._language = language
        try:
            self._stamp = self._current_stamp()
            self.encoding = self._find_encoding()
            header = self._read_header()
        except OSError as error:
            raise OwnersFileError(f"{path}: {error.strerror or error}") from None
        self.separator, names = header
        self._width = len(names)
        self.notes: list[Problem] = []
        self._positions = self._find_columns(names)

    def _current_stamp(self) -> tuple[int, int]:
        found = self.path.stat()
        return found.st_mtime_ns, found.st_size

    # ------------------------------------------------------------ encoding and header

    def _fail(self, code: str, **values: object) -> OwnersFileError:
        return OwnersFileError(f"{self.path}: {text(self._language, code, **values)}")

    def _find_encoding(self) -> str:
        """UTF-8, unless the lines that are not outnumber those that are (accents counted only)."""
        with self.path.open("rb") as file:
            start = file.read(4)
            if not start:
                raise self._fail("file_empty")
            if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise self._fail("file_utf16")
            if start[:3] == b"\xef\xbb\xbf":
                return "utf-8-sig"
            file.seek(0)
            good = bad = 0
            while line := file.readline(MAX_LINE):
                if line.isascii() or len(line) == MAX_LINE:
                    continue
                try:
                    line.decode("utf-8")
                    good += 1
                except UnicodeDecodeError:
                    bad += 1
        return "utf-8" if bad == 0 or good > bad else "cp1252"

    def _read_header(self) -> tuple[str, list[str]]:
        with self.path.open("rb") as file:
            raw = file.readline(MAX_LINE)
        try:
            line = raw.decode(self.encoding).strip("\r\n")
        except UnicodeDecodeError:
            raise self._fail("file_header_unreadable") from None
        best: list[str] = []
        separator = ";"
        for candidate in (";", ","):
            try:
                names = next(csv.reader([line], delimiter=candidate, strict=True), [])
            except csv.Error:
                continue
            if len(names) > len(best):
                best, separator = names, candidate
        if len(best) < 2:
            raise self._fail("file_no_separator", header=line)
        return separator, best

    def _find_columns(self, names: Sequence[str]) -> dict[str, int]:
        known = {letters_of(column): column for column in COLUMNS}
        positions: dict[str, int] = {}
        unknown: list[str] = []
        wrong: list[str] = []
        for position, name in enumerate(names):
            column = known.get(letters_of(name))
            if column is None:
                if name.strip():
                    unknown.append(name.strip())
            elif column in positions:
                wrong.append(text(self._language, "column_twice", column=column))
            else:
                positions[column] = position
        near: set[str] = set()
        for column in COLUMNS:
            if column in positions:
                continue
            spelt = {letters_of(name): name for name in unknown if name not in near}
            matches = difflib.get_close_matches(letters_of(column), list(spelt), 1, 0.6)
            if matches:
                name = spelt[matches[0]]
                near.add(name)
                wrong.append(text(self._language, "column_missing_near", column=column, near=name))
            else:
                wrong.append(text(self._language, "column_missing", column=column))
        if wrong:
            raise OwnersFileError("\n".join(f"{self.path}: {reason}" for reason in wrong))
        self.notes = [Problem(1, name, "column_ignored", refused=False) for name in unknown]
        return positions

    # ------------------------------------------------------------ lines

    def _lines(self, file: IO[bytes]) -> Iterator[tuple[int, str, Problem | None]]:
        """Each line after the header, without its end; or why it cannot be used."""
        number = 0
        while raw := file.readline(MAX_LINE):
            number += 1
            too_long = len(raw) == MAX_LINE and not raw.endswith(b"\n")
            while len(raw) == MAX_LINE and not raw.endswith(b"\n"):
                raw = file.readline(MAX_LINE)
            if number == 1:
                continue
            if too_long:
                yield number, "", Problem(number, "", "line_too_long", {"limit": MAX_LINE})
                continue
            if b"\0" in raw:
                yield number, "", Problem(number, "", "line_nul")
                continue
            try:
                yield (
                    number,
                    raw.decode("utf-8" if self.encoding == "utf-8-sig" else self.encoding).strip("\r\n"),
                    None,
                )
            except UnicodeDecodeError:
                yield number, "", Problem(number, "", "line_undecodable")

    def _records(self) -> Iterator[_Records]:
        """Each record of the file. A quote that makes no sense spoils its own line only."""
        with self.path.open("rb") as file:
            lines = self._lines(file)
            waiting: list[tuple[int, str, Problem | None]] = []
            while True:
                head = waiting.pop(0) if waiting else next(lines, None)
                if head is None:
                    return
                number, line, problem = head
                if problem is not None:
                    yield _Records(number, [], problem)
                elif '"' not in line:
                    yield self._record(number, line.split(self.separator))
                else:
                    taken = [line]
                    cells = self._quoted(taken, waiting, lines)
                    record = self._record(number, cells) if cells is not None else None
                    if record is None or (record.problem is not None and len(taken) > 1):
                        yield _Records(number, [], Problem(number, "", "line_quote"))
                        continue
                    del waiting[: len(taken) - 1]
                    yield record

    def _quoted(
        self,
        taken: list[str],
        waiting: list[tuple[int, str, Problem | None]],
        lines: Iterator[tuple[int, str, Problem | None]],
    ) -> list[str] | None:
        """The cells of a record that has quotes; further lines are added to `taken` while a quote is open.

        None when the quotes make no sense. Lines looked at stay in `waiting` until the caller drops them.
        """
        while True:
            try:
                return next(csv.reader(["\n".join(taken)], delimiter=self.separator, strict=True))
            except csv.Error as error:
                if "unexpected end of data" not in str(error) or len(taken) > MAX_QUOTED_LINES:
                    return None
            position = len(taken) - 1
            if position == len(waiting):
                following = next(lines, None)
                if following is None:
                    return None
                waiting.append(following)
            _, line, problem = waiting[position]
            if problem is not None:
                return None
            taken.append(line)

    def _record(self, number: int, cells: list[str]) -> _Records:
        if len(cells) > self._width and not any(cell.strip() for cell in cells[self._width :]):
            cells = cells[: self._width]  # a spreadsheet's empty columns at the end
        if not any(cell.strip() for cell in cells):
            return _Records(number, [], None)
        if len(cells) == self._width:
            return _Records(number, cells, None)
        code = "line_too_many" if len(cells) > self._width else "line_too_few"
        values = {"found": len(cells), "expected": self._width, "separator": self.separator}
        return _Records(number, cells, Problem(number, "", code, values))

    def _rows(self) -> Iterator[_Row | Problem]:
        """Each usable line as its cells by column, and a problem for each thing wrong with another."""
        for number, cells, problem in self._records():
            if problem is not None:
                yield problem
                continue
            if not cells:
                continue
            row = _Row(number, {column: _clean(column, cells[at]) for column, at in self._positions.items()})
            problems = list(_check(row))
            yield from problems
            if not any(found.refused for found in problems):
                yield row

    # ------------------------------------------------------------ owners

    def read(self) -> Iterator[Owner | Problem]:
        """Each owner once its last line is read, and each problem as it is met.

        Raises OwnersFileError when the file cannot be read any more, or is not what it was.
        """
        try:
            if self._current_stamp() != self._stamp:
                raise self._fail("file_changed")
            yield from self._read()
        except OSError as error:
            raise OwnersFileError(f"{self.path}: {error.strerror or error}") from None

    def _read(self) -> Iterator[Owner | Problem]:
        remaining, shared, salt = self._survey()
        open_owners: dict[str, list[_Row]] = {}
        for row in self._rows():
            if isinstance(row, Problem):
                yield row
                continue
            key = identifier_key(row.cells["identifiant"])
            rows = open_owners.setdefault(key, [])
            rows.append(row)
            remaining[key] -= 1
            if remaining[key] == 0:
                del remaining[key]
                yield from _owner(open_owners.pop(key), shared, salt)

    def _survey(self) -> tuple[dict[str, int], set[bytes], bytes]:
        """Usable lines of each identifier, and digests of the passwords that serve two owners, with their
        salt.

        Digests, so that no password stands in memory longer than its line.
        """
        salt = secrets.token_bytes(16)
        remaining: dict[str, int] = {}
        users: dict[bytes, str] = {}
        shared: set[bytes] = set()
        for row in self._rows():
            if isinstance(row, Problem):
                continue
            key = identifier_key(row.cells["identifiant"])
            remaining[key] = remaining.get(key, 0) + 1
            password = row.cells["mot_de_passe"]
            if password:
                digest = _digest(password, salt)
                if users.setdefault(digest, key) != key:
                    shared.add(digest)
        return remaining, shared, salt


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.blake2b(password.encode(), digest_size=16, key=salt).digest()


def _clean(column: str, cell: str) -> str:
    """A cell as text: NFC, trimmed, a formula we had neutralised as it was; blanks inside made one, but in
    passwords."""
    value = unicodedata.normalize("NFC", plain(cell.strip()))
    return value if column == "mot_de_passe" else " ".join(value.split())


def _check(row: _Row) -> Iterator[Problem]:
    """What is wrong with a line taken by itself."""
    for column in COLUMNS:
        value = row.cells[column]
        if not value:
            if column in _REQUIRED:
                yield Problem(row.line, column, "value_missing")
            continue
        limit = MAX_IDENTIFIER if column == "identifiant" else MAX_VALUE
        if len(value) > limit:
            yield Problem(row.line, column, "value_too_long", {"limit": limit, "found": len(value)})
        elif any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in value):
            yield Problem(row.line, column, "value_control")
        elif column == "email" and not _possible_email(value):
            yield Problem(row.line, column, "email_impossible", {"value": value})
        elif column == "profil" and letters_of(value) not in ROLES:
            accepted = ", ".join(ROLES.values())
            yield Problem(row.line, column, "role_unknown", {"value": value, "accepted": accepted})
        elif value.startswith("="):
            yield Problem(row.line, column, "formula", refused=False)
    yield from _check_password(row)


def _possible_email(value: str) -> bool:
    local = value.partition("@")[0]
    dotted = local.startswith(".") or local.endswith(".") or ".." in local
    return len(value) <= 254 and not dotted and _EMAIL.fullmatch(value) is not None


def _check_password(row: _Row) -> Iterator[Problem]:
    """A password that stands on the letter's envelope is none: the identifier, or the name."""
    cells = row.cells
    password = letters_of(cells["mot_de_passe"])
    if not cells["mot_de_passe"]:
        return
    last, first = letters_of(cells["nom"]), letters_of(cells["prenom"])
    if password == letters_of(cells["identifiant"]) or cells["mot_de_passe"] == cells["identifiant"]:
        yield Problem(row.line, "mot_de_passe", "password_is_identifier")
    elif password and password in {last, first, first + last, last + first}:
        yield Problem(row.line, "mot_de_passe", "password_is_name")


def _owner(rows: list[_Row], shared: set[bytes], salt: bytes) -> Iterator[Owner | Problem]:
    """The owner of these lines, or what keeps all of them from being loaded."""
    problems = [*_disagreements(rows), *_repeated(rows)]
    if not problems:
        problems = [
            Problem(row.line, "mot_de_passe", "password_shared")
            for row in rows
            if row.cells["mot_de_passe"] and _digest(row.cells["mot_de_passe"], salt) in shared
        ]
    if problems:
        yield from problems
        told = {problem.line for problem in problems}
        yield from (
            Problem(row.line, "", "refused_with", {"line": problems[0].line})
            for row in rows
            if row.line not in told
        )
        return
    cells = {column: next((row.cells[column] for row in rows if row.cells[column]), "") for column in COLUMNS}
    yield Owner(
        identifier=rows[0].cells["identifiant"],
        civility=cells["civilite"],
        last_name=cells["nom"],
        first_name=cells["prenom"],
        email=cells["email"],
        phone=cells["telephone"],
        mobile=cells["mobile"],
        address=cells["adresse"],
        postal_code=cells["code_postal"],
        city=cells["ville"],
        contracts=tuple(_contract(row) for row in rows),
        lines=tuple(row.line for row in rows),
        password=cells["mot_de_passe"] or None,
    )


def _contract(row: _Row) -> Contract:
    return Contract(row.cells["reference"], ROLES[letters_of(row.cells["profil"])], row.cells["adresse_bien"])


def _disagreements(rows: list[_Row]) -> Iterator[Problem]:
    """Values that differ from an earlier line's. An empty cell agrees: some write these only once."""
    for column in _MUST_AGREE:
        first: _Row | None = None
        for row in rows:
            if not row.cells[column]:
                continue
            if first is None:
                first = row
            elif _compared(column, row.cells[column]) != _compared(column, first.cells[column]):
                yield Problem(row.line, column, "disagreement", {"line": first.line})


def _compared(column: str, value: str) -> str:
    if column == "mot_de_passe":
        return value
    return letters_of(value) if column in ("civilite", "nom", "prenom") else value.casefold()


def _repeated(rows: list[_Row]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        contract = _contract(row)
        first = seen.setdefault((contract.reference, contract.role), row.line)
        if first != row.line:
            yield Problem(row.line, "reference", "contract_twice", {"line": first})
