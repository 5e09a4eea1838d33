"""The API is what `docs/owners-api.yaml` says, and the examples of `docs/owners-api.md` load owners."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from ruamel.yaml import YAML

from tests.integration.desk import Desk, merge
from tests.integration.stage import Stage
from tests.integration.test_an_agency_sees_its_own import Agency, granted
from tests.realms import TestRealm

ROOT = Path(__file__).parents[2]
DESCRIPTION = ROOT / "docs" / "owners-api.yaml"
PAGE = (ROOT / "docs" / "owners-api.md").read_text(encoding="utf-8")
EXAMPLES = 12  # of each operation: a number, not a time, so that every run tries the same

# A batch is answered 200 whatever becomes of its single owners. An identifier may be blank, or the
# one that is moved: no schema says so.
CONFIGURATION = f"""
continue-on-failure = true
warnings.fail-on = ["missing_auth"]

[auth.openapi.client]
bearer = "${{TOKEN}}"

[dictionaries.identifiers]
values = {[f"P{number:05}" for number in range(10, 100)]}

[dictionaries.merges]
values = ["MERGE"]

[generation]
max-examples = {EXAMPLES}

[generation.dictionaries]
string = {{ dictionary = "identifiers", probability = 0.3 }}

[parameters]
"path.alias" = "1001-01"
"path.identifier" = {{ dictionary = "identifiers", probability = 0.8 }}
"path.id" = {{ dictionary = "merges", probability = 0.8 }}

[[operations]]
include-operation-id = "load"
checks.negative_data_rejection.expected-statuses = [200, 400, 401]

[[operations]]
include-operation-id = "move"
checks.positive_data_acceptance.expected-statuses = [200, 400, 404, 409]
"""


@pytest.fixture(scope="module")
def agency(realm: TestRealm) -> Agency:
    return granted(realm, "1001/01", name="it-api")


@pytest.fixture
def configuration(stage: Stage) -> str:
    """Owners to try everything on, one of them with a merge."""
    stage.load(*(f"P{number:05}" for number in range(20, 100)))
    merge(stage.activated("P00010"), stage.address("P00010"), "P00020")
    merges = Desk(stage).show("P00010")["merges"]
    stage.activated("P00011")
    return CONFIGURATION.replace("MERGE", merges[0]["id"])


def strict(schema: Any) -> Any:
    """A schema that allows no property it does not name."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "object" and "properties" in schema:
        schema.setdefault("additionalProperties", False)
    return {name: strict(value) for name, value in schema.items()}


def test_nothing_is_found_that_is_not_described(agency: Agency, configuration: str, tmp_path: Path) -> None:
    description = strict(YAML(typ="safe").load(DESCRIPTION))
    with (tmp_path / "owners-api.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(description, file)
    (tmp_path / "schemathesis.toml").write_text(configuration, encoding="utf-8")
    base = f"{agency.realm.admin_url}/moncompte/v1"
    command = ["-m", "schemathesis.cli", "run", "owners-api.yaml", "--url", base, "--seed", "1"]
    done = subprocess.run(
        [sys.executable, *command, "--phases", "examples,coverage,fuzzing"],
        cwd=tmp_path,
        env={**os.environ, "TOKEN": agency.token().json()["access_token"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_server_has_the_description_for_whoever_has_a_token(agency: Agency) -> None:
    path = f"/admin/realms/{agency.realm.name}/moncompte/v1/openapi.yaml"
    answer = agency.call("GET", path)
    assert answer.headers["Content-Type"].startswith("application/yaml")
    assert answer.content == DESCRIPTION.read_bytes()
    assert requests.get(f"{agency.realm.server.url}{path}", timeout=60).status_code == 401


@pytest.mark.parametrize(("language", "identifier"), [("sh", "P00012"), ("python", "P00013")])
def test_an_example_loads_an_owner_once(
    realm: TestRealm, stage: Stage, tmp_path: Path, language: str, identifier: str
) -> None:
    agency = granted(realm, "2002/01", name="it-example")
    code = "\n".join(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL))
    assert language == "sh" or len([line for line in code.splitlines() if line]) <= 20
    interpreter = ["bash", "-eu", "-o", "pipefail", "-c"] if language == "sh" else [sys.executable, "-c"]
    environment = {
        "SERVER": realm.server.url,
        "REALM": realm.name,
        "AGENCY": "2002-01",
        "CLIENT_ID": agency.client_id,
        "SECRET_FILE": str(agency.secret_file),
    }
    outcomes = []
    for _ in range(2):
        done = subprocess.run(
            [*interpreter, code],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        outcomes += re.findall(r"""["']outcome["']: ?["'](\w+)""", done.stdout)
    assert outcomes == ["created", "unchanged"]
    line = (tmp_path / "letters.csv").read_text(encoding="utf-8").splitlines()[0]
    assert line.startswith(f"{identifier};")
    password = line.removeprefix(f"{identifier};")
    assert stage.browser().prove("2002", "01", identifier, password).screen == "login-address"
