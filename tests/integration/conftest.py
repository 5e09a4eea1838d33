"""The stage of a module: its `realm`, which a module may make to its own taste, with mails and Admin API."""

import pytest

from tests.integration.stage import Stage
from tests.realms import TestRealm
from tools.mailbox import Mailbox


@pytest.fixture(scope="module")
def stage(realm: TestRealm, mailbox: Mailbox) -> Stage:
    """The realm of the module to play on."""
    return Stage(realm, mailbox)
