"""`moncompte agencies`: the agencies of a realm."""

from __future__ import annotations

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..keycloak import Json, Keycloak
from .connection import realm_option, with_keycloak
from .output import print_json, printable


@click.group()
def agencies() -> None:
    """The agencies of a realm.

    \b
    Examples:
      moncompte agencies list
      moncompte agencies list --realm moncompte-3003-01 --json
    """


@agencies.command("list")
@realm_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_keycloak
def list_agencies(keycloak: Keycloak, realm: str, as_json: bool) -> None:
    """List the agencies of a realm, by their codes.

    \b
    Examples:
      moncompte agencies list
      moncompte agencies list --json
    """
    found = sorted(
        (_agency(organization) for organization in keycloak.organizations(realm)),
        key=lambda agency: agency["agency"],
    )
    if as_json:
        print_json(found)
        return
    table = Table(box=SIMPLE)
    for column in ("agency", "name", "enabled", "phone", "email"):
        table.add_column(column, overflow="fold")
    for agency in found:
        values = (
            agency["agency"],
            agency["name"],
            "yes" if agency["enabled"] else "no",
            agency["phone"],
            agency["email"],
        )
        table.add_row(*(Text(printable(value)) for value in values))
    Console().print(table if found else f"No agency in the realm {realm}.")


def _agency(organization: Json) -> Json:
    attributes = organization.get("attributes") or {}

    def first(name: str) -> str | None:
        values = attributes.get(name) or [None]
        return None if values[0] is None else str(values[0])

    client, societe = first("client"), first("societe")
    codes = (
        f"{client}/{societe}" if client and societe else str(organization.get("alias", "")).replace("-", "/")
    )
    return {
        "agency": codes,
        "alias": organization.get("alias"),
        "name": first("name") or organization.get("name"),
        "enabled": bool(organization.get("enabled")),
        "phone": first("phone"),
        "email": first("email"),
        "help_url": first("help_url"),
    }
