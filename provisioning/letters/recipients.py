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

from ..owners.file import Owner, OwnersFile, Rejected, identifier_key
from ..server.keycloak import Json
from .letter import Letter, letter

CHECKED_AT_A_TIME = 50
"""Owners whose passwords are checked in one request, which takes 100: each may have two."""

DoWork = Callable[[Sequence[tuple[str, str]]], Sequence[bool]]
"""Tells of identifiers and passwords whether they work, in their order."""


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
    """Who of an agency's provisional owners has an activation before them, by what identifiers are compared
    by.

    owners   as the server lists them: identifier, step, enabled, and where there are any expires, letter_at
    """
    return {
        identifier_key(str(owner["identifier"])): Waiting(
            str(owner["expires"]), owner.get("letter_at") is not None
        )
        for owner in owners
        if owner["enabled"] and owner.get("expires") and owner["step"] != "ended"
    }


def letters(
    file: OwnersFile,
    passwords: Mapping[str, str],
    waiting: Mapping[str, Waiting],
    passed: Passed,
    now: datetime,
    do_work: DoWork,
    *,
    only: Set[str] = frozenset(),
    only_new: bool = False,
) -> Iterator[Letter]:
    """A letter to each owner of the file that gets one, in its order.

    passwords   generated ones, by what identifiers are compared by; they count before the file's
    passed      is told who gets none
    do_work     asks the server which passwords work
    only        identifiers, as they are compared; all when empty
    only_new    leave out who has had a letter
    """
    owners = _with_a_password(file, passwords, waiting, passed, now, only=only, only_new=only_new)
    while some := list(islice(owners, CHECKED_AT_A_TIME)):
        candidates = [(owner.identifier, password) for owner, known in some for password in known]
        works = iter(do_work(candidates))
        for owner, known in some:
            working = [one for one in known if next(works, False)]
            password = working[0] if working else None
            if password is None:
                passed.dead.append(owner.identifier)
            else:
                passed.no_address += not (owner.postal_code and owner.city)
                yield letter(owner, password, waiting[owner.key].expires)


def _with_a_password(
    file: OwnersFile,
    passwords: Mapping[str, str],
    waiting: Mapping[str, Waiting],
    passed: Passed,
    now: datetime,
    *,
    only: Set[str],
    only_new: bool,
) -> Iterator[tuple[Owner, list[str]]]:
    """Owners who can activate, and the passwords known of them."""
    for item in file.read():
        if isinstance(item, Rejected) and not only:
            passed.unusable_lines += 1
        if not isinstance(item, Owner) or (only and item.key not in only):
            continue
        passed.found.add(item.key)
        found = waiting.get(item.key)
        known = [one for one in (passwords.get(item.key), item.password) if one is not None]
        if found is None:
            passed.not_waiting += 1
        elif datetime.fromisoformat(found.expires) <= now:
            passed.expired += 1
        elif only_new and found.has_letter:
            passed.had_letter += 1
        elif not known:
            passed.no_password += 1
        else:
            yield item, known
