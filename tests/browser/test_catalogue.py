"""Every page in its states, and every mail (`make catalogue`): axe-core and the browser have nothing to say.

Checked at 360 and 1280 pixels and in dark colours: WCAG 2.2 AA, the console (what our policy stops shows
there), the width of the page, targets of 24 pixels, layout shift, English on a French page.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from local_mailbox import Mailbox
from tests.catalogue import render
from tests.catalogue.mails import TEMPLATES, one_of_each
from tests.catalogue.tour import Guide, Tour
from tests.catalogue.tours import TOURS
from tests.realms import RealmMaker


@pytest.fixture(scope="module")
def guide(make_realm: RealmMaker, mailbox: Mailbox, browser: Browser) -> Guide:
    return Guide(make_realm, mailbox, browser)


def complaints(sheets: Iterator[render.Sheet]) -> list[str]:
    return [f"{sheet.title}, {sheet.state}: {one}" for sheet in sheets for one in sheet.complaints]


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.name)
def test_every_page_in_every_state(tour: Tour, guide: Guide, browser: Browser) -> None:
    before = len(guide.shots)
    tour.go(guide)
    assert complaints(render.pages(browser, guide.shots[before:], None)) == []


def test_every_mail(guide: Guide, browser: Browser) -> None:
    """After the tours, which make the realm send them."""
    shown = one_of_each(guide.mails())
    assert sorted(shown) == TEMPLATES
    assert complaints(render.mails(browser, shown, None)) == []
