"""What the server holds of an agency's owners, as digests: an owner of the file with the same one need not be
sent only to hear that nothing changes.

A digest covers all that a load would bring; the server makes it anew, of what is stored, whenever it is
asked. Another digest, or none, means nothing: that owner is asked about as any other.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from operator import itemgetter

from ..errors import ServerError
from ..server.keycloak import Keycloak
from .file import Owner
from .target import Target

PAGE = 5_000
"""Most digests a request asks for."""

LEAST_LINE = 20
"""Fewest bytes that a line of an owner has, about. A file may hold so few of an agency's owners that to ask
about them is quicker than to hear about all."""

_contact_of = itemgetter(slice(Owner._fields.index("identifier"), Owner._fields.index("city") + 1))
"""What the server keeps of an owner as contact, in its order."""

_LENGTH = 32
"""Hexadecimal digits of a digest that count."""


def digest_of(owner: Owner, codes: str) -> str:
    """The digest of what the server holds once an owner is loaded; `OwnerDigests` makes the same.

    codes   of the agency, `1001/01`
    """
    identifier = _quoted(owner.identifier)
    contracts = [
        f'{{"agency":"{codes}","identifier":{identifier},"reference":{_quoted(reference)}'
        f',"role":{_quoted(role)},"address":{_quoted(address)}}}'
        for reference, role, address in owner.contracts
    ]
    contracts.sort()
    names = f"{owner.last_name}\0{owner.first_name}\0{owner.email.lower()}"
    text = "\0".join((names, _as_array((codes, *_contact_of(owner))), *contracts))
    return sha256(text.encode()).hexdigest()[:_LENGTH]


def _as_array(values: Sequence[str]) -> str:
    """Values without control characters as a JSON array; quicker than `json.dumps`."""
    text = "\0".join(values)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '["' + text.replace("\0", '","') + '"]'


class HeldOwners:
    """The digests of one agency, which come while there is something else to do.

    size   of the file in bytes: more digests than it has owners, several times over, are not asked for
    """

    def __init__(self, keycloak: Keycloak, target: Target, size: int) -> None:
        self._keycloak = keycloak
        self._target = target
        self._most = size // LEAST_LINE + 1
        self._digests: dict[str, str] = {}
        self._all_there = threading.Event()
        self._all_there.set()

    def begin(self) -> None:
        """Begin to ask; until then nobody is held. Who leaves before all is there need not wait."""
        self._all_there.clear()
        threading.Thread(target=self._ask, daemon=True).start()

    def is_known(self, key: str) -> bool:
        """Whether `digest` would answer at once."""
        return key in self._digests or self._all_there.is_set()

    def digest(self, key: str) -> str | None:
        """The digest of the owner of a key, once it is there; None when there is none."""
        if not self.is_known(key):
            self._all_there.wait()
        return self._digests.get(key)

    def _ask(self) -> None:
        try:
            params = {"max": str(min(self._most, PAGE))}
            for _ in range(0, self._most, PAGE):
                page = self._keycloak.agency(
                    "get", self._target.realm, self._target.alias, "digests", params=params
                )
                digests, following = page.get("digests"), page.get("next")
                if isinstance(digests, dict):
                    self._digests.update(digests)
                if not isinstance(following, str):
                    break
                params["first"] = following
        except ServerError:
            pass  # it fails the same with the owners who are asked about, and is told then
        finally:
            self._all_there.set()
