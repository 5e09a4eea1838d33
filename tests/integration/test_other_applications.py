"""Apache and Starlette sign an owner in from their pages in `docs/applications/`, and out of everything.

Node and Spring Boot want package managers of their own: `make test-applications`.
"""

from collections.abc import Iterator

import pytest

from tests.applications import Application, one_sign_in_serves_all
from tests.integration.stage import Stage
from tests.realms import APPLICATIONS, RealmMaker, TestRealm


@pytest.fixture(scope="module")
def applications() -> list[Application]:
    return [Application("apache"), Application("starlette")]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker, applications: list[Application]) -> TestRealm:
    return make_realm(applications=[*APPLICATIONS, *(one.declared for one in applications)])


@pytest.fixture
def _running(realm: TestRealm, applications: list[Application]) -> Iterator[None]:
    apache, starlette = applications
    with apache.running(realm), starlette.running(realm):
        yield


@pytest.mark.usefixtures("_running")
def test_one_sign_in_serves_apache_and_starlette_and_one_sign_out_ends_both(
    stage: Stage, applications: list[Application]
) -> None:
    stage.activated("A1")
    one_sign_in_serves_all(applications, stage, "A1")
