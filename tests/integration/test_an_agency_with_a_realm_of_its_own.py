"""`isolation: realm`: everything works there unchanged, and the Extranet finds the realm by the codes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from local_mailbox import Mailbox
from tests.front import Front, Visitor, running_extranet
from tests.integration.stage import PERSONAL, Stage
from tests.realms import AGENCIES, APPLICATIONS, RealmMaker

OWN = "realm-of-3003-01"
ISOLATED = {"client": "3003", "societe": "01", "name": "Étoile", "isolation": "realm", "realm": OWN}
OTHER = APPLICATIONS[0] | {"client_id": "autre", "name": "Autre", "secret_file": "autre-secret"}


@pytest.fixture(scope="module")
def front(make_realm: RealmMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The Extranet in front of a shared realm and of one that belongs to the agency 3003/01."""
    directory = tmp_path_factory.mktemp("extranet")
    with running_extranet(make_realm, directory, (OTHER,), agencies=[*AGENCIES, ISOLATED]) as front:
        yield front


@pytest.fixture(scope="module")
def stage(front: Front, mailbox: Mailbox) -> Stage:
    """The agency's own realm, with an owner who has activated."""
    stage = Stage(replace(front.realm, name=OWN), mailbox)
    stage.load("I1", agency="3003/01")
    owner = stage.browser(client_id="autre")
    stage.begun(owner, "I1", agency="3003/01")
    assert owner.confirm(stage.link(stage.address("I1"))).screen == "login-address-confirmed"
    return stage


@pytest.fixture
def visitor(front: Front) -> Visitor:
    return Visitor(front.realm.server.url, front.realm.name, client_id="autre")


def test_codes_of_another_realm_lead_there_by_the_application(
    visitor: Visitor, front: Front, stage: Stage
) -> None:
    page = visitor.get(f"{front.url}/login")
    assert page.screen == "login-codes"
    assert page.url.startswith(front.realm.issuer)
    page = visitor.submit(page, client="3003", societe="01")
    assert page.screen == "login-welcome", page.text
    assert page.url.startswith(stage.realm.issuer)
    page = visitor.get(page.link("J'ai déjà un compte"))
    page = visitor.submit(page, username=stage.address("I1"), password=PERSONAL)
    assert page.url == f"{front.url}/", page.text
    assert "REF-I1" in page.text


def test_codes_that_no_realm_has_are_refused_where_they_were_typed(visitor: Visitor, front: Front) -> None:
    page = visitor.submit(visitor.get(f"{front.url}/login"), client="9999", societe="01")
    assert page.screen == "login-codes"
    assert page.url.startswith(front.realm.issuer)
    assert page.value("client") == "9999"


def test_a_personal_account_of_one_realm_is_none_in_the_other(front: Front, stage: Stage) -> None:
    stranger = Visitor(front.realm.server.url, front.realm.name, client_id="autre")
    assert stranger.signed_in_at(front.entrance, stage.address("I1"), PERSONAL).screen == "login-login"


def test_a_second_letter_of_the_agency_is_merged_there(front: Front, stage: Stage) -> None:
    stage.load("I2", agency="3003/01")
    owner = stage.browser(client_id="autre")
    page = owner.begin_activation("3003", "01", "I2", "Tulipe-I2-48", stage.address("I1"), PERSONAL)
    assert page.screen == "login-merged", page.text
    visitor = Visitor(front.realm.server.url, OWN, client_id="autre")
    page = visitor.signed_in_at(f"{front.url}/login?client=3003&societe=01", stage.address("I1"), PERSONAL)
    assert "REF-I1" in page.text
    assert "REF-I2" in page.text


def test_a_plan_finds_both_realms_as_they_should_be(front: Front) -> None:
    assert front.realm.moncompte("plan", "-f", front.realm.manifest) == 0
