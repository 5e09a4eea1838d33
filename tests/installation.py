"""A Keycloak with a mailbox, for what is no test of a run: benchmarks, and the catalogue."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
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
    """A server of its own; it ends with the context, and nothing of it is left."""
    with (
        tempfile.TemporaryDirectory(prefix="moncompte-installation-") as name,
        contextlib.ExitStack() as running,
    ):
        directory = Path(name)
        (directory / "realms").mkdir()
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
