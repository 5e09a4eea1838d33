"""Commands that are imported when somebody calls for them: a command loads what it needs, and no more."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import click
from click.exceptions import NoSuchCommand


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
            command: click.Command = getattr(_imported(module), function)
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with, its name, and the rest.

        Raises click.UsageError for a name that is none, with those that may have been meant: a command of a
        group of this one that has just this name, or one of this group whose name is like it. (click itself
        suggests only commands that were imported.)
        """
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            meant = self._in_groups(ctx, error.command_name)
            if not meant:
                raise NoSuchCommand(
                    error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
                ) from None
            raise click.UsageError(f"{error.message} Did you mean {' or '.join(meant)}?", ctx) from None

    def _in_groups(self, ctx: click.Context, name: str) -> list[str]:
        """The commands of this name in groups of this one, such as `'owners import'`."""
        groups = [(part, self.get_command(ctx, part)) for part in self.list_commands(ctx)]
        return [
            repr(f"{part} {name}")
            for part, group in groups
            if isinstance(group, click.Group) and name in group.list_commands(ctx)
        ]


def _imported(module: str) -> ModuleType:
    """A module of this package. What is imported stays to the end: it is not searched for what could go, now
    or later, which would take a sixth of a short command's time."""
    name = f"{__package__}.{module}"
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()
