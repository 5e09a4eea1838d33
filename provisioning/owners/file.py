"""owners.csv, as agency software and a French Excel write it: read line by line, in bounded memory.

Format: `;` or `,`; UTF-8 with or without BOM, or Windows-1252, found out by reading; a header with the 14
columns of `COLUMNS` in any order; one line a contract. Lines with one `identifiant` are one owner, next to
each other or not.

`OwnersFile(path)` reads the file once and raises OwnersFileError when it cannot be used as a whole.
`survey()` finds which identifiers have several lines and which password serves two owners. `read()` gives
each owner as soon as its last line is read, a `Rejected` for each line that cannot be used (the others are
loaded), and a `Problem` for each remark; always in the same order.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from ..errors import OwnersFileError, reason_of
from ..texts import _
from .csv_lines import MAX_LINE, cells_of, is_utf8, records
from .file_problems import Problem, Rejected, cut
from .identifiers import written_key
from .row import (
    ADDRESS,
    CITY,
    CIVILITY,
    COLUMNS,
    EMAIL,
    FIRST_NAME,
    IDENTIFIER,
    LAST_NAME,
    MOBILE,
    PASSWORD,
    PHONE,
    POSTAL_CODE,
    PROPERTY,
    REFERENCE,
    ROLE,
    Row,
    RowReader,
    letters_of,
    role_of,
)

__all__ = ["COLUMNS", "REASON", "Contract", "Owner", "OwnersFile", "Problem", "Rejected"]

REASON = "motif_du_refus"
"""The column that a file of rejected lines has more; it is not read."""

_MUST_AGREE = (PASSWORD, CIVILITY, LAST_NAME, FIRST_NAME, EMAIL, ADDRESS, POSTAL_CODE, CITY)


MAX_BYTES = 256 << 20
"""Size of the largest file: a million lines or more."""

MAX_CONTRACTS = 1000
"""Most lines that one identifier may have, as the server has it: more are a column in the wrong place."""


class Contract(msgspec.Struct, frozen=True, gc=False):
    """One mandate, lot or lease."""

    reference: str
    role: str
    address: str


class Line(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A line of an owner: its number, and its text."""

    number: int
    text: str


