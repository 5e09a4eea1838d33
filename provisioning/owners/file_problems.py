"""What can be wrong with a line of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..output import printable
from ..texts import _


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a line: its number, the column (or ""), and why. `refused`: the line is not
    loaded."""

    line: int
    column: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    refused: bool = True

    def reason(self) -> str:
        """Why, in words."""
        return _reasons()[self.code].format(**self.values)

    def sentence(self) -> str:
        """Line, column and why, in words."""
        said = _("line {line}, column {column}: {reason}") if self.column else _("line {line}: {reason}")
        said = said.format(line=self.line, column=self.column, reason=self.reason())
        return said if self.refused else _("note, {problem}").format(problem=said)


MAX_SHOWN = 60
"""Characters of a typed value that are shown."""


def cut(typed: str) -> str:
    """What somebody typed, printable and not too long."""
    visible = printable(typed)
    return visible[: MAX_SHOWN - 1] + "…" if len(visible) > MAX_SHOWN else visible


class Rejected(NamedTuple):
    """A line that is not loaded: its number, all that is wrong with it, and what stands in it.

    `cells` are its values in the order of the file's header, as they may be written back; None where the line
    could not be taken apart, and stands whole in `text` (a line that was too long: only its beginning).
    """

    line: int
    problems: tuple[Problem, ...]
    cells: tuple[str, ...] | None
    text: str


def _reasons() -> dict[str, str]:
    """The text of each code. Those that begin with `server_` are reasons of the server."""
    return {
        "line_too_long": _("the line is longer than {limit} characters; is a line break missing?"),
        "line_nul": _("the line holds a NUL character (a damaged file?)"),
        "line_undecodable": _("the line holds characters that cannot be read (mixed encodings?)"),
        "line_quote": _(
            'a quote (") is opened and never closed, or closed in the middle of a cell; remove it, or double'
            " the quotes that are part of the text"
        ),
        "line_too_many": _(
            "the line has {found} cells instead of {expected}; does a value hold “{separator}” without"
            " quotes?"
        ),
        "line_too_few": _("the line has {found} cells instead of {expected}"),
        "line_in_one_cell": _(
            "the whole line is in its first cell; put each value into its column (“{separator}” stands"
            " between them)"
        ),
        "value_missing": _("the cell is empty; it is needed"),
        "value_too_long": _("the value is longer than {limit} characters ({found})"),
        "value_control": _("the value holds an invisible character that is not allowed"),
        "email_impossible": _("“{value}” is no email address"),
        "role_unknown": _("“{value}” is no role; expected: {accepted}"),
        "password_is_identifier": _(
            "the password is the identifier; choose another, or leave the cell empty"
        ),
        "password_is_name": _("the password is the person's name; choose another, or leave the cell empty"),
        "password_shared": _(
            "one password serves several people; give each their own, or leave the cells empty"
        ),
        "disagreement": _("another value than on line {line}, which has the same identifier"),
        "contracts_too_many": _("{found} lines have this identifier, at most {limit} are possible"),
        "contract_twice": _("the same reference and role as on line {line}, for the same identifier"),
        "refused_with": _("refused together with line {line}, which has the same identifier"),
        "formula": _("a spreadsheet would take the value for a formula; it is loaded as text, as it stands"),
        "postal_code_short": _(
            "“{value}” has only four digits; if a spreadsheet took the first zero away, write 0{value}"
        ),
        "column_ignored": _("unknown column, ignored"),
        "server_identifier_invalid": _("unusable identifier"),
        "server_identifier_taken": _(
            "a user made by hand has this name in Keycloak already; the operator must rename it"
        ),
        "server_duplicate_in_batch": _("identifier sent twice"),
        "server_another_person": _(
            "another person activated this identifier; check the name, or add --same-person if it is the"
            " same person"
        ),
        "server_password_missing": _("a provisional password is missing"),
        "server_password_format": _(
            "the password does not have the form the server expects (different versions?)"
        ),
        "server_email_invalid": _("email address refused by the server"),
        "server_value_too_long": _("a value is too long"),
        "server_characters_invalid": _("a value has characters that cannot be seen or used"),
        "server_field_missing": _("a value that is needed is missing"),
        "server_duplicate_contract": _("the same reference and role twice"),
        "server_other": _("refused by the server: {reason}"),
    }
