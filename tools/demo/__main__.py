"""Runs the demonstration until Ctrl-C, or forgets its data."""

import shutil
import sys

import click
from rich.console import Console

from provisioning.errors import MoncompteError
from tools.demo import foreground, layout, letter
from tools.demo.errors import DemoError
from tools.demo.run import Demo

_NAME = "demo"


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Run Keycloak, a mailbox and the Extranet on this machine, with sample owners, until Ctrl-C."""
    if context.invoked_subcommand is None:
        sys.exit(foreground.run(_NAME, layout.HOME, Demo, letter.show))


@main.command()
def forget() -> None:
    """Remove the data of the demo: realms, owners, mails, sessions, secrets."""
    sys.exit(_forget())


def _forget() -> int:
    """Exit code: 0 nothing is left, 1 it cannot be forgotten now."""
    if not layout.HOME.exists():
        return 0
    try:
        foreground.take_lock(_NAME, layout.HOME)
        with Console().status("Waiting for a Keycloak of an interrupted demo to end"):
            Demo.keycloak().take_home()
    except (DemoError, MoncompteError) as error:
        return foreground.tell(_NAME, layout.HOME, str(error))
    shutil.rmtree(layout.HOME)
    return 0


if __name__ == "__main__":
    main(prog_name="python -m tools.demo")
