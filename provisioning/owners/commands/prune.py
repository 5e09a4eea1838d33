"""What `owners import --prune` says and asks around the ending of contracts."""

from __future__ import annotations

from collections.abc import Sequence, Set

import click

from ...asking import ask
from ...messages import text
from ...progress import ProgressOf
from ...server.keycloak import Keycloak
from ...target import Target
from ...texts import Language
from ..prune import DEFAULT_SHARE, Prune, PrunePlan

SHOWN = 20
"""Contracts that are named before asking."""


class Pruning:
    """Ends the contracts that the file no longer has, after asking.

    share   percent of the agency's contracts that may end
    """

    def __init__(
        self, keycloak: Keycloak, target: Target, lang: Language, share: float = DEFAULT_SHARE
    ) -> None:
        self._prune = Prune(keycloak, target, lang)
        self._lang = lang
        self._share = share

    def run(
        self, kept: Set[bytes], *, dry_run: bool, yes: bool, moves: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Say what would end, ask, end it, say how many.

        kept      `contract_key` of every contract of a file without refused lines
        moves     (old, new) identifiers that a dry run has not moved

        Raises BadInputError when it is not to be done, MoncompteError when the person says no.
        """
        plan = self._prune.plan(kept, most_share=self._share, moves=moves)
        if not plan.gone:
            click.echo(text(self._lang, "prune_nothing"))
            return
        self._print(plan)
        if dry_run:
            return
        ask(text(self._lang, "prune_question"), yes=yes)
        with ProgressOf(text(self._lang, "progress_prune"), len(plan.gone)) as progress:
            ended = self._prune.send(plan, progress.advance)
        click.echo(text(self._lang, "prune_done", count=ended))

    def _print(self, plan: PrunePlan) -> None:
        click.echo(
            text(
                self._lang,
                "prune_plan",
                count=len(plan.gone),
                held=plan.held,
                share=f"{plan.share:.1f}",
            )
        )
        for contract in plan.gone[:SHOWN]:
            click.echo(text(self._lang, "prune_contract", **contract))
        if len(plan.gone) > SHOWN:
            click.echo(text(self._lang, "prune_more", count=len(plan.gone) - SHOWN))
