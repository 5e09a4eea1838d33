"""Who has no contract and does not sign in is warned, then deleted (CNIL); nobody else, and no contract is
lost (rule 6)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.integration.stage import Stage, eventually, username
from tests.realms import RealmMaker, TestRealm
from tools.mailbox import Mail
from tools.ports import free_port

WARNING = "Votre compte Extranet va être supprimé"
SOON = 90.0
"""Seconds for what the server does by itself. It looks every few seconds; the machine may be busy."""

DAYS = {"inactive": "1s", "inactive_notice": "30d"}
AT_ONCE = {"inactive": "1s", "inactive_notice": "1s"}


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    return make_realm(lifetimes=DAYS)


def without_contracts(stage: Stage, identifier: str) -> None:
    """A personal account whose last contract has ended."""
    stage.activated(identifier)
    end_contract(stage, identifier)


def end_contract(stage: Stage, identifier: str) -> None:
    ended = [{"identifier": identifier, "reference": f"REF-{identifier}", "role": "copropriétaire"}]
    stage.admin.do("POST", "moncompte/v1/agencies/1001-01/contracts/end", {"contracts": ended})


def warned(stage: Stage, identifier: str, after: Mail | None = None) -> Mail:
    return stage.mailbox.wait_for(to=stage.address(identifier), subject=WARNING, after=after, timeout=SOON)


def write_lifetimes(realm: TestRealm, lifetimes: dict[str, str]) -> None:
    """Has the realm's manifest say so."""
    content = json.loads(realm.manifest.read_text(encoding="utf-8"))
    content["realms"][0]["lifetimes"] = lifetimes
    realm.manifest.write_text(json.dumps(content), encoding="utf-8")


def settle(realm: TestRealm, lifetimes: dict[str, str]) -> None:
    """Has the realm be so."""
    write_lifetimes(realm, lifetimes)
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0


def is_there(stage: Stage, identifier: str) -> bool:
    return bool(stage.admin.read("users", email=stage.address(identifier), exact="true"))


