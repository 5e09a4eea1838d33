"""A mailbox for one machine: takes every mail by SMTP, delivers none, and shows them in a browser.

In a test::

    with Mailbox(tmp_path) as mailbox:
        ...  # something sends a mail to localhost, port mailbox.smtp_port
        mail = mailbox.wait_for(to="helene@example.org", subject="Validez")
        link = mail.links[0]

`python -m tools.mailbox --directory DIR` runs one until Ctrl-C or SIGTERM.

| address | what it shows |
| --- | --- |
| `/` | the mails, the newest first |
| `/view/ID`, `/view/ID.html` | one mail; its HTML part alone |
| `/api/v1/messages` | the list, as Mailpit's JSON |
| `/api/v1/search?query=to:"a@b.c"` | those to this address |
| `/api/v1/message/ID` | one mail, `Text` and `HTML` included |
"""

import asyncio
import errno
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import click
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from jinja2 import DictLoader, Environment

_MAX_MAIL = 10 * 1024 * 1024  # bytes
_SNIPPET = 250  # characters
_STOP = {signal.SIGINT, signal.SIGTERM}
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"]+")
_TO = re.compile(r'to:"?([^"\s]+)"?')
# Only this machine's own names: a foreign page must not reach the mails through a name of its own.
_OUR_NAMES = {"localhost", "127.0.0.1"}
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'none'"
)
# A mail is styled inline, as mails are, and may do nothing but open its links in a tab of their own.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_LINKS_IN_A_TAB = '<base target="_blank">'


class MailboxError(Exception):
    """The mailbox cannot start; the message says why in one line."""


