"""Workflows: what happens to inactive owners."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import RefusedError
from ...server.keycloak import Json, Keycloak
from ..steps import OURS, FieldChange, RealmState, Step, by_key, compared, differences
from ..templates import DesiredRealm


def read(keycloak: Keycloak, realm: str) -> list[Json]:
    """The workflows of a realm with their steps; none where the server was built without them."""
    try:
        found: list[Json] = keycloak.get(realm, "workflows", max="1000")
    except RefusedError as error:
        if error.status == 404:
            return []
        raise
    return found


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Keycloak keeps a workflow as it was sent. One of ours that the manifest has no use for any more goes,
    and with it what it had begun."""
    existing = by_key("name", state.workflows)
    for workflow in wanted.workflows:
        name = workflow["name"]
        found = existing.pop(name, None)
        if found is None:
            yield Step("workflow", wanted.name, name, "create", payload=workflow)
            continue
        own = {key: value for key, value in workflow.items() if key != "steps"}
        fields = list(differences(own, found))
        old, new = [[_step_text(step) for step in one["steps"]] for one in (found, workflow)]
        if old != new:
            fields.append(FieldChange("steps", old, new))
        yield compared("workflow", wanted.name, name, fields, workflow, found["id"])
    for name, found in existing.items():
        if name.startswith(OURS):
            yield Step(
                "workflow", wanted.name, name, "change", (FieldChange("name", name, None),), {}, found["id"]
            )


def _step_text(step: Json) -> str:
    config = "".join(f" {key}={value}" for key, value in sorted((step.get("with") or {}).items()))
    return f"{step['uses']} after {step.get('after', '0')}{config}"


def apply(keycloak: Keycloak, step: Step) -> None:
    """Create, replace or delete a workflow. Who has begun a replaced one goes on, with the new times."""
    if step.action == "create":
        keycloak.post(step.realm, "workflows", body=step.payload)
    elif step.payload:
        keycloak.put(step.realm, "workflows", step.identity, body=step.payload)
    else:
        keycloak.delete(step.realm, "workflows", step.identity)
