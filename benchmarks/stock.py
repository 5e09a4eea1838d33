"""The stock realm beside ours on one server: Keycloak's own browser flow and its own theme.

It differs from a realm of `moncompte apply` in the flow and in the theme. What else costs time at a sign-in
is set as in ours: protection against guessing, events that are kept, the hash of passwords, French first.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from local_mailbox import Mailbox
from provisioning.keycloak import Keycloak, Settings
from tests.integration.stage import PERSONAL, Stage
from tests.realms import RealmMaker
from tests.server import ServerUnderTest, running_server

STOCK = "stock"
REDIRECT_URI = "http://localhost:8000/callback"

# RFC 7636, appendix B: this challenge belongs to no secret, as no code is ever exchanged here.
_CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
_SAME_AS_OURS = (
    "bruteForceProtected",
    "failureFactor",
    "eventsEnabled",
    "eventsExpiration",
    "adminEventsEnabled",
    "internationalizationEnabled",
    "supportedLocales",
    "defaultLocale",
    "revokeRefreshToken",
    "sslRequired",
)


@dataclass(frozen=True)
class Beside:
    """A server with both realms.

    accounts  addresses of owners, active in ours and known to the stock realm, whose password is PERSONAL
    """

    server: ServerUnderTest
    stage: Stage
    accounts: list[str]

    @property
    def ours(self) -> str:
        """Name of our realm."""
        return self.stage.realm.name

    def entrance(self, realm: str, **parameters: str) -> str:
        """Address of the authorization endpoint of a realm, as the Extranet would call it."""
        query = {
            "client_id": "extranet",
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "scope": "openid profile email",
            "state": "some-state",
            "nonce": "some-nonce",
            "code_challenge": _CHALLENGE,
            "code_challenge_method": "S256",
        }
        base = f"{self.server.url}/realms/{realm}/protocol/openid-connect/auth"
        return f"{base}?{urlencode(query | parameters)}"


@contextlib.contextmanager
def beside_stock(accounts: int) -> Iterator[Beside]:
    """A server of its own with both realms and so many accounts in each; it ends with the context."""
    with tempfile.TemporaryDirectory(prefix="moncompte-stock-") as directory:
        home = Path(directory)
        (home / "realms").mkdir()
        with running_server(home / "keycloak") as server, Mailbox(home / "mails") as mailbox:
            keycloak = Keycloak(Settings(server.url, server.client_id, server.client_secret))
            make_realm = RealmMaker(server, keycloak, mailbox.smtp_port, home / "realms")
            stage = Stage(make_realm(), mailbox)
            identifiers = [f"B{number:03}" for number in range(accounts)]
            for identifier in identifiers:
                stage.activated(identifier)
            addresses = [stage.address(identifier) for identifier in identifiers]
            stage.admin.do("POST", "../", _stock_realm(stage, addresses))
            yield Beside(server, stage, addresses)


def _stock_realm(stage: Stage, addresses: list[str]) -> dict[str, object]:
    ours = stage.admin.read("")
    return {
        "realm": STOCK,
        "enabled": True,
        "loginTheme": "keycloak.v2",
        "resetPasswordAllowed": True,
        **{setting: ours[setting] for setting in _SAME_AS_OURS},
        "clients": [
            {
                "clientId": "extranet",
                "redirectUris": [REDIRECT_URI],
                "secret": "of-no-use-as-no-code-is-exchanged",
                "attributes": {"pkce.code.challenge.method": "S256"},
            }
        ],
        "users": [
            {
                "username": address,
                "email": address,
                "emailVerified": True,
                "firstName": "Hélène",
                "lastName": "LEFÈVRE",
                "enabled": True,
                "credentials": [{"type": "password", "value": PERSONAL}],
            }
            for address in addresses
        ],
    }
