"""What the benchmarks of loading play on: PostgreSQL, Keycloak, a realm with agencies, and the command."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load_files import LoadFile
from benchmarks.options import say
from tests.installation import Installation
from tests.integration.stage import Stage

TABLES = (
    "user_entity",
    "user_attribute",
    "user_required_action",
    "credential",
    "user_role_mapping",
    "user_group_membership",
)
"""What an owner consists of."""

_ROOT = Path(__file__).parent.parent
_LOOK = 0.1  # seconds between two looks at the memory of the command


@dataclass(frozen=True)
class Load:
    """One run of the command.

    megabytes   most memory that the command and its children had at one time, shared pages counted once
    """

    owners: int
    seconds: float
    megabytes: float

    @property
    def rate(self) -> float:
        """Owners a second."""
        return self.owners / self.seconds


class LoadStage:
    """A realm to load into, with as many agencies as asked: 1001/01, 1001/02, … 1002/01 …"""

    def __init__(self, where: Installation, agencies: int) -> None:
        say(f"making a realm of {agencies} agencies")
        realm = where.make_realm(agencies=[_agency(number) for number in range(agencies)])
        self.stage = Stage(realm, where.mailbox)
        self.server = where.server
        self.keycloak = where.keycloak
        self.make_realm = where.make_realm
        self.directory = realm.directory
        assert where.database is not None
        self.database = where.database

    def imports(
        self, file: LoadFile, agency: str, credentials: Path | None = None, *, settled: bool = True
    ) -> Load:
        """Runs `moncompte owners import` to its end, from its start on.

        settled  PostgreSQL has statistics of what is there
        """
        kept = credentials or file.path.with_suffix(".letters.csv")
        arguments = ["owners", "import", str(file.path), "--agency", agency, "--credentials", str(kept)]
        command = [sys.executable, "-c", "from provisioning.cli import main; main()", *arguments]
        server = self.server
        environment = os.environ | {
            "MONCOMPTE_URL": server.url,
            "MONCOMPTE_REALM": self.stage.realm.name,
            "MONCOMPTE_CLIENT_ID": server.client_id,
            "MONCOMPTE_CLIENT_SECRET": server.client_secret,
            "PYTHONPATH": str(_ROOT),
        }
        if settled:
            self.settle()
        started = time.monotonic()
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            most = 0.0
            ended = os.pidfd_open(process.pid)
            while not select.select([ended], [], [], _LOOK)[0]:
                most = max(most, _megabytes(process.pid))
            seconds = time.monotonic() - started
            os.close(ended)
            said = process.stdout.read() if process.stdout else ""
        if process.returncode != 0:
            raise RuntimeError(f"the import ended with {process.returncode}: {said}")
        load = Load(file.owners, seconds, most)
        say(f"{file.path.name}: {load.rate:,.0f} owners/s, {most:.0f} MB · {said.strip().splitlines()[0]}")
        return load

    def settle(self) -> None:
        """Each run begins with what is committed on disk, and statistics of what is there."""
        self.database.script("VACUUM (ANALYZE) " + ", ".join(TABLES) + "; CHECKPOINT;")

    def forget_owners(self) -> None:
        """Takes every owner away."""
        which = "SELECT user_id FROM user_attribute WHERE name = 'identifiers'"
        self.database.script(
            f"BEGIN; CREATE TEMPORARY TABLE gone AS {which};"
            + "".join(f"DELETE FROM {table} WHERE user_id IN (TABLE gone);" for table in TABLES[1:])
            + "DELETE FROM user_entity WHERE id IN (TABLE gone); DROP TABLE gone; COMMIT;"
        )
        self.database.script("VACUUM FULL " + ", ".join(TABLES) + ";")
        self.stage.admin.do("POST", "clear-user-cache")


def codes(number: int) -> str:
    """The codes of the agency of a number from 0 on."""
    return f"{1001 + number // 99}/{number % 99 + 1:02}"


def _agency(number: int) -> dict[str, object]:
    client, societe = codes(number).split("/")
    return {"client": client, "societe": societe, "name": f"Agence {number}", "phone": "04 91 00 00 01"}


def _megabytes(pid: int) -> float:
    """Memory of a process and its children; a page that several share counts once (PSS)."""
    total = 0
    for one in _family(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
            total += next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
    return total / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text(encoding="ascii").split():
                yield from _family(int(child))
