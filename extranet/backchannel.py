"""A realm says that a session has ended elsewhere (OpenID Connect Back-Channel Logout 1.0)."""

import time

from flask import Blueprint, current_app, request
from joserfc import jwt
from joserfc.errors import InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from werkzeug.wrappers import Response

from extranet import realms, sessions
from extranet.issuers import Issuer

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLOCKS_DIFFER = 60  # seconds, at most
KEYS_EVERY = 30  # seconds, at most so often, for a key that is not known

backchannel = Blueprint("backchannel", __name__)


@backchannel.post("/backchannel-logout")
@backchannel.post("/backchannel-logout/<name>")
def logout(name: str = "") -> Response:
    """200, or 400 for a token that is not right (2.8)."""
    token = request.form.get("logout_token", "")
    issuer, client_id = realms.named(name), realms.get_settings().client_id
    try:
        try:
            ended = ended_session(token, _keys(issuer), issuer.url, client_id)
        except InvalidKeyIdError:  # perhaps the realm has a new key
            if not _may_ask_for_keys(issuer):
                raise
            ended = ended_session(token, _keys(issuer, fresh=True), issuer.url, client_id)
    except (JoseError, ValueError) as error:
        current_app.logger.warning("a logout token was refused: %.200r", str(error))
        return Response("invalid logout token", status=400, mimetype="text/plain")
    sessions.end_elsewhere(issuer, ended)
    return Response(status=200)


def ended_session(token: str, keys: KeySet, issuer: str, client_id: str) -> str:
    """The single sign-on session (`sid`) that a logout token says has ended.

    Checked as Back-Channel Logout 1.0, 2.6 has it. JoseError or ValueError when the token is not right.
    """
    claims = jwt.decode(token, keys, algorithms=["RS256", "PS256", "ES256"]).claims
    jwt.JWTClaimsRegistry(
        leeway=CLOCKS_DIFFER,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
        sid={"essential": True},
        events={"essential": True},
    ).validate(claims)
    if LOGOUT_EVENT not in claims["events"]:
        raise InvalidClaimError("events")
    if "nonce" in claims:  # an ID token passed off as a logout token
        raise InvalidClaimError("nonce")
    return str(claims["sid"])


def _may_ask_for_keys(issuer: Issuer) -> bool:
    """Whether the realm may be asked for its keys anew: anybody can send tokens that name unknown ones."""
    asked: dict[str, float] = current_app.extensions.setdefault("keys_asked", {})
    if time.monotonic() < asked.get(issuer.name, 0) + KEYS_EVERY:
        return False
    asked[issuer.name] = time.monotonic()
    return True


def _keys(issuer: Issuer, *, fresh: bool = False) -> KeySet:
    return KeySet.import_key_set(realms.client(issuer).fetch_jwk_set(force=fresh))
