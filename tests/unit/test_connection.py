"""The connection to Keycloak: what it makes of its surroundings, and that nothing is sent twice."""

import pytest
from requests.adapters import HTTPAdapter

from provisioning.server.connection import Connection
from provisioning.server.keycloak import Settings


@pytest.fixture
def connection() -> Connection:
    return Connection(Settings("https://127.0.0.1:1", "nobody", "nothing"), timeout=1, threads=1)


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "http://127.0.0.1:1"])
def test_no_request_is_sent_twice_by_the_connection_itself(connection: Connection, url: str) -> None:
    adapter = connection._s.get_adapter(url)
    assert isinstance(adapter, HTTPAdapter)
    assert adapter.max_retries.total == 0
    assert adapter.max_retries.read is False
