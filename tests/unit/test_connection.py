"""The connection to Keycloak: what it makes of its surroundings, and that nothing is sent twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from requests.adapters import HTTPAdapter

from keycloak import KeycloakOpenID
from provisioning.errors import ServerUnreachableError
from provisioning.server.connection import Connection
from provisioning.server.keycloak import Keycloak, Settings


@pytest.fixture
def connection() -> Connection:
    return Connection(Settings("https://127.0.0.1:1", "nobody", "nothing"), timeout=1, threads=1)


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "http://127.0.0.1:1"])
def test_no_request_is_sent_twice_by_the_connection_itself(connection: Connection, url: str) -> None:
    adapter = connection._s.get_adapter(url)
    assert isinstance(adapter, HTTPAdapter)
    assert adapter.max_retries.total == 0
    assert adapter.max_retries.read is False


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NO_PROXY", "localhost,fd00::/8"),
        ("no_proxy", "[::1]"),
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ("ALL_PROXY", "socks4://127.0.0.1:1"),
        ("SSL_CERT_FILE", "/nonexistent.pem"),
    ],
)
def test_the_environment_of_other_programs_is_no_obstacle(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.delenv(variable.lower(), raising=False)  # it would win
    monkeypatch.setenv(variable, value)
    keycloak = Keycloak(Settings("http://127.0.0.1:1", "nobody", "nothing"))
    with pytest.raises(ServerUnreachableError):
        keycloak.realm("moncompte")


def test_a_socks_proxy_is_named_as_what_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(ServerUnreachableError, match="SOCKS proxy"):
        Keycloak(Settings("http://127.0.0.1:1", "nobody", "nothing")).realm("moncompte")


def test_connections_to_several_realms_share_a_token_that_one_thread_renews(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []

    def token(*_: object, **__: object) -> dict[str, object]:
        time.sleep(0.05)  # long enough for all the others to come
        given.append(f"token {len(given) + 1}")
        return {"access_token": given[-1], "expires_in": 60}

    monkeypatch.setattr(KeycloakOpenID, "token", token)
    realms = [connection.for_realm(name) for name in ("one", "two", "three", "four")]
    together = threading.Barrier(len(realms))

    def ask(realm: Connection) -> object:
        together.wait()
        realm._refresh_if_required()
        return (realm.headers or {})["Authorization"]

    with ThreadPoolExecutor(len(realms)) as threads:
        assert set(threads.map(ask, realms)) == {"Bearer token 1"}
    realms[0].get_token()
    realms[1].for_realm("five")._refresh_if_required()
    assert given == ["token 1", "token 2"]
    assert (realms[1].headers or {})["Authorization"] == "Bearer token 2"
