"""The server that the build makes: what it answers, and what it does not do."""

import requests

from tests.realms import TestRealm
from tests.server import ServerUnderTest


def test_ready_and_metrics_stand_on_the_management_port(server: ServerUnderTest) -> None:
    assert requests.get(f"{server.management_url}/health/ready", timeout=60).json()["status"] == "UP"
    assert "jvm_memory" in requests.get(f"{server.management_url}/metrics", timeout=60).text
    assert requests.get(f"{server.url}/metrics", timeout=60).status_code == 404


def test_a_realm_answers_under_the_address_its_tokens_name(realm: TestRealm) -> None:
    discovery = requests.get(f"{realm.issuer}/.well-known/openid-configuration", timeout=60).json()
    assert discovery["issuer"] == realm.issuer
