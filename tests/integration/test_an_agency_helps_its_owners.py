"""Another letter, the mail once more, disabling: for owners who have not activated (rules 3, 6, 10)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.desk import Capture, Desk, password_body
from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.owner import Page
from tests.realms import RealmMaker, TestRealm


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Four guesses lock an account here; a mail cools down for two seconds."""
    lifetimes = {
        "provisional": "30d",
        "verification_link": "24h",
        "reset_link": "1h",
        "resend_cooldown": "2s",
    }
    limits = {"failures": 4, "per_source": 100_000, "mails_per_hour": 10_000}
    return make_realm(lifetimes=lifetimes, limits=limits)


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def reissued(desk: Desk, identifier: str) -> str:
    """Another letter; the password in it."""
    assert desk.run("reissue", identifier, "--credentials", desk.letters) == 0
    return desk.written_password(identifier)


def prove(stage: Stage, identifier: str, password: str) -> Page:
    return stage.browser().prove("1001", "01", identifier, password)


# ---- reissue


def test_another_letter_works_and_the_one_before_does_not(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.load("R1")
    desk.post("letters", {"identifiers": ["R1"]})
    password = reissued(desk, "R1")
    assert password not in capsys.readouterr().out
    assert prove(stage, "R1", provisional("R1")).screen == "login-provisional"
    assert desk.show("R1")["step"] == "loaded", "another letter has to be made"
    owner = stage.browser()
    assert owner.prove("1001", "01", "R1", password).screen == "login-address"
    assert desk.actions("R1") == ["reissue"]
    assert password not in stage.admin.call("GET", "events").text


def test_another_letter_ends_the_activation_that_waits_and_its_link(desk: Desk, stage: Stage) -> None:
    stage.load("R2")
    owner = stage.browser()
    stage.begun(owner, "R2")
    link = stage.link(stage.address("R2"))
    reissued(desk, "R2")
    assert owner.get(link).screen == "login-link-refused"
    assert desk.show("R2")["waiting_for_mail"] is False
    assert stage.admin.credential_types(stage.account("R2")) == ["provisional-password"]


def test_another_letter_lives_as_long_as_the_first(make_realm: RealmMaker, stage: Stage) -> None:
    short = Stage(
        make_realm(lifetimes={"provisional": "8s", "verification_link": "1h", "reset_link": "1h"}),
        stage.mailbox,
    )
    desk = Desk(short)
    short.load("R3")
    eventually(lambda: desk.show("R3")["step"] == "expired", "the letter has expired")
    assert prove(short, "R3", provisional("R3")).screen == "login-provisional"
    password = reissued(desk, "R3")
    assert prove(short, "R3", password).screen == "login-address"
    assert desk.show("R3")["step"] == "started"


def test_another_letter_opens_an_account_that_guesses_have_locked(desk: Desk, stage: Stage) -> None:
    stage.load("R4")
    for _ in range(4):
        prove(stage, "R4", "Faux-Mot-0")
    assert desk.show("R4")["locked"] is True
    password = reissued(desk, "R4")
    assert desk.show("R4")["locked"] is False
    assert prove(stage, "R4", password).screen == "login-address"


def test_another_letter_is_refused_once_activated(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.activated("R5")
    assert desk.refusal("owners/R5/reissue", password_body()) == (409, "already_activated")
    assert desk.run("reissue", "R5", "--credentials", stage.realm.directory / "r5.csv") == 1
    assert "they alone set" in capsys.readouterr().err
    assert not (stage.realm.directory / "r5.csv").exists()
    assert stage.admin.credential_types(stage.admin.user(stage.address("R5"))) == ["password"]
    assert stage.gets_in(stage.address("R5"))


def test_a_password_that_moncompte_would_not_make_is_refused(desk: Desk, stage: Stage) -> None:
    stage.load("R6")
    weak = password_body()
    weak["password"]["iterations"] = 1
    for body in ({}, {"password": None}, {"password": "clear"}, weak):
        assert desk.call("POST", "owners/R6/reissue", body).status_code == 400, body
    assert prove(stage, "R6", provisional("R6")).screen == "login-address"


def test_another_letter_and_the_mail_s_link_at_once_leave_one_of_the_two(desk: Desk, stage: Stage) -> None:
    for number in range(4):
        identifier = f"R7-{number}"
        stage.load(identifier)
        owner = stage.browser()
        stage.begun(owner, identifier)
        page = owner.get(stage.link(stage.address(identifier)))
        with ThreadPoolExecutor(2) as threads:
            confirming = threads.submit(owner.submit, page)
            reissuing = threads.submit(desk.call, "POST", f"owners/{identifier}/reissue", password_body())
        activated = confirming.result().screen == "login-address-confirmed"
        assert activated != reissuing.result().ok
        state = desk.show(identifier)["state"]
        assert state == ("personal" if activated else "provisional")
        user = stage.admin.user(stage.address(identifier)) if activated else stage.account(identifier)
        expected = ["password"] if activated else ["provisional-password"]
        assert stage.admin.credential_types(user) == expected


# ---- resend


def test_the_mail_is_sent_again_to_the_same_address_with_a_new_link(desk: Desk, stage: Stage) -> None:
    stage.load("S1")
    address = f"other-{stage.address('S1')}"
    owner = stage.browser()
    stage.begun(owner, "S1", address)
    first = stage.mail(address)
    old = stage.link(address)
    eventually(lambda: desk.run("resend", "S1") == 0, "the cool-down is over")
    link = stage.link(address, after=first)
    assert link != old
    assert owner.get(old).screen == "login-link-refused"
    # The browser that began is still the one that needs no password.
    assert owner.confirm(link).screen == "login-address-confirmed"
    assert desk.actions("S1") == ["REGISTER", "resend"]


def test_within_the_cool_down_the_mail_that_was_sent_stays_good(desk: Desk, stage: Stage) -> None:
    stage.load("S2")
    owner = stage.browser()
    stage.begun(owner, "S2")
    answer = desk.post("owners/S2/resend")
    assert answer["outcome"] == "cooling_down"
    assert answer["masked_email"] == f"s•••@{stage.realm.name}.example"
    assert answer["wait"] >= 0
    assert owner.confirm(stage.link(stage.address("S2"))).screen == "login-address-confirmed"


def test_without_an_activation_that_waits_nothing_is_sent_and_it_is_said(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("S3")
    assert desk.refusal("owners/S3/resend") == (409, "nothing_waiting")
    assert desk.run("resend", "S3") == 1
    assert "no activation waits for its mail" in capsys.readouterr().err
    stage.activated("S4")
    assert desk.refusal("owners/S4/resend") == (409, "already_activated")


# ---- disable, enable


def test_disabling_ends_what_waits_and_the_letter_until_it_is_enabled(desk: Desk, stage: Stage) -> None:
    stage.load("D1")
    owner = stage.browser()
    stage.begun(owner, "D1")
    link = stage.link(stage.address("D1"))
    assert desk.run("disable", "D1") == 0
    assert owner.get(link).screen == "login-link-refused"
    refused = prove(stage, "D1", provisional("D1"))
    assert refused.screen == "login-provisional"
    assert refused.alert == prove(stage, "nobody", "x").alert, "nothing tells that it is disabled"
    # Loading again does not enable it.
    stage.load("D1", telephone="04 91 00 00 99")
    assert desk.show("D1")["enabled"] is False
    assert desk.run("enable", "D1") == 0
    assert owner.get(link).screen == "login-link-refused", "the link stays dead"
    assert prove(stage, "D1", provisional("D1")).screen == "login-address"
    assert desk.actions("D1") == ["enable", "disable"]


def test_a_disabled_account_does_not_merge(desk: Desk, stage: Stage) -> None:
    owner = stage.activated("D2")
    stage.load("D2b")
    desk.post("owners/D2b/disable")
    page = owner.get(owner.start("1001", "01").link("Je fusionne mes comptes"))
    page = owner.submit(page, email=stage.address("D2"), identifier="D2b", password=provisional("D2b"))
    assert page.screen == "login-merge"


def test_disabling_twice_leaves_one_event(desk: Desk, stage: Stage) -> None:
    stage.load("D3")
    for _ in range(2):
        assert desk.post("owners/D3/disable")["enabled"] is False
    assert desk.actions("D3") == ["disable"]


def test_a_personal_account_is_not_the_agency_s_to_disable(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.activated("D4")
    for what in ("disable", "enable"):
        assert desk.refusal(f"owners/D4/{what}") == (409, "personal_account")
    assert desk.run("disable", "D4") == 1
    assert "ends its own contracts" in capsys.readouterr().err
    assert stage.gets_in(stage.address("D4"))


def test_what_the_operator_has_disabled_the_agency_does_not_enable(desk: Desk, stage: Stage) -> None:
    stage.load("D5")
    stage.admin.update(stage.account("D5"), enabled=False)
    assert desk.refusal("owners/D5/enable") == (409, "disabled_by_operator")
    assert desk.show("D5")["enabled"] is False


# ---- and that is all


def test_an_agency_never_sets_name_email_or_password_of_a_personal_account(desk: Desk, stage: Stage) -> None:
    stage.activated("Z1")
    before = stage.admin.user(stage.address("Z1"))
    for what in ("reissue", "resend", "disable", "enable"):
        more = {"email": "x@x.example", "enabled": False, "last_name": "X"}
        assert desk.call("POST", f"owners/Z1/{what}", password_body() | more).status_code in {400, 409}
    assert stage.admin.user(stage.address("Z1")) == before
    assert stage.gets_in(stage.address("Z1"), PERSONAL)


def test_what_was_asked_for_stands_in_the_admin_events(desk: Desk, stage: Stage) -> None:
    stage.load("Z2")
    desk.post("owners/Z2/disable")
    paths = [event["resourcePath"] for event in stage.admin.admin_events()]
    assert any(path.endswith("agencies/1001-01/owners/z2/disable") for path in paths)