def test_an_owner_without_contracts_is_warned_and_goes_unless_they_come_back(
    stage: Stage, realm: TestRealm, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(realm, DAYS)
    stage.load("PROVISIONAL")
    stage.activated("WITH")
    for identifier in ("PROMISED", "BACK", "AGAIN"):
        without_contracts(stage, identifier)
    first = {identifier: warned(stage, identifier) for identifier in ("PROMISED", "BACK", "AGAIN")}
    for mail in (first["PROMISED"], first["BACK"]):
        assert "supprimé dans 30 jours" in mail.text
        assert "localhost:8000" in mail.text, "the way back to the application"
        assert "30 jours" in mail.html

    # A sign-in begins it anew: there is another warning, and not the deletion, after it.
    assert stage.gets_in(stage.address("AGAIN"))
    second = warned(stage, "AGAIN", after=first["AGAIN"])

    # A contract that comes back ends it.
    stage.load("BACK", reference="NEW")

    write_lifetimes(realm, AT_ONCE)
    capsys.readouterr()
    assert realm.moncompte("plan", "-f", realm.manifest) == 3
    assert "moncompte-delete-inactive after 1s" in capsys.readouterr().out
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert realm.moncompte("plan", "-f", realm.manifest) == 0

    for identifier in ("AGAIN", "BACK"):
        assert stage.gets_in(stage.address(identifier)), "so that the new time counts"
    warned(stage, "AGAIN", after=second)
    eventually(lambda: not is_there(stage, "AGAIN"), "the account is deleted", SOON)
    details = [event["details"] for event in stage.admin.events("DELETE_ACCOUNT")]
    assert {"identifiers": "1001/01/again", "action": "inactive"} in [
        {key: one[key] for key in ("identifiers", "action")} for one in details
    ]

    back = stage.admin.read("users", email=stage.address("BACK"), exact="true")[0]["id"]
    eventually(lambda: stage.admin.read(f"workflows/scheduled/{back}") == [], "nothing waits", SOON)
    assert is_there(stage, "BACK")
    assert is_there(stage, "PROMISED"), "what was announced to an owner is kept: 30 days"
    assert is_there(stage, "WITH")
    sent = [mail.subject for mail in stage.mailbox.messages() if mail.is_for(stage.address("WITH"))]
    assert sent, "the one that activated it"
    assert WARNING not in sent
    assert stage.account("PROVISIONAL")["username"] == username("PROVISIONAL")

    # The identifier is free: the agency's next file makes a provisional account of it.
    stage.load("AGAIN", reference="LATER")
    assert stage.account("AGAIN")["enabled"]


def test_a_contract_that_came_and_went_begins_it_anew(stage: Stage, realm: TestRealm) -> None:
    settle(realm, {"inactive": "1s", "inactive_notice": "20s"})
    without_contracts(stage, "RETURNED")
    first = warned(stage, "RETURNED")
    stage.load("RETURNED")
    end_contract(stage, "RETURNED")
    second = warned(stage, "RETURNED", after=first)
    assert is_there(stage, "RETURNED"), "20 seconds after the first warning, which stands no longer"
    assert int(second.id) - int(first.id) > 20e9
    eventually(lambda: not is_there(stage, "RETURNED"), "the account is deleted", SOON)


def test_who_could_not_be_warned_because_frozen_is_not_deleted_once_free(
    stage: Stage, realm: TestRealm
) -> None:
    settle(realm, {"inactive": "1s", "inactive_notice": "20s"})
    stage.activated("FROZEN")
    account = stage.admin.user(stage.address("FROZEN"))
    stage.admin.update(account, enabled=False)
    end_contract(stage, "FROZEN")
    waiting = f"workflows/scheduled/{account['id']}"
    eventually(lambda: "COMPLETED" in json.dumps(stage.admin.read(waiting)), "the warning has passed", SOON)
    stage.admin.update(stage.admin.user(stage.address("FROZEN")), enabled=True)
    warned(stage, "FROZEN")
    eventually(lambda: not is_there(stage, "FROZEN"), "the account is deleted", SOON)


class Refusing:
    """A mail server that takes no mail, and counts those it was asked to take."""

    refused = 0

    async def handle_MAIL(self, *_: Any) -> str:  # noqa: N802 - the name aiosmtpd calls
        self.refused += 1
        return "451 Not now"


@pytest.fixture
def busy(realm: TestRealm) -> Iterator[tuple[Refusing, dict[str, str]]]:
    """A mail server that refuses, and the realm's settings that lead to it."""
    handler, port = Refusing(), free_port()
    controller = Controller(handler, hostname="0.0.0.0", port=port, server_hostname="localhost")
    controller.start()
    yield handler, {"host": realm.server.smtp_host, "port": str(port), "from": "webmaster@moncompte.immo"}
    controller.stop()


def test_nobody_is_deleted_whose_warning_could_not_be_sent(
    stage: Stage, realm: TestRealm, busy: tuple[Refusing, dict[str, str]]
) -> None:
    server, settings = busy
    settle(realm, AT_ONCE)
    mail = stage.admin.read("")["smtpServer"]
    stage.activated("UNTOLD")
    stage.admin.set_realm(smtpServer=settings)
    end_contract(stage, "UNTOLD")
    eventually(lambda: server.refused >= 3, "the warning is tried again and again", SOON)
    assert is_there(stage, "UNTOLD"), "a second after the first try it would have been deleted"
    stage.admin.set_realm(smtpServer=mail)
    warned(stage, "UNTOLD")
    eventually(lambda: not is_there(stage, "UNTOLD"), "the account is deleted", SOON)


def test_a_workflow_changed_by_hand_shows_and_without_inactive_there_is_none(
    realm: TestRealm, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(realm, DAYS)
    [workflow] = stage.admin.read("workflows")
    stage.admin.do("PUT", f"workflows/{workflow['id']}", workflow | {"enabled": False, "if": ""})
    capsys.readouterr()
    assert realm.moncompte("plan", "-f", realm.manifest) == 3
    shown = capsys.readouterr().out
    assert "enabled: false → true" in shown
    assert "if: nothing → has-user-attribute" in shown
    settle(realm, {})
    assert stage.admin.read("workflows") == []
    assert realm.moncompte("plan", "-f", realm.manifest) == 0
