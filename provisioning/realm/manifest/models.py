"""The manifest's models: what the format is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ...target import alias_of
from .. import colours
from .values import (
    BLOCKLIST,
    REALM_PLACE,
    Code,
    CodesPair,
    Colour,
    Count,
    Duration,
    Email,
    FileName,
    Host,
    Https,
    HttpsOrLocal,
    Identifier,
    LogoFile,
    Positive,
    RealmName,
    Redirect,
    Regex,
    Text,
    TimeZone,
    Variable,
)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Mail(_Model):
    """The mail server of a realm. The password is read from the environment variable `password_env` names."""

    host: Host
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    from_: Email = Field(alias="from")
    from_name: Text = "Mon compte immobilier"
    user: Text | None = None
    password_env: Variable | None = None
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

    primary: Colour | None = None
    action: Colour | None = None

    @property
    def style(self) -> str:
        """Name of their style sheet, empty when none is named."""
        return colours.style(self.primary, self.action)


class Realm(_Model):
    """A realm of owners. The first of the manifest is the shared one, where agencies live by default.

    time_zone   that of its owners, for the dates and times on pages and in mails
    """

    name: RealmName
    display_name: Text
    mail: Mail
    password_policy: PasswordPolicy = PasswordPolicy()
    terms: Terms
    lifetimes: Lifetimes = Lifetimes()
    languages: list[Literal["fr", "en"]] = Field(default=["fr", "en"], min_length=1)
    blocklist: FileName = BLOCKLIST
    passkeys: bool = True
    time_zone: TimeZone = "Europe/Paris"
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
    agencies: list[CodesPair] = []
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
