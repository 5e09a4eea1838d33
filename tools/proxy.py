"""HAProxy in front of the nodes, with the configuration of production, and a certificate for it."""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import requests
import trustme

from tools import ROOT, ToolError, processes
from tools.ports import Ports, port_is_used, require_free

FILES = ROOT / "deploy" / "proxy"

# The only address that Keycloak lets say where a request comes from: the proxy speaks from it.
SOURCE = "127.0.0.77"

_PAUSE = 0.2  # seconds between two looks at what the proxy does
_UP = re.compile(r'^haproxy_server_status\{proxy="keycloak",server="(\w+)",state="UP"\} 1$', re.MULTILINE)


@dataclass(frozen=True)
class Certificate:
    """Two PEM files.

    public    the authority that signed it: what a program that is to reach the proxy has to trust
    with_key  the certificate and its key, readable by its owner only: what the proxy is given
    """

    public: Path
    with_key: Path


def kept_certificate(directory: Path, *more_names: str) -> Certificate:
    """The certificate in `directory`, made when there is none: good for trying, not for owners.

    more_names  host names that it is for, beside localhost
    """
    certificate = Certificate(directory / "certificate.pem", directory / "certificate-and-key.pem")
    if not (certificate.public.exists() and certificate.with_key.exists()):
        authority = trustme.CA()
        made = authority.issue_cert("localhost", "127.0.0.1", *more_names)
        certificate.with_key.unlink(missing_ok=True)
        certificate.with_key.touch(mode=0o600)
        certificate.with_key.write_bytes(made.private_key_and_cert_chain_pem.bytes())
        certificate.public.write_bytes(authority.cert_pem.bytes())
    return certificate


def program() -> Path:
    """The haproxy of this machine. Raises ToolError when there is none."""
    found = shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        raise ToolError(
            "HAProxy is not on this machine: install it (Debian: apt-get install haproxy) or run `make deps`"
        )
    return Path(found)


class Proxy:
    """One HAProxy: where it listens and whom it speaks to is in `ports`.

    directory  where its log goes
    operators  networks that reach the realm master and the Admin API
    """

    def __init__(self, directory: Path, certificate: Certificate, ports: Ports, operators: str) -> None:
        self.log_file = directory / "haproxy.log"
        self._ports = ports
        self._environment = environment(certificate, ports, operators)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, deadline: float = 20) -> None:
        """Returns when it listens, after at most `deadline` seconds. Raises ToolError with what it says."""
        require_free(
            {
                "the proxy (accounts)": self._ports.accounts,
                "the proxy (Extranet)": self._ports.extranet,
                "the proxy (metrics)": self._ports.proxy_metrics,
            }
        )
        self._process = processes.spawn(
            [program(), "-db", "-f", FILES / "haproxy.cfg"],
            log_file=self.log_file,
            environment=self._environment,
        )
        end = time.monotonic() + deadline
        while not port_is_used(self._ports.accounts):
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                said = self.log_file.read_text(encoding="utf-8", errors="replace").strip()
                raise ToolError(f"HAProxy did not start. It says: {said} (its log: {self.log_file})")
            time.sleep(_PAUSE)

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ends it. Nothing happens when it does not run."""
        if self._process is not None:
            processes.stop(self._process)
            self._process = None

    def nodes_up(self) -> set[str]:
        """The nodes, `n1` and `n2`, that its health checks find ready: those it gives requests to."""
        url = f"http://127.0.0.1:{self._ports.proxy_metrics}/metrics"
        return set(_UP.findall(requests.get(url, params={"scope": "server"}, timeout=10).text))

    def wait_for(self, up: set[str], deadline: float = 60) -> None:
        """Returns when just these nodes are up; ToolError when they are not after `deadline` seconds."""
        end = time.monotonic() + deadline
        while (now := self.nodes_up()) != up:
            if time.monotonic() > end:
                raise ToolError(
                    f"after {deadline:.0f} s HAProxy finds {now or 'no node'} ready, not {up}. "
                    f"Its log: {self.log_file}"
                )
            time.sleep(_PAUSE)


def environment(certificate: Certificate, ports: Ports, operators: str) -> dict[str, str]:
    """What deploy/proxy/haproxy.cfg wants to be told, for the topology on this machine."""
    told = {
        "MONCOMPTE_PROXY_FILES": str(FILES),
        "MONCOMPTE_LISTEN": f"127.0.0.1:{ports.accounts},127.0.0.1:{ports.extranet}",
        "MONCOMPTE_CERTIFICATE": str(certificate.with_key),
        "MONCOMPTE_SOURCE": SOURCE,
        "MONCOMPTE_OPERATORS": operators,
        "MONCOMPTE_EXTRANET_HOST": f"localhost:{ports.extranet}",
        "MONCOMPTE_EXTRANET": f"127.0.0.1:{ports.extranet_itself}",
        "MONCOMPTE_METRICS": f"127.0.0.1:{ports.proxy_metrics}",
    }
    for number, node in enumerate(ports.nodes, start=1):
        told[f"MONCOMPTE_KEYCLOAK_{number}"] = f"127.0.0.1:{node.http}"
        told[f"MONCOMPTE_HEALTH_{number}"] = str(node.management)
    return told
