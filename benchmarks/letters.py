"""How long 10,000 letters of the standard template take, and how much memory.

    python -m benchmarks.letters [--letters N] [--small]

Draws and writes the files as `moncompte owners letters` does, without a server. The target: 10,000 in under
two minutes on two cores.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.options import parse, parser
from provisioning.letters import STANDARD, Agency, Letter, Pages, Template, volumes

TODAY = date(2026, 11, 23)
AGENCY = Agency(
    "1001",
    "01",
    "Agence du Vieux-Port",
    "04 91 00 00 01",
    "contact@agence-vieux-port.example",
    "https://agence-vieux-port.example/aide",
    "https://extranet.agence-vieux-port.example",
)


def letters(count: int) -> Iterator[Letter]:
    """Letters that differ in all that differs between owners."""
    for number in range(count):
        yield Letter(
            f"P{number:06}",
            f"abcde-{number % 10_000:04}-kmnp",
            "Madame",
            f"LEFÈVRE {number}",
            "Hélène",
            (f"Madame Hélène LEFÈVRE {number}", f"{number} RUE DE L EVECHE", "13002 MARSEILLE"),
            date(2026, 12, 23),
        )


NUMBERS = {"letters": (10_000, 50)}


def run(options: argparse.Namespace) -> None:
    """Prints seconds, letters a second and peak memory."""
    count = options.letters
    template = Template(STANDARD, AGENCY, TODAY)
    began, began_cpu = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letters.pdf"
        made = list(
            volumes.write(letters(count), path, lambda: Pages(template, AGENCY, TODAY, None), lambda: None)
        )
        size = sum(volume.path.stat().st_size for volume in made)
    seconds, cpu = time.monotonic() - began, time.process_time() - began_cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = f"{count / seconds:.0f} a second"
    print(f"{count} letters in {len(made)} files, {size / 1e6:.1f} MB")
    print(f"{seconds:.1f} s ({cpu:.1f} s of one core), {rate}, {memory:.0f} MB of memory")


if __name__ == "__main__":
    run(parse(parser(__doc__), NUMBERS))
