"""How an owner comes in and goes out: OpenID Connect, authorization code with PKCE.

| address | what it does |
| --- | --- |
| `GET /login` | sends the browser to the realm, with the agency's codes when the address has them |
| `GET /action/<name>` | sends a signed-in owner to a form of the realm (`kc_action`; see `actions.py`) |
| `GET /renew` | asks the realm again, for what it says now of the owner |
| `GET /callback`, `/callback/<realm>` | where a realm sends it back: one redirect URI a realm |
| `POST /logout` | ends the session here, then the single sign-on session |
| `POST /backchannel-logout`, `…/<realm>` | a realm says that a session has ended elsewhere |

Authlib makes and checks state, nonce and PKCE, and checks the ID token: signature, issuer, audience, expiry.
What it leaves to the application is here: the issuer of the answer (RFC 9207), a new session id, the token
of a back-channel logout, and when to renew tokens (`tokens.py` does it).
"""

import hmac
import re
import secrets
import time
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, abort, current_app, flash, redirect, request, session, url_for
from joserfc import jwt
from joserfc.errors import InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import RequestException
from werkzeug.wrappers import Response

from extranet import contracts, tokens
from extranet.actions import ACTIONS
from extranet.issuers import Issuer
from extranet.problems import Problem
from extranet.settings import Settings

SCOPES = "openid profile email organization contracts"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CLOCKS_DIFFER = 60  # seconds, at most
SESSION_SECONDS = 30 * 60  # without a request
KEYS_EVERY = 30  # seconds, at most so often, for a key that is not known
CHOICE_COOKIE = "extranet-bien"  # which contract the owner chose last (`contracts.mark`)

# What an entry address may hand on to the realm, and the form each must have.
CODE = re.compile(r"[A-Za-z0-9]+")
TYPED = re.compile(r"[^\x00-\x1f\x7f]{1,254}")
HANDED_ON = {
    "client": CODE,
    "societe": CODE,
    "identifiant": TYPED,
    "login_hint": TYPED,
    "prompt": re.compile(r"create|login"),
}

CODES = {"client", "societe"}

signin = Blueprint("signin", __name__)


def register(app: Flask, settings: Settings) -> None:
    """Add the addresses above. The realm is asked for its own (discovery) when they are first needed."""
    oauth: Any = OAuth(app)
    app.extensions["realms"] = {
        issuer.name: oauth.register(
            f"realm{number or ''}",
            server_metadata_url=f"{issuer.url}/.well-known/openid-configuration",
            client_id=settings.client_id,
            client_secret=issuer.client_secret,
            client_kwargs={"scope": SCOPES, "code_challenge_method": "S256", "default_timeout": 10},
        )
        for number, issuer in enumerate(settings.issuers)
    }
    app.extensions["realm"] = app.extensions["realms"][settings.issuers[0].name]
    app.register_blueprint(signin)
    app.before_request(_forget_session_ended_elsewhere)
    app.before_request(_renew_tokens)


@signin.get("/login")
def login() -> Response:
    handed_on = {name: value for name, value in request.args.items() if name in HANDED_ON and value}
    for name, value in handed_on.items():
        if not HANDED_ON[name].fullmatch(value):
            raise Problem("entry")
    # A letter's address or a hint names an owner: whether that is who is signed in, the realm knows.
    named = {"prompt", "identifiant"} & handed_on.keys() or names_another(handed_on.get("login_hint"))
    codes = {name: value for name, value in handed_on.items() if name in CODES}
    issuer = issuer_of(codes)
    if "claims" in session and not named and (issuer == _issuer() or len(codes) < len(CODES)):
        _arrive(codes)
        return redirect(url_for("pages.home"))
    # Kept so that « Réessayer » and a sign-in after « Déconnexion » go to the same agency.
    session["entry"] = codes
    return _ask_realm(issuer, handed_on, arriving=True)


@signin.get("/action/<name>")
def action(name: str) -> Response:
    """What the owner does at the realm; the tokens it comes back with hold what has changed."""
    if name not in ACTIONS:
        abort(404)
    if "claims" not in session:
        return redirect(url_for("signin.login"))
    # Should the single sign-on session have ended, the owner is asked for the password of this address.
    hint = session["claims"].get("email", "")
    asked = {"kc_action": ACTIONS[name].kc_action, "login_hint": hint, **session.get("entry", {})}
    arriving = name == "add-contract"
    return _ask_realm(_issuer(), asked, back=ACTIONS[name].back, action=name, arriving=arriving)


