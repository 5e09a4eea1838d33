"""Figures, their targets, and how they are printed."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping
from dataclasses import dataclass


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)


@dataclass(frozen=True)
class Target:
    """At least, or at most, a number."""

    number: float
    is_least: bool

    @classmethod
    def least(cls, number: float) -> Target:
        return cls(number, is_least=True)

    @classmethod
    def most(cls, number: float) -> Target:
        return cls(number, is_least=False)

    def is_met_by(self, value: float) -> bool:
        return value >= self.number if self.is_least else value <= self.number

    def __str__(self) -> str:
        return f"{'≥' if self.is_least else '≤'} {_short(self.number)}"


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    target: Target | None = None

    def is_met(self) -> bool:
        return self.target is None or self.target.is_met_by(self.value)


def markdown(part: str, numbers: Mapping[str, int], figures: list[Figure], *, program: str = "load") -> str:
    """A section with the command, the machine and the table."""
    command = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in numbers.items())
    lines = [
        f"### {part}",
        "",
        f"    python -m benchmarks.{program} --only {part} {command}",
        "",
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()}, Python {platform.python_version()}.",
        "",
        "| | | target |",
        "| --- | ---: | --- |",
    ]
    for figure in figures:
        target = "" if figure.target is None else f"{figure.target}{'' if figure.is_met() else ' **missed**'}"
        lines.append(f"| {figure.name} | {_short(figure.value)} {figure.unit} | {target} |")
    return "\n".join([*lines, ""])


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 (read line by line)
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        return names[0]
    except (OSError, IndexError):
        return platform.machine()
