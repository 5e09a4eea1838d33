"""What does the first visit of the sign-in page weigh? (target: at most 25 KB in at most 4 requests)

    python -m benchmarks.weight

Starts a Keycloak of its own with our realm beside a stock one, opens the sign-in page of each in a Chromium
that has never been there, and counts what came over the wire: requests, and bytes with their headers,
compressed as the server sends them and no further (a proxy that compresses pages makes both lighter). Then
opens it once more: what a second visit costs. A redirect on the way counts as a request. Beside, the page
with an agency's logo (that of samples/, 5 KB; an agency may choose a heavier one).

Exits 1 when either of ours weighs more than 25 KB, wants more than 4 requests, asks anybody but the server,
or moves while it is built; else 0.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.options import parse, parser
from benchmarks.stock import STOCK, Beside, beside_stock
from tests.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.installation import Installation, installation

MOST_BYTES, MOST_REQUESTS = 25 * 1024, 4
_SETTLED = 2000  # milliseconds
OURS, WITH_LOGO = "ours (S6)", "ours with an agency's logo"


@dataclass
class Visit:
    """What one visit of a page brought over the wire.

    sizes    bytes of each answer, headers included, by request
    origins  who was asked
    shift    cumulative layout shift (0 when nothing moved while the page was built)
    painted  milliseconds to the first contentful paint, as this machine paints
    """

    sizes: dict[str, int] = field(default_factory=dict)
    origins: set[str] = field(default_factory=set)
    shift: float = 0.0
    painted: float = 0.0

    @property
    def requests(self) -> int:
        return len(self.sizes)

    @property
    def bytes(self) -> int:
        return sum(self.sizes.values())


def visit(context: BrowserContext, url: str) -> Visit:
    """Opens a page and waits until nothing comes any more."""
    seen = Visit()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    cached: set[str] = set()

    def asked(event: dict[str, Any]) -> None:
        key, address = event["requestId"], event["request"]["url"]
        if address.startswith("data:"):
            return
        redirected = event.get("redirectResponse")
        if redirected is not None:
            seen.sizes[f"{key} redirected {len(seen.sizes)}"] = int(redirected["encodedDataLength"])
        seen.sizes[key] = 0
        parts = urlsplit(address)
        seen.origins.add(f"{parts.scheme}://{parts.netloc}")

    def ended(event: dict[str, Any]) -> None:
        key = event["requestId"]
        if key in cached:
            seen.sizes.pop(key, None)
        elif key in seen.sizes:
            seen.sizes[key] = int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    wire.on(
        "Network.responseReceived",
        lambda event: cached.add(event["requestId"]) if event["response"].get("fromDiskCache") else None,
    )
    wire.on("Network.loadingFinished", ended)
    wire.send("Network.enable")
    page.goto(url, timeout=120_000)
    page.wait_for_timeout(_SETTLED)  # for what scripts ask for once the page is there
    seen.shift = page.evaluate(_LAYOUT_SHIFT)
    seen.painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    page.close()
    return seen


# Entries of before this call are delivered to an observer that asks for them ("buffered").
_LAYOUT_SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(sum), 100));
})"""


def measure(browser: Browser, beside: Beside) -> dict[str, Visit]:
    """First and second visit of each page."""
    pages = {
        OURS: beside.entrance(beside.ours, login_hint="x"),
        "stock (keycloak.v2)": beside.entrance(STOCK, login_hint="x"),
        WITH_LOGO: beside.entrance(beside.ours, client="1001", societe="01", login_hint="x"),
    }
    visits: dict[str, Visit] = {}
    for name, url in pages.items():
        with browser.new_context(locale="fr-FR") as context:
            visits[name] = visit(context, url)
            context.clear_cookies()
            visits[f"{name}, again"] = visit(context, url)
    return visits


def report(visits: dict[str, Visit]) -> None:
    """Prints the table."""
    print("| sign-in page | requests | bytes over the wire | layout shift | first contentful paint |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, one in visits.items():
        row = f"| {name} | {one.requests} | {one.bytes:,} | {one.shift:.3f} | {one.painted:.0f} ms |"
        print(row)


def missed(first: Visit, server: str) -> list[str]:
    """The targets that our first visit misses, in words."""
    strangers = first.origins - {server}
    reasons = {
        f"{first.bytes:,} bytes, and {MOST_BYTES:,} are allowed": first.bytes > MOST_BYTES,
        f"{first.requests} requests, and {MOST_REQUESTS} are allowed": first.requests > MOST_REQUESTS,
        f"asked somebody else: {', '.join(sorted(strangers))}": bool(strangers),
        f"the page moved while it was built: {first.shift:.3f}": first.shift > 0,
    }
    return [reason for reason, holds in reasons.items() if holds]


def run(where: Installation, browser: Browser) -> int:
    """Runs the benchmark; the exit code."""
    with beside_stock(where, accounts=1) as beside:
        visits = measure(browser, beside)
        report(visits)
        reasons = [
            f"{name}: {reason}"
            for name in (OURS, WITH_LOGO)
            for reason in missed(visits[name], beside.where.server.url)
        ]
    for reason in reasons:
        print(f"Missed: {reason}", file=sys.stderr)
    return 1 if reasons else 0


def main() -> int:
    options = parse(parser(__doc__), {})
    with installation() as where, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        missed = run(where, browser)
        browser.close()
    return 0 if options.small else missed


if __name__ == "__main__":
    sys.exit(main())
