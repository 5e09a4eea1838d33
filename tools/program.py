"""What runs in a terminal until Ctrl-C: servers, a mailbox, Extranets, and the sample owners in them.

The demo and the stack are such programs. One runs at a time, tells its progress, and leaves nothing behind.
"""

import abc
import contextlib
import csv
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import click
from rich.console import Console
from rich.panel import Panel
from rich.status import Status
from rich.table import Table

from tools import CLI_CLIENT, OWNERS, ROOT, SAMPLES, ToolError, processes
from tools.ports import port_is_used

_PYTHON = Path(sys.executable)
_MONCOMPTE = _PYTHON.parent / "moncompte"
_FULL = 10 << 20  # bytes free, and less
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SOME_LINES_REFUSED = 3  # exit code of `moncompte owners import`

PAUSE = 0.2  # seconds between two looks at what runs


class Program(abc.ABC):
    """One program: what it has started, and the terminal it tells its progress to.

    home  the folder of its data; removing it forgets them
    """

    name: ClassVar[str]

    def __init__(self, home: Path, console: Console) -> None:
        self.home = home
        self.console = console
        self.cli_secret = home / "cli-secret"
        self.admin_password = home / "admin-password"
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    @abc.abstractmethod
    def bring_up(self) -> None:
        """Starts everything, in order. Raises ToolError; `take_down` then stops what is there."""

    @abc.abstractmethod
    def check(self) -> None:
        """Raises ToolError when a server that should run has ended."""

    @abc.abstractmethod
    def url(self) -> str:
        """Where the command finds Keycloak."""

    @abc.abstractmethod
    def addresses(self) -> dict[str, str]:
        """What a visitor opens: title and address."""

    def wait_for_leftovers(self) -> None:  # noqa: B027 - nothing to wait for, unless a program says so
        """Returns when the servers of an interrupted run have ended."""

    def take_down(self) -> None:
        """Stops what was started, and nothing else. The data stay."""
        for process in self._children.values():
            processes.stop(process)

    def watch(self) -> None:
        """Waits for Ctrl-C (KeyboardInterrupt). Raises ToolError when something that should run has ended."""
        while True:
            for name, process in self._children.items():
                if process.poll() is not None:
                    raise ToolError(f"{name} has ended. {last_words(self._log(name))}")
            self.check()
            time.sleep(PAUSE)

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Status]:
        """Shows `title` as being worked on, then as done with the seconds it took."""
        start = time.monotonic()
        with self.console.status(title) as status:
            yield status
        took = time.monotonic() - start
        self.console.print(f"[green]✔[/] {title} [dim]{took:.0f} s[/]", highlight=False)

    def require_room(self, needed: int) -> None:
        """Raises ToolError when fewer than `needed` bytes are free."""
        free = shutil.disk_usage(self.home).free
        if free < needed:
            raise ToolError(
                f"the disk of {self.home} is nearly full: {free >> 20} MB free, {needed >> 20} MB needed"
            )

    def connection(self) -> dict[str, str]:
        """The environment in which `moncompte` speaks to this program's Keycloak."""
        return {
            "MONCOMPTE_URL": self.url(),
            "MONCOMPTE_CLIENT_ID": CLI_CLIENT,
            "MONCOMPTE_CLIENT_SECRET_FILE": str(self.cli_secret),
        }

    def apply(self, manifest: Path) -> None:
        """`moncompte apply`. Raises ToolError with what it said."""
        self._moncompte(["apply", "--yes", "-f", manifest])

    def load(self, owners: Iterable[tuple[str, str, str]]) -> None:
        """Loads files of samples/, all at once. Raises ToolError with what the command said.

        owners  file, agency and realm of each
        """
        commands: list[list[str | Path]] = [
            [
                *("owners", "import", SAMPLES / file),
                *("--agency", agency),
                *("--realm", realm),
                *("--credentials", self.home / f"credentials-{Path(file).stem}.csv"),
            ]
            for file, agency, realm in owners
        ]
        self._moncompte(*commands, allowed=(0, _SOME_LINES_REFUSED))

    def start_mailbox(self, smtp_port: int, http_port: int) -> None:
        """Starts the mailbox; `wait_for` tells when it listens."""
        self._start(
            "mailbox",
            *("tools.mailbox", "--directory", self.home / "mails"),
            *("--smtp-port", str(smtp_port), "--http-port", str(http_port)),
        )

    def start_extranet(
        self,
        client_id: str,
        port: int,
        manifest: Path,
        *,
        title: str = "Extranet",
        public_url: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Starts an Extranet of the realm; `wait_for` tells when it listens.

        public_url   where browsers find it, when that is not the port
        environment  further variables
        """
        told = {
            "EXTRANET_ISSUER": f"{self.url()}/realms/moncompte",
            "EXTRANET_CLIENT_ID": client_id,
            "EXTRANET_CLIENT_SECRET_FILE": str(self.home / f"{client_id}-secret"),
            "EXTRANET_MANIFEST": str(manifest),
            "EXTRANET_PUBLIC_URL": public_url or f"http://localhost:{port}",
            "EXTRANET_SESSION_DIRECTORY": str(self.home / f"sessions-{client_id}"),
            "EXTRANET_TITLE": title,
            "EXTRANET_PORT": str(port),
        }
        self._start(client_id, "extranet", environment={**told, **(environment or {})})

    def wait_for(self, name: str, port: int) -> None:
        """Returns when what was started under this name listens. Raises ToolError when it has ended."""
        while not port_is_used(port):
            if self._children[name].poll() is not None:
                raise ToolError(f"{name} did not start. {last_words(self._log(name))}")
            time.sleep(PAUSE)

    def _start(
        self, name: str, module: str, *arguments: str | Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._children[name] = processes.spawn(
            [_PYTHON, "-m", module, *arguments],
            log_file=self._log(name),
            environment={**os.environ, **(environment or {})},
            directory=ROOT,
        )

    def _moncompte(self, *commands: Sequence[str | Path], allowed: Sequence[int] = (0,)) -> None:
        """Runs commands side by side, as an operator would."""
        # Settings of another server, in the environment of the person, must not lead us there.
        others = {name: value for name, value in os.environ.items() if not name.startswith("MONCOMPTE_")}
        environment = {**others, **self.connection()}
        running: list[tuple[subprocess.Popen[bytes], Path]] = []
        try:
            for number, command in enumerate(commands, start=1):
                log = self._log(f"moncompte-{command[0]}-{number}")
                process = processes.spawn([_MONCOMPTE, *command], log_file=log, environment=environment)
                running.append((process, log))
            for process, log in running:
                if process.wait() not in allowed:
                    raise ToolError(f"moncompte {commands[0][0]} failed. {last_words(log)}")
        finally:
            for process, _ in running:
                processes.stop(process)

    def _log(self, name: str) -> Path:
        return self.home / f"{name}.log"


def main(program: Program) -> None:
    """`python -m tools.NAME` runs it until Ctrl-C, `python -m tools.NAME forget` removes its data.

    Exit code: 0 done or stopped by Ctrl-C, 1 something went wrong and was told, 2 wrong arguments.
    """
    if sys.argv[1:] not in ([], ["forget"]):
        click.echo(f"usage: python -m tools.{program.name} [forget]", err=True)
        sys.exit(2)
    for ending in _ENDINGS:
        # a kill or a closed terminal ends it as Ctrl-C does
        signal.signal(ending, signal.default_int_handler)
    if "MAKELEVEL" in os.environ:
        processes.end_with_parent()
    try:
        if sys.argv[1:]:
            _forget(program)
        else:
            _take_lock(program)
            _run(program)
    except KeyboardInterrupt:
        sys.exit(0)
    except ToolError as error:
        _fail(program, str(error))
    except OSError as error:
        _fail(program, f"{error.filename or program.home}: {error.strerror}")


def _run(program: Program) -> None:
    try:
        program.bring_up()
        _show(program)
        program.watch()
    finally:
        # A second Ctrl-C would leave behind what the first one was about to stop.
        for ending in _ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        with program.console.status("Stopping"):
            program.take_down()


def _forget(program: Program) -> None:
    if program.home.exists():
        _take_lock(program)
        program.wait_for_leftovers()
        shutil.rmtree(program.home)


def _take_lock(program: Program) -> None:
    """One at a time. The lock is ours until this process ends."""
    program.home.mkdir(mode=0o700, exist_ok=True)
    if processes.hold(program.home / "lock") is None:
        raise ToolError(
            f"a {program.name} is running in this checkout: stop it with Ctrl-C where it was started"
        )


def _fail(program: Program, message: str) -> None:
    click.echo(f"{program.name}: {message}", err=True)
    # A disk that fills up on the way shows as any error of any part.
    if program.home.exists() and shutil.disk_usage(program.home).free < _FULL:
        click.echo(f"{program.name}: the disk of {program.home} is full: make room and start again", err=True)
    sys.exit(1)


def _show(program: Program) -> None:
    """Prints the letter, what is to be opened, and how to stop."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for title, address in program.addresses().items():
        table.add_row(title, address)
    program.console.print()
    program.console.print(Panel(letter(), title="An agency's letter", expand=False))
    program.console.print(table)
    program.console.print(
        f"\nActivated already? Then sign in with your own address. Ctrl-C stops the {program.name} and keeps "
        f"its data; `make clean-{program.name}` forgets them.",
        highlight=False,
    )


def letter() -> Table:
    """The provisional access of the first owner of the first sample file."""
    file, agency, _ = OWNERS[0]
    with (SAMPLES / file).open(encoding="utf-8-sig", newline="") as lines:
        owner = next(csv.DictReader(lines, delimiter=";"))
    client, _, societe = agency.partition("/")
    table = Table.grid(padding=(0, 2))
    table.add_row("Owner", f"{owner['prenom']} {owner['nom']}")
    table.add_row("Code client · code société", f"[bold]{client}[/] · [bold]{societe}[/]")
    table.add_row("Identifiant provisoire", f"[bold]{owner['identifiant']}[/]")
    table.add_row("Mot de passe provisoire", f"[bold]{owner['mot_de_passe']}[/]")
    return table


def kept_secret(file: Path) -> str:
    """The secret in `file`; made on the first time, readable by its owner only."""
    if not file.exists():
        new = file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(24) + "\n", encoding="ascii")
        new.replace(file)  # whole or not at all
    return file.read_text(encoding="ascii").strip()


def last_words(log: Path) -> str:
    """The end of a log for an error message, and where the whole of it is."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    # Maven names the cause first and ends with advice on how to read on.
    causes = [line for line in lines if line.startswith("[ERROR]")]
    end = "\n  ".join(causes[:8] or lines[-8:])
    return f"It says:\n  {end}\n(all of it: {log})" if end else f"Its log, {log}, is empty."
