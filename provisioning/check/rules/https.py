"""Owners reach the sign-in by https, with a certificate that lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from ...output import day
from ...realm.manifest import LOCAL_HOSTS
from ...texts import _
from ..finding import Finding
from ..installation import Installation, RealmSeen

SOON = timedelta(days=21)


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for a realm that calls itself by http, for one that takes http from anywhere, and for a
    certificate that has ended; a warning for one that ends soon; a notice for http on this machine only."""
    for realm in installation.all_realms:
        yield from _of_realm(realm)
    yield from _of_certificate(installation)


def _of_realm(realm: RealmSeen) -> Iterator[Finding]:
    address = urlsplit(realm.issuer or "")
    itself = f"{address.scheme}://{address.netloc}"
    if realm.issuer is None:
        yield Finding(
            "error",
            realm.name,
            "issuer",
            _("The realm's discovery document does not answer: applications cannot sign anybody in."),
            _("Look into the server's log, and at what stands in front of it."),
        )
    elif address.scheme != "https" and _is_local(address.hostname):
        yield Finding(
            "notice",
            realm.name,
            "issuer",
            _("The server calls itself {itself}: good for trying things out on this machine only.").format(
                itself=itself
            ),
            _("In production give the server an https address: KC_HOSTNAME=https://…"),
        )
    elif address.scheme != "https":
        yield Finding(
            "error",
            realm.name,
            "issuer",
            _("The server calls itself {itself}: passwords cross the network in clear.").format(
                itself=itself
            ),
            _("Give the server an https address (KC_HOSTNAME=https://…) and a certificate."),
        )
    if realm.settings.get("sslRequired") == "none":
        yield Finding(
            "error",
            realm.name,
            "sslRequired",
            _("The realm takes passwords over http from anywhere."),
            _("Run moncompte apply (for master: admin console, Realm settings, Require SSL)."),
        )


def _is_local(host: str | None) -> bool:
    return host is not None and (f"[{host}]" if ":" in host else host) in LOCAL_HOSTS


def _of_certificate(installation: Installation) -> Iterator[Finding]:
    certificate = installation.certificate
    if certificate is None or certificate.ends - installation.now > SOON:
        return
    ended = certificate.ends <= installation.now
    text = (
        _("The certificate of {url} ended on {day}.")
        if ended
        else _("The certificate of {url} ends on {day}.")
    )
    yield Finding(
        "error" if ended else "warning",
        "",
        "certificate",
        text.format(url=installation.url, day=day(certificate.ends)),
        _("Renew it, and see why that did not happen by itself."),
    )
