from dataclasses import replace

import pytest

from tests.unit.check.samples import found, sound, with_client


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("Secret", [("error", "default_passwords", "extranet")]),
        ("extranet", [("error", "default_passwords", "extranet")]),
        ("tulipes-2026", [("error", "default_passwords", "extranet")]),
        (None, []),
    ],
)
def test_a_secret_that_somebody_typed_is_an_error(
    secret: str | None, expected: list[tuple[str, str, str]]
) -> None:
    assert found(with_client(secret=secret)) == expected


def test_an_administrator_with_a_usual_password_is_an_error() -> None:
    installation = replace(sound(), usual_passwords=["alice"])
    assert found(installation) == [("error", "default_passwords", "alice")]


def test_accounts_of_the_first_start_are_told() -> None:
    installation = replace(sound(), temporary=["admin", "service-account-moncompte-cli"])
    assert found(installation) == [
        ("warning", "default_passwords", "admin"),
        ("notice", "default_passwords", "moncompte-cli"),
    ]
