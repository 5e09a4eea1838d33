"""Ending the contracts that an agency's file no longer has (`owners import --prune`).

Contracts are compared by `contract_key`: 16 bytes each, so that a file of 100,000 lines stays small in
memory. A line that could not be read is no sign that a contract has ended: whoever calls this has a file
without refused lines. A share of contracts that is suspiciously large needs to be allowed explicitly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from ..errors import BadInputError
from ..server.keycloak import Json, Keycloak
from ..server.target import Target
from ..texts import _
from .identifiers import identifier_key

DEFAULT_SHARE = 10.0
"""Most contracts, in percent of those held, that go without being allowed."""

PAGE = 500
"""Identifiers whose contracts are asked for at a time."""

BATCH = 500
"""Contracts ended at a time, in one transaction."""


def contract_key(identifier: str, reference: str, role: str) -> bytes:
    """What contracts of one agency are compared by: the same for what is the same contract."""
    text_of_it = "\0".join((identifier_key(identifier), reference, role))
    return hashlib.blake2b(text_of_it.encode(), digest_size=16).digest()


@dataclass
class Ended:
    """How many contracts have ended, and the identifiers whose contracts stay: their owners have frozen the
    accounts."""

    count: int = 0
    frozen: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PrunePlan:
    """The contracts that would end, of how many the agency has."""

    missing: list[Json]
    held: int

    @property
    def share(self) -> float:
        """In percent."""
        return 100 * len(self.missing) / self.held if self.held else 0.0


class Prune:
    """`plan` finds what the file no longer has, `send` ends it. It can be interrupted and run again."""

    def __init__(self, keycloak: Keycloak, target: Target) -> None:
        self._keycloak = keycloak
        self._target = target

    def plan(
        self,
        kept: Set[bytes],
        *,
        most_share: float = DEFAULT_SHARE,
        moves: Sequence[tuple[str, str]] = (),
    ) -> PrunePlan:
        """What would end.

        kept         `contract_key` of every contract of the file
        most_share   percent of the contracts held that may end
        moves        (old, new) identifiers whose contracts would move before, in a dry run

        Raises BadInputError when the file has no contract at all, or more than the share would end.
        """
        if not kept:
            raise BadInputError(_("--prune has ended nothing: the file has no contract at all."))
        renamed = {identifier_key(old): new for old, new in moves}
        missing: list[Json] = []
        held = 0
        for contract in self._contracts():
            held += 1
            held_under = str(contract["identifier"])
            identifier = renamed.get(identifier_key(held_under), held_under)
            if contract_key(identifier, contract["reference"], contract["role"]) not in kept:
                missing.append(contract)
        found = PrunePlan(missing, held)
        if found.share > most_share:
            raise BadInputError(
                _(
                    "--prune has ended nothing: {count} contracts of {held} ({share} %) are no longer in the"
                    " file, more than the {most} % allowed. Is it the right file, and whole? If so:"
                    " --prune-share."
                ).format(count=len(missing), held=held, share=f"{found.share:.1f}", most=f"{most_share:g}")
            )
        return found

    def send(self, plan: PrunePlan, on_progress: Callable[[int], None] = lambda _: None) -> Ended:
        """End what `plan` found, as far as it is there still and not frozen."""
        ended = Ended()
        for begin in range(0, len(plan.missing), BATCH):
            some = plan.missing[begin : begin + BATCH]
            answer = self._ask("post", "contracts", "end", body={"contracts": some})
            ended.count += int(answer["ended"])
            ended.frozen += answer.get("frozen", [])
            on_progress(len(some))
        return ended

    def _contracts(self) -> Iterator[Json]:
        params = {"max": str(PAGE)}
        while True:
            page = self._ask("get", "contracts", params=params)
            yield from page["contracts"]
            if page["next"] is None:
                return
            params["first"] = page["next"]

    def _ask(
        self, method: str, *parts: str, body: Json | None = None, params: dict[str, str] | None = None
    ) -> Json:
        return self._keycloak.agency(
            method, self._target.realm, self._target.alias, *parts, body=body, params=params
        )
