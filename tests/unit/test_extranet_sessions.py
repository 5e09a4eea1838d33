"""What the Extranet keeps, where, and for how long: nothing of strangers, everything of owners."""

import base64
import re
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from extranet import Settings, SettingsError, create_app
from extranet.store import RedisStore, Store
from tests.unit.conftest import HELENE, signed_in

ENDPOINT = "https://realm.example/auth"


@pytest.fixture
def answering(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The Extranet of a realm that can be asked, and whose answers are Hélène's."""
    return answer_with(app, monkeypatch)


def answer_with(app: Flask, monkeypatch: pytest.MonkeyPatch, **claims: str) -> Flask:
    realm = app.extensions["realm"]
    realm.server_metadata.update(_loaded_at=1, authorization_endpoint=ENDPOINT)

    def token(**asked: str) -> dict[str, Any]:
        assert len(asked["code_verifier"]) >= 43
        return {"id_token": "an.id.token", "access_token": "a"}

    monkeypatch.setattr(realm, "fetch_access_token", token)
    monkeypatch.setattr(realm, "parse_id_token", lambda _token, **_: HELENE | claims)
    monkeypatch.setattr(realm, "userinfo", lambda **_: {})
    return app


def size(settings: Settings) -> int:
    """Bytes in the folder of the sessions."""
    assert settings.session_directory is not None
    return sum(file.stat().st_size for file in settings.session_directory.iterdir())


def state_of(browser: FlaskClient, address: str = "/login") -> str:
    """Asks the realm; the state of the question."""
    return dict(parse_qsl(urlsplit(browser.get(address).location or "").query))["state"]


def answer(browser: FlaskClient, settings: Settings, state: str) -> Any:
    """The realm's answer to the question of this state."""
    return browser.get("/callback", query_string={"iss": settings.issuer, "code": "c", "state": state})


def cookies(browser: FlaskClient) -> dict[str, str]:
    """What a browser would send."""
    jar = browser._cookies
    assert jar is not None
    return {cookie.key: cookie.value for cookie in jar.values()}


# ---- strangers


@pytest.mark.parametrize(
    "path",
    ["/", "/login?client=1001&societe=01", "/profil", "/callback?code=c&state=s", "/nowhere", "/renew"],
)
def test_strangers_leave_nothing_behind(answering: Flask, settings: Settings, path: str) -> None:
    answering.test_client().get(path)
    before = size(settings)
    for _ in range(300):
        answering.test_client().get(path)
    assert size(settings) == before


@pytest.mark.parametrize("path", ["/logout", "/bien", "/backchannel-logout"])
def test_forms_of_strangers_leave_nothing_behind(answering: Flask, settings: Settings, path: str) -> None:
    answering.extensions["realm"].server_metadata.update(end_session_endpoint=ENDPOINT, jwks={"keys": []})
    answering.test_client().post(path)
    before = size(settings)
    for number in range(300):
        answering.test_client().post(path, data={"logout_token": f"e30.e30.{number}", "csrf": "x"})
    assert size(settings) == before


def test_a_form_of_another_site_does_not_sign_out(answering: Flask) -> None:
    # Browsers send it without our cookies, and would take one that it brings.
    answering.extensions["realm"].server_metadata.update(end_session_endpoint=ENDPOINT)
    assert "Set-Cookie" not in answering.test_client().post("/logout").headers


def test_what_a_stranger_sends_is_one_line_of_the_log(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app.extensions["realm"].server_metadata.update(_loaded_at=1, jwks={"keys": []})
    header = base64.urlsafe_b64encode(b'{"alg": "RS256\\nforged line", "kid": "a\\nforged line"}').decode()
    visitor = app.test_client()
    visitor.post("/backchannel-logout", data={"logout_token": f"{header.rstrip('=')}.e30.e30"})
    visitor.get(
        f"/callback?iss={settings.issuer}&error=a%0Aforged%20line&error_description=b%0Aforged%20line"
    )
    assert caplog.records
    assert not any("\n" in record.getMessage() for record in caplog.records)


# ---- a sign-in under way


def test_a_sign_in_is_kept_by_the_browser_for_an_hour(answering: Flask, settings: Settings) -> None:
    browser = answering.test_client()
    state = state_of(browser)
    cookie = browser.get_cookie(f"extranet-state-realm-{state}")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 3600)
    assert answer(browser, settings, state).location == "/"
    assert cookies(browser).keys() == {"extranet", "extranet-entry"}
    assert "Bonjour Hélène" in browser.get("/").text


def test_over_https_cookies_are_bound_to_host_and_https(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = answer_with(create_app(replace(settings, public_url="https://extranet.example")), monkeypatch)
    browser, base_url = app.test_client(), "https://extranet.example"
    asked = browser.get("/login?client=1001&societe=01", base_url=base_url)
    state = dict(parse_qsl(urlsplit(asked.location or "").query))["state"]
    query = {"iss": settings.issuer, "code": "c", "state": state}
    done = browser.get("/callback", base_url=base_url, query_string=query)
    set_cookies = asked.headers.getlist("Set-Cookie") + done.headers.getlist("Set-Cookie")
    assert len(set_cookies) >= 4
    for cookie in set_cookies:
        assert re.match(r"__Host-extranet[\w-]*=", cookie)
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Strict-Transport-Security" in asked.headers


def test_tabs_that_sign_in_at_once_do_not_disturb_each_other(answering: Flask, settings: Settings) -> None:
    browser = answering.test_client()
    states = [state_of(browser, f"/login?client={code}&societe=01") for code in (1001, 3003)]
    assert answer(browser, settings, states[0]).location == "/"
    assert "12 quai du Port, 13002 Marseille, Agence du Vieux-Port" in browser.get("/documents").text
    assert answer(browser, settings, states[1]).location == "/"
    assert "3003/01" in browser.get("/documents").text


def test_what_the_browser_keeps_of_sign_ins_has_a_limit(answering: Flask, settings: Settings) -> None:
    browser = answering.test_client()
    states = [state_of(browser, f"/login?client={'9' * 60}&societe={'9' * 60}") for _ in range(30)]
    kept = cookies(browser)
    assert {name.rpartition("-")[2] for name in kept if "-state-" in name} == set(states[-5:])
    assert sum(len(name) + len(value) for name, value in kept.items()) < 4096
    assert answer(browser, settings, states[-5]).location == "/"


@pytest.mark.parametrize(
    "text", ["", "x", "e30.aw3uEA.pb0DvZ370Y176Os6FQPn_FfJXlQ", "\N{SNOWMAN}", "x" * 4000]
)
def test_a_cookie_that_is_not_ours_is_none(answering: Flask, settings: Settings, text: str) -> None:
    browser = answering.test_client()
    state = state_of(browser)
    for name in [*cookies(browser), "extranet", "extranet-bien"]:
        browser.set_cookie(name, text)
    assert answer(browser, settings, state).status_code == 400
    assert browser.get("/").location == "/login"


def test_the_cookie_of_one_question_is_none_of_another(answering: Flask, settings: Settings) -> None:
    browser, attacker = answering.test_client(), answering.test_client()
    mine, theirs = state_of(browser), state_of(attacker)
    cookie = attacker.get_cookie(f"extranet-state-realm-{theirs}")
    assert cookie is not None
    browser.set_cookie(f"extranet-state-realm-{mine}", cookie.value)
    assert answer(browser, settings, mine).status_code == 400


def test_a_sign_in_older_than_an_hour_is_over(
    answering: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = answering.test_client()
    state = state_of(browser)
    cookie = browser.get_cookie(f"extranet-state-realm-{state}")
    assert cookie is not None
    later = time.time() + 3700
    monkeypatch.setattr(time, "time", lambda: later)
    browser.set_cookie(cookie.key, cookie.value)  # a browser whose clock is behind
    assert answer(browser, settings, state).status_code == 400


# ---- owners


def test_what_the_realm_said_is_not_in_the_browser(owner: FlaskClient) -> None:
    owner.get("/")
    cookie = owner.get_cookie("extranet")
    assert cookie is not None
    assert len(cookie.value) < 300
    assert "helene" not in base64.urlsafe_b64decode(cookie.value.split(".")[0] + "==").decode().lower()


def test_a_cookie_from_before_the_sign_out_is_worth_nothing(answering: Flask, settings: Settings) -> None:
    browser = answering.test_client()
    answer(browser, settings, state_of(browser))
    page = browser.get("/").text
    old = browser.get_cookie("extranet")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert old is not None
    assert csrf is not None
    answering.extensions["realm"].server_metadata.update(end_session_endpoint=ENDPOINT)
    browser.post("/logout", data={"csrf": csrf[1]})
    assert "extranet" not in cookies(browser)
    thief = answering.test_client()
    thief.set_cookie("extranet", old.value)
    assert thief.get("/").location == "/login"
    # Nor after a new sign-in in the single sign-on session that is still there.
    answer(browser, settings, state_of(browser))
    assert thief.get("/").location == "/login"
    assert "Bonjour Hélène" in browser.get("/").text


def test_a_session_outlives_a_restart_and_ends_without_requests(
    owner: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = owner.get_cookie("extranet")
    assert cookie is not None
    browser = create_app(settings).test_client()
    browser.set_cookie("extranet", cookie.value)
    now = time.time()
    for passed in (1700, 3400, 5100):
        monkeypatch.setattr(time, "time", lambda passed=passed: now + passed)
        assert "Bonjour Hélène" in browser.get("/").text
    monkeypatch.setattr(time, "time", lambda: now + 5100 + 1801)
    assert browser.get("/").location == "/login"


def test_files_of_sessions_are_of_this_user_only(owner: FlaskClient, settings: Settings) -> None:
    owner.get("/")
    assert settings.session_directory is not None
    assert stat.S_IMODE(settings.session_directory.stat().st_mode) == 0o700
    files = list(settings.session_directory.iterdir())
    assert files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_page_that_was_slow_does_not_bring_an_ended_session_back(
    app: Flask, owner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(app, tokens={"refresh_token": "r", "expires_at": time.time() - 1})
    store = app.extensions["store"]

    def exchange(**_: str) -> dict[str, str]:
        store.delete(f":{HELENE['sid']}")  # the realm says so while the page waits for new tokens
        return {"id_token": "i", "access_token": "a", "refresh_token": "r2"}

    realm = app.extensions["realm"]
    monkeypatch.setattr(realm, "fetch_access_token", exchange)
    monkeypatch.setattr(realm, "parse_id_token", lambda _token, **_: HELENE)
    monkeypatch.setattr(realm, "userinfo", lambda **_: {})
    owner.get("/")
    assert owner.get("/").location == "/login"


# ---- both stores


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of our own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine: apt-get install redis-server")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with Redis(port=port) as redis:
            for _ in range(100):
                try:
                    redis.ping()
                    break
                except ConnectionError:
                    time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        running.terminate()
        running.wait(timeout=30)


@pytest.fixture(params=["sqlite", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        yield Store(tmp_path)
        return
    yield RedisStore(request.getfixturevalue("redis_url"), prefix=f"{tmp_path}:")


def test_a_store_keeps_replaces_and_forgets(store: Store) -> None:
    assert store.get("a", 60) is None
    store.put("a", {"né": 1}, 60)
    store.replace("a", {"né": 2}, 60)
    store.replace("b", {"né": 3}, 60)
    assert (store.get("a", 60), store.get("b", 60)) == ({"né": 2}, None)
    store.delete("a")
    store.replace("a", {"né": 4}, 60)
    assert store.get("a", 60) is None
    with store.lock("a"), store.lock("another"):
        pass


def test_a_store_forgets_only_what_has_expired(store: Store) -> None:
    for number in range(12_000):  # the cache of before threw live entries away above 10,000
        store.put(f"k{number}", {"n": number}, 60)
    store.put("short", {}, 1)
    store.put("renewed", {}, 1)
    store.get("renewed", 60)
    time.sleep(1.1)  # two clocks, of which one is Redis's
    store.delete_expired()
    assert store.get("short", 60) is None
    assert store.get("renewed", 60) == {}
    assert all(store.get(f"k{number}", 60) for number in range(12_000))


def test_sessions_in_redis_are_shared_by_several_extranets(
    settings: Settings, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = replace(settings, session_directory=None, redis_url=redis_url)
    first, second = (answer_with(create_app(told), monkeypatch) for _ in range(2))
    browser = first.test_client()
    state = state_of(browser)
    # The answer comes to the other one.
    other = second.test_client()
    for name, value in cookies(browser).items():
        other.set_cookie(name, value)
    assert answer(other, settings, state).location == "/"
    signed = other.get_cookie("extranet")
    assert signed is not None
    browser.set_cookie("extranet", signed.value)
    assert "Bonjour Hélène" in browser.get("/").text


def test_where_redis_is_comes_from_a_file_that_others_cannot_read(tmp_path: Path) -> None:
    secret, address = tmp_path / "secret", tmp_path / "redis"
    for file, text in ((secret, "s"), (address, "redis://:password@localhost/0\n")):
        file.write_text(text)
        file.chmod(0o600)
    told = {
        "EXTRANET_ISSUER": "http://localhost:8080/realms/moncompte",
        "EXTRANET_CLIENT_ID": "extranet",
        "EXTRANET_PUBLIC_URL": "http://localhost:8000",
        "EXTRANET_CLIENT_SECRET_FILE": str(secret),
        "EXTRANET_REDIS_FILE": str(address),
    }
    settings = Settings.from_environment(told)
    assert (settings.session_directory, settings.redis_url) == (None, "redis://:password@localhost/0")
    assert "password" not in repr(settings)
    address.write_text("localhost:password")
    with pytest.raises(SettingsError, match="EXTRANET_REDIS_FILE") as error:
        Settings.from_environment(told)
    assert "password" not in str(error.value)
    address.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        Settings.from_environment(told)
