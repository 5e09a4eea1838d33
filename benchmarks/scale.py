"""How long do `apply` and `plan` take, and what does each isolation cost?

    python -m benchmarks.scale                            # 1,000 agencies in one realm, then 200 each way
    python -m benchmarks.scale --only manifest --agencies 10000
    python -m benchmarks.scale --small                    # that it runs, and no more

Starts a PostgreSQL and a Keycloak of its own, prints what it does to standard error and its
figures as Markdown to standard output (for docs/operator.md). Exits 1 when a target is missed. Close other
programs first: what is measured depends on what else the machine does.

manifest       --agencies in one realm: applied for the first time, planned, applied again, and the memory
               that `moncompte` itself took
organization   --each agencies in one realm, and
realm          in a realm each: made (in all, and one of the first and of the last quarter: does it grow?),
               planned, the server's memory, and signing in to the last of them, twenty times
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import requests

from benchmarks.load_report import Figure, Target, markdown
from benchmarks.options import parse, parser, say
from tests.installation import Installation, installation
from tests.integration.stage import Stage
from tests.realms import Json, TestRealm

Isolation = Literal["organization", "realm"]
Part = Literal["manifest", "organization", "realm"]
SIGN_INS = 20
SIGNERS = [f"SIGNER{number:02}" for number in range(4)]
os.environ["LC_MESSAGES"] = "en"  # `apply` tells in English of what `_Told` looks for


@dataclass(frozen=True)
class Cost:
    """What so many agencies cost.

    agencies               how many
    made, planned, again   seconds of the first apply, of a plan and of a second apply
    first, last            seconds of the first apply for one agency of the first quarter and of the last
    before, heap           megabytes that the server holds after a garbage collection, without the agencies
                           and with them
    process                megabytes of the server's process, what it has kept for later among them
    client                 megabytes that this process, which reads and compares it all, has taken at most
    sign_in                seconds of a whole sign-in, from the application's address to its tokens
    """

    agencies: int
    made: float
    first: float
    last: float
    planned: float
    again: float
    before: float
    heap: float
    process: float
    client: float
    sign_in: float


NUMBERS = {"agencies": (1000, 8), "each": (200, 4)}


def benchmark(where: Installation, options: argparse.Namespace) -> int:
    """Runs the parts; the exit code."""
    parts: list[Part] = [options.only] if options.only else ["organization", "manifest", "realm"]
    met = True
    costs: dict[Isolation, Cost] = {}
    # The server compiles while it works: a realm is made before anything is measured.
    where.make_realm()
    for part in parts:
        if part == "manifest":
            met = _one_manifest(measured(where.make_realm(), where, options.agencies, "organization"))
        else:
            costs[part] = measured(where.make_realm(), where, options.each, part)
    if costs:
        _both_ways(options.each, costs)
    return 0 if met or options.small else 1


def _one_manifest(one: Cost) -> bool:
    """Whether the targets, which are for 1,000 agencies, are met; more of them have none."""
    has_targets = one.agencies <= 1000
    figures = [
        Figure("first apply", one.made, "s", Target.most(60) if has_targets else None),
        Figure("plan", one.planned, "s", Target.most(10) if has_targets else None),
        Figure("apply again", one.again, "s"),
        Figure("memory of moncompte at most", one.client, "MB"),
        Figure("the server's heap in use", one.heap, "MB"),
        Figure("signing in, median", one.sign_in * 1000, "ms"),
    ]
    print(markdown("manifest", {"agencies": one.agencies}, figures, program="scale"), flush=True)
    return all(figure.is_met() for figure in figures)


def _both_ways(each: int, costs: dict[Isolation, Cost]) -> None:
    print(f"### {each} agencies each way\n\n    python -m benchmarks.scale --each {each}\n")
    titles = {"organization": "organizations of one realm", "realm": "a realm each"}
    print("".join(f"| {title} " for title in ("", *(titles[part] for part in costs))) + "|")
    print("| --- " + "| ---: " * len(costs) + "|")
    for name, value in (
        ("made", lambda cost: f"{cost.made:.1f} s"),
        ("one of the first quarter · of the last", lambda cost: f"{cost.first:.2f} · {cost.last:.2f} s"),
        ("planned", lambda cost: f"{cost.planned:.1f} s"),
        ("the server's heap in use before · after", lambda cost: f"{cost.before:.0f} · {cost.heap:.0f} MB"),
        ("the server's process", lambda cost: f"{cost.process:.0f} MB"),
        ("signing in, median", lambda cost: f"{cost.sign_in * 1000:.0f} ms"),
    ):
        _row(name, value, costs.values())


def _row(name: str, value: Callable[[Cost], str], costs: Iterable[Cost]) -> None:
    print(f"| {name} | " + " | ".join(value(cost) for cost in costs) + " |", flush=True)


def measured(realm: TestRealm, where: Installation, count: int, isolation: Isolation) -> Cost:
    """Gives a realm, or realms beside it, as many agencies."""
    manifest = json.loads(realm.manifest.read_text(encoding="utf-8"))
    manifest["agencies"] = [_agency(number, isolation) for number in range(count)]
    realm.manifest.write_text(json.dumps(manifest), encoding="utf-8")
    before = _heap(where)
    told = _Told("realm moncompte-" if isolation == "realm" else "  created    agency ")
    made = _seconds(realm, "apply", "--yes", out=told)
    first, last = told.quarters()
    say(f"{count} agencies, {isolation}: made in {made:.1f} s, one in {first:.2f} s, later in {last:.2f} s")
    planned = _seconds(realm, "plan")
    again = _seconds(realm, "apply", "--yes")
    client = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"planned in {planned:.1f} s, applied again in {again:.1f} s")
    agency = f"1001/{count:04}"
    home = replace(realm, name=f"moncompte-{agency.replace('/', '-')}") if isolation == "realm" else realm
    with contextlib.redirect_stdout(sys.stderr):
        sign_in = _sign_in(Stage(home, where.mailbox), agency, isolation)
    heap = _heap(where)
    cost = Cost(count, made, first, last, planned, again, before, heap, _process(where), client, sign_in)
    say(str(cost))
    return cost


def _agency(number: int, isolation: Isolation) -> Json:
    codes = {"client": "1001", "societe": f"{number + 1:04}"}
    return {**codes, "name": f"Agence {number + 1}", "phone": "04 91 00 00 01", "isolation": isolation}


class _Told(io.StringIO):
    """Takes what `apply` prints, and when it told of each object: of lines that begin so."""

    def __init__(self, beginning: str) -> None:
        super().__init__()
        self._beginning = beginning
        self._times = [time.monotonic()]

    def write(self, text: str) -> int:
        if text.startswith(self._beginning):
            self._times.append(time.monotonic())
        return super().write(text)

    def quarters(self) -> tuple[float, float]:
        """Seconds for one object of the first quarter, and of the last."""
        quarter = max(1, (len(self._times) - 1) // 4)
        first = self._times[quarter] - self._times[0]
        last = self._times[-1] - self._times[-1 - quarter]
        return first / quarter, last / quarter


def _seconds(realm: TestRealm, *command: str, out: io.StringIO | None = None) -> float:
    started = time.monotonic()
    with contextlib.redirect_stdout(out or io.StringIO()):
        code = realm.moncompte(*command, "-f", realm.manifest)
    seconds = time.monotonic() - started
    if code != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return seconds


def _sign_in(stage: Stage, agency: str, isolation: Isolation) -> float:
    """The median time of owners of this agency."""
    if isolation == "realm":
        # The secret of an application in another realm lies beside the first one's.
        beside = stage.realm.directory / f"extranet-secret.{stage.realm.name}"
        (stage.realm.directory / "extranet-secret").write_bytes(beside.read_bytes())
    # In turn: a sign-in is refused while the last one of the same owner is still being recorded.
    for identifier in SIGNERS:
        stage.activated(identifier, agency=agency)
    times = []
    for number in range(SIGN_INS + 5):
        owner = stage.browser()
        started = time.monotonic()
        stage.signed_in(owner, stage.address(SIGNERS[number % len(SIGNERS)]))
        if number >= 5:  # the first ones warm up
            times.append(time.monotonic() - started)
    return statistics.median(times)


def _heap(where: Installation) -> float:
    """Megabytes that the server holds after a garbage collection."""
    subprocess.run(["jcmd", str(where.java()), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    metrics = requests.get(f"{where.server.management_url}/metrics", timeout=60).text
    used = re.findall(r'^jvm_memory_used_bytes\{area="heap"[^}]*\} (\S+)$', metrics, re.MULTILINE)
    if not used:
        raise RuntimeError("the server shows no metric jvm_memory_used_bytes")
    return sum(map(float, used)) / (1 << 20)


def _process(where: Installation) -> float:
    """Megabytes of memory that the server's process has taken."""
    status = Path(f"/proc/{where.java()}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    command_line = parser(__doc__)
    command_line.add_argument(
        "--only", choices=["manifest", "organization", "realm"], help="one of the parts"
    )
    return parse(command_line, NUMBERS, arguments)


if __name__ == "__main__":
    told = options_of()
    with installation(on_postgresql=True) as its_own:
        sys.exit(benchmark(its_own, told))
