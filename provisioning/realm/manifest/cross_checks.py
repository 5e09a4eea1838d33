"""What has to fit together in the manifest.

These look at the plain data, not at the models, so that they speak in the same run as the models' errors.
What the models refuse counts as missing here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...texts import _
from .errors import Place, Report, did_you_mean


@dataclass(frozen=True)
class _Entry:
    """A realm, an agency or an application: where it stands, and what is written there."""

    place: Place
    data: Mapping[str, Any]
    _report: Report = field(repr=False)

    def value(self, *keys: str) -> Any:
        """What stands below these keys, or None."""
        value: Any = self.data
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def text(self, *keys: str) -> str:
        """The text that stands below these keys, or nothing."""
        value = self.value(*keys)
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> list[tuple[int, str]]:
        """The texts in a list, with their positions."""
        value = self.value(key)
        items = enumerate(value if isinstance(value, list) else [])
        return [(position, item) for position, item in items if isinstance(item, str)]

    def wrong(self, expected: str, *where: str | int) -> None:
        """Report what was expected below this entry."""
        self._report((*self.place, *where), expected)


def check_together(data: Mapping[str, Any], report: Report) -> None:
    """Everything that several keys say together."""
    realms, agencies, applications = (
        [
            _Entry((section, index), value, report)
            for index, value in enumerate(data[section] if isinstance(data.get(section), list) else [])
            if isinstance(value, dict)
        ]
        for section in ("realms", "agencies", "applications")
    )
    _check_unique(realms, "name")
    _check_unique(agencies, "client", "societe")
    _check_unique(applications, "client_id")
    for realm in realms:
        _check_sentences(realm)
    _check_realms_of_agencies(realms, agencies)
    known = [f"{agency.text('client')}/{agency.text('societe')}".lower() for agency in agencies]
    declared = [application.text("client_id") for application in applications]
    for application in applications:
        _check_application(application, known, declared)


def _check_unique(entries: Sequence[_Entry], *keys: str) -> None:
    seen: dict[str, _Entry] = {}
    for entry in entries:
        if not all(map(entry.text, keys)):
            continue
        name = "/".join(map(entry.text, keys))
        first = seen.setdefault(name.lower(), entry)
        if first is not entry:
            section, index = first.place
            text = _("{name} is named twice (first as {section}[{first}]; case aside)")
            entry.wrong(text.format(name=name, section=section, first=index), keys[0])


def _check_sentences(realm: _Entry) -> None:
    """A pattern has its sentence in each language of the realm."""
    pattern = ("password_policy", "regex_pattern")
    if not isinstance(realm.value(*pattern), dict):
        return
    languages = {text for _, text in realm.texts("languages")} if "languages" in realm.data else {"fr", "en"}
    for language in ("fr", "en"):
        if language in languages and not realm.value(*pattern, language):
            text = _("expected {language}: the sentence that tells owners what the pattern asks for")
            realm.wrong(text.format(language=language), *pattern)


def _check_realms_of_agencies(realms: Sequence[_Entry], agencies: Sequence[_Entry]) -> None:
    declared = [name for name in (realm.text("name") for realm in realms) if name]
    shared = {agency.text("realm") for agency in agencies if not _isolated(agency)} | set(declared[:1])
    own: dict[str, str] = {}
    for agency in agencies:
        realm = agency.text("realm")
        if not realm:
            continue
        if not _isolated(agency):
            if realm not in declared:
                text = _("no realm {realm} is declared").format(realm=realm)
                agency.wrong(text + did_you_mean(realm, declared), "realm")
            continue
        if realm in shared:
            text = _("expected a realm of its own: {realm} is shared by other agencies")
            agency.wrong(text.format(realm=realm), "realm")
        spelt = own.setdefault(realm.lower(), realm)
        if spelt != realm:
            agency.wrong(_("expected the same spelling as {spelt}").format(spelt=spelt), "realm")


def _isolated(agency: _Entry) -> bool:
    return agency.text("isolation") == "realm"


def _check_application(application: _Entry, agencies: Sequence[str], declared: Sequence[str]) -> None:
    for position, codes in application.texts("agencies"):
        if "/" in codes and codes.lower() not in agencies:
            text = _("no agency {codes} is declared").format(codes=codes)
            application.wrong(text + did_you_mean(codes.lower(), agencies), "agencies", position)
    for position, client_id in application.texts("audiences"):
        if client_id not in declared:
            text = _("no application {client_id} is declared").format(client_id=client_id)
            application.wrong(text, "audiences", position)
    if application.text("type") == "public" and "secret_file" in application.data:
        application.wrong(_("a public application has no secret; remove this key"), "secret_file")
    _check_profile(application)


def _check_profile(application: _Entry) -> None:
    profile, kind = application.text("profile"), application.text("type")
    keys = [key for key in ("jwks_url", "jwks_file") if application.value(key) is not None]
    if profile == "oauth-2-1":
        if kind == "confidential":
            text = _("oauth-2-1 is for public applications here; fapi-2 is for confidential ones")
            application.wrong(text, "profile")
        _check_https(application, profile, "redirect_uris", "post_logout_redirect_uris")
    if profile != "fapi-2":
        for key in keys:
            application.wrong(_("is for an application with profile: fapi-2; remove this key"), key)
        return
    if kind == "public":
        text = _("fapi-2 is for confidential applications; oauth-2-1 is for public ones")
        application.wrong(text, "profile")
    if len(keys) != 1:
        text = _("expected the application's public key with it: jwks_url or jwks_file")
        application.wrong(text, "profile")
    if "secret_file" in application.data:
        text = _("with profile: fapi-2 a key is in place of a secret; remove this key")
        application.wrong(text, "secret_file")
    addresses = ("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_url", "url")
    _check_https(application, profile, *addresses)


def _check_https(application: _Entry, profile: str, *keys: str) -> None:
    """Keycloak's client profiles take no http, on the owner's own machine neither."""
    text = _("expected an address that starts with https://, because of profile: {profile}")
    for key in keys:
        places: list[tuple[Place, str]] = [((key,), application.text(key))]
        places += [((key, position), address) for position, address in application.texts(key)]
        for where, address in places:
            if address.lower().startswith("http:"):
                application.wrong(text.format(profile=profile), *where)
