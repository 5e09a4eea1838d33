"""Email addresses in their one form (specification, rule 15), as the server has them (EmailAddress.java).

Lower case, the domain in ASCII (A-labels). `tests/addresses.json` has examples for both.
"""

from __future__ import annotations

import re
import unicodedata

import idna

MAX_ADDRESS = 254
MAX_LOCAL_PART = 64
"""Of an address, and of its part before the @ (RFC 5321, section 4.5.3.1)."""

_DOMAIN_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_WELL_FORMED = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@{_DOMAIN_LABEL}(?:\.{_DOMAIN_LABEL})+")
_NUMERIC = re.compile(r"\[|(?:.*\.)?[0-9][^.]*$")
"""An address literal, or a top-level domain that begins with a digit."""

_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that are not shown, beside the control and format characters."""

_REFUSED_IN_DOMAINS = re.compile("[ßς]")
"""The server's Java makes ss of ß, which is the domain of somebody else. The A-label can be typed."""


class EmailAddressError(ValueError):
    """A text that is no address. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normal_address(typed: str) -> str:
    """The address in its one form. Raises EmailAddressError."""
    if is_normal_address(typed):
        return typed
    text = typed.strip()
    if len(text) > MAX_ADDRESS:
        raise EmailAddressError("email_impossible")
    if _HIDDEN.search(text) or any(unicodedata.category(character) in {"Cc", "Cf"} for character in text):
        raise EmailAddressError("email_invisible")
    local, at, domain = text.rpartition("@")
    if not at:
        raise EmailAddressError("email_impossible")
    domain = _in_ascii(domain)
    if _NUMERIC.match(domain):
        raise EmailAddressError("email_numeric")
    local = plain_apostrophes(unicodedata.normalize("NFC", local)).lower()
    address = f"{local}@{domain}"
    if not address.isascii():
        raise EmailAddressError("email_characters")
    if not is_normal_address(address):
        raise EmailAddressError("email_impossible")
    return address


def plain_apostrophes(typed: str) -> str:
    """A phone makes a typographic apostrophe of the one that its owner types."""
    return typed.replace("’", "'").replace("‘", "'")


def is_normal_address(text: str) -> bool:
    """Whether a text is an address in its one form."""
    found = _WELL_FORMED.fullmatch(text)
    return (
        found is not None
        and found.end(1) <= MAX_LOCAL_PART
        and len(text) <= MAX_ADDRESS
        and not text[text.rindex(".") + 1].isdigit()
    )


def _in_ascii(typed: str) -> str:
    """The domain in A-labels; as it was typed when that is not possible."""
    domain = unicodedata.normalize("NFKC", typed).lower().replace("。", ".")
    if domain.isascii():
        return domain
    if _REFUSED_IN_DOMAINS.search(domain):
        return typed
    try:
        return idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        return typed
