"""Does a sign-in cost more than with the stock flow and theme? (target: ratio at least 0.97)

    python benchmarks/signin.py [--rounds 40] [--sign-ins 50] [--at-once 2] [--seed N]

Starts a Keycloak of its own with our realm beside a stock one (`stock.py` says what is the same in both),
and signs owners in over HTTP, `--at-once` at a time:

    ours    S6, opened by login_hint, and the password: 2 requests, to the code
    stock   Keycloak's sign-in page, opened by login_hint, and the password: 2 requests, to the code
    S1–S6   ours from the agency's entrance: S1, S6, and the password: 3 requests, reported beside

A round is a block of `--sign-ins` of each, in random order, so that whatever slows the machine slows all
alike. Each round gives a ratio ours : stock of throughput (sign-ins a second of the block) and of the median
(stock's time : ours); printed are the medians of these ratios and their 95 % confidence intervals (bootstrap
over rounds). 1 is as fast as stock, more is faster. Exits 1 when one of the two is below 0.97, else 0. Close
other programs first.
"""

from __future__ import annotations

import argparse
import html
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from stock import REDIRECT_URI, STOCK, Beside, beside_stock

from tests.integration.stage import PERSONAL

LEAST = 0.97
WARMING = 3  # rounds that are not counted: the server compiles its code while it works
RESAMPLES = 10_000

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
class Way:
    """One way to sign in.

    visitors    one browser for each sign-in that runs at once
    throughput  sign-ins a second, a number a round
    medians     milliseconds, a number a round
    times       milliseconds of all sign-ins that count
    """

    name: str
    visitors: list[Visitor]
    throughput: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def block(self, accounts: list[str], sign_ins: int, *, counts: bool) -> None:
        """Signs in `sign_ins` times, divided among the visitors; each has accounts of its own."""
        at_once = len(self.visitors)

        def work(number: int) -> list[float]:
            own = accounts[number::at_once]
            visitor = self.visitors[number]
            return [visitor.sign_in(own[turn % len(own)]) for turn in range(sign_ins // at_once)]

        begun = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            times = [one for part in pool.map(work, range(at_once)) for one in part]
        took = time.perf_counter() - begun
        if counts:
            self.throughput.append(len(times) / took)
            self.medians.append(statistics.median(times))
            self.times.extend(times)


@dataclass(frozen=True)
class Ratio:
    """A median of ratios, one a round, and its 95 % confidence interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, ratios: list[float], chance: random.Random) -> Ratio:
        resampled = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
        low, high = resampled[int(RESAMPLES * 0.025)], resampled[int(RESAMPLES * 0.975)]
        return cls(statistics.median(ratios), low, high)

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def ways(beside: Beside, at_once: int) -> list[Way]:
    """Ours, stock, and ours from the agency's entrance."""

    def directly(realm: str) -> Callable[[str], str]:
        return lambda address: beside.entrance(realm, login_hint=address)

    def by_agency(_address: str) -> str:
        return beside.entrance(beside.ours, client="1001", societe="01")

    return [
        Way("ours, S6", [Visitor(directly(beside.ours)) for _ in range(at_once)]),
        Way("stock", [Visitor(directly(STOCK)) for _ in range(at_once)]),
        Way("ours, S1 to S6", [Visitor(by_agency, by_welcome=True) for _ in range(at_once)]),
    ]


def run(beside: Beside, all_ways: list[Way], options: argparse.Namespace, chance: random.Random) -> None:
    """All rounds, those that warm the server up first."""
    for number in range(WARMING + options.rounds):
        for way in chance.sample(all_ways, len(all_ways)):
            way.block(beside.accounts, options.sign_ins, counts=number >= WARMING)


def report(all_ways: list[Way], chance: random.Random) -> bool:
    """Prints the table and the ratios; whether the target holds."""
    print("| sign-in | throughput (median of rounds) | median | 95th percentile |")
    print("| --- | ---: | ---: | ---: |")
    for way in all_ways:
        late = statistics.quantiles(way.times, n=20)[-1]
        rate, middle = statistics.median(way.throughput), statistics.median(way.times)
        print(f"| {way.name} | {rate:.1f} /s | {middle:.1f} ms | {late:.1f} ms |")
    ours, stock, by_welcome = all_ways
    holds = True
    for way, judged in ((ours, True), (by_welcome, False)):
        throughput = Ratio.of([a / b for a, b in zip(way.throughput, stock.throughput, strict=True)], chance)
        median = Ratio.of([b / a for a, b in zip(way.medians, stock.medians, strict=True)], chance)
        print(f"\n{way.name} : stock, throughput {throughput}, median {median} (1 is as fast as stock)")
        if judged:
            holds = min(throughput.value, median.value) >= LEAST
            print(f"target: at least {LEAST}: {'met' if holds else 'MISSED'}")
    return holds


def main() -> int:
    """Runs the benchmark; the exit code."""
    parser = argparse.ArgumentParser(
        description="Does a sign-in cost more than with the stock flow and theme?"
    )
    parser.add_argument("--rounds", type=int, default=40, help="rounds that count (default: 40)")
    parser.add_argument("--sign-ins", type=int, default=50, help="sign-ins of a way in a round (default: 50)")
    parser.add_argument("--at-once", type=int, default=2, help="sign-ins at a time (default: 2)")
    parser.add_argument("--seed", type=int, default=None, help="seed of the order, to repeat a run")
    options = parser.parse_args()
    if min(options.rounds, options.at_once) < 1 or options.sign_ins < options.at_once:
        parser.error("--rounds and --at-once want at least 1, --sign-ins at least as many as --at-once")
    chance = random.Random(options.seed)
    # Two for each sign-in at once: it does not wait for what the same owner's last one still does.
    with beside_stock(accounts=2 * options.at_once) as beside:
        all_ways = ways(beside, options.at_once)
        run(beside, all_ways, options, chance)
        return 0 if report(all_ways, chance) else 1


if __name__ == "__main__":
    sys.exit(main())
