"""All rules, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import ModuleType

from .finding import Finding
from .installation import Installation
from .rules import (
    brute_force,
    default_passwords,
    hostname,
    https,
    impersonation,
    mail_server,
    mails_lost,
    mappers,
    password_policy,
    realms_missing,
    secrets_expiry,
    versions,
)

RULES = (
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


def inspect(installation: Installation, rules: Sequence[ModuleType] = RULES) -> list[Finding]:
    """What the rules find, the worst first."""
    found = [
        replace(finding, rule=rule.__name__.rpartition(".")[2])
        for rule in rules
        for finding in rule.findings(installation)
    ]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def serious(findings: Iterable[Finding]) -> bool:
    """Whether there is more than notices."""
    return any(finding.severity != "notice" for finding in findings)
