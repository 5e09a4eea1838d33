"""The Admin API of a realm, as an operator may use it by hand: any call, whatever it answers."""

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any

import requests

from tests.realms import Json, TestRealm

_TOKEN_LIFE = 30  # seconds; Keycloak gives a minute


class Admin:
    """Calls below `/admin/realms/{realm}` by a service account that may do everything."""

    def __init__(self, realm: TestRealm) -> None:
        self._realm = realm
        self._http = requests.Session()
        self._http.headers["Accept"] = "application/json, */*"
        self._renewed = float("-inf")

    def call(self, method: str, path: str, body: Any = None, **params: str) -> requests.Response:
        """The answer, whatever it is; `path` is relative to the realm, empty for the realm itself."""
        if time.monotonic() - self._renewed > _TOKEN_LIFE:
            self._renew()
        url = f"{self._realm.admin_url}/{path}".rstrip("/")
        return self._http.request(method, url, json=body, params=params, timeout=60)

    def raw(
        self, method: str, path: str, content: bytes, content_type: str = "application/json"
    ) -> requests.Response:
        """The answer to a body as it is, JSON or not."""
        if time.monotonic() - self._renewed > _TOKEN_LIFE:
            self._renew()
        headers = {"Content-Type": content_type}
        url = f"{self._realm.admin_url}/{path}"
        return self._http.request(method, url, data=content, headers=headers, timeout=300)

    def read(self, path: str, **params: str) -> Any:
        """What a GET that succeeds answers."""
        response = self.call("GET", path, **params)
        assert response.ok, f"GET {path}: {response.status_code} {response.text}"
        return response.json()

    def do(self, method: str, path: str, body: Any = None, **params: str) -> None:
        """A call that has to succeed."""
        response = self.call(method, path, body, **params)
        assert response.ok, f"{method} {path}: {response.status_code} {response.text}"

    def _renew(self) -> None:
        server = self._realm.server
        fields = {
            "grant_type": "client_credentials",
            "client_id": server.client_id,
            "client_secret": server.client_secret,
        }
        url = f"{server.url}/realms/master/protocol/openid-connect/token"
        token = requests.post(url, data=fields, timeout=60).json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._renewed = time.monotonic()

    # ---- users

    def user(self, username: str) -> Json:
        """The user of this username: an address, or `1001-01_p00012`."""
        found: list[Json] = self.read("users", username=username, exact="true")
        assert len(found) == 1, f"{len(found)} users named {username}"
        user: Json = self.read(f"users/{found[0]['id']}")
        return user

    def update(self, user: Json, **changes: Any) -> None:
        """Replaces a user by itself with these changes, as the administration console does."""
        self.do("PUT", f"users/{user['id']}", user | changes)

    def set_password(self, user: Json, password: str) -> None:
        """Gives a user a password that need not be changed."""
        body = {"type": "password", "value": password, "temporary": False}
        self.do("PUT", f"users/{user['id']}/reset-password", body)

    def credential_types(self, user: Json) -> list[str]:
        """The types of a user's stored credentials, in order."""
        return sorted(one["type"] for one in self.read(f"users/{user['id']}/credentials"))

    def links(self, user: Json, kind: str) -> list[Json]:
        """The links in mails of one kind that a user has, oldest first."""
        links = [json.loads(one) for one in user.get("attributes", {}).get("links", [])]
        return [link for link in links if link["kind"] == kind]

    def sessions(self, user: Json) -> list[Json]:
        """The sessions a user has."""
        found: list[Json] = self.read(f"users/{user['id']}/sessions")
        return found

    # ---- the rest

    def client(self, client_id: str) -> Json:
        """One client."""
        found: list[Json] = self.read("clients", clientId=client_id)
        return found[0]

    def set_client(self, client_id: str, **changes: Any) -> None:
        """Changes settings of a client."""
        client = self.client(client_id)
        self.do("PUT", f"clients/{client['id']}", client | changes)

    def set_realm(self, **changes: Any) -> None:
        """Changes settings of the realm."""
        self.do("PUT", "", self.read("") | changes)

    @contextlib.contextmanager
    def setting(self, **settings: int) -> Iterator[None]:
        """The realm with these settings of ours until the end of the context: `verificationLinkLifetime=1`.

        Lifetimes and cool-downs are seconds. What is made meanwhile keeps the life it was given: a test can
        make one thing that is soon too old, and need not hurry through the rest.
        """
        before = self.read("")["attributes"]
        changed = {f"moncompte.{name}": str(value) for name, value in settings.items()}
        assert changed.keys() <= before.keys()
        self.set_realm(attributes=before | changed)
        try:
            yield
        finally:
            self.set_realm(attributes=before)

    def set_agency(self, alias: str, **changes: Any) -> None:
        """Changes an organization."""
        found = [one for one in self.read("organizations", search="") if one["alias"] == alias]
        whole: Json = self.read(f"organizations/{found[0]['id']}")
        self.do("PUT", f"organizations/{whole['id']}", whole | changes)

    def events(self, kind: str | None = None) -> list[Json]:
        """The latest events of users, newest first."""
        kinds = {} if kind is None else {"type": kind}
        found: list[Json] = self.read("events", max="1000", **kinds)
        return found

    def admin_events(self) -> list[Json]:
        """The latest events of administrators, newest first."""
        found: list[Json] = self.read("admin-events", max="1000")
        return found
