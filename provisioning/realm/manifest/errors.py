"""A mistake in the manifest in words: where it stands, and what was expected."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ...texts import _
from .models import Manifest

Place = tuple[str | int, ...]
"""Where a value stands: keys and positions from the top."""

Report = Callable[[Place, str], None]


def report_details(error: ValidationError, report: Report) -> None:
    """Everything pydantic found; a key that is missing because it is misspelt is one mistake, not two."""
    details = error.errors()
    unknown = (detail["loc"] for detail in details if detail["type"] == "extra_forbidden")
    meant = {(*where[:-1], *_near_key(where)) for where in unknown}
    for detail in details:
        if detail["type"] != "missing" or detail["loc"] not in meant:
            _report_detail(detail, report)


def _report_detail(detail: Mapping[str, Any], report: Report) -> None:
    where: Place = detail["loc"]
    kind: str = detail["type"]
    if kind in ("extra_forbidden", "invalid_key"):
        report(where, _unknown_key(where))
    elif kind == "string_type":
        report(where, _expected_text(detail["input"]))
    elif kind == "literal_error":
        report(where, _expected_one_of(str(detail["ctx"]["expected"]), detail["input"]))
    elif kind in ("model_type", "model_attributes_type"):
        report(where, _("expected keys and values here"))
    elif kind == "greater_than_equal":
        report(where, _("expected at least {ge}").format(ge=detail["ctx"]["ge"]))
    elif kind == "less_than_equal":
        report(where, _("expected at most {le}").format(le=detail["ctx"]["le"]))
    else:
        texts = {
            "missing": _("missing; this key is needed"),
            "bool_type": _("expected true or false"),
            "int_type": _("expected a whole number"),
            "list_type": _("expected a list"),
            "too_short": _("expected at least one"),
        }
        report(where, texts.get(kind, str(detail["msg"]).removeprefix("Value error, ")))


def _expected_text(value: object) -> str:
    if value is None:
        return _("expected a text, found nothing")
    if isinstance(value, int | float | datetime.date):
        return _('expected a text: write it in quotes, such as "01"')
    return _("expected a text")


def _expected_one_of(choices: str, value: object) -> str:
    near = did_you_mean(str(value), re.findall(r"'([^']+)'", choices))
    return _("expected {choices}").format(choices=choices) + near


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a message that suggests a known name near to this one; empty without one."""
    near = difflib.get_close_matches(name, known, 1)
    return _("; did you mean {near}?").format(near=near[0]) if near else ""


def _unknown_key(where: Place) -> str:
    known = _known_keys(where[:-1])
    near = did_you_mean(str(where[-1]), known)
    return _("unknown key") + (near or _("; expected one of {keys}").format(keys=", ".join(sorted(known))))


def _near_key(where: Place) -> list[str]:
    """The key that was meant by an unknown one, if any is near."""
    return difflib.get_close_matches(str(where[-1]), _known_keys(where[:-1]), 1)


def _known_keys(where: Place) -> list[str]:
    """The keys a model has at a place of the document."""
    model: type[BaseModel] = Manifest
    for key in where:
        if isinstance(key, str):
            annotation = model.model_fields[key].annotation
            model = next(one for one in (annotation, *get_args(annotation)) if hasattr(one, "model_fields"))
    return [field.alias or name for name, field in model.model_fields.items()]
