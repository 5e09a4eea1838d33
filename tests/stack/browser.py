"""An owner whose browser is shown the errors of an installation that has lost a part."""

from tests.integration.stage import Stage
from tests.owner import Owner, Page


class Browser(Owner):
    """Asks for pages, as browsers do, so that errors come as pages, too; on one of those it can only stay."""

    def __init__(self, server: str, realm: str, **settings: str) -> None:
        super().__init__(server, realm, **settings)
        self.http.headers["Accept"] = "text/html,application/xhtml+xml,*/*;q=0.8"

    def submit(self, page: Page, **fields: str) -> Page:
        return page if page.status >= 500 else super().submit(page, **fields)


class BrowserStage(Stage):
    """A stage of such owners."""

    def browser(self, **settings: str) -> Owner:
        return Browser(self.realm.server.url, self.realm.name, **settings)
