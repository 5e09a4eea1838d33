"""Which of the owner's contracts the pages are about: « Changement de bien »."""

import hashlib
from typing import Any

Contract = dict[str, Any]
Entry = dict[str, Any]
"""The codes of the entry address, `client` and `societe`; empty without."""


def key(contract: Contract) -> str:
    """A short name of a contract that stays the same from one token to the next."""
    return _short(contract["agency"].casefold(), contract["reference"], contract["role"])


def mark(owner: str, contract_key: str) -> str:
    """What a browser remembers of a choice: it means something for this owner (`sub`) only."""
    return _short(owner, contract_key)


def current(contracts: list[Contract], owner: str, kept: str | None) -> Contract | None:
    """The contract whose mark the browser has kept, while it is the owner's; else the first."""
    chosen = [one for one in contracts if mark(owner, key(one)) == kept]
    return next(iter(chosen + contracts), None)


def arriving(contracts: list[Contract], shown: Contract | None, entry: Entry) -> Contract | None:
    """The contract to change to for who comes by an entry address; None when one of its agency is shown."""
    of_agency = [one for one in contracts if _is_of(one, entry)]
    return None if shown in of_agency else next(iter(of_agency), None)


def nothing_at(contracts: list[Contract], entry: Entry) -> str | None:
    """The codes of the entry address when the owner has no contract with that agency."""
    if len(entry) < 2 or any(_is_of(contract, entry) for contract in contracts):
        return None
    return _codes(entry)


def _is_of(contract: Contract, entry: Entry) -> bool:
    return bool(contract["agency"].casefold() == _codes(entry).casefold())


def _codes(entry: Entry) -> str:
    return f"{entry.get('client', '')}/{entry.get('societe', '')}"


def _short(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
