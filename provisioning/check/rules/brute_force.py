"""Guessing is throttled (rule 8), and no lock is for ever."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..installation import Installation, RealmSeen

USUAL = 10
"""Failures before an account waits, in production."""

MANY = 100

USUAL_SOURCE, MANY_SOURCE = 100, 1000
"""Wrong guesses an hour before a source waits, in production; and when it is hardly a limit."""


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for a realm of owners without brute force detection, warnings for master without it, for locks
    without an end and for limits nobody reaches; a notice for limits above the usual. A lock that lasts no
    time is none."""
    for realm in installation.realms:
        yield from _of_realm(realm)
    if not installation.master.settings.get("bruteForceProtected"):
        yield Finding(
            "warning",
            "brute_force",
            installation.master.name,
            "bruteForceProtected",
            "Passwords of administrators may be guessed at without end.",
            "Admin console, realm master, Realm settings, Security defenses, Brute force detection: Lockout"
            " temporarily.",
        )


def _of_realm(realm: RealmSeen) -> Iterator[Finding]:
    if not realm.settings.get("bruteForceProtected"):
        yield Finding(
            "error",
            "brute_force",
            realm.name,
            "bruteForceProtected",
            "Passwords of owners may be guessed at without end.",
            "Run moncompte apply.",
        )
        return
    for setting in ("waitIncrementSeconds", "maxFailureWaitSeconds"):
        if realm.settings.get(setting) == 0:
            yield Finding(
                "error",
                "brute_force",
                realm.name,
                setting,
                "Accounts are locked for 0 seconds: passwords of owners may be guessed at without end.",
                "Run moncompte apply.",
            )
    if realm.settings.get("permanentLockout"):
        yield Finding(
            "warning",
            "brute_force",
            realm.name,
            "permanentLockout",
            "Whoever knows an owner's address can lock the account for ever.",
            "Run moncompte apply.",
        )
    failures = int(realm.settings.get("failureFactor") or 0)
    if failures > USUAL:
        yield Finding(
            "warning" if failures > MANY else "notice",
            "brute_force",
            realm.name,
            "failureFactor",
            f"An account waits only after {failures} wrong passwords.",
            f"Set limits.failures to {USUAL} in the manifest and run moncompte apply.",
        )
    attempts = int((realm.settings.get("attributes") or {}).get("moncompte.perSource") or 0)
    if attempts > USUAL_SOURCE:
        yield Finding(
            "warning" if attempts > MANY_SOURCE else "notice",
            "brute_force",
            realm.name,
            "moncompte.perSource",
            f"One address may try {attempts} wrong passwords an hour, on as many accounts.",
            f"Set limits.per_source to {USUAL_SOURCE} in the manifest and run moncompte apply.",
        )
