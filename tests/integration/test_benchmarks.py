"""Each benchmark runs, with small numbers; what it measures then means nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks import letters, signin, strangers, weight
from benchmarks.options import parse, parser
from tests.installation import Installation
from tests.realms import RealmMaker
from tests.server import ServerUnderTest
from tools.mailbox import Mailbox

ROOT = Path(__file__).parents[2]


@pytest.fixture
def where(server: ServerUnderTest, mailbox: Mailbox, make_realm: RealmMaker) -> Installation:
    return Installation(server, mailbox, make_realm)


def test_letters(capsys: pytest.CaptureFixture[str]) -> None:
    letters.run(parse(parser(None), letters.NUMBERS, ["--small"]))
    assert "50 letters in 1 files" in capsys.readouterr().out


def test_strangers(capsys: pytest.CaptureFixture[str]) -> None:
    assert strangers.run(parse(parser(None), strangers.NUMBERS, ["--small"])) == 0
    assert "100 requests of strangers" in capsys.readouterr().out


def test_signing_in_beside_the_stock_flow(where: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    assert signin.benchmark(where, signin.options_of(["--small"])) == 0
    assert "| ours, S6 : stock |" in capsys.readouterr().out


def test_the_weight_of_the_sign_in_page(where: Installation, browser: Browser) -> None:
    # Its targets do not depend on the machine.
    assert weight.run(where, browser) == 0


def test_the_time_of_an_answer_of_a_server_of_its_own() -> None:
    command = [sys.executable, "-m", "benchmarks.timing", "--small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "merging twice at once, unknown" in done.stdout
