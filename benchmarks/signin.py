"""Does a sign-in cost more than with the stock flow and theme? (target: ratio at least 0.97)

    python -m benchmarks.signin [--rounds 200] [--sign-ins 4] [--at-once 2] [--seed N] [--small]

Starts a Keycloak of its own with our realm and what it is compared with (`stock.py`), and signs owners in
over HTTP, `--at-once` at a time, one after the other:

    ours            S6, opened by login_hint, and the password: 2 requests, to the code
    stock           Keycloak's flow and theme in our realm, opened by login_hint, and the password: 2 requests
    stock realm     the same in a realm of Keycloak's own making, without organizations and passkeys
    ours, S1 to S6  from the agency's entrance: S1, S6, and the password: 3 requests

Judged is ours : stock, where nothing but flow and theme differs; the others are reported beside it.

A round is a block of `--sign-ins` of each way in random order, then the same backwards (ours, stock, stock,
ours): what slows the machine, for a moment or more and more, slows all alike. The last two ways take part in
each fourth round only. Ratios are those of all rounds together, so that what a way leaves behind (garbage)
counts; 1 is as much as stock, more is cheaper:

    throughput   sign-ins a second: those at once by the mean time of one
    median       of the time of one
    CPU time     the server's own for a sign-in, from /proc, what it does after the answer included: how many
                 sign-ins a busy server gets through, whatever the client costs

Printed are they and their 95 % confidence intervals (bootstrap over rounds). Exits 1 when throughput or
median is below 0.97, else 0. Close other programs first.
"""

from __future__ import annotations

import argparse
import html
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import requests

from benchmarks.options import parse, parser
from benchmarks.stock import REDIRECT_URI, STOCK, STOCK_APPLICATION, Beside, beside_stock
from tests.installation import Installation, installation
from tests.integration.stage import PERSONAL

LEAST = 0.97
# `warming` sign-ins of each way are not counted: the server compiles its code while it works.
NUMBERS = {"rounds": (200, 4), "sign_ins": (4, 2), "at_once": (2, 2), "warming": (400, 4)}
BESIDE = 4  # one round in so many has the ways that are only reported
RESAMPLES = 2_000

# Read with expressions: what the client itself computes is to be next to nothing, and the same for both.
_ACTION = re.compile(r'<form[^>]*\baction="([^"]+)"')
_TO_SIGN_IN = re.compile(r'href="([^"]*screen=login[^"]*)"')


class Visitor:
    """A browser that signs in, forgets everything, and signs in again, on a connection that stays open."""

    def __init__(self, url: Callable[[str], str], *, by_welcome: bool = False) -> None:
        self._url = url
        self._by_welcome = by_welcome
        self._http = requests.Session()

    def sign_in(self, address: str) -> float:
        """Signs an owner in; milliseconds from the first request to the redirect with the code."""
        self._http.cookies.clear()
        begun = time.perf_counter()
        page = self._get(self._url(address))
        if self._by_welcome:
            page = self._get(_found(_TO_SIGN_IN, page))
        fields = {"username": address, "password": PERSONAL, "credentialId": ""}
        answer = self._send("POST", _found(_ACTION, page), fields)
        took = (time.perf_counter() - begun) * 1000
        target = answer.headers.get("Location", "")
        if not target.startswith(REDIRECT_URI) or "code=" not in target:
            raise RuntimeError(
                f"{address} was not signed in: {answer.status_code} {target} {answer.text[:300]}"
            )
        return took

    def _get(self, url: str) -> requests.Response:
        answer = self._send("GET", url)
        while answer.is_redirect:
            answer = self._send("GET", requests.compat.urljoin(answer.url, answer.headers["Location"]))
        answer.raise_for_status()
        return answer

    def _send(self, method: str, url: str, fields: dict[str, str] | None = None) -> requests.Response:
        answer = self._http.request(method, url, data=fields, allow_redirects=False, timeout=60)
        # Keycloak marks its cookies Secure; browsers send those to http://localhost all the same, so do we.
        for cookie in self._http.cookies:
            cookie.secure = False
        return answer


def _found(expression: re.Pattern[str], page: requests.Response) -> str:
    found = expression.search(page.text)
    if found is None:
        raise RuntimeError(f"no {expression.pattern} on {page.url}: {page.text[:300]}")
    return str(requests.compat.urljoin(page.url, html.unescape(found[1])))


@dataclass
class Round:
    """What came of one way in one round.

    times  milliseconds of each sign-in
    cpu    milliseconds of the server's processors meanwhile
    """

    times: list[float] = field(default_factory=list)
    cpu: float = 0.0


