"""Clients: Keycloak's own, the applications, the files of their secrets, and what clients are held to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...errors import MoncompteError, reason_of
from ...files import write_secret
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
    steps_for,
    without,
    without_empty,
)
from ..templates import DesiredRealm

# ---------------------------------------------------------------- protocol mappers


def _changes(wanted: Json, found: Json) -> Iterator[FieldChange]:
    """What differs of a client scope or an application, in its protocol mappers too.

    Mappers say what tokens hold, so those of our scopes and applications are wholly ours: one that is not
    wanted goes, and so does what is not wanted in the configuration of one that is.
    """
    yield from differences(without(wanted, "protocolMappers"), found)
    present = by_key("name", found.get("protocolMappers", []))
    for mapper in wanted["protocolMappers"]:
        path = f"mappers.{mapper['name']}"
        old = present.pop(mapper["name"], None)
        if old is None:
            yield FieldChange(path, None, mapper["protocolMapper"])
            continue
        yield from differences(mapper, old, path)
        for key, value in (old.get("config") or {}).items():
            # The console writes every switch that it shows.
            if key not in mapper["config"] and value not in ("", "false", None):
                yield FieldChange(f"{path}.config.{key}", value, None)
    for name, mapper in present.items():
        yield FieldChange(f"mappers.{name}", mapper["protocolMapper"], None)


# ---------------------------------------------------------------- client scopes


def plan_client_scopes(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    scopes = wanted.client_scopes
    return steps_for("client scope", wanted.name, "name", scopes, state.client_scopes, _changes)


def apply_client_scope(keycloak: Keycloak, step: Step) -> None:
    """Mappers of a scope that exists have calls of their own."""
    admin = keycloak.admin(step.realm)
    if step.action == "create":
        admin.create_client_scope(step.payload)
        return
    scope = step.identity
    admin.update_client_scope(scope, without(step.payload, "protocolMappers"))
    present = by_key("name", admin.get_mappers_from_client_scope(scope))
    for mapper in step.payload["protocolMappers"]:
        old = present.pop(mapper["name"], None)
        if old is None:
            admin.add_mapper_to_client_scope(scope, mapper)
        else:
            admin.update_mapper_in_client_scope(scope, old["id"], mapper | {"id": old["id"]})
    for mapper in present.values():
        admin.delete_mapper_from_client_scope(scope, mapper["id"])


# ---------------------------------------------------------------- client profiles and client policies


def _plan_rules(kind: str, wanted: list[Json], found: list[Json], realm: str) -> Iterator[Step]:
    """The server takes all rules of a realm at once, those of a hand too."""
    existing = by_key("name", found)
    together = dict(existing)
    for rule in wanted:
        name = rule["name"]
        together[name] = rule
        payload = {"all": list(together.values())}
        if name in existing:
            yield compared(kind, realm, name, differences(rule, existing[name]), payload)
        else:
            yield Step(kind, realm, name, "create", payload=payload)


def _plan_dropped_rules(kind: str, wanted: list[Json], found: list[Json], realm: str) -> Iterator[Step]:
    """Those of ours that the manifest has no use for any more go."""
    ours = by_key("name", wanted)
    together = by_key("name", found) | ours
    for name in [name for name in together if name.startswith(OURS) and name not in ours]:
        del together[name]
        payload = {"all": list(together.values())}
        yield Step(kind, realm, name, "change", (FieldChange("name", name, None),), payload)


def plan_client_rules(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Profiles come before the policies that name them, and go after them."""
    profiles = ("client profile", wanted.client_profiles, state.client_profiles, wanted.name)
    policies = ("client policy", wanted.client_policies, state.client_policies, wanted.name)
    yield from _plan_rules(*profiles)
    yield from _plan_rules(*policies)
    yield from _plan_dropped_rules(*policies)
    yield from _plan_dropped_rules(*profiles)


def apply_client_rule(keycloak: Keycloak, step: Step) -> None:
    what = "profiles" if step.kind == "client profile" else "policies"
    keycloak.put(step.realm, "client-policies", what, body={what: step.payload["all"]})


# ---------------------------------------------------------------- clients


def plan_own_clients(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Keycloak's own clients are never created here."""
    present = by_key("clientId", state.clients)
    clients = [client for client in wanted.built_in_clients if client["clientId"] in present]
    return steps_for("client", wanted.name, "clientId", clients, state.clients)


def apply_own_client(keycloak: Keycloak, step: Step) -> None:
    keycloak.admin(step.realm).update_client(step.identity, step.payload)


def plan_applications(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    for step in steps_for(
        "application", wanted.name, "clientId", wanted.applications, state.clients, _changes
    ):
        if step.action == "create":
            step.payload["attributes"] = without_empty(step.payload["attributes"])
        yield step


def apply_application(keycloak: Keycloak, step: Step) -> None:
    """Create an application (Keycloak generates its secret), or replace it, then its client scopes."""
    admin = keycloak.admin(step.realm)
    if step.action == "create":
        admin.create_client(step.payload)
        return
    admin.update_client(step.identity, step.payload)
    changed = {change.field for change in step.fields}
    if "attributes.moncompte.profile" in changed:
        # The profile it had until now has put its own settings back into this very update.
        admin.update_client(step.identity, step.payload)
    for key in changed & {"defaultClientScopes", "optionalClientScopes"}:
        _replace_scopes(keycloak, step, key)


def _replace_scopes(keycloak: Keycloak, step: Step, key: str) -> None:
    """Client scopes of a client have calls of their own: replacing the client leaves them as they are."""
    client = keycloak.client(step.realm, step.name) or {}
    old, new = set(client.get(key) or []), set(step.payload[key])
    admin = keycloak.admin(step.realm)
    identities = {scope["name"]: scope["id"] for scope in admin.get_client_scopes()}
    if key == "defaultClientScopes":
        remove, add = admin.delete_client_default_client_scope, admin.add_client_default_client_scope
    else:
        remove, add = admin.delete_client_optional_client_scope, admin.add_client_optional_client_scope
    for name in sorted(old - new):
        remove(step.identity, identities[name])
    for name in sorted(new - old):
        add(step.identity, identities[name], {})


# ---------------------------------------------------------------- the files applications read secrets from


def plan_secret_files(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    clients = by_key("clientId", state.clients)
    for file in wanted.secret_files:
        kept = state.secret_files.get(file.path)
        payload = {"client_id": file.client_id}
        if kept is None:
            yield Step("secret file", wanted.name, str(file.path), "create", payload=payload)
        else:
            is_current = kept == clients.get(file.client_id, {}).get("secret")
            fields = [] if is_current else [FieldChange("secret", HIDDEN, HIDDEN)]
            yield compared("secret file", wanted.name, str(file.path), fields, payload)


def read_secret_file(path: Path) -> str | None:
    """The secret in a file; None if there is no such file, or others can read it (it is written again).

    Raises MoncompteError.
    """
    try:
        if path.stat().st_mode & 0o077:
            return None
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise MoncompteError(
            _("Cannot read the secret file {path}: {error}").format(path=path, error=reason_of(error))
        ) from None


def write_secret_file(keycloak: Keycloak, step: Step) -> None:
    client_id = step.payload["client_id"]
    secret = (keycloak.client(step.realm, client_id) or {}).get("secret")
    if not isinstance(secret, str):
        text = _("Keycloak did not show the secret of {client_id} in realm {realm}.")
        raise MoncompteError(text.format(client_id=client_id, realm=step.realm))
    write_secret(Path(step.name), secret)
