"""Runs the stack until Ctrl-C, or forgets its data."""

import shutil
import sys

import click
from rich.console import Console

from tools.demo import foreground, letter
from tools.demo.errors import DemoError
from tools.stack.layout import HOME, Ports, documented_ports
from tools.stack.run import Stack

_NAME = "stack"


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Run the production topology on this machine, with sample owners, until Ctrl-C."""
    if context.invoked_subcommand is None:
        ports = documented_ports()
        sys.exit(
            foreground.run(
                _NAME, HOME, lambda console: Stack(console, ports), lambda console: _show(console, ports)
            )
        )


@main.command()
def forget() -> None:
    """Remove the data of the stack: database, mails, sessions, secrets, certificate."""
    if not HOME.exists():
        return
    try:
        foreground.take_lock(_NAME, HOME)
    except DemoError as error:
        sys.exit(foreground.tell(_NAME, HOME, str(error)))
    shutil.rmtree(HOME)


def _show(console: Console, ports: Ports) -> None:
    """What to open, what to try, and how to stop."""
    accounts, extranet = f"https://localhost:{ports.accounts}", f"https://localhost:{ports.extranet}"
    nodes = ", ".join(f"http://localhost:{node.management}/metrics" for node in ports.nodes)
    letter.tell(
        console,
        {
            "Start here": f"{extranet}/login?client=1001&societe=01",
            "Mails arrive at": f"http://localhost:{ports.mailbox}",
            "Keycloak's administration": f"{accounts}/admin/  user admin, password in .stack/admin-password",
            "Metrics of the nodes": nodes,
            "Metrics of the proxy": f"http://localhost:{ports.proxy_metrics}/metrics",
            "Logs, data, secrets": ".stack",
        },
        _NAME,
    )


if __name__ == "__main__":
    main(prog_name="python -m tools.stack")
