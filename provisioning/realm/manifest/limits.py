"""How much a manifest may hold, so that a small or a damaged file does not keep the command busy."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent

from ...texts import _

MAX_BYTES = 2 * 1024 * 1024  # a thousand agencies take a fifth of it
MAX_DEPTH = 32  # the models have six levels
MAX_REPEATED = 50_000  # values that aliases stand for: twenty for each of a thousand agencies, and more


class LimitError(MarkedYAMLError):
    """The manifest holds too much. `problem` says what, and what to do."""


class LimitedComposer(Composer):
    """Counts what aliases stand for, which the file itself does not show."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False  # YAML allows them
        self._level = 0
        self._deepest = 0
        self._values = 0
        self._repeated = 0
        self._seen: dict[int, tuple[int, int]] = {}  # of each node: values in it, levels below it

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            node = super().compose_node(parent, index)
            self._repeat(node, event)
            return node
        before, deepest = self._values, self._deepest
        self._level += 1
        self._deepest = self._level
        if self._level > MAX_DEPTH:
            raise _too_deep(event)
        node = super().compose_node(parent, index)
        self._values += 1
        self._seen[id(node)] = self._values - before, self._deepest - self._level
        self._level -= 1
        self._deepest = max(deepest, self._deepest)
        return node

    def _repeat(self, node: Any, event: AliasEvent) -> None:
        if id(node) not in self._seen:
            raise LimitError(
                problem=_("the alias *{name} refers to itself: write the value out").format(
                    name=event.anchor
                ),
                problem_mark=event.start_mark,
            )
        values, levels = self._seen[id(node)]
        self._values += values
        self._repeated += values
        self._deepest = max(self._deepest, self._level + 1 + levels)
        if self._deepest > MAX_DEPTH:
            raise _too_deep(event)
        if self._repeated > MAX_REPEATED:
            raise LimitError(
                problem=_(
                    "the alias *{name} makes more than {most} repeated values: write fewer aliases (*)"
                ).format(name=event.anchor, most=MAX_REPEATED),
                problem_mark=event.start_mark,
            )


def _too_deep(event: Any) -> LimitError:
    return LimitError(
        problem=_("more than {most} levels: nest fewer lists and keys").format(most=MAX_DEPTH),
        problem_mark=event.start_mark,
    )
