"""What a mail says, read from the bytes that came by SMTP."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any, Self

SNIPPET_LENGTH = 250
URL_IN_TEXT = re.compile(r"https?://[^\s<>\"]+")
NOT_SHOWN = {"head", "style", "script", "title"}


@dataclass(frozen=True)
class Address:
    """A mailbox as a header names it; `name` may be empty."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True)
class Attachment:
    """A part that is neither the text nor the HTML of the mail."""

    part_id: str
    file_name: str
    content_type: str
    content_id: str
    size: int
    inline: bool


@dataclass(frozen=True)
class Mail:
    """One mail, decoded (quoted-printable, base64, encoded words).

    `id` is the time of arrival in nanoseconds, so ids sort as mails came; `links` are the addresses the HTML
    part points to, or those in the text when there is no HTML part.
    """

    id: str
    message_id: str
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    return_path: str
    subject: str
    date: datetime
    text: str
    html: str
    links: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    snippet: str
    raw: bytes

    @property
    def created(self) -> datetime:
        """When it arrived."""
        return datetime.fromtimestamp(int(self.id) / 1e9, UTC)

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everyone it was sent to."""
        return self.to + self.cc + self.bcc

    def is_for(self, address: str) -> bool:
        """Whether it was sent to this address; case does not count."""
        return any(recipient.address.casefold() == address.casefold() for recipient in self.recipients)

    @classmethod
    def parse(cls, mail_id: str, raw: bytes) -> Self:
        """Read a mail. Whatever was sent can be read: what is malformed is shown as it stands."""
        # The headers are read by the lenient policy: the modern one raises on some malformed addresses.
        message = message_from_bytes(raw, policy=policy.default)
        headers = message_from_bytes(raw, policy=policy.compat32)
        text = _body(message, "plain")
        html = _body(message, "html")
        page = _Page(html)
        return cls(
            id=mail_id,
            message_id=_header(headers, "Message-ID").strip("<> "),
            sender=next(iter(_addresses(headers, "From")), Address("", "")),
            to=_addresses(headers, "To"),
            cc=_addresses(headers, "Cc"),
            bcc=_addresses(headers, "Bcc"),
            reply_to=_addresses(headers, "Reply-To"),
            return_path=_header(headers, "Return-Path").strip("<> "),
            subject=_header(headers, "Subject"),
            date=_date(headers) or datetime.fromtimestamp(int(mail_id) / 1e9, UTC),
            text=text,
            html=html,
            links=tuple(page.links if html else URL_IN_TEXT.findall(text)),
            attachments=tuple(_attachments(message)),
            snippet=" ".join((text or page.text).split())[:SNIPPET_LENGTH],
            raw=raw,
        )


def _header(headers: Any, name: str) -> str:
    """The header on one line with its encoded words decoded; empty when there is none."""
    return " ".join(_decoded(headers.get(name, "")).split())


def _decoded(value: object) -> str:
    """`=?utf-8?q?Valid=C3=A9?=` as text; a broken encoded word stays as it is (RFC 2047, 6.3)."""

    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def _addresses(headers: Any, name: str) -> tuple[Address, ...]:
    """The addresses of all headers of this name. Names are decoded after the split: they may hold a comma."""
    pairs = getaddresses([str(value) for value in headers.get_all(name, [])])
    return tuple(Address(_decoded(display), address) for display, address in pairs if address)


def _date(headers: Any) -> datetime | None:
    try:
        date = parsedate_to_datetime(str(headers["Date"]))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _body(message: EmailMessage, subtype: str) -> str:
    """The text of the part `text/<subtype>` that a mail reader would show; empty when there is none."""
    part = message.get_body((subtype,))
    return "" if part is None else _text(part)


def _text(part: Any) -> str:
    try:
        return str(part.get_content())
    except LookupError:  # a charset nobody knows
        return bytes(part.get_payload(decode=True)).decode("utf-8", "replace")


def _attachments(message: EmailMessage) -> Iterable[Attachment]:
    shown = [message.get_body(("plain",)), message.get_body(("html",))]
    for number, part in enumerate(message.walk(), start=1):
        if part.is_multipart() or any(part is body for body in shown):
            continue
        content = part.get_payload(decode=True)
        yield Attachment(
            part_id=str(number),
            file_name=part.get_filename() or "",
            content_type=part.get_content_type(),
            content_id=str(part.get("Content-ID", "")).strip("<> "),
            size=len(content) if isinstance(content, bytes) else 0,
            inline=part.get_content_disposition() == "inline" or "Content-ID" in part,
        )


class _Page(HTMLParser):
    """The links of an HTML page (`links`), and its words (`text`)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self._words: list[str] = []
        self._hidden = 0
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(self._words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_SHOWN:
            self._hidden += 1
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        if tag in NOT_SHOWN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)
