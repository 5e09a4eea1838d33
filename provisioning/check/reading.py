"""Asking a running installation what the rules want to know."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from ..errors import MoncompteError, NotFoundError, RefusedError, ServerUnreachableError
from ..server.keycloak import Json, Keycloak, understood
from ..texts import _
from .installation import Installation, MailTrial, RealmSeen

MASTER = "master"
FORGED = "check.invalid"
"""A host that nobody has (RFC 2606)."""

_FORGED_HEADERS = {
    "Host": {"Host": FORGED},
    "X-Forwarded-Host": {"X-Forwarded-Host": FORGED},
    "Forwarded": {"Forwarded": f"host={FORGED}"},
}
_PATIENCE = 10  # seconds
_MADE_AT_FIRST_START = "is_temporary_admin"
"""User attribute that Keycloak gives to the accounts of KC_BOOTSTRAP_ADMIN_…"""


@understood()
def read(keycloak: Keycloak, realms: Sequence[str], mail_to: str | None) -> Installation:
    """Everything the rules look at, of these realms and of master.

    mail_to   an address that each realm sends a mail to; None: each only connects to its mail server

    Raises NotFoundError when none of the realms is there.
    """
    settings = {name: keycloak.realm(name) for name in realms}
    there = {name: found for name, found in settings.items() if found is not None}
    if not there:
        text = _("None of the manifest's realms is at {url}. `moncompte apply` makes them.")
        raise NotFoundError(text.format(url=keycloak.url))
    return Installation(
        url=keycloak.url,
        now=datetime.now(UTC),
        version=version("moncompte"),
        node=keycloak.installation(next(iter(there))),
        realms=[
            _realm(keycloak, name, found, _mail_trial(keycloak, name, mail_to))
            for name, found in there.items()
        ],
        master=_realm(keycloak, MASTER, keycloak.realm(MASTER) or {}, None),
        temporary=[
            str(user["username"])
            for user in keycloak.admin(MASTER).get_users({"q": f"{_MADE_AT_FIRST_START}:true", "max": 100})
        ],
        usual_passwords=[str(name) for name in keycloak.installation(MASTER).get("usualPasswords", [])],
        missing_realms=[name for name, found in settings.items() if found is None],
        certificate_ends=certificate_end(keycloak.url),
    )


def _realm(keycloak: Keycloak, name: str, settings: Json, mail: MailTrial | None) -> RealmSeen:
    answers = {header: _issuer(keycloak.url, name, headers) for header, headers in _FORGED_HEADERS.items()}
    return RealmSeen(
        name=name,
        settings=settings,
        clients=keycloak.admin(name).get_clients(),
        client_scopes=keycloak.admin(name).get_client_scopes(),
        issuer=_issuer(keycloak.url, name, {}),
        forged_issuers={header: issuer for header, issuer in answers.items() if issuer is not None},
        mail=mail,
    )


def _issuer(url: str, realm: str, headers: Mapping[str, str]) -> str | None:
    """The issuer that a realm calls itself to whoever sends these headers; None if it answers nothing."""
    address = f"{url}/realms/{quote(realm, safe='')}/.well-known/openid-configuration"
    try:
        answer = requests.get(address, headers=dict(headers), timeout=30)
        return str(answer.json()["issuer"]) if answer.ok else None
    except (requests.RequestException, ValueError, KeyError, TypeError):
        return None


def _mail_trial(keycloak: Keycloak, realm: str, to: str | None) -> MailTrial:
    try:
        keycloak.try_mail(realm, to)
    except RefusedError as error:
        if error.reason != "mail_failed":
            raise
        return MailTrial(to, str(error))
    return MailTrial(to, None)


def certificate_end(url: str) -> datetime | None:
    """When the certificate ends of an https address; the Admin API has been spoken to, so it is trusted."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname is None:
        return None
    try:
        # The authorities that requests to the Admin API trust.
        context = _trusting()
        with (
            socket.create_connection((parts.hostname, parts.port or 443), _PATIENCE) as connection,
            context.wrap_socket(connection, server_hostname=parts.hostname) as secured,
        ):
            shown = secured.getpeercert()
    except OSError as error:  # ssl.SSLError too
        raise ServerUnreachableError(
            _("No answer from {url}: {error}").format(url=url, error=error.strerror or error)
        ) from None
    if not shown or "notAfter" not in shown:
        raise MoncompteError(_("{url} shows no certificate.").format(url=url))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _trusting() -> ssl.SSLContext:
    """Trusts the authorities that `requests` trusts: of a PEM file, or a folder (`openssl rehash`)."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or DEFAULT_CA_BUNDLE_PATH
    if Path(named).is_dir():
        return ssl.create_default_context(capath=named)
    return ssl.create_default_context(cafile=named)
