"""What `owners import --move OLD NEW` says and asks around the moves."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ...asking import ask
from ...errors import RefusedError
from ...messages import text
from ...messages_support import SUPPORT_TEXTS
from ...server.keycloak import Json, Keycloak
from ...target import Target
from ...texts import Language
from ..move import Move


class Moving:
    """Moves the contracts of identifiers, pair after pair, after asking once.

    pairs   (old, new)
    """

    def __init__(
        self, keycloak: Keycloak, target: Target, pairs: Sequence[tuple[str, str]], lang: Language
    ) -> None:
        self._moves = [Move(keycloak, target, old, new) for old, new in pairs]
        self._lang = lang

    def run(self, *, dry_run: bool, yes: bool) -> None:
        """Say what would move, ask, move it, say how many. What has moved already is left.

        Raises OwnerUnknownError and RefusedError before anything has moved, MoncompteError when the person
        says no.
        """
        due = []
        for move in self._moves:
            plan = self._planned(move)
            self._print(move, plan)
            if plan["contracts"]:
                due.append((move, plan))
        if not due:
            return
        if dry_run:
            click.echo(text(self._lang, "move_dry_run"))
            return
        ask(text(self._lang, "move_question"), yes=yes)
        for move, plan in due:
            move.send()
            if plan["renamed"] and plan["to_state"] == "provisional":
                click.echo(text(self._lang, "move_letter", old=move.old, new=move.new))
        click.echo(text(self._lang, "move_done", count=len(due)))

    def _planned(self, move: Move) -> Json:
        try:
            return move.plan()
        except RefusedError as error:
            code = f"refused_{error.reason}"
            if code not in SUPPORT_TEXTS:
                raise
            said = f"{move.old} → {move.new}: {text(self._lang, code)}"
            raise RefusedError(said, error.status, error.reason) from None

    def _print(self, move: Move, plan: Json) -> None:
        code = "move_nothing"
        if plan["contracts"]:
            code = "move_rename" if plan["renamed"] else "move_contracts"
        click.echo(
            text(
                self._lang,
                code,
                old=move.old,
                new=move.new,
                name=plan["from_name"],
                new_name=plan["to_name"],
                count=len(plan["contracts"]),
            )
        )
