"""The connection to Keycloak: what it makes of its surroundings, and that nothing is sent twice."""

import pytest
from requests.adapters import HTTPAdapter

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
