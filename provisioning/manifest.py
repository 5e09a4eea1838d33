"""The operator's manifest, moncompte.yaml: its models, and reading it with errors that name the line.

`load(path)` gives a `Manifest`, or raises `ManifestError` with everything that is wrong at once: file, line,
key and what was expected. The models are what the format is; `samples/moncompte.yaml` shows every key.

Durations are written `60s`, `15m`, `24h` or `30d` and become seconds. Codes are `[A-Za-z0-9]+` and compare
without case. Addresses that people type are https only; an application may live on http://localhost.
"""

from __future__ import annotations

import datetime
import difflib
import ipaddress
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from . import colours
from .agency_codes import alias_of
from .errors import ManifestError, ManifestProblem
from .jwks import read_jwks
from .logos import ENDINGS, read_logo

MAX_VALUE = 255
"""Longest attribute of an organization: a longer one makes Keycloak answer 500."""

RESET_LINK_MAX = 24 * 3600
"""Longest life of a reset link (CNIL 2022-100)."""

REALM_PLACE = "{realm}"
"""Stands in an application's addresses for the realm's name: one callback an issuer (RFC 9700, 4.4.2)."""

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_JAVA_CLASS = re.compile(r"\\[pP](?:\{\w+\}|\w)")
"""Java's classes such as `\\p{Lu}`, which Python does not know."""

_EMAIL = re.compile(
    r"[^@\s<>\"',;:()\[\]\\]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]{2,63}"
)


# ---------------------------------------------------------------- values


_DURATION = r"([1-9]\d{0,6})([smhd])"


