"""What a tour is: a way through some pages, and the pages that it has promised to show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser

from tests.integration.desk import Desk
from tests.integration.stage import PERSONAL, Stage
from tests.owner import Owner, Page
from tests.realms import AGENCIES, RealmMaker
from tools.mailbox import Mail, Mailbox

LONG = "Administration de biens et syndic de copropriété du Vieux-Port, de la Joliette et de l'Estaque réunis"
MARKUP = '<a href="https://exemple.fr/">Cabinet</a>'

AGENCIES_SHOWN = [
    *AGENCIES,
    {
        "client": "3003",
        "societe": "01",
        "name": LONG,
        "email": f"{'contact' * 8}@exemple.fr",
        "colours": {"primary": "#5b1a6b", "action": "#00695c"},
    },
    {"client": "3003", "societe": "02", "name": MARKUP},
]
"""The first has a logo, 3003/01 colours of its own, and 3003/01 and 3003/02 have names hard to show."""

LIFETIMES = {
    "provisional": "30d",
    "verification_link": "24h",
    "reset_link": "1h",
    "resend_cooldown": "60s",
    "release_delay": "3d",
}


@dataclass(frozen=True)
class Shot:
    """A page in a state, as the server sent it. `template` is the file's name without `.ftl`."""

    template: str
    state: str
    page: Page


@dataclass
class Guide:
    """Makes realms for tours and keeps what they show.

    make_realm  makes realms on the server of the run
    mailbox     where their mails arrive
    browser     for what an owner over HTTP cannot do
    """

    make_realm: RealmMaker
    mailbox: Mailbox
    browser: Browser
    shots: list[Shot] = field(default_factory=list)
    realms: list[str] = field(default_factory=list)

    @cached_property
    def stage(self) -> Stage:
        """The realm of the tours that need nothing special; each has identifiers of its own."""
        return self.fresh_stage()

    def fresh_stage(self, **settings: Any) -> Stage:
        """A realm of its own; `settings` are keys of the manifest's realm."""
        made = self.make_realm(**({"agencies": AGENCIES_SHOWN, "lifetimes": LIFETIMES} | settings))
        self.realms.append(made.name)
        return Stage(made, self.mailbox)

    def mails(self) -> list[Mail]:
        """What the realms of the tours have sent."""
        domains = tuple(f"@{realm}.example" for realm in self.realms)
        return [mail for mail in self.mailbox.messages() if mail.to[0].address.endswith(domains)]

    def show(self, template: str, state: str, page: Page) -> Page:
        """Keeps a page, which has to be of this template."""
        if page.screen != f"login-{template}":
            raise RuntimeError(f"{template}, {state}: came to {page.screen or page.url}: {page.text[:300]}")
        self.shots.append(Shot(template, state, page))
        return page


Way = Callable[[Guide], None]


@dataclass(frozen=True)
class Tour:
    """A way, and the templates that it shows."""

    way: Way
    templates: frozenset[str]

    @property
    def name(self) -> str:
        """What `--only` calls it."""
        return self.way.__name__

    def go(self, guide: Guide) -> None:
        """Takes the way; fails when it did not show what it promised, or anything else."""
        before = len(guide.shots)
        self.way(guide)
        shown = {shot.template for shot in guide.shots[before:]}
        if shown != self.templates:
            raise RuntimeError(f"{self.name} showed {sorted(shown ^ self.templates)} too much or not")


TOURS: list[Tour] = []


def shows(*templates: str) -> Callable[[Way], Way]:
    """Registers a way as a tour that shows these templates."""

    def register(way: Way) -> Way:
        TOURS.append(Tour(way, frozenset(templates)))
        return way

    return register


def signed_in(stage: Stage, identifier: str, password: str = PERSONAL) -> Owner:
    """The browser of an owner who has activated and is signed in."""
    owner = stage.activated(identifier, password=password)
    stage.signed_in(owner, stage.address(identifier), password)
    return owner


def ask_release(stage: Stage, identifier: str) -> None:
    """The agency asks for the release of an identifier."""
    Desk(stage).post(f"owners/{quote(identifier)}/release", {"person_is_gone": False})
