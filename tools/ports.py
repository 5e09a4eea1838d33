"""TCP ports of this machine: free ones, used ones, and which program uses one."""

import contextlib
import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools import ToolError

_WATCHING = 50_000
_CLUSTER_PORTS = range(7800, 15_000)
_LISTEN = "0A"  # the state TCP_LISTEN in /proc/net/tcp


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses at the moment.

    It lies below those that the kernel hands to connections: none of these takes it before we listen.
    """
    while True:
        port = random.randrange(15_000, 32_000)
        if can_listen(port):
            return port


def can_listen(port: int) -> bool:
    """Whether a program could listen on 127.0.0.1:PORT now."""
    with contextlib.suppress(OSError), socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        return True
    return False


def cluster_port() -> int:
    """A free TCP port of 127.0.0.1 for a node's cluster traffic.

    JGroups watches the node on the port 50,000 above, which is free as well.
    """
    while True:
        port = random.choice(_CLUSTER_PORTS)
        if all(can_listen(one) and not port_is_used(one) for one in (port, port + _WATCHING)):
            return port


def port_is_used(port: int) -> bool:
    """Whether somebody listens on `port` where a browser would look for http://localhost:PORT."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((address, port)) == 0:
                return True
    return False


def require_free(uses: Mapping[str, int]) -> None:
    """Raises ToolError when one of these ports is used. It names the program that uses it.

    uses  what is to listen there, and the port
    """
    for use, port in uses.items():
        if port_is_used(port):
            raise ToolError(
                f"port {port}, where {use} is to listen, is used by {holder(port)}: stop that one first"
            )


def holder(port: int) -> str:
    """The program that listens on `port`: "java (process 4711)", or "another program" when it does not show.

    Reads /proc: processes of other users show themselves to root only.
    """
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        if not _open_files(process).isdisjoint(sockets):
            return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return "another program"


def _open_files(process: Path) -> set[str]:
    """What the descriptors of `process` (/proc/PID) lead to; nothing when we may not look into it."""
    found = set()
    with contextlib.suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                found.add(str(descriptor.readlink()))
    return found


def _listening_inodes(port: int) -> set[str]:
    """The inodes of the sockets that listen on `port`, IPv4 and IPv6."""
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            # sl, local address as HEX:PORT, remote address, state, …, the inode in the tenth column
            columns = line.split()
            if int(columns[1].rpartition(":")[2], 16) == port and columns[3] == _LISTEN:
                inodes.add(columns[9])
    return inodes


@dataclass(frozen=True)
class NodePorts:
    """Of one Keycloak node: the requests of the proxy, health and metrics, the other node."""

    http: int = field(default_factory=free_port)
    management: int = field(default_factory=free_port)
    cluster: int = field(default_factory=cluster_port)


@dataclass(frozen=True)
class Ports:
    """Of the stack, on 127.0.0.1; what is not given is free at the moment.

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
