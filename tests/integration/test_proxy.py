"""HAProxy with deploy/proxy/haproxy.cfg, before two small servers that say what a test has them say.

What real nodes say is for `make test-stack`; here it is what the proxy makes of it.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import pytest
import requests

from tests.integration.stage import eventually
from tests.owner import SourceAddress
from tools.ports import NodePorts, Ports
from tools.proxy import SOURCE, Proxy, kept_certificate

OPERATOR, STRANGER = "127.0.0.1", "127.9.9.9"
DOWN = ' "name": "{}", "status": "DOWN" '


@dataclass
class Node:
    """Answers like a node.

    not_ready  the names of the checks of its health that fail
    broken     whether all that it answers is an error without a page
    asked      by whom it was asked for which path, and the header X-Forwarded-For that came with it
    """

    name: str
    not_ready: list[str] = field(default_factory=list)
    broken: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        node = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/health/ready":
                    checks = ",".join("{" + DOWN.format(check) + "}" for check in node.not_ready)
                    return self._answer(503 if checks else 200, f'{{"checks": [{checks}]}}')
                who = self.client_address[0]
                node.asked.append((who, self.path, self.headers.get("X-Forwarded-For", "")))
                if node.broken:
                    self.send_response(500)
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                return self._answer(200, node.name)

            def _answer(self, status: int, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the base
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """Listens no more."""
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Installation:
    """The proxy, its nodes, and somebody who asks it."""

    proxy: Proxy
    nodes: tuple[Node, Node]
    url: str
    certificate: Path

    def ask(self, path: str = "/realms/x", source: str = OPERATOR, **headers: str) -> requests.Response:
        with requests.Session() as session:
            session.mount("https://", SourceAddress(source))
            return session.get(self.url + path, headers=headers, verify=str(self.certificate), timeout=20)

    def answers(self) -> set[str]:
        """What several visitors are shown."""
        return {self.ask().text for _ in range(6)}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with Node("one") as one, Node("two") as two:
        # Health stands where the pages stand, here.
        nodes = (NodePorts(one.port, one.port), NodePorts(two.port, two.port))
        ports = Ports(nodes=nodes)
        made = kept_certificate(tmp_path)
        proxy = Proxy(tmp_path, made, ports, OPERATOR)
        try:
            proxy.start()
            proxy.wait_for({"n1", "n2"})
            yield Installation(proxy, (one, two), f"https://localhost:{ports.accounts}", made.public)
        finally:
            proxy.stop()


def test_a_browser_stays_with_its_node_and_goes_to_the_other_when_that_dies(
    installation: Installation,
) -> None:
    with requests.Session() as browser:
        trusted = str(installation.certificate)

        def visit() -> str:
            return browser.get(f"{installation.url}/realms/x", verify=trusted, timeout=20).text

        first = {visit() for _ in range(4)}
        assert len(first) == 1
        assert browser.cookies["MONCOMPTE_NODE"] in {"n1", "n2"}
        gone, stays = sorted(installation.nodes, key=lambda node: node.name not in first)
        gone.kill()
        assert {visit() for _ in range(4)} == {stays.name}


def test_a_node_that_is_about_to_stop_gets_nobody_new(installation: Installation) -> None:
    installation.nodes[0].not_ready = ["Graceful Shutdown"]
    installation.proxy.wait_for({"n2"})
    assert installation.answers() == {"two"}


def test_the_survivor_of_a_dead_leader_serves_though_it_finds_itself_cut_off(
    installation: Installation,
) -> None:
    leader, survivor = installation.nodes
    leader.kill()
    survivor.not_ready = ["Keycloak cluster health check"]
    installation.proxy.wait_for(set())
    assert installation.answers() == {"two"}


@pytest.mark.parametrize(
    "check", ["Keycloak database connections async health check", "Graceful Shutdown", "Keycloak Initialized"]
)
def test_with_no_node_able_to_serve_the_proxy_says_so_in_french(
    installation: Installation, check: str
) -> None:
    for node in installation.nodes:
        node.not_ready = ["Keycloak cluster health check", check]
    eventually(lambda: installation.ask().status_code == 503, "the proxy's own page", timeout=30)
    answer = installation.ask()
    assert "Service momentanément indisponible" in answer.content.decode("utf-8")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Retry-After"] == "10"
    assert installation.ask("/unavailable.css").headers["Content-Type"] == "text/css; charset=utf-8"


def test_an_error_without_a_page_gets_one(installation: Installation) -> None:
    for node in installation.nodes:
        node.broken = True
    answer = installation.ask()
    assert (answer.status_code, "momentanément" in answer.content.decode("utf-8")) == (503, True)


def test_where_a_request_comes_from_is_what_the_proxy_saw(installation: Installation) -> None:
    lie = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    installation.ask("/realms/x?key=secret", STRANGER, **lie)
    ((who, path, said),) = [asked for node in installation.nodes for asked in node.asked]
    assert (who, path, said) == (SOURCE, "/realms/x?key=secret", STRANGER)
    assert "secret" not in installation.proxy.log_file.read_text(encoding="utf-8")


OPERATORS_PATHS = (
    "/",
    "/admin/",
    "/admin/realms/x/users",
    "/realms/master/x",
    "/realms/%6daster/x",
    "/realms//master/x",
    "/metrics",
)
OPEN_PATHS = (
    "/realms/x/y",
    "/realms/masterly/x",
    "/resources/a.css",
    "/admin/realms/x/moncompte/v1/agencies",
    "/robots.txt",
)


def test_what_is_the_operators_is_not_everybodys(installation: Installation) -> None:
    for path in OPERATORS_PATHS:
        assert installation.ask(path, STRANGER).status_code == 404, path
    assert not [asked for node in installation.nodes for asked in node.asked]
    for path in OPERATORS_PATHS:
        assert installation.ask(path, OPERATOR).status_code == 200, path


def test_what_owners_applications_and_agencies_need_is_open(installation: Installation) -> None:
    for path in OPEN_PATHS:
        assert installation.ask(path, STRANGER).status_code == 200, path
