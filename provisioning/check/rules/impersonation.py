"""Nobody makes sessions for others (rule 1: impersonation goes through no screen)."""

from __future__ import annotations

from collections.abc import Iterator

from ...texts import _
from ..finding import Finding
from ..installation import Installation


def findings(installation: Installation) -> Iterator[Finding]:
    """An error when the server was built with impersonation."""
    if installation.node["impersonation"]:
        yield Finding(
            "error",
            "",
            "impersonation",
            _(
                "Administrators can make a session for any account, a provisional one too, without any"
                " screen."
            ),
            _("Build the server with features-disabled=impersonation (keycloak/conf/keycloak.conf)."),
        )