class Owner(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An owner as the agency's file has it.

    key     what the identifier is compared by, as it is written
    rows    the lines of the file
    """

    key: str
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
    password: str | None
    rows: tuple[Line, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        """The numbers of its lines."""
        return tuple(row.number for row in self.rows)

    @property
    def characters(self) -> int:
        """How long its lines are together."""
        return sum([len(row.text) for row in self.rows])

    def __repr__(self) -> str:
        return f"Owner({self.identifier!r}, lines={self.lines})"  # never the password


_Line = tuple[int, str, list[str]]
"""Number, text and cells."""


class _Survey(NamedTuple):
    """What has to be known of a whole file before its first owner is complete.

    several   keys of identifiers of more than one line, with their number of lines
    shared    digests of the passwords that serve two owners, with their salt
    """

    lines: int
    several: dict[str, int]
    shared: frozenset[bytes]
    salt: bytes


class OwnersFile:
    """An owners file whose header has been read and found good.

    `encoding`, `separator` and `names` (of the columns) are what was found. `notes` says what was left aside
    (unknown columns). Raises OwnersFileError when the file cannot be read, has no usable header, or lacks
    columns.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._surveyed: _Survey | None = None
        self._content = self._read_content()
        self.encoding = self._find_encoding()
        self.separator, self.names = self._read_header()
        self.notes: list[Problem] = []
        self._rows = RowReader(self.separator, self._find_columns(self.names), len(self.names))

    # ------------------------------------------------------------ encoding and header

    def _fail(self, reason: str) -> OwnersFileError:
        return OwnersFileError(f"{self.path}: {reason}")

    def _read_content(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise self._fail(_("it is not a plain file; save it first"))
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise self._fail(_("cannot be read: {reason}").format(reason=reason_of(error))) from None
        if not content:
            raise self._fail(_("the file is empty"))
        if len(content) > MAX_BYTES:
            raise self._fail(_("is larger than {limit} MB").format(limit=MAX_BYTES >> 20))
        return content

    def _find_encoding(self) -> str:
        if self._content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise self._fail(_("the file is UTF-16; save it as “CSV UTF-8” or CSV"))
        if self._content.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        return "utf-8" if is_utf8(self._content) else "cp1252"

    @property
    def _line_encoding(self) -> str:
        """That of a line but the first, which has no byte order mark."""
        return "utf-8" if self.encoding == "utf-8-sig" else self.encoding

    def _read_header(self) -> tuple[str, list[str]]:
        try:
            line = io.BytesIO(self._content).readline(MAX_LINE).decode(self.encoding).strip("\r\n")
        except UnicodeDecodeError:
            raise self._fail(_("the first line, with the names of the columns, cannot be read")) from None
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
            raise self._fail(
                _("columns are separated neither by “;” nor by “,” (first line: {header})").format(
                    header=cut(line)
                )
            )
        return separator, best

    def _find_columns(self, names: Sequence[str]) -> dict[str, int]:
        known = {letters_of(column): column for column in COLUMNS}
        positions: dict[str, int] = {}
        unknown: list[str] = []
        wrong: list[str] = []
        for position, name in enumerate(names):
            column = known.get(letters_of(name))
            if column is None:
                if name.strip() and letters_of(name) != letters_of(REASON):
                    unknown.append(name.strip())
            elif column in positions:
                wrong.append(_("the column {column} is there twice").format(column=column))
            else:
                positions[column] = position
        wrong += self._missing(positions, unknown)
        if wrong:
            raise OwnersFileError("\n".join(f"{self.path}: {reason}" for reason in wrong))
        self.notes = [Problem(1, name, "column_ignored", refused=False) for name in unknown]
        return positions

    def _missing(self, positions: dict[str, int], unknown: Sequence[str]) -> Iterator[str]:
        """A sentence for each column that is missing, with the name somebody may have meant it by."""
        import difflib  # takes a while, and nearly all files have their columns

        left = {letters_of(name): name for name in unknown}
        for column in COLUMNS:
            if column in positions:
                continue
            matches = difflib.get_close_matches(letters_of(column), list(left), 1, 0.6)
            if matches:
                near = left.pop(matches[0])
                yield _("the column {column} is missing; is it “{near}”? Rename it {column}").format(
                    column=column, near=cut(near)
                )
            else:
                yield _("the column {column} is missing").format(column=column)

    # ------------------------------------------------------------ lines

    def _cells(self) -> Iterator[_Line | Rejected]:
        """Number, text and cells of each line that can be taken apart; empty ones are left out."""
        content = io.BytesIO(self._content)
        for line, said, problem in records(content, self._line_encoding, self.separator, self._rows.width):
            if problem is not None:
                yield Rejected(line, (problem,), None, said)
                continue
            cells = self._rows.cells(line, said)
            if isinstance(cells, Problem):
                yield Rejected(line, (cells,), None, said)
            elif cells is not None:
                yield line, said, cells

    # ------------------------------------------------------------ owners

    def survey(self) -> int:
        """Look at all lines once; how many hold something."""
        if self._surveyed is None:
            self._surveyed = self._survey()
        return self._surveyed.lines

    def _survey(self) -> _Survey:
        salt = secrets.token_bytes(16)
        counts: dict[str, int] = {}
        users: dict[bytes, str] = {}
        shared: set[bytes] = set()
        lines = 0
        for item in self._cells():
            lines += 1
            if isinstance(item, Rejected):
                continue
            key, password = self._rows.key_and_password(item[2])
            counts[key] = counts.get(key, 0) + 1
            if password:
                digest = _digest(password, salt)
                if users.setdefault(digest, key) != key:
                    shared.add(digest)
        several = {key: count for key, count in counts.items() if count > 1 and key}
        return _Survey(lines, several, frozenset(shared), salt)

    def read(self) -> Iterator[Owner | Problem | Rejected]:
        """Each owner once its last line is read, each line that is not loaded, and each remark."""
        self.survey()
        assert self._surveyed is not None
        remaining = dict(self._surveyed.several)
        held: dict[str, list[tuple[int, str]]] = {}
        shares_no_password = not self._surveyed.shared
        for item in self._cells():
            if isinstance(item, Rejected):
                yield item
                continue
            line, said, cells = item
            key, _ = self._rows.key_and_password(cells)
            if key not in remaining:
                row = self._rows.row(line, said, cells)
                if shares_no_password and not row.problems:
                    yield _owner(row.values, (row,))  # as most are
                else:
                    yield from self._owner([row])
                continue
            # Their texts, not their values: lines of one owner may stand far apart, and be many.
            held.setdefault(key, []).append((line, said))
            remaining[key] -= 1
            if remaining[key] == 0:
                yield from self._owners([self._row(*one) for one in held.pop(key)])

    def _row(self, line: int, said: str) -> Row:
        return self._rows.row(line, said, cells_of(said, self.separator)[: self._rows.width])

    def _owners(self, rows: list[Row]) -> Iterator[Owner | Problem | Rejected]:
        """The owner of lines whose identifiers are alike. Several spellings are several owners, and an error
        when these have one name (specification, rule 15)."""
        spellings: dict[str, list[Row]] = {}
        for row in rows:
            spellings.setdefault(written_key(row.values[IDENTIFIER]), []).append(row)
        for own in spellings.values():
            other = next(
                (one[0] for one in spellings.values() if one is not own and _is_one_person(own, one)), None
            )
            if other is None:
                yield from self._owner(own)
                continue
            value = {"line": other.line, "value": cut(other.values[IDENTIFIER])}
            for row in own:
                problem = Problem(row.line, COLUMNS[IDENTIFIER], "identifier_alike", value)
                yield self._rows.rejected(row.line, row.text, [problem])

    def _owner(self, rows: list[Row]) -> Iterator[Owner | Problem | Rejected]:
        """The owner of these lines, and those of them that cannot be loaded."""
        for row in rows:
            yield from (problem for problem in row.problems if not problem.refused)
        good = [row for row in rows if not row.is_refused]
        problems = self._problems_together(good)
        values = _together(good)
        for row in rows:
            if row.is_refused:
                found = [problem for problem in row.problems if problem.refused]
                yield self._rows.rejected(row.line, row.text, found, () if problems else values)
            elif problems:
                yield self._rows.rejected(row.line, row.text, problems[row.line])
        if good and not problems:
            yield _owner(values, good)

    def _problems_together(self, rows: list[Row]) -> dict[int, list[Problem]]:
        """What keeps lines that are good by themselves from being one owner: the problems of each of them."""
        found = [*_too_many(rows), *_disagreements(rows), *_repeated(rows)] if len(rows) > 1 else []
        found = found or self._shared_password(rows)
        if not found:
            return {}
        problems: dict[int, list[Problem]] = {row.line: [] for row in rows}
        for problem in found:
            problems[problem.line].append(problem)
        for line, own in problems.items():
            if not own:
                own.append(Problem(line, "", "refused_with", {"line": found[0].line}))
        return problems

    def _shared_password(self, rows: list[Row]) -> list[Problem]:
        assert self._surveyed is not None
        shared, salt = self._surveyed.shared, self._surveyed.salt
        if not shared:
            return []
        return [
            Problem(row.line, COLUMNS[PASSWORD], "password_shared")
            for row in rows
            if row.values[PASSWORD] and _digest(row.values[PASSWORD], salt) in shared
        ]

    def rejected(self, owner: Owner, code: str, column: str, **values: object) -> list[Rejected]:
        """The lines of an owner that somebody else refused, each for the same reason."""
        return [
            self._rows.rejected(row.number, row.text, [Problem(row.number, column, code, values)])
            for row in owner.rows
        ]


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.blake2b(password.encode("utf-8", "surrogatepass"), digest_size=16, key=salt).digest()


def _together(rows: Sequence[Row]) -> tuple[str, ...]:
    """The values of an owner: of each column the first that is there."""
    if _are_one(rows):
        return rows[0].values
    return tuple(
        next((row.values[column] for row in rows if row.values[column]), "") for column in range(len(COLUMNS))
    )


def _is_one_person(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    """Whether two owners may be one person, as the server asks it: the last or the first name is the same."""
    values, other = _together(rows), _together(others)
    last_name, first_name = letters_of(values[LAST_NAME]), letters_of(values[FIRST_NAME])
    return last_name == letters_of(other[LAST_NAME]) or (
        first_name != "" and first_name == letters_of(other[FIRST_NAME])
    )


def _owner(values: Sequence[str], rows: Sequence[Row]) -> Owner:
    return Owner(
        key=written_key(values[IDENTIFIER]),
        identifier=values[IDENTIFIER],
        civility=values[CIVILITY],
        last_name=values[LAST_NAME],
        first_name=values[FIRST_NAME],
        email=values[EMAIL],
        phone=values[PHONE],
        mobile=values[MOBILE],
        address=values[ADDRESS],
        postal_code=values[POSTAL_CODE],
        city=values[CITY],
        contracts=tuple([_contract(row) for row in rows]),
        password=values[PASSWORD] or None,
        rows=tuple([Line(row.line, row.text) for row in rows]),
    )


def _contract(row: Row) -> Contract:
    role = role_of(row.values[ROLE])
    assert role is not None
    return Contract(row.values[REFERENCE], role, row.values[PROPERTY])


def _too_many(rows: list[Row]) -> Iterator[Problem]:
    if len(rows) > MAX_CONTRACTS:
        values = {"found": len(rows), "limit": MAX_CONTRACTS}
        yield Problem(rows[0].line, COLUMNS[IDENTIFIER], "contracts_too_many", values)


def _are_one(rows: Sequence[Row]) -> bool:
    """Whether lines say the very same of their owner, as they mostly do."""
    return len({row.values[:ROLE] for row in rows}) == 1


def _disagreements(rows: list[Row]) -> Iterator[Problem]:
    """Values that differ from an earlier line's. An empty cell agrees: some write these only once."""
    if _are_one(rows):
        return
    for column in _MUST_AGREE:
        first: Row | None = None
        for row in rows:
            if not row.values[column]:
                continue
            if first is None:
                first = row
            elif _compared(column, row.values[column]) != _compared(column, first.values[column]):
                yield Problem(row.line, COLUMNS[column], "disagreement", {"line": first.line})


def _compared(column: int, value: str) -> str:
    if column == PASSWORD:
        return value
    return letters_of(value) if column in (CIVILITY, LAST_NAME, FIRST_NAME) else value.casefold()


def _repeated(rows: list[Row]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        contract = _contract(row)
        first = seen.setdefault((contract.reference, contract.role), row.line)
        if first != row.line:
            yield Problem(row.line, COLUMNS[REFERENCE], "contract_twice", {"line": first})
