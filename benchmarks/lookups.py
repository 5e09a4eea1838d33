"""How long does an agency wait when it looks its owners up, and does that grow with their number?

    python -m benchmarks.lookups            # agencies of 1,000, 10,000 and 100,000 owners
    python -m benchmarks.lookups --small    # shows that it runs

Starts a PostgreSQL and a Keycloak of its own, prints what it does to standard error and a table as Markdown
to standard output. Each figure is the median of several requests over HTTP on one machine. Exits 1 when the
largest agency misses a target.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from benchmarks.load_files import write_owners
from benchmarks.load_stage import LoadStage, codes
from benchmarks.options import parse, parser
from provisioning.errors import OwnerUnknownError
from provisioning.server.keycloak import Json
from provisioning.server.target import Target
from provisioning.support.support import Support
from tests.installation import Installation, installation

NUMBERS = {"owners": (100_000, 60), "tries": (7, 1)}
PAGE = "200"

# Milliseconds that the largest agency may wait.
LOOK_UP, COUNT = 500, 2_000


class Agency:
    """An agency with owners `prefix0000000` and so on."""

    def __init__(self, lab: LoadStage, number: int, owners: int) -> None:
        self.owners = owners
        self.codes = codes(number)
        self._prefix = f"P{number}"
        self._lab = lab
        client, societe = self.codes.split("/")
        self._support = Support(lab.keycloak, Target(lab.stage.realm.name, client, societe))

    def load(self) -> None:
        """Its owners; a tenth of a percent of them have their letter, as many have no contract left."""
        file = write_owners(self._lab.directory / f"{self.owners}.csv", self.owners, prefix=self._prefix)
        self._lab.imports(file, self.codes)
        some = max(1, self.owners // 1_000)
        self._support.mark_letters(self._name(number) for number in range(self.owners - some, self.owners))
        contracts = self._read("contracts", max=str(some))["contracts"]
        self._post("contracts", "end", body={"contracts": contracts})

    def _name(self, number: int) -> str:
        return f"{self._prefix}{number:07}"

    def questions(self) -> Iterator[tuple[str, Callable[[], object], float]]:
        """What is asked, how, and within how many milliseconds it is to be answered."""
        middle = self._name(self.owners // 2)
        last = self._name(self.owners - 1)
        yield "show, found", lambda: self._support.find(middle), LOOK_UP
        yield "show, not found", lambda: self._is_unknown("X0000000"), LOOK_UP
        yield "list, first page", lambda: self._read("owners", max=PAGE), LOOK_UP
        yield (
            "list, a page in the middle",
            lambda: self._read("owners", max=PAGE, first=middle.lower()),
            LOOK_UP,
        )
        yield "search, a word that all have", lambda: self._read("owners", max=PAGE, search="p0"), LOOK_UP
        yield "search, the last identifier", lambda: self._all(search=last), LOOK_UP
        yield "search, an address", lambda: self._all(search=f"{last.lower()}@exemple.fr"), LOOK_UP
        for state in ("letter", "started", "expired", "disabled", "ended", "personal", "locked"):
            yield f"state {state}", lambda state=state: self._all(state=state), LOOK_UP  # type: ignore[misc]
        yield "status", self._support.status, COUNT

    def everything(self) -> float:
        """Seconds of `list --json`."""
        begun = time.monotonic()
        count = sum(1 for _ in self._support.owners())
        if count != self.owners:
            raise RuntimeError(f"{count} owners of {self.owners} were listed")
        return time.monotonic() - begun

    def _all(self, **wanted: str) -> None:
        for _ in islice(self._support.owners(**wanted), int(PAGE)):
            pass

    def _is_unknown(self, identifier: str) -> None:
        try:
            self._support.find(identifier)
        except OwnerUnknownError:
            return
        raise RuntimeError(f"{identifier} was found")

    def _read(self, *path: str, **params: str) -> Json:
        return self._lab.keycloak.agency(
            "get", self._lab.stage.realm.name, self.codes.replace("/", "-"), *path, params=params
        )

    def _post(self, *path: str, body: Json) -> None:
        self._lab.keycloak.agency(
            "post", self._lab.stage.realm.name, self.codes.replace("/", "-"), *path, body=body
        )


def benchmark(where: Installation, options: argparse.Namespace) -> int:
    """Prints the table; 1 when the largest agency misses a target."""
    sizes = (options.owners // 100, options.owners // 10, options.owners)
    lab = LoadStage(where, len(sizes))
    agencies = [Agency(lab, number, max(2, owners)) for number, owners in enumerate(sizes)]
    for agency in agencies:
        agency.load()
    lab.settle()
    print("| owners | " + " | ".join(f"{agency.owners:,}" for agency in agencies) + " | target |")
    print("| --- |" + " ---: |" * (len(agencies) + 1))
    met = True
    for row in zip(*(agency.questions() for agency in agencies), strict=True):
        title, _, target = row[0]
        times = [_milliseconds(ask, options.tries) for _, ask, _ in row]
        met = met and times[-1] <= target
        print(f"| {title} | " + " | ".join(f"{one:,.0f} ms" for one in times) + f" | ≤ {target:,.0f} ms |")
    whole = [agency.everything() for agency in agencies]
    print("| list --json | " + " | ".join(f"{one:,.1f} s" for one in whole) + " | linear |", flush=True)
    return 0 if met or options.small else 1


def _milliseconds(ask: Callable[[], object], tries: int) -> float:
    ask()  # it compiles while it works
    times = []
    for _ in range(tries):
        begun = time.monotonic()
        ask()
        times.append((time.monotonic() - begun) * 1_000)
    return statistics.median(times)


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    return parse(parser(__doc__), NUMBERS, arguments)


def main() -> int:
    with installation(on_postgresql=True) as where:
        return benchmark(where, options_of())


if __name__ == "__main__":
    sys.exit(main())
