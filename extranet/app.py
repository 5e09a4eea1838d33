"""The Extranet as a Flask application: its sessions and its headers."""

from typing import Any
from urllib.parse import urlsplit

from cachelib import FileSystemCache
from flask import Flask, request
from flask_session import Session

from extranet import backchannel, problems, realms, sessions, signin
from extranet.pages import pages
from extranet.settings import Settings


def create_app(settings: Settings) -> Flask:
    """The application. OSError when the directory of the sessions cannot be made."""
    app = Flask(__name__)
    app.extensions["settings"] = settings
    app.jinja_env.globals["title"] = settings.title
    _keep_sessions_on_the_server(app, settings)
    realms.register(app, settings)
    backchannel.register(app)
    signin.register(app)
    app.register_blueprint(pages)
    problems.register(app)
    _send_security_headers(app, settings)
    return app


def _keep_sessions_on_the_server(app: Flask, settings: Settings) -> None:
    """The browser holds an opaque id; tokens and names stay here, in files of this user only."""
    settings.session_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    cache = FileSystemCache(str(settings.session_directory), threshold=10_000, mode=0o600)
    app.extensions["cache"] = cache
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024,
        SESSION_TYPE="cachelib",
        SESSION_CACHELIB=cache,
        SESSION_PERMANENT=False,  # the cookie ends with the browser
        PERMANENT_SESSION_LIFETIME=sessions.SESSION_SECONDS,
        # On a developer's machine, cookies do not tell ports apart: each application has a name of its own.
        SESSION_COOKIE_NAME=f"__Host-{settings.client_id}" if settings.secure else settings.client_id,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
    )
    Session(app)


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