@signin.get("/renew")
def renew() -> Response:
    """Asks the realm again: whoever is signed in there comes back at once, to « Profil »."""
    if "claims" not in session:
        return redirect(url_for("signin.login"))
    hint = {"login_hint": session["claims"].get("email", "")}
    return _ask_realm(_issuer(), hint, back="pages.profile")


@signin.get("/callback")
@signin.get("/callback/<name>")
def callback(name: str = "") -> Response:
    issuer = _issuer_named(name)
    realm = _realm(issuer)
    if (
        request.args.get("iss") != issuer.url
    ):  # RFC 9207: the answer of another provider is not taken for ours
        raise Problem("stale", "the answer names another issuer, or none")
    if request.args.get("error_description") == "authentication_expired":
        # Keycloak's word for: signed in meanwhile in another tab. Asking again gets the answer at once.
        return redirect(url_for("signin.login", **session.get("entry", {})))
    # What was asked with this state; Authlib forgets it as soon as the answer has been taken.
    asked = realm.framework.get_state_data(session, request.args.get("state")) or {}
    token = realm.authorize_access_token(claims_options={"iss": {"essential": True, "value": issuer.url}})
    if "userinfo" not in token:
        raise Problem("stale", "the answer holds no ID token")
    _begin_session(issuer, tokens.known(realm, issuer, token, dict(token["userinfo"])))
    if asked.get("arriving"):
        _arrive(session["entry"])
    done = ACTIONS.get(asked.get("action", ""))
    if done and (said := done.said(request.args.get("kc_action_status", ""))):
        flash(said)
    return redirect(url_for(asked.get("back", "pages.home")))


@signin.post("/logout")
def logout() -> Response:
    if "claims" in session and not sent_by_our_page():
        raise Problem("forged")
    id_token = session.get("id_token")
    realm = _realm(_issuer())
    _end_session()
    try:
        # Without the hint (the session here had run out) the realm asks before it ends its own.
        goodbye = realm.create_logout_url(
            post_logout_redirect_uri=f"{_settings().public_url}/",
            id_token_hint=id_token,
            client_id=_settings().client_id,
        )
    except RequestException as error:
        raise Problem("half-out", str(error)) from error
    return redirect(goodbye["url"])


@signin.post("/backchannel-logout")
@signin.post("/backchannel-logout/<name>")
def backchannel_logout(name: str = "") -> Response:
    """OpenID Connect Back-Channel Logout 1.0: 200, or 400 for a token that is not right (2.8)."""
    token = request.form.get("logout_token", "")
    issuer, client_id = _issuer_named(name), _settings().client_id
    try:
        try:
            ended = ended_session(token, _realm_keys(issuer), issuer.url, client_id)
        except InvalidKeyIdError:  # perhaps the realm has a new key
            if not _may_ask_for_keys(issuer):
                raise
            ended = ended_session(token, _realm_keys(issuer, fresh=True), issuer.url, client_id)
    except (JoseError, ValueError) as error:
        current_app.logger.warning("a logout token was refused: %s", error)
        return Response("invalid logout token", status=400, mimetype="text/plain")
    current_app.extensions["cache"].set(f"ended:{issuer.name}:{ended}", time.time(), SESSION_SECONDS)
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


def names_another(hint: str | None) -> bool:
    """Whether a hint is another address than that of the owner who is signed in here."""
    return bool(hint) and hint != session.get("claims", {}).get("email")


def _ask_realm(
    issuer: Issuer,
    parameters: dict[str, str],
    back: str = "pages.home",
    action: str = "",
    *,
    arriving: bool = False,
) -> Response:
    """Sends the browser to a realm with a question that its answer, at its own callback, must match.

    back      the page the owner comes back to
    action    the action asked for, a name in ACTIONS
    arriving  whether the codes of the entry address choose what is shown then
    """
    redirect_uri = f"{_settings().public_url}{_callback(issuer)}"
    realm = _realm(issuer)
    # In two steps, because Authlib's authorize_redirect() has no room for a parameter named `client`.
    question = realm.create_authorization_url(redirect_uri)
    realm.save_authorize_data(
        redirect_uri=redirect_uri, back=back, action=action, arriving=arriving, **question
    )
    return redirect(add_params_to_uri(question["url"], parameters))


