"""What must change on a server so that it is as the manifest says. Pure: nothing here speaks to anyone.

`plan(wanted, state)` compares what a realm is to hold (`desired`) with the `RealmState` that
`apply.read_state` read, and gives the steps in the order in which they can be done. A step that has nothing
to do says `unchanged`.

What the manifest does not name is left alone: only the keys that stand in a template are compared, and what
is sent is the object as the server has it with those keys replaced. The exceptions are the insides of
objects that are wholly ours: the executions of our flows, the mappers of our client scopes and of the
applications, the declared attributes of users.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..keycloak import Json
from .fingerprints import fingerprint, fingerprint_matches
from .logos import BRAND
from .templates import DesiredRealm

Action = Literal["create", "change", "unchanged"]

MAIL_PASSWORD_FINGERPRINT = "moncompte.mailPasswordFingerprint"
"""Realm attribute with a slow salted hash of the mail server's password: Keycloak never shows the password
again, so this is how a new one is told from the same one."""

SECRET_ROTATION = "client-secret-rotation"
"""The feature of Keycloak that this rests on; a preview."""

_OURS = "moncompte "
"""What the names of our client profiles, client policies and workflows begin with."""

HIDDEN = "(hidden)"
"""Stands in a field's old and new value for a secret."""


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: where, what the server has, and what it will have."""

    field: str
    old: object
    new: object


@dataclass(frozen=True)
class Step:
    """One object of a realm, and what is to be done about it.

    `kind` and `name` say which; `fields` what differs; `payload` is what `apply` sends (never shown),
    `identity` the server's own id of an object that exists.
    """

    kind: str
    realm: str
    name: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    payload: Json = field(default_factory=dict, repr=False)
    identity: str = field(default="", repr=False)


@dataclass(frozen=True)
class RealmState:
    """All that a server has for a realm; `settings` is None when the realm is not there."""

    settings: Json | None = None
    flows: list[Json] = field(default_factory=list)
    executions: dict[str, list[Json]] = field(default_factory=dict)
    required_actions: list[Json] = field(default_factory=list)
    user_profile: Json = field(default_factory=dict)
    client_scopes: list[Json] = field(default_factory=list)
    client_profiles: list[Json] = field(default_factory=list)
    client_policies: list[Json] = field(default_factory=list)
    workflows: list[Json] = field(default_factory=list)
    clients: list[Json] = field(default_factory=list)
    organizations: list[Json] = field(default_factory=list)
    logos: frozenset[str] = frozenset()
    """Names of the files that the server keeps."""
    secret_files: dict[Path, str | None] = field(default_factory=dict, repr=False)


# ---------------------------------------------------------------- comparing


def differences(wanted: object, found: object, path: str = "") -> Iterator[FieldChange]:
    """The fields of `wanted` that `found` does not have so.

    Keys that only `found` has are no difference. Missing, null, "", [] and {} are the same. The order of a
    list of plain values does not count (Keycloak keeps none).
    """
    if isinstance(wanted, dict):
        holder = found if isinstance(found, dict) else {}
        for key, value in wanted.items():
            yield from differences(value, holder.get(key), f"{path}.{key}" if path else key)
    elif _settled(wanted) != _settled(found):
        yield FieldChange(path, found, wanted)


def _settled(value: object) -> object:
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return sorted(value)
    return value


def overlaid(wanted: Json, found: Json) -> Json:
    """`found` with the keys of `wanted` in it; those empty in `wanted` stay, empty, so that they go."""
    result = dict(found)
    for key, value in wanted.items():
        below = result.get(key)
        result[key] = overlaid(value, below) if isinstance(value, dict) and isinstance(below, dict) else value
    return result


def _without_empty(values: Json) -> Json:
    return {key: value for key, value in values.items() if _settled(value) is not None}


def _by(key: str, objects: Iterable[Json]) -> dict[str, Json]:
    return {item[key]: item for item in objects if key in item}


def _step(
    kind: str, realm: str, name: str, fields: Iterable[FieldChange], payload: Json, identity: str = ""
) -> Step:
    changes = tuple(fields)
    return Step(kind, realm, name, "change" if changes else "unchanged", changes, payload, identity)


# ---------------------------------------------------------------- planning


def plan(wanted: DesiredRealm, state: RealmState) -> list[Step]:
    """The steps of a realm, in the order in which they can be done.

    Flows come first (the settings bind them), settings before organizations (they switch organizations on),
    scopes before the clients that have them. A realm is made disabled and enabled by its settings: half
    made, it is shut.
    """
    steps = [_plan_realm(wanted, state)]
    steps += _plan_flows(wanted, state)
    steps += _plan_required_actions(wanted, state)
    steps.append(_plan_settings(wanted, state))
    steps.append(_plan_user_profile(wanted, state))
    steps += _plan_workflows(wanted, state)
    steps += _plan_client_scopes(wanted, state)
    steps += _plan_client_rules("client profile", wanted.client_profiles, state.client_profiles, wanted.name)
    steps += _plan_client_rules("client policy", wanted.client_policies, state.client_policies, wanted.name)
    steps += _plan_rules_dropped("client policy", wanted.client_policies, state.client_policies, wanted.name)
    steps += _plan_rules_dropped("client profile", wanted.client_profiles, state.client_profiles, wanted.name)
    steps += _plan_built_in_clients(wanted, state)
    steps += _plan_applications(wanted, state)
    steps += _plan_organizations(wanted, state)
    steps += _plan_logos(wanted, state)
    steps += _plan_secret_files(wanted, state)
    return steps


def _plan_realm(wanted: DesiredRealm, state: RealmState) -> Step:
    if state.settings is not None:
        return Step("realm", wanted.name, wanted.name, "unchanged")
    payload = {"realm": wanted.name, "enabled": False, "organizationsEnabled": True}
    return Step("realm", wanted.name, wanted.name, "create", payload=payload)


def _plan_flows(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = _by("alias", state.flows)
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
        yield _step("flow", wanted.name, name, fields, overlaid(flow, found), found["id"])


def _execution_text(execution: Json) -> str:
    return f"{execution.get('providerId', 'a flow')} {execution['requirement']}"


def _plan_required_actions(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = _by("alias", state.required_actions)
    for action in wanted.required_actions:
        found = existing.get(action["alias"])
        if found is not None:
            fields = differences({key: action[key] for key in ("enabled", "defaultAction")}, found)
            payload = overlaid(action, found) | {"name": found.get("name", action["alias"])}
            yield _step("required action", wanted.name, action["alias"], fields, payload)
        elif action["enabled"]:
            yield Step("required action", wanted.name, action["alias"], "create", payload=action)


def _plan_settings(wanted: DesiredRealm, state: RealmState) -> Step:
    found = state.settings or {}
    fields = list(differences(wanted.settings, found))
    payload = overlaid(wanted.settings, found)
    for name in ("attributes", "smtpServer"):
        payload[name] = _without_empty(payload[name])
    if wanted.mail_password is not None:
        kept = found.get("attributes", {}).get(MAIL_PASSWORD_FINGERPRINT, "")
        if fingerprint_matches(wanted.mail_password, kept) and found.get("smtpServer", {}).get("password"):
            payload["attributes"][MAIL_PASSWORD_FINGERPRINT] = kept
        else:
            payload["attributes"][MAIL_PASSWORD_FINGERPRINT] = fingerprint(wanted.mail_password)
            fields.append(FieldChange("smtpServer.password", HIDDEN, HIDDEN))
        payload["smtpServer"]["password"] = wanted.mail_password
    else:
        payload["smtpServer"].pop("password", None)
        payload["attributes"].pop(MAIL_PASSWORD_FINGERPRINT, None)
    if state.settings is None:
        return Step("settings", wanted.name, wanted.name, "create", payload=payload)
    return _step("settings", wanted.name, wanted.name, fields, payload)


def _plan_user_profile(wanted: DesiredRealm, state: RealmState) -> Step:
    found = state.user_profile
    existing = _by("name", found.get("attributes", []))
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
        return Step("user profile", wanted.name, wanted.name, "create", payload=payload)
    return _step("user profile", wanted.name, wanted.name, fields, payload)


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


def _plan_workflows(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Keycloak keeps a workflow as it was sent. One of ours that the manifest has no use for any more goes,
    and with it what it had begun."""
    existing = _by("name", state.workflows)
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
        yield _step("workflow", wanted.name, name, fields, workflow, found["id"])
    for name, found in existing.items():
        if name.startswith(_OURS):
            yield Step(
                "workflow", wanted.name, name, "change", (FieldChange("name", name, None),), {}, found["id"]
            )


