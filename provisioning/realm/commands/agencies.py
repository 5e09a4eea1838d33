"""`moncompte agencies`: the agencies of a realm."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...errors import MoncompteError
from ...options import AgencyCodes, realm_option, with_keycloak
from ...output import print_json, printable
from ...private_files import write_private
from ...server.keycloak import Json, Keycloak
from ...target import alias_of
from .. import agency_credentials


@click.group()
def agencies() -> None:
    """The agencies of a realm.

    \b
    Examples:
      moncompte agencies list
      moncompte agencies list --realm moncompte-3003-01 --json
      moncompte agencies credentials 1001/01 --output agency-1001-01.secret
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


@agencies.command("credentials", short_help="Make credentials for agency IT.")
@click.argument("agency", type=AgencyCodes(), nargs=-1, required=True)
@click.option("--name", help="Client id to make or change. Default: agency-1001-01 for the agency 1001/01.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that the client's secret is written to, readable by its owner only.",
)
@click.option("--rotate", is_flag=True, help="Give a client that exists a new secret; the one before ends.")
@realm_option
@with_keycloak
def credentials(
    keycloak: Keycloak,
    agency: tuple[tuple[str, str], ...],
    name: str | None,
    output: Path | None,
    rotate: bool,
    realm: str,
) -> None:
    """Make credentials for agency IT that reach the owners of AGENCY... and nothing else.

    AGENCY is the agency's codes, such as 1001/01; several need --name. The client is one of the owners'
    realm, with a service account and no role. Run again, it reaches exactly the agencies named then; its
    secret stays unless --rotate is given, and is shown nowhere but in the --output file. To take credentials
    back, delete the client.

    \b
    Examples:
      moncompte agencies credentials 1001/01 --output agency-1001-01.secret
      moncompte agencies credentials 1001/01 1001/02 --name groupe-1001 --output groupe-1001.secret
      moncompte agencies credentials 1001/01 --rotate --output agency-1001-01.secret
    """
    aliases = list(dict.fromkeys(alias_of(*codes) for codes in agency))
    if name is None and len(aliases) > 1:
        raise click.UsageError("Credentials for several agencies need --name.")
    if rotate and output is None:
        raise click.UsageError("--rotate needs --output: the new secret is shown nowhere else.")
    client_id = name or f"agency-{aliases[0]}"
    made = agency_credentials.grant(keycloak, realm, client_id, aliases, rotate=rotate)
    if output is not None:
        try:
            write_private(output, made.secret + "\n")
        except OSError as error:
            raise MoncompteError(f"Cannot write the secret to {output}: {error.strerror or error}") from None
    _print_credentials(made, keycloak.url, realm, aliases, output)


def _print_credentials(
    made: agency_credentials.Credentials, url: str, realm: str, aliases: list[str], output: Path | None
) -> None:
    click.echo(f"Client {made.client_id} of the realm {realm} reaches: {_codes(aliases)}")
    if made.removed:
        click.echo(f"It no longer reaches: {_codes(made.removed)}")
    if output is None:
        click.echo("Its secret was not written: the same command with --output FILE writes it.")
        return
    click.echo(f"Its secret is in {output}")
    click.echo("Agency IT sets, to run `moncompte owners …` (the last one to where it keeps that file):")
    for variable, value in (
        ("MONCOMPTE_URL", url),
        ("MONCOMPTE_REALM", realm),
        ("MONCOMPTE_CLIENT_REALM", realm),
        ("MONCOMPTE_CLIENT_ID", made.client_id),
        ("MONCOMPTE_CLIENT_SECRET_FILE", output.absolute()),
    ):
        click.echo(f"  {variable}={value}")


def _codes(aliases: Iterable[str]) -> str:
    return ", ".join(alias.replace("-", "/") for alias in aliases)
