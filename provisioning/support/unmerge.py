"""Undoing a merge: one identifier and its contracts return to a provisional account, with new credentials.

What goes back is what stands under the identifier now, changes of later imports included; the personal
account keeps everything else.
"""

from __future__ import annotations

from ..errors import BadInputError
from ..owners.credentials import CredentialsFile
from ..owners.file import identifier_key
from ..owners.passwords import hashed_generated
from ..server.keycloak import Json, Keycloak
from ..server.target import Target
from ..texts import _


class Unmerge:
    """One merge to undo: `plan` tells what would go back, `send` does it.

    Made from the owner's identifier, and the id of the merge where the identifier came by several. Raises
    BadInputError when there is none, or several to choose from; OwnerUnknownError and the others of
    `Keycloak.owner`.
    """

    def __init__(self, keycloak: Keycloak, target: Target, identifier: str, merge: str | None) -> None:
        self._keycloak = keycloak
        self._target = target
        self._identifier = identifier
        self._merge = merge if merge is not None else self._only_merge()

    def _only_merge(self) -> str:
        found = self._keycloak.owner(self._target.realm, self._target.alias, self._identifier)
        wanted = identifier_key(self._identifier)
        merges = [
            str(merge["id"])
            for merge in found.get("merges") or []
            if wanted in {identifier_key(str(brought)) for brought in merge["identifiers"]}
        ]
        if not merges:
            raise BadInputError(
                _(
                    "the identifier {identifier} came to its account by no merge; there is nothing to undo"
                ).format(identifier=self._identifier)
            )
        if len(merges) > 1:
            raise BadInputError(
                _(
                    "the identifier {identifier} came by several merges; say which with --merge: {merges}"
                ).format(identifier=self._identifier, merges=", ".join(merges))
            )
        return merges[0]

    def plan(self) -> Json:
        """What would go back.

        Raises NotFoundError; RefusedError when it is too late, or the identifier is elsewhere.
        """
        return self._ask(None, dry_run=True)

    def send(self, plan: Json, credentials: CredentialsFile) -> Json:
        """Give back what `plan` told; the new password is on disk before anything is sent.

        Raises what `plan` raises, and CredentialsFileError.
        """
        contact = plan["contact"]
        password = credentials.renewed(plan["identifier"], contact["last_name"], contact["first_name"])
        return self._ask(hashed_generated(password), dry_run=False)

    def _ask(self, password: Json | None, *, dry_run: bool) -> Json:
        return self._keycloak.undo_merge(
            self._target.realm, self._target.alias, self._merge, self._identifier, password, dry_run=dry_run
        )
