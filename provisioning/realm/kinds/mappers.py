"""Protocol mappers, of client scopes and of applications."""

from __future__ import annotations

from collections.abc import Iterator

from ...server.keycloak import Json
from ..steps import FieldChange, by_key, differences


def mapper_changes(wanted: list[Json], found: list[Json]) -> Iterator[FieldChange]:
    """Protocol mappers say what tokens hold, so those of our scopes and applications are wholly ours: one
    that is not wanted goes, and so does what is not wanted in the configuration of one that is."""
    present = by_key("name", found)
    for mapper in wanted:
        path = f"mappers.{mapper['name']}"
        if mapper["name"] not in present:
            yield FieldChange(path, None, mapper["protocolMapper"])
            continue
        old = present.pop(mapper["name"])
        yield from differences(mapper, old, path)
        for key, value in (old.get("config") or {}).items():
            # The console writes every switch that it shows.
            if key not in mapper["config"] and value not in ("", "false", None):
                yield FieldChange(f"{path}.config.{key}", value, None)
    for name, mapper in present.items():
        yield FieldChange(f"mappers.{name}", mapper["protocolMapper"], None)
