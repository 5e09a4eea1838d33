"""python-keycloak's connection, with our errors: the only module that reads a refusal of Keycloak.

Importing python-keycloak takes half a second, so `keycloak.py` imports this module when it connects.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import keycloak.connection
from keycloak.exceptions import KeycloakConnectionError, KeycloakError
from requests import Response

from keycloak import KeycloakOpenIDConnection

from ..errors import NotFoundError, RefusedError, ServerError, ServerUnreachableError
from ..texts import _
from .settings import Settings, not_keycloak

# python-keycloak makes an httpx client beside the one of requests. We never use it, and it fails on proxies
# and certificates of the environment that requests takes or does not look at: this stands in for it.
keycloak.connection.httpx = SimpleNamespace(  # type: ignore[assignment, attr-defined]
    AsyncClient=SimpleNamespace, Limits=SimpleNamespace
)


class Connection(KeycloakOpenIDConnection):
    """A connection with the token of a client's service account. Threads may share it.

    Connections to other realms have the token of the one they are made from, and one thread renews it.

    Every request raises ServerUnreachableError without an answer, ServerError when the client may not do it,
    NotFoundError without the realm, and RefusedError for any other status from 400.
    """

    _first: Connection | None = None
    """The connection that has the token; None: this one."""

    def __init__(self, settings: Settings, timeout: int, threads: int) -> None:
        self._renewing = threading.RLock()
        self._realm_of_client = settings.client_realm
        super().__init__(
            server_url=f"{settings.url.rstrip('/')}/",
            realm_name="master",
            user_realm_name=quote(settings.client_realm, safe=""),
            client_id=settings.client_id,
            client_secret_key=settings.client_secret,
            grant_type="client_credentials",
            custom_headers={"Accept": "application/json"},  # Keycloak prefers YAML for workflows
            timeout=timeout,
            pool_maxsize=threads,
            max_retries=0,  # it would repeat a POST whose answer was lost, and Keycloak may have done it
        )

    def for_realm(self, realm: str) -> Connection:
        """The same connection, for another realm."""
        other = copy.copy(self)
        other._first = self._first or self
        other.realm_name = quote(realm, safe="")
        return other

    def get_token(self) -> None:
        """Get a new token."""
        if self._first is not None:
            self._first.get_token()
            return
        try:
            with self._renewing:
                super().get_token()
        except KeycloakConnectionError as error:
            raise self._unreachable(error) from error
        except KeycloakError as error:
            raise self._no_token(error.response_code or 0) from error
        except (KeyError, TypeError, ValueError):
            raise self._no_token(404) from None  # what answered is not Keycloak

    def refresh_token(self) -> None:
        """The same: who has a secret needs no refresh token."""
        self.get_token()

    def _refresh_if_required(self) -> None:
        first = self._first or self
        with first._renewing:  # who waited finds a token that has not expired
            super(Connection, first)._refresh_if_required()

    def raw_get(self, path: str, **params: Any) -> Response:
        """The answer to GET."""
        return self._checked("GET", path, lambda: super(Connection, self).raw_get(path, **params))

    def raw_post(self, path: str, data: Any, **params: Any) -> Response:
        """The answer to POST."""
        return self._checked("POST", path, lambda: super(Connection, self).raw_post(path, data, **params))

    def raw_put(self, path: str, data: Any, **params: Any) -> Response:
        """The answer to PUT."""
        return self._checked("PUT", path, lambda: super(Connection, self).raw_put(path, data, **params))

    def raw_delete(self, path: str, data: Any = None, **params: Any) -> Response:
        """The answer to DELETE."""
        return self._checked("DELETE", path, lambda: super(Connection, self).raw_delete(path, data, **params))

    def _checked(self, method: str, path: str, send: Callable[[], Response]) -> Response:
        try:
            response = send()
        except KeycloakConnectionError as error:
            raise self._unreachable(error) from error
        if response.status_code >= 400:
            raise self._refusal(f"{method} {path}", response)
        if response.status_code == 200 and response.content.lstrip()[:1] not in (b"{", b"[", b""):
            raise not_keycloak()
        return response

    def _refusal(self, request: str, response: Response) -> ServerError:
        who = {"client": self.client_id, "url": self._url}
        if response.status_code == 401:
            return ServerError(
                _("{url} did not accept our token; check the client {client!r}.").format(**who)
            )
        if response.status_code == 403:
            return self._forbidden(request, response, who)
        said = explanation(response)
        if response.status_code == 404 and "realm not found" in said.lower():
            return realm_unknown(request.split("/")[2], self._url)
        message = _("Keycloak refused {request}: {said}").format(request=request, said=said)
        body = _object(response)
        reason, words = str(body.get("code", "")), str(body.get("detail", ""))
        return RefusedError(message, response.status_code, reason, said=said, words=words)

    def _forbidden(self, request: str, response: Response, who: dict[str, Any]) -> ServerError:
        if "agency_forbidden" in response.text:
            text = _(
                "The client {client!r} may not reach that agency, or it is switched off, or there is none."
                " The operator gives a client its agencies: moncompte agencies credentials."
            )
        elif self._realm_of_client == "master":
            text = _(
                "The client {client!r} may not do this at {url} ({request}). Give its service account the"
                " role it lacks (admin in the realm master does everything)."
            )
        else:
            text = _(
                "The client {client!r} may not do this at {url} ({request}). Credentials of an agency reach"
                " the owners of its own agencies in the realm {realm!r}, by `moncompte owners`, and nothing"
                " else: everything else is the operator's."
            )
        return ServerError(text.format(request=request, realm=self._realm_of_client, **who))

    def _no_token(self, status: int) -> ServerError:
        if status in (400, 401):
            text = _(
                "{url} does not accept the client {client!r} with this secret (realm {realm}). Check the"
                " client id, the secret, the realm of the client (MONCOMPTE_CLIENT_REALM), and that its"
                " service account is on."
            )
            return ServerError(text.format(url=self._url, client=self.client_id, realm=self._realm_of_client))
        if status == 404:
            text = _(
                "There is no Keycloak at {url}, or it has no realm {realm}. Check the address and the realm"
                " of the client."
            )
            return ServerError(text.format(url=self._url, realm=self._realm_of_client))
        text = _("{url} gave no token (HTTP {status}).")
        return RefusedError(text.format(url=self._url, status=status), status)

    def _unreachable(self, error: KeycloakConnectionError) -> ServerUnreachableError:
        cause = repr(error.__cause__)
        if "WRONG_VERSION_NUMBER" in cause or "record layer failure" in cause:
            text = _("No answer from {url}: it does not speak https (http://…?). Is the address right?")
        elif "CERTIFICATE_VERIFY_FAILED" in cause or "SSLError" in cause:
            text = _(
                "No answer from {url}: its certificate is not trusted here. Is the server up, and the address"
                " right?"
            )
        elif "NameResolution" in cause or "Name or service not known" in cause:
            text = _("No answer from {url}: its name is not known. Is the server up, and the address right?")
        elif "SOCKS" in cause:
            text = _(
                "No answer from {url}: a proxy variable names a SOCKS proxy; only http proxies are used."
            )
        elif "timed out" in cause.lower():
            text = _("No answer from {url}: it took too long. Is the server up, and the address right?")
        else:
            text = _(
                "No answer from {url}: it refused the connection, or there is none. Is the server up, and the"
                " address right?"
            )
        return ServerUnreachableError(text.format(url=self._url))

    @property
    def _url(self) -> str:
        return str(self.server_url).rstrip("/")


def realm_unknown(realm: str, url: str) -> NotFoundError:
    """The error for a realm that is not there."""
    text = _(
        "There is no realm {realm!r} at {url}. Is its name right (--realm)? `moncompte apply` makes the"
        " realms of the manifest."
    )
    return NotFoundError(text.format(realm=realm, url=url))


def explanation(response: Response) -> str:
    """What the server says of a refusal, Keycloak or our resource (RFC 9457), and the status."""
    body = _object(response)
    texts = [body.get(key) for key in ("detail", "code", "errorMessage", "error_description", "error")]
    texts += [nested.get("errorMessage") for nested in body.get("errors") or [] if isinstance(nested, dict)]
    said = list(dict.fromkeys(text for text in texts if isinstance(text, str)))
    return f"{': '.join(said)} (HTTP {response.status_code})" if said else f"HTTP {response.status_code}"


def _object(response: Response) -> dict[str, Any]:
    """The JSON object of an answer; empty if it is none."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
