"""Do strangers disturb the owners who are signed in to the Extranet?

    python -m benchmarks.strangers [--requests 50000] [--small]

Serves an Extranet with no realm behind it, where an owner is signed in. Strangers then ask for `GET /login`,
each without a cookie. Before and after them, the owner opens a page again and again. It prints the owner's
median response times, their ratio, and the bytes that the Extranet keeps. Exits 1 when the owner is signed
out, when the Extranet keeps more than before, or when the median has grown by half.
"""

import argparse
import contextlib
import http.client
import statistics
import sys
import tempfile
import time
from pathlib import Path

import requests
from flask import Flask

from benchmarks.options import parse, parser
from extranet import Settings, create_app
from tests.front import serving
from tests.unit.conftest import signed_in
from tools.ports import free_port

NUMBERS = {"requests": (50_000, 100), "pages": (500, 10)}
MOST = 1.5


def run(options: argparse.Namespace) -> int:
    """Measures; the exit code."""
    with tempfile.TemporaryDirectory() as directory:
        port, folder = free_port(), Path(directory)
        url = f"http://localhost:{port}"
        app = create_app(Settings("http://localhost:9/realms/x", "extranet", "benchmark", url, folder, port))
        known = {"_loaded_at": 1, "authorization_endpoint": "https://realm.example/auth"}
        app.extensions["realm"].server_metadata.update(known)
        with serving(app, port):
            return _measure(app, url, folder, options)


def _measure(app: Flask, url: str, folder: Path, options: argparse.Namespace) -> int:
    stranger = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    with requests.Session() as owner, contextlib.closing(stranger):
        owner.cookies.set("extranet", signed_in(app))
        _median(owner, url, options.pages)  # warms up
        before, kept_before = _median(owner, url, options.pages), _bytes(folder)
        start = time.perf_counter()
        for _ in range(options.requests):
            stranger.request("GET", "/login?client=1001&societe=01")
            with stranger.getresponse() as answer:
                answer.read()
            if answer.status != 302:
                raise RuntimeError(f"a stranger was answered {answer.status}")
        took = time.perf_counter() - start
        after, kept_after = _median(owner, url, options.pages), _bytes(folder)
    each = took / options.requests * 1000
    print(f"{options.requests} requests of strangers in {took:.1f} s, {each:.2f} ms each")
    print(f"owner's page: {before:.2f} ms before, {after:.2f} ms after (medians of {options.pages})")
    print(f"ratio {after / before:.2f}; kept {kept_before} bytes before, {kept_after} after")
    slower = after / before > MOST and not options.small
    return int(slower or kept_after > kept_before)


def _median(owner: requests.Session, url: str, pages: int) -> float:
    """Milliseconds. RuntimeError when the owner is signed out."""
    times = []
    for _ in range(pages):
        start = time.perf_counter()
        page = owner.get(f"{url}/profil", allow_redirects=False, timeout=60)
        times.append((time.perf_counter() - start) * 1000)
        if "Hélène Lefèvre" not in page.text:
            raise RuntimeError(f"the owner is signed out ({page.status_code})")
    return statistics.median(times)


def _bytes(folder: Path) -> int:
    """Of sessions; the log of SQLite beside them has a size of its own."""
    return sum(file.stat().st_size for file in folder.iterdir() if not file.name.endswith(("-wal", "-shm")))


if __name__ == "__main__":
    sys.exit(run(parse(parser(__doc__), NUMBERS)))
