"""Agencies: the organizations of a realm."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Keycloak
from ..steps import RealmState, Step, by_key, compared, differences, overlaid, without_empty
from ..templates import DesiredRealm


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """The agencies that differ."""
    existing = by_key("alias", state.organizations)
    for organization in wanted.organizations:
        name = organization["alias"]
        found = existing.get(name)
        if found is None:
            payload = organization | {"attributes": without_empty(organization["attributes"])}
            yield Step("agency", wanted.name, name, "create", payload=payload)
            continue
        payload = overlaid(organization, found)
        payload["attributes"] = without_empty(payload["attributes"])
        yield compared("agency", wanted.name, name, differences(organization, found), payload, found["id"])


def apply(keycloak: Keycloak, step: Step) -> None:
    """Create or replace an agency (attributes that are not in it go)."""
    admin = keycloak.admin(step.realm)
    if step.action == "create":
        admin.create_organization(step.payload)
    else:
        admin.update_organization(step.identity, step.payload)
