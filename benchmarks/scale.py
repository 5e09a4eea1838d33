"""How long do `apply` and `plan` take, and what does each isolation cost?

    python benchmarks/scale.py                            # 1,000 agencies in one realm, then 200 each way
    python benchmarks/scale.py --agencies 50 --each 5     # that it runs, and no more

Starts a PostgreSQL and a Keycloak of its own for each part, prints what it does to standard error and its
figures as Markdown to standard output (for docs/operator.md). Exits 1 when a target is missed. Close other
programs first: what is measured depends on what else the machine does.

one manifest   agencies in one realm: applied for the first time, planned, applied again
isolation      as many agencies in one realm, and in a realm each: made, planned, the server's memory in use
               after a garbage collection, and signing in to the last of them
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

sys.path.insert(0, str(Path(__file__).parent.parent))

import requests
from load_report import Figure, Target, markdown

from local_mailbox import Mailbox
from provisioning.keycloak import Keycloak, Settings
from tests.integration.stage import Stage
from tests.realms import Json, RealmMaker, TestRealm
from tests.server import PostgreSQLStack, running_on_postgresql

Isolation = Literal["organization", "realm"]
SIGN_INS = 20


@dataclass(frozen=True)
class Cost:
    """What so many agencies cost.

    made, planned, again   seconds of the first apply, of a plan and of a second apply
    heap                   megabytes that the server holds after a garbage collection
    sign_in                seconds of a whole sign-in, from the application's address to its tokens
    """

    made: float
    planned: float
    again: float
    heap: float
    sign_in: float


def main() -> int:
    options = _options()
    one = measured(options.agencies, "organization")
    print(
        markdown(
            "one manifest",
            {"agencies": options.agencies},
            [
                Figure("first apply", one.made, "s", Target.most(60)),
                Figure("plan", one.planned, "s", Target.most(10)),
                Figure("apply again", one.again, "s"),
            ],
        ).replace("load.py --only one manifest", "scale.py"),
        flush=True,
    )
    shared, own = measured(options.each, "organization"), measured(options.each, "realm")
    print(f"### {options.each} agencies each way\n")
    print("| | organizations of one realm | a realm each |\n| --- | ---: | ---: |")
    for name, value in (
        ("made", lambda cost: f"{cost.made:.1f} s"),
        ("planned", lambda cost: f"{cost.planned:.1f} s"),
        ("the server's heap in use", lambda cost: f"{cost.heap:.0f} MB"),
        ("signing in, median", lambda cost: f"{cost.sign_in * 1000:.0f} ms"),
    ):
        _row(name, value, shared, own)
    return 0 if one.made <= 60 and one.planned <= 10 else 1


def _row(name: str, value: Callable[[Cost], str], shared: Cost, own: Cost) -> None:
    print(f"| {name} | {value(shared)} | {value(own)} |", flush=True)


def measured(count: int, isolation: Isolation) -> Cost:
    """Makes as many agencies on a server of its own."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for part in ("keycloak", "realms", "mails"):
            (directory / part).mkdir()
        say("starting PostgreSQL and Keycloak")
        with (
            Mailbox(directory / "mails", keep=100) as mailbox,
            running_on_postgresql(directory / "keycloak") as stack,
        ):
            return _on(stack, mailbox, directory, count, isolation)


def _on(stack: PostgreSQLStack, mailbox: Mailbox, directory: Path, count: int, isolation: Isolation) -> Cost:
    server = stack.server
    keycloak = Keycloak(Settings(server.url, server.client_id, server.client_secret))
    # The server has made a realm before we measure: it compiles while it works.
    realm = RealmMaker(server, keycloak, mailbox.smtp_port, directory / "realms")()
    manifest = json.loads(realm.manifest.read_text(encoding="utf-8"))
    manifest["agencies"] = [_agency(number, isolation) for number in range(count)]
    realm.manifest.write_text(json.dumps(manifest), encoding="utf-8")
    made = _seconds(realm, 0, "apply", "--yes")
    planned = _seconds(realm, 0, "plan")
    again = _seconds(realm, 0, "apply", "--yes")
    say(f"{count} agencies, isolation {isolation}: {made:.1f} s, plan {planned:.1f} s")
    last = f"1001/{count:04}"
    home = replace(realm, name=f"moncompte-{last.replace('/', '-')}") if isolation == "realm" else realm
    sign_in = _sign_in(Stage(home, mailbox), last, isolation)
    return Cost(made, planned, again, _heap(stack), sign_in)


def _agency(number: int, isolation: Isolation) -> Json:
    codes = {"client": "1001", "societe": f"{number + 1:04}"}
    return {**codes, "name": f"Agence {number + 1}", "phone": "04 91 00 00 01", "isolation": isolation}


def _seconds(realm: TestRealm, expected: int, *command: str) -> float:
    started = time.monotonic()
    code = realm.moncompte(*command, "-f", realm.manifest)
    seconds = time.monotonic() - started
    if code != expected:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return seconds


def _sign_in(stage: Stage, agency: str, isolation: Isolation) -> float:
    """The median time of an owner of this agency."""
    if isolation == "realm":
        # The secret of an application in another realm lies beside the first one's.
        beside = stage.realm.directory / f"extranet-secret.{stage.realm.name}"
        (stage.realm.directory / "extranet-secret").write_bytes(beside.read_bytes())
    stage.activated("SIGNER01", agency=agency)
    times = []
    for number in range(SIGN_INS + 5):
        owner = stage.browser()
        started = time.monotonic()
        stage.signed_in(owner, stage.address("SIGNER01"))
        if number >= 5:  # the first ones warm up
            times.append(time.monotonic() - started)
    return statistics.median(times)


def _heap(stack: PostgreSQLStack) -> float:
    """Megabytes that the server holds after a garbage collection."""
    subprocess.run(["jcmd", str(_java(stack)), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    metrics = requests.get(f"{stack.server.management_url}/metrics", timeout=60).text
    used = re.findall(r'^jvm_memory_used_bytes\{area="heap"[^}]*\} (\S+)$', metrics, re.MULTILINE)
    if not used:
        raise RuntimeError("the server shows no metric jvm_memory_used_bytes")
    return sum(map(float, used)) / (1 << 20)


def _java(stack: PostgreSQLStack) -> int:
    """The Java process of a server: kc.sh itself or its child."""
    shell = int((stack.process.home / "pid").read_text(encoding="ascii"))
    children = Path(f"/proc/{shell}/task/{shell}/children").read_text(encoding="ascii").split()
    return int(children[0]) if children else shell


def say(what: str) -> None:
    """What goes on, for who waits."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agencies", type=int, default=1000, metavar="N", help="agencies of one manifest")
    parser.add_argument("--each", type=int, default=200, metavar="N", help="agencies with each isolation")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
