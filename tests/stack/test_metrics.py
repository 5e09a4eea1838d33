"""Every metric that an alert or docs/production.md names is shown by a node or by the proxy."""

import re

import requests

from tests.alerts import Selector, Series, rules, selectors, shown
from tests.integration.stage import Stage, eventually
from tools import ROOT
from tools.stack import Stack

OF_PROMETHEUS_ITSELF = {"up"}
_IN_THE_TABLE = re.compile(r"`([a-z]+_[a-z_]+(?:\{[^`]*\})?)`")


def documented() -> list[Selector]:
    """The metrics of the table « Metrics to watch »."""
    text = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    section = text.split("## Metrics to watch")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [
        found
        for line in table
        for name in _IN_THE_TABLE.findall(line)
        for found in selectors(name.replace("\\|", "|"))
    ]


def pages(stack: Stack) -> list[Series]:
    """What all of them show now."""
    ports = [node.management for node in stack.ports.nodes] + [stack.ports.proxy_metrics]
    return [
        series
        for port in ports
        for series in shown(requests.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text)
    ]


def test_every_metric_that_we_name_is_shown(stack: Stack, stage: Stage) -> None:
    # Refused sign-ins show once there was one.
    assert not stage.gets_in("nobody@example.org")
    named = documented() + [found for rule in rules() for found in selectors(rule["expr"])]
    wanted = {selector for selector in named if selector.name not in OF_PROMETHEUS_ITSELF}
    assert len(wanted) > len(rules()) / 2

    def missing() -> set[Selector]:
        there = pages(stack)
        return {selector for selector in wanted if not any(selector.finds(series) for series in there)}

    eventually(lambda: not missing(), lambda: f"each is shown; missing: {missing()}")
