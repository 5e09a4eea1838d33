"""A million owners in thousands of agencies: are the last loaded as fast as the first, and does it take
longer to sign in?"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from benchmarks.load_files import write_owners
from benchmarks.load_report import Figure, Target, median
from benchmarks.load_stage import LoadStage, codes
from benchmarks.options import say
from provisioning.owners.passwords import generate, hashed_generated
from provisioning.server.keycloak import Keycloak, Settings
from provisioning.server.target import alias_of
from tests.realms import Json

_RUNS = 3
_BATCH = 500


def million(stage: LoadStage, options: argparse.Namespace) -> list[Figure]:
    """The first part, then all between, then the last part; signing in with 1,000 owners and with all."""
    if options.agencies < 2 * _RUNS + 2 or options.million < (2 * _RUNS + 1) * options.part:
        raise SystemExit(f"needs {2 * _RUNS + 2} agencies and {2 * _RUNS + 1} times the part of owners")
    addresses = _activated(stage, options.signers)
    say(f"loading the first {options.few:,}")
    _fill(stage, agencies=[0], owners=options.few)
    before = _sign_ins(stage, addresses, options.sign_ins)
    _fill(stage, agencies=[0], owners=4 * options.few)  # a server that has just started is slower
    parts = range(1, 1 + _RUNS)
    first = [_part(stage, number, options.part) for number in parts]
    between = options.million - 2 * _RUNS * options.part
    say(f"loading {between:,} owners in {options.agencies - 2 * _RUNS - 1:,} agencies")
    _fill(stage, agencies=range(1 + 2 * _RUNS, options.agencies), owners=between)
    last = [_part(stage, number + _RUNS, options.part) for number in parts]
    after = _sign_ins(stage, addresses, options.sign_ins)
    [[users]] = stage.database.rows("SELECT count(*) FROM user_entity")
    return [
        Figure("users at the end", float(users), ""),
        Figure(f"the first {options.part:,}", median(first), "owners/s"),
        Figure(f"the last {options.part:,}", median(last), "owners/s"),
        Figure("last / first", median(last) / median(first), "×", Target.least(0.8)),
        Figure(f"signing in with {options.few:,} owners, median", before * 1000, "ms"),
        Figure(f"signing in with {options.million:,} owners, median", after * 1000, "ms"),
        Figure("signing in, many / few", after / before, "×", Target.most(1.1)),
    ]


def _part(stage: LoadStage, agency: int, owners: int) -> float:
    """A part loaded by the command into an agency of its own."""
    file = write_owners(stage.directory / f"part-{agency}.csv", owners, prefix="L")
    return stage.imports(file, codes(agency)).rate


# ---------------------------------------------------------------- many, without the command


def _fill(stage: LoadStage, *, agencies: range | list[int], owners: int) -> None:
    """Loads owners, spread evenly, through the resource: what is not measured needs no command."""
    share, left_over = divmod(owners, len(agencies))
    tasks = ((number, share + (position < left_over)) for position, number in enumerate(agencies))
    server = stage.server
    settings = Settings(server.url, server.client_id, server.client_secret)
    password = hashed_generated(generate())

    def load(tasks_of_thread: Iterator[tuple[int, int]]) -> None:
        keycloak = Keycloak(settings)
        for number, count in tasks_of_thread:
            alias = alias_of(*codes(number).split("/"))
            for start in range(0, count, _BATCH):
                batch = [
                    _owner(f"{number:05}-{one:05}", password)
                    for one in range(start, min(start + _BATCH, count))
                ]
                keycloak.load_owners(
                    stage.stage.realm.name,
                    alias,
                    batch,
                    dry_run=False,
                    replace_passwords=False,
                    same_person=False,
                )

    shared = _Shared(tasks)
    with ThreadPoolExecutor(2) as executor:
        for _ in executor.map(load, (iter(shared), iter(shared))):
            pass


class _Shared:
    """An iterator that several threads take from."""

    def __init__(self, items: Iterator[tuple[int, int]]) -> None:
        self._items = list(items)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        while True:
            try:
                yield self._items.pop()
            except IndexError:
                return


def _owner(identifier: str, password: Json) -> Json:
    return {
        "identifier": identifier,
        "civility": "Madame",
        "last_name": f"LEFÈVRE-{identifier}",
        "first_name": "Hélène",
        "email": f"{identifier}@exemple.fr",
        "phone": "04 91 55 10 20",
        "mobile": "06 11 22 33 44",
        "address": "12 rue de l'Évêché",
        "postal_code": "13002",
        "city": "Marseille",
        "contracts": [
            {"reference": f"COP-{identifier}", "role": "copropriétaire", "address": "12 rue de l'Évêché"}
        ],
        "password": password,
    }


# ---------------------------------------------------------------- signing in


def _activated(stage: LoadStage, signers: int) -> list[str]:
    """Addresses of owners who have activated."""
    say(f"activating {signers} owners")
    identifiers = [f"SIGNER{number:02}" for number in range(signers)]
    with contextlib.redirect_stdout(sys.stderr):  # where the figures go, nothing else does
        for identifier in identifiers:
            stage.stage.activated(identifier)
    return [stage.stage.address(identifier) for identifier in identifiers]


def _sign_ins(stage: LoadStage, addresses: list[str], count: int) -> float:
    """The median of a whole sign-in, from the application's address to its tokens, in seconds."""
    stage.settle()
    times = []
    for number in range(count + len(addresses)):
        owner = stage.stage.browser()
        started = time.monotonic()
        stage.stage.signed_in(owner, addresses[number % len(addresses)])
        if number >= len(addresses):  # the first round is for warming up
            times.append(time.monotonic() - started)
    found = statistics.median(times)
    say(f"signing in: {found * 1000:.1f} ms")
    return found
