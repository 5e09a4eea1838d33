"""`moncompte agencies`: the agencies of a realm."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from ...files import write_secret
from ...options import AgencyCodes, json_option, realm_option, with_keycloak
from ...server.keycloak import Json, Keycloak
from ...server.target import alias_of
from ...terminal import print_json, print_table, say
from ...texts import _
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
@json_option
@with_keycloak
def list_agencies(keycloak: Keycloak, realm: str, as_json: bool) -> None:
    """List the agencies of a realm, by their codes.

    \b
    Examples:
      moncompte agencies list
      moncompte agencies list --json
    """
    found = sorted(map(_agency, keycloak.organizations(realm)), key=lambda agency: str(agency["agency"]))
    if as_json:
        print_json(found)
        return
    if not found:
        say(_("No agency in the realm {realm}.").format(realm=realm))
        return
    print_table(
        (_("agency"), _("name"), _("enabled"), _("phone"), _("email")),
        [
            (one["agency"], one["name"], _("yes") if one["enabled"] else _("no"), one["phone"], one["email"])
            for one in found
        ],
    )


def _agency(organization: Json) -> Json:
    attributes = {name: str(values[0]) for name, values in (organization.get("attributes") or {}).items()}
    client, societe = attributes.get("client"), attributes.get("societe")
    alias = organization.get("alias")
    return {
        "agency": f"{client}/{societe}" if client and societe else str(alias).replace("-", "/"),
        "alias": alias,
        "name": attributes.get("name") or organization.get("name"),
        "enabled": bool(organization.get("enabled")),
        "phone": attributes.get("phone"),
        "email": attributes.get("email"),
        "help_url": attributes.get("help_url"),
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
    """Create credentials for agency IT: access to the owners of AGENCY... and nothing else.

    AGENCY is the codes of an agency, such as 1001/01. Several agencies need --name. The client is in the
    owners' realm; it has a service account and no role. A second run sets its agencies to those named. Its
    secret stays unless --rotate is given, and is written only to the --output file. To revoke the
    credentials, delete the client.

    \b
    Examples:
      moncompte agencies credentials 1001/01 --output agency-1001-01.secret
      moncompte agencies credentials 1001/01 1001/02 --name groupe-1001 --output groupe-1001.secret
      moncompte agencies credentials 1001/01 --rotate --output agency-1001-01.secret
    """
    aliases = list(dict.fromkeys(alias_of(*codes) for codes in agency))
    if name is None and len(aliases) > 1:
        raise click.UsageError(_("Credentials for several agencies need --name."))
    if rotate and output is None:
        raise click.UsageError(_("--rotate needs --output: the new secret is shown nowhere else."))
    client_id = name or f"agency-{aliases[0]}"
    made = agency_credentials.grant(keycloak, realm, client_id, aliases, rotate=rotate)
    if output is not None:
        write_secret(output, made.secret)
    _print_credentials(made, keycloak.url, realm, aliases, output)


def _print_credentials(
    made: agency_credentials.Credentials, url: str, realm: str, aliases: list[str], output: Path | None
) -> None:
    text = _("Client {client_id} of the realm {realm} reaches: {aliases}")
    say(text.format(client_id=made.client_id, realm=realm, aliases=_codes(aliases)))
    if made.removed:
        say(_("It no longer reaches: {removed}").format(removed=_codes(made.removed)))
    if output is None:
        say(_("Its secret was not written: the same command with --output FILE writes it."))
        return
    say(_("Its secret is in {output}").format(output=output))
    say(_("Agency IT sets, to run `moncompte owners …` (the last one to where it keeps that file):"))
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
