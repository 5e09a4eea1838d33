"""`moncompte plan`, `apply` and `schema`: what a manifest asks of a server."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ...errors import Incomplete, MoncompteError
from ...options import with_keycloak
from ...server.keycloak import Keycloak
from ...terminal import ask, fail, print_json, yes_option
from ...texts import _
from ..manifest import schema as schema_of_manifest
from ..plan import RealmPlan, carry_out_all, direct_grants_of_master
from ..steps import Step, counted
from .changes import (
    Declared,
    all_steps,
    as_json,
    changes,
    manifest_option,
    plans,
    print_plans,
    print_step,
    say_in_sync,
)


@click.command()
@manifest_option
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@with_keycloak
def plan(keycloak: Keycloak, declared: Declared, json_wanted: bool) -> None:
    """Show what apply would do, and change nothing.

    Compares realms, flows, required actions, policies, agencies and applications with the manifest. Prints
    each field that would change, with its old and its new value. Secrets are hidden. Manual changes are
    shown, too. Objects that the manifest does not name are ignored.

    \b
    Exit codes: 0 the server is as the manifest says; 1 failed; 2 usage, or a bad manifest; 3 changes are
    pending.

    \b
    Examples:
      moncompte plan -f samples/moncompte.yaml
      moncompte plan --json | jq '.realms[].steps[].name'
      moncompte plan || echo "drift, or an error"
    """
    realm_plans = plans(keycloak, declared)
    counts = counted(all_steps(realm_plans))
    in_sync = counts["create"] == counts["change"] == 0
    if json_wanted:
        print_json(as_json(realm_plans))
    elif in_sync:
        say_in_sync(counts["unchanged"])
    else:
        print_plans(realm_plans)
        click.echo(_("Nothing was changed: `{command}` does it.").format(command=declared.command("apply")))
    if not in_sync:
        raise Incomplete


@click.command()
@manifest_option
@yes_option
@with_keycloak
def apply(keycloak: Keycloak, declared: Declared, yes: bool) -> None:
    """Bring realms, flows, agencies and applications to what the manifest says.

    Shows the plan, asks, applies it, and reports each object. Objects that are right are not touched, so a
    second run changes nothing. Objects that the manifest does not name are left alone. After an error, run
    the command again: it continues where it stopped.

    \b
    Exit codes: 0 the server is as the manifest says; 1 failed, or not agreed to; 2 usage, or a bad manifest.

    \b
    Examples:
      moncompte apply -f samples/moncompte.yaml
      MONCOMPTE_SMTP_PASSWORD=… moncompte apply --yes
    """
    realm_plans = plans(keycloak, declared)
    if not changes(realm_plans):
        say_in_sync(counted(all_steps(realm_plans))["unchanged"])
        _print_note(keycloak)
        return
    if not yes:
        print_plans(realm_plans)
        ask(_("Do it?"), yes=yes)
        realm_plans = _still_so(realm_plans, plans(keycloak, declared))
    _carry_out(keycloak, realm_plans)
    _print_note(keycloak)


def _still_so(seen: list[RealmPlan], now: list[RealmPlan]) -> list[RealmPlan]:
    """The plan as the server is now, when it is the one that was seen. Raises MoncompteError."""
    if changes(seen) != changes(now):
        raise MoncompteError(
            _(
                "Somebody changed the server while the plan was being read, so nothing was done. Run the"
                " same command again to see what is to do now."
            )
        )
    return now


def _carry_out(keycloak: Keycloak, realm_plans: Sequence[RealmPlan]) -> None:
    done: list[Step] = []
    told = ""
    try:
        for step in carry_out_all(keycloak, realm_plans):
            done.append(step)
            if step.action == "unchanged":
                continue
            if step.realm != told:
                told = step.realm
                click.secho(_("realm {name}").format(name=told), bold=True)
            print_step(step, _("created") if step.action == "create" else _("changed"))
    except MoncompteError:
        counts = counted(done)
        left = len(changes(realm_plans)) - counts["create"] - counts["change"]
        text = _(
            "stopped on the way: {create} created and {change} changed (above), {left} not done; once the"
            " cause below is gone, run the same command again"
        )
        fail(text.format(left=left, **counts))
        raise
    click.echo(_("{create} created, {change} changed, {unchanged} unchanged.").format(**counted(done)))


def _print_note(keycloak: Keycloak) -> None:
    if direct_grants_of_master(keycloak):
        click.echo(
            _(
                "Note: in the realm master, the client admin-cli allows direct grants (a password for a"
                " token, without any page). moncompte leaves master alone; switch it off there unless you"
                " use it."
            )
        )


@click.command()
def schema() -> None:
    """Print the JSON Schema of the manifest.

    With it, an editor completes the keys of moncompte.yaml and marks mistakes.

    \b
    Example:
      moncompte schema > moncompte.schema.json
    """
    print_json(schema_of_manifest())
