"""Each benchmark that needs PostgreSQL runs, with small numbers; what it measures then means nothing."""

import pytest

from benchmarks import load, scale
from tests.installation import Installation
from tests.realms import RealmMaker
from tests.server import PostgreSQLStack
from tools.mailbox import Mailbox


@pytest.fixture
def where(
    postgresql: PostgreSQLStack, mailbox: Mailbox, make_realm_on_postgresql: RealmMaker
) -> Installation:
    return Installation(postgresql.server, mailbox, make_realm_on_postgresql, postgresql.database)


@pytest.mark.parametrize("part", load.PARTS)
def test_loading(where: Installation, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert load.benchmark(where, part, load.options_of(["--small"])) == 0
    assert f"### {part}" in capsys.readouterr().out


def test_many_agencies(where: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    assert scale.benchmark(where, scale.options_of(["--small"])) == 0
    assert "### 4 agencies each way" in capsys.readouterr().out
