"""All rules, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

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

RULES: tuple[Callable[[Installation], Iterator[Finding]], ...] = (
    realms_missing.findings,
    versions.findings,
    impersonation.findings,
    https.findings,
    hostname.findings,
    brute_force.findings,
    password_policy.findings,
    default_passwords.findings,
    secrets_expiry.findings,
    mappers.findings,
    mail_server.findings,
    mails_lost.findings,
)

_ORDER = ("error", "warning", "notice")


def inspect(
    installation: Installation,
    rules: Sequence[Callable[[Installation], Iterator[Finding]]] = RULES,
) -> list[Finding]:
    """What the rules find, the worst first."""
    found = [finding for rule in rules for finding in rule(installation)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def serious(findings: Iterable[Finding]) -> bool:
    """Whether there is more than notices."""
    return any(finding.severity != "notice" for finding in findings)
