"""The realm itself, made shut; its settings open it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

from ...server.keycloak import Keycloak
from ..steps import RealmState, Step
from ..templates import DesiredRealm


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """Whether the realm is to be created."""
    if state.settings is not None:
        yield Step("realm", wanted.name, wanted.name, "unchanged")
        return
    payload = {"realm": wanted.name, "enabled": False, "organizationsEnabled": True}
    yield Step("realm", wanted.name, wanted.name, "create", payload=payload)


_creating = Lock()
"""One realm at a time: each adds to the one role of the realm master that administers them all."""


def apply(keycloak: Keycloak, step: Step) -> None:
    """Create the realm."""
    with _creating:
        keycloak.create_realm(step.payload)
