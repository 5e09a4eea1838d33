"""What `owners import --prune` says and asks around the ending of contracts."""

from __future__ import annotations

from collections.abc import Sequence, Set

from ...errors import Incomplete
from ...server.keycloak import Keycloak
from ...server.target import Target
from ...terminal import ProgressOf, ask, say, warn
from ...texts import _
from ..prune import DEFAULT_SHARE, Prune, PrunePlan

SHOWN = 20
"""Contracts that are named before asking."""


class Pruning:
    """Ends the contracts that the file no longer has, after asking.

    share   percent of the agency's contracts that may end
    """

    def __init__(self, keycloak: Keycloak, target: Target, share: float = DEFAULT_SHARE) -> None:
        self._prune = Prune(keycloak, target)
        self._share = share

    def run(
        self, kept: Set[bytes], *, dry_run: bool, yes: bool, moves: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Say what would end, ask, end it, say how many.

        kept      `contract_key` of every contract of a file without refused lines
        moves     (old, new) identifiers that a dry run has not moved

        Raises BadInputError when it is not to be done, MoncompteError when the person says no, Incomplete
        when contracts of frozen accounts stay.
        """
        plan = self._prune.plan(kept, most_share=self._share, moves=moves)
        if not plan.missing:
            say(_("Contracts ended: 0; all those of the agency are in the file."))
            return
        self._print(plan)
        if dry_run:
            return
        ask(_("End them?"), yes=yes)
        with ProgressOf(_("Ending contracts"), len(plan.missing)) as progress:
            ended = self._prune.send(plan, progress.advance)
        say(_("Contracts ended: {count}").format(count=ended.count))
        if ended.frozen:
            warn(
                _(
                    "the contracts of these identifiers stay, because their owners have frozen the accounts"
                    " (“It was not me”): {identifiers}. The operator alone opens them again."
                ).format(identifiers=", ".join(ended.frozen))
            )
            raise Incomplete

    def _print(self, plan: PrunePlan) -> None:
        say(
            _("Contracts that are no longer in the file: {count} of {held} ({share} %).").format(
                count=len(plan.missing), held=plan.held, share=f"{plan.share:.1f}"
            )
        )
        for contract in plan.missing[:SHOWN]:
            say(_("  {identifier} · {reference} · {role}").format(**contract))
        if len(plan.missing) > SHOWN:
            say(_("  … and {count} more").format(count=len(plan.missing) - SHOWN))
