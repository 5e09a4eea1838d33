"""What a letter says."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlencode

from ..owners.file import Owner
from ..owners.row import letters_of

ADDRESS_LINES = 6
ADDRESS_WIDTH = 38
"""Lines of an address, and characters of a line, at most (NF Z 10-011)."""

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre"),
    *("novembre", "décembre"),
)
_SALUTATIONS = {
    "madame": "Madame",
    "mme": "Madame",
    "monsieur": "Monsieur",
    "m": "Monsieur",
    "mr": "Monsieur",
}


class Agency(NamedTuple):
    """The agency that writes. `sign_in_url` is where its owners begin, the codes included."""

    client: str
    societe: str
    name: str
    phone: str
    email: str
    help_url: str
    extranet_url: str

    @property
    def sign_in_url(self) -> str:
        """The Extranet's entry address with the agency's codes."""
        return f"{self._entry}?{urlencode({'client': self.client, 'societe': self.societe})}"

    def qr_url(self, identifier: str) -> str:
        """The same with the owner's identifier; never a password."""
        parameters = {"client": self.client, "societe": self.societe, "identifiant": identifier}
        return f"{self._entry}?{urlencode(parameters)}"

    @property
    def _entry(self) -> str:
        return f"{self.extranet_url.rstrip('/')}/login"


class Letter(NamedTuple):
    """A letter to one owner. `address` are the lines for the envelope's window, the name first."""

    identifier: str
    password: str
    civility: str
    last_name: str
    first_name: str
    address: tuple[str, ...]
    expires: date

    @property
    def salutation(self) -> str:
        """How the owner is spoken to."""
        return _SALUTATIONS.get(letters_of(self.civility), "Madame, Monsieur")

    def __repr__(self) -> str:
        return f"Letter({self.identifier!r})"  # never the password


def letter(owner: Owner, password: str, expires: str) -> Letter:
    """The letter to an owner of the agency's file.

    expires   until when the password works, as the server says it: ISO 8601
    """
    return Letter(
        owner.identifier,
        password,
        owner.civility,
        owner.last_name,
        owner.first_name,
        postal_address(owner),
        datetime.fromisoformat(expires).astimezone().date(),
    )


def postal_address(owner: Owner) -> tuple[str, ...]:
    """An owner's address as NF Z 10-011 wants it: at most 6 lines of 38 characters, the street and the place
    in capitals without accents or punctuation. Only the name when the file has no address."""
    name = " ".join(part for part in (owner.civility, owner.first_name, owner.last_name) if part)
    street = textwrap.wrap(_capitals(owner.address), ADDRESS_WIDTH)
    place = _capitals(f"{owner.postal_code} {owner.city}")
    lines = [*textwrap.wrap(name, ADDRESS_WIDTH)[:2], *street[: ADDRESS_LINES - 3], place[:ADDRESS_WIDTH]]
    return tuple(line for line in lines if line)


def _capitals(value: str) -> str:
    decomposed = unicodedata.normalize("NFKD", value.replace("œ", "oe").replace("Œ", "OE"))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w/]|_", " ", plain).upper().split())


def in_words(day: date) -> str:
    """A day as a French letter writes it: 1er janvier 2027."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"
