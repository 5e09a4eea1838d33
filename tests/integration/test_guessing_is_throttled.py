"""Rule 8: guessing is throttled for each account, and for each source and agency; mail is limited."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.owner import Owner, Page
from tests.realms import RealmMaker, TestRealm
from tools.mailbox import Mailbox

FAILURES = 4
PER_SOURCE = 30
WRONG = "Faux-Mot-0"
# Pages that a link in a mail leads to, below /realms/{realm}/moncompte.
LINKS = (
    "activation",
    "activate",
    "merge",
    "merge-accounts",
    "dispute",
    "release",
    "address",
    "reset",
    "reset/done",
)
TOO_MANY = "Trop d'essais ont été faits"


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Little is allowed here; each test comes from addresses of its own."""
    return make_realm(limits={"failures": FAILURES, "per_source": PER_SOURCE, "mails_per_hour": 10_000})


# ---- the source


def spray(stage: Stage, source: str, numbers: range, password: str) -> list[Page]:
    """One password tried on sequential identifiers, with a forged address of origin each time."""
    attacker = stage.browser(source=source)
    page = attacker.to_provisional("1001", "01")
    answers = []
    for number in numbers:
        attacker.http.headers["X-Forwarded-For"] = f"203.0.113.{number % 250}"
        attacker.http.headers["Forwarded"] = f"for=203.0.113.{number % 250}"
        attacker.http.headers["X-Real-IP"] = f"203.0.113.{number % 250}"
        page = attacker.submit(page, identifier=f"P{number:05}", password=password)
        answers.append(page)
        if page.screen != "login-provisional":
            break
    return answers


def test_one_password_sprayed_over_500_identifiers_is_stopped_and_others_get_in(stage: Stage) -> None:
    weak = "Bienvenue-2026"
    stage.load("P00400", mot_de_passe=weak)
    stage.load("P00450")

    answers = spray(stage, "127.0.8.1", range(500), weak)

    assert len(answers) == 500, "the identifier behind the limit was not opened"
    verified = [page for page in answers if TOO_MANY not in page.alert]
    assert len(verified) == PER_SOURCE
    assert all("n'est pas reconnu" in page.alert for page in verified)
    owner = stage.browser(source="127.0.8.2")
    assert owner.prove("1001", "01", "P00450", provisional("P00450")).screen == "login-address"
    assert stage.browser(source="127.0.8.2").prove("1001", "01", "P00400", weak).screen == "login-address"


def test_the_operator_is_told_of_a_spray(stage: Stage) -> None:
    spray(stage, "127.0.8.3", range(PER_SOURCE + 3), WRONG)
    event = next(one for one in stage.admin.events("LOGIN_ERROR") if one["error"] == "source_throttled")
    assert event["ipAddress"] == "127.0.8.3"


def test_the_limit_of_a_source_holds_for_tries_at_once(stage: Stage) -> None:
    def guess(number: int) -> Page:
        owner = stage.browser(source="127.0.8.4")
        return owner.prove("1001", "01", f"Q{number:05}", WRONG)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(PER_SOURCE + 15)))
    # Counted before it is verified: tries at once may stop a little early, and never late.
    assert PER_SOURCE - 8 <= len([page for page in answers if TOO_MANY not in page.alert]) <= PER_SOURCE


def test_a_source_stopped_at_one_agency_may_go_to_another(stage: Stage) -> None:
    stage.load("F1", agency="2002/01")
    spray(stage, "127.0.8.5", range(PER_SOURCE + 1), WRONG)
    owner = stage.browser(source="127.0.8.5")
    assert TOO_MANY in owner.prove("1001", "01", "P00450", provisional("P00450")).alert
    assert owner.prove("2002", "01", "F1", provisional("F1")).screen == "login-address"


def test_owners_behind_one_address_who_succeed_use_nothing_up(stage: Stage) -> None:
    stage.load("F2")
    for _ in range(PER_SOURCE + 5):
        owner = stage.browser(source="127.0.8.6")
        assert owner.prove("1001", "01", "F2", provisional("F2")).screen == "login-address"


