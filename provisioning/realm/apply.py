"""Reading what a server has, and doing the steps that `plan` decided on.

`plan_realms` says what would be done, and changes nothing; `carry_out_all` does just that, tells of each step
as it is done, and can be run again after an error: what was done is then found and left.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock, local
from typing import TypeVar

from ..errors import MoncompteError, RefusedError, SettingsError, StepError
from ..keycloak import Json, Keycloak
from ..private_files import write_private
from .plan import SECRET_ROTATION, RealmState, Step, plan
from .templates import DesiredRealm

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKERS = 8
"""How many requests to the server are under way at a time."""

REALMS_AT_A_TIME = 4
"""How many realms are being made at a time, each with its share of the requests."""


@dataclass(frozen=True)
class RealmPlan:
    """What is to be done about a realm, step by step."""

    wanted: DesiredRealm = field(repr=False)
    steps: tuple[Step, ...]

    @property
    def makes_realm(self) -> bool:
        """Whether the realm is not there yet."""
        return self.steps[0].action == "create"

    @property
    def changes(self) -> list[Step]:
        """The steps that do something."""
        return [step for step in self.steps if step.action != "unchanged"]


def plan_realms(keycloak: Keycloak, wanted: Sequence[DesiredRealm]) -> list[RealmPlan]:
    """What would be done about each realm; reads the server, several realms at a time.

    Raises SettingsError when the manifest wants what the server was built without.
    """
    _check_features(keycloak, wanted)

    def planned(one: DesiredRealm, connection: Keycloak) -> RealmPlan:
        return RealmPlan(one, tuple(plan(one, read_state(connection, one))))

    return list(_in_parallel(keycloak, wanted, planned))


def _check_features(keycloak: Keycloak, wanted: Sequence[DesiredRealm]) -> None:
    names = [one.name for one in wanted if one.overlaps_secrets]
    if names and not keycloak.has_feature(SECRET_ROTATION):
        raise SettingsError(
            f"The manifest gives the realm {names[0]} a secret_overlap. That rests on a preview feature of"
            f" Keycloak, {SECRET_ROTATION}, which the server at {keycloak.url} was built without. Add it to"
            " `features` in keycloak/conf/keycloak.conf and build the server anew (docs/operator.md,"
            " Applications), or take secret_overlap out. Nothing was changed."
        )


def read_state(keycloak: Keycloak, wanted: DesiredRealm) -> RealmState:
    """What a server has for a realm; only what the desired realm speaks of is asked for."""
    name = wanted.name
    settings = keycloak.realm(name)
    secret_files = {file.path: _read_secret(file.path) for file in wanted.secret_files}
    if settings is None:
        return RealmState(secret_files=secret_files)
    ours = {flow["alias"] for flow in wanted.flows}
    flows = keycloak.flows(name)
    return RealmState(
        settings=settings,
        flows=flows,
        executions={
            flow["alias"]: keycloak.executions(name, flow["alias"]) for flow in flows if flow["alias"] in ours
        },
        required_actions=keycloak.required_actions(name),
        user_profile=keycloak.user_profile(name),
        client_scopes=keycloak.client_scopes(name),
        client_profiles=keycloak.client_profiles(name).get("profiles") or [],
        client_policies=keycloak.client_policies(name).get("policies") or [],
        workflows=keycloak.workflows(name),
        clients=keycloak.clients(name),
        organizations=keycloak.organizations_at_once(name),
        logos=frozenset(keycloak.logos(name)) if wanted.logos else frozenset(),
        secret_files=secret_files,
    )


def _read_secret(path: Path) -> str | None:
    """The secret in a file; None when there is no such file, or others can read it (it is then written
    anew)."""
    try:
        if path.stat().st_mode & 0o077:
            return None
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise MoncompteError(f"Cannot read the secret file {path}: {error}") from None


def apply_realm(keycloak: Keycloak, wanted: DesiredRealm) -> Iterator[Step]:
    """Plan and carry out, for one realm."""
    [realm_plan] = plan_realms(keycloak, [wanted])
    yield from carry_out(keycloak, realm_plan)


def carry_out_all(keycloak: Keycloak, realm_plans: Sequence[RealmPlan]) -> Iterator[Step]:
    """Do what was planned for each realm; each step is given once it is done (or was found done).

    Realms that are there come first, one after the other. One that is to be made takes a hundred small
    requests of which each needs the one before, so several are made at a time, and each is told of as a
    whole. After a failure no other is begun, and those under way are finished.
    """
    for realm_plan in realm_plans:
        if not realm_plan.makes_realm:
            yield from carry_out(keycloak, realm_plan)
    yield from _made_together(keycloak, [one for one in realm_plans if one.makes_realm])


def _made_together(keycloak: Keycloak, realm_plans: Sequence[RealmPlan]) -> Iterator[Step]:
    failures: list[MoncompteError] = []

    def made(realm_plan: RealmPlan, connection: Keycloak) -> list[Step]:
        steps: list[Step] = []
        if failures:
            return steps
        try:
            for step in carry_out(connection, realm_plan, WORKERS // REALMS_AT_A_TIME):
                steps.append(step)
        except MoncompteError as error:
            failures.append(error)
        return steps

    for steps in _in_parallel(keycloak, realm_plans, made, REALMS_AT_A_TIME):
        yield from steps
    if failures:
        raise failures[0]


def carry_out(keycloak: Keycloak, realm_plan: RealmPlan, workers: int = WORKERS) -> Iterator[Step]:
    """Do what was planned for a realm; each step is given once it is done (or was found done).

    workers  how many requests are under way at a time

    A realm that is made brings Keycloak's stock objects with it: what they need is planned after that, and
    what the plan did not speak of is told as part of the realm, not by itself.
    """
    if not realm_plan.makes_realm:
        yield from _do_all(keycloak, realm_plan.steps, workers)
        return
    wanted = realm_plan.wanted
    _do(keycloak, realm_plan.steps[0])
    yield realm_plan.steps[0]
    spoken_of = {(step.kind, step.name) for step in realm_plan.steps}
    for step in _do_all(keycloak, plan(wanted, read_state(keycloak, wanted))[1:], workers):
        if (step.kind, step.name) in spoken_of:
            yield replace(step, action="create", fields=())


def direct_grants_of_master(keycloak: Keycloak) -> bool:
    """Whether admin-cli of the realm master allows direct grants; moncompte reports it and leaves master
    alone."""
    client = keycloak.client("master", "admin-cli")
    return (
        client is not None and bool(client.get("enabled")) and bool(client.get("directAccessGrantsEnabled"))
    )


# ---------------------------------------------------------------- doing


def _do_all(keycloak: Keycloak, steps: Sequence[Step], workers: int) -> Iterator[Step]:
    """One after the other, but for agencies and logos, of which there may be thousands and none needs
    another."""
    for kind, same in itertools.groupby(steps, key=lambda step: step.kind):
        if kind in ("agency", "logo"):
            yield from _in_parallel(keycloak, list(same), _done, workers)
        else:
            yield from (_done(step, keycloak) for step in same)


def _done(step: Step, keycloak: Keycloak) -> Step:
    _do(keycloak, step)
    return step


def _in_parallel(
    keycloak: Keycloak,
    items: Sequence[Item],
    work: Callable[[Item, Keycloak], Result],
    workers: int = WORKERS,
) -> Iterator[Result]:
    """The results in the order of the items. After a failure nothing new is begun, and what was under way
    is waited for and given too, before the first failure is raised: it has been done."""
    if len(items) <= 1:
        yield from (work(item, keycloak) for item in items)
        return
    connections = local()

    def worked(item: Item) -> Result:
        if not hasattr(connections, "own"):
            connections.own = keycloak.again()
        return work(item, connections.own)

    with ThreadPoolExecutor(workers) as threads:
        futures = [threads.submit(worked, item) for item in items]
        try:
            yield from _in_order(futures)
        finally:
            threads.shutdown(cancel_futures=True)


def _in_order(futures: Sequence[Future[Result]]) -> Iterator[Result]:
    failure: MoncompteError | None = None
    for future in futures:
        if failure is not None and future.cancel():
            continue
        try:
            yield future.result()
        except MoncompteError as error:
            failure = failure or error
    if failure is not None:
        raise failure


def _do(keycloak: Keycloak, step: Step) -> None:
    if step.action == "unchanged":
        return
    try:
        _DO[step.kind](keycloak, step)
    except MoncompteError as error:
        raise StepError(f"{step.kind} {step.name} of realm {step.realm}", error) from error


_making = Lock()
"""One realm at a time: each adds to the one role of the realm master that administers them all."""


def _do_realm(keycloak: Keycloak, step: Step) -> None:
    with _making:
        keycloak.create_realm(step.payload)


def _do_settings(keycloak: Keycloak, step: Step) -> None:
    try:
        keycloak.update_realm(step.realm, step.payload)
    except RefusedError as error:
        if error.status == 500 and "passwordBlacklist(" in step.payload.get("passwordPolicy", ""):
            raise MoncompteError(
                f"Keycloak did not take the settings of realm {step.realm}. It answers so when the blocklist"
                f" the manifest names ({step.payload['passwordPolicy']}) is not in the server's folder"
                " password-blacklists: put the file there, on every node, and run again."
                f" ({error})"
            ) from error
        raise


def _do_flow(keycloak: Keycloak, step: Step) -> None:
    alias, executions = step.name, step.payload["executions"]
    if step.action == "create":
        own = {"alias": alias, "description": step.payload["description"]}
        keycloak.create_flow(
            step.realm, own | {"providerId": "basic-flow", "topLevel": True, "builtIn": False}
        )
    else:
        own = {
            key: value
            for key, value in step.payload.items()
            if key not in ("executions", "authenticationExecutions")
        }
        keycloak.update_flow(step.realm, step.identity, own)
    _settle_executions(keycloak, step.realm, alias, executions)


def _settle_executions(keycloak: Keycloak, realm: str, alias: str, wanted: list[Json]) -> None:
    found = keycloak.executions(realm, alias)
    if [execution.get("providerId") for execution in found] != [
        execution["providerId"] for execution in wanted
    ]:
        for execution in found:
            if execution.get("level", 0) == 0:
                keycloak.delete_execution(realm, execution["id"])
        for execution in wanted:
            keycloak.create_execution(realm, alias, execution["providerId"])
        found = keycloak.executions(realm, alias)
    for execution, present in zip(wanted, found, strict=True):
        if present["requirement"] != execution["requirement"]:
            keycloak.update_execution(realm, alias, present | {"requirement": execution["requirement"]})


def _do_required_action(keycloak: Keycloak, step: Step) -> None:
    if step.action == "create":
        keycloak.register_required_action(step.realm, step.name, step.payload["name"])
        present = {action["alias"]: action for action in keycloak.required_actions(step.realm)}
        payload = present[step.name] | step.payload
    else:
        payload = step.payload
    keycloak.update_required_action(step.realm, step.name, payload)


def _do_user_profile(keycloak: Keycloak, step: Step) -> None:
    keycloak.update_user_profile(step.realm, step.payload)


def _do_client_scope(keycloak: Keycloak, step: Step) -> None:
    if step.action == "create":
        keycloak.create_client_scope(step.realm, step.payload)
        return
    wanted = {mapper["name"]: mapper for mapper in step.payload["wanted_mappers"]}
    present = {mapper["name"]: mapper for mapper in step.payload.get("protocolMappers", [])}
    own = {
        key: value for key, value in step.payload.items() if key not in ("wanted_mappers", "protocolMappers")
    }
    keycloak.update_client_scope(step.realm, step.identity, own)
    for name, mapper in present.items():
        if name not in wanted:
            keycloak.delete_mapper(step.realm, step.identity, mapper["id"])
    for name, mapper in wanted.items():
        if name in present:
            identity = present[name]["id"]
            keycloak.update_mapper(step.realm, step.identity, identity, mapper | {"id": identity})
        else:
            keycloak.create_mapper(step.realm, step.identity, mapper)


def _do_workflow(keycloak: Keycloak, step: Step) -> None:
    if step.action == "create":
        keycloak.create_workflow(step.realm, step.payload)
    elif step.payload:
        keycloak.update_workflow(step.realm, step.identity, step.payload)
    else:
        keycloak.delete_workflow(step.realm, step.identity)


def _do_client_profile(keycloak: Keycloak, step: Step) -> None:
    keycloak.update_client_profiles(step.realm, step.payload["all"])


def _do_client_policy(keycloak: Keycloak, step: Step) -> None:
    keycloak.update_client_policies(step.realm, step.payload["all"])


def _do_client(keycloak: Keycloak, step: Step) -> None:
    keycloak.update_client(step.realm, step.identity, step.payload)


def _do_application(keycloak: Keycloak, step: Step) -> None:
    if step.action == "create":
        keycloak.create_client(step.realm, step.payload)
        return
    keycloak.update_client(step.realm, step.identity, step.payload)
    changed = {change.field for change in step.fields}
    if "attributes.moncompte.profile" in changed:
        # The profile it had until now has put its own settings back into this very update.
        keycloak.update_client(step.realm, step.identity, step.payload)
    for key, default in (("defaultClientScopes", True), ("optionalClientScopes", False)):
        if key in changed:
            _settle_scopes(keycloak, step, set(step.payload[key]), default=default)


def _settle_scopes(keycloak: Keycloak, step: Step, new: set[str], *, default: bool) -> None:
    """Client scopes of a client have calls of their own: replacing the client leaves them as they are."""
    client = keycloak.client(step.realm, step.name) or {}
    old = set(client.get("defaultClientScopes" if default else "optionalClientScopes") or [])
    identities = {scope["name"]: scope["id"] for scope in keycloak.client_scopes(step.realm)}
    for name in sorted(old - new):
        keycloak.remove_scope_from_client(step.realm, step.identity, identities[name], default=default)
    for name in sorted(new - old):
        keycloak.add_scope_to_client(step.realm, step.identity, identities[name], default=default)


def _do_agency(keycloak: Keycloak, step: Step) -> None:
    if step.action == "create":
        keycloak.create_organization(step.realm, step.payload)
    else:
        keycloak.update_organization(step.realm, step.identity, step.payload)


def _do_logo(keycloak: Keycloak, step: Step) -> None:
    if step.payload:
        keycloak.put_logo(step.realm, step.name, step.payload["content"])
    else:
        keycloak.remove_logo(step.realm, step.name)


def _do_secret_file(keycloak: Keycloak, step: Step) -> None:
    client = keycloak.client(step.realm, step.payload["client_id"])
    secret = client.get("secret") if client is not None else None
    if not isinstance(secret, str):
        raise MoncompteError(
            f"Keycloak did not show the secret of {step.payload['client_id']} in realm {step.realm}."
        )
    path = Path(step.payload["path"])
    try:
        write_private(path, secret + "\n")
    except OSError as error:
        raise MoncompteError(f"Cannot write the secret file {path}: {error.strerror or error}") from None


_DO: dict[str, Callable[[Keycloak, Step], None]] = {
    "realm": _do_realm,
    "flow": _do_flow,
    "required action": _do_required_action,
    "settings": _do_settings,
    "user profile": _do_user_profile,
    "workflow": _do_workflow,
    "client scope": _do_client_scope,
    "client profile": _do_client_profile,
    "client policy": _do_client_policy,
    "client": _do_client,
    "application": _do_application,
    "agency": _do_agency,
    "logo": _do_logo,
    "secret file": _do_secret_file,
}
