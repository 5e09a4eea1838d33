import re
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.check.rules.default_passwords import USUAL
from tests.unit.check.samples import found, sound, with_client

EXTENSION = Path(__file__).parents[3] / "keycloak/extension/src/main/java/immo/moncompte/keycloak"
JAVA = EXTENSION / "owners" / "UsualPasswords.java"


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("Secret", [("error", "default_passwords", "extranet")]),
        ("extranet", [("error", "default_passwords", "extranet")]),
        ("tulipes-2026", [("warning", "default_passwords", "extranet")]),
        (None, []),
    ],
)
def test_a_secret_that_everybody_tries_is_an_error(
    secret: str | None, expected: list[tuple[str, str, str]]
) -> None:
    assert found(with_client(secret=secret)) == expected


def test_an_administrator_with_a_usual_password_is_an_error() -> None:
    installation = replace(sound(), usual_passwords=["alice"])
    assert found(installation) == [("error", "default_passwords", "alice")]


def test_the_server_tries_the_same_words() -> None:
    words = re.search(r"WORDS =\s+List\.of\((.*?)\);", JAVA.read_text(encoding="utf-8"), re.DOTALL)
    assert words is not None
    assert set(re.findall(r'"(\w+)"', words[1])) == USUAL


def test_accounts_of_the_first_start_are_told() -> None:
    installation = replace(sound(), temporary=["admin", "service-account-moncompte-cli"])
    assert found(installation) == [
        ("warning", "default_passwords", "admin"),
        ("notice", "default_passwords", "moncompte-cli"),
    ]
