"""The command `moncompte`: its groups, and the exit codes. Each command stands in the folder of its job.

Exit codes: 0 done; 1 something failed while running (it can be run again); 2 usage, or a file that cannot be
used; 3 done, but some lines were refused, or a plan found changes to make, or a check found
something serious.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from .errors import ManifestError, MoncompteError
from .lazy_group import Lazily
from .output import LANGUAGE, ChangesPending, FindingsFound, Problem3, fail

__all__ = ["main", "moncompte", "run"]


@click.group(cls=Lazily, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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


moncompte.later(
    {
        "agencies": "realm.commands.agencies:agencies",
        "applications": "realm.commands.applications:applications",
        "apply": "realm.commands.apply:apply",
        "check": "check.commands:check",
        "plan": "realm.commands.plan:plan",
        "schema": "realm.commands.schema:schema",
    }
)


@click.group(cls=Lazily)
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


owners.later(
    {
        "import": "owners.commands.import_file:import_owners",
        "letters": "letters.commands:make_letters",
        "list": "support.commands.show:list_owners",
        "show": "support.commands.show:show_owner",
        "status": "support.commands.status:status",
        "reissue": "support.commands.accounts:reissue",
        "resend": "support.commands.accounts:resend",
        "disable": "support.commands.accounts:disable",
        "enable": "support.commands.accounts:enable",
        "release": "support.commands.release:release",
        "unmerge": "support.commands.unmerge:unmerge",
    }
)

moncompte.add_command(owners)


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments; the exit code."""
    settings: dict[str, object] = {}
    try:
        code = moncompte.main(list(arguments), prog_name="moncompte", standalone_mode=False, obj=settings)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        fail("interrupted; what was done stays, and the command can be run again")
        return 1
    except (Problem3, ChangesPending, FindingsFound):
        return 3
    except ManifestError as error:
        several = f"{len(error.problems)} mistakes in {error.file}; nothing was done:\n"
        fail((several if len(error.problems) > 1 else "") + str(error))
        return error.exit_code
    except MoncompteError as error:
        fail(error.french if settings.get(LANGUAGE) == "fr" else str(error))
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): nothing more to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 (the last resort: a message in place of a stack trace)
        fail(f"unexpected error ({type(error).__name__}); run again with `moncompte --debug …` and report it")
        if settings.get("debug"):
            import traceback

            traceback.print_exc()
        return 1
    return code if isinstance(code, int) else 0


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run(sys.argv[1:]))
