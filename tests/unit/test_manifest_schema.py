"""The published JSON Schema: it is the manifest's, and an editor that reads it marks mistakes."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from provisioning import cli
from provisioning.realm import manifest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def sample() -> Any:
    return YAML(typ="safe").load(ROOT / "samples" / "moncompte.yaml")


def test_the_published_schema_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["schema"]) == 0
    published = (ROOT / "docs" / "moncompte.schema.json").read_text(encoding="utf-8")
    assert capsys.readouterr().out == published, (
        "run: .venv/bin/moncompte schema > docs/moncompte.schema.json"
    )


def test_the_sample_is_valid_and_names_the_schema(sample: Any) -> None:
    assert list(Draft202012Validator(manifest.schema()).iter_errors(sample)) == []
    first = (ROOT / "samples" / "moncompte.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../docs/moncompte.schema.json"


def test_mistakes_are_marked(sample: Any) -> None:
    sample["agencies"][0]["colour"] = "red"
    sample["realms"][0]["lifetimes"]["provisional"] = "a month"
    sample["applications"][0].pop("client_id")
    found = {error.message for error in Draft202012Validator(manifest.schema()).iter_errors(sample)}
    assert len(found) == 3, found


def test_defaults_are_written_as_a_person_writes_them() -> None:
    lifetimes: Any = manifest.schema()["$defs"]["Lifetimes"]["properties"]
    defaults = [lifetime["default"] for lifetime in lifetimes.values()]
    assert all(manifest.seconds(default) > 0 for default in defaults if default is not None)  # none: never
