"""What a manifest asks for, compared with a server and printed: what `plan` and `apply` have in common."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..apply import RealmPlan, plan_realms
from ..keycloak import Json, Keycloak
from ..manifest import Manifest, load
from ..plan import Action, FieldChange, Step, Templates, counted, desired, templates_folder
from .output import printable


@dataclass(frozen=True)
class Declared:
    """A manifest, and the file it stands in."""

    file: Path
    manifest: Manifest


class _ManifestFile(click.ParamType[Declared]):
    """Read before a server is looked for: its mistakes (ManifestError) are told wherever one is."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Declared:
        file = Path(value)
        if not file.exists():
            self.fail(f"there is no file {value}; samples/moncompte.yaml shows what it says.", param, ctx)
        return Declared(file, load(file))


manifest_option = click.option(
    "-f",
    "--file",
    "declared",
    type=_ManifestFile(),
    default="moncompte.yaml",
    show_default=True,
    help="The manifest.",
)

_COLOURS: dict[Action, str | None] = {"create": "green", "change": "yellow", "unchanged": None}
_WIDEST = 120  # characters of a value


def plans(keycloak: Keycloak, declared: Declared) -> list[RealmPlan]:
    """What is to be done about each realm of a manifest; nothing is changed."""
    wanted = desired(
        declared.manifest,
        folder=declared.file.parent,
        environment=os.environ,
        templates=Templates(templates_folder()),
    )
    return plan_realms(keycloak, wanted)


def print_plans(realm_plans: Sequence[RealmPlan]) -> None:
    """Everything that would be done, field by field; of what is right only how much there is."""
    for realm_plan in realm_plans:
        click.secho(f"realm {realm_plan.wanted.name}", bold=True)
        for step in realm_plan.changes:
            print_step(step, step.action)
        unchanged = len(realm_plan.steps) - len(realm_plan.changes)
        if unchanged:
            click.echo(f"  {'as it is':<10} {unchanged} objects")


def print_step(step: Step, verb: str) -> None:
    """One object, what is (to be) done with it, and its fields that differ."""
    click.echo(f"  {click.style(f'{verb:<10}', fg=_COLOURS[step.action])} {step.kind} {printable(step.name)}")
    for change in step.fields:
        click.echo(f"             {_change(change)}")


def all_steps(realm_plans: Sequence[RealmPlan]) -> list[Step]:
    """The steps of all realms."""
    return [step for realm_plan in realm_plans for step in realm_plan.steps]


def as_json(realm_plans: Sequence[RealmPlan]) -> Json:
    """The same for other programs: what is to be done, and how much is right; never a secret."""
    counts = counted(all_steps(realm_plans))
    return {
        "in_sync": counts["create"] == counts["change"] == 0,
        "counts": counts,
        "realms": [
            {
                "realm": realm_plan.wanted.name,
                "steps": [_step_as_json(step) for step in realm_plan.changes],
            }
            for realm_plan in realm_plans
        ],
    }


def shown(realm_plans: Sequence[RealmPlan]) -> list[tuple[str, str, str, str, tuple[FieldChange, ...]]]:
    """What of a plan a person saw, to tell whether it is still so."""
    return [
        (step.realm, step.kind, step.name, step.action, step.fields)
        for realm_plan in realm_plans
        for step in realm_plan.changes
    ]


def _step_as_json(step: Step) -> Json:
    return {
        "action": step.action,
        "kind": step.kind,
        "name": step.name,
        "fields": [{"field": change.field, "old": change.old, "new": change.new} for change in step.fields],
    }


def _change(change: FieldChange) -> str:
    return f"{change.field}: {_short(change.old)} → {_short(change.new)}"


def _short(value: object) -> str:
    text = "nothing" if value in (None, "", [], {}) else printable(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
