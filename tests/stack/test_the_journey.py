"""An owner's way from the letter to the contracts, through the proxy; and what the proxy keeps to itself."""

import pytest
import requests

from tests.integration.stage import Stage
from tests.owner import SourceAddress
from tests.stack.visitor import Visitor, from_the_letter_to_the_contracts
from tools.stack import Stack
from tools.topology import Topology


def test_an_owner_gets_from_the_letter_to_the_contracts_through_the_proxy(stack: Stack) -> None:
    topology = stack.topology
    mailbox = f"http://localhost:{stack.ports.mailbox}"
    from_the_letter_to_the_contracts(Visitor(topology.url, topology.extranet_url), mailbox)


def from_address(source: str) -> requests.Session:
    """Somebody else on the network."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, SourceAddress(source))
    return session


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/realms/master/protocol/openid-connect/token",
        "/realms/%6daster/protocol/openid-connect/token",
        "/realms//master/protocol/openid-connect/token",
        "/realms/./master/protocol/openid-connect/token",
        "/realms/x/../master/protocol/openid-connect/token",
        "/realms/master;x=1/protocol/openid-connect/token",
        "/admin/realms/moncompte/users",
        "/admin/realms/moncompte/moncompte/../users",
        "/metrics",
        "/health/ready",
    ],
)
def test_what_is_the_operators_is_not_everybodys(topology: Topology, path: str) -> None:
    stranger = from_address("127.9.9.9")
    prepared = stranger.prepare_request(requests.Request("GET", topology.url))
    prepared.url = topology.url + path  # as it stands: requests would tidy it up
    answer = stranger.send(prepared, verify=str(topology.certificate.public), timeout=60)
    # 400 is what Keycloak says of a path that is not normalized.
    assert answer.status_code in (400, 404), answer.text


def test_the_operator_reaches_the_administration_through_the_proxy(topology: Topology) -> None:
    assert requests.get(f"{topology.url}/admin/master/console/", timeout=60).status_code == 200


def test_only_the_proxy_says_where_a_request_comes_from(topology: Topology, stage: Stage) -> None:
    stage.admin.set_realm(eventsEnabled=True)
    lie = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    fields = {"grant_type": "client_credentials", "client_id": "extranet", "client_secret": "wrong"}
    path = f"/realms/{stage.realm.name}/protocol/openid-connect/token"
    past_it = f"http://localhost:{topology.nodes[0].http_port}{path}"
    for source, url in (("127.0.0.42", topology.url + path), ("127.0.0.43", past_it)):
        from_address(source).post(url, data=fields, headers=lie, timeout=60)
    said = {event["ipAddress"] for event in stage.admin.events("CLIENT_LOGIN_ERROR")}
    assert said == {"127.0.0.42", "127.0.0.43"}
