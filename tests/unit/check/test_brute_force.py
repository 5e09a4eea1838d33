from dataclasses import replace

import pytest

from tests.unit.check.samples import found, sound, with_settings

STRONG = "length(12) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)"


def test_a_realm_that_does_not_throttle_is_an_error() -> None:
    installation = with_settings(bruteForceProtected=False, passwordPolicy=STRONG)
    assert found(installation) == [("error", "brute_force", "bruteForceProtected")]


def test_a_lock_without_an_end_is_a_warning() -> None:
    assert found(with_settings(permanentLockout=True)) == [("warning", "brute_force", "permanentLockout")]


@pytest.mark.parametrize(("failures", "severity"), [(11, "notice"), (100, "notice"), (101, "warning")])
def test_a_limit_above_the_usual_is_told(failures: int, severity: str) -> None:
    assert found(with_settings(failureFactor=failures)) == [(severity, "brute_force", "failureFactor")]


@pytest.mark.parametrize("setting", ["waitIncrementSeconds", "maxFailureWaitSeconds"])
def test_a_lock_that_lasts_no_time_is_an_error(setting: str) -> None:
    assert found(with_settings(**{setting: 0})) == [("error", "brute_force", setting)]


@pytest.mark.parametrize(("attempts", "severity"), [(101, "notice"), (1000, "notice"), (1001, "warning")])
def test_a_source_that_may_guess_on_is_told(attempts: int, severity: str) -> None:
    installation = with_settings(attributes={"moncompte.perSource": str(attempts)})
    assert found(installation) == [(severity, "brute_force", "moncompte.perSource")]


@pytest.mark.parametrize("typed", ["ten", "1e3", "100 per hour"])
def test_a_limit_that_is_no_number_is_an_error(typed: str) -> None:
    installation = with_settings(attributes={"moncompte.perSource": typed})
    assert found(installation) == [("error", "brute_force", "moncompte.perSource")]


def test_master_without_throttling_is_a_warning() -> None:
    master = replace(sound().master, settings={"bruteForceProtected": False})
    assert found(replace(sound(), master=master)) == [("warning", "brute_force", "bruteForceProtected")]
