"""Brings the demonstration up step by step, watches it, and takes it down."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status

from tools import processes
from tools.demo import foreground, layout, ports
from tools.demo.errors import DemoError
from tools.demo.files import kept_secret, last_words
from tools.keycloak import (
    DISTRIBUTION,
    Server,
    bootstrap_client,
    bootstrap_user,
    free_port,
    port_is_used,
)

_PYTHON = Path(sys.executable)
_MONCOMPTE = _PYTHON.parent / "moncompte"
_PORTS = {
    "Keycloak": layout.KEYCLOAK_PORT,
    "the mailbox (SMTP)": layout.SMTP_PORT,
    "the mailbox": layout.MAILBOX_PORT,
    **{f"the application {title}": port for title, port in layout.EXTRANETS.values()},
}
_PAUSE = 0.2  # seconds between two looks at what runs
_PATIENCE = 400  # seconds for a start beside much else; a server that ends instead is noticed at once
_SOME_LINES_REFUSED = 3  # exit code of `moncompte owners import`
_ROOM_TO_BUILD = 1 << 30  # bytes: what Maven brings, the unpacked server and its light copy
_ROOM_TO_RUN = 200 << 20


class Demo:
    """One demonstration: what it has started, and the terminal it tells its progress to."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._keycloak: Server | None = None

    @staticmethod
    def keycloak() -> Server:
        """The demo's Keycloak, not started."""
        environment = {
            **bootstrap_client(layout.CLI_CLIENT, kept_secret(layout.CLI_SECRET)),
            **bootstrap_user(layout.ADMIN_USER, kept_secret(layout.ADMIN_PASSWORD)),
        }
        return Server(
            DISTRIBUTION,
            layout.KEYCLOAK,
            http_port=layout.KEYCLOAK_PORT,
            management_port=free_port(),
            environment=environment,
        )

    def bring_up(self) -> None:
        """Everything, in order. Raises DemoError or MoncompteError; `take_down` then stops what is there."""
        self._refuse_full_disk()
        keycloak = self._keycloak = self.keycloak()
        with self._console.status("Waiting for a Keycloak of an interrupted demo to end"):
            keycloak.take_home()
        self._refuse_used_ports()

        with self._step("The Keycloak server with extension and theme") as status:
            self._build(status)
        with self._step(f"Keycloak on {keycloak.url}"):
            keycloak.start()
            self._start_mailbox()
            keycloak.wait_until_ready(_PATIENCE)
        self._write_connection(keycloak.url)
        with self._step("Realms, agencies and applications of samples/moncompte.yaml"):
            self._moncompte("apply", "--yes", "-f", layout.SAMPLES / "moncompte.yaml")
        for file, agency, realm in layout.OWNERS:
            with self._step(f"Owners of samples/{file}"):
                self._import(file, agency, realm)
        for client_id, (title, port) in layout.EXTRANETS.items():
            with self._step(f"The application {title} on http://localhost:{port}"):
                self._start_extranet(keycloak.url, client_id)

    def watch(self) -> None:
        """Waits for Ctrl-C (KeyboardInterrupt). Raises DemoError when something that should run has ended."""
        while True:
            for name, process in self._children.items():
                if process.poll() is not None:
                    raise DemoError(f"{name} has ended. {last_words(layout.HOME / f'{name}.log')}")
            if self._keycloak is not None and not self._keycloak.is_running():
                raise DemoError(f"Keycloak has ended. Its log: {self._keycloak.log_file}")
            time.sleep(_PAUSE)

    def take_down(self) -> None:
        """Stops what was started, and nothing else. The data stay."""
        layout.CONNECTION.unlink(missing_ok=True)
        for process in self._children.values():
            processes.stop(process)
        if self._keycloak is not None:
            self._keycloak.stop()

    def _step(self, title: str) -> contextlib.AbstractContextManager[Status]:
        return foreground.step(self._console, title)

    def _refuse_full_disk(self) -> None:
        needed = _ROOM_TO_RUN if (DISTRIBUTION / "built").exists() else _ROOM_TO_BUILD
        free = shutil.disk_usage(layout.HOME).free
        if free < needed:
            raise DemoError(
                f"the disk of {layout.HOME} is nearly full: {free >> 20} MB free, {needed >> 20} MB needed"
            )

    def _refuse_used_ports(self) -> None:
        for use, port in _PORTS.items():
            if port_is_used(port):
                raise DemoError(
                    f"port {port}, where {use} is to listen, is used by {ports.holder(port)}: "
                    "stop that and run `make demo` again"
                )

    def _build(self, status: Status) -> None:
        """What `make build` does; beside the title, how long already and what Maven is downloading."""
        log = layout.HOME / "build.log"
        maven = os.environ.get("MVN", "mvn")
        title, start = status.status, time.monotonic()
        with self._build_lock():
            process = processes.spawn(
                [maven, "-B", "-f", layout.ROOT / "keycloak" / "pom.xml", "package"], log_file=log
            )
            with self._only_here(process):
                while process.poll() is None:
                    seconds = f"{time.monotonic() - start:.0f} s"
                    status.update(f"{title} [dim]{seconds} {_download(log)}[/]")
                    time.sleep(_PAUSE)
        if process.returncode != 0:
            raise DemoError(f"the server could not be built. {last_words(log)}")

    @contextlib.contextmanager
    def _build_lock(self) -> Iterator[None]:
        """The same lock as the Makefile's: a `make test` beside us may be building, too."""
        file = layout.ROOT / "keycloak" / ".build.lock"
        while (lock := processes.hold(file)) is None:
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            os.close(lock)

    def _write_connection(self, url: str) -> None:
        """Tells `moncompte`, run in this checkout, how to reach the demo."""
        connection = {
            "url": url,
            "client_id": layout.CLI_CLIENT,
            "client_secret_file": str(layout.CLI_SECRET),
        }
        layout.CONNECTION.write_text(json.dumps(connection, indent=2) + "\n", encoding="utf-8")

    def _moncompte(self, *arguments: str | Path, allowed: Sequence[int] = (0,)) -> None:
        """Runs the command as a person would, in this checkout. Raises DemoError with what it said."""
        log = layout.HOME / "moncompte.log"
        # Settings of another server, in the environment of who tries the demo, must not lead us there.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MONCOMPTE_")}
        process = processes.spawn([_MONCOMPTE, *arguments], log_file=log, environment=environment)
        with self._only_here(process):
            code = process.wait()
        if code not in allowed:
            raise DemoError(f"moncompte {arguments[0]} failed. {last_words(log)}")

    def _import(self, file: str, agency: str, realm: str) -> None:
        credentials = layout.HOME / f"credentials-{Path(file).stem}.csv"
        self._moncompte(
            *("owners", "import", layout.SAMPLES / file),
            *("--agency", agency),
            *("--realm", realm),
            *("--credentials", credentials),
            allowed=(0, _SOME_LINES_REFUSED),
        )

    def _start_mailbox(self) -> None:
        self._start(
            "tools.mailbox",
            *("--directory", layout.MAILS),
            *("--smtp-port", str(layout.SMTP_PORT)),
            *("--http-port", str(layout.MAILBOX_PORT)),
            name="mailbox",
        )
        self._wait_for_port("mailbox", layout.MAILBOX_PORT)

    def _start_extranet(self, keycloak_url: str, client_id: str) -> None:
        title, port = layout.EXTRANETS[client_id]
        environment = {
            "EXTRANET_ISSUER": f"{keycloak_url}/realms/{layout.REALM}",
            "EXTRANET_CLIENT_ID": client_id,
            "EXTRANET_MANIFEST": str(layout.SAMPLES / "moncompte.yaml"),
            "EXTRANET_CLIENT_SECRET_FILE": str(layout.HOME / f"{client_id}-secret"),
            "EXTRANET_PUBLIC_URL": f"http://localhost:{port}",
            "EXTRANET_SESSION_DIRECTORY": str(layout.HOME / f"sessions-{client_id}"),
            "EXTRANET_TITLE": title,
            "EXTRANET_PORT": str(port),
        }
        self._start("extranet", name=client_id, environment=environment)
        self._wait_for_port(client_id, port)

    def _start(
        self,
        module: str,
        *arguments: str | Path,
        name: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._children[name] = processes.spawn(
            [_PYTHON, "-m", module, *arguments],
            log_file=layout.HOME / f"{name}.log",
            environment={**os.environ, **(environment or {})},
            directory=layout.ROOT,
        )

    def _wait_for_port(self, name: str, port: int) -> None:
        process = self._children[name]
        while not port_is_used(port):
            if process.poll() is not None:
                raise DemoError(f"{name} did not start. {last_words(layout.HOME / f'{name}.log')}")
            time.sleep(_PAUSE)

    @contextlib.contextmanager
    def _only_here(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """A child that is to end by itself, and is stopped when we do not get that far."""
        try:
            yield
        finally:
            processes.stop(process)


def _download(log: Path) -> str:
    """The file that Maven is downloading, from the last line of its log; nothing at other times."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or not lines[-1].startswith("[INFO] Downloading"):
        return ""
    return f"downloading {lines[-1].rpartition('/')[2]}"
