"""Who gets a letter: owners of the agency's file who can still activate, and whose password is known here.

The file gives names and addresses, and the passwords the agency chose. The credentials file gives those that
were generated. The server says who has activated, until when a password works, and whether it still does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from ..owners.file import Owner, OwnersFile, Rejected
from ..owners.identifiers import ByIdentifier, identifier_key, written_key
from ..server.keycloak import Json
from .letter import Letter, letter

CHECKED_AT_A_TIME = 50
"""Owners whose passwords are checked in one request, which takes 100: each may have two."""

CheckPasswords = Callable[[Sequence[tuple[str, str]]], Sequence[bool]]
"""Asks the server of identifiers and passwords whether they work, in their order."""


class Waiting(NamedTuple):
    """An owner who can still activate, or could until `expires` (ISO 8601, as the server says it)."""

    expires: str
    has_letter: bool


@dataclass
class Passed:
    """Owners of the file who get no letter, by why; and letters without an address."""

    not_waiting: int = 0
    expired: int = 0
    no_password: int = 0
    had_letter: int = 0
    unusable_lines: int = 0
    no_address: int = 0
    dead: list[str] = field(default_factory=list)
    """Identifiers whose password here no longer works."""

    found: set[str] = field(default_factory=set)
    """Those of `only` that are in the file."""


def waiting(owners: Iterable[Json]) -> dict[str, Waiting]:
    """Who of an agency's provisional owners has an activation before them, by `written_key`.

    owners   as the server lists them: identifier, step, enabled, and where there are any expires, letter_at
    """
    return {
        written_key(str(owner["identifier"])): Waiting(
            str(owner["expires"]), owner.get("letter_at") is not None
        )
        for owner in owners
        if owner["enabled"] and owner.get("expires") and owner["step"] != "ended"
    }


class Candidate(NamedTuple):
    """An owner who can activate, the passwords known of them, and until when theirs works."""

    owner: Owner
    passwords: list[str]
    expires: str


def candidates(
    file: OwnersFile,
    passwords: Mapping[str, str],
    waiting: Mapping[str, Waiting],
    passed: Passed,
    now: datetime,
    *,
    only: Set[str] = frozenset(),
    only_new: bool = False,
) -> Iterator[Candidate]:
    """The owners of the file who may get a letter, in its order.

    passwords   generated ones, by `written_key`; they count before the file's
    waiting     by `written_key`, too
    passed      is told who gets none
    only        identifiers by `identifier_key`; all when empty
    only_new    leave out who has had a letter
    """
    generated, provisional = ByIdentifier(passwords), ByIdentifier(waiting)
    for item in file.read():
        if isinstance(item, Rejected) and not only:
            passed.unusable_lines += 1
        if not isinstance(item, Owner) or (only and identifier_key(item.key) not in only):
            continue
        passed.found.add(identifier_key(item.key))
        found = provisional.get(item.key)
        known = [one for one in (generated.get(item.key), item.password) if one is not None]
        if found is None:
            passed.not_waiting += 1
        elif datetime.fromisoformat(found.expires) <= now:
            passed.expired += 1
        elif only_new and found.has_letter:
            passed.had_letter += 1
        elif not known:
            passed.no_password += 1
        else:
            yield Candidate(item, known, found.expires)


def letters(owners: Iterator[Candidate], passed: Passed, check: CheckPasswords) -> Iterator[Letter]:
    """A letter to each of these owners who has a password that works.

    passed   is told who has none
    """
    while some := list(islice(owners, CHECKED_AT_A_TIME)):
        asked = [(one.owner.identifier, password) for one in some for password in one.passwords]
        works = iter(check(asked))
        for owner, passwords, expires in some:
            working = [password for password in passwords if next(works, False)]
            if not working:
                passed.dead.append(owner.identifier)
                continue
            passed.no_address += not (owner.postal_code and owner.city)
            yield letter(owner, working[0], expires)
