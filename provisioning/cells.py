"""Cells of the CSV files we write: neutral in a spreadsheet, and read back as they were.

A cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return is run as a formula by a spreadsheet
(OWASP, CSV injection). `neutral` puts an apostrophe before it, `plain` takes it away. A value that itself
starts with apostrophes and then such a character gets one more, so that the two undo each other.
"""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEUTRAL = re.compile(r"'+[=+\-@\t\r]")


def neutral(value: str) -> str:
    """A value as it is written to a file."""
    return f"'{value}" if _FORMULA.match(value) else value


def plain(cell: str) -> str:
    """A value as it was before `neutral`."""
    return cell[1:] if _NEUTRAL.match(cell) else cell
