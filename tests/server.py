"""The one Keycloak of a test run: the unpacked distribution, or what MONCOMPTE_TEST_SERVER says.

docker  the image of keycloak/Dockerfile
stack   the two nodes of the stack, through its proxy (tests/stack)

What only PostgreSQL shows is tested on a server of its own, the unpacked distribution in every case.

All are our own server with our own jar. A test hardly sees which one it speaks to; `smtp_host` is the name
under which that one reaches this machine's mailbox.
"""

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.shared import shared
from tools import postgresql
from tools.keycloak import DISTRIBUTION, Server, bootstrap_client, bootstrap_user, built_for_postgresql
from tools.ports import free_port, port_is_used
from tools.postgresql import PostgreSQL

_CLIENT_ID = "moncompte-tests"
_ADMIN = "admin"
# Else it looks twice a day for what workflows have to do.
_WORKFLOWS = {"KC_SPI_EVENTS_LISTENER__WORKFLOW_EVENT_LISTENER__STEP_RUNNER_TASK_INTERVAL": "3s"}
_PATIENCE = 900  # seconds; a new schema in PostgreSQL takes a minute, many on a busy machine


@dataclass(frozen=True)
class ServerUnderTest:
    """A server that is ready.

    client_id, client_secret   a service account that may do everything
    admin, admin_password      a person of the realm master, for the administration console
    """

    url: str
    management_url: str
    client_id: str
    client_secret: str = field(repr=False)
    admin: str
    admin_password: str = field(repr=False)
    smtp_host: str
    in_docker: bool
    log: str  # where to read what the server says

    def last_words(self) -> str:
        """How its log ends, once the server has ended; else nothing."""
        if self.in_docker or port_is_used(urlsplit(self.url).port or 443):
            return ""
        return "\n".join(Path(self.log).read_text(encoding="utf-8", errors="replace").splitlines()[-30:])


def in_docker() -> bool:
    """Whether the tests are to run against the image."""
    return _wanted() == "docker"


def on_the_stack() -> bool:
    """Whether the tests are to run against the stack."""
    return _wanted() == "stack"


def _wanted() -> str:
    wanted = os.environ.get("MONCOMPTE_TEST_SERVER", "")
    if wanted not in ("", "distribution", "docker", "stack"):
        raise ValueError(f"MONCOMPTE_TEST_SERVER={wanted}: expected docker, stack, distribution, or nothing")
    return wanted


@contextlib.contextmanager
def running_server(directory: Path) -> Iterator[ServerUnderTest]:
    """The server of this run, with its data below `directory`, where all processes of the run look for it.

    The first of them starts it, and it ends when the last of their contexts has ended.
    """

    def started() -> Iterator[str]:
        # Not in the home of one that has ended: its database knows our secrets no more.
        home = Path(tempfile.mkdtemp(prefix="keycloak-", dir=directory))
        with _container() if in_docker() else _embedded(home) as server:
            yield json.dumps(asdict(server))

    directory.mkdir(parents=True, exist_ok=True)
    with shared(directory, contextlib.contextmanager(started)) as known:
        yield ServerUnderTest(**json.loads(known))


@dataclass(frozen=True)
class PostgreSQLStack:
    """A Keycloak that is ready, and the database of its own that it works with.

    process   the server itself: a test may kill it and start it again
    database  the cluster, whose rows a test may read
    """

    server: ServerUnderTest
    process: Server
    database: PostgreSQL


@contextlib.contextmanager
def running_on_postgresql(
    directory: Path, environment: Mapping[str, str] | None = None
) -> Iterator[PostgreSQLStack]:
    """A Keycloak on PostgreSQL, its log below the empty `directory`; both end with the context.

    environment  further `KC_…` settings
    """
    # A schema of another name than Keycloak's own: what we ask in SQL has to find the tables there, too.
    with postgresql.throw_away(schema="identities") as database:
        keycloak_environment = {**database.keycloak_environment(), **(environment or {})}
        with _distribution(directory, built_for_postgresql(), keycloak_environment) as (server, process):
            yield PostgreSQLStack(server, process, database)


@contextlib.contextmanager
def _embedded(directory: Path) -> Iterator[ServerUnderTest]:
    # Else H2 gives a row up after two seconds, and the files of a parallel run are all here.
    patient = {"KC_DB_URL_PROPERTIES": ";LOCK_TIMEOUT=20000"}
    with _distribution(directory, DISTRIBUTION, patient) as (server, _process):
        yield server


@contextlib.contextmanager
def _distribution(
    directory: Path, distribution: Path, environment: Mapping[str, str]
) -> Iterator[tuple[ServerUnderTest, Server]]:
    client_secret, admin_password = secrets.token_urlsafe(), secrets.token_urlsafe()
    server = Server(
        distribution,
        directory,
        http_port=free_port(),
        management_port=free_port(),
        environment={
            **_WORKFLOWS,
            **environment,
            **bootstrap_client(_CLIENT_ID, client_secret),
            **bootstrap_user(_ADMIN, admin_password),
        },
    )
    try:
        server.start()
        server.wait_until_ready(_PATIENCE)
        running = ServerUnderTest(
            url=server.url,
            management_url=f"http://localhost:{server.management_port}",
            client_id=_CLIENT_ID,
            client_secret=client_secret,
            admin=_ADMIN,
            admin_password=admin_password,
            smtp_host="localhost",
            in_docker=False,
            log=str(server.log_file),
        )
        yield running, server
    finally:
        server.stop()


@contextlib.contextmanager
def _container() -> Iterator[ServerUnderTest]:
    """The image of keycloak/Dockerfile, built for embedded H2, thrown away with its data."""
    # Only here: importing testcontainers looks for a Docker engine.
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.image import DockerImage
    from testcontainers.core.wait_strategies import HttpWaitStrategy

    client_secret, admin_password = secrets.token_urlsafe(), secrets.token_urlsafe()
    http_port, management_port = free_port(), free_port()
    url = f"http://localhost:{http_port}"
    context = Path(__file__).parent.parent / "keycloak"
    with DockerImage(
        context, tag="moncompte-keycloak:tests", clean_up=False, buildargs={"DB": "dev-file"}
    ) as image:
        container = DockerContainer(str(image))
        container.with_envs(
            **_WORKFLOWS,
            **bootstrap_client(_CLIENT_ID, client_secret),
            **bootstrap_user(_ADMIN, admin_password),
        )
        container.with_bind_ports(8080, http_port).with_bind_ports(9000, management_port)
        # The mailbox runs outside, on the machine that runs the engine.
        container.with_kwargs(extra_hosts={"host.docker.internal": "host-gateway"})
        container.with_command(
            ["start", "--optimized", "--http-enabled=true", f"--hostname={url}", "--cache=local"]
        )
        container.waiting_for(HttpWaitStrategy(9000, "/health/ready").with_startup_timeout(180))
        with container:
            yield ServerUnderTest(
                url=url,
                management_url=f"http://localhost:{management_port}",
                client_id=_CLIENT_ID,
                client_secret=client_secret,
                admin=_ADMIN,
                admin_password=admin_password,
                smtp_host="host.docker.internal",
                in_docker=True,
                log=f"docker logs {container.get_container_id()}",
            )
