"""Nobody makes sessions for others (rule 1: impersonation goes through no screen)."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..installation import Installation


def findings(installation: Installation) -> Iterator[Finding]:
    """An error when the server was built with impersonation."""
    if installation.node["impersonation"]:
        yield Finding(
            "error",
            "impersonation",
            "",
            "impersonation",
            "Administrators can make a session for any account, a provisional one too, without any screen.",
            "Build the server with features-disabled=impersonation (keycloak/conf/keycloak.conf).",
        )
