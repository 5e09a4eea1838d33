"""How fast are owners loaded?

    python benchmarks/load.py                       # everything
    python benchmarks/load.py --only compare        # one part of it; --only may be given more than once
    python benchmarks/load.py --small               # with few owners: that it runs, and no more

Each part starts a PostgreSQL and a Keycloak of its own, prints what it does to standard error, and its
figures as Markdown to standard output (for docs/performance.md) as soon as it has them. The targets stand
beside the figures; a ratio that misses its target makes the exit code 1. Close other programs first: what is
measured depends on what else the machine does.

compare     the same owners by `moncompte owners import` and by the other ways there are (python-keycloak one
            after the other and on 8 threads, where the server hashes; partialImport, hash given; COPY of
            the rows), and the same file again
file        a CSV of many owners end to end, with generated passwords, and the memory of the command
passwords   passwords of the agency: the command beside hashing alone
million     the first and the last owners of a million in thousands of agencies, and signing in before and
            after
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import load_million
import load_report
import load_ways
from load_files import LoadFile, write_owners
from load_report import Figure, Target, median
from load_stage import LoadStage, started

AGENCY = "1001/01"
_WARMING_UP = 5  # loads


def compare(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """Every way on the same owners; the slow ones on the first of them."""
    owners = write_owners(stage.directory / "owners.csv", options.owners)
    slow = owners.first(options.slow_owners)
    warm_up(stage, options.owners)
    ours = [load_anew(stage, owners, run) for run in range(options.runs)]
    again = [stage.imports(owners, AGENCY).rate for _ in range(options.runs)]
    rows = load_ways.Rows.of(stage)
    copied = [load_ways.copy(stage, rows) for _ in range(options.runs)]
    stage.forget_owners()
    plain = load_ways.PlainRealm.made(stage)
    one = [load_ways.python_keycloak(plain, slow, threads=1) for _ in range(options.runs)]
    eight = [load_ways.python_keycloak(plain, slow, threads=8) for _ in range(options.runs)]
    partial = [
        load_ways.partial_import(plain, owners.first(options.slow_owners * 2)) for _ in range(options.runs)
    ]
    return [
        Figure("moncompte owners import, generated passwords", median(ours), "owners/s"),
        Figure("… the same file again", median(again), "owners/s"),
        Figure("python-keycloak, one after the other", median(one), "owners/s"),
        Figure("python-keycloak, 8 threads", median(eight), "owners/s"),
        Figure("partialImport, batches of 100, hash given, without membership", median(partial), "owners/s"),
        Figure("PostgreSQL COPY of the same rows, one stream", median(copied), "owners/s"),
        Figure(
            "import / python-keycloak one after the other", median(ours) / median(one), "×", Target.least(120)
        ),
        Figure("import / COPY", median(ours) / median(copied), "×", Target.least(0.5)),
        Figure("the same file again / first load", median(again) / median(ours), "×", Target.least(4)),
    ]


def load_anew(stage: LoadStage, owners: LoadFile, run: int) -> float:
    """Owners a second of a load into a realm without owners."""
    stage.forget_owners()
    return stage.imports(owners, AGENCY, credentials=stage.directory / f"letters-{run}.csv").rate


def warm_up(stage: LoadStage, owners: int) -> None:
    """A server that has just started compiles while it works, for some 50,000 owners: it has loaded before we
    measure."""
    stage.say("warming up")
    file = write_owners(stage.directory / "warm-up.csv", max(1000, min(owners, 10_000)), prefix="W")
    for _ in range(_WARMING_UP):
        stage.imports(file, AGENCY)
        stage.imports(file, AGENCY)
        stage.forget_owners()


def file(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """A large file, as an agency brings it once."""
    owners = write_owners(stage.directory / "owners.csv", options.file_owners)
    first = stage.imports(owners, AGENCY)
    again = stage.imports(owners, AGENCY)
    share = options.file_owners / 100_000  # the target is that of 100,000
    return [
        Figure(
            f"CSV of {options.file_owners:,} owners to the end", first.seconds, "s", Target.most(90 * share)
        ),
        Figure("… owners a second", first.rate, "owners/s"),
        Figure("… peak memory of the command", first.megabytes, "MB", Target.most(300)),
        Figure("… the same file again", again.seconds, "s", Target.most(first.seconds / 4)),
        Figure("… peak memory of that", again.megabytes, "MB", Target.most(300)),
    ]


def passwords(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """A file whose passwords the agency chose."""
    owners = write_owners(stage.directory / "owners.csv", options.password_owners, chosen_passwords=True)
    warm_up(stage, 1000)
    alone = load_ways.hashing_alone(options.password_owners)
    load = stage.imports(owners, AGENCY)
    return [
        Figure(f"hashing {options.password_owners:,} passwords alone, all cores", alone, "s"),
        Figure("the whole command", load.seconds, "s"),
        Figure("command / hashing alone", load.seconds / alone, "×", Target.most(1.25)),
    ]


@dataclass(frozen=True)
class Part:
    """A part of the benchmark.

    numbers   of its options, by their names: as they are meant, and few
    """

    run: Callable[[LoadStage, argparse.Namespace], list[Figure]]
    numbers: dict[str, tuple[int, int]]


PARTS = {
    "compare": Part(compare, {"owners": (10_000, 1_000), "slow_owners": (2_000, 30), "runs": (3, 1)}),
    "file": Part(file, {"file_owners": (100_000, 2_000)}),
    "passwords": Part(passwords, {"password_owners": (2_000, 200)}),
    "million": Part(
        load_million.million,
        {
            "million": (1_000_000, 8_000),
            "agencies": (5_000, 20),
            "part": (10_000, 1_000),
            "sign_ins": (200, 20),
        },
    ),
}


def main() -> int:
    options = _options()
    missed = False
    for name in options.only or PARTS:
        part = PARTS[name]
        with (
            tempfile.TemporaryDirectory(prefix="moncompte-load-") as directory,
            started(Path(directory), options.agencies if name == "million" else 1) as stage,
        ):
            figures = part.run(stage, options)
        numbers = {number: getattr(options, number) for number in part.numbers}
        print(load_report.markdown(name, numbers, figures), flush=True)
        missed = missed or not all(figure.is_met() for figure in figures)
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    """Those of the command line; a number that is not given is as its part means it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; all without it")
    parser.add_argument("--small", action="store_true", help="few owners")
    for name, part in PARTS.items():
        for number, (meant, few) in part.numbers.items():
            said = f"{name}: {meant}, small {few}"
            parser.add_argument(f"--{number.replace('_', '-')}", type=int, metavar="N", help=said)
    options = parser.parse_args()
    for part in PARTS.values():
        for number, (meant, few) in part.numbers.items():
            if getattr(options, number) is None:
                setattr(options, number, few if options.small else meant)
    return options


if __name__ == "__main__":
    sys.exit(main())
