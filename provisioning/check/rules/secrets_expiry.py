"""Secrets of clients are valid, and not for ever.

Keycloak writes when a secret was made; when it ends only with the preview feature client-secret-rotation, or
where a client profile sets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ...output import day
from ...server.keycloak import Json
from ...texts import _
from ..finding import Finding
from ..installation import Installation

MADE, ENDS = "client.secret.creation.time", "client.secret.expiration.time"
SOON = timedelta(days=30)
OLD = timedelta(days=365)


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for a secret that has ended, a warning for one that ends soon, a notice for one older than a
    year."""
    for realm in installation.realms:
        for client in realm.clients:
            if client.get("enabled") and client.get("secret") and not client.get("publicClient"):
                yield from _of_client(realm.name, client, installation.now)


def _of_client(realm: str, client: Json, now: datetime) -> Iterator[Finding]:
    name = str(client["clientId"])
    cure = f"moncompte applications rotate-secret {name} --realm {realm} --output {name}.secret"
    made, ends = _moment(client, MADE), _moment(client, ENDS)
    if ends is not None and ends <= now:
        reason = _("The secret of this client ended on {day}: its owners cannot sign in.").format(
            day=day(ends)
        )
        yield Finding("error", realm, name, reason, cure)
    elif ends is not None and ends - now <= SOON:
        reason = _("The secret of this client ends on {day}: then its owners cannot sign in.")
        yield Finding("warning", realm, name, reason.format(day=day(ends)), cure)
    elif made is not None and now - made > OLD:
        reason = _("The secret of this client is of {day}: more than a year old.").format(day=day(made))
        yield Finding("notice", realm, name, reason, cure)


def _moment(client: Json, attribute: str) -> datetime | None:
    """The moment an attribute holds, in seconds of Unix time; 0 and nothing say none."""
    value = str((client.get("attributes") or {}).get(attribute) or "0")
    return datetime.fromtimestamp(int(value), UTC) if value.isdecimal() and int(value) else None
