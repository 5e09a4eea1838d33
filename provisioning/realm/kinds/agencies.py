"""Agencies, the organizations of a realm, and the logos of agencies and of the realm."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ...server.keycloak import Keycloak
from ..logos import BRAND
from ..steps import FieldChange, RealmState, Step, by_key, compared, steps_for, without_empty
from ..templates import DesiredRealm


def plan_agencies(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Attributes that are not in what is sent go."""
    for step in steps_for("agency", wanted.name, "alias", wanted.organizations, state.organizations):
        step.payload["attributes"] = without_empty(step.payload["attributes"])
        yield step


def apply_agency(keycloak: Keycloak, step: Step) -> None:
    admin = keycloak.admin(step.realm)
    if step.action == "create":
        admin.create_organization(step.payload)
    else:
        admin.update_organization(step.identity, step.payload)


def plan_logos(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """An organization, or the realm, names the file that is its logo; the server writes the name with the
    file."""
    existing = by_key("alias", state.organizations)
    named = {BRAND: (state.settings or {}).get("attributes", {}).get("moncompte.logo")}
    for organization in wanted.organizations:
        alias = organization["alias"]
        named[alias] = next(iter(existing.get(alias, {}).get("attributes", {}).get("logo") or []), None)
    for alias, old in named.items():
        logo = wanted.logos.get(alias)
        if logo is None:
            if old is not None:
                yield Step("logo", wanted.name, alias, "change", (FieldChange("file", old, None),))
            continue
        name = logo.name(alias)
        payload = {"content": base64.b64encode(logo.content).decode(), "name": name}
        if old is None:
            yield Step("logo", wanted.name, alias, "create", payload=payload)
        else:
            present = old if old != name or name in state.logos else None
            fields = [FieldChange("file", present, name)] if present != name else []
            yield compared("logo", wanted.name, alias, fields, payload)


def apply_logo(keycloak: Keycloak, step: Step) -> None:
    if step.payload:
        keycloak.put_logo(step.realm, step.name, step.payload["content"])
    else:
        keycloak.remove_logo(step.realm, step.name)
