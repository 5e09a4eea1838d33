"""Which of the owner's contracts the pages are about: « Changement de bien »."""

import hashlib
from typing import Any

Contract = dict[str, Any]
Entry = dict[str, str]
"""The codes of the entry address, `client` and `societe`; empty without."""


def key(contract: Contract) -> str:
    """A short name of a contract that stays the same from one token to the next."""
    return _short(contract["agency"].casefold(), contract["reference"], contract["role"])


def mark(owner: str, contract_key: str) -> str:
    """What a browser remembers of a choice: it means something for this owner (`sub`) only."""
    return _short(owner, contract_key)


def remembered(contracts: list[Contract], owner: str, kept: str | None) -> str | None:
    """The contract whose mark the browser has kept; None when it is no longer the owner's."""
    return next((key(one) for one in contracts if kept and mark(owner, key(one)) == kept), None)


def arriving(contracts: list[Contract], chosen: str | None, entry: Entry) -> str | None:
    """The choice of who comes by an entry address: its agency goes before what was chosen elsewhere."""
    of_agency = [key(contract) for contract in contracts if _is_of(contract, entry)]
    return chosen if chosen in of_agency or not of_agency else of_agency[0]


def current(contracts: list[Contract], chosen: str | None) -> Contract | None:
    """The contract chosen; else the first."""
    return next((one for one in contracts if key(one) == chosen), contracts[0] if contracts else None)


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
