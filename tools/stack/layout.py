"""Where the stack keeps what, and where it listens."""

import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path

from tools.keycloak import free_port, port_is_used

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
PROXY_FILES = ROOT / "deploy" / "proxy"

# Everything of `make stack`; `make clean-stack` removes it, and nothing else.
HOME = ROOT / ".stack"

CLI_CLIENT = "moncompte-cli"
ADMIN_USER = "admin"
REALM = "moncompte"
OWNERS = (("owners-1001-01.csv", "1001/01"), ("owners-2002-01.csv", "2002/01"))

# The only address that Keycloak lets say where a request comes from: the proxy speaks from it.
PROXY_SOURCE = "127.0.0.77"

# JGroups watches a node on the port this much above the one of its cluster traffic.
_WATCHING = 50_000
_CLUSTER_PORTS = range(7800, 15_000)


def cluster_port() -> int:
    """A free TCP port of 127.0.0.1 for a node's cluster traffic, with that of its watching free as well."""
    while True:
        port = secrets.choice(_CLUSTER_PORTS)
        if _can_listen(port) and _can_listen(port + _WATCHING):
            return port


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return not port_is_used(port)


@dataclass(frozen=True)
class NodePorts:
    """Of one Keycloak node: the requests of the proxy, health and metrics, the other node."""

    http: int = field(default_factory=free_port)
    management: int = field(default_factory=free_port)
    cluster: int = field(default_factory=cluster_port)


@dataclass(frozen=True)
class Ports:
    """All of them TCP, on 127.0.0.1; what is not given is free at the moment.

    accounts, extranet  of the proxy, by https: what browsers are to open
    proxy_metrics       the proxy's own metrics
    """

    accounts: int = field(default_factory=free_port)
    extranet: int = field(default_factory=free_port)
    proxy_metrics: int = field(default_factory=free_port)
    database: int = field(default_factory=free_port)
    mailbox: int = field(default_factory=free_port)
    smtp: int = field(default_factory=free_port)
    extranet_itself: int = field(default_factory=free_port)
    nodes: tuple[NodePorts, NodePorts] = field(default_factory=lambda: (NodePorts(), NodePorts()))


def documented_ports() -> Ports:
    """Of `make stack`: what a person opens is where it was yesterday. None of them is the demo's."""
    nodes = (NodePorts(management=8446), NodePorts(management=8447))
    return Ports(accounts=8443, extranet=8444, proxy_metrics=8445, mailbox=8026, nodes=nodes)
