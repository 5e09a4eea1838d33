"""Talking to Keycloak's Admin REST API and to the moncompte resource beside it: the only module that speaks
HTTP, with `session.py` below it.

`Keycloak` takes and gives representations (the JSON objects of the Admin API) and decides nothing. Each
refusal becomes one of the errors of `errors`, in words. The access token is renewed when it runs out (those
of the master realm live 60 seconds).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import requests

from .errors import (
    AgencyUnknownError,
    ExtensionMissingError,
    ForbiddenError,
    MergeUnknownError,
    OwnerUnknownError,
    RealmUnknownError,
    RefusedError,
    ServerError,
    ServerUnreachableError,
    SettingsError,
    UnauthorizedError,
)
from .messages import both
from .session import ClientToken, Session, TokenRefusedError

Json = dict[str, Any]
"""A representation of the Admin API."""

T = TypeVar("T")

PAGE = 500
"""How many organizations are asked for at a time."""


@dataclass(frozen=True)
class Settings:
    """How to reach a server: its address, and the client we are.

    client_realm   the realm of the client: master for the operator, the owners' own for an agency
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    client_realm: str = "master"


class Keycloak:
    """A Keycloak server, as the service account of a client sees it."""

    def __init__(self, settings: Settings, *, timeout: int = 300) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(*both("connection_address", url=settings.url))
        self.url = settings.url.rstrip("/")
        self._client_id = settings.client_id
        self._client_realm = settings.client_realm
        token = ClientToken(self.url, settings.client_realm, settings.client_id, settings.client_secret)
        self._session = Session(self.url, token, timeout)

    def again(self) -> Keycloak:
        """Another connection to the same server, for another thread."""
        other = copy.copy(self)
        other._session = self._session.again()
        return other

    # ------------------------------------------------------------ realms

    def realm(self, realm: str) -> Json | None:
        """A realm's representation, or None."""
        return self._find(_path(realm))

    def create_realm(self, representation: Json) -> None:
        """Make a realm. The token is renewed after it: the one in hand has no rights in the new realm."""
        self._send("post", "admin/realms", representation)
        self._session.forget_token()

    def update_realm(self, realm: str, representation: Json) -> None:
        """Replace the settings of a realm (attributes that are not in it go)."""
        self._send("put", _path(realm), representation)

    def user_profile(self, realm: str) -> Json:
        """The declared attributes of users."""
        return self._get_object(_path(realm, "users/profile"))

    def update_user_profile(self, realm: str, representation: Json) -> None:
        """Replace the declared attributes of users."""
        self._send("put", _path(realm, "users/profile"), representation)

    def client_policies(self, realm: str) -> Json:
        """The realm's own client policies."""
        return self._get_object(_path(realm, "client-policies/policies"))

    def update_client_policies(self, realm: str, policies: list[Json]) -> None:
        """Replace the realm's own client policies."""
        self._send("put", _path(realm, "client-policies/policies"), {"policies": policies})

    def client_profiles(self, realm: str) -> Json:
        """The realm's own client profiles."""
        return self._get_object(_path(realm, "client-policies/profiles"))

    def update_client_profiles(self, realm: str, profiles: list[Json]) -> None:
        """Replace the realm's own client profiles."""
        self._send("put", _path(realm, "client-policies/profiles"), {"profiles": profiles})

    def workflows(self, realm: str) -> list[Json]:
        """The realm's workflows with their steps; none where the server was built without them."""
        response = self._request("get", _path(realm, "workflows"), params={"max": "1000"})
        return [] if response.status_code == 404 else _decoded(response, list)

    def create_workflow(self, realm: str, representation: Json) -> None:
        """Make a workflow with its steps."""
        self._send("post", _path(realm, "workflows"), representation)

    def update_workflow(self, realm: str, identity: str, representation: Json) -> None:
        """Replace a workflow; who has begun it goes on, with the new times from the next step on."""
        self._send("put", _path(realm, "workflows", identity), representation)

    def delete_workflow(self, realm: str, identity: str) -> None:
        """Delete a workflow, and what it has begun."""
        self._send("delete", _path(realm, "workflows", identity))

    def has_feature(self, name: str) -> bool:
        """Whether the server was built with a feature, `client-secret-rotation`."""
        features = self._get_object("admin/serverinfo")["features"]
        spelt = name.upper().replace("-", "_")
        return any(one["name"] == spelt and one["enabled"] for one in features)

    # ------------------------------------------------------------ flows and required actions

    def flows(self, realm: str) -> list[Json]:
        """The top-level authentication flows."""
        return self._get_list(_path(realm, "authentication/flows"))

    def create_flow(self, realm: str, representation: Json) -> None:
        """Make an authentication flow, empty."""
        self._send("post", _path(realm, "authentication/flows"), representation)

    def update_flow(self, realm: str, identity: str, representation: Json) -> None:
        """Replace a flow's alias and description."""
        self._send("put", _path(realm, "authentication/flows", identity), representation)

    def executions(self, realm: str, flow: str) -> list[Json]:
        """The executions of a flow, in order."""
        return self._get_list(_path(realm, "authentication/flows", flow, "executions"))

    def create_execution(self, realm: str, flow: str, provider: str) -> None:
        """Add an execution at the end of a flow; its requirement is set by `update_execution`."""
        path = _path(realm, "authentication/flows", flow, "executions/execution")
        self._send("post", path, {"provider": provider})

    def update_execution(self, realm: str, flow: str, representation: Json) -> None:
        """Replace an execution (its requirement)."""
        self._send("put", _path(realm, "authentication/flows", flow, "executions"), representation)

    def delete_execution(self, realm: str, identity: str) -> None:
        """Take an execution out of its flow."""
        self._send("delete", _path(realm, "authentication/executions", identity))

    def required_actions(self, realm: str) -> list[Json]:
        """The required actions registered in a realm."""
        return self._get_list(_path(realm, "authentication/required-actions"))

    def register_required_action(self, realm: str, provider: str, name: str) -> None:
        """Register a required action that the server has and the realm does not know yet."""
        path = _path(realm, "authentication/register-required-action")
        self._send("post", path, {"providerId": provider, "name": name})

    def update_required_action(self, realm: str, alias: str, representation: Json) -> None:
        """Replace a required action."""
        self._send("put", _path(realm, "authentication/required-actions", alias), representation)

    # ------------------------------------------------------------ client scopes and clients

    def client_scopes(self, realm: str) -> list[Json]:
        """The client scopes, each with its protocol mappers."""
        return self._get_list(_path(realm, "client-scopes"))

    def create_client_scope(self, realm: str, representation: Json) -> None:
        """Make a client scope with its protocol mappers."""
        self._send("post", _path(realm, "client-scopes"), representation)

    def update_client_scope(self, realm: str, identity: str, representation: Json) -> None:
        """Replace a client scope; its mappers have calls of their own."""
        self._send("put", _path(realm, "client-scopes", identity), representation)

    def create_mapper(self, realm: str, scope: str, representation: Json) -> None:
        """Add a protocol mapper to a client scope."""
        self._send("post", _path(realm, "client-scopes", scope, "protocol-mappers/models"), representation)

    def update_mapper(self, realm: str, scope: str, identity: str, representation: Json) -> None:
        """Replace a protocol mapper of a client scope."""
        path = _path(realm, "client-scopes", scope, "protocol-mappers/models", identity)
        self._send("put", path, representation)

    def delete_mapper(self, realm: str, scope: str, identity: str) -> None:
        """Take a protocol mapper out of a client scope."""
        self._send("delete", _path(realm, "client-scopes", scope, "protocol-mappers/models", identity))

    def clients(self, realm: str) -> list[Json]:
        """The clients of a realm, with their secrets."""
        return self._get_list(_path(realm, "clients"))

    def client(self, realm: str, client_id: str) -> Json | None:
        """One client by its client id, or None."""
        found = self._get_list(_path(realm, "clients"), clientId=client_id)
        return found[0] if found else None

    def create_client(self, realm: str, representation: Json) -> None:
        """Make a client with its client scopes; Keycloak generates the secret of a confidential one."""
        self._send("post", _path(realm, "clients"), representation)

    def update_client(self, realm: str, identity: str, representation: Json) -> None:
        """Replace a client; its client scopes have calls of their own."""
        self._send("put", _path(realm, "clients", identity), representation)

    def service_account(self, realm: str, client: str) -> str:
        """The id of the user that a client with a service account acts as."""
        return str(self._get_object(_path(realm, "clients", client, "service-account-user"))["id"])

    def client_secret(self, realm: str, client: str) -> str:
        """The secret of a confidential client."""
        return str(self._get_object(_path(realm, "clients", client, "client-secret"))["value"])

    def renew_client_secret(self, realm: str, client: str) -> None:
        """Give a confidential client a new secret; the one before ends, now or after the realm's overlap."""
        self._send("post", _path(realm, "clients", client, "client-secret"))

    def end_secret_before(self, realm: str, client: str) -> None:
        """End the secret that a client had before its present one, if it still works."""
        self._send("delete", _path(realm, "clients", client, "client-secret/rotated"))

    def add_scope_to_client(self, realm: str, client: str, scope: str, *, default: bool) -> None:
        """Give a client a client scope, default or optional."""
        kind = "default-client-scopes" if default else "optional-client-scopes"
        self._send("put", _path(realm, "clients", client, kind, scope))

    def remove_scope_from_client(self, realm: str, client: str, scope: str, *, default: bool) -> None:
        """Take a client scope from a client."""
        kind = "default-client-scopes" if default else "optional-client-scopes"
        self._send("delete", _path(realm, "clients", client, kind, scope))

    # ------------------------------------------------------------ organizations

    def organizations(self, realm: str) -> Iterator[Json]:
        """Every organization of a realm with its attributes.

        Raises RealmUnknownError.
        """
        first = 0
        while True:
            page = self._get_list(
                _path(realm, "organizations"), first=str(first), max=str(PAGE), briefRepresentation="false"
            )
            yield from page
            if len(page) < PAGE:
                return
            first += PAGE

    def organizations_at_once(self, realm: str) -> list[Json]:
        """The same, read by the extension: a thousand take as long as one page does.

        Raises RealmUnknownError, ExtensionMissingError.
        """
        response = self._request("get", _path(realm, "moncompte/agencies"))
        if response.status_code == 404:
            raise self._not_found(response, realm, "", None)
        return _decoded(response, list)

    def organizations_with(self, realm: str, name: str, value: str) -> list[Json]:
        """The organizations with this alias (name `alias`), or with this value of an attribute; with their
        attributes."""
        query = f'{name}:"{value}"'
        return self._get_list(_path(realm, "organizations"), q=query, max="-1", briefRepresentation="false")

    def create_organization(self, realm: str, representation: Json) -> None:
        """Make an organization."""
        self._send("post", _path(realm, "organizations"), representation)

    def update_organization(self, realm: str, identity: str, representation: Json) -> None:
        """Replace an organization (attributes that are not in it go)."""
        self._send("put", _path(realm, "organizations", identity), representation)

    # ------------------------------------------------------------ the installation

    def installation(self, realm: str) -> Json:
        """Versions of the node that answers, whether it impersonates, and the mails it lost.

        Raises RealmUnknownError, ExtensionMissingError.
        """
        response = self._request("get", _path(realm, "moncompte/installation"))
        if response.status_code == 404:
            raise self._not_found(response, realm, "", None)
        return self._json(response)

    def try_mail(self, realm: str, address: str | None) -> None:
        """Let the server send a mail to an address, or only connect to the realm's mail server.

        Raises RefusedError with the reason `mail_failed` and the type of the error when it fails.
        """
        body = {} if address is None else {"to": address}
        path = _path(realm, "moncompte/installation/mail")
        response = self._request("post", path, body, answered=(404, 409))
        if response.status_code == 404:
            raise self._not_found(response, realm, "", None)
        if response.status_code >= 400:
            refusal = _decoded(response, dict)
            raise RefusedError(
                str(refusal.get("error_description", "")),
                response.status_code,
                str(refusal.get("error", "")),
            )

    def users_with(self, realm: str, attribute: str, value: str) -> list[Json]:
        """The users that have this value of an attribute; at most 100."""
        return self._get_list(_path(realm, "users"), q=f"{attribute}:{value}", max="100")

    def issuer(self, realm: str, headers: Mapping[str, str] | None = None) -> str | None:
        """The issuer that the realm calls itself to whoever sends these headers; None when it answers
        nothing."""
        url = f"{self.url}/realms/{quote(realm, safe='')}/.well-known/openid-configuration"
        try:
            answer = requests.get(url, headers=dict(headers or {}), timeout=30)
            return str(answer.json()["issuer"]) if answer.ok else None
        except (requests.RequestException, ValueError, KeyError, TypeError):
            return None

    # ------------------------------------------------------------ logos: the resource of the extension

    def logos(self, realm: str) -> list[str]:
        """Names of the files that are logos of the realm's agencies.

        Raises RealmUnknownError, ExtensionMissingError.
        """
        response = self._request("get", _path(realm, "moncompte/logos"))
        if response.status_code == 404:
            raise self._not_found(response, realm, "", None)
        return _decoded(response, list)

    def put_logo(self, realm: str, alias: str, content: str) -> None:
        """Give an agency a logo: a PNG or JPEG file, in base64.

        Raises AgencyUnknownError, RealmUnknownError, ExtensionMissingError; RefusedError for what is no logo.
        """
        response = self._request("put", _path(realm, "moncompte/logos", alias), {"content": content})
        if response.status_code == 404:
            raise self._not_found(response, realm, alias, None)

    def remove_logo(self, realm: str, alias: str) -> None:
        """Take an agency's logo away. Raises the same."""
        response = self._request("delete", _path(realm, "moncompte/logos", alias))
        if response.status_code == 404:
            raise self._not_found(response, realm, alias, None)

    # ------------------------------------------------------------ owners: the resource of the extension

    def load_owners(
        self,
        realm: str,
        alias: str,
        owners: Sequence[str],
        *,
        dry_run: bool,
        replace_passwords: bool,
        same_person: bool,
    ) -> list[Json]:
        """Load a batch of at most 500 owners of an agency, each as JSON; one answer an owner, in the order
        asked.

        Raises AgencyUnknownError, RealmUnknownError, ExtensionMissingError, or RefusedError when the whole
        batch is refused, or the answers do not match the question.
        """
        options = json.dumps(
            {"dry_run": dry_run, "replace_passwords": replace_passwords, "same_person": same_person}
        )
        body = f'{options[:-1]}, "owners": [{",".join(owners)}]}}'.encode()
        path = _path(realm, "moncompte/agencies", alias, "owners")
        response = self._request("post", path, body, answered=(400, 404, 409, 413))
        if response.status_code == 409:
            # The same owners were being loaded at that moment, perhaps by a run that was killed. Now they are
            # there, and the batch, which is done as a whole or not at all, finds them.
            response = self._request("post", path, body, answered=(400, 404, 409, 413))
        if response.status_code == 404:
            raise self._not_found(response, realm, alias, None)
        if response.status_code >= 400:
            raise self._batch_refused(response, len(owners), len(body))
        results = self._json(response).get("results")
        if not isinstance(results, list) or len(results) != len(owners):
            raise _refused("answer_not_one_each", response.status_code)
        return results

    def owner(self, realm: str, alias: str, identifier: str) -> Json:
        """What the platform knows of an owner of an agency.

        Raises OwnerUnknownError, AgencyUnknownError, RealmUnknownError, ExtensionMissingError.
        """
        path = _path(realm, "moncompte/agencies", alias, "owners", identifier)
        response = self._request("get", path)
        if response.status_code == 404:
            raise self._not_found(response, realm, alias, identifier)
        return self._json(response)

    def undo_merge(
        self, realm: str, alias: str, merge: str, identifier: str, password: Json | None, *, dry_run: bool
    ) -> Json:
        """Give an identifier that came by a merge back to a provisional account; what went back, or would.

        merge      id of the merge
        password   hashed; None in a dry run, which changes nothing

        Raises MergeUnknownError, OwnerUnknownError, AgencyUnknownError, RealmUnknownError,
        ExtensionMissingError; RefusedError when it is too late, or the identifier is elsewhere by now.
        """
        path = _path(realm, "moncompte/agencies", alias, "merges", merge, "undo")
        body = {"dry_run": dry_run, "identifier": identifier, "password": password}
        response = self._request("post", path, body, answered=(404, 409))
        if response.status_code == 404:
            raise self._not_found(response, realm, alias, identifier)
        if response.status_code == 409:
            codes = alias.replace("-", "/")
            raise _refused("merge_stays", 409, identifier=identifier, codes=codes, said=explanation(response))
        return self._json(response)

    def agency(
        self,
        method: str,
        realm: str,
        alias: str,
        *parts: str,
        body: Json | None = None,
        params: Mapping[str, str] | None = None,
        identifier: str | None = None,
    ) -> Json:
        """Ask the resource of the extension something about an agency.

        parts        the path below the agency
        identifier   the owner it is about, for the error when there is none

        Raises OwnerUnknownError, AgencyUnknownError, RealmUnknownError, ExtensionMissingError; RefusedError
        with the server's reason and words when it refuses.
        """
        path = _path(realm, "moncompte/agencies", alias, *parts)
        response = self._request(method, path, body, params, answered=(400, 404, 409))
        if response.status_code == 404:
            raise self._not_found(response, realm, alias, identifier)
        if response.status_code >= 400:
            refusal = _decoded(response, dict)
            reason, words = str(refusal.get("error", "")), str(refusal.get("error_description", ""))
            raise RefusedError(words or explanation(response), response.status_code, reason)
        return self._json(response)

    # ------------------------------------------------------------ requests

    def _find(self, path: str) -> Json | None:
        response = self._request("get", path)
        return None if response.status_code == 404 else self._json(response)

    def _get_object(self, path: str) -> Json:
        response = self._request("get", path)
        if response.status_code == 404:
            raise self._unknown(response, path)
        return self._json(response)

    def _get_list(self, path: str, **params: str) -> list[Json]:
        response = self._request("get", path, params=params)
        if response.status_code == 404:
            raise self._unknown(response, path)
        return _decoded(response, list)

    def _send(self, method: str, path: str, body: Json | None = None) -> None:
        response = self._request(method, path, body)
        if response.status_code == 404:
            raise self._unknown(response, path)

    def _request(
        self,
        method: str,
        path: str,
        body: Json | bytes | None = None,
        params: Mapping[str, str] | None = None,
        answered: tuple[int, ...] = (404,),
    ) -> requests.Response:
        """The answer to a request: a success, or a refusal that the caller says it answers; anything else is
        raised."""
        try:
            response = self._session.request(method, path, _encoded(body), params)
        except requests.RequestException as error:
            raise self._unreachable(error) from error
        except TokenRefusedError as error:
            raise self._token_refused(error.status) from error
        if response.status_code == 401:
            raise UnauthorizedError(*both("client_token_refused", url=self.url, client=self._client_id))
        if response.status_code == 403:
            raise self._forbidden(method, path, response)
        if response.status_code >= 400 and response.status_code not in answered:
            request = f"{method.upper()} {path}"
            raise _refused(
                "server_refused", response.status_code, request=request, said=explanation(response)
            )
        return response

    # ------------------------------------------------------------ errors

    def _unreachable(self, error: Exception) -> ServerUnreachableError:
        text = repr(error)
        code = "server_refused_connection"
        if "WRONG_VERSION_NUMBER" in text or "record layer failure" in text:
            code = "server_no_https"
        elif "CERTIFICATE_VERIFY_FAILED" in text or "SSLError" in text:
            code = "server_certificate"
        elif "NameResolution" in text or "Name or service not known" in text:
            code = "server_name"
        elif "timed out" in text.lower():
            code = "server_slow"
        return ServerUnreachableError(*both(code, url=self.url))

    def _forbidden(self, method: str, path: str, response: requests.Response) -> ForbiddenError:
        if "agency_forbidden" in response.text:
            return ForbiddenError(*both("agency_forbidden", client=self._client_id))
        code = "forbidden_to_operator" if self._client_realm == "master" else "forbidden_to_agency"
        request = f"{method.upper()} {path}"
        what = {"client": self._client_id, "url": self.url, "request": request, "realm": self._client_realm}
        return ForbiddenError(*both(code, **what))

    def _token_refused(self, status: int) -> ServerError:
        realm = self._client_realm
        if status in (400, 401):
            return UnauthorizedError(
                *both("client_refused", url=self.url, client=self._client_id, realm=realm)
            )
        code = "client_realm_unknown" if status == 404 else "client_no_token"
        return _refused(code, status, url=self.url, realm=realm)

    def _unknown(self, response: requests.Response, path: str) -> ServerError:
        text = explanation(response)
        if "realm not found" in text.lower():
            return RealmUnknownError(*both("realm_unknown", realm=path.split("/")[2], url=self.url))
        return RefusedError(f"Keycloak did not find {path}: {text}", 404)

    def _not_found(
        self, response: requests.Response, realm: str, alias: str, identifier: str | None
    ) -> ServerError:
        """What a 404 of the moncompte resource means."""
        codes = alias.replace("-", "/")
        text = explanation(response)
        if "agency_unknown" in text:
            return AgencyUnknownError(*both("agency_unknown", codes=codes, realm=realm, alias=alias))
        if "owner_unknown" in text:
            return OwnerUnknownError(*both("owner_unknown", identifier=identifier, codes=codes, realm=realm))
        if "merge_unknown" in text:
            return MergeUnknownError(*both("merge_unknown", identifier=identifier, codes=codes))
        if "realm not found" in text.lower():
            return RealmUnknownError(*both("realm_unknown", realm=realm, url=self.url))
        return ExtensionMissingError(*both("extension_missing", url=self.url))

    def _batch_refused(self, response: requests.Response, owners: int, size: int) -> RefusedError:
        """The server, or what stands before it, takes no batch as we send it: the file is not to blame."""
        code = {409: "batch_in_the_way", 413: "batch_too_large"}.get(response.status_code, "batch_not_taken")
        what = {"owners": owners, "size": max(size // 1024, 1), "url": self.url}
        return _refused(code, response.status_code, **what, said=explanation(response))

    @staticmethod
    def _json(response: requests.Response) -> Json:
        return _decoded(response, dict)


def _encoded(body: Json | bytes | None) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(body, ensure_ascii=False).encode("utf-8")


def _decoded(response: requests.Response, kind: type[T]) -> T:
    try:
        value = response.json()
    except ValueError:
        value = None
    if not isinstance(value, kind):
        raise _refused("answer_not_json", response.status_code)
    return value


def _refused(code: str, status: int, **values: object) -> RefusedError:
    english, french = both(code, status=status, **values)
    return RefusedError(english, status, french=french)


def explanation(response: requests.Response) -> str:
    """What Keycloak says of a refusal: it stands in `errorMessage`, `error_description` or `error`."""
    try:
        body = response.json()
    except ValueError:
        body = None
    said: list[str] = []
    if isinstance(body, dict):
        for key in ("errorMessage", "error_description", "error"):
            value = body.get(key)
            if isinstance(value, str) and value not in said:
                said.append(value)
        for nested in body.get("errors") or []:
            if isinstance(nested, dict) and isinstance(nested.get("errorMessage"), str):
                said.append(nested["errorMessage"])
    return f"{': '.join(said)} (HTTP {response.status_code})" if said else f"HTTP {response.status_code}"


def _path(realm: str, *parts: str) -> str:
    """The path of something in a realm. Parts with a slash are ours; the others are escaped."""
    escaped = [part if part in _FIXED else quote(part, safe="") for part in parts]
    return "/".join(["admin/realms", quote(realm, safe=""), *escaped])


_FIXED = frozenset(
    {
        "authentication/executions",
        "authentication/flows",
        "authentication/register-required-action",
        "authentication/required-actions",
        "client-policies/policies",
        "client-policies/profiles",
        "client-secret/rotated",
        "executions/execution",
        "moncompte/agencies",
        "moncompte/installation",
        "moncompte/installation/mail",
        "moncompte/logos",
        "protocol-mappers/models",
        "users/profile",
    }
)
