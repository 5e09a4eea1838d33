"""The server is built for PostgreSQL once for each build of the distribution. The kc.sh here is a script."""

from pathlib import Path

import pytest

from tools import ToolError
from tools.keycloak import built_for_postgresql


@pytest.fixture
def distribution(tmp_path: Path) -> Path:
    """Looks like a built server; its kc.sh notes each build, and fails while a file `broken` is there."""
    root = tmp_path / "server"
    for folder in ("bin", "conf", "providers", "themes", "lib/app", "lib/lib", "lib/quarkus"):
        (root / folder).mkdir(parents=True)
    (root / "lib" / "quarkus-run.jar").touch()
    (root / "conf" / "keycloak.conf").write_text(
        "# options\ndb=dev-file\nfeatures=ours\nmetrics-enabled=true\n"
    )
    (root / "providers" / "moncompte.jar").write_text("one")
    (root / "built").touch()
    script = root / "bin" / "kc.sh"
    broken = tmp_path / "broken"
    script.write_text(
        f'#!/bin/sh\necho "built $*" >> {tmp_path}/builds\n[ ! -e {broken} ] || {{ echo no; exit 1; }}\n'
    )
    script.chmod(0o755)
    return root


def builds(distribution: Path) -> int:
    """How often kc.sh has built."""
    file = distribution.parent / "builds"
    return file.read_text().count("built build\n") if file.exists() else 0


def test_it_is_built_once_with_the_options_of_the_other_but_the_database(
    distribution: Path,
) -> None:
    server = built_for_postgresql(distribution)
    assert built_for_postgresql(distribution) == server
    assert builds(distribution) == 1
    options = (server / "conf" / "keycloak.conf").read_text().splitlines()
    assert options == [
        "# options",
        "features=ours",
        "metrics-enabled=true",
        "db=postgres",
    ]
    assert (distribution / "conf" / "keycloak.conf").read_text().count("db=dev-file") == 1
    assert (server / "providers" / "moncompte.jar").read_text() == "one"


def test_it_is_built_anew_when_the_distribution_was(distribution: Path) -> None:
    built_for_postgresql(distribution)
    (distribution / "providers" / "moncompte.jar").write_text("two")
    (distribution / "built").unlink()
    (distribution / "built").touch()
    server = built_for_postgresql(distribution)
    assert builds(distribution) == 2
    assert (server / "providers" / "moncompte.jar").read_text() == "two"


def test_a_build_that_failed_is_told_and_tried_again(distribution: Path) -> None:
    (distribution.parent / "broken").touch()
    with pytest.raises(ToolError, match="could not be built for PostgreSQL: no"):
        built_for_postgresql(distribution)
    (distribution.parent / "broken").unlink()
    assert (built_for_postgresql(distribution) / "built").exists()


def test_without_a_built_distribution_there_is_nothing_to_build_from(distribution: Path) -> None:
    (distribution / "built").unlink()
    with pytest.raises(ToolError, match="make build"):
        built_for_postgresql(distribution)
