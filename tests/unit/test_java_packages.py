"""The Java packages import in one direction."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

JAVA = Path(__file__).parents[2] / "keycloak/extension/src/main/java/immo/moncompte/keycloak"

# A package may import only those after it.
PACKAGES = [
    "signin",
    "owners",
    "profile",
    "merge",
    "activation",
    "password",
    "token",
    "core",
    "account",
]


def test_the_packages_are_the_nine_that_architecture_md_names() -> None:
    assert sorted(folder.name for folder in JAVA.iterdir()) == sorted(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_packages_below_it(package: str) -> None:
    below = PACKAGES[PACKAGES.index(package) :]
    upward = [
        f"{file.name} imports {name}"
        for file in (JAVA / package).glob("*.java")
        for name in re.findall(r"immo\.moncompte\.keycloak\.(\w+)\.\w+", file.read_text(encoding="utf-8"))
        if name not in below
    ]

    assert upward == []
