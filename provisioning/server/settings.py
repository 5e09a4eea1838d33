"""How a server is reached, and the error for one that is not Keycloak."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import RefusedError
from ..texts import _


@dataclass(frozen=True)
class Settings:
    """How to reach a server: its address, and the client we are.

    client_realm   the realm of the client: master for the operator, the owners' own for an agency
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    client_realm: str = "master"


def not_keycloak() -> RefusedError:
    """The error for an answer that is not Keycloak's."""
    return RefusedError(_("The server answered something that is not Keycloak's JSON."), 200)
