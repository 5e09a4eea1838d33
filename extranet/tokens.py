"""The tokens of a session: what they say of the owner, and how they are renewed.

An access token lives for minutes. When it has run out, the refresh token gets new ones, and with them what
the realm says of the owner now. A refresh token serves once (rotation), so one request at a time may renew.
"""

import time
from typing import Any

from flask import current_app
from requests import RequestException

from extranet.issuers import Issuer

Known = dict[str, Any]
"""What a session keeps: `claims`, `contacts`, `id_token`, and `tokens` to renew it all with."""

EARLY = 10  # seconds before its end that an access token counts as run out


def known(realm: Any, issuer: Issuer, token: dict[str, Any], claims: dict[str, Any]) -> Known:
    """What a token response says of the issuer's own agencies.

    realm   Authlib's client
    token   the response of the token endpoint
    claims  of its ID token, checked
    """
    userinfo = _userinfo(realm, token, claims["sub"])
    # An owner of many contracts: the tokens would not fit into a request, userinfo has them.
    whole: dict[str, Any] = {
        name: userinfo[name] for name in ("organization", "contracts") if name in userinfo
    }
    return {
        "claims": issuer.own({**claims, **whole}),
        "contacts": issuer.own_of(userinfo.get("contacts", [])) if userinfo else None,
        "id_token": token["id_token"],
        "tokens": {"refresh_token": token.get("refresh_token"), "expires_at": token.get("expires_at")},
    }


def run_out(known: Known | None) -> bool:
    """Whether the access token has run out and there is a refresh token to get another with."""
    tokens = known and known["tokens"]
    if not tokens or not tokens["refresh_token"]:
        return False
    return time.time() > (tokens["expires_at"] or 0) - EARLY


def renewed(realm: Any, issuer: Issuer, before: Known) -> Known:
    """What the realm says now of the same owner.

    Raises what Authlib does: OAuthError (`invalid_grant` when the session has ended), RequestException,
    JoseError for an ID token that is not right.
    """
    refresh_token = before["tokens"]["refresh_token"]
    token = realm.fetch_access_token(grant_type="refresh_token", refresh_token=refresh_token)
    token.setdefault("refresh_token", refresh_token)
    # OpenID Connect Core 12.2: the same issuer and the same owner; there is no nonce.
    asked = {
        "iss": {"essential": True, "value": issuer.url},
        "sub": {"essential": True, "value": before["claims"]["sub"]},
    }
    claims = realm.parse_id_token(token, nonce=None, claims_options=asked)
    return known(realm, issuer, token, dict(claims))


def _userinfo(realm: Any, token: dict[str, Any], owner: str) -> dict[str, Any]:
    """What userinfo alone has: contact details, many contracts. Empty when it does not answer."""
    try:
        userinfo: dict[str, Any] = realm.userinfo(token=token)
    except RequestException as error:
        current_app.logger.warning("userinfo: %s", type(error).__name__)
        return {}
    return userinfo if userinfo.get("sub") == owner else {}  # OpenID Connect Core 5.3.2
