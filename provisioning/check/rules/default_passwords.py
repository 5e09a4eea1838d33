"""Nothing is still as it came: accounts of the first start, secrets that everybody tries first."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Json
from ...texts import _
from ..finding import Finding
from ..installation import Installation, RealmSeen

# The same words as in UsualPasswords.java.
USUAL = frozenset(
    {
        "admin",
        "azerty",
        "changeit",
        "changeme",
        "demo",
        "keycloak",
        "motdepasse",
        "password",
        "secret",
        "test",
    }
)
SHORTEST = 16
"""Characters of a client's secret; Keycloak makes 32."""

_SERVICE_ACCOUNT = "service-account-"


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for an administrator's password or a client's secret that is a usual one, a warning for a
    short secret and an administrator of the first start, a notice for a service account of it."""
    for realm in installation.all_realms:
        for client in realm.clients:
            yield from _of_client(realm, client)
    for name in installation.usual_passwords:
        yield Finding(
            "error",
            installation.master.name,
            name,
            _("The password of this administrator is one that everybody tries first."),
            _("Console, realm master, Users, this user, Credentials: Reset password. Add a second factor."),
        )
    for name in installation.temporary:
        yield _temporary(installation.master.name, name)


def _of_client(realm: RealmSeen, client: Json) -> Iterator[Finding]:
    secret = client.get("secret")
    if not isinstance(secret, str) or client.get("publicClient") or not client.get("enabled"):
        return
    name = str(client["clientId"])
    cure = f"moncompte applications rotate-secret {name} --realm {realm.name} --output {name}.secret"
    if secret.lower() in USUAL | {name.lower()}:
        yield Finding(
            "error",
            realm.name,
            name,
            _("The secret of this client is one that everybody tries first."),
            cure,
        )
    elif len(secret) < SHORTEST:
        yield Finding(
            "warning",
            realm.name,
            name,
            _("The secret of this client has fewer than {shortest} characters: somebody typed it.").format(
                shortest=SHORTEST
            ),
            cure,
        )


def _temporary(realm: str, name: str) -> Finding:
    if name.startswith(_SERVICE_ACCOUNT):
        return Finding(
            "notice",
            realm,
            name.removeprefix(_SERVICE_ACCOUNT),
            _("This client was made when the server first started; its secret stands in that environment."),
            _("Take KC_BOOTSTRAP_ADMIN_CLIENT_… out of the environment and give the client a new secret."),
        )
    return Finding(
        "warning",
        realm,
        name,
        _(
            "This administrator was made when the server first started; the password stands in that"
            " environment."
        ),
        _("Make an administrator of your own, with a second factor, and delete this one."),
    )