def seconds(value: object) -> int:
    """Seconds of a duration: `60s`, `15m`, `24h`, `30d`.

    Raises ValueError for anything else, a zero included.
    """
    found = re.fullmatch(_DURATION, value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("expected a duration such as 60s, 15m, 24h or 30d")
    return int(found[1]) * _UNITS[found[2]]


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("expected a text that is not empty")
    if len(value) > MAX_VALUE:
        raise ValueError(f"expected at most {MAX_VALUE} characters, found {len(value)}")
    if any(ord(character) < 32 for character in value):
        raise ValueError("expected a text on one line")
    return value


def _code(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]{1,60}", value):
        raise ValueError("expected letters A-Z and digits only")
    return value


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", value):
        raise ValueError("expected letters A-Z, digits, '-', '_' and '.' only")
    return value


def _realm_name(value: str) -> str:
    _identifier(value)
    if value.lower() == "master":
        raise ValueError("expected another name: master is Keycloak's own realm")
    return value


def _address(value: str, schemes: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port  # raises ValueError when it is no number
    except ValueError:
        host = None
    if host is None or not parts.scheme or re.search(r"[\s\x00-\x1f<>\"\\^`{|}]", value):
        raise ValueError(f"expected an address that starts with {schemes}")
    if len(value) > MAX_VALUE:
        raise ValueError(f"expected at most {MAX_VALUE} characters, found {len(value)}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("expected an address without a user name or a password in it")
    return value


def _https(value: str) -> str:
    if not value.lower().startswith("https://"):
        raise ValueError("expected an address that starts with https://")
    return _address(value, "https://")


def _https_or_local(value: str) -> str:
    """https anywhere; http on this machine only, for development."""
    _address(value, "https:// (http:// for localhost only)")
    parts = urlsplit(value)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    if parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL_HOSTS):
        return value
    raise ValueError("expected an address that starts with https:// (http:// for localhost only)")


def _redirect(value: str) -> str:
    if "*" in value:
        raise ValueError("expected an exact address: a wildcard would send codes to pages you do not know")
    if "#" in value:
        raise ValueError("expected an address without a fragment (#…)")
    _https_or_local(value.replace(REALM_PLACE, "realm"))
    return value


def _email(value: str) -> str:
    if len(value) > 254 or not _EMAIL.fullmatch(value):
        raise ValueError("expected an email address")
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]{1,253}", value):
        raise ValueError("expected the name or address of a host, such as smtp.example.org")
    return value


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        raise ValueError("expected an IP address or network, such as 10.0.0.1 or 10.0.0.0/24") from None
    return value


COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def _colour(value: str) -> str:
    if not COLOUR.fullmatch(value):
        raise ValueError('expected a colour such as "#1d3557" (in quotes: # starts a comment)')
    return value


def _time_zone(value: str) -> str:
    # Names without a slash, but for UTC, are the machine's own (localtime) or old ones unknown to Java.
    if value != "UTC" and ("/" not in value or value not in available_timezones()):
        raise ValueError("expected the name of a time zone, such as Europe/Paris or Indian/Reunion")
    return value


def _logo(value: str) -> str:
    if Path(value).suffix.lower() not in ENDINGS:
        raise ValueError(
            "expected the path of a .png or .jpg file, such as logos/agency.png (not .svg, which can hold"
            " scripts: export it as .png)"
        )
    return value


def _file_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
        raise ValueError(
            "expected the name of a file in the server's password-blacklists folder, without a path, or none"
        )
    return value


def _regex(value: str) -> str:
    """A regular expression for Keycloak, which writes a policy as `length(8) and regexPattern(…)`."""
    if " and " in value:
        raise ValueError('expected a regular expression without " and ": Keycloak would cut it there')
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Java's [a-z&&[^b]] is no mistake
            re.compile(_JAVA_CLASS.sub(r"\\w", value))
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return value


def _variable(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError("expected the name of an environment variable, such as MONCOMPTE_SMTP_PASSWORD")
    return value


def _codes_pair(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]{1,60}/[A-Za-z0-9]{1,60}", value):
        raise ValueError("expected the two codes of an agency, such as 1001/01")
    return value


Text = Annotated[str, AfterValidator(_text)]
Code = Annotated[str, AfterValidator(_code)]
Identifier = Annotated[str, AfterValidator(_identifier)]
RealmName = Annotated[str, AfterValidator(_realm_name)]
Https = Annotated[str, AfterValidator(_https)]
HttpsOrLocal = Annotated[str, AfterValidator(_https_or_local)]
Redirect = Annotated[str, AfterValidator(_redirect)]
Email = Annotated[str, AfterValidator(_email)]
Duration = Annotated[
    int, BeforeValidator(seconds), WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"})
]
LogoFile = Annotated[str, AfterValidator(_text), AfterValidator(_logo)]
Positive = Annotated[int, Field(ge=1, le=1_000_000)]
Count = Annotated[int, Field(ge=0, le=64)]
Regex = Annotated[str, AfterValidator(_text), AfterValidator(_regex)]

BLOCKLIST = "moncompte-fr.bloom"
"""The list of common passwords that comes with the server."""

NO_BLOCKLIST = "none"


# ---------------------------------------------------------------- models


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Mail(_Model):
    """The mail server of a realm. The password is read from the environment variable `password_env` names."""

    host: Annotated[str, AfterValidator(_host)]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    from_: Email = Field(alias="from")
    from_name: Text = "Mon compte immobilier"
    user: Text | None = None
    password_env: Annotated[str, AfterValidator(_variable)] | None = None
    tls: Literal["none", "starttls", "tls"] = "none"


class RegexPattern(_Model):
    """A regular expression, in Java's syntax, that the whole password must match, and what it asks for in
    words: owners read the sentence of their language."""

    regex: Regex
    fr: Text | None = None
    en: Text | None = None


class PasswordPolicy(_Model):
    """What a password that an owner chooses must hold; the criteria on the screens come from it.

    Keycloak's own policies under their own names. A count of 0 asks for nothing. `max_length` leaves room for
    64 characters at least (OWASP ASVS 5); `password_history` counts former passwords, `password_age` days.
    """

    length: Annotated[int, Field(ge=1, le=64)] = 6
    max_length: Annotated[int, Field(ge=64, le=1024)] | None = None
    upper_case: Count = 1
    lower_case: Count = 1
    digits: Count = 1
    special_chars: Count = 1
    not_username: bool = False
    not_email: bool = False
    not_contains_username: bool = False
    regex_pattern: RegexPattern | None = None
    password_history: Count = 0
    password_age: Annotated[int, Field(ge=0, le=3650)] = 0


class Terms(_Model):
    """The CGU in force; another `version` is asked for at each owner's next sign-in."""

    version: Text
    terms_url: Https
    privacy_url: Https


class Lifetimes(_Model):
    """How long things live, in seconds once read.

    inactive         after how long without a sign-in the owner of a personal account without contracts is
                     warned (CNIL: two years); none: never
    inactive_notice  how long after the warning the account is deleted, unless its owner signs in
    """

    provisional: Duration = 30 * 86400
    verification_link: Duration = 24 * 3600
    reset_link: Duration = 3600
    unmerge: Duration = 30 * 86400
    dispute_link: Duration = 30 * 86400
    release_delay: Duration = 3 * 86400
    resend_cooldown: Duration = 60
    inactive: Duration | None = None
    inactive_notice: Duration = 30 * 86400


class Limits(_Model):
    """Throttles: failures before an account waits, failures an hour of a source, mails an hour."""

    failures: Positive = 10
    per_source: Positive = 100
    mails_per_hour: Positive = 10


class Help(_Model):
    """The operator's help, shown where no agency is known."""

    url: Https | None = None
    phone: Text | None = None
    email: Email | None = None


class Colours(_Model):
    """Colours of an agency or of a realm's brand: `primary` for titles, `action` for buttons, each with a
    contrast of 4.5 with what is behind it. Those of the dark mode are made of them."""

    primary: Annotated[str, AfterValidator(_colour)] | None = None
    action: Annotated[str, AfterValidator(_colour)] | None = None

    @property
    def style(self) -> str:
        """Name of their style sheet, empty when none is named."""
        return colours.style(self.primary, self.action)


class Realm(_Model):
    """A realm of owners. The first of the manifest is the shared one, where agencies live by default.

    time_zone       that of its owners, for the dates and times on pages and in mails
    secret_overlap  how long an application's secret still works once another has been made; none: not at all.
                    Rests on a preview feature of Keycloak, client-secret-rotation: the server has to be built
                    with it
    """

    name: RealmName
    display_name: Text
    mail: Mail
    password_policy: PasswordPolicy = PasswordPolicy()
    terms: Terms
    lifetimes: Lifetimes = Lifetimes()
    languages: list[Literal["fr", "en"]] = Field(default=["fr", "en"], min_length=1)
    blocklist: Annotated[str, AfterValidator(_file_name)] = BLOCKLIST
    passkeys: bool = True
    trusted_proxies: list[Annotated[str, AfterValidator(_network)]] = []
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Paris"
    secret_overlap: Duration | None = None
    limits: Limits = Limits()
    help: Help = Help()
    logo: LogoFile | None = None
    colours: Colours = Colours()


class Agency(_Model):
    """A property-management office, named by its codes `client` and `societe`."""

    client: Code
    societe: Code
    name: Text
    help_url: Https | None = None
    phone: Text | None = None
    email: Email | None = None
    logo: LogoFile | None = None
    colours: Colours = Colours()
    enabled: bool = True
    activation_by_mail: bool = True
    isolation: Literal["organization", "realm"] = "organization"
    realm: RealmName | None = None

    @property
    def codes(self) -> str:
        """The codes as the manifest writes them: `1001/01`."""
        return f"{self.client}/{self.societe}"

    @property
    def alias(self) -> str:
        """The alias of its organization, lower case: `1001-01`."""
        return alias_of(self.client, self.societe)


class Application(_Model):
    """A relying party.

    agencies   those whose contracts it may see; none named: all
    audiences  client ids of other applications that its access tokens may be shown to
    profile    rules that it is held to: `oauth-2-1` a public application, `fapi-2` a confidential one, which
               then has a key in place of a secret
    jwks_url, jwks_file
               where the public half of that key is: at an address of the application's own, or in a file

    `{realm}` in redirect and logout addresses is replaced by the name of each realm it is made in.
    """

    client_id: Identifier
    name: Text
    type: Literal["confidential", "public"]
    redirect_uris: list[Redirect] = Field(min_length=1)
    post_logout_redirect_uris: list[Redirect] = []
    backchannel_logout_url: Redirect | None = None
    scopes: list[Literal["organization", "contracts", "offline_access"]] = []
    url: HttpsOrLocal | None = None
    secret_file: Text | None = None
    agencies: list[Annotated[str, AfterValidator(_codes_pair)]] = []
    audiences: list[Identifier] = []
    profile: Literal["oauth-2-1", "fapi-2"] | None = None
    jwks_url: Https | None = None
    jwks_file: Text | None = None

    def in_realm(self, realm: str) -> Application:
        """The application with the name of a realm in its addresses."""

        def named(addresses: list[str]) -> list[str]:
            return [address.replace(REALM_PLACE, realm) for address in addresses]

        logout = self.backchannel_logout_url
        return self.model_copy(
            update={
                "redirect_uris": named(self.redirect_uris),
                "post_logout_redirect_uris": named(self.post_logout_redirect_uris),
                "backchannel_logout_url": logout.replace(REALM_PLACE, realm) if logout else None,
            }
        )


class Manifest(_Model):
    """The whole of moncompte.yaml."""

    realms: list[Realm] = Field(min_length=1)
    agencies: list[Agency] = []
    applications: list[Application] = []

    def realm_of(self, agency: Agency) -> str:
        """The realm an agency lives in: the one it names, one of its own, or the shared one."""
        if agency.realm is not None:
            return agency.realm
        return f"moncompte-{agency.alias}" if agency.isolation == "realm" else self.realms[0].name

    def all_realms(self) -> Iterator[Realm]:
        """Every realm to be made: those declared, then those of isolated agencies, with the shared one's
        settings."""
        known = {realm.name for realm in self.realms}
        yield from self.realms
        for agency in self.agencies:
            name = self.realm_of(agency)
            if name not in known:
                known.add(name)
                yield self.realms[0].model_copy(update={"name": name})

    def agencies_of(self, realm: str) -> list[Agency]:
        """The agencies that live in a realm, in the manifest's order."""
        return [agency for agency in self.agencies if self.realm_of(agency) == realm]

    def applications_of(self, realm: str) -> list[Application]:
        """The applications of a realm: those entitled to all agencies, or to one that lives there."""
        here = {agency.codes.lower() for agency in self.agencies_of(realm)}
        return [
            application
            for application in self.applications
            if not application.agencies or any(codes.lower() in here for codes in application.agencies)
        ]


# ---------------------------------------------------------------- reading

Path_ = tuple[str | int, ...]
"""Where a value stands: keys and positions from the top."""

Report = Callable[[Path_, str], None]


def load(path: Path, *, with_files: bool = True) -> Manifest:
    """The manifest in a file.

    with_files  whether to look through the files it names, logos and keys; who reads what lives where has
                none

    Raises ManifestError with every problem: YAML that cannot be read (then only that one), unknown or missing
    keys, unusable values, what does not fit together (agencies named twice, realms nobody declared), logos
    that cannot be shown, colours that cannot be read.
    """
    document = _read_yaml(path)
    problems: list[ManifestProblem] = []

    def report(where: Path_, expected: str) -> None:
        problems.append(ManifestProblem(_line(document, where), _key(where), expected))

    try:
        data = _plain(document)
    except RecursionError:
        raise ManifestError(
            str(path), [ManifestProblem(1, "file", "an alias (*) refers to itself")]
        ) from None
    if not isinstance(data, dict):
        raise ManifestError(
            str(path), [ManifestProblem(1, "file", "expected the keys realms, agencies, applications")]
        )

    manifest: Manifest | None = None
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        _report_details(error, report)
    _check_together(data, report)
    if with_files:
        _check_logos(data, path.parent, report)
        _check_keys(data, path.parent, report)
    _check_colours(data, report)
    if manifest is None or problems:
        raise ManifestError(str(path), problems)
    return manifest


def schema() -> dict[str, Any]:
    """The manifest as a JSON Schema (draft 2020-12). What depends on several keys only `load` checks."""
    generated = Manifest.model_json_schema(by_alias=True)
    for model in generated["$defs"].values():
        for value in model.get("properties", {}).values():
            if isinstance(value.get("default"), int) and "pattern" in value:  # a duration, once read
                value["default"] = f"{value['default']}s"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | generated


def _read_yaml(path: Path) -> object:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ManifestError(
            str(path), [ManifestProblem(1, "file", error.strerror or "cannot be read")]
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ManifestError(str(path), [ManifestProblem(line, "file", "expected UTF-8 text")]) from None
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        what = str(error.problem or error.context or "not YAML").splitlines()[0]
        raise ManifestError(
            str(path), [ManifestProblem(line, "file", f"not readable as YAML: {what}")]
        ) from None
    except (YAMLError, ValueError) as error:
        what = str(error).splitlines()[0]
        raise ManifestError(
            str(path), [ManifestProblem(1, "file", f"not readable as YAML: {what}")]
        ) from None


def _plain(node: object) -> object:
    """The document as plain Python values, without ruamel's classes."""
    if isinstance(node, Mapping):
        return {key if isinstance(key, str) else str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool):
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _line(document: object, where: Path_) -> int:
    """The line a value stands on; of a missing key, the line of what should hold it."""
    line, node = 0, document
    for step in where:
        if isinstance(node, CommentedMap) and step in node:
            if step in node.lc.data:
                line = node.lc.key(step)[0]
            node = node[step]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            if step in node.lc.data:
                line = node.lc.item(step)[0]
            node = node[step]
        else:
            break
    return line + 1


def _key(where: Path_) -> str:
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "file"


_WORDS: dict[str, str] = {
    "missing": "missing; this key is needed",
    "bool_type": "expected true or false",
    "int_type": "expected a whole number",
    "list_type": "expected a list",
    "too_short": "expected at least one",
}


def _report_details(error: ValidationError, report: Report) -> None:
    """Everything pydantic found; a key that is missing because it is misspelt is one mistake, not two."""
    details = error.errors()
    unknown = (detail["loc"] for detail in details if detail["type"] == "extra_forbidden")
    meant = {(*where[:-1], *_near_key(where)) for where in unknown}
    for detail in details:
        if detail["type"] != "missing" or detail["loc"] not in meant:
            _report_detail(detail, report)


def _report_detail(detail: Mapping[str, Any], report: Report) -> None:
    where: Path_ = detail["loc"]
    kind: str = detail["type"]
    if kind == "extra_forbidden":
        report(where, _unknown_key(where))
    elif kind == "string_type":
        report(where, _expected_text(detail["input"]))
    elif kind == "literal_error":
        report(where, _expected_one_of(str(detail["ctx"]["expected"]), detail["input"]))
    elif kind in ("model_type", "model_attributes_type"):
        report(where, "expected keys and values here")
    elif kind == "greater_than_equal":
        report(where, f"expected at least {detail['ctx']['ge']}")
    elif kind == "less_than_equal":
        report(where, f"expected at most {detail['ctx']['le']}")
    else:
        report(where, _WORDS.get(kind, str(detail["msg"]).removeprefix("Value error, ")))


def _expected_text(value: object) -> str:
    if value is None:
        return "expected a text, found nothing"
    if isinstance(value, int | float | datetime.date):
        return 'expected a text: write it in quotes, such as "01"'
    return "expected a text"


def _expected_one_of(choices: str, value: object) -> str:
    near = difflib.get_close_matches(str(value), re.findall(r"'([^']+)'", choices), 1)
    return f"expected {choices}" + (f"; did you mean {near[0]}?" if near else "")


def _unknown_key(where: Path_) -> str:
    for near in _near_key(where):
        return f"unknown key; did you mean {near}?"
    return f"unknown key; expected one of {', '.join(sorted(_known_keys(where[:-1])))}"


def _near_key(where: Path_) -> list[str]:
    """The key that was meant by an unknown one, if any is near."""
    return difflib.get_close_matches(str(where[-1]), _known_keys(where[:-1]), 1)


def _known_keys(where: Path_) -> list[str]:
    """The keys a model has at a place of the document."""
    model: type[BaseModel] = Manifest
    for step in where:
        if isinstance(step, str):
            model = _MODELS[step]
    return [field.alias or name for name, field in model.model_fields.items()]


_MODELS: dict[str, type[BaseModel]] = {
    "realms": Realm,
    "agencies": Agency,
    "applications": Application,
    "mail": Mail,
    "password_policy": PasswordPolicy,
    "regex_pattern": RegexPattern,
    "terms": Terms,
    "lifetimes": Lifetimes,
    "limits": Limits,
    "help": Help,
    "colours": Colours,
}


# ---------------------------------------------------------------- what must fit together
# These look at the plain data, not at the models, so that they speak in the same run as the models' errors.


def _check_together(data: Mapping[str, Any], report: Report) -> None:
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
                (section, index, keys[0]), f"{name} is named twice (first as {section}[{first}]; case aside)"
            )


def _check_realm(index: int, realm: Mapping[str, Any], report: Report) -> None:
    lifetimes = realm.get("lifetimes")
    reset = lifetimes.get("reset_link") if isinstance(lifetimes, dict) else None
    try:
        too_long = reset is not None and seconds(reset) > RESET_LINK_MAX
    except ValueError:
        too_long = False  # reported already, as what is no duration
    if too_long:
        report(("realms", index, "lifetimes", "reset_link"), "expected at most 24h (CNIL 2022-100)")

    _check_sentences(index, realm, report)
    mail = realm.get("mail")
    if isinstance(mail, dict) and ("user" in mail) != ("password_env" in mail):
        missing = "password_env" if "user" in mail else "user"
        report(("realms", index, "mail"), f"user and password_env go together; {missing} is missing")


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
                f"expected {language}: the sentence that tells owners what the pattern asks for",
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
                report(where, f"expected a realm of its own: {realm} is shared by other agencies")
            spelt = own.setdefault(realm.lower(), realm)
            if spelt != realm:
                report(where, f"expected the same spelling as {spelt}")
        elif realm not in declared:
            near = difflib.get_close_matches(realm, declared, 1)
            report(where, f"no realm {realm} is declared" + (f"; did you mean {near[0]}?" if near else ""))


def _isolated(agency: Mapping[str, Any]) -> bool:
    return agency.get("isolation") == "realm"


def _check_logos(data: Mapping[str, Any], folder: Path, report: Report) -> None:
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


def _check_colours(data: Mapping[str, Any], report: Report) -> None:
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


def _check_keys(data: Mapping[str, Any], folder: Path, report: Report) -> None:
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
        section: Path_ = ("applications", index)
        if application.get("client_id") in RESERVED_CLIENTS:
            report((*section, "client_id"), "expected another name: this client is Keycloak's own")
        entitled = application.get("agencies")
        for position, codes in enumerate(entitled if isinstance(entitled, list) else []):
            if isinstance(codes, str) and "/" in codes and codes.lower() not in known:
                near = difflib.get_close_matches(codes.lower(), known, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                report((*section, "agencies", position), f"no agency {codes} is declared{hint}")
        audiences = application.get("audiences")
        for position, client_id in enumerate(audiences if isinstance(audiences, list) else []):
            if isinstance(client_id, str) and client_id not in declared:
                report((*section, "audiences", position), f"no application {client_id} is declared")
        if application.get("type") == "public" and "secret_file" in application:
            report((*section, "secret_file"), "a public application has no secret; remove this key")
        _check_profile(section, application, report)


def _check_profile(section: Path_, application: Mapping[str, Any], report: Report) -> None:
    profile = application.get("profile")
    keys = [key for key in ("jwks_url", "jwks_file") if application.get(key) is not None]
    if profile != "fapi-2":
        for key in keys:
            report((*section, key), "is for an application with profile: fapi-2; remove this key")
    if profile not in ("oauth-2-1", "fapi-2"):
        return
    if application.get("type") == "confidential" and profile == "oauth-2-1":
        report(
            (*section, "profile"),
            "oauth-2-1 is for public applications here; fapi-2 is for confidential ones",
        )
    if application.get("type") == "public" and profile == "fapi-2":
        report((*section, "profile"), "fapi-2 is for confidential applications; oauth-2-1 is for public ones")
    if profile == "fapi-2" and len(keys) != 1:
        report((*section, "profile"), "expected the application's public key with it: jwks_url or jwks_file")
    if profile == "fapi-2" and "secret_file" in application:
        report(
            (*section, "secret_file"), "with profile: fapi-2 a key is in place of a secret; remove this key"
        )
    _check_https(section, application, report)


def _check_https(section: Path_, application: Mapping[str, Any], report: Report) -> None:
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
                    f"expected an address that starts with https://, because of profile: {profile}",
                )
