"""Another letter, the mail once more, disabling: for owners who have not activated (rules 3, 6, 10)."""

import csv
import io
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioning.owners.passwords import is_generated
from tests.integration.between import Between
from tests.integration.desk import Capture, Desk, Terminal, password_body
from tests.integration.stage import PERSONAL, Stage, eventually, local, provisional
from tests.owner import Page
from tests.realms import RealmMaker, TestRealm

LETTER = 30 * 86_400
"""Seconds a letter is good for in a realm of `make_realm`."""


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Four guesses lock an account here."""
    return make_realm(limits={"failures": 4, "per_source": 100_000, "mails_per_hour": 10_000})


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    return Desk(stage)


def reissued(desk: Desk, identifier: str) -> str:
    """Another letter; the password in it."""
    assert desk.run("reissue", identifier, "--credentials", desk.letters) == 0
    return desk.written_password(identifier)


def prove(stage: Stage, identifier: str, password: str) -> Page:
    return stage.browser().prove("1001", "01", identifier, password)


def lines_of(credentials: Path) -> list[list[str]]:
    """The lines of a credentials file below its header."""
    content = io.StringIO(credentials.read_text(encoding="utf-8-sig"))
    return list(csv.reader(content, delimiter=";"))[1:]


# ---- who it is about


def test_an_owner_is_shown_in_words(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.load("H0", nom="=DUPONT", prenom="Anne", email="")
    desk.post("owners/H0/move", {"to": "H/1 é?"})
    desk.post("letters", {"identifiers": ["H/1 é?"]})
    with Between(stage.realm.server.url) as line:
        capsys.readouterr()
        assert Desk(stage, lang="fr", url=line.url).run("show", " h/1 É? ") == 0
        assert line.count("GET", "/owners") == 0, "an identifier is not searched for"
    out = capsys.readouterr().out
    for words in (
        "H/1 é? (1001/01) · Anne =DUPONT",
        "État : compte provisoire, pas encore activé",
        "Étape : courrier fait",
        "REF-H0 · copropriétaire · 12 rue de l'Évêché, lot 7",
        "contrats déplacés · H0 → H/1 é? · Contrats : 1",
    ):
        assert words in out
    assert "\x1b" not in out


def test_an_owner_found_by_a_name_is_asked_about_first(
    desk: Desk, stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    stage.load("H2", nom="MERLE", prenom="Zoé")
    assert desk.run("disable", "zoe merle") == 2
    assert "--yes" in capsys.readouterr().err
    for typed in ("n\n", "\n"):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        assert desk.run("disable", "zoe merle") == 1
        err = capsys.readouterr().err
        assert "“zoe merle”: is that H2, Zoé MERLE?" in err
        assert "Nothing was changed." in err
    assert desk.show("H2")["enabled"] is True
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert desk.run("disable", "zoe merle") == 0
    assert desk.show("H2")["enabled"] is False
    # An identifier is meant as it stands.
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert desk.run("enable", "h2") == 0
    assert desk.run("disable", "zoe merle", "--yes") == 0
    assert desk.actions("H2") == ["disable", "enable", "disable"]


def test_what_the_server_refuses_is_said_in_the_language_of_the_person(stage: Stage, capsys: Capture) -> None:
    stage.load("H3")
    assert Desk(stage, lang="fr").run("resend", "H3") == 1
    assert "moncompte: aucune activation n'attend son email" in capsys.readouterr().err
    with Between(stage.realm.server.url) as line:
        newer = {"code": "something_new", "detail": "Words of a newer server"}
        line.replace("POST", "/owners/H3/resend", 409, newer)
        assert Desk(stage, lang="fr", url=line.url).run("resend", "H3") == 1
    assert "moncompte: Words of a newer server" in capsys.readouterr().err


# ---- reissue


def test_a_new_password_is_on_disk_before_it_is_sent_and_never_shown(
    desk: Desk, stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    stage.load("R8", nom="=DUPONT", prenom="Anne")
    capsys.readouterr()
    assert desk.run("reissue", "R8") == 2
    assert "--credentials" in capsys.readouterr().err
    file = tmp_path / "letters.csv"
    kept: list[list[str]] = []
    with Between(stage.realm.server.url) as line:
        line.before("POST", "/owners/R8/reissue", lambda: kept.extend(lines_of(file)))
        assert Desk(stage, url=line.url).run("reissue", "r8", "--credentials", file) == 0
        [sent] = [asked.body.decode() for asked in line.asked if asked.path.endswith("/reissue")]
    [row] = kept
    password = row[1]
    assert row[:5] == ["R8", password, "'=DUPONT", "Anne", "1001/01"]
    assert lines_of(file) == kept
    assert file.stat().st_mode & 0o777 == 0o600
    assert is_generated(password)
    captured = capsys.readouterr()
    assert password not in captured.out + captured.err + sent
    assert str(file) in captured.out
    assert local(desk.show("R8")["expires"]) in captured.out
    assert desk.actions("R8") == ["reissue"]


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


def test_another_letter_lives_as_long_as_a_first_one(
    desk: Desk, stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    with stage.admin.setting(provisionalLifetime=1):
        stage.load("R3")
    eventually(lambda: desk.show("R3")["step"] == "expired", "the letter has expired")
    assert prove(stage, "R3", provisional("R3")).screen == "login-provisional"
    capsys.readouterr()
    output = tmp_path / "letters.pdf"
    only = ("--identifier", "r3", "--identifier", "R9")
    file = stage.realm.directory / "owners-1001-01.csv"
    assert desk.run("letters", file, "-o", output, *only) == 3
    out = capsys.readouterr().out
    assert "no letter was made" in out
    assert "because their password has expired: 1; give them a new one" in out
    assert "not in the file, or on a line that cannot be used: R9" in out
    assert list(tmp_path.iterdir()) == []
    asked = int(time.time())
    password = reissued(desk, "R3")
    answered = int(time.time())
    expires = int(stage.account("R3")["attributes"]["provisional_expires"][0])
    assert asked <= expires - LETTER <= answered
    assert prove(stage, "R3", password).screen == "login-address"
    assert desk.show("R3")["step"] == "started"


def test_another_letter_opens_an_account_that_guesses_have_locked(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("R4")
    for _ in range(4):
        prove(stage, "R4", "Faux-Mot-0")
    eventually(lambda: desk.show("R4")["locked"] is True, "the failures are counted")
    assert desk.run("show", "R4") == 0
    assert "the lock ends by itself" in capsys.readouterr().out
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


def test_the_mail_is_sent_again_to_the_same_address_with_a_new_link(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("S1")
    address = f"other-{stage.address('S1')}"
    owner = stage.browser()
    stage.begun(owner, "S1", address)
    first = stage.mail(address)
    old = stage.link(address)
    eventually(lambda: desk.run("resend", "S1") == 0, "the cool-down is over")
    assert f"on its way to o•••@{stage.realm.name}.example again" in capsys.readouterr().out
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
    with stage.admin.setting(resendCooldown=3600):
        answer = desk.post("owners/S2/resend")
    assert answer["outcome"] == "cooling_down"
    assert answer["masked_email"] == f"s•••@{stage.realm.name}.example"
    assert 0 < answer["wait"] <= 3600
    assert owner.confirm(stage.link(stage.address("S2"))).screen == "login-address-confirmed"


def test_a_mail_that_does_not_leave_again_is_said_with_how_long_to_wait(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("S5")
    stage.begun(stage.browser(), "S5")
    with stage.admin.setting(resendCooldown=3600):
        assert desk.run("resend", "S5") == 1
    assert re.search(r"It can be sent again in 3[56]\d\d s", capsys.readouterr().err)
    with stage.admin.setting(resendCooldown=0, mailsPerHour=1):
        assert desk.run("resend", "S5") == 1
    assert "too many mails have left for s•••@" in capsys.readouterr().err


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


def test_disabling_ends_what_waits_and_the_letter_until_it_is_enabled(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("D1")
    owner = stage.browser()
    stage.begun(owner, "D1")
    link = stage.link(stage.address("D1"))
    assert desk.run("disable", "D1") == 0
    assert "D1 (Hélène LEFÈVRE) is disabled" in capsys.readouterr().out
    assert desk.run("show", "D1") == 0
    assert "This account is disabled." in capsys.readouterr().out
    assert owner.get(link).screen == "login-link-refused"
    refused = prove(stage, "D1", provisional("D1"))
    assert refused.screen == "login-provisional"
    assert refused.alert == prove(stage, "nobody", "x").alert, "nothing tells that it is disabled"
    # Loading again does not enable it.
    stage.load("D1", telephone="04 91 00 00 99")
    assert desk.show("D1")["enabled"] is False
    assert desk.run("enable", "D1") == 0
    assert "D1 (Hélène LEFÈVRE) can be used again" in capsys.readouterr().out
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


def test_disabling_twice_leaves_one_event(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.load("D3")
    for _ in range(2):
        assert desk.post("owners/D3/disable")["enabled"] is False
    assert desk.actions("D3") == ["disable"]
    assert desk.json(capsys, "enable", "D3") == {"identifier": "D3", "enabled": True}
    assert desk.json(capsys, "disable", "d3") == {"identifier": "D3", "enabled": False}


def test_a_letter_for_a_disabled_account_comes_with_a_warning(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("D8")
    for warned, before in ((False, "enable"), (True, "disable")):
        assert desk.run(before, "D8") == 0
        capsys.readouterr()
        assert desk.run("reissue", "D8", "--credentials", desk.letters) == 0
        assert ("the letter works after `moncompte owners enable D8`" in capsys.readouterr().out) == warned


def test_a_personal_account_is_not_the_agency_s_to_disable(desk: Desk, stage: Stage, capsys: Capture) -> None:
    stage.activated("D4")
    for what in ("disable", "enable"):
        assert desk.refusal(f"owners/D4/{what}") == (409, "personal_account")
    assert desk.run("disable", "D4") == 1
    assert "ends its own contracts" in capsys.readouterr().err
    assert stage.gets_in(stage.address("D4"))


def test_what_the_operator_has_disabled_the_agency_does_not_enable(
    desk: Desk, stage: Stage, capsys: Capture
) -> None:
    stage.load("D5")
    stage.admin.update(stage.account("D5"), enabled=False)
    assert desk.refusal("owners/D5/enable") == (409, "disabled_by_operator")
    assert desk.run("enable", "D5") == 1
    assert "it was not the agency that disabled this account" in capsys.readouterr().err
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
    paths = [event.get("resourcePath", "") for event in stage.admin.admin_events()]
    assert any(path.endswith("agencies/1001-01/owners/z2/disable") for path in paths)
