"""How an owner comes in and goes out: OpenID Connect, authorization code with PKCE.

| address | what it does |
| --- | --- |
| `GET /login` | sends the browser to the realm, with the agency's codes when the address has them |
| `GET /action/<name>` | sends a signed-in owner to a form of the realm (`kc_action`; see `actions.py`) |
| `GET /renew` | asks the realm again, for what it says now of the owner |
| `GET /callback`, `/callback/<realm>` | where a realm sends it back: one redirect URI a realm |
| `POST /logout` | ends the session here, then the single sign-on session |

Authlib makes and checks state, nonce and PKCE, and checks the ID token: signature, issuer, audience, expiry.
The application itself checks the issuer of the answer (RFC 9207), and decides when tokens are renewed
(`tokens.py` does it). A session that ends elsewhere: `backchannel.py`.
"""

import re

from authlib.integrations.base_client import OAuthError
from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from requests import RequestException
from werkzeug.wrappers import Response

from extranet import cookies, realms, sessions, tokens
from extranet.actions import ACTIONS
from extranet.problems import Problem

# What an entry address may hand on to the realm, and the form each must have.
CODE = re.compile(r"[A-Za-z0-9]{1,60}")
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


def register(app: Flask) -> None:
    """Adds the addresses above, and renews tokens before a page is shown."""
    app.register_blueprint(signin)
    app.before_request(_renew_tokens)


@signin.get("/login")
def login() -> Response:
    handed_on = {name: value for name, value in request.args.items() if name in HANDED_ON and value}
    for name, value in handed_on.items():
        if not HANDED_ON[name].fullmatch(value):
            raise Problem("entry")
    owner = sessions.current()
    # A letter's address or a hint names an owner: whether that is who is signed in, the realm knows.
    hint = handed_on.get("login_hint")
    named = {"prompt", "identifiant"} & handed_on.keys() or sessions.is_another(owner, hint)
    codes = {name: value for name, value in handed_on.items() if name in CODES}
    issuer = realms.of_agency(codes)
    if owner and not named and (issuer.name == owner["issuer"] or len(codes) < len(CODES)):
        sessions.arrive(owner, codes)
        return redirect(url_for("pages.home"))
    # Kept so that « Réessayer » and a sign-in after « Déconnexion » go to the same agency.
    cookies.keep("entry", codes)
    return realms.ask(issuer, handed_on, entry=codes)


@signin.get("/action/<name>")
def action(name: str) -> Response:
    """What the owner does at the realm; the tokens it comes back with hold what has changed."""
    if name not in ACTIONS:
        abort(404)
    if not (owner := sessions.current()):
        return redirect(url_for("signin.login"))
    entry = sessions.entry()
    # Should the single sign-on session have ended, the owner is asked for the password of this address.
    hint = owner["claims"].get("email", "")
    asked = {"kc_action": ACTIONS[name].kc_action, "login_hint": hint, **entry}
    arriving = entry if name == "add-contract" else {}
    return realms.ask(realms.named(owner["issuer"]), asked, ACTIONS[name].back, action=name, entry=arriving)


@signin.get("/renew")
def renew() -> Response:
    """Asks the realm again: whoever is signed in there comes back at once, to « Profil »."""
    if not (owner := sessions.current()):
        return redirect(url_for("signin.login"))
    hint = {"login_hint": owner["claims"].get("email", "")}
    return realms.ask(realms.named(owner["issuer"]), hint, "pages.profile")


@signin.get("/callback")
@signin.get("/callback/<name>")
def callback(name: str = "") -> Response:
    issuer = realms.named(name)
    realm = realms.client(issuer)
    # RFC 9207: the answer of another provider is not taken for ours.
    if request.args.get("iss") != issuer.url:
        raise Problem("stale", "the answer names another issuer, or none")
    if request.args.get("error_description") == "authentication_expired":
        # Keycloak's word for: signed in meanwhile in another tab. Asking again gets the answer at once.
        return redirect(url_for("signin.login", **sessions.entry()))
    # What was asked with this state; Authlib forgets it as soon as the answer has been taken.
    asked = realm.framework.get_state_data(None, request.args.get("state")) or {}
    required = {"iss": {"essential": True, "value": issuer.url}, "sid": {"essential": True}}
    token = realm.authorize_access_token(claims_options=required)
    if "userinfo" not in token:
        raise Problem("stale", "the answer holds no ID token")
    owner = sessions.begin(issuer, tokens.known(realm, issuer, token, dict(token["userinfo"])))
    sessions.arrive(owner, asked.get("entry", {}))
    done = ACTIONS.get(asked.get("action", ""))
    if done and (said := done.said(request.args.get("kc_action_status", ""))):
        flash(said)
    return redirect(url_for(asked.get("back", "pages.home")))


@signin.post("/logout")
def logout() -> Response:
    owner = sessions.current()
    if owner and not sessions.is_sent_by_our_page(owner):
        raise Problem("forged")
    realm = realms.client(realms.named(owner["issuer"] if owner else ""))
    sessions.end()
    try:
        # Without the hint (the session here had run out) the realm asks before it ends its own.
        goodbye = realm.create_logout_url(
            post_logout_redirect_uri=f"{realms.get_settings().public_url}/",
            id_token_hint=owner and owner["id_token"],
            client_id=realms.get_settings().client_id,
        )
    except RequestException as error:
        raise Problem("half-out", str(error)) from error
    return redirect(goodbye["url"])


def _renew_tokens() -> Response | None:
    """New tokens for a page when the access token has run out; the sign-in when the realm gives none."""
    if request.blueprint != "pages" or not tokens.run_out(sessions.current()):
        return None
    try:
        with sessions.one_at_a_time() as owner:
            if owner and tokens.run_out(owner):
                issuer = realms.named(owner["issuer"])
                sessions.renew(owner, tokens.renewed(realms.client(issuer), issuer, owner))
    except OAuthError as error:
        if error.error != "invalid_grant":
            raise
        # The session has ended at the realm, or the refresh token was used by somebody else.
        sessions.end()
        return redirect(url_for("signin.login", **sessions.entry()))
    return None
