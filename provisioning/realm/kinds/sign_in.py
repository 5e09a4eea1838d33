"""How owners sign in: authentication flows with their executions, and required actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...server.keycloak import Json, Keycloak
from ..steps import (
    FieldChange,
    RealmState,
    Step,
    by_key,
    differences,
    list_change,
    steps_for,
    without,
)
from ..templates import DesiredRealm

if TYPE_CHECKING:
    from keycloak import KeycloakAdmin


def plan_flows(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    def changes(flow: Json, found: Json) -> Iterator[FieldChange]:
        yield from differences({"description": flow["description"]}, found)
        present = state.executions.get(flow["alias"], [])
        yield from list_change("executions", _execution_text, flow["executions"], present)

    return steps_for("flow", wanted.name, "alias", wanted.flows, state.flows, changes)


def _execution_text(execution: Json) -> str:
    return f"{execution.get('providerId', 'a flow')} {execution['requirement']}"


def apply_flow(keycloak: Keycloak, step: Step) -> None:
    admin = keycloak.admin(step.realm)
    own = without(step.payload, "executions", "authenticationExecutions")
    if step.action == "create":
        admin.create_authentication_flow(
            own | {"providerId": "basic-flow", "topLevel": True, "builtIn": False}
        )
    else:
        admin.update_authentication_flow(step.identity, own)
    _replace_executions(admin, step.name, step.payload["executions"])


def _replace_executions(admin: KeycloakAdmin, alias: str, wanted: list[Json]) -> None:
    found = admin.get_authentication_flow_executions(alias)
    providers = [execution["providerId"] for execution in wanted]
    if [execution.get("providerId") for execution in found] != providers:
        for execution in found:
            if execution.get("level", 0) == 0:
                admin.delete_authentication_flow_execution(execution["id"])
        for provider in providers:
            admin.create_authentication_flow_execution({"provider": provider}, alias)
        found = admin.get_authentication_flow_executions(alias)
    for execution, present in zip(wanted, found, strict=True):
        if present["requirement"] != execution["requirement"]:
            changed = present | {"requirement": execution["requirement"]}
            admin.update_authentication_flow_executions(changed, alias)


def plan_required_actions(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """A disabled action that the server lacks is not created. A name is nothing that matters."""
    present = by_key("alias", state.required_actions)
    actions = [one for one in wanted.required_actions if one["enabled"] or one["alias"] in present]

    def changes(action: Json, found: Json) -> Iterator[FieldChange]:
        return differences(without(action, "name"), found)

    return steps_for("required action", wanted.name, "alias", actions, state.required_actions, changes)


def apply_required_action(keycloak: Keycloak, step: Step) -> None:
    """One that the realm does not know yet is registered first."""
    admin = keycloak.admin(step.realm)
    payload = step.payload
    if step.action == "create":
        known = {"providerId": step.name, "name": payload["name"]}
        keycloak.post(step.realm, "authentication", "register-required-action", body=known)
        present = {action["alias"]: action for action in admin.get_required_actions()}
        payload = present[step.name] | payload
    admin.update_required_action(step.name, payload)
