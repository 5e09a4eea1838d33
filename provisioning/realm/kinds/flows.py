"""Authentication flows, with their executions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...server.keycloak import Json, Keycloak
from ..steps import FieldChange, RealmState, Step, by_key, compared, differences, overlaid
from ..templates import DesiredRealm

if TYPE_CHECKING:
    from keycloak import KeycloakAdmin


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Our flows that differ, in their executions too."""
    existing = by_key("alias", state.flows)
    for flow in wanted.flows:
        name = flow["alias"]
        found = existing.get(name)
        if found is None:
            yield Step("flow", wanted.name, name, "create", payload=flow)
            continue
        fields = list(differences({"description": flow["description"]}, found))
        old = [_execution_text(execution) for execution in state.executions.get(name, [])]
        new = [_execution_text(execution) for execution in flow["executions"]]
        if old != new:
            fields.append(FieldChange("executions", old, new))
        yield compared("flow", wanted.name, name, fields, overlaid(flow, found), found["id"])


def _execution_text(execution: Json) -> str:
    return f"{execution.get('providerId', 'a flow')} {execution['requirement']}"


def apply(keycloak: Keycloak, step: Step) -> None:
    """Create or replace a flow, then its executions."""
    admin = keycloak.admin(step.realm)
    alias, executions = step.name, step.payload["executions"]
    if step.action == "create":
        own = {"alias": alias, "description": step.payload["description"]}
        admin.create_authentication_flow(
            own | {"providerId": "basic-flow", "topLevel": True, "builtIn": False}
        )
    else:
        own = {
            key: value
            for key, value in step.payload.items()
            if key not in ("executions", "authenticationExecutions")
        }
        admin.update_authentication_flow(step.identity, own)
    _replace_executions(admin, alias, executions)


def _replace_executions(admin: KeycloakAdmin, alias: str, wanted: list[Json]) -> None:
    found = admin.get_authentication_flow_executions(alias)
    if [execution.get("providerId") for execution in found] != [
        execution["providerId"] for execution in wanted
    ]:
        for execution in found:
            if execution.get("level", 0) == 0:
                admin.delete_authentication_flow_execution(execution["id"])
        for execution in wanted:
            admin.create_authentication_flow_execution({"provider": execution["providerId"]}, alias)
        found = admin.get_authentication_flow_executions(alias)
    for execution, present in zip(wanted, found, strict=True):
        if present["requirement"] != execution["requirement"]:
            admin.update_authentication_flow_executions(
                present | {"requirement": execution["requirement"]}, alias
            )
