"""What has to fit together in the manifest, and with the files that it names.

These look at the plain data, not at the models, so that they speak in the same run as the models' errors.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...texts import _
from .. import colours
from ..jwks import read_jwks
from ..logos import ENDINGS, read_logo
from .errors import Place, Report
from .values import COLOUR, RESET_LINK_MAX, seconds


def check_together(data: Mapping[str, Any], report: Report) -> None:
    realms, agencies, applications = (_entries(data, key) for key in ("realms", "agencies", "applications"))
    _check_unique(realms, "realms", ("name",), report)
    _check_unique(agencies, "agencies", ("client", "societe"), report)
    _check_unique(applications, "applications", ("client_id",), report)
    for index, realm in realms:
        _check_realm(index, realm, report)
    _check_agencies(realms, agencies, report)
    _check_applications(agencies, applications, report)


Entries = Sequence[tuple[int, Mapping[str, Any]]]


def _entries(data: Mapping[str, Any], key: str) -> Entries:
    values = data.get(key)
    if not isinstance(values, list):
        return []
    return [(index, value) for index, value in enumerate(values) if isinstance(value, dict)]


def _check_unique(entries: Entries, section: str, keys: tuple[str, ...], report: Report) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for index, entry in entries:
        values = tuple(entry[key].lower() for key in keys if isinstance(entry.get(key), str))
        if len(values) != len(keys):
            continue
        first = seen.setdefault(values, index)
        if first != index:
            name = "/".join(entry[key] for key in keys)
            report(
                (section, index, keys[0]),
                _("{name} is named twice (first as {section}[{first}]; case aside)").format(
                    name=name, section=section, first=first
                ),
            )


def _check_realm(index: int, realm: Mapping[str, Any], report: Report) -> None:
    lifetimes = realm.get("lifetimes")
    reset = lifetimes.get("reset_link") if isinstance(lifetimes, dict) else None
    try:
        too_long = reset is not None and seconds(reset) > RESET_LINK_MAX
    except ValueError:
        too_long = False  # reported already, as what is no duration
    if too_long:
        report(("realms", index, "lifetimes", "reset_link"), _("expected at most 24h (CNIL 2022-100)"))

    _check_sentences(index, realm, report)
    mail = realm.get("mail")
    if isinstance(mail, dict) and ("user" in mail) != ("password_env" in mail):
        missing = "password_env" if "user" in mail else "user"
        report(
            ("realms", index, "mail"),
            _("user and password_env go together; {missing} is missing").format(missing=missing),
        )


def _check_sentences(index: int, realm: Mapping[str, Any], report: Report) -> None:
    """A pattern has its sentence in each language of the realm."""
    policy = realm.get("password_policy")
    pattern = policy.get("regex_pattern") if isinstance(policy, dict) else None
    if not isinstance(pattern, dict):
        return
    languages = realm.get("languages", ["fr", "en"])
    for language in ("fr", "en"):
        if isinstance(languages, list) and language in languages and not pattern.get(language):
            report(
                ("realms", index, "password_policy", "regex_pattern"),
                _("expected {language}: the sentence that tells owners what the pattern asks for").format(
                    language=language
                ),
            )


def _check_agencies(realms: Entries, agencies: Entries, report: Report) -> None:
    declared = [realm["name"] for _, realm in realms if isinstance(realm.get("name"), str)]
    shared = {
        agency.get("realm", declared[0] if declared else None)
        for _, agency in agencies
        if not _isolated(agency)
    }
    if declared:
        shared.add(declared[0])
    own: dict[str, str] = {}
    for index, agency in agencies:
        realm = agency.get("realm")
        if not isinstance(realm, str):
            continue
        where = ("agencies", index, "realm")
        if _isolated(agency):
            if realm in shared:
                report(
                    where,
                    _("expected a realm of its own: {realm} is shared by other agencies").format(realm=realm),
                )
            spelt = own.setdefault(realm.lower(), realm)
            if spelt != realm:
                report(where, _("expected the same spelling as {spelt}").format(spelt=spelt))
        elif realm not in declared:
            near = difflib.get_close_matches(realm, declared, 1)
            text = (
                _("no realm {realm} is declared; did you mean {near}?")
                if near
                else _("no realm {realm} is declared")
            )
            report(where, text.format(realm=realm, near=near[0] if near else ""))


def _isolated(agency: Mapping[str, Any]) -> bool:
    return agency.get("isolation") == "realm"


def check_logos(data: Mapping[str, Any], folder: Path, report: Report) -> None:
    """The files are looked through with the manifest, so that nothing is sent when one cannot be shown."""
    for section in ("realms", "agencies"):
        for index, entry in _entries(data, section):
            logo = entry.get("logo")
            if not isinstance(logo, str) or Path(logo).suffix.lower() not in ENDINGS:
                continue  # reported already
            try:
                read_logo(folder / logo)
            except ValueError as error:
                report((section, index, "logo"), str(error))


def check_colours(data: Mapping[str, Any], report: Report) -> None:
    """Owners have to be able to read what is written in them, or on them."""
    for section in ("realms", "agencies"):
        for index, entry in _entries(data, section):
            named = entry.get("colours")
            if not isinstance(named, dict):
                continue  # reported already, or none
            for kind in colours.BEHIND:
                colour = named.get(kind)
                if not isinstance(colour, str) or not COLOUR.fullmatch(colour):
                    continue  # reported already, or not named
                problem = colours.too_pale(kind, colour)
                if problem is not None:
                    report((section, index, "colours", kind), problem)


def check_keys(data: Mapping[str, Any], folder: Path, report: Report) -> None:
    for index, application in _entries(data, "applications"):
        file = application.get("jwks_file")
        if not isinstance(file, str):
            continue
        try:
            read_jwks(folder / file)
        except ValueError as error:
            report(("applications", index, "jwks_file"), str(error))


RESERVED_CLIENTS = frozenset(
    {"account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"}
)
"""Clients Keycloak makes in each realm."""


def _check_applications(agencies: Entries, applications: Entries, report: Report) -> None:
    known = {
        f"{agency['client']}/{agency['societe']}".lower()
        for _, agency in agencies
        if isinstance(agency.get("client"), str) and isinstance(agency.get("societe"), str)
    }
    declared = {application.get("client_id") for _, application in applications}
    for index, application in applications:
        section: Place = ("applications", index)
        if application.get("client_id") in RESERVED_CLIENTS:
            report((*section, "client_id"), _("expected another name: this client is Keycloak's own"))
        entitled = application.get("agencies")
        for position, codes in enumerate(entitled if isinstance(entitled, list) else []):
            if isinstance(codes, str) and "/" in codes and codes.lower() not in known:
                near = difflib.get_close_matches(codes.lower(), known, 1)
                text = (
                    _("no agency {codes} is declared; did you mean {near}?")
                    if near
                    else _("no agency {codes} is declared")
                )
                report(
                    (*section, "agencies", position), text.format(codes=codes, near=near[0] if near else "")
                )
        audiences = application.get("audiences")
        for position, client_id in enumerate(audiences if isinstance(audiences, list) else []):
            if isinstance(client_id, str) and client_id not in declared:
                report(
                    (*section, "audiences", position),
                    _("no application {client_id} is declared").format(client_id=client_id),
                )
        if application.get("type") == "public" and "secret_file" in application:
            report((*section, "secret_file"), _("a public application has no secret; remove this key"))
        _check_profile(section, application, report)


def _check_profile(section: Place, application: Mapping[str, Any], report: Report) -> None:
    profile = application.get("profile")
    keys = [key for key in ("jwks_url", "jwks_file") if application.get(key) is not None]
    if profile != "fapi-2":
        for key in keys:
            report((*section, key), _("is for an application with profile: fapi-2; remove this key"))
    if profile not in ("oauth-2-1", "fapi-2"):
        return
    if application.get("type") == "confidential" and profile == "oauth-2-1":
        report(
            (*section, "profile"),
            _("oauth-2-1 is for public applications here; fapi-2 is for confidential ones"),
        )
    if application.get("type") == "public" and profile == "fapi-2":
        report(
            (*section, "profile"), _("fapi-2 is for confidential applications; oauth-2-1 is for public ones")
        )
    if profile == "fapi-2" and len(keys) != 1:
        report(
            (*section, "profile"), _("expected the application's public key with it: jwks_url or jwks_file")
        )
    if profile == "fapi-2" and "secret_file" in application:
        report(
            (*section, "secret_file"),
            _("with profile: fapi-2 a key is in place of a secret; remove this key"),
        )
    _check_https(section, application, report)


def _check_https(section: Place, application: Mapping[str, Any], report: Report) -> None:
    """Keycloak's client profiles take no http, on the owner's own machine neither."""
    profile = application["profile"]
    of_the_application = ("backchannel_logout_url", "url") if profile == "fapi-2" else ()
    for key in ("redirect_uris", "post_logout_redirect_uris", *of_the_application):
        value = application.get(key)
        addresses = value if isinstance(value, list) else [value]
        for position, address in enumerate(addresses):
            if isinstance(address, str) and address.lower().startswith("http:"):
                report(
                    (*section, key, position) if isinstance(value, list) else (*section, key),
                    _("expected an address that starts with https://, because of profile: {profile}").format(
                        profile=profile
                    ),
                )
