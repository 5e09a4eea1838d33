"""Rule 11: which version of the terms, and when; a new one is asked for at the next sign-in."""

import time

import pytest

from tests.integration.stage import PERSONAL, Stage

NEW = "2027-03"


def recorded(stage: Stage, identifier: str) -> tuple[str, int]:
    """Version and time that the account keeps."""
    attributes = stage.admin.user(stage.address(identifier))["attributes"]
    return attributes["terms_version"][0], int(attributes["terms_accepted_at"][0])


def publish(stage: Stage, version: str | None) -> None:
    """Makes this the version of the realm's terms."""
    attributes = stage.admin.read("")["attributes"] | {"moncompte.termsVersion": version or ""}
    stage.admin.set_realm(attributes=attributes)


def test_the_activation_records_version_and_time(stage: Stage) -> None:
    before = int(time.time())
    stage.activated("D1")
    version, at = recorded(stage, "D1")
    assert version == "2026-01"
    assert before <= at <= time.time()


def test_the_terms_are_shown_with_their_links_and_must_be_ticked(stage: Stage) -> None:
    stage.load("D2")
    owner = stage.browser()
    page = owner.prove("1001", "01", "D2", "Tulipe-D2-48")
    page = owner.submit(page, email=stage.address("D2"))
    assert page.link("CGU") == "https://www.moncompte.example/cgu"
    assert page.link("politique de confidentialité") == "https://www.moncompte.example/confidentialite"

    page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL)
    assert page.screen == "login-new-password"
    assert "Veuillez cocher la case" in page.alert
    assert stage.admin.links(stage.account("D2"), "ACTIVATION") == []


def test_a_new_version_is_asked_at_the_next_sign_in_and_recorded(stage: Stage) -> None:
    owner = stage.activated("D3")
    publish(stage, NEW)
    try:
        page = owner.sign_in(stage.address("D3"), PERSONAL)
        assert page.screen == "login-terms"
        assert NEW in page.text
        page = owner.submit(page)
        assert page.screen == "login-terms", "no consent without its button"
        assert recorded(stage, "D3")[0] == "2026-01"

        before = int(time.time())
        assert owner.submit(page, accept="on").code is not None
        version, at = recorded(stage, "D3")
        assert version == NEW
        assert at >= before
        assert stage.browser().sign_in(stage.address("D3"), PERSONAL).code is not None, "asked once"
    finally:
        publish(stage, "2026-01")


@pytest.mark.parametrize("closed_by", ["a new password", "a freeze"])
def test_a_page_left_open_records_nothing_once_the_door_is_closed(stage: Stage, closed_by: str) -> None:
    """Whoever knows the old password consents in nobody's name (rule 12)."""
    identifier = f"D9{len(closed_by)}"
    stage.activated(identifier)
    user = stage.admin.user(stage.address(identifier))
    publish(stage, NEW)
    try:
        thief = stage.browser()
        page = thief.sign_in(stage.address(identifier), PERSONAL)
        assert page.screen == "login-terms"
        if closed_by == "a freeze":
            stage.admin.update(user, enabled=False)
        else:
            stage.admin.set_password(user, "Orage-77?y")
        answer = thief.submit(page, accept="on")
        assert answer.code is None
        assert recorded(stage, identifier)[0] == "2026-01", answer.text
    finally:
        publish(stage, "2026-01")


def test_without_consent_there_is_no_session_in_the_application(stage: Stage) -> None:
    owner = stage.activated("D4")
    publish(stage, NEW)
    try:
        page = owner.sign_in(stage.address("D4"), PERSONAL)
        assert page.screen == "login-terms"
        assert owner.start(prompt="none").error in {"login_required", "interaction_required"}
    finally:
        publish(stage, "2026-01")


def test_asking_for_the_action_by_name_does_not_get_around_it(stage: Stage) -> None:
    owner = stage.activated("D7")
    publish(stage, NEW)
    try:
        page = owner.sign_in(stage.address("D7"), PERSONAL, kc_action="moncompte-terms")
        assert page.screen == "login-terms", page.text
        assert owner.submit(page, accept="on").action_status == "error"
    finally:
        publish(stage, "2026-01")


def test_an_activation_that_waited_records_what_was_accepted(stage: Stage) -> None:
    stage.load("D5")
    owner = stage.browser()
    stage.begun(owner, "D5")
    publish(stage, NEW)
    try:
        owner.confirm(stage.link(stage.address("D5")))
        assert recorded(stage, "D5")[0] == "2026-01"
        assert owner.sign_in(stage.address("D5"), PERSONAL).screen == "login-terms"
    finally:
        publish(stage, "2026-01")


def test_an_import_leaves_consent_alone(stage: Stage) -> None:
    stage.activated("D6")
    before = recorded(stage, "D6")
    stage.load("D6", telephone="04 91 99 99 99")
    assert recorded(stage, "D6") == before
