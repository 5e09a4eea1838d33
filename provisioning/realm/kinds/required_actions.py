"""Required actions."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Keycloak
from ..steps import RealmState, Step, by_key, compared, differences, overlaid
from ..templates import DesiredRealm


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """The required actions that differ; a disabled one that the server lacks is not created."""
    existing = by_key("alias", state.required_actions)
    for action in wanted.required_actions:
        found = existing.get(action["alias"])
        if found is not None:
            fields = differences({key: action[key] for key in ("enabled", "defaultAction")}, found)
            payload = overlaid(action, found) | {"name": found.get("name", action["alias"])}
            yield compared("required action", wanted.name, action["alias"], fields, payload)
        elif action["enabled"]:
            yield Step("required action", wanted.name, action["alias"], "create", payload=action)


def apply(keycloak: Keycloak, step: Step) -> None:
    """Register a required action that the server has and the realm does not know yet, and replace it."""
    admin = keycloak.admin(step.realm)
    if step.action == "create":
        known = {"providerId": step.name, "name": step.payload["name"]}
        keycloak.post(step.realm, "authentication", "register-required-action", body=known)
        present = {action["alias"]: action for action in admin.get_required_actions()}
        payload = present[step.name] | step.payload
    else:
        payload = step.payload
    admin.update_required_action(step.name, payload)
