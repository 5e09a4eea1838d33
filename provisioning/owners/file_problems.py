"""What can be wrong with a line of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..messages import text
from ..texts import Language


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

    def sentence(self, language: Language) -> str:
        """Line, column and why, in words."""
        code = "report_line" if self.column else "report_line_only"
        said = text(language, code, line=self.line, column=self.column, reason="{reason}")
        said = said.replace("{reason}", self.reason(language))
        return said if self.refused else text(language, "report_note", problem="{}").replace("{}", said)


class Rejected(NamedTuple):
    """A line that is not loaded: its number, all that is wrong with it, and what stands in it.

    `cells` are its values in the order of the file's header, as they may be written back; None where the line
    could not be taken apart, and stands whole in `text` (a line that was too long: only its beginning).
    """

    line: int
    problems: tuple[Problem, ...]
    cells: tuple[str, ...] | None
    text: str
