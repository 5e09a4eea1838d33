"""Logos of the agencies and of the realm."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ...server.keycloak import Keycloak
from ..logos import BRAND
from ..steps import FieldChange, RealmState, Step, by_key, compared
from ..templates import DesiredRealm


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """An organization, or the realm, names the file that is its logo; the server writes the name with the
    file."""
    existing = by_key("alias", state.organizations)
    named = {BRAND: (state.settings or {}).get("attributes", {}).get("moncompte.logo")} | {
        alias: next(iter(existing.get(alias, {}).get("attributes", {}).get("logo") or []), None)
        for alias in (organization["alias"] for organization in wanted.organizations)
    }
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
        elif old != name:
            yield compared("logo", wanted.name, alias, [FieldChange("file", old, name)], payload)
        else:
            missing = [] if name in state.logos else [FieldChange("file", None, name)]
            yield compared("logo", wanted.name, alias, missing, payload)


def apply(keycloak: Keycloak, step: Step) -> None:
    """Send or remove a logo."""
    if step.payload:
        keycloak.put_logo(step.realm, step.name, step.payload["content"])
    else:
        keycloak.remove_logo(step.realm, step.name)
