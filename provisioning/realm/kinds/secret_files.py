"""The files that applications read their secrets from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...errors import MoncompteError
from ...private_files import write_secret
from ...server.keycloak import Keycloak
from ...texts import _
from ..steps import HIDDEN, FieldChange, RealmState, Step, by_key, compared
from ..templates import DesiredRealm


def plan(wanted: DesiredRealm, state: RealmState) -> Iterator[Step]:
    """The files whose secret is not the application's."""
    clients = by_key("clientId", state.clients)
    for file in wanted.secret_files:
        kept = state.secret_files.get(file.path)
        secret = clients.get(file.client_id, {}).get("secret")
        payload = {"client_id": file.client_id, "path": str(file.path)}
        if kept is None:
            yield Step("secret file", wanted.name, str(file.path), "create", payload=payload)
        else:
            fields = [FieldChange("secret", HIDDEN, HIDDEN)] if secret is None or kept != secret else []
            yield compared("secret file", wanted.name, str(file.path), fields, payload)


def read(path: Path) -> str | None:
    """The secret in a file; None if there is no such file, or others can read it (it is written again).

    Raises MoncompteError.
    """
    try:
        if path.stat().st_mode & 0o077:
            return None
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise MoncompteError(
            _("Cannot read the secret file {path}: {error}").format(path=path, error=error)
        ) from None


def apply(keycloak: Keycloak, step: Step) -> None:
    """Write the secret of an application to its file. Raises MoncompteError."""
    client = keycloak.client(step.realm, step.payload["client_id"])
    secret = client.get("secret") if client is not None else None
    if not isinstance(secret, str):
        raise MoncompteError(
            _("Keycloak did not show the secret of {client_id} in realm {realm}.").format(
                client_id=step.payload["client_id"], realm=step.realm
            )
        )
    write_secret(Path(step.payload["path"]), secret)
