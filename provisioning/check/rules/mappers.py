"""An application is told of the agencies it is entitled to, and of no other (specification, rule 10).

Our mappers see to it. Keycloak's own give whatever an owner has to every application that they reach: those
in a client scope reach every application that has the scope, which of `profile` or `email` is all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Json
from ...texts import _
from ..finding import Finding, Severity
from ..installation import Installation

_ATTRIBUTES = ("contacts", "contracts", "identifiers", "links", "merges")
"""User attributes that hold what all of an owner's agencies know."""

_CLAIMS = ("contacts", "contracts", "organization")
"""Claims that only our mappers make."""

_OF_AGENCIES = ("oidc-organization-membership-mapper", "oidc-organization-group-membership-mapper")


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for a client scope, a warning for an application that has such a mapper for itself alone."""
    for realm in installation.realms:
        for scope in realm.client_scopes:
            yield from _of_holder("error", realm.name, f"client scope {scope['name']}", scope)
        for client in realm.clients:
            if client.get("enabled"):
                yield from _of_holder("warning", realm.name, str(client["clientId"]), client)


def _of_holder(severity: Severity, realm: str, subject: str, holder: Json) -> Iterator[Finding]:
    for mapper in holder.get("protocolMappers") or []:
        if _gives_away(mapper):
            yield Finding(
                severity,
                realm,
                subject,
                _("The mapper {name} tells applications of agencies they are not entitled to.").format(
                    name=mapper["name"]
                ),
                _(
                    "Delete the mapper in the administration console; what an application may know comes"
                    " from its scopes and agencies in the manifest."
                ),
            )


def _gives_away(mapper: Json) -> bool:
    kind, config = str(mapper["protocolMapper"]), mapper.get("config") or {}
    if kind.startswith("moncompte-"):
        return False
    return (
        kind in _OF_AGENCIES
        or config.get("user.attribute") in _ATTRIBUTES
        or config.get("claim.name") in _CLAIMS
    )
