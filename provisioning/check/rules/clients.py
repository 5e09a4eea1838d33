"""Rules of clients and administrators: their secrets, and what applications are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ...server.keycloak import Json
from ...terminal import day
from ...texts import _
from ..installation import Finding, Installation, RealmSeen, Severity

# ---------------------------------------------------------------- secrets

SHORTEST = 16
"""Characters of a client's secret; Keycloak makes 32."""

SOON, OLD = timedelta(days=30), timedelta(days=365)

_SERVICE_ACCOUNT = "service-account-"


def default_passwords(installation: Installation) -> Iterator[Finding]:
    """Nothing is still as it came: accounts of the first start, secrets that somebody typed."""
    for realm in installation.all_realms:
        for client, secret in _secrets(realm):
            name = str(client["clientId"])
            if secret.lower() == name.lower():
                text = _("The secret of this client is one that everybody tries first.")
                yield Finding("error", realm.name, name, text, _rotate(realm, name))
            elif len(secret) < SHORTEST:
                text = _("The secret of this client has fewer than {shortest} characters: somebody typed it.")
                yield Finding("error", realm.name, name, text.format(shortest=SHORTEST), _rotate(realm, name))
    master = installation.master.name
    for name in installation.usual_passwords:
        text = _("The password of this administrator is one that everybody tries first.")
        cure = _("Console, realm master, Users, this user, Credentials: Reset password. Add a second factor.")
        yield Finding("error", master, name, text, cure)
    for name in installation.temporary:
        if name.startswith(_SERVICE_ACCOUNT):
            text = _(
                "This client was made when the server first started; its secret stands in that environment."
            )
            cure = _(
                "Take KC_BOOTSTRAP_ADMIN_CLIENT_… out of the environment and give the client a new secret."
            )
            yield Finding("notice", master, name.removeprefix(_SERVICE_ACCOUNT), text, cure)
        else:
            text = _(
                "This administrator was made when the server first started; the password stands in that"
                " environment."
            )
            cure = _("Make an administrator of your own, with a second factor, and delete this one.")
            yield Finding("warning", master, name, text, cure)


def secrets_expiry(installation: Installation) -> Iterator[Finding]:
    """Secrets of clients are valid, and not for ever.

    Keycloak writes when a secret was made; when it ends only with the preview feature client-secret-rotation,
    or where a client profile sets it.
    """
    now = installation.now
    for realm in installation.realms:
        for client, _secret in _secrets(realm):
            name = str(client["clientId"])
            made = _moment(client, "client.secret.creation.time")
            ends = _moment(client, "client.secret.expiration.time")
            if ends is not None and ends <= now:
                text = _("The secret of this client ended on {day}: its owners cannot sign in.")
                yield Finding("error", realm.name, name, text.format(day=day(ends)), _rotate(realm, name))
            elif ends is not None and ends - now <= SOON:
                text = _("The secret of this client ends on {day}: then its owners cannot sign in.")
                yield Finding("warning", realm.name, name, text.format(day=day(ends)), _rotate(realm, name))
            elif made is not None and now - made > OLD:
                text = _("The secret of this client is of {day}: more than a year old.")
                yield Finding("notice", realm.name, name, text.format(day=day(made)), _rotate(realm, name))


def _secrets(realm: RealmSeen) -> Iterator[tuple[Json, str]]:
    """The clients in use that have a secret, with it."""
    for client in realm.clients:
        if client.get("enabled") and client.get("secret") and not client.get("publicClient"):
            yield client, str(client["secret"])


def _rotate(realm: RealmSeen, name: str) -> str:
    return f"moncompte applications rotate-secret {name} --realm {realm.name} --output {name}.secret"


def _moment(client: Json, attribute: str) -> datetime | None:
    """The moment an attribute holds, in seconds of Unix time; 0 and nothing say none."""
    value = str((client.get("attributes") or {}).get(attribute) or "0")
    return datetime.fromtimestamp(int(value), UTC) if value.isdecimal() and int(value) else None


# ---------------------------------------------------------------- claims

_ATTRIBUTES = ("contacts", "contracts", "identifiers", "links", "merges")
"""User attributes that hold what all of an owner's agencies know."""

_CLAIMS = ("contacts", "contracts", "organization")
"""Claims that only our mappers make."""

_OF_AGENCIES = ("oidc-organization-membership-mapper", "oidc-organization-group-membership-mapper")


def mappers(installation: Installation) -> Iterator[Finding]:
    """An application is told of the agencies it is entitled to, and of no other (specification, rule 10).

    Our mappers see to it. Keycloak's own give whatever an owner has to every application that they reach:
    those in a client scope reach every application that has the scope, which of `profile` or `email` is all
    of them.
    """
    for realm in installation.realms:
        for scope in realm.client_scopes:
            yield from _mappers_of("error", realm.name, f"client scope {scope['name']}", scope)
        for client in realm.clients:
            if client.get("enabled"):
                yield from _mappers_of("warning", realm.name, str(client["clientId"]), client)


def _mappers_of(severity: Severity, realm: str, subject: str, holder: Json) -> Iterator[Finding]:
    text = _("The mapper {name} tells applications of agencies they are not entitled to.")
    cure = _(
        "Delete the mapper in the administration console; what an application may know comes from its scopes"
        " and agencies in the manifest."
    )
    for mapper in holder.get("protocolMappers") or []:
        if _gives_away(mapper):
            yield Finding(severity, realm, subject, text.format(name=mapper["name"]), cure)


def _gives_away(mapper: Json) -> bool:
    kind, config = str(mapper["protocolMapper"]), mapper.get("config") or {}
    if kind.startswith("moncompte-"):
        return False
    return (
        kind in _OF_AGENCIES
        or config.get("user.attribute") in _ATTRIBUTES
        or config.get("claim.name") in _CLAIMS
    )
