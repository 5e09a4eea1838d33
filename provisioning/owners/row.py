"""One line of owners.csv: its values, and what is wrong with it taken by itself.

Most lines of a file have nothing special: `RowReader` recognises these at a glance (no blank, quote, formula
or character out of the ordinary) and checks only what has to be. Any other line takes the thorough way, which
alone says what is wrong.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from ..email_address import EmailAddressError, is_normal_address, normal_address
from .cells import neutral, plain
from .csv_lines import cells_of
from .file_problems import Problem, Rejected, cut
from .identifiers import identifier_key

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
IDENTIFIER, PASSWORD, CIVILITY, LAST_NAME, FIRST_NAME, EMAIL = range(6)
PHONE, MOBILE, ADDRESS, POSTAL_CODE, CITY, ROLE, REFERENCE, PROPERTY = range(6, 14)
OF_THE_CONTRACT = (ROLE, REFERENCE, PROPERTY)
"""What differs between the lines of one owner."""

ROLES = {"proprietaire": "propriétaire", "coproprietaire": "copropriétaire", "locataire": "locataire"}
"""The roles accepted, by their letters alone."""

MAX_VALUE = 255
MAX_IDENTIFIER = 64
"""As the extension has it."""

_REQUIRED = frozenset({IDENTIFIER, LAST_NAME, ROLE, REFERENCE})
_FORMULA = re.compile(r"[=@]|[+-](?![\d\s().]*$)")
"""What a spreadsheet would run; `+33 6 11…` and `-12` are numbers to it."""

_SPECIAL = re.compile(f"'|{_FORMULA.pattern}")
_SIGNS = " '=@+-"
"""How a cell begins that is special, or may be: a blank, a formula, or one that was neutralised."""


class Row(NamedTuple):
    """A line: its number, its text, its values in the order of COLUMNS, and what is wrong with it."""

    line: int
    text: str
    values: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether it cannot be loaded."""
        return bool(self.problems) and any(problem.refused for problem in self.problems)


class RowReader:
    """Takes the lines of one file apart.

    positions   column of owners.csv → where the file's header has it
    width       how many cells the header has
    """

    def __init__(self, separator: str, positions: Mapping[str, int], width: int) -> None:
        self.separator = separator
        self.width = width
        self.positions = tuple(positions[column] for column in COLUMNS)
        self._pick = itemgetter(*self.positions)
        self._begins_special = re.compile(f"{re.escape(separator)}[{_SIGNS}]")
        self._ends_in_blank = f" {separator}"

    def cells(self, line: int, text: str) -> list[str] | Problem | None:
        """The cells of a record; None when they are all empty, a Problem when there are not as many as the
        header has."""
        cells = cells_of(text, self.separator)
        if len(cells) > self.width and not any(cell.strip() for cell in cells[self.width :]):
            cells = cells[: self.width]  # a spreadsheet's empty columns at the end
        if not any(map(str.strip, cells)):
            return None
        if len(cells) == self.width:
            return cells
        code = "line_too_many" if len(cells) > self.width else "line_too_few"
        values = {"found": len(cells), "expected": self.width, "separator": self.separator}
        return Problem(line, "", code, values)

    def key_and_password(self, cells: Sequence[str]) -> tuple[str, str]:
        """What the line's identifier is compared by, and its provisional password."""
        identifier, password = cells[self.positions[IDENTIFIER]], cells[self.positions[PASSWORD]]
        return key_of_cell(identifier), _clean(PASSWORD, password) if password else ""

    def row(self, line: int, text: str, cells: Sequence[str]) -> Row:
        """The line with its values and what is wrong with it."""
        values: tuple[str, ...] = self._pick(cells)
        if self._is_plain(text, values) and _is_good(text, values):
            return Row(line, text, values)
        if self.separator in cells[0] and [value for value in values if value.strip()] == [cells[0]]:
            # A line of the rejects that could not be taken apart, mended in its cell; or a file in a file.
            return Row(
                line, text, values, (Problem(line, "", "line_in_one_cell", {"separator": self.separator}),)
            )
        values = tuple(_clean(column, value) for column, value in enumerate(values))
        return Row(line, text, values, tuple(_check(line, values)))

    def _is_plain(self, text: str, values: tuple[str, ...]) -> bool:
        """Whether the values are what they stand for: no quotes, no blanks to take away, no formula, nothing
        to normalize. Told from the whole line, which is quicker; of blanks the space alone is printable."""
        return (
            '"' not in text
            and "  " not in text
            and self._ends_in_blank not in text
            and text.isprintable()
            and (text.isascii() or unicodedata.is_normalized("NFC", text))
            and (
                (self._begins_special.search(text) is None and text[0] not in _SIGNS and text[-1] != " ")
                or (tuple(map(str.strip, values)) == values and not any(map(_SPECIAL.match, values)))
            )
        )

    def rejected(
        self, line: int, text: str, problems: Sequence[Problem], owner: Sequence[str] = ()
    ) -> Rejected:
        """A line that is not loaded, ready to be written back.

        `owner`: the values of its owner's other lines, which fill its empty cells in. Each line has to say
        all there is to say, because it is going to be loaded without the others.
        """
        cells = [plain(cell.strip()) for cell in cells_of(text, self.separator)][: self.width]
        for column, value in enumerate(owner):
            if column not in OF_THE_CONTRACT and not cells[self.positions[column]]:
                cells[self.positions[column]] = value
        return Rejected(line, tuple(problems), tuple(neutral(cell) for cell in cells), text)


