"""The service account of an agency: a confidential client of the owners' realm, without any role, that the
extension lets reach the owners of its agencies and nothing else (specification, rule 10).

Which agencies, stands in the organizations: the attribute `managed_by` names the users that service accounts
act as, by their ids. Keycloak makes these, never uses one again, and removes them with the client.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..errors import RefusedError
from ..server.keycloak import Json, Keycloak, agency_unknown, understood
from ..texts import _
from .steps import overlaid

MANAGED_BY = "managed_by"
"""Attribute of an organization: ids of the service accounts that may reach its owners."""

_MARK = "moncompte.agency"
"""Attribute of the clients made here: another client is never taken over."""

_SETTINGS: Json = {
    "protocol": "openid-connect",
    "enabled": True,
    "publicClient": False,
    "bearerOnly": False,
    "clientAuthenticatorType": "client-secret",
    "serviceAccountsEnabled": True,
    "standardFlowEnabled": False,
    "implicitFlowEnabled": False,
    "directAccessGrantsEnabled": False,
    "fullScopeAllowed": False,
    "redirectUris": [],
    "webOrigins": [],
    "attributes": {_MARK: "true"},
}


@dataclass(frozen=True)
class Credentials:
    """A client that reaches some agencies: which it reaches since now, and no longer."""

    client_id: str
    secret: str = field(repr=False)
    added: tuple[str, ...]
    removed: tuple[str, ...]


@understood()
def grant(
    keycloak: Keycloak, realm: str, client_id: str, aliases: Sequence[str], *, rotate: bool
) -> Credentials:
    """Make a client that reaches these agencies and no others, or bring the one of this name to that.

    aliases   `1001-01`
    rotate    give it a new secret, if it exists already

    Raises NotFoundError before anything is changed, and RefusedError when the name is
    another client's.
    """
    wanted = {alias: _organization(keycloak, realm, alias) for alias in aliases}
    admin = keycloak.admin(realm)
    client, is_new = _client(keycloak, realm, client_id, aliases)
    if rotate and not is_new:
        admin.generate_client_secrets(client["id"])
    account = str(admin.get_client_service_account_user(client["id"])["id"])
    former = {found["alias"]: found for found in keycloak.organizations_with(realm, MANAGED_BY, account)}
    for alias, organization in (former | wanted).items():
        managers = [one for one in _managers(organization) if one != account]
        if alias in wanted:
            managers.append(account)
        if managers != _managers(organization):
            attributes = (organization.get("attributes") or {}) | {MANAGED_BY: managers}
            admin.update_organization(organization["id"], organization | {"attributes": attributes})
    return Credentials(
        client_id,
        str(admin.get_client_secrets(client["id"])["value"]),
        added=tuple(sorted(wanted.keys() - former.keys())),
        removed=tuple(sorted(former.keys() - wanted.keys())),
    )


def _organization(keycloak: Keycloak, realm: str, alias: str) -> Json:
    found = keycloak.organizations_with(realm, "alias", alias)
    if not found:
        raise agency_unknown(realm, alias)
    return found[0]


def _managers(organization: Json) -> list[str]:
    return list((organization.get("attributes") or {}).get(MANAGED_BY) or [])


def _client(keycloak: Keycloak, realm: str, client_id: str, aliases: Sequence[str]) -> tuple[Json, bool]:
    """The client of this name as it has to be, and whether it was made."""
    codes = ", ".join(alias.replace("-", "/") for alias in aliases)
    wanted = _SETTINGS | {"clientId": client_id, "description": f"Owners of {codes}"[:255]}
    found = keycloak.client(realm, client_id)
    if found is None:
        scopes = {"defaultClientScopes": ["basic"], "optionalClientScopes": []}
        keycloak.admin(realm).create_client(wanted | scopes)
        made = keycloak.client(realm, client_id)
        if made is None:
            text = _("Keycloak made the client {client_id!r} and does not show it.")
            raise RefusedError(text.format(client_id=client_id), 404)
        return made, True
    if (found.get("attributes") or {}).get(_MARK) != "true":
        text = _(
            "The realm {realm!r} has a client {client_id!r} for something else. Nothing was changed; give"
            " another --name."
        )
        raise RefusedError(text.format(realm=realm, client_id=client_id), 409)
    keycloak.admin(realm).update_client(found["id"], overlaid(wanted, found))
    return found, False
