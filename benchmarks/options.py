"""What the command lines of benchmarks have in common: numbers, --small, and what goes on."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence

Numbers = Mapping[str, tuple[int, int]]
"""Name of a number: as it is meant, and with --small."""


def parser(doc: str | None) -> argparse.ArgumentParser:
    """A command line with --small."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--small", action="store_true", help="shows that it runs; no target is judged")
    return made


def parse(
    command_line: argparse.ArgumentParser, numbers: Numbers, arguments: Sequence[str] | None = None
) -> argparse.Namespace:
    """The options, with these numbers among them.

    arguments  those of the program when not given
    """
    for name, (meant, small) in numbers.items():
        told = f"{meant}; small: {small}"
        command_line.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="N", help=told)
    options = command_line.parse_args(arguments)
    for name, (meant, small) in numbers.items():
        if getattr(options, name) is None:
            setattr(options, name, small if options.small else meant)
    return options


def say(what: str) -> None:
    """What goes on, for who waits."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
