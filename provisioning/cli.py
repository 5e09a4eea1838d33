"""The command `moncompte`: its groups, and the exit codes. Each command stands in the folder of its job.

Exit codes: 0 done; 1 something failed while running (it can be run again); 2 usage, or a file that cannot be
used; 3 done, but some lines were refused, or a plan found changes to make, or a check found
something serious.
"""

from __future__ import annotations

import copy
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from types import ModuleType
from typing import Any

import click
from click.exceptions import NoSuchCommand

from .errors import Incomplete, ManifestError, MoncompteError
from .terminal import fail
from .texts import _, language_of, ngettext, speak

__all__ = ["main", "moncompte", "run"]


# ---------------------------------------------------------------- groups


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


# ---------------------------------------------------------------- commands


@click.group(
    cls=LazyGroup,
    lazy={
        "agencies": Lazy(
            "realm.commands.agencies:agencies",
            help="List the agencies of a realm; make credentials for agency IT.",
        ),
        "applications": Lazy(
            "realm.commands.applications:applications",
            help="Show the applications of a realm; give one a new secret.",
        ),
        "apply": Lazy("realm.commands.manifest:apply", help="Bring the server to what the manifest says."),
        "check": Lazy("check.commands:check", help="Say what is wrong with the running installation."),
        "plan": Lazy("realm.commands.manifest:plan", help="Show what apply would do, and change nothing."),
        "schema": Lazy("realm.commands.manifest:schema", help="Print the JSON Schema of the manifest."),
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--debug", is_flag=True, help="Show the trace of an unexpected error.")
@click.version_option(package_name="moncompte", prog_name="moncompte", help="Show the version and exit.")
@click.pass_context
def moncompte(context: click.Context, debug: bool) -> None:
    """Realms, agencies, applications and owners of moncompte, in Keycloak.

    \b
    The server is found by --url, --client-id and --client-secret-file, or by MONCOMPTE_URL,
    MONCOMPTE_CLIENT_ID and MONCOMPTE_CLIENT_SECRET_FILE (or MONCOMPTE_CLIENT_SECRET); without any of these
    it is the demo of this checkout, while that runs.

    \b
    Examples:
      moncompte plan -f samples/moncompte.yaml
      moncompte apply -f samples/moncompte.yaml
      moncompte owners import samples/owners-1001-01.csv --agency 1001/01 --credentials letters.csv
      moncompte owners show P00012 --agency 1001/01
    """
    context.ensure_object(dict)["debug"] = debug


@click.group(
    cls=LazyGroup,
    lazy={
        "import": Lazy("owners.commands.import_file:import_owners", help="Load the owners of a file."),
        "letters": Lazy(
            "letters.commands:make_letters", help="Make the letters to owners who can still activate."
        ),
        "list": Lazy("support.commands.show:list_owners", help="List the owners of an agency."),
        "show": Lazy("support.commands.show:show_owner", help="Show an owner."),
        "status": Lazy("support.commands.status:status", help="Tell how far an agency's owners have come."),
        "reissue": Lazy(
            "support.commands.accounts:reissue", help="Give an owner a new provisional password."
        ),
        "resend": Lazy("support.commands.accounts:resend", help="Resend the activation mail to an owner."),
        "disable": Lazy(
            "support.commands.accounts:disable", help="Disable the provisional account of an owner."
        ),
        "enable": Lazy("support.commands.accounts:enable", help="Enable a provisional account again."),
        "release": Lazy("support.commands.release:release", help="Release an identifier."),
        "unmerge": Lazy("support.commands.unmerge:unmerge", help="Undo a merge."),
    },
)
def owners() -> None:
    """The owners of an agency.

    \b
    Examples:
      moncompte owners import owners.csv --agency 1001/01 --credentials letters.csv
      moncompte owners letters owners.csv --agency 1001/01 --credentials letters.csv -o letters.pdf
      moncompte owners list --agency 1001/01 --search lefevre
      moncompte owners show P00012 --agency 1001/01
      moncompte owners reissue P00012 --agency 1001/01 --credentials letters.csv
      moncompte owners status --agency 1001/01
    """


moncompte.add_command(owners)


# ---------------------------------------------------------------- running


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments; the exit code."""
    settings: dict[str, object] = {}
    speak(language_of(os.environ))
    try:
        code = translated(moncompte).main(
            list(arguments), prog_name="moncompte", standalone_mode=False, obj=settings
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        fail(_("interrupted; what was done stays, and the command can be run again"))
        return 1
    except Incomplete:
        return 3
    except ManifestError as error:
        count = len(error.problems)
        several = ngettext(
            "{count} mistake in {file}; nothing was done:",
            "{count} mistakes in {file}; nothing was done:",
            count,
        )
        fail(f"{several.format(count=count, file=error.file)}\n{error}")
        return error.exit_code
    except MoncompteError as error:
        fail(str(error))
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): nothing more to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 (the last resort: a message in place of a stack trace)
        text = _("unexpected error ({name}); run again with `moncompte --debug …` and report it")
        fail(text.format(name=type(error).__name__))
        if settings.get("debug"):
            import traceback

            traceback.print_exc()
        return 1
    return code if isinstance(code, int) else 0


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run(sys.argv[1:]))