@dataclass
class Way:
    """One way to sign in.

    visitors  one browser for each sign-in that runs at once
    rounds    those that count, by their number
    """

    name: str
    visitors: list[Visitor]
    rounds: dict[int, Round] = field(default_factory=dict)

    def block(self, accounts: list[str], sign_ins: int) -> list[float]:
        """Signs in `sign_ins` times, divided among the visitors; each has accounts of its own."""
        at_once = len(self.visitors)

        def work(number: int) -> list[float]:
            own = accounts[number::at_once]
            visitor = self.visitors[number]
            return [visitor.sign_in(own[turn % len(own)]) for turn in range(sign_ins // at_once)]

        with ThreadPoolExecutor(at_once) as pool:
            return [one for part in pool.map(work, range(at_once)) for one in part]

    def times(self) -> list[float]:
        """Milliseconds of all sign-ins that count."""
        return [one for part in self.rounds.values() for one in part.times]

    def cpu(self) -> float:
        """Milliseconds of the server's processors for one sign-in."""
        return sum(part.cpu for part in self.rounds.values()) / len(self.times())


@dataclass(frozen=True)
class Ratio:
    """A ratio and its 95 % confidence interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(
        cls, stock: Way, ours: Way, cost: Callable[[Sequence[Round]], float], chance: random.Random
    ) -> Ratio:
        """Stock's cost by ours: 1 is as much, more is cheaper.

        cost  of rounds, the same ones of both: whole rounds are drawn again for the interval
        """
        both = sorted(stock.rounds.keys() & ours.rounds.keys())

        def ratio(rounds: Sequence[int]) -> float:
            return cost([stock.rounds[one] for one in rounds]) / cost([ours.rounds[one] for one in rounds])

        resampled = sorted(ratio(chance.choices(both, k=len(both))) for _ in range(RESAMPLES))
        low, high = resampled[int(RESAMPLES * 0.025)], resampled[int(RESAMPLES * 0.975)]
        return cls(ratio(both), low, high)

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def _mean(rounds: Sequence[Round]) -> float:
    return statistics.fmean(one for part in rounds for one in part.times)


def _median(rounds: Sequence[Round]) -> float:
    return statistics.median(one for part in rounds for one in part.times)


def _cpu(rounds: Sequence[Round]) -> float:
    return statistics.fmean(part.cpu for part in rounds)


def ways(beside: Beside, at_once: int) -> list[Way]:
    """Ours and stock, which are judged, then what is reported beside them."""
    ours = beside.ours

    def directly(realm: str, client_id: str) -> list[Visitor]:
        return [
            Visitor(lambda address: beside.entrance(realm, client_id, login_hint=address))
            for _ in range(at_once)
        ]

    def by_agency(_address: str) -> str:
        return beside.entrance(ours, client="1001", societe="01")

    return [
        Way("ours, S6", directly(ours, "extranet")),
        Way("stock", directly(ours, STOCK_APPLICATION)),
        Way("stock realm", directly(STOCK, "extranet")),
        Way("ours, S1 to S6", [Visitor(by_agency, by_welcome=True) for _ in range(at_once)]),
    ]


def run(beside: Beside, all_ways: list[Way], options: argparse.Namespace, chance: random.Random) -> None:
    """Warms the server up, then all rounds."""
    for _ in range(max(1, options.warming // options.sign_ins)):
        for way in all_ways:
            way.block(beside.accounts, options.sign_ins)
    for number in range(options.rounds):
        part = all_ways if number % BESIDE == 0 else all_ways[:2]
        there = chance.sample(part, len(part))
        for way in [*there, *reversed(there)]:
            before = _cpu_time(beside.where.java())
            times = way.block(beside.accounts, options.sign_ins)
            of_way = way.rounds.setdefault(number, Round())
            of_way.cpu += _cpu_time(beside.where.java()) - before
            of_way.times.extend(times)


def _cpu_time(process: int) -> float:
    """Milliseconds of processors that a process has used so far, in its own code and in the kernel."""
    # The name of the program, in brackets, may hold spaces; utime and stime are fields 14 and 15 (proc(5)).
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def report(all_ways: list[Way], chance: random.Random) -> bool:
    """Prints the tables; whether the target holds."""
    print("| sign-in | throughput | median | 95th percentile | CPU time of the server |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for way in all_ways:
        times = way.times()
        rate = len(way.visitors) * 1000 / statistics.fmean(times)
        middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"| {way.name} | {rate:.1f} /s | {middle:.1f} ms | {late:.1f} ms | {way.cpu():.1f} ms |")
    ours, stock, stock_realm, by_welcome = all_ways
    print("\n| ratio (1 is as much, more is cheaper) | throughput | median | CPU time |")
    print("| --- | ---: | ---: | ---: |")
    holds = shown = False
    for one, other in ((ours, stock), (ours, stock_realm), (by_welcome, stock)):
        throughput, median, cpu = (Ratio.of(other, one, cost, chance) for cost in (_mean, _median, _cpu))
        print(f"| {one.name} : {other.name} | {throughput} | {median} | {cpu} |")
        if other is stock and one is ours:
            holds = min(throughput.value, median.value) >= LEAST
            shown = min(throughput.low, median.low) >= LEAST
    print(f"\ntarget, {ours.name} : {stock.name}: at least {LEAST}: {'met' if holds else 'MISSED'}")
    print(f"the whole intervals lie above: {'yes' if shown else 'no, so these rounds do not show it'}")
    return holds


def benchmark(where: Installation, options: argparse.Namespace) -> int:
    """Runs the benchmark; the exit code."""
    chance = random.Random(options.seed)
    # In turn: Keycloak refuses a sign-in while the last one of the same owner is still being recorded.
    with beside_stock(where, accounts=4 * options.at_once) as beside:
        all_ways = ways(beside, options.at_once)
        run(beside, all_ways, options, chance)
        return 0 if report(all_ways, chance) or options.small else 1


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    command_line = parser(__doc__)
    command_line.add_argument("--seed", type=int, help="seed of the order, to repeat a run")
    options = parse(command_line, NUMBERS, arguments)
    if min(options.rounds, options.at_once) < 1 or options.sign_ins < options.at_once:
        command_line.error("--rounds and --at-once want at least 1, --sign-ins at least as many as --at-once")
    return options


if __name__ == "__main__":
    told = options_of()
    with installation() as its_own:
        sys.exit(benchmark(its_own, told))