def key_of_cell(cell: str) -> str:
    """The `identifier_key` of the identifier in a cell."""
    if cell.isascii() and cell.isalnum():
        return cell.lower()
    return identifier_key(_clean(IDENTIFIER, cell))


def letters_of(value: str) -> str:
    """Letters and digits of a text, without case and accents: what two spellings of one thing have in
    common."""
    decomposed = unicodedata.normalize("NFKD", value)
    return "".join(character for character in decomposed if character.isalnum()).casefold()


_roles: dict[str, str | None] = {}


def role_of(value: str) -> str | None:
    """The role a cell means, if any."""
    if value not in _roles:
        if len(_roles) > 1000:
            _roles.clear()
        _roles[value] = ROLES.get(letters_of(value))
    return _roles[value]


def _clean(column: int, cell: str) -> str:
    """A cell as text: NFC, trimmed, a formula we had neutralised as it was; blanks inside made one, but in
    passwords."""
    value = unicodedata.normalize("NFC", plain(cell.strip()))
    if column == EMAIL:
        with contextlib.suppress(EmailAddressError):
            return normal_address(value)
    return value if column == PASSWORD else " ".join(value.split())


def _is_good(text: str, values: tuple[str, ...]) -> bool:
    """Whether a line without anything special in it has nothing wrong with it."""
    return (
        0 < len(values[IDENTIFIER]) <= MAX_IDENTIFIER
        and (len(text) <= MAX_VALUE or max(map(len, values)) <= MAX_VALUE)
        and values[LAST_NAME] != ""
        and values[REFERENCE] != ""
        and role_of(values[ROLE]) is not None
        and (not values[EMAIL] or is_normal_address(values[EMAIL]))
        and (not values[PASSWORD] or not any(_check_password(0, values)))
        and not _has_lost_a_zero(values[POSTAL_CODE])
    )


def _check(line: int, values: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong with a line taken by itself."""
    for column, (name, value) in enumerate(zip(COLUMNS, values, strict=True)):
        if not value:
            if column in _REQUIRED:
                yield Problem(line, name, "value_missing")
            continue
        limit = MAX_IDENTIFIER if column == IDENTIFIER else MAX_VALUE
        if len(value) > limit:
            yield Problem(line, name, "value_too_long", {"limit": limit, "found": len(value)})
        elif column == EMAIL and (code := _address_refusal(value)) is not None:
            yield Problem(line, name, code, {"value": cut(value)})
        elif not value.isprintable() and _has_forbidden(column, value):
            yield Problem(line, name, "value_control")
        elif column == ROLE and role_of(value) is None:
            accepted = ", ".join(ROLES.values())
            yield Problem(line, name, "role_unknown", {"value": cut(value), "accepted": accepted})
        elif column == POSTAL_CODE and _has_lost_a_zero(value):
            yield Problem(line, name, "postal_code_short", {"value": cut(value)}, refused=False)
        elif _FORMULA.match(value):
            yield Problem(line, name, "formula", refused=False)
    yield from _check_password(line, values)


def _has_forbidden(column: int, value: str) -> bool:
    """Whether a value has characters nobody can mean; in what is typed by hand, none that cannot be seen."""
    forbidden = {"Cc", "Cs", "Co", "Cn"} | ({"Cf"} if column in (IDENTIFIER, PASSWORD) else set())
    return any(unicodedata.category(character) in forbidden for character in value)


def _has_lost_a_zero(postal_code: str) -> bool:
    """Whether a spreadsheet may have taken it for a number; other countries have codes of four digits."""
    return len(postal_code) == 4 and postal_code.isdigit()


def _address_refusal(value: str) -> str | None:
    """Code of the problem of a value that is no address."""
    try:
        normal_address(value)
    except EmailAddressError as error:
        return error.code
    return None


def _check_password(line: int, values: tuple[str, ...]) -> Iterator[Problem]:
    """The identifier or the name is no password (specification, rule 9)."""
    if not values[PASSWORD]:
        return
    password = letters_of(values[PASSWORD])
    last, first = letters_of(values[LAST_NAME]), letters_of(values[FIRST_NAME])
    if password == letters_of(values[IDENTIFIER]) or values[PASSWORD] == values[IDENTIFIER]:
        yield Problem(line, COLUMNS[PASSWORD], "password_is_identifier")
    elif password and password in {last, first, first + last, last + first}:
        yield Problem(line, COLUMNS[PASSWORD], "password_is_name")
