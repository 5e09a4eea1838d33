"""The server knows its own name, and believes nobody who says another.

Links in mails are made of that name: where a visitor can choose it, a reset link leads to the visitor.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...texts import _
from ..finding import Finding
from ..installation import Installation


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for each forged header that changes how a realm calls itself."""
    for realm in installation.all_realms:
        for header, issuer in realm.forged_issuers.items():
            if issuer != realm.issuer:
                yield Finding(
                    "error",
                    realm.name,
                    header,
                    _(
                        "A request with a forged header {header} makes the realm call itself {issuer}: links"
                        " in mails would lead wherever a visitor likes."
                    ).format(header=header, issuer=issuer),
                    _cure(header),
                )


def _cure(header: str) -> str:
    if header == "Host":
        return _("Start the server with KC_HOSTNAME, the address that owners see.")
    return _("Start it with KC_HOSTNAME, and name the proxies it trusts in KC_PROXY_TRUSTED_ADDRESSES.")
