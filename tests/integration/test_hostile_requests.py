"""Whatever is sent, no answer and no line of the log tells of an error of ours (tests/fuzz.py)."""

from pathlib import Path

import pytest

from tests.fuzz import Fuzzer, logged
from tests.integration.stage import Stage
from tests.realms import RealmMaker, TestRealm


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    return make_realm(limits={"per_source": 10**6, "failures": 10**6, "mails_per_hour": 10**6})


def test_hostile_requests_lead_to_no_error(stage: Stage) -> None:
    log = Path(stage.realm.server.log)
    since = log.stat().st_size if log.exists() else 0
    fuzzer = Fuzzer(stage, seed=20261130)
    fuzzer.run(300)
    assert fuzzer.problems == []
    if log.exists():
        assert [line for line in logged(log, since) if "Uncaught" in line] == []
