"""The real Extranet in front of a realm, and an owner who goes from one to the other without a browser."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from extranet import create_app
from extranet.issuers import of_manifest
from extranet.settings import Settings
from tests.owner import Owner, Page
from tests.realms import APPLICATIONS, Json, RealmMaker, TestRealm
from tools.ports import free_port


@dataclass(frozen=True)
class Front:
    """An Extranet that serves at `url`, and the realm it signs in at."""

    url: str
    realm: TestRealm
    app: Flask

    @property
    def entrance(self) -> str:
        """The address in the letters of the agency 1001/01."""
        return f"{self.url}/login?client=1001&societe=01"


def declared(url: str, client_id: str = "extranet") -> Json:
    """What a manifest says of an Extranet that serves at `url`."""
    return {
        **APPLICATIONS[0],
        "client_id": client_id,
        "name": client_id.capitalize(),
        "url": f"{url}/",
        "redirect_uris": [f"{url}/callback", f"{url}/callback/{{realm}}"],
        "post_logout_redirect_uris": [f"{url}/"],
        "backchannel_logout_url": f"{url}/backchannel-logout/{{realm}}",
        "secret_file": f"{client_id}-secret",
    }


@contextlib.contextmanager
def running_extranet(
    make_realm: RealmMaker, directory: Path, applications: tuple[Json, ...] = (), **settings: Any
) -> Iterator[Front]:
    """An Extranet with a realm of its own.

    applications  further ones of the realm
    settings      keys of the manifest's realm; `agencies`
    """
    port = free_port()
    realm = make_realm(applications=[declared(f"http://localhost:{port}"), *applications], **settings)
    with extranet_of(realm, "extranet", port, directory) as front:
        yield front


@contextlib.contextmanager
def extranet_of(
    realm: TestRealm, client_id: str, port: int, directory: Path, title: str = "Extranet"
) -> Iterator[Front]:
    """An Extranet of a realm that has an application `declared` for this port."""
    url = f"http://localhost:{port}"

    def secret(other: str) -> str:
        return realm.secret_in(other, client_id)

    app = create_app(
        Settings(
            issuer=realm.issuer,
            client_id=client_id,
            client_secret=realm.secret(client_id),
            public_url=url,
            session_directory=directory,
            port=port,
            title=title,
            issuers=of_manifest(realm.manifest, realm.issuer, client_id, secret),
        )
    )
    with serving(app, port):
        yield Front(url, realm, app)


@contextlib.contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """An application that serves at this port of this machine, in a thread of its own."""
    channels: dict[int, Any] = {}
    server: Any = create_server(app, map=channels, host="127.0.0.1", port=port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield
    # Closed from inside its own loop, which ends when nothing is open: browsers keep connections.
    server.trigger.pull_trigger(lambda: wasyncore.close_all(channels))
    thread.join(timeout=10)
    server.task_dispatcher.shutdown()


class Visitor(Owner):
    """An owner who follows redirects to the realm, to applications that are up, and back.

    What leads to the application of `redirect_uri` is not followed, as with `Owner`: it need not be up.
    """

    def _follow(self, response: requests.Response) -> Page:
        while response.is_redirect:
            target = urljoin(response.url, response.headers["Location"])
            if urlsplit(target).netloc == urlsplit(self.redirect_uri).netloc:
                return Page(response.status_code, target, "", dict(response.headers))
            response = self._send("GET", target)
        return Page(response.status_code, response.url, response.text, dict(response.headers))

    def signed_in_at(self, entrance: str, email: str, password: str) -> Page:
        """Opens an application and signs in at the realm; the application's page."""
        page = self.get(entrance)
        if page.screen == "login-welcome":
            page = self.get(page.link("J'ai déjà un compte"))
        elif page.screen == "login-codes":
            page = self.get(page.link("Connectez-vous"))
        assert page.screen == "login-login", page.text
        return self.submit(page, username=email, password=password)