def _step_text(step: Json) -> str:
    config = "".join(f" {key}={value}" for key, value in sorted((step.get("with") or {}).items()))
    return f"{step['uses']} after {step.get('after', '0')}{config}"


def _plan_client_scopes(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = _by("name", state.client_scopes)
    for scope in wanted.client_scopes:
        name = scope["name"]
        found = existing.get(name)
        if found is None:
            yield Step("client scope", wanted.name, name, "create", payload=scope)
            continue
        own = {key: value for key, value in scope.items() if key != "protocolMappers"}
        fields = list(differences(own, found))
        fields += _mapper_changes(scope["protocolMappers"], found.get("protocolMappers", []))
        payload = overlaid(own, found) | {"wanted_mappers": scope["protocolMappers"]}
        yield _step("client scope", wanted.name, name, fields, payload, found["id"])


def _mapper_changes(wanted: list[Json], found: list[Json]) -> Iterator[FieldChange]:
    """Protocol mappers say what tokens hold, so those of our scopes and applications are wholly ours: one
    that is not wanted goes, and so does what is not wanted in the configuration of one that is."""
    present = _by("name", found)
    for mapper in wanted:
        path = f"mappers.{mapper['name']}"
        if mapper["name"] not in present:
            yield FieldChange(path, None, mapper["protocolMapper"])
            continue
        old = present.pop(mapper["name"])
        yield from differences(mapper, old, path)
        for key, value in (old.get("config") or {}).items():
            # The console writes every switch that it shows.
            if key not in mapper["config"] and value not in ("", "false", None):
                yield FieldChange(f"{path}.config.{key}", value, None)
    for name, mapper in present.items():
        yield FieldChange(f"mappers.{name}", mapper["protocolMapper"], None)


def _plan_client_rules(kind: str, wanted: list[Json], found: list[Json], realm: str) -> Iterator[Step]:
    """Client profiles or client policies: the server takes all of a realm's at once, those of a hand too."""
    existing = _by("name", found)
    together = dict(existing)
    for rule in wanted:
        name = rule["name"]
        together[name] = rule
        payload = {"all": list(together.values())}
        if name not in existing:
            yield Step(kind, realm, name, "create", payload=payload)
        else:
            yield _step(kind, realm, name, differences(rule, existing[name]), payload)


def _plan_rules_dropped(kind: str, wanted: list[Json], found: list[Json], realm: str) -> Iterator[Step]:
    """Those of ours that the manifest has no use for any more; a policy goes before the profile it names."""
    together = _by("name", found) | _by("name", wanted)
    for name in [name for name in together if name.startswith(_OURS) and name not in _by("name", wanted)]:
        del together[name]
        payload = {"all": list(together.values())}
        yield Step(kind, realm, name, "change", (FieldChange("name", name, None),), payload)


def _plan_built_in_clients(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = _by("clientId", state.clients)
    for client in wanted.built_in_clients:
        name = client["clientId"]
        found = existing.get(name)
        if found is not None:
            yield _step(
                "client", wanted.name, name, differences(client, found), overlaid(client, found), found["id"]
            )


def _plan_applications(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = _by("clientId", state.clients)
    for application in wanted.applications:
        name = application["clientId"]
        found = existing.get(name)
        if found is None:
            payload = application | {"attributes": _without_empty(application["attributes"])}
            yield Step("application", wanted.name, name, "create", payload=payload)
            continue
        own = {key: value for key, value in application.items() if key != "protocolMappers"}
        mappers = _mapper_changes(application["protocolMappers"], found.get("protocolMappers", []))
        fields = [*differences(own, found), *mappers]
        payload = overlaid(application, found)
        yield _step("application", wanted.name, name, fields, payload, found["id"])


def _plan_organizations(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    existing = _by("alias", state.organizations)
    for organization in wanted.organizations:
        name = organization["alias"]
        found = existing.get(name)
        if found is None:
            payload = organization | {"attributes": _without_empty(organization["attributes"])}
            yield Step("agency", wanted.name, name, "create", payload=payload)
            continue
        payload = overlaid(organization, found)
        payload["attributes"] = _without_empty(payload["attributes"])
        yield _step("agency", wanted.name, name, differences(organization, found), payload, found["id"])


def _plan_logos(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """An organization, or the realm, names the file that is its logo; the server writes the name with the
    file."""
    existing = _by("alias", state.organizations)
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
            yield _step("logo", wanted.name, alias, [FieldChange("file", old, name)], payload)
        else:
            missing = [] if name in state.logos else [FieldChange("file", None, name)]
            yield _step("logo", wanted.name, alias, missing, payload)


def _plan_secret_files(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    clients = _by("clientId", state.clients)
    for file in wanted.secret_files:
        kept = state.secret_files.get(file.path)
        secret = clients.get(file.client_id, {}).get("secret")
        payload = {"client_id": file.client_id, "path": str(file.path)}
        if kept is None:
            yield Step("secret file", wanted.name, str(file.path), "create", payload=payload)
        else:
            fields = [FieldChange("secret", HIDDEN, HIDDEN)] if secret is None or kept != secret else []
            yield _step("secret file", wanted.name, str(file.path), fields, payload)


def counted(steps: Sequence[Step]) -> dict[Action, int]:
    """How many steps create, change, and leave."""
    counts: dict[Action, int] = {"create": 0, "change": 0, "unchanged": 0}
    for step in steps:
        counts[step.action] += 1
    return counts
