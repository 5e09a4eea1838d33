"""The manifest's models: what the format is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ...server.target import alias_of
from ...texts import _
from .. import colours
from . import values


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Mail(_Model):
    """The mail server of a realm. The password is read from the environment variable `password_env` names."""

    host: values.Host
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    from_: values.Email = Field(alias="from")
    from_name: values.Text = "Mon compte immobilier"
    user: values.Text | None = None
    password_env: values.Variable | None = None
    tls: Literal["none", "starttls", "tls"] = "none"

    @model_validator(mode="after")
    def _check_user(self) -> Self:
        if (self.user is None) != (self.password_env is None):
            missing = "user" if self.user is None else "password_env"
            text = _("user and password_env go together; {missing} is missing")
            raise ValueError(text.format(missing=missing))
        return self


class RegexPattern(_Model):
    """A regular expression, in Java's syntax, that the whole password must match, and what it asks for in
    words: owners read the sentence of their language."""

    regex: values.Regex
    fr: values.Text | None = None
    en: values.Text | None = None


class PasswordPolicy(_Model):
    """What a password that an owner chooses must hold; the criteria on the screens come from it.

    Keycloak's own policies under their own names. A count of 0 asks for nothing. `max_length` leaves room for
    64 characters at least (OWASP ASVS 5); `password_history` counts former passwords, `password_age` days.
    """

    length: Annotated[int, Field(ge=1, le=64)] = 6
    max_length: Annotated[int, Field(ge=64, le=1024)] | None = None
    upper_case: values.Count = 1
    lower_case: values.Count = 1
    digits: values.Count = 1
    special_chars: values.Count = 1
    not_username: bool = False
    not_email: bool = False
    not_contains_username: bool = False
    regex_pattern: RegexPattern | None = None
    password_history: values.Count = 0
    password_age: Annotated[int, Field(ge=0, le=3650)] = 0


class Terms(_Model):
    """The CGU in force; another `version` is asked for at each owner's next sign-in."""

    version: values.Text
    terms_url: values.Https
    privacy_url: values.Https


class Lifetimes(_Model):
    """How long things live, in seconds once read.

    inactive         after how long without a sign-in the owner of a personal account without contracts is
                     warned (CNIL: two years); none: never
    inactive_notice  how long after the warning the account is deleted, unless its owner signs in
    """

    provisional: values.Duration = 30 * 86400
    verification_link: values.Duration = 24 * 3600
    reset_link: values.ResetLink = 3600
    unmerge: values.Duration = 30 * 86400
    dispute_link: values.Duration = 30 * 86400
    release_delay: values.Duration = 3 * 86400
    resend_cooldown: values.Duration = 60
    inactive: values.Duration | None = None
    inactive_notice: values.Duration = 30 * 86400


class Limits(_Model):
    """Throttles: failures before an account waits, failures an hour of a source, mails an hour, and how many
    different accounts a source may ask about at « Mot de passe oublié » an hour."""

    failures: values.Positive = 10
    per_source: values.Positive = 100
    mails_per_hour: values.Positive = 10
    accounts_per_source: values.Positive = 5


class Help(_Model):
    """The operator's help, shown where no agency is known."""

    url: values.Https | None = None
    phone: values.Text | None = None
    email: values.Email | None = None


class Colours(_Model):
    """Colours of an agency or of a realm's brand: `primary` for titles, `action` for buttons, each with a
    contrast of 4.5 with what is behind it. Those of the dark mode are made of them."""

    primary: values.PrimaryColour | None = None
    action: values.ActionColour | None = None

    @property
    def style(self) -> str:
        """Name of their style sheet, empty when none is named."""
        return colours.style(self.primary, self.action)


class Realm(_Model):
    """A realm of owners. The first of the manifest is the shared one, where agencies live by default.

    time_zone   that of its owners, for the dates and times on pages and in mails
    """

    name: values.RealmName
    display_name: values.Text
    mail: Mail
    password_policy: PasswordPolicy = PasswordPolicy()
    terms: Terms
    lifetimes: Lifetimes = Lifetimes()
    languages: list[Literal["fr", "en"]] = Field(default=["fr", "en"], min_length=1)
    blocklist: values.FileName = values.BLOCKLIST
    passkeys: bool = True
    time_zone: values.TimeZone = "Europe/Paris"
    limits: Limits = Limits()
    help: Help = Help()
    logo: values.LogoFile | None = None
    colours: Colours = Colours()


class Agency(_Model):
    """A property-management office, named by its codes `client` and `societe`."""

    client: values.Code
    societe: values.Code
    name: values.Text
    help_url: values.Https | None = None
    phone: values.Text | None = None
    email: values.Email | None = None
    logo: values.LogoFile | None = None
    colours: Colours = Colours()
    enabled: bool = True
    activation_by_mail: bool = True
    isolation: Literal["organization", "realm"] = "organization"
    realm: values.RealmName | None = None

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

    client_id: values.ClientId
    name: values.Text
    type: Literal["confidential", "public"]
    redirect_uris: list[values.Redirect] = Field(min_length=1)
    post_logout_redirect_uris: list[values.Redirect] = []
    backchannel_logout_url: values.Redirect | None = None
    scopes: list[Literal["organization", "contracts", "offline_access"]] = []
    url: values.HttpsOrLocal | None = None
    secret_file: values.Text | None = None
    agencies: list[values.CodesPair] = []
    audiences: list[values.Identifier] = []
    profile: Literal["oauth-2-1", "fapi-2"] | None = None
    jwks_url: values.Https | None = None
    jwks_file: values.KeysFile | None = None


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
