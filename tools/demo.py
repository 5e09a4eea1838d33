"""The demonstration: Keycloak, a mailbox and two applications on this machine, with the sample owners.

`python -m tools.demo` (`make demo`) runs it until Ctrl-C. `python -m tools.demo forget` (`make clean-demo`)
forgets its data.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.status import Status

from tools import ADMIN_USER, CLI_CLIENT, OWNERS, ROOT, SAMPLES, ToolError, processes
from tools.keycloak import DISTRIBUTION, Server, bootstrap_client, bootstrap_user
from tools.ports import free_port, require_free
from tools.program import PAUSE, Program, kept_secret, last_words, main

HOME = ROOT / ".demo"
MANIFEST = SAMPLES / "moncompte.yaml"

# The manifest names these, and the applications with their ports.
KEYCLOAK_PORT = 8080
SMTP_PORT = 1025
MAILBOX_PORT = 8025
# client id: title and port. The second application runs the same code.
EXTRANETS = {"extranet": ("Extranet", 8000), "copropriete": ("Copropriété", 8001)}
PORTS = {
    "Keycloak": KEYCLOAK_PORT,
    "the mailbox (SMTP)": SMTP_PORT,
    "the mailbox": MAILBOX_PORT,
    **{f"the application {title}": port for title, port in EXTRANETS.values()},
}

_KEYCLOAK = ROOT / "keycloak"
_SOURCES = ("pom.xml", "conf", "themes", "extension", "blocklist")
_BUILT_FROM = _KEYCLOAK / "target" / "built-from"  # as old as the sources that the server was built from
_PATIENCE = 400  # seconds for a start beside much else; a server that ends instead is noticed at once
_ROOM_TO_BUILD = 1 << 30  # bytes: what Maven brings, the unpacked server and its light copy
_ROOM_TO_RUN = 200 << 20
# Compiles quickly and no further: a demo is started more often than it is busy.
_QUICKLY = {"JAVA_OPTS_APPEND": "-XX:TieredStopAtLevel=1"}


class Demo(Program):
    """The servers of the demonstration."""

    name = "demo"

    def __init__(self, home: Path, console: Console) -> None:
        super().__init__(home, console)
        self._keycloak: Server | None = None

    def bring_up(self) -> None:
        self.require_room(_ROOM_TO_RUN if (DISTRIBUTION / "built").exists() else _ROOM_TO_BUILD)
        self.wait_for_leftovers()
        require_free(PORTS)
        with self.step("The Keycloak server with extension and theme") as status:
            self._build(status)
        with self.step(f"Keycloak on {self.url()}"):
            keycloak = self._server()
            keycloak.start()
            self.start_mailbox(SMTP_PORT, MAILBOX_PORT)
            keycloak.wait_until_ready(_PATIENCE)
        self._write_connection()
        with self.step("Realms, agencies and applications of samples/moncompte.yaml"):
            self.apply(MANIFEST)
        with self.step("Owners of samples/, and the applications"):
            for client_id, (title, port) in EXTRANETS.items():
                self.start_extranet(client_id, port, MANIFEST, title=title)
            self.load(OWNERS)
            for client_id, (_, port) in EXTRANETS.items():
                self.wait_for(client_id, port)
            self.wait_for("mailbox", MAILBOX_PORT)

    def check(self) -> None:
        if not self._server().is_running():
            raise ToolError(f"Keycloak has ended. Its log: {self._server().log_file}")

    def take_down(self) -> None:
        self._connection_file.unlink(missing_ok=True)
        super().take_down()
        if self._keycloak is not None:
            self._keycloak.stop()

    def url(self) -> str:
        return f"http://localhost:{KEYCLOAK_PORT}"

    def addresses(self) -> dict[str, str]:
        client, _, societe = OWNERS[0][1].partition("/")
        first, second = (f"http://localhost:{port}" for _, port in EXTRANETS.values())
        return {
            "Start here": f"{first}/login?client={client}&societe={societe}",
            "or without codes": f"{first}/",
            "A second application": f"{second}/",
            "Mails arrive at": f"http://localhost:{MAILBOX_PORT}",
            "Keycloak's administration": f"{self.url()}/admin/  "
            f"user {ADMIN_USER}, password in {self.admin_password.relative_to(ROOT)}",
        }

    def wait_for_leftovers(self) -> None:
        with self.console.status("Waiting for a Keycloak of an interrupted demo to end"):
            self._server().take_home()

    def _server(self) -> Server:
        if self._keycloak is None:
            self._keycloak = Server(
                DISTRIBUTION,
                self.home / "keycloak",
                http_port=KEYCLOAK_PORT,
                management_port=free_port(),
                environment={
                    **_QUICKLY,
                    **bootstrap_client(CLI_CLIENT, kept_secret(self.cli_secret)),
                    **bootstrap_user(ADMIN_USER, kept_secret(self.admin_password)),
                },
            )
        return self._keycloak

    def _build(self, status: Status) -> None:
        """What `make build` does, unless nothing has changed since.

        Shows beside the title how long it has taken, and what Maven is downloading.
        """
        log = self.home / "build.log"
        maven = os.environ.get("MVN", "mvn")
        title, start = status.status, time.monotonic()
        with _build_lock():
            newest = max(file.stat().st_mtime for file in _sources())
            if (DISTRIBUTION / "built").exists() and newest <= _built_from():
                return
            process = processes.spawn([maven, "-B", "-f", _KEYCLOAK / "pom.xml", "package"], log_file=log)
            try:
                while process.poll() is None:
                    seconds = f"{time.monotonic() - start:.0f} s"
                    status.update(f"{title} [dim]{seconds} {_download(log)}[/]")
                    time.sleep(PAUSE)
            finally:
                processes.stop(process)
            if process.returncode != 0:
                raise ToolError(f"the server could not be built. {last_words(log)}")
            _BUILT_FROM.touch()
            os.utime(_BUILT_FROM, (newest, newest))

    @property
    def _connection_file(self) -> Path:
        return self.home / "connection.json"

    def _write_connection(self) -> None:
        """Tells `moncompte`, run in this checkout, how to reach the demo."""
        connection = {
            "url": self.url(),
            "client_id": CLI_CLIENT,
            "client_secret_file": str(self.cli_secret),
        }
        self._connection_file.write_text(json.dumps(connection, indent=2) + "\n", encoding="utf-8")


def _sources() -> Iterator[Path]:
    """What the server is built from; folders, too, which change when a file goes."""
    for name in _SOURCES:
        yield _KEYCLOAK / name
        yield from (_KEYCLOAK / name).rglob("*")


def _built_from() -> float:
    """When the newest source changed that the last build by a demo saw; 0 without one."""
    return _BUILT_FROM.stat().st_mtime if _BUILT_FROM.exists() else 0


@contextlib.contextmanager
def _build_lock() -> Iterator[None]:
    """The same lock as the Makefile's: a `make test` beside us may be building, too."""
    file = _KEYCLOAK / ".build.lock"
    while (lock := processes.hold(file)) is None:
        time.sleep(PAUSE)
    try:
        yield
    finally:
        os.close(lock)


def _download(log: Path) -> str:
    """The file that Maven is downloading, from the last line of its log; nothing at other times."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or not lines[-1].startswith("[INFO] Downloading"):
        return ""
    return f"downloading {lines[-1].rpartition('/')[2]}"


if __name__ == "__main__":
    main(Demo(HOME, Console()))
