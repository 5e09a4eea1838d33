"""Cells of the CSV files we write: neutral in a spreadsheet, and read back as they were.

A cell that starts with `=`, `+`, `-`, `@` (in full width too), a tab or a line end may be run as a formula by
a spreadsheet (OWASP, CSV injection). `neutral` puts an apostrophe before it, `plain` takes it away. A value
that itself starts with apostrophes and then such a character gets one more, so that the two undo each other.
"""

from __future__ import annotations

import re

_SIGNS = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"'*{_SIGNS}")
_NEUTRAL = re.compile(f"'+{_SIGNS}")


def neutral(value: str) -> str:
    """A value as it is written to a file."""
    return f"'{value}" if _FORMULA.match(value) else value


def plain(cell: str) -> str:
    """A value as it was before `neutral`."""
    return cell[1:] if _NEUTRAL.match(cell) else cell
