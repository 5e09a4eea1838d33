"""Rule 8: guessing through S6, S8, S4 and S7 is stopped, and the owner of a locked account is told."""

import re
from collections.abc import Callable

import pytest

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Page, plain
from tests.realms import RealmMaker, TestRealm
from tools.mailbox import Mail

FAILURES = 4
WRONG = "Faux-Mot-0"
LOCKED = "Des mots de passe faux ont été saisis"

# Types a password; the page that answers.
Guess = Callable[[str], Page]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Four failures, and as many from one source as one likes."""
    return make_realm(limits={"failures": FAILURES, "per_source": 100_000, "mails_per_hour": 10_000})


# ---- the ways to guess


def at_s6(stage: Stage, victim: str, source: str = "127.0.0.1") -> Guess:
    """The sign-in."""
    attacker = stage.browser(source=source)
    return lambda password: attacker.sign_in(victim, password)


def at_s8(stage: Stage, victim: str) -> Guess:
    """The second screen of a merge, behind provisional credentials that are good."""
    accomplice = f"{victim.partition('@')[0]}x"
    stage.load(accomplice)

    def guess(password: str) -> Page:
        attacker = stage.browser()
        page = attacker.get(attacker.start("1001", "01").link("Je fusionne mes comptes"))
        page = attacker.submit(page, email=victim, identifier=accomplice, password=provisional(accomplice))
        assert page.screen == "login-merge-password", page.text
        return attacker.submit(page, password=password)

    return guess


def at_s4(stage: Stage, victim: str) -> Guess:
    """An activation with the victim's address, which the right password makes a merge (rule 5)."""
    accomplice = f"{victim.partition('@')[0]}x"
    stage.load(accomplice)

    def guess(password: str) -> Page:
        attacker = stage.browser()
        page = attacker.prove("1001", "01", accomplice, provisional(accomplice))
        page = attacker.submit(page, email=victim)
        assert page.screen == "login-new-password", page.text
        return attacker.submit(page, password_new=password, password_confirm=password, terms="on")

    return guess


def at_s7(stage: Stage, identifier: str) -> Guess:
    """The provisional password, on the first screen of a merge."""

    def guess(password: str) -> Page:
        attacker = stage.browser()
        page = attacker.get(attacker.start("1001", "01").link("Je fusionne mes comptes"))
        return attacker.submit(page, email="personne@exemple.fr", identifier=identifier, password=password)

    return guess


def guess_until_locked(guess: Guess) -> Page:
    """Guesses wrong as often as one source may; the last answer."""
    for _ in range(FAILURES):
        answer = guess(WRONG)
    return answer


def words(page: Page) -> str:
    """A page's words; the seconds of a cool-down pass."""
    return f"{page.screen}: {re.sub(r'[0-9]+', '#', page.text)}"


# ---- guessing is stopped


@pytest.mark.parametrize(
    ("identifier", "way", "opened"),
    [("K1", at_s6, ""), ("K2", at_s8, "login-merged"), ("K3", at_s4, "login-merged")],
    ids=["S6", "S8", "S4"],
)
def test_guessing_a_personal_password_is_stopped_and_its_owner_told(
    stage: Stage, identifier: str, way: Callable[[Stage, str], Guess], opened: str
) -> None:
    stage.activated(identifier)
    address = stage.address(identifier)
    guess = way(stage, address)
    wrong = guess_until_locked(guess)

    assert words(guess(PERSONAL)) == words(wrong), "the right password says nothing either"
    assert not stage.gets_in(address)
    assert stage.mail(address, LOCKED)

    stage.forget_guesses()
    assert guess(PERSONAL).screen == opened
    assert stage.gets_in(address)


def test_guessing_a_provisional_password_at_s7_is_stopped_and_nobody_written_to(stage: Stage) -> None:
    stage.load("K4")
    guess = at_s7(stage, "K4")
    wrong = guess_until_locked(guess)
    assert words(guess(provisional("K4"))) == words(wrong)
    assert stage.browser().prove("1001", "01", "K4", provisional("K4")).screen == "login-provisional"

    # A mail that is asked for after has come: so would have one of the lock.
    stage.activated("K4x")
    assert mails(stage, stage.address("K4")) == []
    stage.forget_guesses()
    assert guess(provisional("K4")).screen == "login-merge-password"


# ---- the mail


def mails(stage: Stage, address: str) -> list[Mail]:
    """The mails to an address that are about a lock."""
    sent = [mail for mail in stage.mailbox.messages() if mail.is_for(address)]
    return [mail for mail in sent if LOCKED in mail.subject]


def locked(stage: Stage, identifier: str) -> Mail:
    """The mail to the owner of an account that is locked now."""
    address = stage.address(identifier)
    guess_until_locked(at_s6(stage, address))
    return stage.mail(address, LOCKED)


def test_the_mail_says_what_happened_when_it_ends_and_the_way_on(stage: Stage) -> None:
    stage.activated("K5")
    mail = locked(stage, "K5")
    assert mail.subject == "Des mots de passe faux ont été saisis pour votre compte Extranet"
    for text in (mail.text, Page(200, "", mail.html, {}).text):
        said = plain(text)
        assert "Plusieurs mots de passe faux viennent d'être saisis avec votre adresse email" in said
        assert "Le blocage prend fin tout seul" in said
        assert "15 minutes au plus" in said
        assert "Les navigateurs avec lesquels vous vous êtes déjà connecté ne le sont pas" in said
        assert "choisissez « Mot de passe oublié ? » pour en créer un nouveau" in said
        assert "ces essais n'ont pas ouvert votre compte" in said
        assert "http://localhost:8000/" in said
    assert "key=" not in mail.text + mail.html
    assert PERSONAL not in mail.text
    assert WRONG not in mail.text


def test_the_way_on_that_the_mail_names_opens_the_account(stage: Stage) -> None:
    stage.activated("K9")
    address = stage.address("K9")
    locked(stage, "K9")
    assert not stage.gets_in(address)
    stage.browser().forgotten(address)
    page = stage.browser().reset(stage.reset_link(address), "Orage-77?y")
    assert page.screen == "login-reset-done"
    assert stage.gets_in(address, "Orage-77?y")


def test_a_lock_that_follows_another_is_not_written_about_again(stage: Stage) -> None:
    stage.activated("K6")
    locked(stage, "K6")
    for number in range(2):
        guess_until_locked(at_s6(stage, stage.address("K6"), f"127.0.33.{number}"))
    stage.activated("K6x")
    locked(stage, "K6x")
    assert len(mails(stage, stage.address("K6"))) == 1


def test_an_owner_who_reads_english_is_told_in_english(stage: Stage) -> None:
    stage.activated("K7")
    user = stage.admin.user(stage.address("K7"))
    stage.admin.update(user, attributes=user["attributes"] | {"locale": ["en"]})
    guess_until_locked(at_s6(stage, stage.address("K7")))
    mail = stage.mail(stage.address("K7"), "Wrong passwords were typed")
    assert "The block ends by itself, after 15 minutes" in mail.text


def test_a_disabled_account_is_neither_locked_nor_written_to(stage: Stage) -> None:
    stage.activated("K8")
    user = stage.admin.user(stage.address("K8"))
    stage.admin.update(user, enabled=False)
    guess = at_s6(stage, stage.address("K8"))
    for _ in range(FAILURES + 1):
        guess(WRONG)
    stage.activated("K8x")
    locked(stage, "K8x")
    assert mails(stage, stage.address("K8")) == []
