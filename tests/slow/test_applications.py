"""Spring Boot signs an owner in from its page in `docs/applications/`, beside Starlette.

Not part of `make test`: Spring Boot is fetched from Maven Central the first time, 60 megabytes. The run takes
half a minute, most of it for the build of that application. `make test-applications` and `.ci/run` run this
file.
"""

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.applications import Application, NotHereError, one_sign_in_serves_all
from tests.integration.stage import Stage
from tests.realms import APPLICATIONS, RealmMaker, TestRealm
from tools.mailbox import Mailbox


@pytest.fixture(scope="module")
def applications() -> list[Application]:
    return [Application("starlette"), Application("spring")]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker, applications: list[Application]) -> TestRealm:
    return make_realm(applications=[*APPLICATIONS, *(one.declared for one in applications)])


@pytest.fixture
def _running(realm: TestRealm, applications: list[Application]) -> Iterator[None]:
    starlette, spring = applications
    with contextlib.ExitStack() as running:
        try:
            running.enter_context(spring.running(realm))
        except NotHereError as why:
            pytest.skip(str(why))
        running.enter_context(starlette.running(realm))
        yield


@pytest.mark.usefixtures("_running")
def test_one_sign_in_serves_starlette_and_spring_and_one_sign_out_ends_both(
    page: Page, realm: TestRealm, mailbox: Mailbox, applications: list[Application]
) -> None:
    stage = Stage(realm, mailbox)
    stage.activated("A2")
    one_sign_in_serves_all(applications, page, stage.address("A2"))
