"""Passwords are typed on the sign-in pages only (rule 1): direct grants are off for every client."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from ..installation import Installation

CONSOLE = "Admin console, Clients, this client, Capability config, Direct access grants: off."


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for each client of owners, a warning for each of master, admin-cli too."""
    for realm in installation.all_realms:
        master = realm is installation.master
        for client in realm.clients:
            if not client.get("enabled") or not client.get("directAccessGrantsEnabled"):
                continue
            yield Finding(
                "warning" if master else "error",
                "direct_grants",
                realm.name,
                str(client["clientId"]),
                f"Whoever has {'an administrator' if master else 'an owner'}'s password gets tokens without"
                " any screen, second factor or terms.",
                CONSOLE if master else "Run moncompte apply; for a client it does not name: " + CONSOLE,
            )
