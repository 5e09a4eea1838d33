"""What the tests share: one Keycloak and one mailbox a run, a realm a module, a browser.

Unit tests ask for none of it: `pytest tests/unit` starts nothing. A module of the others begins with a realm:

    @pytest.fixture(scope="module")
    def realm(make_realm: RealmMaker) -> TestRealm:
        realm = make_realm(limits={"failures": 3, "per_source": 100, "mails_per_hour": 10})
        realm.load("1001/01", {"identifiant": "P00012"})
        return realm
"""

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from provisioning.server.keycloak import Keycloak, Settings
from provisioning.texts import speak
from tests.parallel import FilesTogether, place
from tests.realms import RealmMaker, TestRealm
from tests.server import (
    PostgreSQLStack,
    ServerUnderTest,
    in_docker,
    on_the_stack,
    running_on_postgresql,
    running_server,
)
from tests.stack.running import as_server, running_stack
from tools.mailbox import Mailbox
from tools.stack import Stack

# Made for running without a window. A machine that has the whole browser only takes that.
_SHELL = "/usr/bin/chromium-headless-shell"
CHROMIUM = _SHELL if Path(_SHELL).exists() else "/usr/bin/chromium"
# Root has no sandbox; nothing here is to speak to anyone but this machine.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The server believes what a proxy there says of where a request comes from.
BEHIND_A_PROXY = {"KC_PROXY_HEADERS": "xforwarded", "KC_PROXY_TRUSTED_ADDRESSES": "127.0.0.1"}
SCREENSHOTS = Path(__file__).parent.parent / ".test" / "screenshots"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The production topology; only tests/stack and MONCOMPTE_TEST_SERVER=stack ask for it."""
    with running_stack() as running:
        yield running


@pytest.fixture(scope="session")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[ServerUnderTest]:
    """The Keycloak of this run, on free ports, with data of its own."""
    if on_the_stack():
        yield as_server(request.getfixturevalue("stack"))
        return
    directory = tmp_path_factory.getbasetemp()
    with running_server(directory.parent if _worker() else directory) as running:
        pytestconfig.stash.setdefault(_SERVERS, []).append(running)
        yield running


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """Where the mails of all realms of `make_realm` arrive. Addresses tell them apart."""
    host = "0.0.0.0" if in_docker() else "127.0.0.1"
    with Mailbox(tmp_path_factory.mktemp("mails"), smtp_host=host, keep=10_000) as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
def keycloak(server: ServerUnderTest) -> Keycloak:
    """The Admin API, as a service account that may do everything."""
    return Keycloak(Settings(server.url, server.client_id, server.client_secret))


@pytest.fixture(scope="session")
def make_realm(
    server: ServerUnderTest, keycloak: Keycloak, mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory
) -> RealmMaker:
    """Makes realms: `make_realm(agencies=…, applications=…, limits=…)`, everything optional."""
    directory = tmp_path_factory.mktemp("realms")
    return RealmMaker(server, keycloak, mailbox.smtp_port, directory, prefix=f"realm{_worker()}")


@pytest.fixture(scope="session")
def postgresql(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[PostgreSQLStack]:
    """A second Keycloak, which works with PostgreSQL and trusts a proxy on this machine."""
    with running_on_postgresql(tmp_path_factory.mktemp("on-postgresql"), BEHIND_A_PROXY) as stack:
        pytestconfig.stash.setdefault(_SERVERS, []).append(stack.server)
        yield stack


@pytest.fixture(scope="session")
def make_realm_on_postgresql(
    postgresql: PostgreSQLStack, mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory
) -> RealmMaker:
    """Makes realms on that server."""
    server = postgresql.server
    keycloak = Keycloak(Settings(server.url, server.client_id, server.client_secret))
    directory = tmp_path_factory.mktemp("realms-on-postgresql")
    # Names of realms are in the addresses of owners, and the mailbox is one.
    return RealmMaker(server, keycloak, mailbox.smtp_port, directory, prefix="pg")


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """The realm of a module that says nothing else: three agencies, the Extranet, no owners."""
    return make_realm()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        # The stack makes its certificate for itself.
        trusting = ["--ignore-certificate-errors"] if on_the_stack() else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS + trusting)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One owner's browser, in French; another owner's is `browser.new_context(locale="fr-FR")`."""
    with browser.new_context(locale="fr-FR") as context:
        context.set_default_timeout(30_000)
        yield context


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page; when the test fails, what it showed is kept in .test/screenshots."""
    page = context.new_page()
    yield page
    if request.node.stash.get(_FAILED, False):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{request.node.name}.png", full_page=True)


def _worker() -> str:
    """Which process of a parallel run we are, `gw0`; empty when there is but one."""
    return os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """Texts of the command are English at the beginning of a test, whatever the one before chose."""
    speak("en")


def pytest_configure() -> None:
    """What a shell or a CI server happens to set is no business of tests: language, colours, servers."""
    expect.set_options(timeout=30_000)  # milliseconds that a page gets, where nobody clicked
    for name in list(os.environ):
        if re.fullmatch(_NOT_OURS, name) and name not in _SETTINGS_OF_TESTS:
            del os.environ[name]
    os.environ["LANG"] = "C.UTF-8"
    os.environ["LC_MESSAGES"] = "en_US.UTF-8"  # the command speaks English unless a test says otherwise
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = f"localhost,127.0.0.1,::1,{os.environ.get(name, '')}".rstrip(",")


_NOT_OURS = r"LC_\w+|LANGUAGE|FORCE_COLOR|NO_COLOR|TTY_\w+|COLUMNS|LINES|KC_\w+|MONCOMPTE_\w+"
_SETTINGS_OF_TESTS = {"MONCOMPTE_TEST_SERVER", "MONCOMPTE_WRITE_EXAMPLES"}


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesTogether:
    """How `make test` divides its tests."""
    return FilesTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins."""
    items.sort(key=lambda item: place(item.path))


_FAILED = pytest.StashKey[bool]()
_SERVERS = pytest.StashKey[list[ServerUnderTest]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers on the test that it failed, for `page`, and says where to read what the servers said."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
        # Here and not at the end of the run: of what another process knows, reports alone reach the first.
        for server in item.config.stash.get(_SERVERS, []):
            report.sections.append((f"Keycloak, {server.log}", server.last_words() or "It runs."))
    return report
