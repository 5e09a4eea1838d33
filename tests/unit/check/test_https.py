from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.check.samples import NOW, found, sound, with_realm, with_settings


def issued_by(issuer: str | None) -> list[tuple[str, str, str]]:
    return found(with_realm(issuer=issuer, forged_issuers={}))


def test_http_is_an_error_and_on_this_machine_a_notice() -> None:
    assert issued_by("http://compte.example.org/realms/moncompte") == [("error", "https", "issuer")]
    assert issued_by("http://localhost:8080/realms/moncompte") == [("notice", "https", "issuer")]


def test_a_realm_that_does_not_answer_is_an_error() -> None:
    assert issued_by(None) == [("error", "https", "issuer")]


def test_http_taken_from_anywhere_is_an_error() -> None:
    assert found(with_settings(sslRequired="none")) == [("error", "https", "sslRequired")]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-1, [("error", "https", "certificate")]),
        (20, [("warning", "https", "certificate")]),
        (22, []),
    ],
)
def test_a_certificate_is_told_before_it_ends(days: int, expected: list[tuple[str, str, str]]) -> None:
    assert found(replace(sound(), certificate_ends=NOW + timedelta(days=days))) == expected
