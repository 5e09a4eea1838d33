"""The realms of the Extranet: which one an owner signs in at, and how a browser is sent there to ask.

Each realm is an issuer of its own (`issuers.py`). Authlib has a client of each.
"""

from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, current_app, redirect, url_for
from werkzeug.wrappers import Response

from extranet import contracts
from extranet.cookies import Questions
from extranet.issuers import Issuer
from extranet.settings import Settings

SCOPES = "openid profile email organization contracts"


def register(app: Flask, settings: Settings) -> None:
    """Makes Authlib's clients. A realm is asked for its addresses (discovery) when they are first needed."""
    oauth: Any = OAuth(app)
    oauth.framework_integration_cls = Questions
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


def ask(issuer: Issuer, parameters: dict[str, str], back: str = "pages.home", **further: Any) -> Response:
    """Sends the browser to a realm with a question that its answer, at its own callback, must match.

    back     the page the owner comes back to
    further  what the callback has to know: the `action` asked for, the codes of the `entry` address
    """
    is_first = issuer == get_settings().issuers[0]
    callback = url_for("signin.callback", name=None if is_first else issuer.name)
    redirect_uri = f"{get_settings().public_url}{callback}"
    realm = client(issuer)
    # In two steps, because Authlib's authorize_redirect() has no room for a parameter named `client`.
    question = realm.create_authorization_url(redirect_uri)
    url = question.pop("url")
    realm.save_authorize_data(redirect_uri=redirect_uri, back=back, **further, **question)
    return redirect(add_params_to_uri(url, parameters))


def of_agency(codes: contracts.Entry) -> Issuer:
    """The realm where the agency of these codes lives.

    Without codes, and for codes that no realm has, it is the first one: its page S0 says so.
    """
    first, *others = get_settings().issuers
    wanted = f"{codes.get('client', '')}/{codes.get('societe', '')}"
    return next((issuer for issuer in others if issuer.has(wanted)), first)


def named(name: str) -> Issuer:
    """The realm of this name; the first one without a name. 404 when there is none."""
    issuers = get_settings().issuers
    if not name:
        return issuers[0]
    return next((issuer for issuer in issuers if issuer.name == name), None) or abort(404)


def client(issuer: Issuer) -> Any:
    """Authlib's client of a realm."""
    return current_app.extensions["realms"][issuer.name]


def get_settings() -> Settings:
    """The settings of this application."""
    settings: Settings = current_app.extensions["settings"]
    return settings
