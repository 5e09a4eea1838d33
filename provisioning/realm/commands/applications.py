"""`moncompte applications`: those of a realm, their configuration, their secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ...errors import NotFoundError
from ...files import write_secret
from ...options import json_option, realm_option, with_keycloak
from ...server.keycloak import Json, Keycloak, understood
from ...terminal import print_json, print_table, printable, say
from ...texts import _
from ..configurations import EXAMPLE, KINDS, Values, callback, in_manifest, rendered
from ..manifest import RESERVED_CLIENTS


@click.group()
def applications() -> None:
    """The applications of a realm.

    \b
    Examples:
      moncompte applications list
      moncompte applications show extranet
      moncompte applications show portail --for apache
      moncompte applications rotate-secret portail --output portail.secret
    """


@applications.command("list")
@realm_option
@json_option
@with_keycloak
@understood()
def list_applications(keycloak: Keycloak, realm: str, as_json: bool) -> None:
    """List the applications that owners of a realm sign in to.

    \b
    Examples:
      moncompte applications list
      moncompte applications list --realm moncompte-3003-01 --json
    """
    clients = filter(_is_application, keycloak.admin(realm).get_clients())
    found = sorted(map(_described, clients), key=lambda application: str(application["client_id"]))
    if as_json:
        print_json(found)
        return
    if not found:
        say(_("No application in the realm {realm}.").format(realm=realm))
        return
    print_table(
        (_("client id"), _("name"), _("type"), _("agencies"), _("url")),
        [
            (one["client_id"], one["name"], one["type"], _shown("agencies", one["agencies"]), one["url"])
            for one in found
        ],
    )


@applications.command("show", short_help="Show an application, or the files that configure it.")
@click.argument("application")
@click.option(
    "--for", "kind", type=click.Choice(list(KINDS)), help="Print the configuration of such an application."
)
@click.option(
    "--secret-file",
    default="/etc/moncompte/secret",
    show_default=True,
    help="Where the application keeps its secret; stands in the configuration.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (without --for).")
@realm_option
@with_keycloak
def show_application(
    keycloak: Keycloak, application: str, kind: str | None, secret_file: str, as_json: bool, realm: str
) -> None:
    """Show APPLICATION (a client id), or with --for the files that configure it.

    The secret is never shown. `moncompte apply` writes it to the manifest's secret_file, rotate-secret to a
    file of your choice.

    \b
    Examples:
      moncompte applications show extranet
      moncompte applications show portail --for spring
      moncompte applications show portail --for apache --secret-file /etc/apache2/moncompte.secret
    """
    client = _found(keycloak, realm, application)
    described = _described(client) | {"issuer": f"{keycloak.url}/realms/{realm}"}
    if kind is not None:
        _print_configuration(kind, described, secret_file)
    elif as_json:
        print_json(described)
    else:
        for name, value in described.items():
            click.echo(f"{name:<26}{_shown(name, value)}")


def _shown(name: str, value: object) -> str:
    """A property of an application as a person reads it."""
    if name == "agencies" and not value:
        return _("all")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return printable(", ".join(value) if isinstance(value, list) else value) or "-"


def _print_configuration(kind: str, described: Json, secret_file: str) -> None:
    client_id, redirect_uris = described["client_id"], described["redirect_uris"]
    if described["type"] == "public":
        text = _("{client_id} is public: these configurations want a secret.")
        raise click.UsageError(text.format(client_id=client_id))
    path = callback(kind)
    bases = [address.removesuffix(path) for address in redirect_uris if address.endswith(path)]
    if not bases:
        text = _(
            "{title} answers at …{path}, which is no redirect URI of {client_id} ({redirect_uris}). Add it in"
            " the manifest and run moncompte apply."
        )
        values = {"title": in_manifest(kind, EXAMPLE)["name"], "path": path, "client_id": client_id}
        raise click.UsageError(text.format(**values, redirect_uris=", ".join(redirect_uris)))
    filled_in = Values(described["issuer"], client_id, bases[0], secret_file)
    for name, text in rendered(kind, filled_in).items():
        click.echo(f"==> {name} <==\n{text}")


@applications.command("rotate-secret", short_help="Give an application a new secret.")
@click.argument("application")
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that the new secret is written to, readable by its owner only.",
)
@realm_option
@with_keycloak
@understood()
def rotate_secret(keycloak: Keycloak, application: str, output: Path, realm: str) -> None:
    """Give APPLICATION (a client id) a new secret.

    The old secret stops working at once. Owners cannot sign in until the application has the new one. Owners
    who are signed in stay signed in.

    \b
    Examples:
      moncompte applications rotate-secret portail --output portail.secret
    """
    client = _found(keycloak, realm, application)
    if client.get("publicClient"):
        text = _("{application} is public: it has no secret.")
        raise click.UsageError(text.format(application=application))
    if client.get("clientAuthenticatorType") != "client-secret":
        text = _("{application} has a key in place of a secret: change that, and its jwks_… with it.")
        raise click.UsageError(text.format(application=application))
    # Tried first: a secret that cannot be written would be lost, and the one before with it.
    admin = keycloak.admin(realm)
    write_secret(output, str(admin.get_client_secrets(client["id"])["value"]))
    renewed = admin.generate_client_secrets(client["id"])
    write_secret(output, str(renewed["value"]))
    text = _("{application} of the realm {realm} has a new secret, in {file}; the one before has ended.")
    say(text.format(application=application, realm=realm, file=output))
    click.echo(
        _("If the manifest names a secret_file for it, moncompte apply writes the new one there, too.")
    )


def _found(keycloak: Keycloak, realm: str, client_id: str) -> Json:
    client = keycloak.client(realm, client_id)
    if client is None or not _is_application(client):
        text = _(
            "There is no application {client_id!r} in the realm {realm!r}; `moncompte applications list`"
            " shows those there are."
        )
        raise NotFoundError(text.format(client_id=client_id, realm=realm))
    return client


def _is_application(client: Json) -> bool:
    """Whether owners sign in to it: not a client of Keycloak's own, and not the credentials of an agency."""
    return bool(client.get("standardFlowEnabled")) and client["clientId"] not in RESERVED_CLIENTS


def _described(client: Json) -> Json:
    attributes = client.get("attributes") or {}

    def listed(name: str, separator: str) -> list[str]:
        return [one for one in str(attributes.get(name) or "").split(separator) if one not in ("", "-")]

    return {
        "client_id": client["clientId"],
        "name": client.get("name"),
        "type": "public" if client.get("publicClient") else "confidential",
        "enabled": bool(client.get("enabled")),
        "url": client.get("baseUrl"),
        "redirect_uris": list(client.get("redirectUris") or []),
        "post_logout_redirect_uris": listed("post.logout.redirect.uris", "##"),
        "backchannel_logout_url": attributes.get("backchannel.logout.url"),
        "scopes": sorted(client.get("optionalClientScopes") or []),
        "agencies": listed("moncompte.agencies", ","),
        "audiences": list(_audiences(client)),
        "profile": attributes.get("moncompte.profile"),
    }


def _audiences(client: Json) -> Iterator[str]:
    """Client ids of other applications that its access tokens are for."""
    for mapper in client.get("protocolMappers") or []:
        audience = (mapper.get("config") or {}).get("included.client.audience")
        if mapper["protocolMapper"] == "oidc-audience-mapper" and audience != client["clientId"]:
            yield str(audience)
