"""Between a command and the server: what passes is noted, and an answer can be changed on its way back.

For answers that the server cannot be brought to give in a moment: a proxy's page, words of a newer version.
"""

import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_HOP = frozenset({"connection", "keep-alive", "accept-encoding"})
"""Headers of a request that are about one connection, or about how an answer is packed."""

Answer = tuple[int, bytes]
"""Status and body."""


class Asked(NamedTuple):
    """A request that has passed; `path` without the query."""

    method: str
    path: str
    body: bytes


class Between:
    """Hands requests on to a server, and its answers back; a context manager.

    A request is named by its method and the end of its path, without the query.
    """

    def __init__(self, url: str) -> None:
        target = urlsplit(url)
        assert target.hostname is not None
        self._target = (target.hostname, target.port)
        self.asked: list[Asked] = []
        self._before: dict[tuple[str, str], Callable[[], object]] = {}
        self._changes: dict[tuple[str, str], Callable[[Answer], Answer]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> "Between":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def count(self, method: str, end: str) -> int:
        """How many such requests have passed."""
        return sum(one.method == method and one.path.endswith(end) for one in self.asked)

    def before(self, method: str, end: str, look: Callable[[], object]) -> None:
        """Calls `look` when such a request has come, before the server gets it."""
        self._before[method, end] = look

    def alter(self, method: str, end: str, change: Callable[[Any], Any]) -> None:
        """Changes the JSON that the server answers to such a request."""
        self._changes[method, end] = lambda answer: (
            answer[0],
            json.dumps(change(json.loads(answer[1]))).encode(),
        )

    def replace(self, method: str, end: str, status: int, body: Any, *, once: bool = False) -> None:
        """Puts a status and a body (JSON, or bytes as they are) in the place of what the server answers.

        once  to the first such request only
        """
        content = body if isinstance(body, bytes) else json.dumps(body).encode()

        def change(_: Answer) -> Answer:
            if once:
                del self._changes[method, end]
            return status, content

        self._changes[method, end] = change

    def passed(self, asked: Asked, headers: dict[str, str], query: str) -> Answer:
        """Notes a request and hands it on; what is to be answered."""
        self.asked.append(asked)
        for look in _of(self._before, asked):
            look()
        connection = HTTPConnection(*self._target, timeout=60)
        try:
            path = f"{asked.path}?{query}" if query else asked.path
            connection.request(asked.method, path, asked.body or None, headers)
            response = connection.getresponse()
            answer = response.status, response.read()
        finally:
            connection.close()
        for change in _of(self._changes, asked):
            answer = change(answer)
        return answer


def _of(known: dict[tuple[str, str], Any], asked: Asked) -> list[Any]:
    return [
        found for (method, end), found in known.items() if method == asked.method and asked.path.endswith(end)
    ]


def _handler(between: Between) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
            """Say nothing."""

        def pass_on(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            status, content = between.passed(Asked(self.command, path, body), headers, query)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815 (names that http.server looks for)

    return Handler
