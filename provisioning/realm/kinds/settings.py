"""The settings of a realm."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import MoncompteError, RefusedError
from ...server.keycloak import Keycloak
from ...texts import _
from ..fingerprints import fingerprint, fingerprint_matches
from ..steps import HIDDEN, FieldChange, RealmState, Step, compared, differences, overlaid, without_empty
from ..templates import DesiredRealm

MAIL_PASSWORD_FINGERPRINT = "moncompte.mailPasswordFingerprint"
"""Realm attribute with a slow salted hash of the mail server's password: Keycloak never shows the password
again, so this is how a new one is told from the same one."""


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """The settings that differ."""
    found = state.settings or {}
    fields = list(differences(wanted.settings, found))
    payload = overlaid(wanted.settings, found)
    for name in ("attributes", "smtpServer"):
        payload[name] = without_empty(payload[name])
    if wanted.mail_password is not None:
        kept = found.get("attributes", {}).get(MAIL_PASSWORD_FINGERPRINT, "")
        if fingerprint_matches(wanted.mail_password, kept) and found.get("smtpServer", {}).get("password"):
            payload["attributes"][MAIL_PASSWORD_FINGERPRINT] = kept
        else:
            payload["attributes"][MAIL_PASSWORD_FINGERPRINT] = fingerprint(wanted.mail_password)
            fields.append(FieldChange("smtpServer.password", HIDDEN, HIDDEN))
        payload["smtpServer"]["password"] = wanted.mail_password
    else:
        payload["smtpServer"].pop("password", None)
        payload["attributes"].pop(MAIL_PASSWORD_FINGERPRINT, None)
    if state.settings is None:
        yield Step("settings", wanted.name, wanted.name, "create", payload=payload)
    else:
        yield compared("settings", wanted.name, wanted.name, fields, payload)


def apply(keycloak: Keycloak, step: Step) -> None:
    """Replace the settings (attributes that are not in them go). Raises MoncompteError."""
    try:
        keycloak.admin(step.realm).update_realm(step.realm, step.payload)
    except RefusedError as error:
        if error.status == 500 and "passwordBlacklist(" in step.payload.get("passwordPolicy", ""):
            raise MoncompteError(
                _(
                    "Keycloak did not take the settings of realm {realm}. It answers so when the blocklist"
                    " the manifest names ({policy}) is not in the server's folder"
                    " password-blacklists: put the file there, on every node, and run again. ({error})"
                ).format(realm=step.realm, policy=step.payload["passwordPolicy"], error=error)
            ) from error
        raise
