"""The rules: each looks at one thing in an installation and gives what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..installation import Finding, Installation
from .clients import default_passwords, mappers, secrets_expiry
from .realms import brute_force, mail_server, password_policy, realms_missing
from .server import hostname, https, impersonation, mails_lost, versions

_RULES = (
    realms_missing,
    versions,
    impersonation,
    https,
    hostname,
    brute_force,
    password_policy,
    default_passwords,
    secrets_expiry,
    mappers,
    mail_server,
    mails_lost,
)

_ORDER = ("error", "warning", "notice")


def inspect(installation: Installation) -> list[Finding]:
    """What the rules find, the worst first."""
    found = [replace(finding, rule=rule.__name__) for rule in _RULES for finding in rule(installation)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def serious(findings: Iterable[Finding]) -> bool:
    """Whether there is more than notices."""
    return any(finding.severity != "notice" for finding in findings)
