"""The Extranet, as far as it goes without a realm: what comes in, what is shown, how sessions behave."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from extranet import Settings, SettingsError
from extranet.backchannel import LOGOUT_EVENT, ended_session
from tests.unit.conftest import HELENE, signed_in

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "query",
    [
        "client=10;01&societe=01",
        "client=1001&societe=../01",
        "client=é",
        "client=1001%0A",
        "prompt=none",
        "identifiant=%00",
        "login_hint=" + "x" * 255,
    ],
)
def test_an_entry_address_that_is_wrong_is_refused_with_a_way_on(visitor: FlaskClient, query: str) -> None:
    page = visitor.get(f"/login?{query}")
    assert page.status_code == 400
    assert "Adresse de connexion incorrecte" in page.text
    assert 'href="/"' in page.text


def test_the_generic_entrance_starts_a_sign_in(visitor: FlaskClient) -> None:
    assert visitor.get("/").location == "/login"


def test_a_sign_in_asks_the_realm_with_the_codes_and_pkce(app: Flask, visitor: FlaskClient) -> None:
    endpoint = "https://realm.example/auth"
    app.extensions["realm"].server_metadata.update(_loaded_at=1, authorization_endpoint=endpoint)
    entry = "client=1001&societe=01&identifiant=P+%C3%A9%26x&login_hint=a%40b.example&prompt=create"
    question = urlsplit(visitor.get(f"/login?{entry}&scope=admin&redirect_uri=x").location or "")
    asked = dict(parse_qsl(question.query))
    random = {name: asked.pop(name) for name in ("state", "nonce", "code_challenge")}
    assert all(len(value) >= 20 for value in random.values())
    assert asked == {
        "response_type": "code",
        "client_id": "extranet",
        "redirect_uri": "http://localhost:8000/callback",
        "scope": "openid profile email organization contracts",
        "code_challenge_method": "S256",
        "client": "1001",
        "societe": "01",
        "identifiant": "P é&x",
        "login_hint": "a@b.example",
        "prompt": "create",
    }


def test_an_outage_is_said_plainly_and_the_codes_are_kept(visitor: FlaskClient) -> None:
    page = visitor.get("/login?client=1001&societe=01&utm=x")
    assert page.status_code == 503
    assert "Service de connexion indisponible" in page.text
    assert 'href="/login?client=1001&amp;societe=01"' in page.text
    assert "Traceback" not in page.text


@pytest.mark.parametrize(
    ("answer", "status", "title"),
    [
        ("code=c&state=unknown", 400, "Connexion à recommencer"),
        ("", 400, "Connexion à recommencer"),
        ("error=access_denied&state=s", 403, "Connexion interrompue"),
        ("error=temporarily_unavailable&state=s", 503, "Service de connexion indisponible"),
        (
            "error=%3Cscript%3E&error_description=%3Cscript%3E&state=s",
            503,
            "Service de connexion indisponible",
        ),
    ],
)
def test_a_refusal_of_the_realm_is_a_page_with_a_way_on(
    visitor: FlaskClient, settings: Settings, answer: str, status: int, title: str
) -> None:
    page = visitor.get(f"/callback?{answer}&iss={settings.issuer}")
    assert page.status_code == status
    assert title in page.text
    assert 'class="button" href="/login"' in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize("issuer", ["", "&iss=https://evil.example/realms/moncompte"])
def test_the_answer_of_another_issuer_is_refused(visitor: FlaskClient, issuer: str) -> None:
    page = visitor.get(f"/callback?code=c&state=s{issuer}")
    assert page.status_code == 400
    assert "Connexion à recommencer" in page.text


def test_signed_in_in_another_tab_meanwhile_asks_again(visitor: FlaskClient, settings: Settings) -> None:
    expired = "error=temporarily_unavailable&error_description=authentication_expired"
    assert visitor.get(f"/callback?{expired}&iss={settings.issuer}").location == "/login"


def test_the_page_of_an_owner(owner: FlaskClient) -> None:
    page = owner.get("/").text
    for shown in [
        "Bonjour Hélène Lefèvre",
        "Agence du Vieux-Port &amp; Fils",
        "12 quai du Port, 13002 Marseille",
        "LOT-7",
        "Copropriétaire",
        "3003/01",
        "Adresse non renseignée",
        "Déconnexion",
        '<html lang="fr">',
    ]:
        assert shown in page
    assert "an.id.token" not in page


def test_an_owner_without_contracts_is_told_so(app: Flask) -> None:
    browser = app.test_client()
    browser.set_cookie("extranet", signed_in(app, claims={"sub": "1", "email": "a@example.org"}))
    assert "Aucun contrat" in browser.get("/").text


def test_an_entry_address_keeps_an_owner_signed_in(owner: FlaskClient) -> None:
    assert owner.get("/login?client=1001&societe=01").location == "/"
    assert owner.get("/signed-out").location == "/"


def test_a_callback_used_twice_leads_an_owner_home(owner: FlaskClient, settings: Settings) -> None:
    assert owner.get(f"/callback?code=c&state=used&iss={settings.issuer}").location == "/"


def test_nothing_runs_or_frames_or_leaks(owner: FlaskClient, settings: Settings) -> None:
    page = owner.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    realm = settings.issuer.removesuffix("/realms/moncompte")
    assert f"form-action 'self' {realm}" in policy
    assert f"img-src 'self' {realm};" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script|<style| style=| on\w+=", page.text)


@pytest.mark.parametrize("form", [{}, {"csrf": "guessed"}, {"csrf": "é"}])
def test_signing_out_needs_the_secret_of_our_own_page(owner: FlaskClient, form: dict[str, str]) -> None:
    page = owner.post("/logout", data=form)
    assert page.status_code == 400
    assert "Demande non reconnue" in page.text
    assert "Bonjour Hélène" in owner.get("/").text


def test_signing_out_by_a_link_is_not_possible(owner: FlaskClient) -> None:
    assert owner.get("/logout").status_code == 405
    assert "Bonjour Hélène" in owner.get("/").text


def test_signing_out_while_the_realm_is_down_ends_the_session_here(owner: FlaskClient) -> None:
    page = owner.post("/logout", data={"csrf": "the-csrf-token"})
    assert page.status_code == 503
    assert "Déconnexion incomplète" in page.text
    assert owner.get("/").location == "/login"


def test_signing_out_goes_on_to_the_realm_and_comes_back_signed_out(app: Flask, owner: FlaskClient) -> None:
    end_session = "https://realm.example/logout"
    app.extensions["realm"].server_metadata.update(_loaded_at=1, end_session_endpoint=end_session)
    before = owner.get_cookie("extranet")
    goodbye = owner.post("/logout", data={"csrf": "the-csrf-token"}).location or ""
    assert goodbye.startswith(f"{end_session}?id_token_hint=an.id.token&")
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2F&" in goodbye
    assert owner.get_cookie("extranet") != before
    state = goodbye.partition("&state=")[2].partition("&")[0]
    back = owner.get(f"/?state={state}")
    assert back.location == "/signed-out"
    assert "Vous êtes déconnecté" in owner.get("/signed-out").text
    assert owner.get("/").location == "/login"


def test_an_unknown_address_is_a_french_page(visitor: FlaskClient) -> None:
    page = visitor.get("/nowhere")
    assert page.status_code == 404
    assert "Page introuvable" in page.text


def test_a_fault_of_ours_shows_no_trace(app: Flask, owner: FlaskClient) -> None:
    signed_in(app, claims={**HELENE, "organization": {"x": {}}})
    page = owner.get("/")
    assert page.status_code == 500
    assert "Une erreur est survenue" in page.text
    assert "Traceback" not in page.text


KEY = RSAKey.generate_key(2048, {"kid": "realm-key", "use": "sig", "alg": "RS256"})
STRANGER = RSAKey.generate_key(2048, {"kid": "realm-key"})


def logout_token(key: RSAKey = KEY, **changes: Any) -> str:
    """A logout token as Keycloak makes it; None removes a claim."""
    now = int(time.time())
    claims = {
        "iss": "https://realm.example",
        "aud": "extranet",
        "iat": now,
        "exp": now + 120,
        "jti": "1",
        "sub": "1",
        "sid": "single-sign-on-session",
        "events": {LOGOUT_EVENT: {}},
        **changes,
    }
    header = {"alg": "RS256", "typ": "logout+jwt", "kid": "realm-key"}
    return jwt.encode(header, {name: value for name, value in claims.items() if value is not None}, key)


def test_a_logout_token_names_the_session_that_ended() -> None:
    keys = KeySet([KEY])
    ended = ended_session(logout_token(), keys, "https://realm.example", "extranet")
    assert ended == "single-sign-on-session"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        logout_token(STRANGER),
        logout_token(iss="https://evil.example"),
        logout_token(aud="another-application"),
        logout_token(exp=int(time.time()) - 3600),
        logout_token(iat=None),
        logout_token(jti=None),
        logout_token(sid=None),
        logout_token(events=None),
        logout_token(events={"http://schemas.example/other": {}}),
        logout_token(nonce="an ID token has one"),
    ],
    # Each token is signed anew in each process that collects the tests, which must agree on their names.
    ids=[
        "empty",
        "three letters",
        "stranger's key",
        "other issuer",
        "other audience",
        "expired",
        "no iat",
        "no jti",
        "no sid",
        "no events",
        "other event",
        "nonce",
    ],
)
def test_a_logout_token_that_is_not_right_is_refused(token: str) -> None:
    with pytest.raises((JoseError, ValueError)):
        ended_session(token, KeySet([KEY]), "https://realm.example", "extranet")


def test_a_session_that_ended_elsewhere_ends_here(app: Flask, owner: FlaskClient, settings: Settings) -> None:
    app.extensions["realm"].server_metadata.update(_loaded_at=1, jwks=KeySet([KEY]).as_dict(private=False))
    realm = app.test_client()
    refused = realm.post("/backchannel-logout", data={"logout_token": logout_token()})
    assert refused.status_code == 400  # another issuer
    assert "Bonjour Hélène" in owner.get("/").text

    token = logout_token(iss=settings.issuer)
    accepted = realm.post("/backchannel-logout", data={"logout_token": token})
    assert (accepted.status_code, accepted.headers["Cache-Control"]) == (200, "no-store")
    assert owner.get("/").location == "/login"


def test_tokens_that_name_unknown_keys_do_not_make_the_realm_busy(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_anew = []
    known = KeySet([RSAKey.generate_key(2048, {"kid": "another-key"})]).as_dict(private=False)

    def fetch(force: bool = False) -> object:
        asked_anew.extend([force] if force else [])
        return known

    monkeypatch.setattr(app.extensions["realm"], "fetch_jwk_set", fetch)
    for _ in range(3):
        token = {"logout_token": logout_token(iss=settings.issuer)}
        assert app.test_client().post("/backchannel-logout", data=token).status_code == 400
    assert asked_anew == [True]


ENVIRONMENT = {
    "EXTRANET_ISSUER": "http://localhost:8080/realms/moncompte/",
    "EXTRANET_CLIENT_ID": "extranet",
    "EXTRANET_PUBLIC_URL": "http://localhost:8000/",
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text("the-secret\n")
    secret.chmod(0o600)
    sessions = str(tmp_path / "sessions")
    return {
        **ENVIRONMENT,
        "EXTRANET_CLIENT_SECRET_FILE": str(secret),
        "EXTRANET_SESSION_DIRECTORY": sessions,
    }


def test_settings_come_from_the_environment(environment: dict[str, str]) -> None:
    settings = Settings.from_environment(environment)
    assert settings.issuer == "http://localhost:8080/realms/moncompte"
    assert (settings.public_url, settings.port, settings.secure) == ("http://localhost:8000", 8000, False)
    assert settings.client_secret == "the-secret"
    assert "the-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("EXTRANET_ISSUER", "", "EXTRANET_ISSUER is missing"),
        ("EXTRANET_ISSUER", "http://sso.example/realms/x", "give an https address"),
        ("EXTRANET_PUBLIC_URL", "extranet.example", "give an https address"),
        ("EXTRANET_PORT", "http", "give a number"),
        ("EXTRANET_LISTEN", "everywhere", "give an IP address"),
        ("EXTRANET_CLIENT_SECRET_FILE", "/nowhere/secret", "cannot be read"),
    ],
)
def test_settings_that_are_wrong_are_named(
    environment: dict[str, str], name: str, value: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as error:
        Settings.from_environment({**environment, name: value})
    assert name in str(error.value)


def test_a_secret_others_can_read_is_refused(environment: dict[str, str]) -> None:
    Path(environment["EXTRANET_CLIENT_SECRET_FILE"]).chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        Settings.from_environment(environment)


def run_extranet(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "extranet"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has them ignore Ctrl-C, and what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_command_starts_and_ends_cleanly(environment: dict[str, str], how: signal.Signals) -> None:
    running = run_extranet({**environment, "EXTRANET_PORT": str(free_port())})
    assert running.stdout is not None
    assert running.stdout.readline() == "extranet: http://localhost:8000/\n"
    running.send_signal(how)
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")


def test_the_command_says_in_one_line_why_it_cannot_run(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        running = run_extranet({**environment, "EXTRANET_PORT": port})
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 1
    assert errors.startswith(f"extranet: port {port} cannot be used: ")
    assert errors.count("\n") == 1
    running = run_extranet({**environment, "EXTRANET_ISSUER": ""})
    _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors.count("\n")) == (2, 1)
