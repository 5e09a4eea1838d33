"""`isolation: realm`: everything works there unchanged, and the Extranet finds the realm by the codes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.front import Front, Visitor, running_extranet
from tests.integration.desk import Capture, Desk, merge
from tests.integration.stage import BY_MAIL, PERSONAL, RESET, Stage, provisional
from tests.integration.test_letters import password_on
from tests.owner import Owner, Page, link_to
from tests.realms import AGENCIES, APPLICATIONS, RealmMaker
from tests.unit.letter_pages import pages
from tools.mailbox import Mailbox

OWN = "realm-of-3003-01"
ISOLATED = {"client": "3003", "societe": "01", "name": "Étoile", "isolation": "realm", "realm": OWN}
OTHER = APPLICATIONS[0] | {"client_id": "autre", "name": "Autre", "secret_file": "autre-secret"}
AGENCY = "3003/01"
NEW = "Orage-77?y"


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
    activated(stage, "I1")
    return stage


def activated(stage: Stage, identifier: str) -> Owner:
    """The browser of an owner of the agency who has activated, not signed in yet."""
    stage.load(identifier, agency=AGENCY)
    owner = stage.browser(client_id="autre")
    stage.begun(owner, identifier, agency=AGENCY)
    assert owner.confirm(stage.link(stage.address(identifier))).screen == "login-address-confirmed"
    return owner


def gets_in(stage: Stage, identifier: str, password: str) -> bool:
    return stage.browser(client_id="autre").sign_in(stage.address(identifier), password).code is not None


def contracts(front: Front, stage: Stage, identifier: str) -> Page:
    """« Profil » of the Extranet, signed in to by the agency's address."""
    visitor = Visitor(front.realm.server.url, OWN, client_id="autre")
    entrance = f"{front.url}/login?client=3003&societe=01"
    return visitor.signed_in_at(entrance, stage.address(identifier), PERSONAL)


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
    stage.load("I2", agency=AGENCY)
    owner = stage.browser(client_id="autre")
    page = owner.begin_activation("3003", "01", "I2", provisional("I2"), stage.address("I1"), PERSONAL)
    assert page.screen == "login-merged", page.text
    page = contracts(front, stage, "I1")
    assert "REF-I1" in page.text
    assert "REF-I2" in page.text


def test_two_accounts_are_merged_at_s7_and_s8_there(front: Front, stage: Stage) -> None:
    owner = activated(stage, "S1")
    stage.load("S2", agency=AGENCY)
    merge(owner, stage.address("S1"), "S2", AGENCY)
    page = contracts(front, stage, "S1")
    assert "REF-S1" in page.text
    assert "REF-S2" in page.text


@pytest.mark.parametrize("by", ["address", "identifier"])
def test_a_forgotten_password_is_chosen_anew_there(stage: Stage, by: str) -> None:
    identifier = f"F{by}"
    owner = activated(stage, identifier)
    typed = stage.address(identifier) if by == "address" else identifier
    assert owner.forgotten(typed, "3003", "01").screen == "login-forgotten-sent"
    link = link_to("reset", stage.mail(stage.address(identifier), RESET).text)
    assert link.startswith(stage.realm.issuer)
    assert owner.reset(link, NEW).screen == "login-reset-done"
    assert gets_in(stage, identifier, NEW)
    assert not gets_in(stage, identifier, PERSONAL)


def test_who_never_activated_does_so_by_mail_there(stage: Stage) -> None:
    stage.load("M1", agency=AGENCY)
    owner = stage.browser(client_id="autre")
    owner.forgotten("M1", "3003", "01")
    link = link_to("activate", stage.mail(stage.address("M1"), BY_MAIL).text)
    owner.activate_by_mail(link, PERSONAL)
    assert gets_in(stage, "M1", PERSONAL)


def test_a_password_is_changed_there(stage: Stage) -> None:
    owner = activated(stage, "C1")
    assert owner.sign_in(stage.address("C1"), PERSONAL).code is not None
    page = owner.ask_action("moncompte-update-password")
    page = owner.submit(page, password=PERSONAL, password_new=NEW, password_confirm=NEW)
    assert page.action_status == "success", page.text
    assert gets_in(stage, "C1", NEW)
    assert not gets_in(stage, "C1", PERSONAL)


def test_a_letter_leads_from_the_file_to_the_contracts_there(
    front: Front, stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    line = {"identifiant": "L1", "mot_de_passe": "", "email": stage.address("L1"), "reference": "REF-L1"}
    for said in ("created: 1", "unchanged: 1"):
        capsys.readouterr()
        assert stage.realm.load(AGENCY, line, options=("--lang", "en")) == 0
        assert said in capsys.readouterr().out
    loaded, letters = stage.realm.directory / "owners-3003-01.csv", tmp_path / "letters.pdf"
    credentials = stage.realm.credentials(AGENCY)
    command = ("letters", loaded, "-o", letters, "--credentials", credentials)
    assert Desk(stage, AGENCY).run(*command) == 0
    (letter,) = pages(letters)
    visitor = Visitor(front.realm.server.url, OWN, client_id="autre")
    page = visitor.get(letter.codes[0])
    assert page.screen == "login-provisional", page.text
    assert page.url.startswith(stage.realm.issuer)
    page = visitor.submit(page, identifier=page.value("identifier"), password=password_on(letter))
    page = visitor.submit(page, email=page.value("email"))
    page = visitor.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    assert page.screen == "login-verify-address", page.text
    assert visitor.confirm(stage.link(stage.address("L1"))).screen == "login-address-confirmed"
    assert "REF-L1" in contracts(front, stage, "L1").text


def test_a_plan_finds_both_realms_as_they_should_be(front: Front) -> None:
    assert front.realm.moncompte("plan", "-f", front.realm.manifest) == 0
