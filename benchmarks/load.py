"""How fast are owners loaded?

    python benchmarks/load.py compare   [--owners 10000] [--slow-owners 500] [--runs 3]
    python benchmarks/load.py file      [--owners 100000]
    python benchmarks/load.py passwords [--owners 2000]
    python benchmarks/load.py million   [--owners 1000000] [--agencies 5000] [--part 10000]

Each starts a PostgreSQL and a Keycloak of its own, prints what it does to standard error, and its figures as
Markdown to standard output (for docs/performance.md). The targets stand beside the figures; a ratio that
misses its target makes the exit code 1. Close other programs first: what is measured depends on what else the
machine does. Small numbers show that it runs, and no more.

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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import load_million
import load_report
import load_ways
from load_files import LoadFile, write_owners
from load_report import Figure, Target, median
from load_stage import LoadStage, started

AGENCY = "1001/01"


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
    """A server that has just started compiles while it works: it has loaded before we measure."""
    stage.say("warming up")
    file = write_owners(stage.directory / "warm-up.csv", max(1000, min(owners, 10_000)), prefix="W")
    stage.imports(file, AGENCY)
    stage.imports(file, AGENCY)
    stage.forget_owners()


def file(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """A large file, as an agency brings it once."""
    owners = write_owners(stage.directory / "owners.csv", options.owners)
    first = stage.imports(owners, AGENCY)
    again = stage.imports(owners, AGENCY)
    share = options.owners / 100_000  # the target is that of 100,000
    return [
        Figure(f"CSV of {options.owners:,} owners to the end", first.seconds, "s", Target.most(90 * share)),
        Figure("… owners a second", first.rate, "owners/s"),
        Figure("… peak memory of the command", first.megabytes, "MB", Target.most(300)),
        Figure("… the same file again", again.seconds, "s", Target.most(first.seconds / 4)),
        Figure("… peak memory of that", again.megabytes, "MB", Target.most(300)),
    ]


def passwords(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """A file whose passwords the agency chose."""
    owners = write_owners(stage.directory / "owners.csv", options.owners, chosen_passwords=True)
    warm_up(stage, 1000)
    alone = load_ways.hashing_alone(options.owners)
    load = stage.imports(owners, AGENCY)
    return [
        Figure(f"hashing {options.owners:,} passwords alone, all cores", alone, "s"),
        Figure("the whole command", load.seconds, "s"),
        Figure("command / hashing alone", load.seconds / alone, "×", Target.most(1.25)),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    modes = parser.add_subparsers(required=True)

    def mode(name: str, run: Callable[..., list[Figure]], **numbers: int) -> None:
        added = modes.add_parser(name)
        for option, default in numbers.items():
            added.add_argument(f"--{option.replace('_', '-')}", type=int, default=default)
        added.set_defaults(run=run, name=name)

    mode("compare", compare, owners=10_000, slow_owners=500, runs=3)
    mode("file", file, owners=100_000)
    mode("passwords", passwords, owners=2_000)
    mode("million", load_million.million, owners=1_000_000, agencies=5_000, part=10_000, sign_ins=200)
    options = parser.parse_args()
    agencies = options.agencies if options.name == "million" else 1
    with (
        tempfile.TemporaryDirectory(prefix="moncompte-load-") as directory,
        started(Path(directory), agencies) as stage,
    ):
        figures = options.run(stage, options)
    print(load_report.markdown(options, figures))
    return 0 if all(figure.is_met() for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
