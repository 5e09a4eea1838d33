"""What may stand in the manifest as a value: codes, addresses, durations, names of files."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from ...texts import N_, _
from .. import colours
from ..jwks import read_jwks
from ..logos import ENDINGS, read_logo

MAX_VALUE = 255
"""Longest attribute of an organization: a longer one makes Keycloak answer 500."""

RESERVED_CLIENTS = frozenset(
    {"account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"}
)
"""Clients Keycloak makes in each realm."""

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_JAVA_CLASS = re.compile(r"\\[pP](?:\{\w+\}|\w)")
"""Java's classes such as `\\p{Lu}`, which Python does not know."""

_EMAIL = (
    r"(?=.{1,254}$)[^@\s<>\"',;:()\[\]\\]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]{2,63}"
)
_DURATION = r"([1-9]\d{0,6})([smhd])"


def seconds(value: object) -> int:
    """Seconds of a duration: `60s`, `15m`, `24h`, `30d`.

    Raises ValueError for anything else, a zero included.
    """
    found = re.fullmatch(_DURATION, value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(_("expected a duration such as 60s, 15m, 24h or 30d"))
    return int(found[1]) * _UNITS[found[2]]


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError(_("expected a text that is not empty"))
    if len(value) > MAX_VALUE:
        raise ValueError(
            _("expected at most {most} characters, found {count}").format(most=MAX_VALUE, count=len(value))
        )
    if any(ord(character) < 32 for character in value):
        raise ValueError(_("expected a text on one line"))
    return value


def _at_most_a_day(value: int) -> int:
    if value > _UNITS["d"]:
        raise ValueError(_("expected at most 24h (CNIL 2022-100)"))
    return value


def _client_id(value: str) -> str:
    if value in RESERVED_CLIENTS:
        raise ValueError(_("expected another name: this client is Keycloak's own"))
    return value


def _realm_name(value: str) -> str:
    if value.lower() == "master":
        raise ValueError(_("expected another name: master is Keycloak's own realm"))
    return value


def _address(value: str, schemes: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _port = parts.port  # raises ValueError when it is no number
    except ValueError:
        host = None
    if host is None or not parts.scheme or re.search(r"[\s\x00-\x1f<>\"\\^`{|}]", value):
        raise ValueError(_("expected an address that starts with {schemes}").format(schemes=schemes))
    if len(value) > MAX_VALUE:
        raise ValueError(
            _("expected at most {most} characters, found {count}").format(most=MAX_VALUE, count=len(value))
        )
    if parts.username is not None or parts.password is not None:
        raise ValueError(_("expected an address without a user name or a password in it"))
    return value


def _https(value: str) -> str:
    if not value.lower().startswith("https://"):
        raise ValueError(_("expected an address that starts with https://"))
    return _address(value, "https://")


def _https_or_local(value: str) -> str:
    """https anywhere; http on this machine only, for development."""
    _address(value, "https:// (http:// for localhost only)")
    parts = urlsplit(value)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        return value
    raise ValueError(_("expected an address that starts with https:// (http:// for localhost only)"))


def _redirect(value: str) -> str:
    if "*" in value:
        raise ValueError(_("expected an exact address: a wildcard would send codes to pages you do not know"))
    if "#" in value:
        raise ValueError(_("expected an address without a fragment (#…)"))
    _https_or_local(value.replace("{realm}", "realm"))
    return value


def _like(pattern: str, expected: str) -> AfterValidator:
    """Refuses texts that are not wholly like a pattern, with these words."""

    def checked(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(_(expected))
        return value

    return AfterValidator(checked)


def _time_zone(value: str) -> str:
    # Names without a slash, but for UTC, are the machine's own (localtime) or old ones unknown to Java.
    if value != "UTC" and ("/" not in value or value not in available_timezones()):
        raise ValueError(_("expected the name of a time zone, such as Europe/Paris or Indian/Reunion"))
    return value


def _logo(value: str, info: ValidationInfo) -> str:
    if Path(value).suffix.lower() not in ENDINGS:
        raise ValueError(
            _(
                "expected the path of a .png or .jpg file, such as logos/agency.png (not .svg, which can"
                " hold scripts: export it as .png)"
            )
        )
    return _readable_file(value, info, read_logo)


def _keys(value: str, info: ValidationInfo) -> str:
    return _readable_file(value, info, read_jwks)


def _readable_file(value: str, info: ValidationInfo, read: Callable[[Path], object]) -> str:
    """The files are looked through with the manifest, so that nothing is sent when one cannot be used."""
    if info.context:
        read(info.context["folder"] / value)
    return value


def _regex(value: str) -> str:
    """A regular expression for Keycloak, which writes a policy as `length(8) and regexPattern(…)`."""
    if " and " in value:
        raise ValueError(_('expected a regular expression without " and ": Keycloak would cut it there'))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Java's [a-z&&[^b]] is no mistake
            re.compile(_JAVA_CLASS.sub(r"\\w", value))
    except re.error as error:
        raise ValueError(_("not a regular expression: {error}").format(error=error)) from None
    return value


Text = Annotated[str, AfterValidator(_text)]
Code = Annotated[str, _like(r"[A-Za-z0-9]{1,60}", N_("expected letters A-Z and digits only"))]
CodesPair = Annotated[
    str,
    _like(r"[A-Za-z0-9]{1,60}/[A-Za-z0-9]{1,60}", N_("expected the two codes of an agency, such as 1001/01")),
]
Identifier = Annotated[
    str,
    _like(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", N_("expected letters A-Z, digits, '-', '_' and '.' only")),
]
ClientId = Annotated[Identifier, AfterValidator(_client_id)]
RealmName = Annotated[Identifier, AfterValidator(_realm_name)]
Host = Annotated[
    str,
    _like(r"[A-Za-z0-9.:_-]{1,253}", N_("expected the name or address of a host, such as smtp.example.org")),
]
Variable = Annotated[
    str,
    _like(
        r"[A-Za-z_][A-Za-z0-9_]*",
        N_("expected the name of an environment variable, such as MONCOMPTE_SMTP_PASSWORD"),
    ),
]
FileName = Annotated[
    str,
    _like(
        r"[A-Za-z0-9][A-Za-z0-9._-]*",
        N_("expected the name of a file in the server's password-blacklists folder, without a path, or none"),
    ),
]
Colour = Annotated[
    str,
    _like("#[0-9A-Fa-f]{6}", N_('expected a colour such as "#1d3557" (in quotes: # starts a comment)')),
]
PrimaryColour = Annotated[Colour, AfterValidator(partial(colours.readable, "primary"))]
ActionColour = Annotated[Colour, AfterValidator(partial(colours.readable, "action"))]
Email = Annotated[str, _like(_EMAIL, N_("expected an email address"))]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Https = Annotated[str, AfterValidator(_https)]
HttpsOrLocal = Annotated[str, AfterValidator(_https_or_local)]
Redirect = Annotated[str, AfterValidator(_redirect)]
Duration = Annotated[
    int, BeforeValidator(seconds), WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"})
]
ResetLink = Annotated[Duration, AfterValidator(_at_most_a_day)]
LogoFile = Annotated[Text, AfterValidator(_logo)]
KeysFile = Annotated[Text, AfterValidator(_keys)]
Positive = Annotated[int, Field(ge=1, le=1_000_000)]
Count = Annotated[int, Field(ge=0, le=64)]
Regex = Annotated[Text, AfterValidator(_regex)]

BLOCKLIST = "moncompte-fr.bloom"
"""The list of common passwords that comes with the server."""

NO_BLOCKLIST = "none"
