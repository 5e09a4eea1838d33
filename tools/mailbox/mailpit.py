"""The shapes of Mailpit's JSON, and its search, so that the real Mailpit can take this mailbox's place.

Names and types: `internal/storage/structs.go` and `server/apiv1/messages.go` of axllent/mailpit.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .mail import Address, Attachment, Mail

TERM = re.compile(r'(?:(\w+):)?(?:"([^"]*)"|(\S+))')
FILTERS: dict[str, Callable[[Mail], str]] = {
    "": lambda mail: " ".join([mail.subject, mail.text, str(mail.sender), *map(str, mail.recipients)]),
    "from": lambda mail: str(mail.sender),
    "to": lambda mail: " ".join(map(str, mail.to)),
    "addressed": lambda mail: " ".join(map(str, mail.recipients)),
    "subject": lambda mail: mail.subject,
}


def search(mails: list[Mail], query: str) -> list[Mail]:
    """The mails that match every term: `to:"a@b.c" subject:word other words`. Case does not count.

    ValueError when a filter is one this mailbox lacks.
    """
    terms = [(name.lower(), (quoted or plain).casefold()) for name, quoted, plain in TERM.findall(query)]
    for name, _ in terms:
        if name not in FILTERS:
            known = ", ".join(f"{known}:" for known in FILTERS if known)
            raise ValueError(f"unknown search filter {name}: (this mailbox knows {known})")
    return [mail for mail in mails if all(text in FILTERS[name](mail).casefold() for name, text in terms)]


def summary(mail: Mail, *, read: bool) -> dict[str, Any]:
    """A mail in a list (MessageSummary)."""
    return {
        "ID": mail.id,
        "MessageID": mail.message_id,
        "Read": read,
        **_people(mail),
        "Subject": mail.subject,
        "Created": _time(mail.created),
        "Username": "",
        "Tags": [],
        "Size": len(mail.raw),
        "Attachments": len(mail.attachments),
        "Snippet": mail.snippet,
    }


def message(mail: Mail) -> dict[str, Any]:
    """A mail in full (Message)."""
    return {
        "ID": mail.id,
        "MessageID": mail.message_id,
        **_people(mail),
        "ReturnPath": mail.return_path,
        "Subject": mail.subject,
        "ListUnsubscribe": {"Header": "", "Links": [], "Errors": "", "HeaderPost": ""},
        "Date": _time(mail.date),
        "Tags": [],
        "Username": "",
        "Text": mail.text,
        "HTML": mail.html,
        "Size": len(mail.raw),
        "Inline": [_attachment(part) for part in mail.attachments if part.inline],
        "Attachments": [_attachment(part) for part in mail.attachments if not part.inline],
    }


def _people(mail: Mail) -> dict[str, Any]:
    return {
        "From": _address(mail.sender),
        "To": [_address(one) for one in mail.to],
        "Cc": [_address(one) for one in mail.cc],
        "Bcc": [_address(one) for one in mail.bcc],
        "ReplyTo": [_address(one) for one in mail.reply_to],
    }


def _address(address: Address) -> dict[str, str]:
    return {"Name": address.name, "Address": address.address}


def _attachment(part: Attachment) -> dict[str, Any]:
    return {
        "PartID": part.part_id,
        "FileName": part.file_name,
        "ContentType": part.content_type,
        "ContentID": part.content_id,
        "Size": part.size,
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
