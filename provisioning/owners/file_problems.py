"""What can be wrong with a line of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..terminal import printable
from ..texts import N_, _


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
        return _(_REASONS[self.code]).format(**self.values)

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


_REASONS = {
    "line_too_long": N_("the line is longer than {limit} characters; is a line break missing?"),
    "line_nul": N_("the line holds a NUL character (a damaged file?)"),
    "line_undecodable": N_("the line holds characters that cannot be read (mixed encodings?)"),
    "line_quote": N_(
        'a quote (") is opened and never closed, or closed in the middle of a cell; remove it, or double'
        " the quotes that are part of the text"
    ),
    "line_too_many": N_(
        "the line has {found} cells instead of {expected}; does a value hold “{separator}” without quotes?"
    ),
    "line_too_few": N_("the line has {found} cells instead of {expected}"),
    "line_in_one_cell": N_(
        "the whole line is in its first cell; put each value into its column (“{separator}” stands"
        " between them)"
    ),
    "value_missing": N_("the cell is empty; it is needed"),
    "value_too_long": N_("the value is longer than {limit} characters ({found})"),
    "value_control": N_("the value holds an invisible character that is not allowed"),
    "email_impossible": N_("“{value}” is no email address"),
    "email_invisible": N_(
        "the address “{value}” holds an invisible character; type it again, do not paste it"
    ),
    "email_numeric": N_(
        "“{value}” has a number in place of the domain name; an address ends as in name@example.com"
    ),
    "email_characters": N_("“{value}” holds a character that an email address cannot have"),
    "role_unknown": N_("“{value}” is no role; expected: {accepted}"),
    "password_is_identifier": N_("the password is the identifier; choose another, or leave the cell empty"),
    "password_is_name": N_("the password is the person's name; choose another, or leave the cell empty"),
    "password_shared": N_(
        "one password serves several people; give each their own, or leave the cells empty"
    ),
    "identifier_alike": N_(
        "the identifier “{value}” on line {line} is the same but for spaces, dashes or dots; write both alike"
    ),
    "disagreement": N_("another value than on line {line}, which has the same identifier"),
    "contracts_too_many": N_("{found} lines have this identifier, at most {limit} are possible"),
    "contract_twice": N_("the same reference and role as on line {line}, for the same identifier"),
    "refused_with": N_("refused together with line {line}, which has the same identifier"),
    "formula": N_("a spreadsheet would take the value for a formula; it is loaded as text, as it stands"),
    "postal_code_short": N_(
        "“{value}” has only four digits; if a spreadsheet took the first zero away, write 0{value}"
    ),
    "column_ignored": N_("unknown column, ignored"),
    "server_identifier_invalid": N_("unusable identifier"),
    "server_identifier_taken": N_(
        "a user made by hand has this name in Keycloak already; the operator must rename it"
    ),
    "server_account_frozen": N_(
        "its owner has frozen this account (“It was not me”); load the line again once the operator has"
        " opened it"
    ),
    "server_duplicate_in_batch": N_("identifier sent twice"),
    "server_another_person": N_(
        "another person activated this identifier; check the name, or add --same-person if it is the"
        " same person"
    ),
    "server_password_missing": N_("a provisional password is missing"),
    "server_password_format": N_(
        "the password does not have the form the server expects (different versions?)"
    ),
    "server_email_invalid": N_("email address refused by the server"),
    "server_value_too_long": N_("a value is too long"),
    "server_characters_invalid": N_("a value has characters that cannot be seen or used"),
    "server_field_missing": N_("a value that is needed is missing"),
    "server_duplicate_contract": N_("the same reference and role twice"),
    "server_other": N_("refused by the server: {reason}"),
}
"""The text of each code. Those that begin with `server_` are reasons of the server."""
