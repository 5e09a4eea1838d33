"""The server knows its own name, and believes nobody who says another.

Links in mails are made of that name: where a visitor can choose it, a reset link leads to the visitor.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..installation import Installation

_TRUSTED = "Start it with KC_HOSTNAME, and name the proxies it trusts in KC_PROXY_TRUSTED_ADDRESSES."
_CURES = {
    "Host": "Start the server with KC_HOSTNAME, the address that owners see.",
    "X-Forwarded-Host": _TRUSTED,
    "Forwarded": _TRUSTED,
}


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for each forged header that changes how a realm calls itself."""
    for realm in installation.all_realms:
        for header, issuer in realm.forged_issuers.items():
            if issuer != realm.issuer:
                yield Finding(
                    "error",
                    "hostname",
                    realm.name,
                    header,
                    f"A request with a forged header {header} makes the realm call itself {issuer}: links in"
                    " mails would lead wherever a visitor likes.",
                    _CURES[header],
                )
