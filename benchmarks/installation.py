"""What benchmarks have in common: a Keycloak with a mailbox, and numbers that the command line may change."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.server.keycloak import Keycloak, Settings
from tests.realms import RealmMaker
from tests.server import ServerUnderTest, running_on_postgresql, running_server
from tools.mailbox import Mailbox
from tools.postgresql import PostgreSQL


@dataclass(frozen=True)
class Installation:
    """A server that is ready, what makes realms on it, and where their mails arrive.

    database  of the server, when it is PostgreSQL
    """

    server: ServerUnderTest
    mailbox: Mailbox
    make_realm: RealmMaker
    database: PostgreSQL | None = None

    @property
    def keycloak(self) -> Keycloak:
        """The Admin API, as a service account that may do everything."""
        return Keycloak(Settings(self.server.url, self.server.client_id, self.server.client_secret))

    def java(self) -> int:
        """Id of the server's Java process: kc.sh itself or its child."""
        shell = int((Path(self.server.log).parent / "pid").read_text(encoding="ascii"))
        children = Path(f"/proc/{shell}/task/{shell}/children").read_text(encoding="ascii").split()
        return int(children[0]) if children else shell


@contextlib.contextmanager
def installation(*, on_postgresql: bool = False) -> Iterator[Installation]:
    """One for a benchmark alone; it ends with the context, and nothing of it is left."""
    with (
        tempfile.TemporaryDirectory(prefix="moncompte-benchmark-") as name,
        contextlib.ExitStack() as running,
    ):
        directory = Path(name)
        for folder in ("keycloak", "realms"):
            (directory / folder).mkdir()
        say("starting Keycloak")
        mailbox = running.enter_context(Mailbox(directory / "mails", keep=10_000))
        database = None
        if on_postgresql:
            stack = running.enter_context(running_on_postgresql(directory / "keycloak"))
            server, database = stack.server, stack.database
        else:
            server = running.enter_context(running_server(directory / "keycloak"))
        keycloak = Keycloak(Settings(server.url, server.client_id, server.client_secret))
        make_realm = RealmMaker(server, keycloak, mailbox.smtp_port, directory / "realms")
        yield Installation(server, mailbox, make_realm, database)


Numbers = Mapping[str, tuple[int, int]]
"""Name of a number: as it is meant, and with --small."""


def parser(doc: str | None) -> argparse.ArgumentParser:
    """A command line with --small."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--small", action="store_true", help="shows that it runs; no target is judged")
    return made


def parse(
    command_line: argparse.ArgumentParser, numbers: Numbers, arguments: Sequence[str] | None = None
) -> argparse.Namespace:
    """The options, with these numbers among them.

    arguments  those of the program when not given
    """
    for name, (meant, small) in numbers.items():
        told = f"{meant}; small: {small}"
        command_line.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="N", help=told)
    options = command_line.parse_args(arguments)
    for name, (meant, small) in numbers.items():
        if getattr(options, name) is None:
            setattr(options, name, small if options.small else meant)
    return options


def say(what: str) -> None:
    """What goes on, for who waits."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
