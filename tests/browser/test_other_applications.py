"""Apache, Starlette and Node sign an owner in from the text of `docs/applications/`, and out of everything.

Node is left out where it, or npm, or npm's registry is not to be had. Spring Boot wants Maven Central and
minutes the first time: `make test-applications`.
"""

import socket
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Page

from tests.applications import Application, NotHereError, one_sign_in_serves_all, openid_client
from tests.front import Visitor
from tests.integration.stage import PERSONAL, Stage
from tests.realms import APPLICATIONS, RealmMaker, TestRealm
from tools.mailbox import Mailbox


@pytest.fixture(scope="module")
def applications() -> list[Application]:
    return [Application("apache"), Application("starlette"), Application("openid-client")]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker, applications: list[Application]) -> TestRealm:
    return make_realm(applications=[*APPLICATIONS, *(one.declared for one in applications)])


@pytest.fixture(scope="module")
def _running(realm: TestRealm, applications: list[Application]) -> Iterator[None]:
    apache, starlette, _ = applications
    with apache.running(realm), starlette.running(realm):
        yield


@pytest.fixture(scope="module")
def _node_running(realm: TestRealm, applications: list[Application]) -> Iterator[None]:
    try:
        packages = openid_client()
    except NotHereError as why:
        pytest.skip(str(why))
    *_, node = applications
    with node.running(realm, packages):
        yield


@pytest.fixture(scope="module")
def address(realm: TestRealm, mailbox: Mailbox) -> str:
    """The address of an owner who can sign in."""
    stage = Stage(realm, mailbox)
    stage.activated("A1")
    return stage.address("A1")


@pytest.mark.usefixtures("_running")
def test_one_sign_in_serves_apache_and_starlette_and_one_sign_out_ends_both(
    page: Page, applications: list[Application], address: str
) -> None:
    apache, starlette, _ = applications
    one_sign_in_serves_all([apache, starlette], page, address)


@pytest.mark.usefixtures("_running", "_node_running")
def test_one_sign_in_serves_node_too_and_one_sign_out_ends_all(
    page: Page, applications: list[Application], address: str
) -> None:
    apache, starlette, node = applications
    one_sign_in_serves_all([node, starlette, apache], page, address)


@pytest.mark.usefixtures("_node_running")
def test_who_knew_the_key_of_a_browser_before_its_sign_in_is_not_signed_in_to_node(
    realm: TestRealm, applications: list[Application], address: str
) -> None:
    *_, node = applications
    visitor = Visitor(realm.server.url, realm.name)
    visitor.get(f"{node.base}/au-revoir")
    known = visitor.http.cookies["key"]
    assert "Hélène LEFÈVRE" in visitor.signed_in_at(f"{node.base}/", address, PERSONAL).html
    assert visitor.http.cookies["key"] != known
    other = requests.get(f"{node.base}/", cookies={"key": known}, allow_redirects=False, timeout=60)
    assert (other.status_code, other.headers["Location"]) == (303, "/login")


def refuses_what_never_ends(application: Application) -> bool:
    """Whether an endless logout token is refused with 400 before its end."""
    head = "POST /backchannel-logout HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n"
    with socket.create_connection(("localhost", application.port), timeout=60) as connection:
        connection.sendall(head.encode() + b"x" * 70_000)
        return connection.recv(4096).startswith(b"HTTP/1.1 400 ")


@pytest.mark.usefixtures("_running")
def test_starlette_reads_no_endless_logout_token(applications: list[Application]) -> None:
    assert refuses_what_never_ends(applications[1])


@pytest.mark.usefixtures("_node_running")
def test_node_reads_no_endless_logout_token(applications: list[Application]) -> None:
    assert refuses_what_never_ends(applications[2])
