"""How far a command is: lines now and then where there is no terminal."""

import pytest

from provisioning.terminal import ProgressOf
from provisioning.texts import speak


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(capsys: pytest.CaptureFixture[str], total: int, step: int, seconds: float) -> list[str]:
    """What is said of `total` done `step` by `step`, each taking so many seconds."""
    clock = Clock()
    speak("fr")
    with ProgressOf("Chargement", total, clock=clock) as progress:
        for _ in range(total // step):
            clock.now += seconds
            progress.advance(step)
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_a_hundred_thousand_owners_are_about_ten_lines(capsys: pytest.CaptureFixture[str]) -> None:
    said = lines(capsys, total=100_000, step=500, seconds=0.25)
    assert 9 <= len(said) <= 11
    assert said[0] == "Chargement : 10000 sur 100000 (10 %), 2000/s, encore 45 s"


def test_a_load_of_a_second_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, total=1000, step=100, seconds=0.1) == []


def test_a_slow_load_says_at_least_one_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    said = lines(capsys, total=10_000, step=50, seconds=30)
    assert len(said) >= 95
    assert said[0] == "Chargement : 100 sur 10000 (1 %), 2/s, encore 1 h 39 min"
