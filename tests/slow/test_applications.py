"""Node's openid-client and Spring Boot sign an owner in from their pages in `docs/applications/`.

Not part of `make test`: they bring packages of their own, which takes minutes the first time.
`make test-applications` runs this file; it wants Node 20 or newer with npm.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.applications import Application, one_sign_in_serves_all
from tests.integration.stage import Stage
from tests.realms import APPLICATIONS, RealmMaker, TestRealm

# Kept between runs, beside the pictures of failed tests.
PACKAGES = Path(__file__).parents[2] / ".test" / "openid-client"
OPENID_CLIENT = "openid-client@6"


@pytest.fixture(scope="module")
def applications() -> list[Application]:
    return [Application("openid-client"), Application("spring")]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker, applications: list[Application]) -> TestRealm:
    return make_realm(applications=[*APPLICATIONS, *(one.declared for one in applications)])


@pytest.fixture(scope="module")
def packages() -> Path:
    """The folder that npm has installed openid-client into."""
    if not (PACKAGES / "node_modules" / "openid-client").exists():
        PACKAGES.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-save", "--no-audit", "--no-fund", OPENID_CLIENT]
        subprocess.run(install, cwd=PACKAGES, check=True)
    return PACKAGES


@pytest.fixture
def _running(realm: TestRealm, applications: list[Application], packages: Path) -> Iterator[None]:
    node, spring = applications
    with node.running(realm, packages), spring.running(realm):
        yield


@pytest.mark.usefixtures("_running")
def test_one_sign_in_serves_node_and_spring_and_one_sign_out_ends_both(
    stage: Stage, applications: list[Application]
) -> None:
    stage.activated("A2")
    one_sign_in_serves_all(applications, stage, "A2")
