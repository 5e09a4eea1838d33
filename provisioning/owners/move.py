"""Moving the contracts of an identifier to another of the same agency (`owners import --move OLD NEW`).

An identifier that is not loaded yet takes the place of the old one, with its account; one that is loaded gets
the contracts. So moves come before the file is loaded. Run again, what has moved already is left.
"""

from __future__ import annotations

from ..server.keycloak import Json, Keycloak
from ..server.target import Target


class Move:
    """One move: `plan` tells, `send` does.

    Raises OwnerUnknownError when neither identifier is loaded, RefusedError when the new one cannot be had.
    """

    def __init__(self, keycloak: Keycloak, target: Target, old: str, new: str) -> None:
        self._keycloak = keycloak
        self._target = target
        self.old = old
        self.new = new

    def plan(self) -> Json:
        """What would move: `renamed`, `contracts`, `from_name`, `to_name`, `from_state`, `to_state`."""
        return self._ask(dry_run=True)

    def send(self) -> Json:
        """Move; the same answer as `plan`."""
        return self._ask(dry_run=False)

    def _ask(self, *, dry_run: bool) -> Json:
        return self._keycloak.agency(
            *("post", self._target.realm, self._target.alias, "owners", self.old, "move"),
            body={"to": self.new, "dry_run": dry_run},
            identifier=self.old,
        )
