"""Mail reaches the mail server; to a mailbox when the operator names one."""

from __future__ import annotations

from collections.abc import Iterator

from ...texts import _
from ..finding import Finding
from ..installation import Installation, RealmSeen


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for a realm whose mail does not leave; a warning for one that sends in clear to another
    machine."""
    for realm in installation.realms:
        yield from _of_realm(realm)


def _of_realm(realm: RealmSeen) -> Iterator[Finding]:
    server = realm.settings.get("smtpServer") or {}
    where = f"{server.get('host')}:{server.get('port')}"
    if realm.mail is not None and realm.mail.failure is not None:
        if realm.mail.to:
            text = _(
                "The mail server did not take a mail ({failure}): nobody can activate or choose a new"
                " password."
            )
        else:
            text = _(
                "The mail server cannot be reached from Keycloak ({failure}): nobody can activate or choose"
                " a new password."
            )
        yield Finding(
            "error",
            realm.name,
            where,
            text.format(failure=realm.mail.failure),
            _("Check mail in the manifest, the mail server's log and the firewall between them."),
        )
    in_clear = "true" not in (str(server.get("ssl")), str(server.get("starttls")))
    if in_clear and server.get("host") not in ("localhost", "127.0.0.1", "::1"):
        yield Finding(
            "warning",
            realm.name,
            where,
            _("Mail with links for owners crosses the network in clear."),
            _("Set mail.tls to starttls or tls in the manifest and run moncompte apply."),
        )
