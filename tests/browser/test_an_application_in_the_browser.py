"""An application without a server signs an owner in from the text of docs/applications/oidc-client-ts.md."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.applications import NotHereError, npm_packages
from tests.browser.test_the_journey import press, sign_in
from tests.integration.stage import PERSONAL, Stage
from tests.realms import RealmMaker
from tools.mailbox import Mailbox
from tools.ports import free_port

PAGE = Path(__file__).parents[2] / "docs" / "applications" / "oidc-client-ts.md"
LIBRARY = "node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        pass


@pytest.fixture(scope="module")
def base() -> str:
    return f"http://localhost:{free_port()}"


@pytest.fixture(scope="module")
def stage(make_realm: RealmMaker, mailbox: Mailbox, base: str) -> Stage:
    application = {
        "client_id": "mon-application",
        "name": "Mon application",
        "type": "public",
        "url": f"{base}/",
        "redirect_uris": [f"{base}/"],
        "post_logout_redirect_uris": [f"{base}/"],
        "scopes": ["organization", "contracts"],
    }
    stage = Stage(make_realm(applications=[application]), mailbox)
    stage.load("N1")
    owner = stage.browser(client_id="mon-application", redirect_uri=f"{base}/")
    stage.begun(owner, "N1")
    owner.confirm(stage.link(stage.address("N1")))
    return stage


@pytest.fixture(scope="module")
def _running(stage: Stage, base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    try:
        packages = npm_packages("oidc-client-ts@3.5.0")
    except NotHereError as why:
        pytest.skip(str(why))
    folder = tmp_path_factory.mktemp("application")
    [text] = re.findall(r"```html\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    text = text.replace("https://sso.moncompte.example/realms/moncompte", stage.realm.issuer)
    (folder / "index.html").write_text(text.replace("https://app.example", base), encoding="utf-8")
    (folder / "oidc-client-ts.min.js").write_bytes((packages / LIBRARY).read_bytes())
    port = int(base.rpartition(":")[2])
    with ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("_running")
def test_an_owner_signs_in_and_out_of_a_page_without_a_server(page: Page, stage: Stage, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("authorization", "")))
    page.goto(f"{base}/")
    press(page, "Se connecter")
    page.get_by_role("link", name="Connectez-vous").click()
    sign_in(page, stage.address("N1"), PERSONAL)
    expect(page.locator("#owner")).to_have_text("Hélène LEFÈVRE : REF-N1")
    assert any(one.startswith("DPoP ") for one in asked)
    press(page, "Déconnexion")
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    press(page, "Se connecter")
    expect(page.get_by_role("link", name="Connectez-vous")).to_be_visible()
