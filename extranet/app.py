"""The Extranet as a Flask application: its cookies and its headers."""

import hmac
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request

from extranet import problems, realms, sessions, signin
from extranet.backchannel import backchannel
from extranet.pages import pages
from extranet.settings import Settings
from extranet.store import RedisStore, Store


def create_app(settings: Settings) -> Flask:
    """The application. OSError when sessions cannot be kept where the settings say."""
    app = Flask(__name__)
    app.extensions["settings"] = settings
    app.jinja_env.globals.update(title=settings.title, signed_in=sessions.current)
    _configure(app, settings)
    realms.register(app, settings)
    app.register_blueprint(backchannel)
    signin.register(app)
    app.register_blueprint(pages)
    problems.register(app)
    _send_security_headers(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    if settings.session_directory:
        app.extensions["store"] = Store(settings.session_directory)
    else:
        app.extensions["store"] = RedisStore(settings.redis_url, prefix=f"{settings.client_id}:")
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024,
        # Several Extranets that share their sessions believe each other's cookies.
        SECRET_KEY=hmac.digest(settings.client_secret.encode(), b"cookies of the browser", "sha256").hex(),
        # On a developer's machine, cookies do not tell ports apart: each application has a name of its own.
        SESSION_COOKIE_NAME=f"__Host-{settings.client_id}" if settings.secure else settings.client_id,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
    )


def _send_security_headers(app: Flask, settings: Settings) -> None:
    servers = {urlsplit(issuer.url) for issuer in settings.issuers}
    realm = " ".join(sorted({f"{server.scheme}://{server.netloc}" for server in servers}))
    # The form of « Déconnexion » is answered by a redirection to the realm, which browsers check as well; the
    # logos of agencies are the realm's.
    policy = (
        f"default-src 'none'; style-src 'self'; img-src 'self' {realm}; frame-ancestors 'none';"
        f" base-uri 'none'; form-action 'self' {realm}"
    )

    @app.after_request
    def add_headers(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if settings.secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response
