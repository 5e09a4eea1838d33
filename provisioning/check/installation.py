"""What was read of an installation, and what is found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ..server.keycloak import Json

Severity = Literal["error", "warning", "notice"]
"""error: owners or their data are in danger, or cannot get in; warning: a protection is weaker than it should
be; notice: good to know, and nothing serious."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with an installation.

    realm     the realm it is in; empty for the server
    subject   what it is about: a client, a setting
    reason    what is so, and why that matters
    cure      what to do
    rule      the rule that found it; set by `inspect`
    """

    severity: Severity
    realm: str
    subject: str
    reason: str
    cure: str
    rule: str = ""


@dataclass(frozen=True)
class MailTrial:
    """What came of trying a realm's mail server.

    to       where the mail went; None: the server only connected
    failure  type of the error, such as UnknownHostException; None: it worked
    """

    to: str | None
    failure: str | None


@dataclass(frozen=True)
class RealmSeen:
    """A realm: its settings, clients and client scopes, and how it calls itself.

    issuer          to whoever asks at the server's address; None: no answer
    forged_issuers  by the name of a forged header, what it then calls itself
    mail            None where owners' mail does not leave from (master)
    """

    name: str
    settings: Json = field(repr=False)
    clients: list[Json] = field(default_factory=list, repr=False)
    client_scopes: list[Json] = field(default_factory=list, repr=False)
    issuer: str | None = None
    forged_issuers: dict[str, str] = field(default_factory=dict)
    mail: MailTrial | None = None


@dataclass(frozen=True)
class Installation:
    """Everything that was read; the rules look at nothing else.

    node              what the extension says of the node that answered
    version           of this command
    temporary         names of the accounts Keycloak made when it first started, in the realm master
    usual_passwords   names of the administrators of master whose password everybody tries first
    missing_realms    realms of the manifest that are not there
    certificate_ends  when the certificate of an https address ends; None at an http address
    """

    url: str
    now: datetime
    version: str
    node: Json
    realms: list[RealmSeen]
    master: RealmSeen
    temporary: list[str] = field(default_factory=list)
    usual_passwords: list[str] = field(default_factory=list)
    missing_realms: list[str] = field(default_factory=list)
    certificate_ends: datetime | None = None

    @property
    def all_realms(self) -> list[RealmSeen]:
        """Those of owners, and master."""
        return [*self.realms, self.master]
