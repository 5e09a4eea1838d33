"""A Keycloak server: its Admin API through python-keycloak, and the resource of our extension beside it.

`Keycloak` takes and gives representations (the JSON objects of the Admin API) and decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import msgspec

from ..errors import BadInputError, NotFoundError, OwnerUnknownError, RefusedError, ServerError
from ..texts import _
from .refusals import refusal
from .settings import Settings as Settings
from .settings import not_keycloak

if TYPE_CHECKING:
    from requests import Response

    from keycloak import KeycloakAdmin

Json = dict[str, Any]
"""A representation of the Admin API."""

THREADS = 16
"""How many requests at most are under way at a time."""


class Keycloak:
    """A Keycloak server, as the service account of a client sees it. Threads may share it.

    Every call raises what `connection.Connection` raises. A call about an agency raises NotFoundError without
    the realm or the agency (OwnerUnknownError without the owner), ServerError without our extension, and
    RefusedError with the server's reason and words when it refuses.
    """

    def __init__(self, settings: Settings, *, timeout: int = 300) -> None:
        parts = urlsplit(settings.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            text = _("The address of the server is not one: {url!r} (expected https://…)")
            raise BadInputError(text.format(url=settings.url))
        from .connection import Connection  # half a second, which a help page does not need

        self.url = settings.url.rstrip("/")
        self._connection = Connection(settings, timeout, THREADS)
        self._admins: dict[str, KeycloakAdmin] = {}

    # ------------------------------------------------------------ the Admin API

    def admin(self, realm: str) -> KeycloakAdmin:
        """python-keycloak's calls for a realm."""
        if realm not in self._admins:
            from keycloak import KeycloakAdmin

            self._admins[realm] = KeycloakAdmin(connection=self._connection.for_realm(realm))
        return self._admins[realm]

    def realm(self, realm: str) -> Json | None:
        """A realm's representation, or None."""
        found: Json | None = self.find(realm)
        return found

    def create_realm(self, representation: Json) -> None:
        """Create a realm. The token is renewed: the one in hand has no rights in the new realm."""
        self.admin("master").create_realm(representation)
        self._connection.get_token()

    def client(self, realm: str, client_id: str) -> Json | None:
        """One client by its client id, or None."""
        found: list[Json] = self.get(realm, "clients", clientId=client_id)
        return found[0] if found else None

    def organizations(self, realm: str) -> list[Json]:
        """Every organization of a realm with its attributes.

        From our resource, because the Admin API's own listing takes nine seconds for a thousand.
        """
        found: list[Json] = self._resource("get", realm, "agencies")
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise not_keycloak()
        return found

    def organizations_with(self, realm: str, name: str, value: str) -> list[Json]:
        """The organizations with this alias (name `alias`), or with this value of an attribute; with their
        attributes."""
        query = {"q": f'{name}:"{value}"', "max": -1, "briefRepresentation": "false"}
        return self.admin(realm).get_organizations(query)

    # ------------------------------------------------------------ calls that python-keycloak lacks

    def get(self, realm: str, *parts: str, **params: str) -> Any:
        """What GET answers; `parts` are the path below the realm."""
        return _json(self._connection.raw_get(_path(realm, parts), **params))

    def find(self, realm: str, *parts: str, **params: str) -> Any:
        """The same; None if it is not there."""
        try:
            return self.get(realm, *parts, **params)
        except ServerError as error:
            if is_missing(error):
                return None
            raise

    def post(self, realm: str, *parts: str, body: Json | bytes | None = None) -> Any:
        """What POST answers; None for nothing."""
        return _decoded(self._connection.raw_post(_path(realm, parts), _encoded(body)))

    def put(self, realm: str, *parts: str, body: Json) -> Any:
        """What PUT answers; None for nothing."""
        return _decoded(self._connection.raw_put(_path(realm, parts), _encoded(body)))

    def delete(self, realm: str, *parts: str) -> None:
        """Send DELETE."""
        self._connection.raw_delete(_path(realm, parts))

    # ------------------------------------------------------------ the resource of the extension: the realm

    def installation(self, realm: str) -> Json:
        """Versions of the node that answers, whether it impersonates, and the mails it lost."""
        found: Json = self._resource("get", realm, "installation")
        return found

    def try_mail(self, realm: str, address: str | None) -> None:
        """Let the server send a mail to an address, or only connect to the realm's mail server.

        Raises RefusedError with the reason `mail_failed` and the type of the error when it fails.
        """
        self._resource("post", realm, "installation", "mail", body={"to": address} if address else {})

    def logos(self, realm: str) -> list[str]:
        """Names of the files that are logos of the realm's agencies."""
        names: list[str] = self._resource("get", realm, "logos")
        return names

    def put_logo(self, realm: str, alias: str, content: str) -> None:
        """Give an agency a logo: a PNG or JPEG file, in base64. Raises RefusedError for what is no logo."""
        self._resource("put", realm, "logos", alias, body={"content": content}, alias=alias)

    def remove_logo(self, realm: str, alias: str) -> None:
        """Remove an agency's logo."""
        self._resource("delete", realm, "logos", alias, alias=alias)

    # ------------------------------------------------------------ the resource of the extension: owners

    def load_owners(
        self,
        realm: str,
        alias: str,
        owners: Sequence[Any],
        *,
        dry_run: bool,
        replace_passwords: bool,
        same_person: bool,
    ) -> list[Json]:
        """Load a batch of at most 500 owners of an agency; one answer an owner, in the order asked.

        owners   msgspec structs or objects with the keys of the resource's `Owner`

        Raises RefusedError when the whole batch is refused, or the answers do not match the question.
        """
        batch = {
            "dry_run": dry_run,
            "replace_passwords": replace_passwords,
            "same_person": same_person,
            "owners": owners,
        }
        body = msgspec.json.encode(batch)
        try:
            answer = self._load(realm, alias, body)
        except RefusedError as error:
            raise self._batch_refused(error, len(owners), len(body)) from None
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(owners):
            raise RefusedError(_("The server answered something else than one result an owner."), 200)
        return results

    def _load(self, realm: str, alias: str, body: bytes) -> Json:
        try:
            return self.agency("post", realm, alias, "owners", body=body)
        except RefusedError as error:
            if error.status != 409:
                raise
        # The same owners were being loaded at that moment, perhaps by a run that was killed. Now they are
        # there, and the batch, which is done as a whole or not at all, finds them.
        return self.agency("post", realm, alias, "owners", body=body)

    def agency(
        self,
        method: str,
        realm: str,
        alias: str,
        *parts: str,
        body: Json | bytes | None = None,
        params: Mapping[str, str] | None = None,
        identifier: str | None = None,
    ) -> Json:
        """Ask the resource of the extension something about an agency.

        parts        the path below the agency
        identifier   the owner it is about, for the error when there is none
        """
        path = ("agencies", alias, *parts)
        answer: Json = self._resource(
            method, realm, *path, body=body, params=params, alias=alias, identifier=identifier
        )
        return answer

    def _resource(
        self,
        method: str,
        realm: str,
        *parts: str,
        body: Json | bytes | None = None,
        params: Mapping[str, str] | None = None,
        alias: str = "",
        identifier: str | None = None,
    ) -> Any:
        path = _path(realm, ("moncompte", "v1", *parts))
        try:
            if method == "get":
                return _decoded(self._connection.raw_get(path, **(params or {})))
            if method == "delete":
                return _decoded(self._connection.raw_delete(path, **(params or {})))
            send = self._connection.raw_post if method == "post" else self._connection.raw_put
            return _decoded(send(path, _encoded(body), **(params or {})))
        except RefusedError as error:
            if error.status == 404:
                raise self._not_found(error, realm, alias, identifier) from None
            words = refusal(error.reason) or error.words
            if not words:
                raise
            raise RefusedError(words, error.status, error.reason, said=error.said) from None

    def _not_found(self, error: RefusedError, realm: str, alias: str, identifier: str | None) -> ServerError:
        """What a 404 of the resource means."""
        values = {"codes": _codes(alias), "realm": realm, "alias": alias, "identifier": identifier}
        if error.reason == "agency_unknown":
            return agency_unknown(realm, alias)
        if error.reason == "owner_unknown":
            text = _("There is no owner {identifier!r} at the agency {codes} in the realm {realm!r}.")
            return OwnerUnknownError(text.format(**values))
        if error.reason == "merge_unknown":
            text = _(
                "The account of {identifier!r} at the agency {codes} knows no such merge; it may have been"
                " undone already. `moncompte owners show {identifier} --agency {codes}` lists its merges."
            )
            return NotFoundError(text.format(**values))
        text = _(
            "The Keycloak at {url} has no moncompte extension: the operator puts moncompte-keycloak.jar into"
            " its providers/."
        )
        return ServerError(text.format(url=self.url))

    def _batch_refused(self, error: RefusedError, owners: int, size: int) -> RefusedError:
        """The server, or what stands before it, takes no batch as we send it: the file is not to blame."""
        if error.status == 409:
            text = _(
                "Another load has the same owners at this moment: a batch of {owners} owners for {url} was"
                " refused, twice. What was loaded before stays. When the other has ended, run the import"
                " again."
            )
        elif error.status == 413:
            text = _(
                "It was too large: a batch of {owners} owners ({size} KB) for {url}. The server takes 8 MB"
                " at a time, so a proxy before it takes less: its operator lets it take as much (nginx:"
                " client_max_body_size 8m). What was loaded before stays; then run the import again."
            )
        elif error.status == 400:
            text = _(
                "The server did not take a batch of {owners} owners ({size} KB) for {url}: {said}. Your file"
                " is not to blame: this moncompte and the server's extension are of different versions, or"
                " the request was changed on its way. What was loaded before stays. Tell the operator, who"
                " compares the versions with `moncompte check`."
            )
        else:
            return error
        values = {"owners": owners, "size": max(size // 1024, 1), "url": self.url, "said": error.said}
        return RefusedError(text.format(**values), error.status, error.reason)


@contextmanager
def understood() -> Iterator[None]:
    """Raises RefusedError for an answer that has not the shape of Keycloak's; decorates functions, too."""
    from keycloak.exceptions import KeycloakError  # here nothing waits for it: there is a connection

    try:
        yield
    except (KeycloakError, KeyError, TypeError) as error:
        raise not_keycloak() from error


def agency_unknown(realm: str, alias: str) -> NotFoundError:
    """The error for an agency that is not there."""
    text = _(
        "There is no agency {codes} in the realm {realm!r}. `moncompte agencies list` shows those there are;"
        " an agency with a realm of its own wants --realm (moncompte-{alias} unless the operator named it"
        " otherwise)."
    )
    return NotFoundError(text.format(codes=_codes(alias), realm=realm, alias=alias))


def is_missing(error: ServerError) -> bool:
    """Whether an error says that something is not there."""
    return isinstance(error, NotFoundError) or (isinstance(error, RefusedError) and error.status == 404)


def _codes(alias: str) -> str:
    return alias.replace("-", "/")


def _path(realm: str, parts: Sequence[str]) -> str:
    return "/".join(["admin/realms", *(quote(part, safe="") for part in (realm, *parts))])


def _encoded(body: Json | bytes | None) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode("utf-8")


def _decoded(response: Response) -> Any:
    return _json(response) if response.content else None


def _json(response: Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise not_keycloak() from None
