"""Client profiles and client policies."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Json, Keycloak
from ..steps import OURS, FieldChange, RealmState, Step, by_key, compared, differences
from ..templates import DesiredRealm


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Profiles come before the policies that name them, and go after them."""
    profiles = ("client profile", wanted.client_profiles, state.client_profiles, wanted.name)
    policies = ("client policy", wanted.client_policies, state.client_policies, wanted.name)
    yield from _plan_wanted(*profiles)
    yield from _plan_wanted(*policies)
    yield from _plan_dropped(*policies)
    yield from _plan_dropped(*profiles)


def _plan_wanted(kind: str, wanted: list[Json], found: list[Json], realm: str) -> Iterator[Step]:
    """Client profiles or client policies: the server takes all of a realm's at once, those of a hand too."""
    existing = by_key("name", found)
    together = dict(existing)
    for rule in wanted:
        name = rule["name"]
        together[name] = rule
        payload = {"all": list(together.values())}
        if name not in existing:
            yield Step(kind, realm, name, "create", payload=payload)
        else:
            yield compared(kind, realm, name, differences(rule, existing[name]), payload)


def _plan_dropped(kind: str, wanted: list[Json], found: list[Json], realm: str) -> Iterator[Step]:
    """Those of ours that the manifest has no use for any more."""
    together = by_key("name", found) | by_key("name", wanted)
    for name in [name for name in together if name.startswith(OURS) and name not in by_key("name", wanted)]:
        del together[name]
        payload = {"all": list(together.values())}
        yield Step(kind, realm, name, "change", (FieldChange("name", name, None),), payload)


def apply_profiles(keycloak: Keycloak, step: Step) -> None:
    """Replace the realm's own client profiles."""
    keycloak.put(step.realm, "client-policies", "profiles", body={"profiles": step.payload["all"]})


def apply_policies(keycloak: Keycloak, step: Step) -> None:
    """Replace the realm's own client policies."""
    keycloak.put(step.realm, "client-policies", "policies", body={"policies": step.payload["all"]})
