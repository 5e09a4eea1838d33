"""An installation with which nothing is wrong, to break one thing of."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from provisioning.check.installation import Finding, Installation, MailTrial, RealmSeen
from provisioning.check.rules import inspect

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
ISSUER = "https://compte.example.org/realms/moncompte"

CLIENT: dict[str, Any] = {
    "clientId": "extranet",
    "enabled": True,
    "publicClient": False,
    "standardFlowEnabled": True,
    "implicitFlowEnabled": False,
    "directAccessGrantsEnabled": False,
    "redirectUris": ["https://extranet.example.org/callback"],
    "webOrigins": [],
    "secret": "wQ9gZ7mT2vYk4sXb8nRc6dLf1hJp3aVe",
    "attributes": {"client.secret.creation.time": str(int(NOW.timestamp()) - 86400)},
}

SETTINGS: dict[str, Any] = {
    "enabled": True,
    "sslRequired": "external",
    "bruteForceProtected": True,
    "permanentLockout": False,
    "failureFactor": 10,
    "passwordPolicy": "length(8) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)",
    "smtpServer": {"host": "smtp.example.org", "port": "587", "starttls": "true", "ssl": "false"},
}


def sound() -> Installation:
    """An installation as it should be."""
    return Installation(
        url="https://compte.example.org",
        now=NOW,
        version="0.1.0",
        node={
            "keycloak": "26.7.5",
            "builtFor": "26.7.5",
            "extension": "0.1.0",
            "impersonation": False,
            "mailsLost": 0,
        },
        realms=[
            RealmSeen(
                name="moncompte",
                settings=SETTINGS,
                clients=[CLIENT],
                issuer=ISSUER,
                forged_issuers={"Host": ISSUER},
                mail=MailTrial(None, None),
            )
        ],
        master=RealmSeen(
            name="master",
            settings={"bruteForceProtected": True, "sslRequired": "external"},
            issuer="https://compte.example.org/realms/master",
        ),
    )


def with_realm(**changes: Any) -> Installation:
    """The sound installation with another realm of owners."""
    [realm] = sound().realms
    return replace(sound(), realms=[replace(realm, **changes)])


def with_settings(**changes: Any) -> Installation:
    """… with other settings in it."""
    return with_realm(settings=SETTINGS | changes)


def with_client(**changes: Any) -> Installation:
    """… with another client in it."""
    return with_realm(clients=[CLIENT | changes])


def with_node(**changes: Any) -> Installation:
    """… with another node that answers."""
    return replace(sound(), node=sound().node | changes)


def found(installation: Installation) -> list[tuple[str, str, str]]:
    """Severity, rule and subject of everything all rules find; each finding says why and what to do."""
    findings: list[Finding] = inspect(installation)
    assert all(finding.reason.endswith(".") and finding.cure for finding in findings)
    return [(finding.severity, finding.rule, finding.subject) for finding in findings]