@dataclass(frozen=True)
class Address:
    """A mailbox as a header names it; `name` may be empty."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True)
class Mail:
    """One mail, decoded (quoted-printable, base64, encoded words).

    id     the time of arrival in nanoseconds, so that ids sort as mails came
    to     everyone it was sent to, in a header or not
    links  the addresses that the HTML part points to, or those in the text when there is no HTML part
    """

    id: str
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    html: str
    links: tuple[str, ...]
    raw: bytes

    @property
    def created(self) -> datetime:
        """When it arrived."""
        return datetime.fromtimestamp(int(self.id) / 1e9, UTC)

    def is_for(self, address: str) -> bool:
        """Whether it was sent to this address; case does not count."""
        return any(one.address.casefold() == address.casefold() for one in self.to)

    @classmethod
    def parse(cls, mail_id: str, raw: bytes) -> Self:
        """Reads a mail. What is malformed is kept as it stands."""
        message = message_from_bytes(raw, policy=policy.default)
        # The headers are read by the lenient policy: the modern one raises on some malformed addresses.
        headers = message_from_bytes(raw, policy=policy.compat32)
        text, html = _body(message, "plain"), _body(message, "html")
        return cls(
            id=mail_id,
            sender=next(iter(_addresses(headers, "From")), Address("", "")),
            to=_addresses(headers, "To", "Cc", "Bcc"),
            subject=" ".join(_decoded(headers.get("Subject", "")).split()),
            text=text,
            html=html,
            links=tuple(_Links(html).found if html else _URL_IN_TEXT.findall(text)),
            raw=raw,
        )

    def json(self, *, whole: bool = False) -> dict[str, Any]:
        """The mail as Mailpit writes it; with its text and HTML when `whole`."""
        bodies = {"Text": self.text, "HTML": self.html} if whole else {}
        return {
            "ID": self.id,
            "From": {"Name": self.sender.name, "Address": self.sender.address},
            "To": [{"Name": one.name, "Address": one.address} for one in self.to],
            "Subject": self.subject,
            "Created": self.created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **bodies,
        }


class Mailbox:
    """A mailbox: SMTP in, a web page and JSON out. A context manager.

    directory   where mails are kept, one `.eml` file each that only its owner can read: mails hold links
                that activate accounts
    smtp_port, http_port
                0 takes a free one; once started, these attributes say which
    smtp_host   where to listen for mails; another address lets a container send some. The page only
                answers this machine
    keep        how many mails at most; the oldest go first
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
        self._mails: dict[str, Mail] = {}
        self._arrival = threading.Condition()

    @property
    def url(self) -> str:
        """Where to look at the mails."""
        return f"http://localhost:{self.http_port}"

    def start(self) -> None:
        """Opens both ports. MailboxError when a port or the directory cannot be used: nothing runs then."""
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            files = [file for file in self.directory.glob("*.eml") if file.stem.isdecimal()]
            self._mails = {file.stem: Mail.parse(file.stem, file.read_bytes()) for file in files}
        except OSError as error:
            raise MailboxError(f"Cannot keep mails in {self.directory}: {error.strerror}") from None
        self._forget_oldest()
        smtp = _listen(self.smtp_host, self.smtp_port, "--smtp-port")
        try:
            http = _listen("127.0.0.1", self.http_port, "--http-port")
        except MailboxError:
            smtp.close()
            raise
        self.smtp_port, self.http_port = smtp.getsockname()[1], http.getsockname()[1]
        self._smtp = _SmtpServer(self, smtp)
        self._smtp.start()
        self._http = _HttpServer(self, http)
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Closes both ports; the mails stay in the directory."""
        self._http.shutdown()
        self._http.server_close()
        self._smtp.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def messages(self) -> list[Mail]:
        """All mails, the newest first."""
        with self._arrival:
            return [self._mails[mail_id] for mail_id in sorted(self._mails, reverse=True)]

    def get(self, mail_id: str) -> Mail | None:
        """The mail with this id."""
        return self._mails.get(mail_id)

    def add(self, raw: bytes) -> Mail:
        """Keeps a mail and wakes those who wait for it. OSError when it cannot be written (a full disk)."""
        with self._arrival:
            last = int(max(self._mails, default="0"))
            mail = Mail.parse(f"{max(time.time_ns(), last + 1):019d}", raw)
            self._write(mail)
            self._mails[mail.id] = mail
            self._forget_oldest()
            self._arrival.notify_all()
        return mail

    def clear(self) -> None:
        """Deletes all mails."""
        with self._arrival:
            self._forget(list(self._mails))

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

        def find() -> Mail | None:
            for mail in self.messages():
                if (
                    (to is None or mail.is_for(to))
                    and (subject is None or subject.casefold() in mail.subject.casefold())
                    and (after is None or mail.id > after.id)
                ):
                    return mail
            return None

        with self._arrival:
            mail = self._arrival.wait_for(find, timeout)
        if mail is None:
            there = [f"{', '.join(map(str, mail.to))}: {mail.subject}" for mail in self.messages()]
            raise TimeoutError(
                f"no mail to {to or 'anyone'} about {subject or 'anything'}"
                f"{' newer than the one given' if after else ''} within {timeout} s; there are: {there}"
            )
        return mail

    def _write(self, mail: Mail) -> None:
        # Written under another name first: a half-written mail is never taken for a whole one.
        file = self.directory / f"{mail.id}.eml"
        draft = file.with_suffix(".part")
        try:
            with open(draft, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
                out.write(mail.raw)
            draft.replace(file)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def _forget_oldest(self) -> None:
        self._forget(sorted(self._mails)[: -self._keep])

    def _forget(self, mail_ids: list[str]) -> None:
        for mail_id in mail_ids:
            del self._mails[mail_id]
            (self.directory / f"{mail_id}.eml").unlink(missing_ok=True)


class _SmtpServer(Controller):
    """SMTP on a socket that listens already, in a thread of its own. No login, no TLS: it stays here."""

    def __init__(self, mailbox: Mailbox, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        # Without a name for itself, aiosmtpd asks the name server for each connection.
        super().__init__(
            self, hostname=host, port=port, server_hostname="localhost", data_size_limit=_MAX_MAIL
        )
        self._mailbox = mailbox
        self._listener = listener

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        try:
            await asyncio.to_thread(self._mailbox.add, _with_hidden_recipients(envelope))
        except OSError as error:
            return f"452 4.3.1 The mail cannot be kept: {error.strerror}"
        return "250 2.0.0 Kept"


class _HttpServer(ThreadingHTTPServer):
    """The pages, on a socket that listens already."""

    def __init__(self, mailbox: Mailbox, listener: socket.socket) -> None:
        super().__init__(listener.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.mailbox = mailbox


class _Handler(BaseHTTPRequestHandler):
    server: _HttpServer

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        mailbox = self.server.mailbox
        if self.headers.get("Host", "").partition(":")[0] not in _OUR_NAMES:
            self._send("unknown host", "text/plain", status=HTTPStatus.BAD_REQUEST)
        elif url.path == "/":
            self._show("list.html", mails=mailbox.messages())
        elif url.path == "/mailbox.css":
            self._send(_STYLE, "text/css")
        elif url.path == "/api/v1/messages":
            self._send_list(mailbox.messages())
        elif url.path == "/api/v1/search":
            self._search(parse_qs(url.query).get("query", [""])[0])
        else:
            place, _, name = url.path.rpartition("/")
            self._show_one(place, mailbox.get(name.removesuffix(".html")), as_html=name.endswith(".html"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Nothing: addresses of owners are in the requests."""

    def _search(self, query: str) -> None:
        wanted = _TO.fullmatch(query.strip())
        if wanted is None:
            self._send('Error: only to:"address" can be searched', "text/plain", HTTPStatus.BAD_REQUEST)
            return
        self._send_list([mail for mail in self.server.mailbox.messages() if mail.is_for(wanted[1])])

    def _show_one(self, place: str, mail: Mail | None, *, as_html: bool) -> None:
        if mail is None or place not in ("/view", "/api/v1/message"):
            self._show("absent.html", status=HTTPStatus.NOT_FOUND)
        elif place != "/view":
            self._send(json.dumps(mail.json(whole=True)), "application/json")
        elif as_html:
            html, heads = re.subn(
                r"(?i)<head\b[^>]*>", lambda head: head[0] + _LINKS_IN_A_TAB, mail.html, count=1
            )
            self._send(html if heads else _LINKS_IN_A_TAB + html, "text/html", policy=_MAIL_POLICY)
        else:
            self._show("mail.html", mail=mail)

    def _send_list(self, mails: list[Mail]) -> None:
        listed = {"total": len(mails), "messages": [mail.json() for mail in mails]}
        self._send(json.dumps(listed), "application/json")

    def _show(self, template: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> None:
        self._send(_PAGES.get_template(template).render(values), "text/html", status)

    def _send(
        self, text: str, kind: str, status: HTTPStatus = HTTPStatus.OK, policy: str = _PAGE_POLICY
    ) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


class _Links(HTMLParser):
    """The addresses that an HTML page points to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address)


def _with_hidden_recipients(envelope: Envelope) -> bytes:
    """The mail, headed by the recipients that no header names."""
    raw = envelope.original_content or b""
    named = Mail.parse("0", raw)
    hidden = [one for one in envelope.rcpt_tos if not named.is_for(one)]
    return f"Bcc: {', '.join(hidden)}\r\n".encode() + raw if hidden else raw


def _decoded(value: object) -> str:
    """`=?utf-8?q?Valid=C3=A9?=` as text; a broken encoded word stays as it is (RFC 2047, 6.3)."""
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def _addresses(headers: Any, *names: str) -> tuple[Address, ...]:
    """The addresses of these headers. Names are decoded after the split: they may hold a comma."""
    pairs = getaddresses([str(value) for name in names for value in headers.get_all(name, [])])
    return tuple(Address(_decoded(display), address) for display, address in pairs if address)


def _body(message: EmailMessage, subtype: str) -> str:
    """The text of the part `text/<subtype>` that a mail reader would show; empty when there is none."""
    part: Any = message.get_body((subtype,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except LookupError:  # a charset nobody knows
        return bytes(part.get_payload(decode=True)).decode("utf-8", "replace")


def _listen(host: str, port: int, option: str) -> socket.socket:
    """A socket that listens there; MailboxError names what is in the way, and `option` as the way out."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
        raise MailboxError(
            f"Port {port} of {host} {reason}. Stop what holds it, or choose another with {option}."
        ) from None


_STYLE = """
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui; overflow-wrap: anywhere; }
li { margin-bottom: .75rem; }
iframe { width: 100%; height: 30rem; border: 1px solid #c9ced6; }
pre { white-space: pre-wrap; }
"""
_PAGES = Environment(
    autoescape=True,
    loader=DictLoader(
        {
            "page.html": """<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% block title %}{% endblock %} – Boîte aux lettres de démonstration</title>
{% block head %}{% endblock %}
<link rel="stylesheet" href="/mailbox.css">
<main>
{% block content %}{% endblock %}
</main>
</html>
""",
            "list.html": """{% extends "page.html" %}
{% block title %}Courriers reçus{% endblock %}
{% block head %}<meta http-equiv="refresh" content="3">{% endblock %}
{% block content %}
<h1>Courriers reçus</h1>
<p>Aucun courrier ne quitte cette machine : tous arrivent ici.</p>
<ul>
{% for mail in mails %}
  <li><a href="/view/{{ mail.id }}">{{ mail.subject or "(sans objet)" }}</a><br>
    À {{ mail.to|join(", ") }} · {{ mail.created.astimezone().strftime("%d/%m/%Y %H:%M:%S") }}</li>
{% endfor %}
</ul>
{% if not mails %}<p>Aucun courrier pour le moment. Les nouveaux s’affichent d’eux-mêmes.</p>{% endif %}
{% endblock %}
""",
            "mail.html": """{% extends "page.html" %}
{% block title %}{{ mail.subject or "(sans objet)" }}{% endblock %}
{% block content %}
<p><a href="/">← Tous les courriers</a></p>
<h1>{{ mail.subject or "(sans objet)" }}</h1>
<p>De {{ mail.sender }}<br>À {{ mail.to|join(", ") }}<br>
  {{ mail.created.astimezone().strftime("%d/%m/%Y %H:%M:%S") }}</p>
{% if mail.html %}
<iframe title="Le courrier tel que son destinataire le voit" src="/view/{{ mail.id }}.html"
        sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
{% endif %}
<h2>Texte</h2>
<pre tabindex="0">{{ mail.text|urlize(target="_blank", rel="noopener noreferrer") }}</pre>
{% endblock %}
""",
            "absent.html": """{% extends "page.html" %}
{% block title %}Courrier introuvable{% endblock %}
{% block content %}
<h1>Ce courrier n’est pas (ou plus) là</h1>
<p><a href="/">Voir tous les courriers</a></p>
{% endblock %}
""",
        }
    ),
)


@click.command()
@click.option(
    "--directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where mails are kept.",
)
@click.option("--smtp-port", default=1025, show_default=True, help="Where mails come in.")
@click.option("--http-port", default=8025, show_default=True, help="Where to look at them.")
def main(directory: Path, smtp_port: int, http_port: int) -> None:
    """Take every mail by SMTP, deliver none, and show them in a browser."""
    # Blocked before any thread starts, so that the signals wait for sigwait below.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    mailbox = Mailbox(directory, smtp_port, http_port)
    try:
        mailbox.start()
    except MailboxError as error:
        click.echo(f"mailbox: {error}", err=True)
        sys.exit(1)
    click.echo(f"mailbox: {mailbox.url} shows the mails that come by SMTP on port {mailbox.smtp_port}")
    signal.sigwait(_STOP)
    mailbox.stop()


if __name__ == "__main__":
    main()
