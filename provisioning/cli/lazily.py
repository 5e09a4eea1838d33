"""Commands that are imported when somebody calls for them: a command loads what it needs, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Lazily(click.Group):
    """A group whose commands are named before they are imported."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places: dict[str, str] = {}

    def later(self, places: Mapping[str, str]) -> None:
        """Name commands with the module of this package and the function there: `module:function`."""
        self._places.update(places)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in order."""
        return sorted({*self._places, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported by now; None when there is none."""
        if cmd_name in self._places:
            module, function = self._places[cmd_name].split(":")
            command: click.Command = getattr(import_module(f"{__package__}.{module}"), function)
            return command
        return super().get_command(ctx, cmd_name)
