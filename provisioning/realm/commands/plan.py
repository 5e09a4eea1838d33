"""`moncompte plan`: what `apply` would do, and what a hand changed since."""

from __future__ import annotations

import click

from ...options import with_keycloak
from ...output import ChangesPending, print_json
from ...server.keycloak import Keycloak
from ...texts import _
from ..steps import counted
from .changes import Declared, all_steps, as_json, manifest_option, plans, print_plans, say_in_sync


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
        raise ChangesPending
