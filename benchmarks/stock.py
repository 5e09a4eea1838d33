"""Keycloak's own browser flow and theme beside ours on one server, in two ways.

The stock realm (`STOCK`) is a new realm of Keycloak's. What else costs time at a sign-in is set as in ours:
protection against guessing, events that are kept, the hash of passwords, French first. It has no agencies (no
organizations), and passkeys are off.

The stock application (`STOCK_APPLICATION`) is a second application in our realm, bound to Keycloak's flow and
theme. Nothing but flow and theme differs: the same owners sign in, with their agency, passkeys are offered,
and the same required actions are looked at.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.installation import Installation
from tests.integration.stage import PERSONAL, Stage

STOCK = "stock"
STOCK_APPLICATION = "extranet-stock"
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

    where: Installation
    stage: Stage
    accounts: list[str]

    @property
    def ours(self) -> str:
        """Name of our realm."""
        return self.stage.realm.name

    def entrance(self, realm: str, client_id: str = "extranet", **parameters: str) -> str:
        """Address of the authorization endpoint of a realm, as the Extranet would call it."""
        query = {
            "client_id": client_id,
            "redirect_uri": REDIRECT_URI,
            "response_type": "code",
            "scope": "openid profile email",
            "state": "some-state",
            "nonce": "some-nonce",
            "code_challenge": _CHALLENGE,
            "code_challenge_method": "S256",
        }
        base = f"{self.where.server.url}/realms/{realm}/protocol/openid-connect/auth"
        return f"{base}?{urlencode(query | parameters)}"


@contextlib.contextmanager
def beside_stock(where: Installation, accounts: int) -> Iterator[Beside]:
    """Both realms on a server, and so many accounts in each; the stock realm ends with the context."""
    stage = Stage(where.make_realm(), where.mailbox)
    identifiers = [f"B{number:03}" for number in range(accounts)]
    for identifier in identifiers:
        stage.activated(identifier)
    addresses = [stage.address(identifier) for identifier in identifiers]
    stage.admin.do("POST", "../", _stock_realm(stage, addresses))
    stage.admin.do("POST", "clients", _stock_application(stage))
    try:
        yield Beside(where, stage, addresses)
    finally:
        stage.admin.do("DELETE", f"../{STOCK}")


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


def _stock_application(stage: Stage) -> dict[str, object]:
    ours = stage.admin.client("extranet")
    flows = stage.admin.read("authentication/flows")
    browser = next(flow["id"] for flow in flows if flow["alias"] == "browser")
    return {
        **{setting: ours[setting] for setting in ours if setting not in ("id", "secret", "protocolMappers")},
        "clientId": STOCK_APPLICATION,
        "authenticationFlowBindingOverrides": {"browser": browser},
        "attributes": ours["attributes"] | {"login_theme": "keycloak.v2"},
    }
