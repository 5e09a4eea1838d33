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

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

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

    Raises OSError when the file cannot be read, ValueError when it is no manifest or `first` is none of its
    realms. `moncompte apply` has checked it: here it is only read.
    """
    try:
        agencies = _agencies_of_realms(YAML(typ="safe").load(file), client_id)
    except (YAMLError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{file} is not a manifest: {type(error).__name__}: {error}") from None
    server, _, name = first.rpartition("/realms/")
    if name not in agencies:
        raise ValueError(f"{file} has no realm {name!r} with the application {client_id!r}")
    return tuple(
        Issuer(
            realm,
            f"{server}/realms/{realm}",
            secret_of("" if realm == name else realm),
            frozenset(agencies[realm]),
        )
        for realm in sorted(agencies, key=lambda realm: realm != name)
    )


def _agencies_of_realms(manifest: Any, client_id: str) -> dict[str, set[str]]:
    """The realms that have the application, and the codes of the agencies that live in each.

    An agency lives in the realm it names, in one of its own, or in the first realm. An application is in the
    realms of its agencies; one without agencies is in all of them.
    """
    homes: dict[str, set[str]] = {realm["name"]: set() for realm in manifest["realms"]}
    shared = next(iter(homes))
    for agency in manifest.get("agencies") or []:
        codes = f"{agency['client']}/{agency['societe']}".lower()
        own = f"moncompte-{codes.replace('/', '-')}" if agency.get("isolation") == "realm" else shared
        homes.setdefault(agency.get("realm") or own, set()).add(codes)
    applications = [one for one in manifest.get("applications") or [] if one["client_id"] == client_id]
    if not applications:
        return {}
    entitled = {codes.lower() for codes in applications[0].get("agencies") or []}
    return {realm: codes for realm, codes in homes.items() if not entitled or entitled & codes}
