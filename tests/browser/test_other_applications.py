"""Apache, Starlette and Node sign an owner in from the text of `docs/applications/`, and out of everything.

Node is left out where it, or npm, or npm's registry is not to be had. Spring Boot wants Maven Central and
minutes the first time: `make test-applications`.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from local_mailbox import Mailbox
from tests.applications import Application, NotHereError, one_sign_in_serves_all, openid_client
from tests.integration.stage import Stage
from tests.realms import APPLICATIONS, RealmMaker, TestRealm


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


@pytest.mark.usefixtures("_running")
def test_one_sign_in_serves_node_too_and_one_sign_out_ends_all(
    page: Page, realm: TestRealm, applications: list[Application], address: str
) -> None:
    apache, starlette, node = applications
    try:
        packages = openid_client()
    except NotHereError as why:
        pytest.skip(str(why))
    with node.running(realm, packages):
        one_sign_in_serves_all([node, starlette, apache], page, address)
