"""Ready-made configurations of applications that are not ours: files to copy, with the values filled in.

Their only source is the pages in `docs/applications`, which the tests sign owners in with, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ruamel.yaml import YAML

from ..errors import BadInputError
from ..server.keycloak import Json
from ..texts import _

KINDS = ("apache", "starlette", "openid-client", "spring")

_PAGES = Path(__file__).resolve().parents[2] / "docs" / "applications"
_MANIFEST = re.compile(r"^In the operator's manifest:\n\n```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"^`(\S+)`:\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Values:
    """What is filled in.

    issuer       the realm, as its tokens name it
    base         address of the application, without its last slash
    secret_file  where it keeps its secret
    """

    issuer: str
    client_id: str
    base: str
    secret_file: str


EXAMPLE = Values(
    issuer="https://sso.moncompte.example/realms/moncompte",
    client_id="mon-application",
    base="https://app.example",
    secret_file="/etc/mon-application/moncompte.secret",
)
"""The values on the pages."""


def rendered(kind: str, values: Values) -> dict[str, str]:
    """The files of a kind (a name in KINDS), by name.

    Raises BadInputError when the pages are missing.
    """
    return {name: _filled_in(text, values) for name, text in _FILE.findall(_page(kind))}


def in_manifest(kind: str, values: Values) -> Json:
    """The application as the operator declares it in the manifest.

    Raises BadInputError when the pages are missing.
    """
    found = _MANIFEST.search(_page(kind))
    assert found is not None
    entries: list[Json] = YAML(typ="safe").load(_filled_in(found[1], values))
    return entries[0]


def callback(kind: str) -> str:
    """The path of the redirect URI, for example `/callback`."""
    address: str = in_manifest(kind, EXAMPLE)["redirect_uris"][0]
    return address.removeprefix(EXAMPLE.base)


def _page(kind: str) -> str:
    try:
        return (_PAGES / f"{kind}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInputError(
            _(
                "The pages with configurations are missing (docs/applications): run moncompte from its"
                " checkout."
            )
        ) from None


def _filled_in(text: str, values: Values) -> str:
    replacements = {
        EXAMPLE.issuer: values.issuer,
        EXAMPLE.secret_file: values.secret_file,
        EXAMPLE.client_id: values.client_id,
        EXAMPLE.base: values.base,
        quote(EXAMPLE.base): quote(values.base),
    }
    # In one go: a value that is filled in may contain another example.
    examples = re.compile("|".join(map(re.escape, replacements)))
    return examples.sub(lambda found: replacements[found[0]], text)
