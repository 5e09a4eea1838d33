"""How far an agency's owners have come, as one page that needs nothing else: no script, nothing fetched.

A French document, for the manager of an agency. Its words are in the template.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import jinja2

from ..server.keycloak import Json

_TEMPLATE = "status.html.j2"

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

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["french"] = french
    return environment.get_template(_TEMPLATE).render(
        status=status, at=at, bar=bar, radius=RADIUS, ring=2 * math.pi * RADIUS
    )
