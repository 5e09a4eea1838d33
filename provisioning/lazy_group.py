"""A click group that imports a command when it is called: a command loads only what it needs."""

from __future__ import annotations

import copy
import gc
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from types import ModuleType
from typing import Any

import click
from click.exceptions import NoSuchCommand

from .texts import _


@dataclass(frozen=True)
class Lazy:
    """A command to import when it is called.

    place   where it is in this package: `module:function`
    help    one sentence for the list of commands
    """

    place: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands are named before they are imported."""

    def __init__(self, *args: Any, lazy: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted({*self._lazy, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, with its help translated; None if there is none."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, function = self._lazy[cmd_name].place.split(":")
        return translated(getattr(_imported(module), function))

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, without importing them."""
        rows = {name: _(lazy.help) for name, lazy in self._lazy.items()}
        rows |= {name: command.get_short_help_str(100) for name, command in self.commands.items()}
        with formatter.section(_("Commands")):
            formatter.write_dl(sorted(rows.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with, its name, and the rest.

        Raises click.UsageError for an unknown name. It suggests commands of this name in groups of this one,
        or else commands of this group with a similar name. (click itself suggests only imported ones.)
        """
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            suggestions = self._in_groups(ctx, error.command_name)
            if not suggestions:
                raise NoSuchCommand(
                    error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
                ) from None
            question = _("Did you mean {command}?").format(command=_(" or ").join(suggestions))
            raise click.UsageError(f"{error.message} {question}", ctx) from None

    def _in_groups(self, ctx: click.Context, name: str) -> list[str]:
        """The commands of this name in groups of this one, such as `'owners import'`."""
        groups = [(part, self.get_command(ctx, part)) for part in self.list_commands(ctx)]
        return [
            repr(f"{part} {name}")
            for part, group in groups
            if isinstance(group, click.Group) and name in group.list_commands(ctx)
        ]


def translated(command: click.Command) -> click.Command:
    """A copy of a command with its help, its options' and its subcommands' in the person's language."""
    command = copy.copy(command)
    command.help = command.help and _(cleandoc(command.help))
    command.short_help = command.short_help and _(command.short_help)
    command.params = [_translated_option(parameter) for parameter in command.params]
    if isinstance(command, click.Group):
        command.commands = {name: translated(child) for name, child in command.commands.items()}
    return command


def _translated_option(parameter: click.Parameter) -> click.Parameter:
    parameter = copy.copy(parameter)
    if isinstance(parameter, click.Option):
        parameter.help = parameter.help and _(parameter.help)
        if isinstance(parameter.show_default, str):
            parameter.show_default = _(parameter.show_default)
    return parameter


def _imported(module: str) -> ModuleType:
    """A module of this package.

    The garbage collector does not search what is imported, now or later: that would take a sixth of a short
    command's time.
    """
    name = f"{__package__}.{module}"
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()
