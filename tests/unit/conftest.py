"""The Extranet without a realm: an application, and browsers of nobody and of Hélène."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient

from extranet import Settings, create_app

HELENE: dict[str, Any] = {
    "sub": "1",
    "sid": "single-sign-on-session",
    "name": "Hélène Lefèvre",
    "email": "helene.lefevre@example.org",
    "organization": {
        "1001-01": {
            "client": "1001",
            "societe": "01",
            "name": "Agence du Vieux-Port & Fils",
            "phone": "04 91 00 00 01",
            "email": "contact@agence.example",
            "help_url": "https://agence.example/aide",
        },
        "2002-01": {"client": "2002", "societe": "01", "name": "Cabinet", "help_url": "javascript:alert(1)"},
    },
    "contracts": [
        {
            "agency": "1001/01",
            "identifiers": ["P00012"],
            "reference": "LOT-7",
            "role": "copropriétaire",
            "address": "12 quai du Port, 13002 Marseille",
        },
        {"agency": "3003/01", "identifiers": ["X"], "reference": "", "role": "locataire", "address": ""},
    ],
}

CONTACTS = [
    {
        "agency": "1001/01",
        "address": "12 quai du Port 13002 Marseille",
        "phone": "04 91 55 10 20",
        "mobile": "06 11 22 33 44",
    },
    {"agency": "3003/01", "address": "1 allée <b>Nord</b>", "phone": "", "mobile": ""},
]


def signed_in(app: Flask, **changes: Any) -> str:
    """Hélène's session, with these changes; the cookie of her browser."""
    cookie = {"key": f":{HELENE['sid']}", "secret": "the-secret"}
    new = {"issuer": "", "secret": "the-secret", "csrf": "the-csrf-token", "tokens": None}
    known = {"claims": HELENE, "contacts": CONTACTS, "id_token": "an.id.token"}
    store = app.extensions["store"]
    store.put(cookie["key"], new | known | (store.get(cookie["key"], 60) or {}) | changes, 1800)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"owner": cookie}))


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    # A port that is held but does not listen: whoever connects is refused, for sure.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield Settings(
            issuer=f"http://127.0.0.1:{held.getsockname()[1]}/realms/moncompte",
            client_id="extranet",
            client_secret="unit-test",
            public_url="http://localhost:8000",
            session_directory=tmp_path / "sessions",
        )


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    """The browser of somebody who is signed in."""
    browser = app.test_client()
    browser.set_cookie("extranet", signed_in(app))
    return browser
