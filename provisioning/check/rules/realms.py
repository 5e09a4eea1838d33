"""Rules of the realms: that they are there, guessing, passwords, mail servers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ...realm.manifest import LOCAL_HOSTS
from ...texts import _
from ..installation import Finding, Installation, RealmSeen, Severity


def realms_missing(installation: Installation) -> Iterator[Finding]:
    """The realms of the manifest are there, and switched on."""
    for name in installation.missing_realms:
        text = _("The manifest names this realm, and the server does not have it: nobody gets in.")
        yield Finding("error", name, "realm", text, _("Run moncompte apply."))
    for realm in installation.realms:
        if not realm.settings.get("enabled"):
            text = _("The realm is switched off: nobody gets in.")
            yield Finding("error", realm.name, "enabled", text, _("Run moncompte apply."))


# ---------------------------------------------------------------- guessing

_LIMITS = (("failureFactor", "failures", 10, 100), ("moncompte.perSource", "per_source", 100, 1000))
"""Setting of the realm; key of the manifest; how many failures are usual in production, and beyond how many
it is hardly a limit."""


def brute_force(installation: Installation) -> Iterator[Finding]:
    """Guessing is throttled (specification, rule 8), and no lock is for ever. A lock that lasts no time is
    none."""
    for realm in installation.realms:
        yield from _brute_force_of_realm(realm)
    if not installation.master.settings.get("bruteForceProtected"):
        text = _("Passwords of administrators may be guessed at without end.")
        cure = _(
            "Admin console, realm master, Realm settings, Security defenses, Brute force detection:"
            " Lockout temporarily."
        )
        yield Finding("warning", installation.master.name, "bruteForceProtected", text, cure)


def _brute_force_of_realm(realm: RealmSeen) -> Iterator[Finding]:
    cure = _("Run moncompte apply.")
    if not realm.settings.get("bruteForceProtected"):
        text = _("Passwords of owners may be guessed at without end.")
        yield Finding("error", realm.name, "bruteForceProtected", text, cure)
        return
    for setting in ("waitIncrementSeconds", "maxFailureWaitSeconds"):
        if realm.settings.get(setting) == 0:
            text = _("Accounts are locked for 0 seconds: passwords of owners may be guessed at without end.")
            yield Finding("error", realm.name, setting, text, cure)
    if realm.settings.get("permanentLockout"):
        text = _("Whoever knows an owner's address can lock the account for ever.")
        yield Finding("warning", realm.name, "permanentLockout", text, cure)
    for setting, key, usual, many in _LIMITS:
        yield from _limit(realm, setting, key, usual, many)


def _limit(realm: RealmSeen, setting: str, key: str, usual: int, many: int) -> Iterator[Finding]:
    stored = realm.settings.get(setting) or (realm.settings.get("attributes") or {}).get(setting) or 0
    cure = _("Set limits.{key} to {usual} in the manifest and run moncompte apply.")
    cure = cure.format(key=key, usual=usual)
    if not re.fullmatch(r"[+-]?[0-9]+", str(stored)):  # typed by hand: the manifest takes numbers only
        text = _("It says {value!r}, which is no number: nobody can sign in.").format(value=stored)
        yield Finding("error", realm.name, setting, text, cure)
    elif int(stored) > usual:
        text = (
            _("An account waits only after {limit} wrong passwords.")
            if setting == "failureFactor"
            else _("One address may try {limit} wrong passwords an hour, on as many accounts.")
        )
        severity: Severity = "warning" if int(stored) > many else "notice"
        yield Finding(severity, realm.name, setting, text.format(limit=stored), cure)


# ---------------------------------------------------------------- passwords

TYPES = {"lowerCase": 26, "upperCase": 26, "digits": 10, "specialChars": 33}
"""How many characters of ASCII there are of each type that Keycloak's policy asks for."""

THROTTLED, UNTHROTTLED = 50, 80
EXAMPLES = {THROTTLED: ((8, 3),), UNTHROTTLED: ((12, 4), (14, 3))}
"""(length, types) that the CNIL takes for as many bits."""


def password_policy(installation: Installation) -> Iterator[Finding]:
    """What owners must choose resists guessing: CNIL, délibération 2022-100.

    50 bits where guessing is throttled (its example: 8 characters of 3 types), 80 where it is not (12 of 4,
    or 14 of 3). Bits are counted for the weakest password that the policy lets through.
    """
    for realm in installation.realms:
        asked = _asked(str(realm.settings.get("passwordPolicy") or ""))
        types = [name for name in TYPES if asked.get(name, 0) > 0]
        length = max(asked.get("length", 1), sum(asked[name] for name in types))
        is_throttled = bool(realm.settings.get("bruteForceProtected"))
        needed = THROTTLED if is_throttled else UNTHROTTLED
        found, kinds = bits(length, types), max(len(types), 1)
        if found >= needed or any(length >= least and kinds >= most for least, most in EXAMPLES[needed]):
            continue
        text = (
            _(
                "{length} characters of {kinds} types are about {bits:.0f} bits; CNIL 2022-100 asks for"
                " {needed} with throttling."
            )
            if is_throttled
            else _(
                "{length} characters of {kinds} types are about {bits:.0f} bits; CNIL 2022-100 asks for"
                " {needed} without throttling."
            )
        )
        cure = _(
            "Set password_policy.length in the manifest to 8 with three types of characters (12 with four"
            " needs no throttling), and run moncompte apply; owners are asked at their next change."
        )
        text = text.format(length=length, kinds=kinds, bits=found, needed=needed)
        yield Finding("warning", realm.name, "passwordPolicy", text, cure)


def _asked(policy: str) -> dict[str, int]:
    """The counts that a policy asks for, by name; read as Keycloak does, so that a pattern is a pattern."""
    parts = (re.fullmatch(r"\s*(\w+)\((\d+)\)\s*", part) for part in policy.split(" and "))
    return {part[1]: int(part[2]) for part in parts if part is not None}


def bits(length: int, types: list[str]) -> float:
    """Entropy of a random password of these types of characters; of lower case when none is asked for."""
    return length * math.log2(sum(TYPES[name] for name in types) or TYPES["lowerCase"])


# ---------------------------------------------------------------- mail


def mail_server(installation: Installation) -> Iterator[Finding]:
    """Mail reaches the mail server, or a mailbox when the operator names one; in clear on this machine
    only."""
    for realm in installation.realms:
        server = realm.settings.get("smtpServer") or {}
        where = f"{server.get('host')}:{server.get('port')}"
        if realm.mail is not None and realm.mail.failure is not None:
            text = (
                _(
                    "The mail server did not take a mail ({failure}): nobody can activate or choose a new"
                    " password."
                )
                if realm.mail.to
                else _(
                    "The mail server cannot be reached from Keycloak ({failure}): nobody can activate or"
                    " choose a new password."
                )
            )
            cure = _("Check mail in the manifest, the mail server's log and the firewall between them.")
            yield Finding("error", realm.name, where, text.format(failure=realm.mail.failure), cure)
        in_clear = "true" not in (str(server.get("ssl")), str(server.get("starttls")))
        if in_clear and server.get("host") not in LOCAL_HOSTS:
            text = _("Mail with links for owners crosses the network in clear.")
            cure = _("Set mail.tls to starttls or tls in the manifest and run moncompte apply.")
            yield Finding("warning", realm.name, where, text, cure)