def test_addresses_sprayed_at_the_sign_in_are_stopped_too(stage: Stage) -> None:
    stage.activated("F3")
    attacker = stage.browser(source="127.0.8.7")
    page = attacker.get(attacker.authorization_url(login_hint="x"))
    alerts = []
    for number in range(PER_SOURCE + 3):
        attacker.http.headers["X-Forwarded-For"] = f"203.0.113.{number}"
        page = attacker.submit(page, username=f"personne{number}@exemple.fr", password=PERSONAL)
        alerts.append(page.alert)
    assert [TOO_MANY in alert for alert in alerts] == [False] * PER_SOURCE + [True] * 3
    page = attacker.submit(page, username=stage.address("F3"), password=PERSONAL)
    assert TOO_MANY in page.alert, "a right password says nothing either"
    elsewhere = stage.browser(source="127.0.8.8")
    assert elsewhere.sign_in(stage.address("F3"), PERSONAL).code is not None


def test_naming_other_agencies_does_not_multiply_the_guesses_at_addresses(stage: Stage) -> None:
    """Addresses are the realm's, not an agency's: the codes in the URL are the visitor's own choice."""
    guesses = 0
    for client, societe in (("1001", "01"), ("1001", "02"), ("2002", "01"), (None, None)):
        attacker = stage.browser(source="127.0.8.9")
        page = attacker.start(client, societe, login_hint="x")
        for number in range(PER_SOURCE + 1):
            page = attacker.submit(page, username=f"personne{number}@exemple.fr", password=WRONG)
            if TOO_MANY in page.alert:
                break
            guesses += 1
    assert guesses <= PER_SOURCE


# ---- the account


def refuses(stage: Stage, identifier: str, source: str) -> bool:
    """Whether S2 refuses the right password from there."""
    page = stage.browser(source=source).prove("1001", "01", identifier, provisional(identifier))
    return page.screen == "login-provisional"


def test_a_password_an_agency_chose_locks_after_some_failures(stage: Stage) -> None:
    stage.load("F4")
    for _ in range(FAILURES - 1):
        stage.browser(source="127.0.9.1").prove("1001", "01", "F4", WRONG)
    assert not refuses(stage, "F4", "127.0.9.1"), "a right one is no failure"
    stage.browser(source="127.0.9.1").prove("1001", "01", "F4", WRONG)
    assert refuses(stage, "F4", "127.0.9.1")
    stage.forget_guesses()
    assert not refuses(stage, "F4", "127.0.9.1")


def test_a_personal_password_locks_after_some_failures(stage: Stage) -> None:
    stage.activated("F5")
    for _ in range(FAILURES):
        owner = stage.browser(source="127.0.10.1")
        assert owner.sign_in(stage.address("F5"), WRONG).code is None
    elsewhere = stage.browser(source="127.0.10.1")
    assert elsewhere.sign_in(stage.address("F5"), PERSONAL).code is None
    stage.forget_guesses()
    assert elsewhere.sign_in(stage.address("F5"), PERSONAL).code is not None


def test_guesses_from_many_sources_lock_an_account_for_new_browsers(stage: Stage) -> None:
    stage.load("F6")
    for number in range(10 * FAILURES):
        source = f"127.0.11.{number}"
        assert stage.browser(source=source).prove("1001", "01", "F6", WRONG).screen == "login-provisional"
    assert refuses(stage, "F6", "127.0.11.250")


def guess_provisional(stage: Stage, number: int) -> Page:
    return stage.browser(source=f"127.0.12.{number % 5}").prove("1001", "01", "F8", WRONG)


def guess_personal(stage: Stage, number: int) -> Page:
    return stage.browser(source=f"127.0.12.{number % 5}").sign_in(stage.address("F7"), WRONG)


@pytest.mark.parametrize("guess", [guess_provisional, guess_personal], ids=["S2", "S6"])
def test_fifty_wrong_passwords_at_once_are_answered_alike(
    stage: Stage, guess: Callable[[Stage, int], Page]
) -> None:
    if guess is guess_personal:
        stage.activated("F7")
    else:
        stage.load("F8")
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda number: guess(stage, number), range(50)))
    assert {page.status for page in answers} == {200}
    assert len({page.alert for page in answers}) == 1


def test_no_lock_lasts_longer_than_a_quarter_of_an_hour(stage: Stage) -> None:
    settings = stage.admin.read("")
    assert settings["bruteForceProtected"], "for Keycloak's own forms"
    assert not settings["permanentLockout"]
    assert 0 < settings["waitIncrementSeconds"] <= settings["maxFailureWaitSeconds"] <= 900
    assert settings["failureFactor"] == FAILURES


