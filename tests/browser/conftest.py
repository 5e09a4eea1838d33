"""The real Extranet in front of a realm that the modules share, and a visitor who looks at every page."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.front import Front, running_extranet
from tests.integration.stage import Stage
from tests.owner import Owner
from tests.realms import RealmMaker
from tools.mailbox import Mailbox

__all__ = ["PHONE", "WIDE", "Behind", "Front", "Watch"]

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def front(make_realm: RealmMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with running_extranet(make_realm, tmp_path_factory.mktemp("extranet")) as front:
        yield front


class Behind(Stage):
    """The realm behind an Extranet: its owners come from there, over HTTP as well."""

    def __init__(self, front: Front, mailbox: Mailbox) -> None:
        super().__init__(front.realm, mailbox)
        self._callback = f"{front.url}/callback"

    def browser(self, **settings: str) -> Owner:
        return super().browser(redirect_uri=self._callback, **settings)


class Watch:
    """Looks at each page of a journey: what the console says, whether it fits, what axe-core finds.

    refusals_expected  whether the console may speak of a status of 400 and above: a test that makes it so
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.refusals_expected = False
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        refusal = text.startswith("Failed to load resource: the server responded with a status of")
        if kind in ("error", "warning") and not (refusal and self.refusals_expected):
            self.complaints.append(text)

    def check(self, heading: str) -> None:
        """The page has this heading, nothing to complain of, and fits a phone and a wide window."""
        title = self.page.get_by_role("heading", level=1)
        assert " ".join(title.inner_text().split()) == heading
        assert self.complaints == []
        self.page.wait_for_load_state()  # without its style sheet a page is too wide
        before = self.page.viewport_size
        assert before is not None
        for size in (WIDE, PHONE, before):
            self.page.set_viewport_size(size)
            overflow = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{heading}: {overflow} pixels too wide for {size['width']}"
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()


@pytest.fixture
def watch(page: Page) -> Watch:
    return Watch(page)


@pytest.fixture
def second_context(context: BrowserContext) -> Iterator[BrowserContext]:
    """Another browser of the same person, or of somebody else."""
    browser = context.browser
    assert browser is not None
    with browser.new_context(locale="fr-FR") as other:
        other.set_default_timeout(15_000)
        yield other
