"""Reading the manifest, with errors that name the line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ...errors import ManifestError, ManifestProblem, reason_of
from ...texts import _
from .cross_checks import check_colours, check_keys, check_logos, check_together
from .errors import Place, report_details
from .limits import MAX_BYTES, LimitedComposer, LimitError
from .models import Manifest


def load(path: Path, *, with_files: bool = True) -> Manifest:
    """The manifest in a file.

    with_files  whether to look through the files it names, logos and keys; who reads what lives where has
                none

    Raises ManifestError with every problem: YAML that cannot be read (then only that one), unknown or missing
    keys, unusable values, what does not fit together (agencies named twice, realms nobody declared), logos
    that cannot be shown, colours that cannot be read.
    """
    document = _read_yaml(path)
    problems: list[ManifestProblem] = []

    def report(where: Place, expected: str) -> None:
        problems.append(ManifestProblem(_line(document, where), _key(where), expected))

    data = _plain(document)
    if not isinstance(data, dict):
        raise ManifestError(
            str(path), [ManifestProblem(1, "file", _("expected the keys realms, agencies, applications"))]
        )

    manifest: Manifest | None = None
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        report_details(error, report)
    check_together(data, report)
    if with_files:
        check_logos(data, path.parent, report)
        check_keys(data, path.parent, report)
    check_colours(data, report)
    if manifest is None or problems:
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


def _read_yaml(path: Path) -> object:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ManifestError(str(path), [ManifestProblem(1, "file", reason_of(error))]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ManifestError(str(path), [ManifestProblem(line, "file", _("expected UTF-8 text"))]) from None
    if len(text) > MAX_BYTES:
        raise ManifestError(
            str(path),
            [ManifestProblem(1, "file", _("larger than {most} MB").format(most=MAX_BYTES >> 20))],
        )
    yaml = YAML(typ="rt")
    yaml.Composer = LimitedComposer
    try:
        return yaml.load(text)
    except LimitError as error:
        raise ManifestError(
            str(path), [ManifestProblem(error.problem_mark.line + 1, "file", error.problem)]
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        what = str(error.problem or error.context or "not YAML").splitlines()[0]
        raise ManifestError(
            str(path),
            [
                ManifestProblem(
                    line,
                    "file",
                    _("not readable as YAML: {what}{hint}").format(what=what, hint=_look_for(what)),
                )
            ],
        ) from None
    except (YAMLError, ValueError, TypeError) as error:  # the last for a list as a key
        what = str(error).splitlines()[0]
        raise ManifestError(
            str(path), [ManifestProblem(1, "file", _("not readable as YAML: {what}").format(what=what))]
        ) from None


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


def _plain(node: object) -> object:
    """The document as plain Python values, without ruamel's classes."""
    if isinstance(node, Mapping):
        return {key if isinstance(key, str) else str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool):
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


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
