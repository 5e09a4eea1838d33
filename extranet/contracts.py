"""Which of the owner's contracts the pages are about: « Changement de bien »."""

import hashlib
from typing import Any

Contract = dict[str, Any]


def key(contract: Contract) -> str:
    """A short name of a contract that stays the same from one token to the next."""
    parts = [contract["agency"].casefold(), contract["reference"], contract["role"]]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def current(contracts: list[Contract], chosen: str | None, entry: dict[str, str]) -> Contract | None:
    """The contract chosen; else the first of the agency whose entry address was used; else the first."""
    codes = f"{entry.get('client')}/{entry.get('societe')}".casefold()
    of_choice = [contract for contract in contracts if key(contract) == chosen]
    of_agency = [contract for contract in contracts if contract["agency"].casefold() == codes]
    return next(iter([*of_choice, *of_agency, *contracts]), None)