def test_who_signs_in_begins_afresh(stage: Stage) -> None:
    """The browser is known from then on, and each sign-in gives it new guesses."""
    stage.activated("F9")
    owner = stage.browser(source="127.0.14.1")
    for _ in range(3):
        owner.http.cookies.clear_session_cookies()
        for _ in range(FAILURES - 1):
            assert owner.sign_in(stage.address("F9"), WRONG).code is None
        assert owner.sign_in(stage.address("F9"), PERSONAL).code is not None


def at_once(pages: list[tuple[Owner, Page]], **fields: str) -> list[Page]:
    """The answers to the same form, sent by all these browsers at the same moment."""
    together = Barrier(len(pages))

    def send(owner: Owner, page: Page) -> Page:
        together.wait(timeout=60)
        return owner.submit(page, **fields)

    with ThreadPoolExecutor(len(pages)) as threads:
        return list(threads.map(send, *zip(*pages, strict=True)))


def test_a_right_password_sent_several_times_at_once_is_right(stage: Stage) -> None:
    stage.activated("T1")
    email = stage.address("T1")
    browsers = [stage.browser(source="127.0.19.1") for _ in range(FAILURES)]
    pages = [(owner, owner.get(owner.authorization_url(login_hint=email))) for owner in browsers]
    answers = at_once(pages, username=email, password=PERSONAL)
    assert all(page.code is not None for page in answers)


def test_a_generated_password_does_not_lock_its_account(stage: Stage) -> None:
    stage.load("F10", mot_de_passe="")
    password = _generated(stage, "F10")
    for _ in range(FAILURES + 5):
        stage.browser(source="127.0.15.1").prove("1001", "01", "F10", WRONG)
    for typed in (password, password.upper(), password.replace("-", " "), password.replace("-", "")):
        page = stage.browser(source="127.0.15.1").prove("1001", "01", "F10", typed)
        assert page.screen == "login-address", typed


def _generated(stage: Stage, identifier: str) -> str:
    lines = stage.realm.credentials("1001/01").read_text(encoding="utf-8-sig").splitlines()
    return next(line.split(";")[1] for line in lines if line.startswith(f"{identifier};"))


# ---- the link


def linked(stage: Stage, identifier: str) -> tuple[Owner, str]:
    stage.load(identifier)
    owner = stage.browser(source="127.0.16.1")
    stage.begun(owner, identifier)
    return owner, stage.link(stage.address(identifier))


def test_guessing_the_password_of_a_link_is_throttled_per_account(stage: Stage) -> None:
    owner, link = linked(stage, "F11")
    for _ in range(FAILURES):
        page = stage.browser(source="127.0.17.1").confirm(link, WRONG)
        assert page.screen == "login-confirm-address"
    page = stage.browser(source="127.0.17.1").confirm(link, PERSONAL)
    assert page.screen == "login-confirm-address", "even the right one, for a while"
    # Whoever asked needs no password and is not in the way of it.
    assert owner.confirm(link).screen == "login-address-confirmed"


