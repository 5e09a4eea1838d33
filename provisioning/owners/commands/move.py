"""What `owners import --move OLD NEW` says and asks around the moves."""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import RefusedError
from ...server.keycloak import Json, Keycloak
from ...server.refusals import refusal
from ...server.target import Target
from ...terminal import ask, say, warn
from ...texts import _
from ..move import Move


class Moving:
    """Moves the contracts of identifiers, pair after pair, after asking once.

    pairs   (old, new)
    """

    def __init__(self, keycloak: Keycloak, target: Target, pairs: Sequence[tuple[str, str]]) -> None:
        self._moves = [Move(keycloak, target, old, new) for old, new in pairs]

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
            say(_("What follows is counted before these moves: a new identifier passes for created there."))
            return
        ask(_("Move these contracts?"), yes=yes)
        for move, plan in due:
            done = move.send()
            if done.get("told") == "held_back":
                warn(
                    _(
                        "{old} → {new}: a mail to the owner was held back, because the same one has just left"
                        " or many have."
                    ).format(old=move.old, new=move.new)
                )
            if plan["renamed"] and plan["to_state"] == "provisional":
                say(
                    _(
                        "{new} is still provisional: the letter of {old} bears the old identifier, another"
                        " is needed (moncompte owners reissue {new})."
                    ).format(old=move.old, new=move.new)
                )
        say(_("Moves done: {count}").format(count=len(due)))

    def _planned(self, move: Move) -> Json:
        try:
            return move.plan()
        except RefusedError as error:
            said = refusal(error.reason)
            if said is None:
                raise
            raise RefusedError(f"{move.old} → {move.new}: {said}", error.status, error.reason) from None

    def _print(self, move: Move, plan: Json) -> None:
        if not plan["contracts"]:
            planned = _("{old} → {new}: nothing to move (done already?).")
        elif plan["renamed"]:
            planned = _("{old} ({name}) is to become {new} and to keep its account (contracts: {count}).")
        else:
            planned = _("The contracts of {old} ({name}) are to pass to {new} ({new_name}): {count}.")
        say(
            planned.format(
                old=move.old,
                new=move.new,
                name=plan["from_name"],
                new_name=plan["to_name"],
                count=len(plan["contracts"]),
            )
        )
