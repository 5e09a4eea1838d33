"""The public keys an application signs with: a JSON Web Key Set (RFC 7517) in a small file.

With `profile: fapi-2` an application has a key in place of a secret.
"""

from __future__ import annotations

import json
from pathlib import Path

from ..files import read_small
from ..texts import _

MAX_BYTES = 16 * 1024
_PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "k"}
"""Members that a public key has none of (RFC 7518, section 6)."""


def read_jwks(path: Path) -> str:
    """The key set in a file, as one line. Raises ValueError with what was expected of it."""
    content = read_small(path, MAX_BYTES)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):  # no JSON, or lists in lists without end
        found = None
    keys = found.get("keys") if isinstance(found, dict) else None
    if (
        not isinstance(keys, list)
        or not keys
        or not all(isinstance(key, dict) and "kty" in key for key in keys)
    ):
        raise ValueError(
            _('expected a JSON Web Key Set, {{"keys": [{{"kty": …}}]}}: {path}').format(path=path)
        )
    if any(_PRIVATE & key.keys() for key in keys):
        text = _("expected public keys only, and {path} holds a private one: give its public half")
        raise ValueError(text.format(path=path))
    return json.dumps(found, separators=(",", ":"), sort_keys=True)
