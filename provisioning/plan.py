"""What must change on a server so that it is as the manifest says. Pure: nothing here speaks to anyone.

`desired(manifest, …)` renders the templates of `keycloak/realm-templates` into one `DesiredRealm` a realm;
`plan(desired, state)` compares it with the `RealmState` that `apply.read_state` read, and gives the steps in
the order in which they can be done. A step that has nothing to do says `unchanged`.

What the manifest does not name is left alone: only the keys that stand in a template are compared, and what
is sent is the object as the server has it with those keys replaced. The exceptions are the insides of
objects that are wholly ours: the executions of our flows, the mappers of our client scopes and of the
applications, the declared attributes of users.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import jinja2
from argon2.low_level import Type, hash_secret_raw

from .errors import SettingsError
from .jwks import read_jwks
from .keycloak import Json
from .logos import BRAND, Logo, read_logo
from .manifest import NO_BLOCKLIST, Agency, Application, Manifest, PasswordPolicy, Realm

Action = Literal["create", "change", "unchanged"]

MAIL_PASSWORD_FINGERPRINT = "moncompte.mailPasswordFingerprint"
"""Realm attribute with a slow salted hash of the mail server's password: Keycloak never shows the password
again, so this is how a new one is told from the same one."""

SECRET_OVERLAP = "secret-overlap"
"""The client profile that lets an application's former secret work for a while."""

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
class SecretFile:
    """Where the secret of a confidential application is written for the application to read."""

    client_id: str
    path: Path


@dataclass(frozen=True)
class DesiredRealm:
    """All that a realm is to hold, as representations of the Admin API."""

    name: str
    settings: Json
    flows: list[Json]
    required_actions: list[Json]
    user_profile: Json
    client_scopes: list[Json]
    client_profiles: list[Json]
    client_policies: list[Json]
    workflows: list[Json]
    built_in_clients: list[Json]
    applications: list[Json]
    organizations: list[Json]
    logos: dict[str, Logo]
    """By the alias of the agency; the realm's own is that of `BRAND`."""
    secret_files: list[SecretFile]
    mail_password: str | None = field(repr=False)

    @property
    def overlaps_secrets(self) -> bool:
        """Whether former secrets of applications work for a while."""
        return any(application["attributes"]["moncompte.secret"] for application in self.applications)


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


# ---------------------------------------------------------------- desired


def templates_folder() -> Path:
    """The folder of the realm templates: beside the package in a checkout, inside it once installed
    elsewhere.

    Raises SettingsError when it is in neither place.
    """
    here = Path(__file__).resolve().parent
    for folder in (here.parent / "keycloak" / "realm-templates", here / "realm-templates"):
        if (folder / "realm.json.j2").is_file():
            return folder
    raise SettingsError(
        "The realm templates are missing (keycloak/realm-templates): run moncompte from its checkout."
    )


class Templates:
    """The Jinja2 templates of representations."""

    def __init__(self, folder: Path) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            autoescape=False,
        )

    def one(self, name: str, **values: object) -> Json:
        """The JSON object that a template makes of these values."""
        rendered = self._load(name, values)
        if not isinstance(rendered, dict):
            raise TypeError(f"{name} does not make an object")
        return rendered

    def several(self, name: str, **values: object) -> list[Json]:
        """The JSON list that a template makes of these values."""
        rendered = self._load(name, values)
        if not isinstance(rendered, list):
            raise TypeError(f"{name} does not make a list")
        return rendered

    def _load(self, name: str, values: Mapping[str, object]) -> object:
        text = self._environment.get_template(f"{name}.json.j2").render(values)
        loaded: object = json.loads(text)
        return loaded


def desired(
    manifest: Manifest, *, folder: Path, environment: Mapping[str, str], templates: Templates
) -> list[DesiredRealm]:
    """What each realm of a manifest is to hold.

    `folder` is the manifest's (paths in it are relative to it), `environment` where `password_env` is looked
    up. Raises SettingsError when a mail server's password is not in the environment, or a logo cannot be
    read.
    """
    taken: set[str] = set()
    return [
        _desired_realm(manifest, realm, folder, environment, templates, taken)
        for realm in manifest.all_realms()
    ]


