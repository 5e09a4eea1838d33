"""The agency that a command is about."""

from __future__ import annotations

from dataclasses import dataclass


def alias_of(client: str, societe: str) -> str:
    """The alias of an agency in Keycloak; the codes hold no dash, so it is one-to-one."""
    return f"{client}-{societe}".lower()


@dataclass(frozen=True)
class Target:
    """An agency of a realm, by its two codes."""

    realm: str
    client: str
    societe: str

    @property
    def alias(self) -> str:
        """Its alias in Keycloak."""
        return alias_of(self.client, self.societe)

    @property
    def codes(self) -> str:
        """Its codes, `1001/01`."""
        return f"{self.client}/{self.societe}"
