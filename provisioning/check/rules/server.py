"""Rules of the server: its versions, its address, its certificate, its mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from ...realm.manifest import LOCAL_HOSTS
from ...terminal import day
from ...texts import _, ngettext
from ..installation import Finding, Installation, RealmSeen

CERTIFICATE_SOON = timedelta(days=21)


def versions(installation: Installation) -> Iterator[Finding]:
    """Server, extension and this command fit each other.

    The server is of the line (26.7) that the extension was made for; another patch is worth a notice.
    """
    node = installation.node
    server, made_for = str(node["keycloak"]), str(node["builtFor"])
    if _line(server) != _line(made_for):
        text = _("The server is Keycloak {server}; the extension was made for {made_for}.")
        cure = _("Run Keycloak {made_for}, or the extension that was made for {server}.")
        yield Finding(
            "error",
            "",
            "Keycloak",
            text.format(server=server, made_for=made_for),
            cure.format(made_for=made_for, server=_line(server)),
        )
    elif server != made_for:
        text = _("The server is Keycloak {server}; the extension was tested with {made_for}.")
        cure = _("Read the release notes between {made_for} and {server}.")
        values = {"server": server, "made_for": made_for}
        yield Finding("notice", "", "Keycloak", text.format(**values), cure.format(**values))
    if node["extension"] != installation.version:
        text = _(
            "The server has the extension {extension}; this command is {version}. They are tested"
            " together only when they are the same."
        )
        cure = _(
            "Put moncompte-keycloak.jar of this version on every node, or install the command of that one."
        )
        text = text.format(extension=node["extension"], version=installation.version)
        yield Finding("warning", "", "extension", text, cure)


def _line(version: str) -> str:
    return ".".join(version.split(".")[:2])


def impersonation(installation: Installation) -> Iterator[Finding]:
    """Nobody makes sessions for others (specification, rule 1: impersonation goes through no screen)."""
    if installation.node["impersonation"]:
        text = _(
            "Administrators can make a session for any account, a provisional one too, without any screen."
        )
        cure = _("Build the server with features-disabled=impersonation (keycloak/conf/keycloak.conf).")
        yield Finding("error", "", "impersonation", text, cure)


def https(installation: Installation) -> Iterator[Finding]:
    """Owners reach the sign-in by https, with a certificate that lasts."""
    for realm in installation.all_realms:
        yield from _https_of_realm(realm)
    ends = installation.certificate_ends
    if ends is None or ends - installation.now > CERTIFICATE_SOON:
        return
    ended = ends <= installation.now
    text = (
        _("The certificate of {url} ended on {day}.")
        if ended
        else _("The certificate of {url} ends on {day}.")
    )
    text = text.format(url=installation.url, day=day(ends))
    cure = _("Renew it, and see why that did not happen by itself.")
    yield Finding("error" if ended else "warning", "", "certificate", text, cure)


def _https_of_realm(realm: RealmSeen) -> Iterator[Finding]:
    """http is worth a notice on this machine only."""
    address = urlsplit(realm.issuer or "")
    itself = f"{address.scheme}://{address.netloc}"
    if realm.issuer is None:
        text = _("The realm's discovery document does not answer: applications cannot sign anybody in.")
        cure = _("Look into the server's log, and at what stands in front of it.")
        yield Finding("error", realm.name, "issuer", text, cure)
    elif address.scheme != "https" and address.hostname in LOCAL_HOSTS:
        text = _("The server calls itself {itself}: good for trying things out on this machine only.")
        cure = _("In production give the server an https address: KC_HOSTNAME=https://…")
        yield Finding("notice", realm.name, "issuer", text.format(itself=itself), cure)
    elif address.scheme != "https":
        text = _("The server calls itself {itself}: passwords cross the network in clear.")
        cure = _("Give the server an https address (KC_HOSTNAME=https://…) and a certificate.")
        yield Finding("error", realm.name, "issuer", text.format(itself=itself), cure)
    if realm.settings.get("sslRequired") == "none":
        text = _("The realm takes passwords over http from anywhere.")
        cure = _("Run moncompte apply (for master: admin console, Realm settings, Require SSL).")
        yield Finding("error", realm.name, "sslRequired", text, cure)


def hostname(installation: Installation) -> Iterator[Finding]:
    """The server knows its own name, and believes nobody who says another.

    Links in mails are made of that name: where a visitor can choose it, a reset link leads to the visitor.
    """
    text = _(
        "A request with a forged header {header} makes the realm call itself {issuer}: links in mails would"
        " lead wherever a visitor likes."
    )
    for realm in installation.all_realms:
        for header, issuer in realm.forged_issuers.items():
            if issuer == realm.issuer:
                continue
            cure = (
                _("Start the server with KC_HOSTNAME, the address that owners see.")
                if header == "Host"
                else _(
                    "Start it with KC_HOSTNAME, and name the proxies it trusts in KC_PROXY_TRUSTED_ADDRESSES."
                )
            )
            yield Finding("error", realm.name, header, text.format(header=header, issuer=issuer), cure)


def mails_lost(installation: Installation) -> Iterator[Finding]:
    """No mail was given up: an owner who waits for one does not know."""
    lost = int(installation.node["mailsLost"])
    if not lost:
        return
    text = ngettext(
        "The node that answered has given up {count} mail since it started.",
        "The node that answered has given up {count} mails since it started.",
        lost,
    )
    cure = _(
        "Read its log, cure the mail server; owners ask for the mail again. Other nodes: the metric"
        " moncompte_mails_total, outcome failed and dropped, on their management port."
    )
    yield Finding("warning", "", "moncompte_mails_total", text.format(count=lost), cure)
