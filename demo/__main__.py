"""`python -m demo` runs the demonstration until Ctrl-C; `python -m demo forget` forgets its data."""

import os
import shutil
import signal
import sys

import click
from rich.console import Console

from demo import layout, letter
from demo.errors import DemoError
from demo.run import Demo
from provisioning import processes
from provisioning.errors import MoncompteError

_FULL = 10 << 20  # bytes free, and less
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Run Keycloak, a mailbox and the Extranet on this machine, with sample owners, until Ctrl-C."""
    if context.invoked_subcommand is None:
        sys.exit(_run())


@main.command()
def forget() -> None:
    """Remove the data of the demo: realms, owners, mails, sessions, secrets."""
    sys.exit(_forget())


def _run() -> int:
    """Exit code: 0 stopped by Ctrl-C, 1 something went wrong and was told."""
    for ending in _ENDINGS:
        signal.signal(
            ending, signal.default_int_handler
        )  # a kill or a closed terminal ends it as Ctrl-C does
    if "MAKELEVEL" in os.environ:
        processes.end_with_parent()
    try:
        _take_lock()
        _run_locked(Console())
    except KeyboardInterrupt:
        return 0
    except (DemoError, MoncompteError) as error:
        return _tell(str(error))
    except OSError as error:
        return _tell(f"{error.filename or layout.HOME}: {error.strerror}")
    return 0


def _run_locked(console: Console) -> None:
    demo = Demo(console)
    try:
        demo.bring_up()
        letter.show(console)
        demo.watch()
    finally:
        # A second Ctrl-C would leave behind what the first one was about to stop.
        for ending in _ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        with console.status("Stopping"):
            demo.take_down()


def _forget() -> int:
    """Exit code: 0 nothing is left, 1 it cannot be forgotten now."""
    if not layout.HOME.exists():
        return 0
    try:
        _take_lock()
        with Console().status("Waiting for a Keycloak of an interrupted demo to end"):
            Demo.keycloak().take_home()
    except (DemoError, MoncompteError) as error:
        return _tell(str(error))
    shutil.rmtree(layout.HOME)
    return 0


def _take_lock() -> None:
    """One demo at a time. The lock is ours until this process ends."""
    layout.HOME.mkdir(mode=0o700, exist_ok=True)
    if processes.hold(layout.LOCK) is None:
        raise DemoError("a demo is running in this checkout: stop it with Ctrl-C where it was started")


def _tell(message: str) -> int:
    click.echo(f"demo: {message}", err=True)
    # A disk that fills up on the way shows as any error of any part.
    if layout.HOME.exists() and shutil.disk_usage(layout.HOME).free < _FULL:
        click.echo(f"demo: the disk of {layout.HOME} is full: make room and start again", err=True)
    return 1


if __name__ == "__main__":
    main(prog_name="python -m demo")
