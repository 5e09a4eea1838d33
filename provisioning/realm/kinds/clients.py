"""Clients: Keycloak's own, and the applications."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Keycloak
from ..steps import RealmState, Step, by_key, compared, differences, overlaid, without_empty
from ..templates import DesiredRealm
from .mappers import mapper_changes


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Keycloak's own clients (never created here), then the applications."""
    yield from _plan_built_in(wanted, state)
    yield from _plan_applications(wanted, state)


def _plan_built_in(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = by_key("clientId", state.clients)
    for client in wanted.built_in_clients:
        name = client["clientId"]
        found = existing.get(name)
        if found is not None:
            yield compared(
                "client", wanted.name, name, differences(client, found), overlaid(client, found), found["id"]
            )


def _plan_applications(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = by_key("clientId", state.clients)
    for application in wanted.applications:
        name = application["clientId"]
        found = existing.get(name)
        if found is None:
            payload = application | {"attributes": without_empty(application["attributes"])}
            yield Step("application", wanted.name, name, "create", payload=payload)
            continue
        own = {key: value for key, value in application.items() if key != "protocolMappers"}
        mappers = mapper_changes(application["protocolMappers"], found.get("protocolMappers", []))
        fields = [*differences(own, found), *mappers]
        payload = overlaid(application, found)
        yield compared("application", wanted.name, name, fields, payload, found["id"])


def apply_built_in(keycloak: Keycloak, step: Step) -> None:
    """Replace a client of Keycloak's own."""
    keycloak.admin(step.realm).update_client(step.identity, step.payload)


def apply_application(keycloak: Keycloak, step: Step) -> None:
    """Create an application (Keycloak generates its secret), or replace it, then its client scopes."""
    admin = keycloak.admin(step.realm)
    if step.action == "create":
        admin.create_client(step.payload)
        return
    admin.update_client(step.identity, step.payload)
    changed = {change.field for change in step.fields}
    if "attributes.moncompte.profile" in changed:
        # The profile it had until now has put its own settings back into this very update.
        admin.update_client(step.identity, step.payload)
    for key, default in (("defaultClientScopes", True), ("optionalClientScopes", False)):
        if key in changed:
            _replace_scopes(keycloak, step, set(step.payload[key]), default=default)


def _replace_scopes(keycloak: Keycloak, step: Step, new: set[str], *, default: bool) -> None:
    """Client scopes of a client have calls of their own: replacing the client leaves them as they are."""
    client = keycloak.client(step.realm, step.name) or {}
    old = set(client.get("defaultClientScopes" if default else "optionalClientScopes") or [])
    admin = keycloak.admin(step.realm)
    identities = {scope["name"]: scope["id"] for scope in admin.get_client_scopes()}
    if default:
        remove, add = admin.delete_client_default_client_scope, admin.add_client_default_client_scope
    else:
        remove, add = admin.delete_client_optional_client_scope, admin.add_client_optional_client_scope
    for name in sorted(old - new):
        remove(step.identity, identities[name])
    for name in sorted(new - old):
        add(step.identity, identities[name], {})
