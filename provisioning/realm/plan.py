"""What must change on a server so that it is as the manifest says, and doing it.

`plan_realms` says what would be done and changes nothing. `carry_out_all` does that, tells of each step as it
is done, and can be run again after an error: what was done is then found and left.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..errors import MoncompteError, StepError
from ..server.keycloak import Keycloak, understood
from ..texts import N_
from .kinds import agencies, clients, realm, sign_in
from .steps import RealmState, Step
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


_PLANS = (
    realm.plan_realm,
    sign_in.plan_flows,
    sign_in.plan_required_actions,
    realm.plan_settings,
    realm.plan_user_profile,
    realm.plan_workflows,
    clients.plan_client_scopes,
    clients.plan_client_rules,
    clients.plan_own_clients,
    clients.plan_applications,
    agencies.plan_agencies,
    agencies.plan_logos,
    clients.plan_secret_files,
)
"""In the order in which things can be done: flows come first (the settings bind them), settings before
organizations (they switch organizations on), scopes before the clients that have them. A realm is made
disabled and enabled by its settings: half made, it is shut."""

_APPLY: dict[str, Callable[[Keycloak, Step], None]] = {
    N_("realm"): realm.create_realm,
    N_("flow"): sign_in.apply_flow,
    N_("required action"): sign_in.apply_required_action,
    N_("settings"): realm.apply_settings,
    N_("user profile"): realm.apply_user_profile,
    N_("workflow"): realm.apply_workflow,
    N_("client scope"): clients.apply_client_scope,
    N_("client profile"): clients.apply_client_rule,
    N_("client policy"): clients.apply_client_rule,
    N_("client"): clients.apply_own_client,
    N_("application"): clients.apply_application,
    N_("agency"): agencies.apply_agency,
    N_("logo"): agencies.apply_logo,
    N_("secret file"): clients.write_secret_file,
}


def plan(wanted: DesiredRealm, state: RealmState) -> list[Step]:
    """The steps of a realm, in the order in which they can be done. Asks no server."""
    return [step for plan_kind in _PLANS for step in plan_kind(wanted, state)]


def plan_realms(keycloak: Keycloak, wanted: Sequence[DesiredRealm]) -> list[RealmPlan]:
    """What would be done about each realm; reads the server, several realms at a time."""

    def planned(one: DesiredRealm) -> RealmPlan:
        return RealmPlan(one, tuple(plan(one, read_state(keycloak, one))))

    return list(_in_parallel(wanted, planned))


@understood()
def read_state(keycloak: Keycloak, wanted: DesiredRealm) -> RealmState:
    """What a server has for a realm; only what the desired realm speaks of is asked for."""
    name = wanted.name
    found = keycloak.realm(name)
    secrets = {file.path: clients.read_secret_file(file.path) for file in wanted.secret_files}
    if found is None:
        return RealmState(secret_files=secrets)
    admin = keycloak.admin(name)
    ours = {flow["alias"] for flow in wanted.flows}
    present = admin.get_authentication_flows()
    return RealmState(
        settings=found,
        flows=present,
        executions={
            flow["alias"]: admin.get_authentication_flow_executions(flow["alias"])
            for flow in present
            if flow["alias"] in ours
        },
        required_actions=admin.get_required_actions(),
        user_profile=admin.get_realm_users_profile(),
        client_scopes=admin.get_client_scopes(),
        client_profiles=keycloak.get(name, "client-policies", "profiles").get("profiles") or [],
        client_policies=keycloak.get(name, "client-policies", "policies").get("policies") or [],
        workflows=keycloak.find(name, "workflows", max="1000") or [],
        clients=admin.get_clients(),
        organizations=keycloak.organizations(name),
        logos=frozenset(keycloak.logos(name)) if wanted.logos else frozenset(),
        secret_files=secrets,
    )


def carry_out_all(keycloak: Keycloak, realm_plans: Sequence[RealmPlan]) -> Iterator[Step]:
    """Do what was planned for each realm; each step is given once it is done (or was found done).

    Realms that are there come first, one after the other. One that is to be made takes a hundred small
    requests of which each needs the one before, so several are made at a time, and each is told of as a
    whole. After a failure no other is begun, and those under way are finished.
    """
    for realm_plan in realm_plans:
        if not realm_plan.makes_realm:
            yield from carry_out(keycloak, realm_plan)
    yield from _create_together(keycloak, [one for one in realm_plans if one.makes_realm])


def _create_together(keycloak: Keycloak, realm_plans: Sequence[RealmPlan]) -> Iterator[Step]:
    failures: list[MoncompteError] = []

    def created(realm_plan: RealmPlan) -> list[Step]:
        steps: list[Step] = []
        if failures:
            return steps
        try:
            steps.extend(carry_out(keycloak, realm_plan, WORKERS // REALMS_AT_A_TIME))
        except MoncompteError as error:
            failures.append(error)
        return steps

    for steps in _in_parallel(realm_plans, created, REALMS_AT_A_TIME):
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
    client = keycloak.client("master", "admin-cli") or {}
    return bool(client.get("enabled") and client.get("directAccessGrantsEnabled"))


def _do_all(keycloak: Keycloak, steps: Sequence[Step], workers: int) -> Iterator[Step]:
    """One after the other, but for agencies and logos, of which there may be thousands and none needs
    another."""

    def done(step: Step) -> Step:
        _do(keycloak, step)
        return step

    for kind, same in itertools.groupby(steps, key=lambda step: step.kind):
        if kind in ("agency", "logo"):
            yield from _in_parallel(list(same), done, workers)
        else:
            yield from map(done, same)


def _in_parallel(
    items: Sequence[Item], work: Callable[[Item], Result], workers: int = WORKERS
) -> Iterator[Result]:
    """The results in the order of the items. After a failure nothing new is begun, and what was under way
    is waited for and given too, before the first failure is raised: it has been done."""
    if len(items) <= 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers) as threads:
        futures = [threads.submit(work, item) for item in items]
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
        with understood():
            _APPLY[step.kind](keycloak, step)
    except MoncompteError as error:
        raise StepError(f"{step.kind} {step.name} of realm {step.realm}", error) from error
