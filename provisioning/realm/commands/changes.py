"""What a manifest asks for, compared with a server and printed: what `plan` and `apply` have in common."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote
from typing import Any

import click

from ...server.keycloak import Json, Keycloak
from ...terminal import printable, say
from ...texts import _, ngettext
from ..manifest import Manifest, load
from ..plan import RealmPlan, plan_realms
from ..steps import Action, FieldChange, Step, counted
from ..templates import desired

_DEFAULT = "moncompte.yaml"


@dataclass(frozen=True)
class Declared:
    """A manifest, and the file it stands in."""

    file: Path
    manifest: Manifest

    def command(self, name: str) -> str:
        """A command for the same file, to be typed: `moncompte apply -f other.yaml`."""
        return f"moncompte {name}" + ("" if str(self.file) == _DEFAULT else f" -f {quote(str(self.file))}")


class _ManifestFile(click.Path):
    """Read before a server is looked for: its mistakes (ManifestError) are told wherever one is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        file = Path(str(super().convert(value, param, ctx)))
        return Declared(file, load(file))


manifest_option = click.option(
    "-f",
    "--file",
    "declared",
    type=_ManifestFile(exists=True, dir_okay=False),
    default=_DEFAULT,
    show_default=True,
    help="The manifest, such as samples/moncompte.yaml.",
)

_COLOURS: dict[Action, str | None] = {"create": "green", "change": "yellow", "unchanged": None}
_WIDEST = 120  # characters of a value
_CONTEXT = 20  # characters before the first that differs


def plans(keycloak: Keycloak, declared: Declared) -> list[RealmPlan]:
    """What is to be done about each realm of a manifest; nothing is changed."""
    wanted = desired(declared.manifest, folder=declared.file.parent, environment=os.environ)
    return plan_realms(keycloak, wanted)


def print_plans(realm_plans: Sequence[RealmPlan]) -> None:
    """Everything that would be done, field by field, and how much; realms that are right are not shown."""
    for realm_plan in realm_plans:
        if not realm_plan.changes:
            continue
        click.secho(_("realm {name}").format(name=realm_plan.wanted.name), bold=True)
        for step in realm_plan.changes:
            print_step(step, _("create") if step.action == "create" else _("change"))
    text = _("{create} to create, {change} to change, {unchanged} as they should be.")
    click.echo(text.format(**counted(all_steps(realm_plans))))


def say_in_sync(count: int) -> None:
    """That nothing has to be changed, of so many objects."""
    text = ngettext(
        "Nothing to change: the {count} object is as the manifest says.",
        "Nothing to change: all {count} objects are as the manifest says.",
        count,
    )
    say(text.format(count=count))


def print_step(step: Step, verb: str) -> None:
    """One object, what is (to be) done with it, and its fields that differ."""
    coloured = click.style(f"{verb:<10}", fg=_COLOURS[step.action])
    click.echo(f"  {coloured} {_(step.kind)} {printable(step.name)}")
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
            {"realm": realm_plan.wanted.name, "steps": [_step_as_json(step) for step in realm_plan.changes]}
            for realm_plan in realm_plans
        ],
    }


def _step_as_json(step: Step) -> Json:
    fields = [asdict(change) for change in step.fields]
    return {"action": step.action, "kind": step.kind, "name": step.name, "fields": fields}


def changes(realm_plans: Sequence[RealmPlan]) -> list[Step]:
    """The steps of all realms that do something."""
    return [step for realm_plan in realm_plans for step in realm_plan.changes]


def _change(change: FieldChange) -> str:
    """A field with its old and its new value; of long lists what goes (-) and what comes (+)."""
    if isinstance(change.old, list) and isinstance(change.new, list) and len(change.old + change.new) > 2:
        gone = [f"- {_text(item)}" for item in change.old if item not in change.new]
        come = [f"+ {_text(item)}" for item in change.new if item not in change.old]
        if change.old and change.new and gone + come:
            return f"{change.field}: {', '.join(gone + come)}"
    old, new = _text(change.old), _text(change.new)
    if max(len(old), len(new)) > _WIDEST:
        old, new = _around_the_difference(old, new)
    return f"{change.field}: {old} → {new}"


def _text(value: object) -> str:
    """A value as JSON and YAML would have it; texts without quotes."""
    if value in (None, "", [], {}):
        return _("nothing")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return printable(", ".join(value))
    return printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _around_the_difference(old: str, new: str) -> tuple[str, str]:
    """Two long texts, cut where they are alike."""
    alike = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))
    start = max(0, alike - _CONTEXT)

    def cut(text: str) -> str:
        shown = text[start : start + _WIDEST]
        return ("…" if start else "") + shown + ("…" if start + _WIDEST < len(text) else "")

    return cut(old), cut(new)
