"""The two codes of an agency, and what Keycloak knows it by."""

from __future__ import annotations


def alias_of(client: str, societe: str) -> str:
    """The alias of an agency in Keycloak; the codes hold no dash, so it is one-to-one."""
    return f"{client}-{societe}".lower()
