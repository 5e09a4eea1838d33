"""What each realm of a manifest is to hold: the templates of `keycloak/realm-templates`, rendered. Pure."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from pydantic.alias_generators import to_camel

from ..errors import BadInputError
from ..server.keycloak import Json
from ..texts import _
from .jwks import read_jwks
from .logos import BRAND, Logo, read_logo
from .manifest import NO_BLOCKLIST, Agency, Application, Manifest, Realm


@dataclass(frozen=True)
class SecretFile:
    """Where the secret of a confidential application is written for the application to read."""

    client_id: str
    path: Path


@dataclass(frozen=True)
class DesiredRealm:
    """All that a realm is to hold, as representations of the Admin API."""

    name: str
    settings: Json
    flows: list[Json]
    required_actions: list[Json]
    user_profile: Json
    client_scopes: list[Json]
    client_profiles: list[Json]
    client_policies: list[Json]
    workflows: list[Json]
    built_in_clients: list[Json]
    applications: list[Json]
    organizations: list[Json]
    logos: dict[str, Logo]
    """By the alias of the agency; the realm's own is that of `BRAND`."""
    secret_files: list[SecretFile]
    mail_password: str | None = field(repr=False)


@functools.cache
def _environment() -> jinja2.Environment:
    """The folder of the templates is beside the package in a checkout, inside it once installed elsewhere.

    Raises BadInputError when it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "keycloak" / "realm-templates", package / "realm-templates"):
        if (folder / "realm.json.j2").is_file():
            return jinja2.Environment(
                loader=jinja2.FileSystemLoader(folder), undefined=jinja2.StrictUndefined
            )
    raise BadInputError(
        _("The realm templates are missing (keycloak/realm-templates): run moncompte from its checkout.")
    )


def _rendered(name: str, **values: object) -> Any:
    """The JSON that a template makes of these values: an object, or a list of them."""
    return json.loads(_environment().get_template(f"{name}.json.j2").render(values))


def desired(manifest: Manifest, *, folder: Path, environment: Mapping[str, str]) -> list[DesiredRealm]:
    """What each realm of a manifest is to hold.

    `folder` is the manifest's (paths in it are relative to it), `environment` where `password_env` is looked
    up. Raises BadInputError when a mail server's password is not in the environment, or a logo cannot be
    read.
    """
    taken: set[str] = set()
    return [_desired_realm(manifest, realm, folder, environment, taken) for realm in manifest.all_realms()]


def _desired_realm(
    manifest: Manifest,
    realm: Realm,
    folder: Path,
    environment: Mapping[str, str],
    taken: set[str],
) -> DesiredRealm:
    applications = manifest.applications_of(realm.name)
    agencies = manifest.agencies_of(realm.name)
    profiles: set[str] = {application.profile for application in applications if application.profile}
    return DesiredRealm(
        name=realm.name,
        settings=_rendered(
            "realm",
            realm=realm,
            password_policy=password_policy(realm),
            entrance=next((application.url for application in applications if application.url), ""),
            elsewhere=sorted(
                agency.alias for agency in manifest.agencies if manifest.realm_of(agency) != realm.name
            ),
        ),
        flows=_rendered("flows"),
        required_actions=_rendered("required-actions"),
        user_profile=_rendered("user-profile"),
        client_scopes=_rendered("client-scopes"),
        client_profiles=_rendered("client-profiles", profiles=profiles, realm=realm),
        client_policies=_rendered("client-policies", profiles=profiles),
        workflows=_rendered("workflows", realm=realm),
        built_in_clients=_rendered("built-in-clients"),
        applications=[
            _rendered("application", application=one, realm=realm, jwks=_jwks(one, folder))
            for one in applications
        ],
        organizations=[_rendered("organization", agency=agency) for agency in agencies],
        logos=dict(_logos(realm, agencies, folder)),
        secret_files=list(_secret_files(applications, realm.name, folder, taken)),
        mail_password=_mail_password(realm, environment),
    )


def _logos(realm: Realm, agencies: Iterable[Agency], folder: Path) -> Iterator[tuple[str, Logo]]:
    named = [
        (BRAND, realm.name, realm.logo),
        *((agency.alias, agency.codes, agency.logo) for agency in agencies),
    ]
    for alias, shown, logo in named:
        if logo is None:
            continue
        try:
            yield alias, read_logo(folder / logo)
        except ValueError as error:
            raise BadInputError(_("The logo of {shown}: {error}.").format(shown=shown, error=error)) from None


def _jwks(application: Application, folder: Path) -> str:
    """The public keys of an application, where the manifest names a file that holds them."""
    if application.jwks_file is None:
        return ""
    try:
        return read_jwks(folder / application.jwks_file)
    except ValueError as error:
        raise BadInputError(
            _("The keys of {client_id}: {error}.").format(client_id=application.client_id, error=error)
        ) from None


def password_policy(realm: Realm) -> str:
    """The password policy as Keycloak writes it: `length(6) and upperCase(1) …`; a count of 0 asks for
    nothing."""
    policy = realm.password_policy
    values = {to_camel(name): value for name, value in policy if name != "regex_pattern"}
    parts = [f"{name}({value})" for name, value in values.items() if value and value is not True]
    parts += [name for name, value in values.items() if value is True]
    if realm.blocklist != NO_BLOCKLIST:
        parts.append(f"passwordBlacklist({realm.blocklist})")
    if policy.regex_pattern is not None:
        parts.append(f"regexPattern({policy.regex_pattern.regex})")
    return " and ".join(parts)


def _secret_files(
    applications: Iterable[Application], realm: str, folder: Path, taken: set[str]
) -> Iterator[SecretFile]:
    """Each realm generates a secret of its own: the first realm's goes to the file named, another's beside
    it."""
    for application in applications:
        if application.secret_file is None:
            continue
        path = (folder / application.secret_file).resolve()
        if application.client_id in taken:
            path = path.with_name(f"{path.name}.{realm}")
        taken.add(application.client_id)
        yield SecretFile(application.client_id, path)


def _mail_password(realm: Realm, environment: Mapping[str, str]) -> str | None:
    variable = realm.mail.password_env
    if variable is None:
        return None
    password = environment.get(variable)
    if not password:
        text = _(
            "The manifest says that the password of the mail server {host} is in the environment"
            " variable {variable}, which is not set. Set it and run again."
        )
        raise BadInputError(text.format(host=realm.mail.host, variable=variable))
    return password
