"""A line to the server that a test can cut at an exact moment, and mend again."""

import contextlib
import socket
import threading
from collections.abc import Callable
from enum import Enum, auto
from urllib.parse import urlsplit

_SENDS = b'"dry_run":false'
"""In the request of a batch that changes something."""


class Moment(Enum):
    """When the line is cut, on its way from the command to the server and back."""

    PLANNED = auto()  # a batch is asked about, and has not reached the server
    SENT = auto()  # a batch is sent, and has not reached the server
    AT_WORK = auto()  # it has reached the server, which is at work
    ANSWERED = auto()  # the server has done it, and its answer is lost


class CutLine:
    """Forwards connections to a server until the `number`-th batch is at a moment; a context manager.

    on_cut   called then, before anything else happens; nothing passes until `mend`
    """

    def __init__(self, url: str, moment: Moment, number: int, on_cut: Callable[[], None]) -> None:
        target = urlsplit(url)
        assert target.hostname is not None
        assert target.port is not None
        self._target = (target.hostname, target.port)
        self._moment = moment
        self._left = number
        self._on_cut = on_cut
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._is_cut = False
        self.was_cut = threading.Event()
        self.request = b""  # the one at which it was cut
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "CutLine":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._close_all()

    def mend(self) -> None:
        """Let pass again."""
        with self._lock:
            self._is_cut = False

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._is_cut:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._open += [client, server]
            line = _Line(self, client, server)
            threading.Thread(target=line.forward, daemon=True).start()
            threading.Thread(target=line.back, daemon=True).start()

    def is_due(self, moment: Moment, request: bytes = b"") -> bool:
        """Whether the line is to be cut now, at a batch that is at this moment; cuts it."""
        with self._lock:
            if moment is not self._moment or self.was_cut.is_set():
                return False
            self._left -= 1
            if self._left > 0:
                return False
            self._is_cut = True
            self.request = request
            self.was_cut.set()
        self._on_cut()
        self._close_all()
        return True

    def _close_all(self) -> None:
        with self._lock:
            sockets, self._open = self._open, []
        for one in sockets:
            # Shut down first: another thread may be reading from it, which would keep it open.
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class _Line:
    """One connection through a CutLine. A request is let pass once it is known what it is."""

    def __init__(self, owner: CutLine, client: socket.socket, server: socket.socket) -> None:
        self._owner = owner
        self._client = client
        self._server = server
        self._sends = False

    def forward(self) -> None:
        """The command's requests. Those of this command are read whole: one is out at a time a connection."""
        while request := _request(self._client):
            self._sends = _SENDS in request
            plans = not self._sends and b'"dry_run":true' in request
            if plans and self._owner.is_due(Moment.PLANNED):
                return
            if self._sends and self._owner.is_due(Moment.SENT, request):
                return
            try:
                self._server.sendall(request)
            except OSError:
                return
            if self._sends and self._owner.is_due(Moment.AT_WORK):
                return

    def back(self) -> None:
        """The server's answers."""
        while answer := _received(self._server):
            if self._sends and self._owner.is_due(Moment.ANSWERED):
                return
            try:
                self._client.sendall(answer)
            except OSError:
                return


def _request(client: socket.socket) -> bytes:
    """A whole request, or nothing when there is none any more."""
    said = b""
    while b"\r\n\r\n" not in said:
        more = _received(client)
        if not more:
            return b""
        said += more
    head, _, body = said.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        more = _received(client)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body


def _received(one: socket.socket) -> bytes:
    try:
        return one.recv(1 << 16)
    except OSError:
        return b""
