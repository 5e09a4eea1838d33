"""The tokens of a session: what they say of the owner, and how they are renewed.

An access token lives for minutes. When it has run out, the refresh token gets new ones, and with them what
the realm says of the owner now. A refresh token serves once (rotation): two requests that find the access
token run out at the same moment must not both use it, or the second would look like a thief's. So one of
them does, and the others take what it got.
"""

import hashlib
import time
from threading import Lock
from typing import Any

from cachelib import FileSystemCache
from flask import current_app
from requests import RequestException

from extranet.issuers import Issuer

Known = dict[str, Any]
"""What a session keeps: `claims`, `contacts`, `id_token`, and `tokens` to renew it all with."""

EARLY = 10  # seconds before its end that an access token counts as run out
_LOCKS = [Lock() for _ in range(64)]  # one for each of as many refresh tokens, by their hash


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


def run_out(tokens: dict[str, Any] | None) -> bool:
    """Whether the access token has run out and there is a refresh token to get another with."""
    if not tokens or not tokens["refresh_token"]:
        return False
    return time.time() > (tokens["expires_at"] or 0) - EARLY


def renewed(realm: Any, issuer: Issuer, owner: str, refresh_token: str, seconds: int) -> Known:
    """What the realm says now.

    owner    the `sub` that the answer must be about
    seconds  how long to remember what a refresh token was exchanged for

    Raises what Authlib does: OAuthError (`invalid_grant` when the session has ended), RequestException,
    JoseError for an ID token that is not right.
    """
    cache: FileSystemCache = current_app.extensions["cache"]
    digest = hashlib.sha256(refresh_token.encode()).hexdigest()
    with _LOCKS[int(digest, 16) % len(_LOCKS)]:
        found: Known | None = cache.get(f"renewed:{digest}")
        if found is None:
            found = _exchange(realm, issuer, owner, refresh_token)
            if found["tokens"]["refresh_token"] != refresh_token:
                cache.set(f"renewed:{digest}", found, seconds)
            return found
    if run_out(found["tokens"]):
        return renewed(realm, issuer, owner, found["tokens"]["refresh_token"], seconds)
    return found


def _exchange(realm: Any, issuer: Issuer, owner: str, refresh_token: str) -> Known:
    token = realm.fetch_access_token(grant_type="refresh_token", refresh_token=refresh_token)
    token.setdefault("refresh_token", refresh_token)
    # OpenID Connect Core 12.2: the same issuer and the same owner; there is no nonce.
    asked = {
        "iss": {"essential": True, "value": issuer.url},
        "sub": {"essential": True, "value": owner},
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
