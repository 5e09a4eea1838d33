"""How fast are owners loaded?

    python -m benchmarks.load                       # everything
    python -m benchmarks.load --only compare        # one part of it; --only may be given more than once
    python -m benchmarks.load --small               # with few owners: that it runs, and no more

Each part starts a PostgreSQL and a Keycloak of its own, prints what it does to standard error, and its
figures as Markdown to standard output (for docs/performance.md) as soon as it has them. The targets stand
beside the figures; a ratio that misses its target makes the exit code 1. Close other programs first: what is
measured depends on what else the machine does.

compare     the same owners by `moncompte owners import` and by the other ways there are (python-keycloak one
            after the other and on 8 threads, where the server hashes; partialImport, hash given; COPY of
            the rows), and the same file again
changes     a file with every line changed, and with one in a hundred; also the first change of a new server
file        a CSV of many owners end to end, with generated passwords, and the memory of the command
passwords   passwords of the agency: the command beside hashing alone
million     the first and the last owners of a million in thousands of agencies, and signing in before and
            after
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks import load_million, load_report, load_ways
from benchmarks.load_files import LoadFile, write_owners
from benchmarks.load_report import Figure, Target, median
from benchmarks.load_stage import LoadStage
from benchmarks.options import parse, parser, say
from tests.installation import Installation, installation

AGENCY = "1001/01"


def compare(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """Every way on the same owners; the slow ones on the first of them."""
    owners = write_owners(stage.directory / "owners.csv", options.owners)
    slow = owners.first(options.slow_owners)
    warm_up(stage, options.owners, options.warming)
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
            "import / python-keycloak one after the other", median(ours) / median(one), "×", Target.least(150)
        ),
        Figure("import / COPY", median(ours) / median(copied), "×", Target.least(0.5)),
        Figure("the same file again / first load", median(again) / median(ours), "×", Target.least(2.5)),
    ]


def load_anew(stage: LoadStage, owners: LoadFile, run: int) -> float:
    """Owners a second of a load into a realm without owners."""
    stage.forget_owners()
    return stage.imports(owners, AGENCY, credentials=stage.directory / f"letters-{run}.csv").rate


def warm_up(stage: LoadStage, owners: int, rounds: int) -> None:
    """A server that has just started compiles while it works, for some 50,000 owners: it has loaded before we
    measure."""
    say("warming up")
    file = write_owners(stage.directory / "warm-up.csv", min(owners, 10_000), prefix="W")
    for _ in range(rounds):
        stage.imports(file, AGENCY)
        stage.imports(file, AGENCY)
        stage.forget_owners()


def changes(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """What an agency sends after its first load; at first to a server that has just started."""
    owners = write_owners(stage.directory / "owners.csv", options.changed_owners)
    letters = stage.directory / "letters.csv"

    def rate(sent: LoadFile, *, settled: bool = True) -> float:
        return stage.imports(sent, AGENCY, letters, settled=settled).rate

    cold = rate(owners)
    first_change = rate(owners.changed(0), settled=False)
    warm_up(stage, options.changed_owners, options.change_warming)
    first = median([load_anew(stage, owners, run) for run in range(options.change_runs)])
    all_changed = median([rate(owners.changed(run)) for run in range(1, 1 + options.change_runs)])
    held = owners.changed(options.change_runs)
    some = [rate(held.changed(5 + run, every=100)) for run in range(options.change_runs)]
    return [
        Figure("first load, server just started", cold, "owners/s"),
        Figure("… then every line changed, no statistics yet", first_change, "owners/s"),
        Figure("first change / first load, server just started", first_change / cold, "×", Target.least(0.6)),
        Figure("first load", first, "owners/s"),
        Figure("every line changed", all_changed, "owners/s"),
        Figure("1 % of the lines changed", median(some), "owners/s"),
        Figure("every line changed / first load", all_changed / first, "×", Target.least(0.6)),
        Figure("1 % changed / first load", median(some) / first, "×", Target.least(2.5)),
    ]


def file(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """A large file, as an agency brings it once."""
    owners = write_owners(stage.directory / "owners.csv", options.file_owners)
    first = stage.imports(owners, AGENCY)
    again = stage.imports(owners, AGENCY)
    share = options.file_owners / 100_000  # the target is that of 100,000
    return [
        Figure(
            f"CSV of {options.file_owners:,} owners to the end", first.seconds, "s", Target.most(60 * share)
        ),
        Figure("… owners a second", first.rate, "owners/s"),
        Figure("… peak memory of the command", first.megabytes, "MB", Target.most(300)),
        Figure("… the same file again", again.seconds, "s", Target.most(first.seconds / 2.5)),
        Figure("… peak memory of that", again.megabytes, "MB", Target.most(300)),
    ]


def passwords(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """A file whose passwords the agency chose."""
    owners = write_owners(stage.directory / "owners.csv", options.password_owners, chosen_passwords=True)
    warm_up(stage, 1000, options.password_warming)
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
    "compare": Part(
        compare, {"owners": (10_000, 50), "slow_owners": (2_000, 5), "runs": (3, 1), "warming": (5, 0)}
    ),
    "changes": Part(
        changes, {"changed_owners": (10_000, 50), "change_runs": (3, 1), "change_warming": (3, 0)}
    ),
    "file": Part(file, {"file_owners": (100_000, 100)}),
    "passwords": Part(passwords, {"password_owners": (2_000, 10), "password_warming": (5, 0)}),
    "million": Part(
        load_million.million,
        {
            "million": (1_000_000, 400),
            "agencies": (5_000, 10),
            "part": (10_000, 30),
            "sign_ins": (200, 2),
            "few": (1_000, 20),
            "signers": (20, 4),
        },
    ),
}


def benchmark(where: Installation, name: str, options: argparse.Namespace) -> int:
    """Runs a part; the exit code."""
    part = PARTS[name]
    figures = part.run(LoadStage(where, options.agencies if name == "million" else 1), options)
    numbers = {number: getattr(options, number) for number in part.numbers}
    print(load_report.markdown(name, numbers, figures), flush=True)
    return 0 if options.small or all(figure.is_met() for figure in figures) else 1


def main() -> int:
    """Each part on a server of its own; the exit code."""
    options = options_of()
    worst = 0
    for name in options.only or PARTS:
        with installation(on_postgresql=True) as where:
            worst = max(worst, benchmark(where, name, options))
    return worst


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    command_line = parser(__doc__)
    command_line.add_argument("--only", choices=PARTS, action="append", help="this part; all without it")
    numbers = {name: both for part in PARTS.values() for name, both in part.numbers.items()}
    return parse(command_line, numbers, arguments)


if __name__ == "__main__":
    sys.exit(main())
