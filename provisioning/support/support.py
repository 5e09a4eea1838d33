"""What agency IT does for its owners once they are loaded: finding them, another letter, the mail once more,
disabling, releasing, and how far they have come.

Everything is decided by the server, which locks the account and refuses what an agency may not do; here is
what leads up to it. Owners are found by identifier, name or address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from ..errors import BadInputError, OwnerUnknownError, RefusedError
from ..owners.credentials import CredentialsFile
from ..owners.identifiers import identifier_key
from ..owners.passwords import hashed_generated
from ..server.keycloak import Json, Keycloak
from ..server.refusals import refusal
from ..server.target import Target
from ..texts import _

PAGE = 200
"""Owners asked for at a time."""

LETTERS = 500
"""Letters noted at a time."""

CANDIDATES = 10
"""Owners named when a name is that of several."""

STATES = (
    *("loaded", "letter", "started", "waiting", "active", "merged", "expired", "disabled", "ended"),
    *("locked", "provisional", "personal"),
)
"""The states owners can be listed by: how far they have come, locked now, the kind of account."""

OpenCredentials = Callable[[], CredentialsFile]


class Support:
    """The owners of one agency. Errors are those of `Keycloak.agency`."""

    def __init__(self, keycloak: Keycloak, target: Target) -> None:
        self._keycloak = keycloak
        self.target = target

    # ------------------------------------------------------------ finding

    def owners(self, search: str | None = None, state: str | None = None) -> Iterator[Json]:
        """The owners, in the order of their identifiers, page after page.

        search   words of the name or identifier, or a whole email address
        state    one of STATES
        """
        wanted = {"search": search, "state": state, "max": str(PAGE)}
        params = {name: value for name, value in wanted.items() if value is not None}
        while True:
            page = self._ask("get", "owners", params=params)
            yield from page["owners"]
            if page["next"] is None:
                return
            params["first"] = page["next"]

    def find(self, typed: str) -> Json:
        """What the platform knows of the one owner with this identifier, name or address.

        Raises OwnerUnknownError when there is none, BadInputError when there are several.
        """
        if not typed.strip():
            raise BadInputError(_("say who it is: an identifier, a name or an email address"))
        try:
            return self._ask("get", "owners", typed, identifier=typed)
        except OwnerUnknownError:
            found = list(islice(self.owners(search=typed), CANDIDATES + 1))
        if not found:
            text = _(
                "the agency {codes} has no owner whose identifier, name or address is “{typed}”. Try a"
                " part of the name: moncompte owners list --search …"
            )
            raise OwnerUnknownError(text.format(typed=typed, codes=self.target.codes)) from None
        if len(found) > 1:
            raise BadInputError(self._several(typed, found)) from None
        identifier = str(found[0]["identifier"])
        return self._ask("get", "owners", identifier, identifier=identifier)

    def _several(self, typed: str, found: list[Json]) -> str:
        lines = [
            _("“{typed}” is the name of several owners; say which by the identifier:").format(typed=typed)
        ]
        lines += [f"  {owner['identifier']} · {owner['name']}" for owner in found[:CANDIDATES]]
        return "\n".join(lines if len(found) <= CANDIDATES else [*lines, "  …"])

    # ------------------------------------------------------------ changing

    def reissue(self, owner: Json, credentials: OpenCredentials) -> Json:
        """Give an owner a new provisional password, on disk before it is sent; until when it works.

        owner         what `find` told
        credentials   opens the file for the password; not called when the owner has activated
        """
        if owner.get("frozen_at"):
            raise RefusedError(refusal("account_frozen") or "", 409, "account_frozen")
        if owner["state"] == "personal":
            raise RefusedError(refusal("already_activated") or "", 409, "already_activated")
        contact = next(
            (one for one in owner["contacts"] if one["identifier"] == owner["identifier"]),
            {"last_name": owner["name"], "first_name": ""},
        )
        with credentials() as keep:
            password = self._new_password(owner["identifier"], contact, keep)
            return self._about(owner, "reissue", {"password": password})

    def change(self, owner: Json, what: str) -> Json:
        """Do what needs nothing more: `resend` (the mail of the activation), `disable` or `enable`."""
        return self._about(owner, what, {})

    def release(self, owner: Json, *, person_is_gone: bool = False, again: bool = False) -> Json:
        """Release an identifier, or ask the owner first: `outcome` is released, asked or waiting.

        person_is_gone   release a personal account without asking
        again            ask once more although the owner has refused
        """
        return self._about(owner, "release", {"person_is_gone": person_is_gone, "again": again})

    def cancel_release(self, owner: Json) -> Json:
        """Withdraw the release that was asked for."""
        return self._about(owner, "release", None, method="delete")

    def only_merge(self, identifier: str) -> str:
        """The id of the one merge that an identifier came by. Raises BadInputError for none or several."""
        owner = self._ask("get", "owners", identifier, identifier=identifier)
        wanted = identifier_key(identifier)
        merges = [
            str(merge["id"])
            for merge in owner.get("merges") or []
            if wanted in {identifier_key(str(brought)) for brought in merge["identifiers"]}
        ]
        if len(merges) == 1:
            return merges[0]
        if merges:
            text = _("the identifier {identifier} came by several merges; say which with --merge: {merges}")
        else:
            text = _("the identifier {identifier} came to its account by no merge; there is nothing to undo")
        raise BadInputError(text.format(identifier=identifier, merges=", ".join(merges)))

    def plan_unmerge(self, merge: str, identifier: str) -> Json:
        """What would go back to a provisional account of its own: what stands under the identifier now.

        Raises NotFoundError; RefusedError when it is too late, or the identifier is elsewhere by now.
        """
        return self._undo(merge, identifier, None)

    def unmerge(self, merge: str, plan: Json, credentials: CredentialsFile) -> Json:
        """Give back what was planned; the new password is on disk before anything is sent.

        Raises what `plan_unmerge` raises, and CredentialsFileError.
        """
        password = self._new_password(plan["identifier"], plan["contact"], credentials)
        return self._undo(merge, plan["identifier"], password)

    def mark_letters(self, identifiers: Iterable[str]) -> int:
        """Note that letters were made, of any number of identifiers; how many had one to get."""
        marked = 0
        remaining = iter(identifiers)
        while some := list(islice(remaining, LETTERS)):
            marked += int(self._ask("post", "letters", body={"identifiers": some})["marked"])
        return marked

    def check_passwords(self, letters: Sequence[tuple[str, str]]) -> list[bool]:
        """Whether these identifiers and passwords, at most 100, activate an account, in their order.

        Raises RefusedError after many requests with passwords that do not.
        """
        asked = [{"identifier": identifier, "password": password} for identifier, password in letters]
        return [bool(one) for one in self._ask("post", "letters", "check", body={"letters": asked})["work"]]

    def status(self) -> Json:
        """How many owners have come how far."""
        return self._ask("get", "status")

    # ------------------------------------------------------------ asking

    def _new_password(self, identifier: str, contact: Json, credentials: CredentialsFile) -> Json:
        password = credentials.renewed(identifier, contact["last_name"], contact["first_name"])
        return hashed_generated(password)

    def _undo(self, merge: str, identifier: str, password: Json | None) -> Json:
        body = {"dry_run": password is None, "identifier": identifier, "password": password}
        try:
            return self._ask("post", "merges", merge, "undo", body=body, identifier=identifier)
        except RefusedError as error:
            if error.status != 409:
                raise
            text = _("The merge of {identifier!r} at the agency {codes} cannot be undone: {said}")
            values = {"identifier": identifier, "codes": self.target.codes, "said": error.said}
            raise RefusedError(text.format(**values), 409, error.reason) from None

    def _about(self, owner: Json, what: str, body: Json | None, method: str = "post") -> Json:
        identifier = str(owner["identifier"])
        return self._ask(method, "owners", identifier, what, body=body, identifier=identifier)

    def _ask(self, method: str, *parts: str, **asked: Any) -> Json:
        return self._keycloak.agency(method, self.target.realm, self.target.alias, *parts, **asked)
