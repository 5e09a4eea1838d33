"""S9, M2 and S10: a password forgotten, and chosen anew by a link in a mail. Rules 7, 8 and 12."""

import itertools
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.integration.stage import PERSONAL, RESET, Stage, eventually, provisional
from tests.owner import Owner, Page, link_to
from tests.realms import APPLICATIONS, Json, RealmMaker, TestRealm
from tools.mailbox import Mail, Mailbox

NEW = "Orage-77?y"
WRONG = "Faux-Mot-0"
CHANGED = "Votre mot de passe a été modifié"
SENT = "login-forgotten-sent"


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Three failures lock an account; the application may ask for offline access."""
    application = APPLICATIONS[0] | {"scopes": ["organization", "contracts", "offline_access"]}
    return make_realm(
        applications=[application],
        limits={"failures": 3, "per_source": 100_000, "mails_per_hour": 10_000},
    )


def mails(stage: Stage, address: str, subject: str = RESET) -> list[Mail]:
    return [mail for mail in stage.mailbox.messages() if mail.is_for(address) and subject in mail.subject]


def refusals(stage: Stage) -> list[Json]:
    """The events of requests that led to no mail, newest first."""
    return stage.admin.events("SEND_RESET_PASSWORD_ERROR")


def asked_for_nothing(stage: Stage, typed: str, error: str) -> None:
    """Asks at S9, and waits until it was decided that no mail leaves, for this reason."""
    before = {event["id"] for event in refusals(stage)}
    assert stage.browser().forgotten(typed).screen == SENT

    def decided() -> bool:
        return any(event["id"] not in before and event["error"] == error for event in refusals(stage))

    eventually(decided, f"{typed}: {error}")


# ---- S9


def answer(owner: Owner, typed: str, codes: tuple[str, str] | None = ("1001", "01")) -> str:
    """What S9 answers, without what belongs to the visit."""
    page = owner.forgotten(typed, *codes) if codes else owner.forgotten(typed, None, None)
    assert page.screen == SENT, page.text
    assert page.status == 200
    assert typed in page.html
    return page.comparable(typed)


def test_s9_answers_alike_byte_for_byte_whoever_it_is_about(stage: Stage) -> None:
    for identifier in ("A1known", "A1locked", "A1disabled"):
        stage.activated(identifier)
    stage.load("A1waiting", "A1off")
    stage.admin.update(stage.admin.user(stage.address("A1disabled")), enabled=False)
    stage.admin.update(stage.account("A1off"), enabled=False)
    for _ in range(4):
        assert not stage.gets_in(stage.address("A1locked"), WRONG)

    known = {
        "known": stage.address("A1known"),
        "locked": stage.address("A1locked"),
        "disabled": stage.address("A1disabled"),
        "never activated": stage.address("A1waiting"),
    }
    by_address = {name: answer(stage.browser(), typed) for name, typed in known.items()}
    by_address["nobody"] = answer(stage.browser(), f"personne@{stage.realm.name}.example")
    by_address["without codes"] = answer(stage.browser(), stage.address("A1known"))
    identifiers = ("A1known", "A1locked", "A1disabled", "A1waiting", "A1off", "A1nobody", "A1\N{BELL}x")
    by_identifier = {typed: answer(stage.browser(), typed) for typed in identifiers}
    assert set(by_address.values()) == set(by_identifier.values())
    assert len(set(by_address.values())) == 1


def test_s9_answers_alike_where_the_sign_in_carries_no_codes(stage: Stage) -> None:
    stage.activated("A2known")
    nobody = f"personne@{stage.realm.name}.example"
    known = answer(stage.browser(), stage.address("A2known"), None)
    assert known == answer(stage.browser(), nobody, None)


def test_s9_answers_an_expired_letter_alike(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    hasty = Stage(make_realm(lifetimes={"provisional": "1s"}), mailbox)
    hasty.load("A3")
    time.sleep(1.1)  # the shortest life a letter can have, and nothing to see meanwhile
    assert answer(hasty.browser(), "A3") == answer(hasty.browser(), "A3nobody")
    eventually(lambda: len(refusals(hasty)) == 2, "both were decided")
    assert [event["error"] for event in refusals(hasty)] != []
    assert mails(hasty, hasty.address("A3"), "") == []


def test_the_answer_says_what_to_do_when_nothing_comes(stage: Stage) -> None:
    page = stage.browser().forgotten("A4")
    assert "Si elle correspond à un compte, un email part" in page.text
    assert "Si vous n'avez jamais activé votre compte, saisissez l'identifiant provisoire" in page.text
    assert "votre agence le remplace" in page.text
    assert page.link("Faire une nouvelle demande")


def test_s9_asks_for_codes_only_where_the_sign_in_carries_none(stage: Stage) -> None:
    owner = stage.browser()
    with_codes = owner.get(owner.start("1001", "01").link("J'ai déjà un compte"))
    assert "Code client" not in owner.get(with_codes.link("Mot de passe oublié ?")).text
    page = owner.get(owner.authorization_url(login_hint="x"))
    page = owner.get(page.link("Mot de passe oublié ?"))
    for words in ("Code client", "Code société", "Extranet", "Votre espace propriétaire, locataire"):
        assert words in page.text


@pytest.mark.parametrize(
    ("typed", "codes", "words"),
    [
        ("", ("", ""), "Veuillez saisir votre identifiant provisoire ou votre adresse mail"),
        ("P00012", ("", ""), "Avec un identifiant, veuillez saisir aussi le code client"),
        ("P00012", ("1001", ""), "Avec un identifiant, veuillez saisir aussi le code client"),
        ("P00012", ("9999", "99"), "Nous ne connaissons pas ces codes"),
        ("helene@", ("", ""), "Cette adresse email n'est pas complète"),
    ],
)
def test_what_is_missing_at_s9_is_named(stage: Stage, typed: str, codes: tuple[str, str], words: str) -> None:
    owner = stage.browser()
    page = owner.get(owner.get(owner.authorization_url(login_hint="x")).link("Mot de passe oublié ?"))
    page = owner.submit(page, login=typed, client=codes[0], societe=codes[1])
    assert page.screen == "login-forgotten"
    assert words in page.alert
    assert (page.value("login"), page.value("client"), page.value("societe")) == (typed, *codes)


def test_an_identifier_with_the_codes_typed_at_s9_finds_the_account(stage: Stage) -> None:
    stage.activated("A5", email=f"autre-a5@{stage.realm.name}.example")
    owner = stage.browser()
    page = owner.get(owner.get(owner.authorization_url(login_hint="x")).link("Mot de passe oublié ?"))
    assert owner.submit(page, login="a5", client="1001", societe="01").screen == SENT
    assert stage.reset_link(f"autre-a5@{stage.realm.name}.example")


def test_what_was_typed_at_s6_stands_in_s9(stage: Stage) -> None:
    owner = stage.browser()
    page = owner.sign_in(stage.address("A6"), WRONG)
    assert owner.get(page.link("Mot de passe oublié ?")).value("login") == stage.address("A6")


# ---- M2


def test_m2_is_as_specified(stage: Stage) -> None:
    stage.activated("B1")
    stage.browser().forgotten(stage.address("B1").upper())
    mail = stage.mail(stage.address("B1"), RESET)
    assert mail.subject == "Réinitialisation de votre mot de passe"
    assert mail.sender.address == "webmaster@moncompte.immo"
    for body in (mail.text, mail.html):
        words = " ".join(body.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ").split())
        assert "Bonjour," in words
        assert (
            "Vous venez de demander une réinitialisation du mot de passe pour votre compte Extranet. Pour "
            "réinitialiser votre mot de passe, cliquez ci-dessous :"
        ) in words
        assert "une seule fois, pendant 1 heure" in words
    assert "RÉINITIALISER MON MOT DE PASSE" in mail.html
    assert mail.links[0] == link_to("reset", mail.text)


def test_an_identifier_finds_the_account_whatever_its_address(stage: Stage) -> None:
    chosen = f"choisie-b2@{stage.realm.name}.example"
    stage.activated("B2", email=chosen)
    stage.browser().forgotten(" b2 ")
    assert stage.reset_link(chosen)
    assert mails(stage, stage.address("B2")) == []


def test_a_former_identifier_of_another_agency_finds_the_account(stage: Stage) -> None:
    stage.activated("B3")
    stage.load("B3autre", agency="2002/01")
    owner = stage.browser()
    page = owner.get(owner.start("2002", "01").link("Je fusionne mes comptes"))
    page = owner.submit(
        page, email=stage.address("B3"), identifier="B3autre", password=provisional("B3autre")
    )
    assert owner.submit(page, password=PERSONAL).screen == "login-merged"
    stage.browser().forgotten("B3autre", "2002", "01")
    assert stage.reset_link(stage.address("B3"))
    asked_for_nothing(stage, "B3autre", "user_not_found")  # of 1001/01, which has no such identifier


def test_nobody_and_the_disabled_get_no_mail(stage: Stage) -> None:
    stage.activated("B4")
    stage.load("B4waiting")
    stage.admin.update(stage.admin.user(stage.address("B4")), enabled=False)
    nobody = f"personne-b4@{stage.realm.name}.example"
    asked_for_nothing(stage, nobody, "user_not_found")
    asked_for_nothing(stage, stage.address("B4waiting"), "user_not_found")
    asked_for_nothing(stage, stage.address("B4"), "user_disabled")
    asked_for_nothing(stage, "B4", "user_disabled")
    for address in (nobody, stage.address("B4"), stage.address("B4waiting")):
        assert mails(stage, address) == []


def test_an_address_that_is_not_verified_gets_no_link(stage: Stage) -> None:
    stage.activated("B5")
    user = stage.admin.user(stage.address("B5"))
    stage.admin.update(user, emailVerified=False)
    asked_for_nothing(stage, "B5", "invalid_email")
    assert mails(stage, stage.address("B5")) == []


def test_a_forged_host_does_not_get_into_the_mail(stage: Stage) -> None:
    stage.activated("B6")
    owner = stage.browser()
    page = owner.get(owner.start("1001", "01").link("J'ai déjà un compte"))
    page = owner.get(page.link("Mot de passe oublié ?"))
    for header in ("Host", "X-Forwarded-Host", "X-Forwarded-Server"):
        owner.http.headers[header] = "mechant.example"
    owner.http.headers["Forwarded"] = "host=mechant.example;proto=https"
    # By hand: a cookie goes to the host that the header names.
    owner.http.headers["Cookie"] = "; ".join(f"{one.name}={one.value}" for one in owner.http.cookies)
    action = str(page.form()["action"])
    answer = owner.http.post(action, data={"login": stage.address("B6")}, allow_redirects=False, timeout=60)
    assert answer.status_code == 303
    mail = stage.mail(stage.address("B6"), RESET)
    assert "mechant" not in mail.text + mail.html
    assert mail.links[0].startswith(f"{stage.realm.issuer}/moncompte/reset?key=")


def test_english_speakers_get_the_mail_and_the_page_in_english(stage: Stage) -> None:
    stage.activated("B7")
    owner = stage.browser()
    owner.http.headers["Accept-Language"] = "en"
    page = owner.get(owner.authorization_url(login_hint=stage.address("B7")))
    page = owner.get(page.link("Forgotten"))
    owner.submit(page, login=stage.address("B7"))
    mail = stage.mail(stage.address("B7"), "Reset your password")
    assert "RESET MY PASSWORD" in mail.html
    assert "Reset your password" in owner.get(link_to("reset", mail.text)).text


# ---- S10


def link_for(stage: Stage, identifier: str) -> str:
    """An owner who has activated and then asked for a reset; the link."""
    stage.activated(identifier)
    stage.browser().forgotten(stage.address(identifier))
    return stage.reset_link(stage.address(identifier))


def test_a_reset_gives_the_new_password_and_signs_nobody_in(stage: Stage) -> None:
    link = link_for(stage, "C1")
    owner = stage.browser()
    page = owner.reset(link, NEW)
    assert page.screen == "login-reset-done", page.text
    assert "Votre mot de passe a bien été mis à jour. Vous allez être redirigé automatiquement" in page.text
    assert "Si vous n'êtes pas redirigé, cliquez ici Se connecter" in page.text
    assert [name for name in owner.http.cookies.get_dict() if "IDENTITY" in name] == []
    assert owner.get(owner.authorization_url(prompt="none")).error == "login_required"
    assert not stage.gets_in(stage.address("C1"), PERSONAL)
    assert stage.gets_in(stage.address("C1"), NEW)


def test_the_page_leads_back_to_the_application_by_itself_or_by_its_link(stage: Stage) -> None:
    owner = stage.browser()
    page = owner.reset(link_for(stage, "C2"), NEW)
    seconds, target = re.fullmatch(r"(\d+);url=(.*)", page.headers["Refresh"]).groups()  # type: ignore[union-attr]
    assert 5 <= int(seconds) <= 20
    assert target == page.link("Se connecter")
    assert target.startswith("http://localhost:8000/")
    assert parse_qs(urlsplit(target).query)["login_hint"] == [stage.address("C2")]
    stays = owner.get(page.link("Rester sur cette page"))
    assert stays.screen == "login-reset-done"
    assert "Refresh" not in stays.headers
    assert "redirigé" not in stays.text
    assert stays.link("CONNEXION") == target


def test_opening_the_link_changes_nothing_however_often(stage: Stage) -> None:
    link = link_for(stage, "C3")
    scanner = stage.browser()
    for _ in range(20):
        assert scanner.get(link).screen == "login-reset-password"
    scanner.http.head(link, timeout=60)
    assert stage.gets_in(stage.address("C3"))
    assert stage.browser().reset(link, NEW).screen == "login-reset-done"


def is_dead(stage: Stage, link: str) -> bool:
    """Whether a link opens nothing and resets nothing, with the one answer there is."""
    owner = stage.browser()
    page = owner.get(link)
    posted = owner.post(link, {"password-new": NEW, "password-confirm": NEW})
    assert page.screen == posted.screen
    assert page.status == posted.status
    return page.screen == "login-link-refused" and page.status == 404


def test_a_link_serves_once(stage: Stage) -> None:
    link = link_for(stage, "C4")
    stage.browser().reset(link, NEW)
    assert is_dead(stage, link)
    assert stage.gets_in(stage.address("C4"), NEW)


def test_a_newer_link_ends_the_older(stage: Stage) -> None:
    first = link_for(stage, "C5")
    mail = stage.mail(stage.address("C5"), RESET)
    time.sleep(1.1)  # the cool-down
    stage.browser().forgotten("C5")
    second = stage.reset_link(stage.address("C5"), after=mail)
    assert is_dead(stage, first)
    assert stage.browser().reset(second, NEW).screen == "login-reset-done"


def test_a_link_lives_as_long_as_the_operator_says(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    hasty = Stage(make_realm(lifetimes={"reset_link": "2s", "resend_cooldown": "1s"}), mailbox)
    link = link_for(hasty, "C6")
    eventually(lambda: hasty.browser().get(link).screen == "login-link-refused", "the link is too old")
    assert is_dead(hasty, link)
    assert hasty.gets_in(hasty.address("C6"))


def test_a_link_ends_with_any_change_of_the_password(stage: Stage) -> None:
    link = link_for(stage, "C7")
    stage.admin.set_password(stage.admin.user(stage.address("C7")), "Autre-Mot-9")
    assert is_dead(stage, link)
    assert stage.gets_in(stage.address("C7"), "Autre-Mot-9")


def test_a_link_ends_with_a_change_of_the_address(stage: Stage) -> None:
    link = link_for(stage, "C8")
    moved = f"ailleurs-c8@{stage.realm.name}.example"
    stage.admin.update(stage.admin.user(stage.address("C8")), email=moved, emailVerified=True)
    assert is_dead(stage, link)


def test_a_link_of_a_disabled_account_is_dead(stage: Stage) -> None:
    link = link_for(stage, "C9")
    stage.admin.update(stage.admin.user(stage.address("C9")), enabled=False)
    assert is_dead(stage, link)


def test_a_link_is_of_one_account_and_one_secret(stage: Stage) -> None:
    mine, other = link_for(stage, "D1"), link_for(stage, "D1other")
    (my_id, my_secret), (other_id, other_secret) = (
        link.split("key=")[1].split(".") for link in (mine, other)
    )
    page = mine.split("key=")[0]
    for key in (
        f"{other_id}.{my_secret}",
        f"{my_id}.{other_secret}",
        f"{my_id}.{my_secret[:-1]}",
        f"{my_id}.",
        my_secret,
        "",
    ):
        assert is_dead(stage, f"{page}key={key}"), key
    activation = stage.link(stage.address("D1"))
    assert is_dead(stage, activation.replace("/activation?", "/reset?"))
    assert stage.browser().get(mine.replace("/reset?", "/reset/done?")).screen == "login-link-refused"
    assert stage.browser().reset(mine, NEW).screen == "login-reset-done"


def test_a_password_short_of_the_criteria_is_refused_and_the_link_stays_good(stage: Stage) -> None:
    link = link_for(stage, "D2")
    owner = stage.browser()
    page = owner.reset(link, "court")
    assert page.screen == "login-reset-password"
    assert "Ce mot de passe ne respecte pas tous les critères" in page.alert
    missing = [" ".join(one.get_text(" ").split()) for one in page.soup.select("li.missing")]
    assert any("Au moins 6 caractères" in one for one in missing)
    assert len(missing) == 4
    page = owner.submit(page, password_new=NEW, password_confirm="Autre-Chose-1")
    assert "Les deux mots de passe ne sont pas identiques" in page.alert
    assert stage.gets_in(stage.address("D2"))
    page = owner.submit(page, password_new=NEW, password_confirm=NEW)
    assert page.screen == "login-reset-done"


def test_a_longer_minimum_shows_its_own_number(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    stricter = Stage(make_realm(password_policy={"length": 12}), mailbox)
    stricter.load("D3")
    owner = stricter.browser()
    stricter.begun(owner, "D3", password="Soleil-42!x-long")
    owner.confirm(stricter.link(stricter.address("D3")))
    stricter.browser().forgotten("D3")
    page = stricter.browser().get(stricter.reset_link(stricter.address("D3")))
    assert "Au moins 12 caractères" in page.text


def test_the_history_of_the_policy_is_honoured(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    careful = Stage(make_realm(), mailbox)
    policy = careful.admin.read("")["passwordPolicy"]
    careful.activated("D4")
    careful.admin.set_realm(passwordPolicy=f"{policy} and passwordHistory(2)")

    def try_password(password: str) -> Page:
        last = mails(careful, careful.address("D4"))
        careful.browser().forgotten("D4")
        link = careful.reset_link(careful.address("D4"), after=last[0] if last else None)
        return careful.browser().reset(link, password)

    assert "critères" in try_password(PERSONAL).alert
    time.sleep(1.1)  # the cool-down
    assert try_password(NEW).screen == "login-reset-done"
    assert "critères" in try_password(PERSONAL).alert, "the one before the last"


def test_the_old_password_may_be_chosen_again_unless_the_policy_says_otherwise(stage: Stage) -> None:
    assert stage.browser().reset(link_for(stage, "D5"), PERSONAL).screen == "login-reset-done"
    assert stage.gets_in(stage.address("D5"))


def test_accents_spaces_and_length_work_whatever_the_keyboard_composes(stage: Stage) -> None:
    composed = "Été à la mer 2026 " + "é" * 60
    assert stage.browser().reset(link_for(stage, "D6"), composed).screen == "login-reset-done"
    decomposed = composed.replace("é", "e\N{COMBINING ACUTE ACCENT}").replace(
        "à", "a\N{COMBINING GRAVE ACCENT}"
    )
    assert stage.gets_in(stage.address("D6"), decomposed)


def test_an_account_without_a_password_gets_one(stage: Stage) -> None:
    stage.activated("D7")
    user = stage.admin.user(stage.address("D7"))
    for credential in stage.admin.read(f"users/{user['id']}/credentials"):
        stage.admin.do("DELETE", f"users/{user['id']}/credentials/{credential['id']}")
    stage.browser().forgotten("D7")
    assert stage.browser().reset(stage.reset_link(stage.address("D7")), NEW).screen == "login-reset-done"
    assert stage.gets_in(stage.address("D7"), NEW)


def test_of_two_that_use_a_link_at_once_one_wins(stage: Stage) -> None:
    link = link_for(stage, "D8")
    passwords = [f"Course-{number}!a" for number in range(6)]
    forms = [(owner, owner.get(link)) for owner in (stage.browser() for _ in passwords)]

    def choose(form: tuple[Owner, Page], password: str) -> Page:
        owner, page = form
        return owner.submit(page, password_new=password, password_confirm=password)

    with ThreadPoolExecutor(6) as threads:
        pages = list(threads.map(choose, forms, passwords))
    won = [
        password for password, page in zip(passwords, pages, strict=True) if page.screen == "login-reset-done"
    ]
    assert len(won) == 1
    assert stage.gets_in(stage.address("D8"), won[0])
    assert not stage.gets_in(stage.address("D8"), next(one for one in passwords if one not in won))


def test_the_change_is_confirmed_to_the_owner(stage: Stage) -> None:
    stage.browser().reset(link_for(stage, "D9"), NEW)
    mail = stage.mail(stage.address("D9"), CHANGED)
    assert "vient d’être modifié" in mail.text
    assert NEW not in mail.text + mail.html
    assert len(mails(stage, stage.address("D9"), CHANGED)) == 1
    owner = stage.browser()
    page = owner.submit(owner.get(link_to("dispute", mail.text)))
    assert page.status == 200
    assert not stage.gets_in(stage.address("D9"), NEW), "frozen by who disputed the change"
    asked_for_nothing(stage, "D9", "user_disabled")


# ---- rule 12


def test_a_reset_ends_all_sessions_offline_ones_too(stage: Stage) -> None:
    link = link_for(stage, "E1")
    address = stage.address("E1")
    online, offline = stage.browser(), stage.browser()
    tokens = stage.signed_in(online, address)
    kept = stage.signed_in(offline, address, scope="openid offline_access")
    userinfo = f"{stage.realm.issuer}/protocol/openid-connect/userinfo"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert requests.get(userinfo, headers=bearer, timeout=60).status_code == 200
    assert "access_token" in offline.refresh(kept, stage.secret(offline))
    kept = offline.refresh(kept, stage.secret(offline))

    assert stage.browser().reset(link, NEW).screen == "login-reset-done"

    assert online.refresh(tokens, stage.secret(online))["error"] == "invalid_grant"
    assert offline.refresh(kept, stage.secret(offline))["error"] == "invalid_grant"
    assert requests.get(userinfo, headers=bearer, timeout=60).status_code == 401
    assert online.get(online.authorization_url(prompt="none")).error == "login_required"
    assert stage.admin.sessions(stage.admin.user(address)) == []
    fresh = stage.browser()
    renewed = stage.signed_in(fresh, address, NEW)
    assert "access_token" in fresh.refresh(renewed, stage.secret(fresh))


def test_a_sign_in_begun_with_the_old_password_cannot_finish(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    stage = Stage(make_realm(), mailbox)
    link = link_for(stage, "E2")
    thief, session_thief = stage.browser(), stage.browser()
    stage.signed_in(session_thief, stage.address("E2"))
    attributes = stage.admin.read("")["attributes"] | {"moncompte.termsVersion": "2027-01"}
    stage.admin.set_realm(attributes=attributes)
    at_terms = thief.sign_in(stage.address("E2"), PERSONAL)
    by_session = session_thief.get(session_thief.authorization_url())
    assert at_terms.screen == by_session.screen == "login-terms"

    assert stage.browser().reset(link, NEW).screen == "login-reset-done"

    for owner, page in ((thief, at_terms), (session_thief, by_session)):
        after = owner.submit(page, accept="on")
        assert after.code is None
        assert owner.get(owner.authorization_url(prompt="none")).error == "login_required"
    assert stage.admin.sessions(stage.admin.user(stage.address("E2"))) == []


def test_sign_ins_under_way_do_not_outlive_a_reset(stage: Stage) -> None:
    """Whoever knows the old password signs in without pause: one session is just being made at the reset."""
    link, address = link_for(stage, "E7"), stage.address("E7")
    owner, reset_done = stage.browser(), threading.Event()
    form = owner.get(link)
    came_in: list[tuple[Owner, Page]] = []

    def sign_in_without_pause(source: str) -> None:
        while not reset_done.is_set():
            thief = stage.browser(source=source)
            page = thief.sign_in(address, PERSONAL)
            if page.code is not None:
                came_in.append((thief, page))

    with ThreadPoolExecutor(3) as threads:
        thieves = [threads.submit(sign_in_without_pause, f"127.0.40.{number + 1}") for number in range(3)]
        try:
            eventually(lambda: len(came_in) >= 3, "sign-ins are under way", timeout=120)
            done = owner.submit(form, password_new=NEW, password_confirm=NEW)
        finally:
            reset_done.set()
    for one in thieves:
        one.result()
    assert done.screen == "login-reset-done", done.text
    assert stage.admin.sessions(stage.admin.user(address)) == []
    for thief, page in came_in[-3:]:
        assert "access_token" not in thief.tokens(page, stage.secret(thief))


def passkey(label: str) -> Json:
    """A passkey as the Admin API takes it; nobody has its private key."""
    data = {
        "credentialId": "AAAA",
        "credentialPublicKey": "AAAA",
        "counter": 0,
        "attestationStatementFormat": "none",
    }
    return {
        "type": "webauthn-passwordless",
        "userLabel": label,
        "createdDate": 1_790_000_000_000,
        "credentialData": json.dumps(data),
        "secretData": "{}",
    }


def test_a_reset_shows_the_passkeys_and_removes_those_ticked(stage: Stage) -> None:
    stage.activated("E6")
    stage.activated("E6other")
    for identifier in ("E6", "E6other"):
        user = stage.admin.user(stage.address(identifier))
        stage.admin.update(user, credentials=[passkey("<b>Inconnue</b>"), passkey("Mon téléphone")])
    stage.browser().forgotten("E6")
    owner = stage.browser()
    page = owner.get(stage.reset_link(stage.address("E6")))
    assert "<b>Inconnue</b>" not in page.html
    offered = {
        " ".join(label.get_text(" ").split()): str(box["value"])
        for box in page.soup.select("input[name=remove-passkey]")
        if (label := page.soup.find("label", attrs={"for": box["id"]})) is not None
    }
    assert [words.split(" (")[0] for words in offered] == [
        "Supprimer <b>Inconnue</b>",
        "Supprimer Mon téléphone",
    ]
    assert page.soup.select("input[name=remove-passkey][checked]") == []
    account, other = (stage.admin.user(stage.address(one)) for one in ("E6", "E6other"))
    others = [one["id"] for one in stage.admin.read(f"users/{other['id']}/credentials")]
    password = next(
        one["id"]
        for one in stage.admin.read(f"users/{account['id']}/credentials")
        if one["type"] == "password"
    )
    unknown = next(identity for words, identity in offered.items() if "Inconnue" in words)
    answer = owner.http.post(
        page.url,
        data={
            "password-new": NEW,
            "password-confirm": NEW,
            "remove-passkey": [unknown, password, *others],
        },
        timeout=60,
    )
    assert "Mot de passe réinitialisé" in answer.text
    left = stage.admin.read(f"users/{account['id']}/credentials")
    assert sorted((one["type"], one.get("userLabel")) for one in left) == [
        ("password", None),
        ("webauthn-passwordless", "Mon téléphone"),
    ]
    assert [one["id"] for one in stage.admin.read(f"users/{other['id']}/credentials")] == others
    assert stage.gets_in(stage.address("E6"), NEW)
    event = stage.admin.events("REMOVE_CREDENTIAL")[0]
    assert (event["userId"], event["details"]["credential_id"]) == (account["id"], unknown)


def test_a_reset_opens_a_locked_account_to_its_owner(stage: Stage) -> None:
    stage.activated("E3")
    address = stage.address("E3")
    for _ in range(8):
        assert not stage.gets_in(address, WRONG)
    assert not stage.gets_in(address, PERSONAL), "locked"
    stage.browser().forgotten(address)
    assert stage.browser().reset(stage.reset_link(address), NEW).screen == "login-reset-done"
    eventually(lambda: stage.gets_in(address, NEW), "the lock is cleared")


def test_on_a_shared_browser_the_other_owner_is_signed_out(stage: Stage) -> None:
    stage.activated("E4other")
    link = link_for(stage, "E4")
    shared = stage.browser()
    tokens = stage.signed_in(shared, stage.address("E4other"))
    page = shared.get(link)
    assert "Quelqu'un est déjà connecté" in page.text
    assert stage.address("E4other") in page.text
    shared.submit(page, password_new=NEW, password_confirm=NEW)
    assert shared.refresh(tokens, stage.secret(shared))["error"] == "invalid_grant"
    assert shared.get(shared.authorization_url(prompt="none")).error == "login_required"


def test_ones_own_session_is_not_somebody_elses(stage: Stage) -> None:
    link = link_for(stage, "E5")
    owner = stage.browser()
    stage.signed_in(owner, stage.address("E5"))
    assert "Quelqu'un est déjà connecté" not in owner.get(link).text


# ---- rule 8


def test_within_the_cool_down_no_new_link_is_made_and_the_one_sent_stays_good(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    patient = Stage(make_realm(lifetimes={"resend_cooldown": "1h"}), mailbox)
    link = link_for(patient, "F1")
    asked_for_nothing(patient, patient.address("F1"), "mail_throttled")
    asked_for_nothing(patient, "F1", "mail_throttled")
    assert len(mails(patient, patient.address("F1"))) == 1
    assert patient.browser().reset(link, NEW).screen == "login-reset-done"
    patient.browser().forgotten("F1")
    eventually(lambda: len(mails(patient, patient.address("F1"))) == 2, "what was used is no reason to wait")


def test_a_thousand_requests_make_few_mails_and_lock_nobody_out(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    limit = 4
    realm = make_realm(
        limits={"failures": 3, "per_source": 100_000, "mails_per_hour": limit},
        # So far apart that the mails arrive in the order in which they were asked for.
        lifetimes={"resend_cooldown": "15s"},
    )
    stage = Stage(realm, mailbox)
    address, bystander = stage.address("F2"), stage.address("F2autre")
    stage.activated("F2")
    stage.activated("F2autre")

    def ask(source: str) -> list[str]:
        """As often as one source may, and once more, in one visit."""
        owner = stage.browser(source=source)
        page = owner.get(owner.get(owner.authorization_url(login_hint="x")).link("Mot de passe oublié ?"))
        asked = []
        for _ in range(limit * 10):
            sent = owner.submit(page, login=address)
            asked.append(sent.comparable())
            page = owner.get(sent.link("Faire une nouvelle demande"))
        beyond = owner.submit(page, login=address)
        assert beyond.screen == "login-forgotten"
        assert "Patientez une heure" in beyond.alert
        return asked

    with ThreadPoolExecutor(4) as threads:
        answers = [one for asked in threads.map(ask, [f"127.0.9.{n}" for n in range(1, 26)]) for one in asked]
    assert len(answers) == 1000
    assert len(set(answers)) == 1, "each of them is answered alike"

    stage.browser(source="127.0.9.99").forgotten(bystander)
    user_id = stage.admin.user(address)["id"]

    def decided(kind: str) -> list[int]:
        events = stage.admin.read("events", user=user_id, type=kind, max="2000")
        return sorted(event["time"] for event in events)

    def all_decided() -> bool:
        return len(decided("SEND_RESET_PASSWORD") + decided("SEND_RESET_PASSWORD_ERROR")) >= len(answers)

    # What follows from a request is decided after its answer: a link to come would end the one used here.
    eventually(all_decided, "each request decided", timeout=180)
    other = stage.reset_link(bystander)
    links = decided("SEND_RESET_PASSWORD")
    # The 15 s are counted in whole seconds, and an event is dated a moment after them: hence 13.
    assert all(later - link > 13_000 for link, later in itertools.pairwise(links)), "within the cool-down"
    eventually(lambda: len(mails(stage, address)) == len(links), "a mail for each link")
    sent = mails(stage, address)
    assert 1 <= len(sent) <= limit + 1  # one more when a full hour strikes meanwhile
    assert stage.gets_in(address), "asking locks nobody out"
    link = link_to("reset", sent[0].text)
    assert stage.browser(source="127.0.9.99").reset(link, NEW).screen == "login-reset-done"
    assert stage.gets_in(address, NEW)
    assert stage.browser(source="127.0.9.99").reset(other, NEW).screen == "login-reset-done"
    told = [event for event in refusals(stage) if event["error"] == "source_throttled"]
    assert {event["ipAddress"] for event in told} <= {f"127.0.9.{n}" for n in range(1, 26)}
    assert told


def test_who_was_asked_about_too_often_still_gets_a_link_once_the_last_is_too_old(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    stage = Stage(
        make_realm(
            limits={"failures": 3, "per_source": 1000, "mails_per_hour": 1},
        ),
        mailbox,
    )
    stage.activated("F3")  # the one mail of the hour
    address = stage.address("F3")
    with stage.admin.setting(resetLinkLifetime=1):
        stage.browser().forgotten("F3")
        first = stage.mail(address, RESET)
    eventually(
        lambda: stage.browser().get(link_to("reset", first.text)).screen == "login-link-refused",
        "the first link is too old",
    )
    stage.browser().forgotten("F3")
    assert stage.browser().reset(stage.reset_link(address, after=first), NEW).screen == "login-reset-done"


# ---- rules 1 and 6


def test_the_stock_reset_stays_off(stage: Stage) -> None:
    assert stage.admin.read("")["resetPasswordAllowed"] is False
    owner = stage.browser()
    page = owner.get(owner.authorization_url(login_hint="x"))
    stock = page.url.replace("/protocol/openid-connect/auth", "/login-actions/reset-credentials")
    stock = re.sub(r"/login-actions/authenticate", "/login-actions/reset-credentials", stock)
    assert "login-actions/reset-credentials" in stock
    assert owner.get(stock).screen not in ("login-reset-password", "login-login-reset-password")
    assert "autorisé" not in owner.get(stock).text or owner.get(stock).code is None


def test_events_say_who_and_hold_no_secret_and_nothing_that_was_not_found(stage: Stage) -> None:
    typed = {"identifiant-tape-au-hasard-s9", "adresse.tapee.s9@exemple.fr"}
    for one in typed:
        asked_for_nothing(stage, one, "user_not_found")
    link = link_for(stage, "G1")
    user = stage.admin.user(stage.address("G1"))
    done = stage.browser().reset(link, NEW)

    def one_event(kind: str) -> Json:
        found = [event for event in stage.admin.events(kind) if event.get("userId") == user["id"]]
        assert len(found) == 1, kind
        return found[0]

    for kind in ("SEND_RESET_PASSWORD", "RESET_PASSWORD", "UPDATE_CREDENTIAL"):
        event = one_event(kind)
        assert event["clientId"] == "extranet"
        assert event["ipAddress"] == "127.0.0.1"
        assert event["time"] > 0
    said = json.dumps([stage.admin.events(), stage.admin.admin_events()], ensure_ascii=False)
    keys = {parse_qs(urlsplit(url).query)["key"][0] for url in (link, done.url)}
    secrets = {NEW, PERSONAL} | keys | {key.split(".")[1] for key in keys}
    assert {one for one in typed | secrets if one in said} == set()
