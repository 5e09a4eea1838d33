"""The mailbox as a running thing: an SMTP server and a web server over one store."""

import asyncio
import errno
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from waitress.server import create_server

from .mail import Mail
from .store import Store
from .web import create_app

LARGEST_MAIL = 10 * 1024 * 1024


class MailboxError(Exception):
    """The mailbox cannot start; the message says why in one line."""


class Mailbox:
    """A mailbox: SMTP in, a web page and Mailpit's JSON out.

    `smtp_port` and `http_port`: 0 takes a free one; once started, the attributes of these names say which.
    `keep`: how many mails at most. `smtp_host`: where to listen for mails; another address than the default
    is for a sender outside this machine (a container). The page only ever answers this machine.
    """

    def __init__(
        self,
        directory: Path,
        smtp_port: int = 0,
        http_port: int = 0,
        *,
        smtp_host: str = "127.0.0.1",
        keep: int = 500,
    ) -> None:
        self.directory = directory
        self.smtp_host = smtp_host
        self.smtp_port = smtp_port
        self.http_port = http_port
        self._keep = keep

    @property
    def url(self) -> str:
        """Where to look at the mails."""
        return f"http://localhost:{self.http_port}"

    def start(self) -> None:
        """Open both ports. MailboxError when a port or the directory cannot be used: nothing runs then."""
        try:
            self._store = Store(self.directory, self._keep)
        except OSError as error:
            raise MailboxError(f"Cannot keep mails in {self.directory}: {error.strerror}") from None
        smtp = _listen(self.smtp_host, self.smtp_port, "--smtp-port")
        try:
            http = _listen("127.0.0.1", self.http_port, "--http-port")
        except MailboxError:
            smtp.close()
            raise
        self.smtp_port = smtp.getsockname()[1]
        self.http_port = http.getsockname()[1]
        self._smtp = _SmtpServer(self._store, smtp)
        self._smtp.start()
        self._http = _HttpServer(self._store, http)
        self._http.start()

    def stop(self) -> None:
        """Close both ports; the mails stay in the directory."""
        self._http.stop()
        self._smtp.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def messages(self) -> list[Mail]:
        """All mails, the newest first."""
        return self._store.mails()

    def clear(self) -> None:
        """Delete all mails."""
        self._store.delete()

    def wait_for(
        self,
        *,
        to: str | None = None,
        subject: str | None = None,
        after: Mail | None = None,
        timeout: float = 20.0,
    ) -> Mail:
        """The newest mail sent to this address whose subject contains `subject`, newer than `after`.

        Waits for it `timeout` seconds at most, then raises TimeoutError that says what there was instead.
        """

        def wanted(mail: Mail) -> bool:
            return (
                (to is None or mail.is_for(to))
                and (subject is None or subject.casefold() in mail.subject.casefold())
                and (after is None or mail.id > after.id)
            )

        mail = self._store.wait_for(wanted, timeout)
        if mail is None:
            there = [f"{' '.join(map(str, mail.recipients))}: {mail.subject}" for mail in self.messages()]
            raise TimeoutError(
                f"no mail to {to or 'anyone'} about {subject or 'anything'}"
                f"{' newer than the one given' if after else ''} within {timeout} s; there are: {there}"
            )
        return mail


class _SmtpServer(Controller):
    """SMTP on a socket that listens already, in a thread of its own. No login, no TLS: it stays here."""

    def __init__(self, store: Store, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(
            _Delivery(store),
            hostname=host,
            port=port,
            # Else aiosmtpd asks the name server for ours, for each connection, and everything waits for it.
            server_hostname="localhost",
            data_size_limit=LARGEST_MAIL,
        )
        self._listener = listener

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


class _Delivery:
    """What happens to a mail that came: it goes into the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        try:
            await asyncio.to_thread(self._store.add, _with_envelope(envelope))
        except OSError as error:
            return f"452 4.3.1 The mail cannot be kept: {error.strerror}"
        return "250 2.0.0 Kept"


def _with_envelope(envelope: Envelope) -> bytes:
    """The mail, headed by who sent it and by the recipients no header names, as Mailpit keeps it."""
    raw = envelope.original_content or b""
    named = Mail.parse("0", raw)
    hidden = [one for one in envelope.rcpt_tos if not named.is_for(one)]
    head = f"Return-Path: <{envelope.mail_from or ''}>\r\n"
    if hidden:
        head += f"Bcc: {', '.join(hidden)}\r\n"
    return head.encode() + raw


class _HttpServer:
    """The web application behind waitress, in a thread of its own."""

    def __init__(self, store: Store, listener: socket.socket) -> None:
        self._server: Any = create_server(create_app(store), sockets=[listener], threads=4, ident="")
        self._thread = threading.Thread(target=self._server.run, name="mailbox-http", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        # Closed from inside its own loop, which ends when nothing is left open; from outside it would be
        # a second before it noticed.
        self._server.trigger.pull_trigger(self._close_all)
        self._thread.join()
        self._server.task_dispatcher.shutdown()

    def _close_all(self) -> None:
        for channel in list(self._server._map.values()):
            channel.close()


def _listen(host: str, port: int, option: str) -> socket.socket:
    """A socket that listens there; MailboxError names what is in the way, and `option` as the way out."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise MailboxError(
            f"Port {port} of {host} {reason}. Stop what holds it, or choose another with {option}."
        ) from None
