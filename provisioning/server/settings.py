"""How a server is reached, and the error for one that is not Keycloak."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import BadInputError, RefusedError, reason_of
from ..terminal import warn
from ..texts import _

CONNECTION_FILE = Path(__file__).resolve().parents[2] / ".demo" / "connection.json"
"""Written by the demo of this checkout: {"url", "client_id", "client_secret_file"}."""


@dataclass(frozen=True)
class Settings:
    """How to reach a server: its address, and the client we are.

    client_realm   the realm of the client: master for the operator, the owners' own for an agency
    """

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    client_realm: str = "master"


def find_settings(
    url: str | None, client_id: str | None, secret_file: Path | None, client_realm: str | None = None
) -> Settings:
    """The connection of the options and the environment; of the demo of this checkout when neither says
    anything.

    Raises BadInputError, which says what is missing.
    """
    secret = os.environ.get("MONCOMPTE_CLIENT_SECRET")
    if url is None and client_id is None and secret_file is None and secret is None:
        return _demo_settings()
    missing = [
        name
        for name, value in (
            ("--url (MONCOMPTE_URL)", url),
            ("--client-id (MONCOMPTE_CLIENT_ID)", client_id),
            (
                "--client-secret-file (MONCOMPTE_CLIENT_SECRET_FILE, MONCOMPTE_CLIENT_SECRET)",
                secret_file or secret,
            ),
        )
        if not value
    ]
    if missing or url is None or client_id is None:
        text = _("How to reach Keycloak is not said in full. Missing: {missing}.")
        raise BadInputError(text.format(missing="; ".join(missing)))
    found = _read_secret(secret_file) if secret_file is not None else secret or ""
    return Settings(url, client_id, found, client_realm or "master")


def _demo_settings() -> Settings:
    try:
        found = json.loads(CONNECTION_FILE.read_text(encoding="utf-8"))
        url, client_id = str(found["url"]), str(found["client_id"])
        secret_file = CONNECTION_FILE.parent / str(found["client_secret_file"])
    except FileNotFoundError:
        raise BadInputError(
            _(
                "Which Keycloak? Give --url, --client-id and --client-secret-file, or set MONCOMPTE_URL,"
                " MONCOMPTE_CLIENT_ID and MONCOMPTE_CLIENT_SECRET_FILE; or start the demo of this checkout"
                " (make demo)."
            )
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        text = _("{file} cannot be used ({reason}); start the demo again (make demo).")
        raise BadInputError(text.format(file=CONNECTION_FILE, reason=error)) from None
    return Settings(url, client_id, _read_secret(secret_file))


def _read_secret(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
        open_to_all = bool(path.stat().st_mode & 0o007)
    except (OSError, UnicodeDecodeError) as error:
        text = _("Cannot read the client's secret from {path}: {reason}.")
        raise BadInputError(text.format(path=path, reason=reason_of(error))) from None
    if not secret:
        raise BadInputError(_("The file of the client's secret is empty: {path}.").format(path=path))
    if open_to_all:
        text = _("everybody on this machine can read the client's secret; close it: chmod 600 {path}")
        warn(text.format(path=path))
    return secret


def not_keycloak() -> RefusedError:
    """The error for an answer that is not Keycloak's."""
    return RefusedError(_("The server answered something that is not Keycloak's JSON."), 200)
