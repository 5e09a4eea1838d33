"""How far an agency's owners have come, as one page that needs nothing else: no script, nothing fetched.

In French, for the manager of an agency: what is reached, where the others stand, and what can be done.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import jinja2

from ..server.keycloak import Json

_TEMPLATE = "status.html.j2"
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)

RADIUS = 54
"""Of the ring, in the units of its drawing."""


@dataclass(frozen=True)
class Bar:
    """One line of a chart: what it counts, how many, and their part of all, in percent."""

    label: str
    count: int
    percent: float
    hint: str = ""

    @property
    def shown_percent(self) -> str:
        """« 12 % »; what is neither none nor all is never shown as if it were."""
        if 0 < self.percent < 1:
            return "<\N{NO-BREAK SPACE}1\N{NO-BREAK SPACE}%"
        if 99 < self.percent < 100:
            return ">\N{NO-BREAK SPACE}99\N{NO-BREAK SPACE}%"
        return f"{self.percent:.0f}\N{NO-BREAK SPACE}%"

    @property
    def shown_count(self) -> str:
        """The number as it is written in French: 12 345."""
        return french(self.count)


@dataclass(frozen=True)
class Group:
    """Lines of a chart that belong together; `kind` is the class of their colour."""

    kind: str
    label: str
    bars: list[Bar]


def french(number: int) -> str:
    """A number with a narrow no-break space between its thousands."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def status_page(status: Json, at: datetime.datetime) -> str:
    """The page, HTML.

    status   what the server tells of an agency
    at       when it told
    """
    loaded = status["loaded"]

    def bar(label: str, count: int, hint: str = "") -> Bar:
        return Bar(label, count, 100 * count / loaded if loaded else 0.0, hint)

    steps = status["steps"]
    done = bar("Ont leur accès", status["active"] + status["merged"])
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_TEMPLATE).render(
        agency=status["agency"],
        name=status["name"],
        at=f"{at.day}{'er' if at.day == 1 else ''} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M}",
        loaded=loaded,
        shown_loaded=french(loaded),
        done=done,
        radius=RADIUS,
        ring=2 * math.pi * RADIUS,
        ring_done=2 * math.pi * RADIUS * done.percent / 100,
        funnel=[
            bar("Chargés", loaded, "L'agence a chargé leur dossier."),
            bar("Courrier fait", status["letter"], "Leur courrier est prêt, ou a déjà servi."),
            bar(
                "Courrier utilisé",
                status["started"],
                "Ils ont saisi l'identifiant et le mot de passe de leur courrier.",
            ),
            bar(
                "Accès ouvert",
                done.count,
                "Ils se connectent avec leur adresse email et leur propre mot de passe.",
            ),
        ],
        places=[
            Group(
                "done",
                "Accès ouvert",
                [
                    bar("Compte activé", steps["active"], "Ils ont créé leur compte personnel."),
                    bar(
                        "Ajouté à un compte existant",
                        steps["merged"],
                        "Ils avaient déjà un compte, et y ont ajouté ces contrats.",
                    ),
                ],
            ),
            Group(
                "underway",
                "En chemin",
                [
                    bar(
                        "Email attendu",
                        steps["waiting"],
                        "Il leur reste à ouvrir l'email d'activation et à cliquer sur le bouton.",
                    ),
                    bar(
                        "Activation commencée",
                        steps["started"],
                        "Ils n'ont pas encore choisi de mot de passe.",
                    ),
                    bar(
                        "Courrier pas encore utilisé",
                        steps["letter"],
                        "Leur courrier est fait ; son mot de passe n'a pas encore servi.",
                    ),
                    bar(
                        "Pas encore de courrier",
                        steps["loaded"],
                        "Leur courrier n'a pas été fait avec moncompte.",
                    ),
                ],
            ),
            Group(
                "aside",
                "À l'arrêt",
                [
                    bar(
                        "Courrier périmé",
                        steps["expired"],
                        "Le délai est passé : il leur faut un autre courrier.",
                    ),
                    bar("Désactivé", steps["disabled"], "L'agence ou l'opérateur a désactivé ce compte."),
                ],
            ),
        ],
        todo=_todo(status),
    )


@dataclass(frozen=True)
class Advice:
    """Something to do: what for, of how many, in words, and the command for agency IT that lists them."""

    label: str
    count: str
    text: str
    command: str


def _todo(status: Json) -> list[Advice]:
    steps, codes = status["steps"], status["agency"]
    told = (
        (
            *(steps["loaded"], "loaded", "Pas encore de courrier"),
            "Faites-le et envoyez-le, à moins qu'il ne soit fait autrement.",
        ),
        (*(steps["expired"], "expired", "Courrier périmé"), "Un autre courrier rend l'accès."),
        (
            *(steps["waiting"], "waiting", "Email d'activation attendu"),
            "À qui vous appelle, faites regarder les courriers indésirables ; l'email peut être renvoyé.",
        ),
        (
            *(status["locked"], "locked", "Blocage en ce moment, après trop d'essais"),
            "Il se lève tout seul, après quelques minutes.",
        ),
    )
    return [
        Advice(label, french(count), words, f"moncompte owners list --agency {codes} --state {state}")
        for count, state, label, words in told
        if count
    ]
