"""The agency that a command is about."""

from __future__ import annotations

from dataclasses import dataclass

from ..realm.agency_codes import alias_of


@dataclass(frozen=True)
class Target:
    """The agency owners are loaded into."""

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