def test_guessing_the_passwords_of_links_is_throttled_per_source(
    stage: Stage, make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    del stage
    few = Stage(make_realm(limits={"failures": 1000, "per_source": 6, "mails_per_hour": 10_000}), mailbox)
    _, link = linked(few, "F12")
    attacker = few.browser(source="127.0.18.1")
    page = attacker.get(link)
    for _ in range(6):
        page = attacker.submit(page, password=WRONG)
        assert "n'est pas le bon" in page.text
    assert TOO_MANY in attacker.submit(page, password=PERSONAL).text
    assert few.browser(source="127.0.18.2").confirm(link, PERSONAL).screen == "login-address-confirmed"


def test_a_stranger_who_makes_up_links_keeps_nobody_on_the_same_source_from_one(stage: Stage) -> None:
    _, link = linked(stage, "F13")
    address, key = link.split("?key=")
    neighbour = stage.browser(source="127.0.22.1")
    for _ in range(PER_SOURCE + 1):
        made_up = f"{address}?key={uuid4()}.{key.partition('.')[2]}"
        assert neighbour.get(made_up).screen == "login-link-refused"
    assert stage.browser(source="127.0.22.1").get(link).screen == "login-confirm-address"


@pytest.mark.parametrize("path", LINKS)
def test_guesses_at_links_are_throttled_for_each_source(stage: Stage, path: str) -> None:
    number = LINKS.index(path)
    _, link = linked(stage, f"K{number}")
    address, key = link.split("?key=")
    wrong = key[:-2] + ("AA" if key[-2:] != "AA" else "BB")
    guessed = f"{address.removesuffix('activation')}{path}?key={wrong}"
    guesser = stage.browser(source=f"127.0.20.{number}")
    assert guesser.get(link).screen == "login-confirm-address"
    for _ in range(PER_SOURCE):
        assert guesser.get(guessed).screen == "login-link-refused"
    assert guesser.get(link).screen == "login-link-refused", "the right one, too, for a while"
    assert stage.browser(source=f"127.0.21.{number}").get(link).screen == "login-confirm-address"


# ---- mail


@pytest.fixture(scope="module")
def sparing(make_realm: RealmMaker, mailbox: Mailbox) -> Stage:
    """A realm that sends two mails an hour to one recipient."""
    return Stage(
        make_realm(
            limits={"failures": 1000, "per_source": 100_000, "mails_per_hour": 2},
            lifetimes={"resend_cooldown": "60s"},
        ),
        mailbox,
    )


def mails_to(stage: Stage, address: str) -> int:
    return len([mail for mail in stage.mailbox.messages() if mail.is_for(address)])


def test_one_recipient_gets_a_limited_number_of_mails(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    """Ten times what one account may send: one stranger's letter must not use up what the owner needs."""
    limits = {"failures": 1000, "per_source": 100_000, "mails_per_hour": 1}
    sparing = Stage(make_realm(limits=limits, lifetimes={"resend_cooldown": "60s"}), mailbox)
    victim = f"victime@{sparing.realm.name}.example"
    identifiers = [f"F13-{number}" for number in range(11)]
    sparing.load(*identifiers)
    pages = [
        sparing.begun(sparing.browser(source=f"127.0.19.{number}"), identifier, victim)
        for number, identifier in enumerate(identifiers)
    ]
    assert [page.alert for page in pages[:10]] == [""] * 10
    assert "Beaucoup d'emails ont déjà été envoyés" in pages[10].alert
    # A mail asked for after the one that was refused has come: so would have the refused one.
    sparing.load("F13t")
    sparing.begun(sparing.browser(source="127.0.19.99"), "F13t")
    sparing.mail(sparing.address("F13t"))
    eventually(lambda: mails_to(sparing, victim) >= 10, "the first ten mails")
    assert mails_to(sparing, victim) == 10


def test_what_s9_sends_uses_up_nothing_of_s5(sparing: Stage) -> None:
    """S9 sends where there is an account, and S5 says when there were too many (rule 7)."""
    sparing.activated("F17")
    sparing.load("F17x", "F17y")
    addresses = sparing.address("F17"), sparing.address("F17free")
    for address in addresses:
        sparing.browser(source="127.0.19.10").forgotten(address)
    sparing.reset_link(addresses[0])  # sent, hence counted
    pages = [
        sparing.begun(sparing.browser(source="127.0.19.11"), identifier, address, "Orage-77?y")
        for identifier, address in zip(("F17x", "F17y"), addresses, strict=True)
    ]
    assert [page.alert for page in pages] == ["", ""]


def test_one_account_sends_a_limited_number_of_mails(sparing: Stage) -> None:
    sparing.load("F14")
    pages = [
        sparing.begun(sparing.browser(), "F14", f"f14-{number}@{sparing.realm.name}.example")
        for number in range(3)
    ]
    assert "Beaucoup d'emails" in pages[2].alert


def test_within_the_cool_down_no_new_link_is_made_and_the_one_sent_stays_good(sparing: Stage) -> None:
    sparing.load("F15")
    owner = sparing.browser()
    page = sparing.begun(owner, "F15")
    link = sparing.link(sparing.address("F15"))
    page = owner.submit(page, action="resend")
    assert "Un email vient déjà de partir" in page.alert
    assert " secondes" in page.alert
    assert owner.confirm(link).screen == "login-address-confirmed"


def test_neither_a_restart_nor_s4_sent_again_is_a_way_round_the_limit(sparing: Stage) -> None:
    sparing.load("F16")
    owner = sparing.browser()
    for _ in range(5):
        page = sparing.begun(owner, "F16")
        owner.submit(page, action="restart")
    sparing.load("F16t")
    sparing.begun(sparing.browser(source="127.0.19.9"), "F16t")
    sparing.mail(sparing.address("F16t"))
    assert mails_to(sparing, sparing.address("F16")) <= 2
