"""PostgreSQL, two Keycloak nodes and HAProxy: what production needs, each to be stopped by itself."""

import contextlib
import time
from pathlib import Path

from tools import ADMIN_USER, CLI_CLIENT
from tools.keycloak import Server, bootstrap_client, bootstrap_user, built_for_postgresql
from tools.ports import Ports
from tools.postgresql import PostgreSQL
from tools.program import kept_secret
from tools.proxy import SOURCE, Proxy, kept_certificate

# A request may hold two connections at once: whoever changes a provisional account holds its row in a
# transaction of its own. With twice as many connections as requests none can wait for one that never comes;
# a few more are for what runs beside requests (mail, cluster, expiry).
REQUESTS_AT_ONCE = 50
CONNECTIONS = 2 * REQUESTS_AT_ONCE + 10
NODES = 2
_OPERATORS_CONNECTIONS = 20  # psql, pg_dump, monitoring; PostgreSQL keeps three of them for its superuser

# What every node of a production is told, here and in docker-compose.yml.
NODE_SETTINGS = {
    "KC_PROXY_HEADERS": "xforwarded",
    "KC_HTTP_POOL_MAX_THREADS": str(REQUESTS_AT_ONCE),
    "KC_DB_POOL_MAX_SIZE": str(CONNECTIONS),
    # "Not ready" for so long before it stops, which the proxy sees after three; then what still runs may end.
    "KC_SHUTDOWN_DELAY": "8s",
    "KC_SHUTDOWN_TIMEOUT": "20s",
    # A line is an object: what people typed cannot look like a line of ours.
    "KC_LOG_CONSOLE_OUTPUT": "json",
}
DATABASE_SETTINGS = {"max_connections": str(NODES * CONNECTIONS + _OPERATORS_CONNECTIONS)}

_PATIENCE = 400  # seconds; a new schema takes a minute, more on a busy machine
_GOING = 40  # seconds a node gets to stop: its delay, its time-out, and some for itself


class Topology:
    """The servers of an installation on this machine.

    home       a directory for them alone: data, logs, secrets, certificate. When root runs us, PostgreSQL's
               part belongs to the user `postgres`, who must be able to get there
    ports      where they listen
    operators  networks that reach the realm master and the Admin API through the proxy
    """

    def __init__(self, home: Path, ports: Ports, operators: str = "127.0.0.1") -> None:
        self.home = home
        self.ports = ports
        self.url = f"https://localhost:{ports.accounts}"
        self.extranet_url = f"https://localhost:{ports.extranet}"
        self.cli_secret = home / "cli-secret"
        self.admin_password = home / "admin-password"
        self.certificate = kept_certificate(home)
        password = kept_secret(home / "database-password")
        self.database = PostgreSQL(
            home / "postgresql", port=ports.database, password=password, settings=DATABASE_SETTINGS
        )
        self.proxy = Proxy(home, self.certificate, ports, operators)
        self.nodes = [self._node(number) for number in (1, 2)]

    def _node(self, number: int) -> Server:
        ports = self.ports.nodes[number - 1]
        environment = {
            **NODE_SETTINGS,
            **self.database.keycloak_environment(),
            **bootstrap_client(CLI_CLIENT, kept_secret(self.cli_secret)),
            **bootstrap_user(ADMIN_USER, kept_secret(self.admin_password)),
            "KC_PROXY_TRUSTED_ADDRESSES": SOURCE,
            # To tell the Extranet, which is behind the same proxy, that a session has ended.
            "KC_TRUSTSTORE_PATHS": str(self.certificate.public),
        }
        return Server(
            built_for_postgresql(),
            self.home / f"keycloak-{number}",
            http_port=ports.http,
            management_port=ports.management,
            environment=environment,
            public_url=self.url,
            cluster_port=ports.cluster,
        )

    def start_nodes(self) -> None:
        """Returns when both are ready. The first one alone makes the tables of a new database."""
        first, second = self.nodes
        is_new = not second.initialised.exists()
        first.start()
        if is_new:
            first.wait_until_ready(_PATIENCE)
        second.start()
        for node in self.nodes:
            node.wait_until_ready(_PATIENCE)

    def start_proxy(self) -> None:
        """Returns when it has found both nodes ready."""
        self.proxy.start()
        self.proxy.wait_for({"n1", "n2"})

    def stop_node(self, number: int) -> float:
        """Stops node 1 or 2 as an operator does; the seconds it took.

        It says that it is not ready any more, goes on answering until the proxy has seen it, and ends.
        """
        start = time.monotonic()
        self.nodes[number - 1].stop(_GOING)
        return time.monotonic() - start

    def start_node(self, number: int) -> None:
        """Returns when node 1 or 2 is ready, and the proxy has found it so."""
        node = self.nodes[number - 1]
        node.start()
        node.wait_until_ready(_PATIENCE)
        self.proxy.wait_for(self.proxy.nodes_up() | {f"n{number}"})

    def stop(self) -> None:
        """Everything that runs, the proxy first: nobody is let in who would not be answered."""
        self.proxy.stop()
        for node in self.nodes:
            with contextlib.suppress(OSError):
                node.stop(_GOING)
        self.database.stop()
