"""Reading the manifest, with errors that name the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ...errors import ManifestError, ManifestProblem, reason_of
from ...texts import _
from .cross_checks import check_together
from .errors import Place, report_details
from .limits import MAX_BYTES, LimitedComposer, LimitError
from .models import Manifest


def load(path: Path) -> Manifest:
    """The manifest in a file.

    Raises ManifestError with every problem: YAML that cannot be read (then only that one), unknown or missing
    keys, unusable values, what does not fit together (agencies named twice, realms nobody declared), logos
    that cannot be shown, colours that cannot be read.
    """
    text = _read(path)
    data = _parsed(path, text, "safe")
    if not isinstance(data, dict):
        raise _unreadable(path, _("expected the keys realms, agencies, applications"))
    found: list[tuple[Place, str]] = []

    def report(where: Place, expected: str) -> None:
        found.append((where, expected))

    manifest: Manifest | None = None
    try:
        manifest = Manifest.model_validate(data, context={"folder": path.parent})
    except ValidationError as error:
        report_details(error, report)
    check_together(data, report)
    if manifest is None or found:
        lines = _parsed(path, text, "rt")  # slower, and knows where everything stands
        problems = [ManifestProblem(_line(lines, where), _key(where), expected) for where, expected in found]
        raise ManifestError(str(path), problems)
    return manifest


def schema() -> dict[str, Any]:
    """The manifest as a JSON Schema (draft 2020-12). What depends on several keys only `load` checks."""
    generated = Manifest.model_json_schema(by_alias=True)
    for model in generated["$defs"].values():
        for value in model.get("properties", {}).values():
            if isinstance(value.get("default"), int) and "pattern" in value:  # a duration, once read
                value["default"] = f"{value['default']}s"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | generated


def _unreadable(path: Path, why: str, line: int = 1) -> ManifestError:
    return ManifestError(str(path), [ManifestProblem(line, "file", why)])


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(path, reason_of(error)) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _unreadable(path, _("expected UTF-8 text"), line) from None


def _parsed(path: Path, text: str, kind: Literal["safe", "rt"]) -> object:
    if len(text) > MAX_BYTES:
        raise _unreadable(path, _("larger than {most} MB").format(most=MAX_BYTES >> 20))
    yaml = YAML(typ=kind, pure=True)
    yaml.Composer = LimitedComposer
    try:
        return yaml.load(text)
    except LimitError as error:
        raise _unreadable(path, error.problem, error.problem_mark.line + 1) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = str(error.problem or error.context or "not YAML").splitlines()[0]
        why = _("not readable as YAML: {what}{hint}").format(what=what, hint=_look_for(what))
        raise _unreadable(path, why, mark.line + 1 if mark is not None else 1) from None
    except (YAMLError, ValueError, TypeError) as error:  # the last for a list as a key
        what = str(error).splitlines()[0]
        raise _unreadable(path, _("not readable as YAML: {what}").format(what=what)) from None


def _look_for(what: str) -> str:
    """What to look for where a parser stumbled: its own words are those of YAML's grammar.

    Empty where they say enough, as of a key that is there twice.
    """
    if "duplicate key" in what:
        return ""
    if "\\t" in what:
        return _("; indent with spaces, not tabs")
    if "alias" in what:
        return _("; a text that begins with * wants quotes")
    return _("; look at the indentation, quotes and brackets of this line and of those before it")


def _line(document: object, where: Place) -> int:
    """The line a value stands on; of a missing key, the line of what should hold it."""
    line, node = 0, document
    for step in where:
        if isinstance(node, CommentedMap) and step in node:
            if step in node.lc.data:
                line = node.lc.key(step)[0]
            node = node[step]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            if step in node.lc.data:
                line = node.lc.item(step)[0]
            node = node[step]
        else:
            break
    return line + 1


def _key(where: Place) -> str:
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "file"
