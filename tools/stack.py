"""The production topology on this machine, without containers: two nodes, PostgreSQL, HAProxy, Extranet.

`python -m tools.stack` (`make stack`) runs it with the sample owners until Ctrl-C. `python -m tools.stack
forget` (`make clean-stack`) forgets its data. docs/production.md says what each part is for.
"""

import os
from pathlib import Path
from typing import Any

from rich.console import Console
from ruamel.yaml import YAML

from tools import ADMIN_USER, OWNERS, REALM, ROOT, SAMPLES, ToolError, proxy
from tools.ports import NodePorts, Ports, require_free
from tools.program import Program, last_words, main
from tools.topology import Topology

HOME = ROOT / ".stack"

_ROOM = 1 << 30  # bytes: a new database, two light copies of the server, logs
_DEMO_EXTRANET = "http://localhost:8000"


def documented_ports() -> Ports:
    """Of `make stack`: what a person opens is where it was yesterday. None of them is the demo's."""
    nodes = (NodePorts(management=8446), NodePorts(management=8447))
    return Ports(accounts=8443, extranet=8444, proxy_metrics=8445, mailbox=8026, nodes=nodes)


class Stack(Program):
    """The servers of `topology`, a mailbox and the Extranet.

    ports  where everything listens
    """

    name = "stack"

    def __init__(self, home: Path, console: Console, ports: Ports) -> None:
        super().__init__(home, console)
        self.ports = ports
        self._topology: Topology | None = None

    @property
    def topology(self) -> Topology:
        """The servers; there once `bring_up` has begun."""
        assert self._topology is not None
        return self._topology

    def bring_up(self) -> None:
        proxy.program()
        self.require_room(_ROOM)
        _let_others_through(self.home)
        require_free({"the mailbox": self.ports.mailbox, "the Extranet": self.ports.extranet_itself})
        with self.step("The server, built for PostgreSQL"):
            topology = self._topology = Topology(self.home, self.ports)
        with self.step("PostgreSQL"):
            topology.database.start()
        with self.step("Two Keycloak nodes, one cluster"):
            topology.start_nodes()
        with self.step(f"HAProxy on {topology.url}"):
            topology.start_proxy()
        with self.step(f"A mailbox on http://localhost:{self.ports.mailbox}"):
            self.start_mailbox(self.ports.smtp, self.ports.mailbox)
            self.wait_for("mailbox", self.ports.mailbox)
        manifest = self.home / "moncompte.yaml"
        with self.step("Realms, agencies and applications of samples/moncompte.yaml"):
            write_manifest(
                manifest,
                smtp=("localhost", self.ports.smtp),
                extranet_url=topology.extranet_url,
                secret_file=self.home / "extranet-secret",
            )
            self.apply(manifest)
        with self.step(f"Owners of samples/, and the Extranet on {topology.extranet_url}"):
            self.start_extranet(
                "extranet",
                self.ports.extranet_itself,
                manifest,
                public_url=topology.extranet_url,
                environment=self.trust(),
            )
            self.load(owners for owners in OWNERS if owners[2] == REALM)
            self.wait_for("extranet", self.ports.extranet_itself)

    def check(self) -> None:
        """Whether the proxy runs. A node that ends is none of our business: the other one is for that."""
        if not self.topology.proxy.is_running():
            raise ToolError(f"HAProxy has ended. {last_words(self.topology.proxy.log_file)}")

    def take_down(self) -> None:
        super().take_down()
        if self._topology is not None:
            self._topology.stop()

    def url(self) -> str:
        return self.topology.url

    def connection(self) -> dict[str, str]:
        return super().connection() | self.trust()

    def trust(self) -> dict[str, str]:
        """The environment in which a program trusts the proxy's certificate."""
        return {"REQUESTS_CA_BUNDLE": str(self.topology.certificate.public)}

    def addresses(self) -> dict[str, str]:
        nodes = ", ".join(f"http://localhost:{node.management}/metrics" for node in self.ports.nodes)
        return {
            "Start here": f"{self.topology.extranet_url}/login?client=1001&societe=01",
            "Mails arrive at": f"http://localhost:{self.ports.mailbox}",
            "Keycloak's administration": f"{self.url()}/admin/  "
            f"user {ADMIN_USER}, password in .stack/admin-password",
            "Metrics of the nodes": nodes,
            "Metrics of the proxy": f"http://localhost:{self.ports.proxy_metrics}/metrics",
            "Logs, data, secrets": ".stack",
        }


def write_manifest(file: Path, *, smtp: tuple[str, int], extranet_url: str, secret_file: Path) -> None:
    """Writes samples/moncompte.yaml to `file` with another mailbox and another Extranet in it.

    smtp         host and port of the mailbox, as the nodes reach it
    secret_file  where `moncompte apply` is to write the Extranet's secret
    """
    yaml = YAML()
    manifest: dict[str, Any] = yaml.load(SAMPLES / "moncompte.yaml")
    for realm in manifest["realms"]:
        realm["mail"] |= {"host": smtp[0], "port": smtp[1]}
    for agency in manifest["agencies"]:
        if "logo" in agency:  # relative to the file it stands in
            agency["logo"] = str(SAMPLES / agency["logo"])
    extranet = _at(manifest["applications"][0], extranet_url)
    extranet["secret_file"] = str(secret_file)
    manifest["applications"] = [extranet]
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(manifest, stream)


def _at(value: Any, address: str) -> Any:
    """The same with the demo's Extranet replaced, wherever it stands."""
    if isinstance(value, dict):
        return {key: _at(of, address) for key, of in value.items()}
    if isinstance(value, list):
        return [_at(one, address) for one in value]
    if isinstance(value, str) and value.startswith(_DEMO_EXTRANET):
        return address + value.removeprefix(_DEMO_EXTRANET)
    return value


def _let_others_through(home: Path) -> None:
    """Root's PostgreSQL runs as `postgres`, who must reach its folder in `home`: the way, not the files."""
    if os.geteuid() != 0:
        return
    home.chmod(0o711)
    for folder in home.resolve().parents:
        if not folder.stat().st_mode & 0o001:
            raise ToolError(
                f"the user postgres, as whom root's PostgreSQL runs, cannot pass {folder}: "
                f"chmod o+x {folder}, or have the checkout somewhere else"
            )


if __name__ == "__main__":
    main(Stack(HOME, Console(), documented_ports()))