def _desired_realm(
    manifest: Manifest,
    realm: Realm,
    folder: Path,
    environment: Mapping[str, str],
    templates: Templates,
    taken: set[str],
) -> DesiredRealm:
    applications = [one.in_realm(realm.name) for one in manifest.applications_of(realm.name)]
    profiles: set[str] = {application.profile for application in applications if application.profile}
    if realm.secret_overlap is not None:
        profiles.add(SECRET_OVERLAP)
    return DesiredRealm(
        name=realm.name,
        settings=templates.one(
            "realm",
            realm=realm,
            password_policy=password_policy(realm),
            entrance=next((application.url for application in applications if application.url), ""),
            elsewhere=sorted(
                agency.alias for agency in manifest.agencies if manifest.realm_of(agency) != realm.name
            ),
        ),
        flows=templates.several("flows"),
        required_actions=templates.several("required-actions"),
        user_profile=templates.one("user-profile"),
        client_scopes=templates.several("client-scopes"),
        client_profiles=templates.several("client-profiles", profiles=profiles, realm=realm),
        client_policies=templates.several("client-policies", profiles=profiles),
        workflows=templates.several("workflows", realm=realm),
        built_in_clients=templates.several("built-in-clients"),
        applications=[
            templates.one("application", application=one, realm=realm, jwks=_jwks(one, folder))
            for one in applications
        ],
        organizations=[_organization(templates, agency) for agency in manifest.agencies_of(realm.name)],
        logos=dict(_logos(realm, manifest.agencies_of(realm.name), folder)),
        secret_files=list(_secret_files(applications, realm.name, folder, taken)),
        mail_password=_mail_password(realm, environment),
    )


def _organization(templates: Templates, agency: Agency) -> Json:
    return templates.one("organization", agency=agency)


def _logos(realm: Realm, agencies: Iterable[Agency], folder: Path) -> Iterator[tuple[str, Logo]]:
    named = [
        (BRAND, realm.name, realm.logo),
        *((agency.alias, agency.codes, agency.logo) for agency in agencies),
    ]
    for alias, shown, logo in named:
        if logo is None:
            continue
        try:
            yield alias, read_logo(folder / logo)
        except ValueError as error:
            raise SettingsError(f"The logo of {shown}: {error}.") from None


def _jwks(application: Application, folder: Path) -> str:
    """The public keys of an application, where the manifest names a file that holds them."""
    if application.jwks_file is None:
        return ""
    try:
        return read_jwks(folder / application.jwks_file)
    except ValueError as error:
        raise SettingsError(f"The keys of {application.client_id}: {error}.") from None


def password_policy(realm: Realm) -> str:
    """The password policy as Keycloak writes it: `length(6) and upperCase(1) …`; a count of 0 asks for
    nothing."""
    policy: PasswordPolicy = realm.password_policy
    counts = {
        "length": policy.length,
        "maxLength": policy.max_length,
        "upperCase": policy.upper_case,
        "lowerCase": policy.lower_case,
        "digits": policy.digits,
        "specialChars": policy.special_chars,
        "passwordHistory": policy.password_history,
        "passwordAge": policy.password_age,
    }
    switches = {
        "notUsername": policy.not_username,
        "notEmail": policy.not_email,
        "notContainsUsername": policy.not_contains_username,
    }
    parts = [f"{name}({count})" for name, count in counts.items() if count]
    parts += [name for name, on in switches.items() if on]
    if realm.blocklist != NO_BLOCKLIST:
        parts.append(f"passwordBlacklist({realm.blocklist})")
    if policy.regex_pattern is not None:
        parts.append(f"regexPattern({policy.regex_pattern.regex})")
    return " and ".join(parts)


def _secret_files(
    applications: Iterable[Application], realm: str, folder: Path, taken: set[str]
) -> Iterator[SecretFile]:
    """Each realm generates a secret of its own: the first realm's goes to the file named, another's beside
    it."""
    for application in applications:
        if application.secret_file is None:
            continue
        path = (folder / application.secret_file).resolve()
        if application.client_id in taken:
            path = path.with_name(f"{path.name}.{realm}")
        taken.add(application.client_id)
        yield SecretFile(application.client_id, path)


def _mail_password(realm: Realm, environment: Mapping[str, str]) -> str | None:
    variable = realm.mail.password_env
    if variable is None:
        return None
    password = environment.get(variable)
    if not password:
        raise SettingsError(
            f"The manifest says that the password of the mail server {realm.mail.host} is in the"
            f" environment variable"
            f" {variable}, which is not set. Set it and run again."
        )
    return password


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


def fingerprint(secret: str) -> str:
    """A slow salted hash of a secret, `salt$hash` in base64: it tells whether two are equal, and nothing
    else."""
    salt = secrets.token_bytes(16)
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(_slow_hash(secret, salt)).decode()}"


def fingerprint_matches(secret: str, kept: str) -> bool:
    """Whether a fingerprint is that of this secret; False for one that cannot be read."""
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in kept.split("$"))
    except ValueError:
        return False
    return len(salt) == 16 and hmac.compare_digest(_slow_hash(secret, salt), digest)


def _slow_hash(secret: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        secret.encode(), salt, time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID
    )


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
