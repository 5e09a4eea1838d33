"""Something that runs in a terminal until Ctrl-C: one at a time, its progress told, nothing left behind."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.status import Status

from provisioning.errors import MoncompteError
from tools import processes
from tools.demo.errors import DemoError

_FULL = 10 << 20  # bytes free, and less
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Runs(Protocol):
    """What is run."""

    def bring_up(self) -> None: ...
    def watch(self) -> None: ...
    def take_down(self) -> None: ...


def run(name: str, home: Path, make: Callable[[Console], Runs], show: Callable[[Console], None]) -> int:
    """Brings up what `make` makes, tells about it with `show`, and waits for Ctrl-C.

    name  of the program, for its error messages
    home  the folder of its data, and of the lock that lets one run at a time

    Exit code: 0 stopped by Ctrl-C, 1 something went wrong and was told.
    """
    for ending in _ENDINGS:
        # a kill or a closed terminal ends it as Ctrl-C does
        signal.signal(ending, signal.default_int_handler)
    if "MAKELEVEL" in os.environ:
        processes.end_with_parent()
    try:
        take_lock(name, home)
        _run_locked(Console(), make, show)
    except KeyboardInterrupt:
        return 0
    except (DemoError, MoncompteError) as error:
        return tell(name, home, str(error))
    except OSError as error:
        return tell(name, home, f"{error.filename or home}: {error.strerror}")
    return 0


def take_lock(name: str, home: Path) -> None:
    """One at a time. The lock is ours until this process ends. Raises DemoError when another one has it."""
    home.mkdir(mode=0o700, exist_ok=True)
    if processes.hold(home / "lock") is None:
        raise DemoError(f"a {name} is running in this checkout: stop it with Ctrl-C where it was started")


def tell(name: str, home: Path, message: str) -> int:
    """Tells an error; the exit code that goes with it."""
    click.echo(f"{name}: {message}", err=True)
    # A disk that fills up on the way shows as any error of any part.
    if home.exists() and _free(home) < _FULL:
        click.echo(f"{name}: the disk of {home} is full: make room and start again", err=True)
    return 1


@contextlib.contextmanager
def step(console: Console, title: str) -> Iterator[Status]:
    """Shows `title` as being worked on, then as done with the seconds it took."""
    start = time.monotonic()
    with console.status(title) as status:
        yield status
    took = time.monotonic() - start
    console.print(f"[green]✔[/] {title} [dim]{took:.0f} s[/]", highlight=False)


def _run_locked(console: Console, make: Callable[[Console], Runs], show: Callable[[Console], None]) -> None:
    running = make(console)
    try:
        running.bring_up()
        show(console)
        running.watch()
    finally:
        # A second Ctrl-C would leave behind what the first one was about to stop.
        for ending in _ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        with console.status("Stopping"):
            running.take_down()


def _free(folder: Path) -> int:
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize
