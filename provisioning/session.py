"""Requests to one server with the access token of a client; `keycloak.py` alone uses it.

python-keycloak does this, too, but to import it takes longer than to load a thousand owners, and each of its
connections gets a token of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from urllib.parse import quote

import requests

_EARLY = 10
"""Seconds before its end that a token is renewed: a request with it may have to wait."""


class TokenRefusedError(Exception):
    """The server gives no token. `status` is that of its answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"no token (HTTP {status})")
        self.status = status


class ClientToken:
    """The access token of a client with a service account, shared by its connections and renewed in time.

    url     of the server, without a slash at its end
    realm   of the client
    """

    def __init__(self, url: str, realm: str, client_id: str, client_secret: str) -> None:
        self._address = f"{url}/realms/{quote(realm, safe='')}/protocol/openid-connect/token"
        self._fields = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._lock = threading.Lock()
        self._value = ""
        self._renew_at = 0.0

    def get(self, http: requests.Session, timeout: int, *, other_than: str = "") -> str:
        """One that lives for some seconds at least, and is not the one that the server refused.

        Raises TokenRefusedError, requests.RequestException.
        """
        with self._lock:
            if self._value == other_than or time.monotonic() >= self._renew_at:
                self._renew(http, timeout)
            return self._value

    def forget(self) -> None:
        """The next one is new: the one in hand does not know of a realm made since."""
        with self._lock:
            self._renew_at = 0.0

    def _renew(self, http: requests.Session, timeout: int) -> None:
        asked_at = time.monotonic()
        response = http.post(self._address, data=self._fields, timeout=timeout)
        if response.status_code != 200:
            raise TokenRefusedError(response.status_code)
        try:
            answer = response.json()
            self._value, seconds = str(answer["access_token"]), float(answer["expires_in"])
        except (ValueError, KeyError, TypeError):
            raise TokenRefusedError(404) from None  # no Keycloak answers so
        self._renew_at = asked_at + max(seconds - _EARLY, seconds / 2)


class Session:
    """A connection that is kept, for one thread at a time.

    timeout   seconds that an answer is waited for
    """

    def __init__(self, url: str, token: ClientToken, timeout: int) -> None:
        self._url = url
        self._token = token
        self._timeout = timeout
        self._http = requests.Session()
        self._http.auth = lambda request: request  # ours, not what ~/.netrc may have

    def again(self) -> Session:
        """Another connection with the same token, for another thread."""
        return Session(self._url, self._token, self._timeout)

    def forget_token(self) -> None:
        """Get a new token for the next request."""
        self._token.forget()

    def request(
        self, method: str, path: str, body: bytes | None = None, params: Mapping[str, str] | None = None
    ) -> requests.Response:
        """The answer, whatever it says.

        A request whose answer did not come may still be at work: it is not sent again. One whose token was
        refused is, once.

        path   below the server's address
        body   JSON

        Raises TokenRefusedError, and requests.RequestException when there is no answer.
        """
        token = self._token.get(self._http, self._timeout)
        response = self._send(method, path, body, params, token)
        if response.status_code == 401:
            token = self._token.get(self._http, self._timeout, other_than=token)
            response = self._send(method, path, body, params, token)
        return response

    def _send(
        self, method: str, path: str, body: bytes | None, params: Mapping[str, str] | None, token: str
    ) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept": "application/json",  # of workflows Keycloak would rather give YAML
        }
        url = f"{self._url}/{path}"
        return self._http.request(method, url, params, body, headers, timeout=self._timeout)
