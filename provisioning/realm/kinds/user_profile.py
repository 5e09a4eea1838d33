"""The declared attributes of users."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Json, Keycloak
from ..steps import FieldChange, RealmState, Step, by_key, compared, differences, overlaid
from ..templates import DesiredRealm


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """The declared attributes that differ; those of others are left alone."""
    found = state.user_profile
    existing = by_key("name", found.get("attributes", []))
    fields = list(
        differences({"unmanagedAttributePolicy": wanted.user_profile["unmanagedAttributePolicy"]}, found)
    )
    for attribute in wanted.user_profile["attributes"]:
        name = attribute["name"]
        if name not in existing:
            fields.append(FieldChange(name, None, "declared"))
            continue
        old, new = _attribute_rules(existing[name]), _attribute_rules(attribute)
        fields += [
            FieldChange(f"{name}.{rule}", old[rule], new[rule]) for rule in new if old[rule] != new[rule]
        ]
    ours = {attribute["name"] for attribute in wanted.user_profile["attributes"]}
    attributes = [
        *wanted.user_profile["attributes"],
        *(value for name, value in existing.items() if name not in ours),
    ]
    payload = overlaid(wanted.user_profile, found) | {"attributes": attributes}
    if state.settings is None:
        yield Step("user profile", wanted.name, wanted.name, "create", payload=payload)
    else:
        yield compared("user profile", wanted.name, wanted.name, fields, payload)


def _attribute_rules(attribute: Json) -> Json:
    """What counts of a declared attribute: everything but labels, groups and annotations."""
    permissions = attribute.get("permissions") or {}
    return {
        "multivalued": bool(attribute.get("multivalued")),
        "required": attribute.get("required") or None,
        "selector": attribute.get("selector") or None,
        "validations": attribute.get("validations") or {},
        "view": sorted(permissions.get("view") or []),
        "edit": sorted(permissions.get("edit") or []),
    }


def apply(keycloak: Keycloak, step: Step) -> None:
    """Replace the declared attributes."""
    keycloak.admin(step.realm).update_realm_users_profile(step.payload)
