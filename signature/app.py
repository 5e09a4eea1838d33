"""Serves the files of the application, with the headers that keep anything else out of its page."""

from urllib.parse import urlsplit

from flask import Flask, Response, render_template


def create_app(issuer: str, client_id: str) -> Flask:
    """The server of the application.

    issuer     the realm, as its tokens name it
    client_id  the application's name there
    """
    app = Flask(__name__)
    realm = urlsplit(issuer)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none';"
        f" base-uri 'none'; form-action 'none'; connect-src {realm.scheme}://{realm.netloc}"
    )

    @app.get("/")
    def page() -> str:
        return render_template("signature.html", issuer=issuer, client_id=client_id)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    return app
