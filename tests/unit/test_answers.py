"""Answers that are JSON only at first sight, or of another shape, are refused in words."""

from collections.abc import Callable

import pytest
from keycloak.exceptions import KeycloakGetError
from requests import Response

from provisioning.errors import RefusedError, StepError
from provisioning.realm import plan
from provisioning.realm.plan import RealmPlan, carry_out, plan_realms
from provisioning.realm.steps import Step
from provisioning.realm.templates import DesiredRealm
from provisioning.server.connection import Connection
from provisioning.server.keycloak import Keycloak, Settings
from tests.unit.test_plan import wanted_realms


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Keycloak]:
    """A server that gives this answer to everything."""

    def made(content: bytes) -> Keycloak:
        response = Response()
        response.status_code = 200
        response._content = content
        monkeypatch.setattr(Connection, "_checked", lambda *_: response)
        return Keycloak(Settings("http://127.0.0.1:1", "nobody", "nothing"))

    return made


@pytest.mark.parametrize("content", [b'{"results": [', b"[1, 2", b"{<html>}"])
def test_broken_json_is_not_keycloaks(answering: Callable[[bytes], Keycloak], content: bytes) -> None:
    keycloak = answering(content)
    for ask in (
        lambda: keycloak.get("r", "clients"),
        lambda: keycloak.find("r"),
        lambda: keycloak.post("r", "clients", body={}),
        lambda: keycloak.put("r", "clients", body={}),
        lambda: keycloak.installation("r"),
        lambda: keycloak.load_owners(
            "r", "1001-01", [{}], dry_run=True, replace_passwords=False, same_person=False
        ),
    ):
        with pytest.raises(RefusedError, match="not Keycloak's JSON"):
            ask()


@pytest.mark.parametrize("content", [b"", b"[]", b"[{}]", b"{}", b'{"results": {}}', b'{"results": []}'])
def test_a_batch_is_answered_with_one_result_an_owner(
    answering: Callable[[bytes], Keycloak], content: bytes
) -> None:
    with pytest.raises(RefusedError, match="one result an owner"):
        answering(content).load_owners(
            "r", "1001-01", [{}], dry_run=True, replace_passwords=False, same_person=False
        )


@pytest.mark.parametrize("error", [KeycloakGetError("odd"), KeyError("id"), TypeError("list")])
def test_a_step_whose_answer_has_another_shape_fails_as_a_step(
    answering: Callable[[bytes], Keycloak], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setitem(plan._APPLY, "client", fail)
    steps = (Step("realm", "r", "r", "unchanged"), Step("client", "r", "extranet", "change"))
    told = carry_out(answering(b""), RealmPlan(DesiredRealm.__new__(DesiredRealm), steps))
    assert next(told) == steps[0]
    with pytest.raises(StepError, match=r"client extranet of realm r: .*not Keycloak's JSON"):
        next(told)


@pytest.mark.parametrize("content", [b"[]", b"{}", b'[{"id": 1}]', b'{"realm": "r"}'])
def test_a_realm_whose_answers_have_another_shape_cannot_be_planned(
    answering: Callable[[bytes], Keycloak], content: bytes
) -> None:
    [wanted, *_] = wanted_realms()
    with pytest.raises(RefusedError, match="not Keycloak's JSON"):
        plan_realms(answering(content), [wanted])
