"""The one Keycloak of a test run: the unpacked distribution, or the image when MONCOMPTE_TEST_SERVER=docker.

Both are our own server with our own jar. A test hardly sees which one it speaks to; `smtp_host` is the name
under which that one reaches this machine's mailbox.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.server import DISTRIBUTION, Server, bootstrap_client, bootstrap_user, free_port

_CLIENT_ID = "moncompte-tests"
_ADMIN = "admin"


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


def in_docker() -> bool:
    """Whether the tests are to run against the image."""
    wanted = os.environ.get("MONCOMPTE_TEST_SERVER", "")
    if wanted not in ("", "distribution", "docker"):
        raise ValueError(f"MONCOMPTE_TEST_SERVER={wanted}: expected docker, distribution, or nothing")
    return wanted == "docker"


def running_server(directory: Path) -> contextlib.AbstractContextManager[ServerUnderTest]:
    """The server of this run, with its data below the empty `directory`; it ends with the context."""
    return _container() if in_docker() else _distribution(directory)


@contextlib.contextmanager
def _distribution(directory: Path) -> Iterator[ServerUnderTest]:
    client_secret, admin_password = secrets.token_urlsafe(), secrets.token_urlsafe()
    server = Server(
        DISTRIBUTION,
        directory,
        http_port=free_port(),
        management_port=free_port(),
        environment=bootstrap_client(_CLIENT_ID, client_secret) | bootstrap_user(_ADMIN, admin_password),
    )
    try:
        server.start()
        server.wait_until_ready()
        yield ServerUnderTest(
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
            **bootstrap_client(_CLIENT_ID, client_secret), **bootstrap_user(_ADMIN, admin_password)
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
