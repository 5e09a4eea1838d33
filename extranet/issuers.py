"""The realms the Extranet signs in at, and which agencies each may speak of.

The operator's manifest says which agency lives in which realm. Each realm is an issuer of its own, with a
secret, a callback (`/callback/<realm>`) and an address for back-channel logout of its own, so that the
answer of one is never taken for another's (RFC 9700, 4.4.2). What an issuer says of an agency that lives
elsewhere is discarded.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provisioning.realm.manifest import load

Claims = dict[str, Any]


@dataclass(frozen=True)
class Issuer:
    """A realm.

    name      of the realm, which stands in the addresses of its callbacks; empty: the only one there is
    url       the realm, as its tokens name it
    agencies  codes of those that live there, `1001/01`, in lower case; None: all
    """

    name: str
    url: str
    client_secret: str = field(repr=False)
    agencies: frozenset[str] | None

    def has(self, codes: str) -> bool:
        """Whether an agency lives there."""
        return self.agencies is None or codes.lower() in self.agencies

    def own(self, claims: Claims) -> Claims:
        """Claims without what they say of agencies that live elsewhere."""
        kept = dict(claims)
        if "organization" in claims:
            kept["organization"] = {
                alias: agency
                for alias, agency in claims["organization"].items()
                if self.has(f"{agency.get('client')}/{agency.get('societe')}")
            }
        if "contracts" in claims:
            kept["contracts"] = self.own_of(claims["contracts"])
        return kept

    def own_of(self, entries: Iterable[Claims]) -> list[Claims]:
        """Contracts or contact details, without those of agencies that live elsewhere."""
        return [entry for entry in entries if self.has(str(entry.get("agency", "")))]


def of_manifest(
    file: Path, first: str, client_id: str, secret_of: Callable[[str], str]
) -> tuple[Issuer, ...]:
    """The issuers that a manifest makes for an application, the one of the address `first` first.

    secret_of  the application's secret in a realm; asked for `""`, in the first

    Raises ManifestError, and ValueError when `first` is no realm of the manifest.
    """
    manifest = load(file, with_files=False)
    realms = [
        realm.name
        for realm in manifest.all_realms()
        if any(one.client_id == client_id for one in manifest.applications_of(realm.name))
    ]
    server, _, name = first.rpartition("/realms/")
    if name not in realms:
        raise ValueError(f"{file} has no realm {name!r} with the application {client_id!r}")
    return tuple(
        Issuer(
            realm,
            f"{server}/realms/{realm}",
            secret_of("" if realm == name else realm),
            frozenset(agency.codes.lower() for agency in manifest.agencies_of(realm)),
        )
        for realm in sorted(realms, key=lambda realm: realm != name)
    )
