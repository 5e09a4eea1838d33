"""`moncompte apply`: bring Keycloak to what the manifest says."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..apply import apply_realm, direct_grants_of_master
from ..errors import MoncompteError
from ..keycloak import Keycloak
from ..manifest import Manifest, load
from ..plan import FieldChange, Step, Templates, counted, desired, templates_folder
from .connection import with_keycloak
from .output import fail, printable

_DONE = {"create": "created", "change": "changed", "unchanged": "unchanged"}
_COLOURS = {"create": "green", "change": "yellow", "unchanged": None}


@click.command()
@click.option(
    "-f",
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("moncompte.yaml"),
    show_default=True,
    help="The manifest.",
)
@with_keycloak
def apply(keycloak: Keycloak, file: Path) -> None:
    """Bring realms, flows, agencies and applications to what the manifest says.

    Prints what it did with each object. What is as it should be is left, so that running it again changes
    nothing; what the manifest does not name is left alone.

    \b
    Examples:
      moncompte apply -f samples/moncompte.yaml
      MONCOMPTE_SMTP_PASSWORD=… moncompte apply
    """
    manifest = load(file)
    realms = desired(
        manifest, folder=file.parent, environment=os.environ, templates=Templates(templates_folder())
    )
    steps: list[Step] = []
    try:
        for realm in realms:
            click.secho(f"realm {realm.name}", bold=True)
            for step in apply_realm(keycloak, realm):
                steps.append(step)
                _print(step)
    except MoncompteError:
        counts = counted(steps)
        fail(
            f"stopped on the way, after {counts['create']} created and {counts['change']} changed (above);"
            " once the cause below is gone, run the same command again"
        )
        raise
    _print_end(steps)
    _print_notes(keycloak, manifest)


def _print(step: Step) -> None:
    done = click.style(f"{_DONE[step.action]:<10}", fg=_COLOURS[step.action])
    click.echo(f"  {done} {step.kind} {printable(step.name)}")
    for change in step.fields:
        click.echo(f"             {_change(change)}")


def _change(change: FieldChange) -> str:
    return f"{change.field}: {_short(change.old)} → {_short(change.new)}"


def _short(value: object) -> str:
    text = "nothing" if value in (None, "", [], {}) else printable(value)
    return text if len(text) <= 120 else text[:119] + "…"


def _print_end(steps: list[Step]) -> None:
    counts = counted(steps)
    if counts["create"] == counts["change"] == 0:
        click.echo(f"Nothing to change: all {counts['unchanged']} objects are as the manifest says.")
        return
    click.echo(f"{counts['create']} created, {counts['change']} changed, {counts['unchanged']} unchanged.")


def _print_notes(keycloak: Keycloak, manifest: Manifest) -> None:
    proxies = sorted({proxy for realm in manifest.realms for proxy in realm.trusted_proxies})
    if proxies:
        click.echo(
            "Note: trusted_proxies is a setting of the server, not of a realm. Start Keycloak with"
            f" --proxy-headers=xforwarded --proxy-trusted-addresses={','.join(proxies)}"
        )
    if direct_grants_of_master(keycloak):
        click.echo(
            "Note: in the realm master, the client admin-cli allows direct grants (a password for a token,"
            " without"
            " any page). moncompte leaves master alone; switch it off there unless you use it."
        )
