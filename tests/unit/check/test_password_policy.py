import pytest

from provisioning.check.rules.realms import bits
from tests.unit.check.samples import found, with_settings

FOUR = "upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)"
THREE = "upperCase(1) and lowerCase(1) and digits(1)"
WARNING = [("warning", "password_policy", "passwordPolicy")]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (f"length(6) and {FOUR}", WARNING),
        (f"length(7) and {FOUR}", WARNING),
        (f"length(8) and {FOUR}", []),
        (f"length(8) and {THREE} and notUsername", []),
        ("length(8) and digits(1)", WARNING),
        ("length(16)", []),
        ("", WARNING),
        ("digits(8)", WARNING),
        (f"length(6) and {FOUR} and regexPattern(length(20))", WARNING),
    ],
)
def test_with_throttling_fifty_bits_are_asked_for(policy: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(with_settings(passwordPolicy=policy)) == expected


@pytest.mark.parametrize(
    ("policy", "enough"),
    [(f"length(8) and {FOUR}", False), (f"length(12) and {FOUR}", True), (f"length(14) and {THREE}", True)],
)
def test_without_throttling_eighty(policy: str, enough: bool) -> None:
    findings = found(with_settings(passwordPolicy=policy, bruteForceProtected=False))
    assert (WARNING[0] not in findings) is enough


def test_six_characters_of_four_types_are_thirty_nine_bits() -> None:
    assert int(bits(6, ["lowerCase", "upperCase", "digits", "specialChars"])) == 39
