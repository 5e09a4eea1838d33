"""Guessing is throttled (rule 8), and no lock is for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...texts import _
from ..finding import Finding, Severity
from ..installation import Installation, RealmSeen

_LIMITS = (("failureFactor", "failures", 10, 100), ("moncompte.perSource", "per_source", 100, 1000))
"""Setting of the realm; key of the manifest; how many failures are usual in production, and beyond how many
it is hardly a limit."""


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for a realm of owners without brute force detection, warnings for master without it, for locks
    without an end and for limits nobody reaches; a notice for limits above the usual. A lock that lasts no
    time is none."""
    for realm in installation.realms:
        yield from _of_realm(realm)
    if not installation.master.settings.get("bruteForceProtected"):
        yield Finding(
            "warning",
            installation.master.name,
            "bruteForceProtected",
            _("Passwords of administrators may be guessed at without end."),
            _(
                "Admin console, realm master, Realm settings, Security defenses, Brute force detection:"
                " Lockout temporarily."
            ),
        )


def _of_realm(realm: RealmSeen) -> Iterator[Finding]:
    if not realm.settings.get("bruteForceProtected"):
        yield Finding(
            "error",
            realm.name,
            "bruteForceProtected",
            _("Passwords of owners may be guessed at without end."),
            _("Run moncompte apply."),
        )
        return
    for setting in ("waitIncrementSeconds", "maxFailureWaitSeconds"):
        if realm.settings.get(setting) == 0:
            yield Finding(
                "error",
                realm.name,
                setting,
                _("Accounts are locked for 0 seconds: passwords of owners may be guessed at without end."),
                _("Run moncompte apply."),
            )
    if realm.settings.get("permanentLockout"):
        yield Finding(
            "warning",
            realm.name,
            "permanentLockout",
            _("Whoever knows an owner's address can lock the account for ever."),
            _("Run moncompte apply."),
        )
    yield from _limits(realm)


def _limits(realm: RealmSeen) -> Iterator[Finding]:
    for setting, key, usual, many in _LIMITS:
        stored = realm.settings.get(setting) or (realm.settings.get("attributes") or {}).get(setting) or 0
        cure = _("Set limits.{key} to {usual} in the manifest and run moncompte apply.")
        cure = cure.format(key=key, usual=usual)
        if not re.fullmatch(r"[+-]?[0-9]+", str(stored)):  # typed by hand: the manifest takes numbers only
            text = _("It says {value!r}, which is no number: nobody can sign in.").format(value=stored)
            yield Finding("error", realm.name, setting, text, cure)
        elif int(stored) > usual:
            severity: Severity = "warning" if int(stored) > many else "notice"
            text = _beyond_the_usual(setting).format(limit=stored)
            yield Finding(severity, realm.name, setting, text, cure)


def _beyond_the_usual(setting: str) -> str:
    if setting == "failureFactor":
        return _("An account waits only after {limit} wrong passwords.")
    return _("One address may try {limit} wrong passwords an hour, on as many accounts.")
