"""What identifiers are compared by (specification, rule 15), as the server has it (Identifier.java).

An identifier is looked for as it is written, and if it is not found, without its spaces, dashes, dots, width
and case. `tests/identifiers.json` has examples for both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Generic, TypeVar

from ..email_address import plain_apostrophes

T = TypeVar("T")

_SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
_DOTS = ".·•−。"
"""What identifiers are compared without, beside the categories before: dots, and the minus sign."""


def written_key(identifier: str) -> str:
    """What identifiers are compared by as they are written: trimmed, NFC, without case, apostrophes plain
    ones."""
    if identifier.isascii():
        return identifier.strip().lower()
    written = unicodedata.normalize("NFC", identifier.strip())
    return unicodedata.normalize("NFC", plain_apostrophes(written).lower())


def identifier_key(identifier: str) -> str:
    """What is left of an identifier without spaces, dashes, dots, width and case."""
    key = written_key(identifier)
    if key.isascii() and key.isalnum():
        return key
    narrow = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).lower())
    return "".join(character for character in narrow if not _is_separator(character)) or key


def _is_separator(character: str) -> bool:
    """Whether it is a space, a dash, a dot, or cannot be seen."""
    return character in _DOTS or unicodedata.category(character) in _SEPARATORS


class ByIdentifier(Generic[T]):
    """Values by `written_key`, found by the identifier as it is written, or else by the only one alike."""

    def __init__(self, values: Mapping[str, T]) -> None:
        self._written = values
        self._alike: dict[str, list[T]] = {}
        for key, value in values.items():
            self._alike.setdefault(identifier_key(key), []).append(value)

    def get(self, key: str) -> T | None:
        """The value of an identifier, if there is one."""
        if key in self._written:
            return self._written[key]
        alike = self._alike.get(identifier_key(key), [])
        return alike[0] if len(alike) == 1 else None
