"""What a plan is made of: steps, the state of a realm on the server, and how two objects are compared.

What the manifest does not name is left alone: only the keys of a template are compared, and what is sent is
the server's object with those keys replaced. The insides of objects that are wholly ours are the exception:
the executions of our flows, the mappers of our client scopes and of the applications, the declared attributes
of users.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..server.keycloak import Json

Action = Literal["create", "change", "unchanged"]

OURS = "moncompte "
"""What the names of our client profiles, client policies and workflows begin with."""

HIDDEN = "(hidden)"
"""Stands in a field's old and new value for a secret."""


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: where, what the server has, and what it will have."""

    field: str
    old: object
    new: object


Changes = Callable[[Json, Json], Iterable[FieldChange]]


@dataclass(frozen=True)
class Step:
    """One object of a realm, and what is to be done about it.

    `kind` and `name` say which; `fields` what differs; `payload` is what `apply` sends (never shown),
    `identity` the server's own id of an object that exists. Steps are equal when a person sees them so.
    """

    kind: str
    realm: str
    name: str
    action: Action
    fields: tuple[FieldChange, ...] = ()
    payload: Json = field(default_factory=dict, repr=False, compare=False)
    identity: str = field(default="", repr=False, compare=False)


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


def differences(wanted: object, found: object, path: str = "") -> Iterator[FieldChange]:
    """The fields of `wanted` that `found` does not have so.

    Keys that only `found` has are no difference. Missing, null, "", [] and {} are the same. The order of a
    list of plain values does not count (Keycloak keeps none).
    """
    if isinstance(wanted, dict):
        holder = found if isinstance(found, dict) else {}
        for key, value in wanted.items():
            yield from differences(value, holder.get(key), f"{path}.{key}" if path else key)
    elif _normalised(wanted) != _normalised(found):
        yield FieldChange(path, found, wanted)


def _normalised(value: object) -> object:
    """A value as it is compared: nothing is None, and lists of texts are sorted."""
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


def without_empty(values: Json) -> Json:
    """The values that are not empty."""
    return {key: value for key, value in values.items() if _normalised(value) is not None}


def by_key(key: str, objects: Iterable[Json]) -> dict[str, Json]:
    """Objects by the value of a key."""
    return {item[key]: item for item in objects if key in item}


def without(values: Json, *keys: str) -> Json:
    """The values but for these keys."""
    return {key: value for key, value in values.items() if key not in keys}


def steps_for(
    kind: str,
    realm: str,
    key: str,
    wanted: Iterable[Json],
    found: Iterable[Json],
    changes: Changes = differences,
    *,
    overlay: bool = True,
) -> Iterator[Step]:
    """The steps for the wanted objects of a kind; objects that are only found are left alone.

    key       the key that names an object
    changes   what differs between a wanted object and the one found
    overlay   whether what is sent is the object found with ours in it, or ours alone
    """
    existing = by_key(key, found)
    for one in wanted:
        old = existing.get(one[key])
        if old is None:
            yield Step(kind, realm, one[key], "create", payload=dict(one))
        else:
            payload = overlaid(one, old) if overlay else one
            yield compared(kind, realm, one[key], changes(one, old), payload, old.get("id", ""))


def list_change(
    field: str, text: Callable[[Json], str], wanted: Iterable[Json], found: Iterable[Json]
) -> Iterator[FieldChange]:
    """The change of a list whose order counts, if there is one; `text` says what counts of an item."""
    old, new = [text(item) for item in found], [text(item) for item in wanted]
    if old != new:
        yield FieldChange(field, old, new)


def compared(
    kind: str, realm: str, name: str, fields: Iterable[FieldChange], payload: Json, identity: str = ""
) -> Step:
    """The step for an object that exists: `change` if fields differ, otherwise `unchanged`."""
    changes = tuple(fields)
    return Step(kind, realm, name, "change" if changes else "unchanged", changes, payload, identity)


def counted(steps: Sequence[Step]) -> dict[Action, int]:
    """How many steps create, change, and leave."""
    counts: dict[Action, int] = {"create": 0, "change": 0, "unchanged": 0}
    for step in steps:
        counts[step.action] += 1
    return counts
