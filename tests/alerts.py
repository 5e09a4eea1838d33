"""The rules of deploy/monitoring/alerts.yml, and the metrics that they ask for."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import promql_parser
from ruamel.yaml import YAML

ALERTS = Path(__file__).parent.parent / "deploy" / "monitoring" / "alerts.yml"

_SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? \S+$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Series:
    """One line of a `/metrics` page."""

    name: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Selector:
    """What an expression asks for: `name{matchers}`.

    matchers  label, operator (`=`, `!=`, `=~`, `!~`) and value of each
    """

    name: str
    matchers: tuple[tuple[str, str, str], ...]

    def finds(self, series: Series) -> bool:
        return series.name == self.name and all(
            _matches(series.labels.get(label, ""), operator, value)
            for label, operator, value in self.matchers
        )


def rules() -> list[dict[str, Any]]:
    """All of them, as they stand in the file."""
    groups = YAML(typ="safe").load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def selectors(expression: str) -> list[Selector]:
    """What a PromQL expression asks for. Raises ValueError when it is none."""
    found: list[Selector] = []

    def visit(node: object) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            matchers = tuple((m.name, _OPERATORS[str(m.op)], m.value) for m in node.matchers.matchers)
            found.append(Selector(str(node.name), matchers))
        return True

    promql_parser.walk(promql_parser.parse(expression), visit)
    return found


def shown(page: str) -> list[Series]:
    """What a `/metrics` page shows."""
    return [Series(name, dict(_LABEL.findall(labels))) for name, labels in _SERIES.findall(page)]


_OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}


def _matches(actual: str, operator: str, value: str) -> bool:
    equal = re.fullmatch(value, actual) is not None if operator.endswith("~") else actual == value
    return equal is not operator.startswith("!")