def _begin_session(issuer: Issuer, known: tokens.Known) -> None:
    """From here on the browser belongs to this owner. What came before is dropped, its session id too."""
    owner = known["claims"]["sub"]
    kept = request.cookies.get(CHOICE_COOKIE)
    same_owner = session.get("claims", {}).get("sub") == owner
    entry, shown = session.get("entry", {}), session.get("contract") if same_owner else None
    session.clear()
    session.update(
        known,
        issuer=issuer.name,
        entry=entry,
        contract=shown or contracts.remembered(known["claims"].get("contracts", []), owner, kept),
        since=time.time(),
        csrf=secrets.token_urlsafe(32),
    )
    _new_session_id()


def _arrive(codes: contracts.Entry) -> None:
    """Shows the agency of these codes first; without codes, what was shown before."""
    if not codes:
        return
    session["entry"] = codes
    owned = session["claims"].get("contracts", [])
    session["contract"] = contracts.arriving(owned, session.get("contract"), codes)


def sent_by_our_page() -> bool:
    """Whether the form holds the secret that our pages put into theirs (cross-site request forgery)."""
    return hmac.compare_digest(request.form.get("csrf", "").encode(), session["csrf"].encode())


def _end_session() -> None:
    """Forgets the owner. The codes of the entry address stay: a new sign-in goes to the same agency."""
    entry = session.get("entry")
    session.clear()
    if entry:
        session["entry"] = entry
        _new_session_id()


def _new_session_id() -> None:
    """So that an id known before signing in or out is worth nothing after (session fixation)."""
    interface: Any = current_app.session_interface
    interface.regenerate(session)


def _forget_session_ended_elsewhere() -> None:
    if "claims" not in session:
        return
    sid = session["claims"].get("sid")
    ended = current_app.extensions["cache"].get(f"ended:{_issuer().name}:{sid}")
    if ended is not None and ended >= session["since"]:
        _end_session()


def _renew_tokens() -> Response | None:
    """New tokens for a page when the access token has run out; the sign-in when the realm gives none."""
    if "claims" not in session or request.blueprint != "pages" or not tokens.run_out(session.get("tokens")):
        return None
    owner, refresh_token = session["claims"]["sub"], session["tokens"]["refresh_token"]
    try:
        known = tokens.renewed(_realm(_issuer()), _issuer(), owner, refresh_token, SESSION_SECONDS)
    except OAuthError as error:
        if error.error != "invalid_grant":
            raise
        # The session has ended at the realm, or the refresh token was used by somebody else.
        _end_session()
        return redirect(url_for("signin.login", **session.get("entry", {})))
    session.update(known)
    return None


def issuer_of(codes: contracts.Entry) -> Issuer:
    """The realm where the agency of these codes lives; the first one without codes, and for codes that no
    realm has: its page S0 says so."""
    first, *others = _settings().issuers
    wanted = f"{codes.get('client', '')}/{codes.get('societe', '')}"
    return next((issuer for issuer in others if issuer.has(wanted)), first)


def _issuer() -> Issuer:
    """The realm that the owner is signed in at."""
    return _issuer_named(session.get("issuer", ""))


def _issuer_named(name: str) -> Issuer:
    """The realm of this name; the first one has the addresses without a name, too."""
    issuers = _settings().issuers
    if not name:
        return issuers[0]
    return next((issuer for issuer in issuers if issuer.name == name), None) or abort(404)


def _callback(issuer: Issuer) -> str:
    named = issuer != _settings().issuers[0]
    return url_for("signin.callback", name=issuer.name if named else None)


def _realm(issuer: Issuer) -> Any:
    """Authlib's client of a realm."""
    return current_app.extensions["realms"][issuer.name]


def _may_ask_for_keys(issuer: Issuer) -> bool:
    """Whether the realm may be asked for its keys anew: anybody can send tokens that name unknown ones."""
    cache, asked = current_app.extensions["cache"], f"keys-asked:{issuer.name}"
    if cache.get(asked):
        return False
    cache.set(asked, True, KEYS_EVERY)
    return True


def _realm_keys(issuer: Issuer, *, fresh: bool = False) -> KeySet:
    return KeySet.import_key_set(_realm(issuer).fetch_jwk_set(force=fresh))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
