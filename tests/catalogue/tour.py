"""What a tour is: a way through some pages, and the pages that it has promised to show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from local_mailbox import Mailbox
from tests.integration.desk import Desk, password_body
from tests.integration.stage import PERSONAL, Stage
from tests.owner import Owner, Page
from tests.realms import AGENCIES, MakeRealm

LONG = "Administration de biens et syndic de copropriété du Vieux-Port, de la Joliette et de l'Estaque réunis"
MARKUP = '<a href="https://exemple.fr/">Cabinet</a>'


@dataclass(frozen=True)
class Shot:
    """A page in a state, as the server sent it. `template` is the file's name without `.ftl`."""

    template: str
    state: str
    page: Page


@dataclass
class Guide:
    """Makes realms for tours and keeps what they show."""

    make_realm: MakeRealm
    mailbox: Mailbox
    shots: list[Shot] = field(default_factory=list)

    def stage(self, **settings: object) -> Stage:
        """A realm of its own; its first agency has a logo, 3003/01 and 3003/02 have names hard to show."""
        agencies = [
            *AGENCIES,
            {"client": "3003", "societe": "01", "name": LONG, "email": f"{'contact' * 8}@exemple.fr"},
            {"client": "3003", "societe": "02", "name": MARKUP},
        ]
        lifetimes = {
            "provisional": "30d",
            "verification_link": "24h",
            "reset_link": "1h",
            "resend_cooldown": "1s",
            "release_delay": "3d",
        }
        made = self.make_realm(**({"agencies": agencies, "lifetimes": lifetimes} | settings))
        return Stage(made, self.mailbox)

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

    def go(self, guide: Guide) -> None:
        """Takes the way; fails when it did not show what it promised, or anything else."""
        before = len(guide.shots)
        self.way(guide)
        shown = {shot.template for shot in guide.shots[before:]}
        if shown != self.templates:
            raise RuntimeError(f"{self.way.__name__} showed {sorted(shown ^ self.templates)} too much or not")


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
    """The agency asks an identifier back for an owner whose mailbox is lost."""
    Desk(stage).post(f"owners/{quote(identifier)}/release", {"same_owner": True} | password_body())
