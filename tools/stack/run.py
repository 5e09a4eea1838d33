"""Brings the stack up step by step with the sample owners, watches it, and takes it down."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status

from tools import processes
from tools.demo import foreground
from tools.demo.files import last_words
from tools.keycloak import port_is_used
from tools.stack import proxy, sample
from tools.stack.errors import StackError
from tools.stack.layout import CLI_CLIENT, HOME, OWNERS, REALM, ROOT, SAMPLES, Ports
from tools.stack.topology import Topology

_PYTHON = Path(sys.executable)
_MONCOMPTE = _PYTHON.parent / "moncompte"
_PAUSE = 0.2  # seconds between two looks at what runs
_SOME_LINES_REFUSED = 3  # exit code of `moncompte owners import`
_ROOM = 1 << 30  # bytes: a new database, two light copies of the server, logs


class Stack:
    """One stack: the servers of `topology`, a mailbox, the Extranet, and the terminal that is told.

    home   the directory of its data
    ports  where everything listens
    """

    def __init__(self, console: Console, ports: Ports, home: Path = HOME) -> None:
        self.home = home
        self.ports = ports
        self.topology: Topology | None = None
        self._console = console
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def manifest(self) -> Path:
        """What the operator declares, written anew at each start."""
        return self.home / "moncompte.yaml"

    @property
    def extranet_secret(self) -> Path:
        return self.home / "extranet-secret"

    def bring_up(self) -> None:
        """Everything, in order. Raises StackError or MoncompteError; `take_down` then stops what is there."""
        proxy.program()
        free = shutil.disk_usage(self.home).free
        if free < _ROOM:
            raise StackError(
                f"the disk of {self.home} is nearly full: {free >> 20} MB free, {_ROOM >> 20} needed"
            )
        _let_others_through(self.home)
        with self._step("The server, built for PostgreSQL"):
            topology = self.topology = Topology(self.home, self.ports)
        with self._step("PostgreSQL"):
            topology.database.start()
        with self._step("Two Keycloak nodes, one cluster"):
            topology.start_nodes()
        with self._step(f"HAProxy on {topology.url}"):
            topology.start_proxy()
        with self._step(f"A mailbox on http://localhost:{self.ports.mailbox}"):
            self._start_mailbox()
        with self._step("Realms, agencies and applications of samples/moncompte.yaml"):
            sample.write_manifest(
                self.manifest,
                smtp=("localhost", self.ports.smtp),
                extranet_url=topology.extranet_url,
                secret_file=self.extranet_secret,
            )
            self._moncompte("apply", "--yes", "-f", self.manifest)
        for file, agency in OWNERS:
            with self._step(f"Owners of samples/{file}"):
                self._import(file, agency)
        with self._step(f"The Extranet on {topology.extranet_url}"):
            self._start_extranet()

    def watch(self) -> None:
        """Waits for Ctrl-C (KeyboardInterrupt). Raises StackError when the proxy or a helper has ended.

        A node that is killed, or stopped, is none of our business: that is what the other one is for.
        """
        assert self.topology is not None
        while self.topology.proxy.is_running():
            for name, process in self._children.items():
                if process.poll() is not None:
                    raise StackError(f"{name} has ended. {last_words(self.home / f'{name}.log')}")
            time.sleep(_PAUSE)
        raise StackError(f"HAProxy has ended. {last_words(self.topology.proxy.log_file)}")

    def take_down(self) -> None:
        """Stops what was started, and nothing else. The data stay."""
        for process in self._children.values():
            processes.stop(process)
        if self.topology is not None:
            self.topology.stop()

    def connection(self) -> dict[str, str]:
        """The environment in which `moncompte` speaks to this stack."""
        assert self.topology is not None
        return {
            "MONCOMPTE_URL": self.topology.url,
            "MONCOMPTE_CLIENT_ID": CLI_CLIENT,
            "MONCOMPTE_CLIENT_SECRET_FILE": str(self.topology.cli_secret),
            "REQUESTS_CA_BUNDLE": str(self.topology.certificate.public),
        }

    def _step(self, title: str) -> contextlib.AbstractContextManager[Status]:
        return foreground.step(self._console, title)

    def _moncompte(self, *arguments: str | Path, allowed: Sequence[int] = (0,)) -> None:
        """Runs the command as an operator would, through the proxy. Raises StackError with what it said."""
        log = self.home / "moncompte.log"
        others = {name: value for name, value in os.environ.items() if not name.startswith("MONCOMPTE_")}
        process = processes.spawn(
            [_MONCOMPTE, *arguments], log_file=log, environment={**others, **self.connection()}
        )
        try:
            code = process.wait()
        finally:
            processes.stop(process)
        if code not in allowed:
            raise StackError(f"moncompte {arguments[0]} failed. {last_words(log)}")

    def _import(self, file: str, agency: str) -> None:
        self._moncompte(
            *("owners", "import", SAMPLES / file),
            *("--agency", agency),
            *("--realm", REALM),
            *("--credentials", self.home / f"credentials-{Path(file).stem}.csv"),
            allowed=(0, _SOME_LINES_REFUSED),
        )

    def _start_mailbox(self) -> None:
        self._start(
            "tools.mailbox",
            self.ports.mailbox,
            *("--directory", self.home / "mails"),
            *("--smtp-port", str(self.ports.smtp)),
            *("--http-port", str(self.ports.mailbox)),
        )

    def _start_extranet(self) -> None:
        assert self.topology is not None
        environment = {
            "EXTRANET_ISSUER": f"{self.topology.url}/realms/{REALM}",
            "EXTRANET_CLIENT_ID": "extranet",
            "EXTRANET_CLIENT_SECRET_FILE": str(self.extranet_secret),
            "EXTRANET_MANIFEST": str(self.manifest),
            "EXTRANET_PUBLIC_URL": self.topology.extranet_url,
            "EXTRANET_SESSION_DIRECTORY": str(self.home / "sessions"),
            "EXTRANET_PORT": str(self.ports.extranet_itself),
            "REQUESTS_CA_BUNDLE": str(self.topology.certificate.public),
        }
        self._start("extranet", self.ports.extranet_itself, environment=environment)

    def _start(
        self, module: str, port: int, *arguments: str | Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Starts a Python module of ours and returns when it listens on `port`."""
        if port_is_used(port):
            raise StackError(f"port {port} is used by another program: stop that one first")
        log = self.home / f"{module}.log"
        process = self._children[module] = processes.spawn(
            [_PYTHON, "-m", module, *arguments],
            log_file=log,
            environment={**os.environ, **(environment or {})},
            directory=ROOT,
        )
        while not port_is_used(port):
            if process.poll() is not None:
                raise StackError(f"{module} did not start. {last_words(log)}")
            time.sleep(_PAUSE)


def _let_others_through(home: Path) -> None:
    """Root's PostgreSQL runs as `postgres`, who must reach its folder in `home`: the way, not the files."""
    if os.geteuid() != 0:
        return
    home.chmod(0o711)
    for folder in home.resolve().parents:
        if not folder.stat().st_mode & 0o001:
            raise StackError(
                f"the user postgres, as whom root's PostgreSQL runs, cannot pass {folder}: "
                f"chmod o+x {folder}, or have the checkout somewhere else"
            )
