"""Client scopes, with their protocol mappers."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Keycloak
from ..steps import RealmState, Step, by_key, compared, differences, overlaid
from ..templates import DesiredRealm
from .mappers import mapper_changes


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Our client scopes that differ, in their mappers too."""
    existing = by_key("name", state.client_scopes)
    for scope in wanted.client_scopes:
        name = scope["name"]
        found = existing.get(name)
        if found is None:
            yield Step("client scope", wanted.name, name, "create", payload=scope)
            continue
        own = {key: value for key, value in scope.items() if key != "protocolMappers"}
        fields = list(differences(own, found))
        fields += mapper_changes(scope["protocolMappers"], found.get("protocolMappers", []))
        payload = overlaid(own, found) | {"wanted_mappers": scope["protocolMappers"]}
        yield compared("client scope", wanted.name, name, fields, payload, found["id"])


def apply(keycloak: Keycloak, step: Step) -> None:
    """Create or replace a client scope; mappers of one that exists have calls of their own."""
    admin = keycloak.admin(step.realm)
    if step.action == "create":
        admin.create_client_scope(step.payload)
        return
    wanted = {mapper["name"]: mapper for mapper in step.payload["wanted_mappers"]}
    present = {mapper["name"]: mapper for mapper in step.payload.get("protocolMappers", [])}
    own = {
        key: value for key, value in step.payload.items() if key not in ("wanted_mappers", "protocolMappers")
    }
    admin.update_client_scope(step.identity, own)
    for name, mapper in present.items():
        if name not in wanted:
            admin.delete_mapper_from_client_scope(step.identity, mapper["id"])
    for name, mapper in wanted.items():
        if name in present:
            identity = present[name]["id"]
            admin.update_mapper_in_client_scope(step.identity, identity, mapper | {"id": identity})
        else:
            admin.add_mapper_to_client_scope(step.identity, mapper)
