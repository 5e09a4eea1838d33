"""Every page in its states, and every mail (`make catalogue`): axe-core and the browser have nothing to say.

Checked at 360 and 1280 pixels and in dark colours: WCAG 2.2 AA, the console (what our policy stops shows
there), the width of the page, targets of 24 pixels, layout shift, English on a French page.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.catalogue import render
from tests.catalogue.mails import TEMPLATES, one_of_each
from tests.catalogue.tour import Guide, Tour
from tests.catalogue.tours import TOURS
from tests.integration.stage import eventually
from tests.realms import RealmMaker
from tools.mailbox import Mailbox


@pytest.fixture(scope="module")
def guide(make_realm: RealmMaker, mailbox: Mailbox, browser: Browser) -> Guide:
    return Guide(make_realm, mailbox, browser)


@pytest.fixture(scope="module")
def done() -> set[str]:
    """The names of the tours that have come to their end."""
    return set()


def complaints(sheets: Iterator[render.Sheet]) -> list[str]:
    return [f"{sheet.title}, {sheet.state}: {one}" for sheet in sheets for one in sheet.complaints]


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.name)
def test_every_page_in_every_state(tour: Tour, guide: Guide, browser: Browser, done: set[str]) -> None:
    before = len(guide.shots)
    tour.go(guide)
    done.add(tour.name)
    assert complaints(render.pages(browser, guide.shots[before:], None)) == []


def test_every_mail(guide: Guide, browser: Browser, done: set[str]) -> None:
    """After the tours, which make the realm send them."""
    missing = [tour.name for tour in TOURS if tour.name not in done]
    if missing:
        pytest.fail(f"mails are missing where a tour is: {', '.join(missing)}", pytrace=False)

    def not_come() -> str:
        return f"mails that have not come: {sorted(set(TEMPLATES) - set(one_of_each(guide.mails())))}"

    eventually(lambda: sorted(one_of_each(guide.mails())) == TEMPLATES, not_come, timeout=60)
    shown = one_of_each(guide.mails())
    assert complaints(render.mails(browser, shown, None)) == []
