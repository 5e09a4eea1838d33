"""The realm itself, made shut, and what it has once: settings, declared attributes of users, workflows."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from ...errors import MoncompteError, RefusedError
from ...server.keycloak import Json, Keycloak
from ...texts import _
from ..steps import (
    HIDDEN,
    OURS,
    FieldChange,
    RealmState,
    Step,
    by_key,
    compared,
    differences,
    list_change,
    overlaid,
    steps_for,
    without,
    without_empty,
)
from ..templates import DesiredRealm

MAIL_PASSWORD_FINGERPRINT = "moncompte.mailPasswordFingerprint"
"""Realm attribute with a slow salted hash of the mail server's password: Keycloak never shows the password
again, so this is how a new one is told from the same one."""


def plan_realm(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    payload = {"realm": wanted.name, "enabled": False, "organizationsEnabled": True}
    yield Step(
        "realm",
        wanted.name,
        wanted.name,
        "create" if state.settings is None else "unchanged",
        payload=payload,
    )


_creating = Lock()
"""One realm at a time: each adds to the one role of the realm master that administers them all."""


def create_realm(keycloak: Keycloak, step: Step) -> None:
    with _creating:
        keycloak.create_realm(step.payload)


def plan_settings(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Attributes that are not in what is sent go."""
    found = state.settings or {}
    fields = list(differences(wanted.settings, found))
    payload = overlaid(wanted.settings, found)
    attributes = payload["attributes"] = without_empty(payload["attributes"])
    server = payload["smtpServer"] = without_empty(payload["smtpServer"])
    kept = attributes.pop(MAIL_PASSWORD_FINGERPRINT, "")
    was_set = server.pop("password", None)
    if wanted.mail_password is not None:
        if not (is_fingerprint_of(wanted.mail_password, kept) and was_set):
            kept = fingerprint(wanted.mail_password)
            fields.append(FieldChange("smtpServer.password", HIDDEN, HIDDEN))
        attributes[MAIL_PASSWORD_FINGERPRINT] = kept
        server["password"] = wanted.mail_password
    yield _of_realm("settings", wanted, state, fields, payload)


def fingerprint(secret: str) -> str:
    """A slow salted hash of a secret."""
    return PasswordHasher().hash(secret)


def is_fingerprint_of(secret: str, kept: str) -> bool:
    """Whether a fingerprint is that of this secret; False for one that cannot be read."""
    try:
        return PasswordHasher().verify(kept, secret)
    except (Argon2Error, ValueError):
        return False


def _of_realm(
    kind: str, wanted: DesiredRealm, state: RealmState, fields: list[FieldChange], payload: Json
) -> Step:
    if state.settings is None:
        return Step(kind, wanted.name, wanted.name, "create", payload=payload)
    return compared(kind, wanted.name, wanted.name, fields, payload)


def apply_settings(keycloak: Keycloak, step: Step) -> None:
    try:
        keycloak.admin(step.realm).update_realm(step.realm, step.payload)
    except RefusedError as error:
        policy = step.payload.get("passwordPolicy", "")
        if error.status != 500 or "passwordBlacklist(" not in policy:
            raise
        text = _(
            "Keycloak did not take the settings of realm {realm}. It answers so when the blocklist"
            " the manifest names ({policy}) is not in the server's folder"
            " password-blacklists: put the file there, on every node, and run again. ({error})"
        )
        raise MoncompteError(text.format(realm=step.realm, policy=policy, error=error)) from error


def plan_user_profile(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """The declared attributes of others are left alone."""
    found = state.user_profile
    existing = by_key("name", found.get("attributes", []))
    ours = by_key("name", wanted.user_profile["attributes"])
    fields = list(differences(without(wanted.user_profile, "attributes"), found))
    for name, attribute in ours.items():
        if name not in existing:
            fields.append(FieldChange(name, None, "declared"))
            continue
        old, new = _attribute_rules(existing[name]), _attribute_rules(attribute)
        fields += [
            FieldChange(f"{name}.{rule}", old[rule], new[rule]) for rule in new if old[rule] != new[rule]
        ]
    attributes = list((ours | {name: one for name, one in existing.items() if name not in ours}).values())
    payload = overlaid(wanted.user_profile, found) | {"attributes": attributes}
    yield _of_realm("user profile", wanted, state, fields, payload)


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


def apply_user_profile(keycloak: Keycloak, step: Step) -> None:
    keycloak.admin(step.realm).update_realm_users_profile(step.payload)


def plan_workflows(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Keycloak keeps a workflow as it was sent. One of ours that the manifest has no use for any more goes,
    and with it what it had begun."""

    def changes(workflow: Json, found: Json) -> Iterator[FieldChange]:
        yield from differences(without(workflow, "steps"), found)
        yield from list_change("steps", _workflow_step_text, workflow["steps"], found["steps"])

    yield from steps_for(
        "workflow", wanted.name, "name", wanted.workflows, state.workflows, changes, overlay=False
    )
    names = by_key("name", wanted.workflows)
    for found in state.workflows:
        name = found["name"]
        if name.startswith(OURS) and name not in names:
            gone = (FieldChange("name", name, None),)
            yield Step("workflow", wanted.name, name, "change", gone, identity=found["id"])


def _workflow_step_text(step: Json) -> str:
    config = "".join(f" {key}={value}" for key, value in sorted((step.get("with") or {}).items()))
    return f"{step['uses']} after {step.get('after', '0')}{config}"


def apply_workflow(keycloak: Keycloak, step: Step) -> None:
    """Who has begun a workflow that is replaced goes on, with the new times."""
    if step.action == "create":
        keycloak.post(step.realm, "workflows", body=step.payload)
    elif step.payload:
        keycloak.put(step.realm, "workflows", step.identity, body=step.payload)
    else:
        keycloak.delete(step.realm, "workflows", step.identity)
