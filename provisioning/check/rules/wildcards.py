"""Codes and tokens go to addresses that are known one by one (RFC 9700, 4.1.3).

An address without a host (`/admin/…/console/*`, of Keycloak's own clients) is one of the server itself,
unless the client has a root elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Json
from ..finding import Finding
from ..installation import Installation


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for each redirect URI with a wildcard; a warning for one after signing out, and for a web
    origin that is everybody."""
    for realm in installation.all_realms:
        for client in realm.clients:
            if client.get("enabled") and _signs_in(client):
                yield from _of_client(realm.name, client)


def _signs_in(client: Json) -> bool:
    return bool(client.get("standardFlowEnabled") or client.get("implicitFlowEnabled"))


def _of_client(realm: str, client: Json) -> Iterator[Finding]:
    name = str(client["clientId"])
    after_signing_out = (client.get("attributes") or {}).get("post.logout.redirect.uris") or ""
    for address in client.get("redirectUris") or []:
        if _is_open(address, client):
            yield Finding(
                "error",
                "wildcards",
                realm,
                name,
                f"The redirect URI {address} lets sign-ins end on pages nobody knows.",
                "Name each address; moncompte apply puts those of the manifest back.",
            )
    for address in after_signing_out.split("##"):
        if _is_open(address, client):
            yield Finding(
                "warning",
                "wildcards",
                realm,
                name,
                f"Signing out may lead owners to pages nobody knows ({address}), in the realm's name.",
                "Name each address; moncompte apply puts those of the manifest back.",
            )
    if "*" in (client.get("webOrigins") or []):
        yield Finding(
            "warning",
            "wildcards",
            realm,
            name,
            "Scripts of any site may call the server for this client (web origin *).",
            "Name the origins; moncompte apply puts those of the manifest back.",
        )


def _is_open(address: str, client: Json) -> bool:
    """Whether an address stands for many on another server than Keycloak itself."""
    root = str(client.get("rootUrl") or "")
    of_the_server = address.startswith("/") and (not root or root.startswith("${auth"))
    return "*" in address and not of_the_server
