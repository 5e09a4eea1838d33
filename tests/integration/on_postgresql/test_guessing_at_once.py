"""Rule 8, on the server with PostgreSQL: what holds for one guess after the other holds for 200 at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Owner, Page, link_to
from tests.realms import RealmMaker
from tools.mailbox import Mailbox

FAILURES = 4
PER_SOURCE = 12
GUESSES = 200
WRONG = "Faux-Mot-0"
STRANGER = "127.1.0.1"
TOO_MANY = "Trop d'essais ont été faits"
# Keycloak counts each password that it compares with a stored hash: one of a locked account is not.
VERIFIED = "keycloak_credentials_password_hashing_validations_total"


@pytest.fixture(scope="module")
def stage(make_realm_on_postgresql: RealmMaker, mailbox: Mailbox) -> Stage:
    """Few failures an account, as many as one likes from one source."""
    limits = {"failures": FAILURES, "per_source": 100_000, "mails_per_hour": 10_000}
    return Stage(make_realm_on_postgresql(limits=limits), mailbox)


@pytest.fixture(scope="module")
def narrow(make_realm_on_postgresql: RealmMaker, mailbox: Mailbox) -> Stage:
    """Few failures a source."""
    limits = {"failures": 1000, "per_source": PER_SOURCE, "mails_per_hour": 10_000}
    narrow = Stage(make_realm_on_postgresql(limits=limits), mailbox)
    # Addresses out in the world are to use TLS; the proxy that these tests play does without.
    narrow.admin.set_realm(sslRequired="none")
    return narrow


def verified(stage: Stage) -> int:
    """How many passwords of personal accounts the server has compared with a stored hash, right or wrong."""
    metrics = requests.get(f"{stage.realm.server.management_url}/metrics", timeout=60).text
    realm = f'realm="{stage.realm.name}"'
    values = [
        line.rpartition(" ")[2]
        for line in metrics.splitlines()
        if line.startswith(VERIFIED) and realm in line
    ]
    return int(sum(map(float, values)))


def test_two_hundred_wrong_passwords_at_once_verify_no_more_hashes_than_the_limit_allows(
    stage: Stage,
) -> None:
    stage.activated("G1")
    victim = stage.address("G1")
    stage.load("G2", mot_de_passe="")
    own = re.findall(
        r"^G2;([^;\s]+)", stage.realm.credentials("1001/01").read_text("utf-8-sig"), re.MULTILINE
    )[0]
    # The way to S8 costs less so; the hash that is guessed at, made before, is what it was.
    policy = stage.admin.read("")["passwordPolicy"]
    stage.admin.set_realm(
        passwordPolicy=f"{policy} and hashAlgorithm(pbkdf2-sha256) and hashIterations(1000)"
    )

    def at_s8(_: int) -> tuple[Owner, Page]:
        attacker = stage.browser(source=STRANGER)
        page = attacker.get(attacker.start("1001", "01").link("Je fusionne mes comptes"))
        page = attacker.submit(page, email=victim, identifier="G2", password=own)
        assert page.screen == "login-merge-password", page.text
        return attacker, page

    with ThreadPoolExecutor(6) as threads:
        attackers = list(threads.map(at_s8, range(GUESSES)))
    before = verified(stage)
    together = Barrier(GUESSES)

    def guess(attacker: tuple[Owner, Page]) -> Page:
        together.wait(timeout=120)
        return attacker[0].submit(attacker[1], password=WRONG)

    with ThreadPoolExecutor(GUESSES) as threads:
        answers = list(threads.map(guess, attackers))

    at_once = verified(stage) - before
    assert 1 <= at_once <= FAILURES
    assert {answer.status for answer in answers} == {200}
    assert {answer.screen for answer in answers} == {"login-merge-password"}
    assert len({answer.alert for answer in answers}) == 1
    # One after the other, what is left of the limit, and nothing beyond it.
    attacker, page = attackers[0]
    for _ in range(3 * FAILURES):
        page = attacker.submit(page, password=WRONG)
    assert verified(stage) - before == FAILURES
    page = attacker.submit(page, password=PERSONAL)
    assert page.screen == "login-merge-password"
    assert page.alert == answers[0].alert
    assert verified(stage) - before == FAILURES


def test_passwords_tried_at_once_behind_a_link_are_no_more_than_the_limit_allows(stage: Stage) -> None:
    owner = stage.activated("G3")
    stage.signed_in(owner, stage.address("G3"))
    new = f"new-{stage.address('G3')}"
    page = owner.ask_action("moncompte-update-email")
    owner.submit(page, email=new, action="send")
    link = link_to("address", stage.mail(new, "Validez votre nouvelle adresse").text)
    pages = [
        (attacker, attacker.get(link))
        for attacker in (stage.browser(source=STRANGER) for _ in range(10 * FAILURES))
    ]
    before = verified(stage)
    together = Barrier(len(pages))

    def guess(attacker: tuple[Owner, Page]) -> Page:
        together.wait(timeout=120)
        return attacker[0].submit(attacker[1], password=WRONG)

    with ThreadPoolExecutor(len(pages)) as threads:
        answers = list(threads.map(guess, pages))
    assert 1 <= verified(stage) - before <= FAILURES
    assert len({answer.text for answer in answers}) == 1


def test_passwords_tried_at_once_from_everywhere_are_no_more_than_the_larger_limit_allows(
    stage: Stage,
) -> None:
    stage.activated("G4")
    address = stage.address("G4")
    number = 20 * FAILURES
    attackers = [stage.browser(source=f"127.1.5.{source}") for source in range(1, number + 1)]
    with ThreadPoolExecutor(6) as threads:
        pages = list(
            threads.map(lambda one: (one, one.get(one.authorization_url(login_hint=address))), attackers)
        )
    before = verified(stage)
    together = Barrier(number)

    def guess(page: tuple[Owner, Page]) -> Page:
        together.wait(timeout=120)
        return page[0].submit(page[1], username=address, password=WRONG)

    with ThreadPoolExecutor(number) as threads:
        answers = list(threads.map(guess, pages))
    assert 1 <= verified(stage) - before <= 10 * FAILURES
    assert len({answer.alert for answer in answers}) == 1


def test_an_address_that_the_database_refuses_is_unknown_like_any_other(stage: Stage) -> None:
    def answer(typed: str) -> tuple[int, str]:
        visitor = stage.browser(source="127.1.4.1")
        page = visitor.get(visitor.authorization_url(login_hint="x"))
        page = visitor.submit(page, username=typed, password=WRONG)
        return page.status, page.alert

    unknown = answer("personne@exemple.fr")
    assert unknown[0] == 200
    assert answer("per\0sonne@exemple.fr") == unknown


def test_the_limit_of_a_source_is_exact_for_tries_at_once(narrow: Stage) -> None:
    visitors = [narrow.browser(source="127.1.1.1") for _ in range(3 * PER_SOURCE)]
    with ThreadPoolExecutor(8) as threads:
        pages = list(threads.map(lambda visitor: visitor.to_provisional("1001", "01"), visitors))
        answers = list(
            threads.map(
                lambda number: visitors[number].submit(
                    pages[number], identifier=f"Q{number:05}", password=WRONG
                ),
                range(len(pages)),
            )
        )
    passed = len([page for page in answers if TOO_MANY not in page.alert])
    # Counted before it is verified: tries at once may stop a little early, and never late.
    assert 1 <= passed <= PER_SOURCE
    # One after the other, what is left of the limit, and nothing beyond it.
    visitor = narrow.browser(source="127.1.1.1")
    while TOO_MANY not in visitor.prove("1001", "01", "Q99999", WRONG).alert:
        passed += 1
        assert passed <= PER_SOURCE
    assert passed == PER_SOURCE


def refused_from(stage: Stage, address: str, source: str = "127.0.0.1") -> str:
    """What S2 answers to a wrong password that, a proxy says, comes from `address`."""
    visitor = stage.browser(source=source)
    visitor.http.headers["X-Forwarded-For"] = address
    return visitor.prove("1001", "01", "P00001", WRONG).alert


def test_a_subscribers_ipv6_network_is_one_source(narrow: Stage) -> None:
    for number in range(PER_SOURCE):
        assert TOO_MANY not in refused_from(narrow, f"2001:db8:1:2:{number:x}::{number:x}")
    assert TOO_MANY in refused_from(narrow, "2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert TOO_MANY in refused_from(narrow, "2001:0DB8:0001:0002::")
    for other in ("2001:db8:1:3::1", "2001:db8:1:1:ffff::", "2001:db8::1:2:1:1", "203.0.113.7"):
        assert TOO_MANY not in refused_from(narrow, other)


def test_an_ipv4_address_is_one_source_however_it_is_written(narrow: Stage) -> None:
    for _ in range(PER_SOURCE):
        assert TOO_MANY not in refused_from(narrow, "203.0.113.20")
    assert TOO_MANY in refused_from(narrow, "::ffff:203.0.113.20")
    assert TOO_MANY not in refused_from(narrow, "::ffff:203.0.113.21")


def test_who_is_no_trusted_proxy_has_no_say_in_where_a_request_comes_from(narrow: Stage) -> None:
    alerts = [refused_from(narrow, f"198.51.100.{number}", "127.1.2.1") for number in range(PER_SOURCE + 1)]
    assert [TOO_MANY in alert for alert in alerts] == [False] * PER_SOURCE + [True]


def test_owners_of_a_stopped_network_get_in_from_elsewhere(narrow: Stage) -> None:
    narrow.load("G9")
    for number in range(PER_SOURCE + 1):
        refused_from(narrow, f"2001:db8:9:9::{number:x}")
    owner = narrow.browser()
    owner.http.headers["X-Forwarded-For"] = "2001:db8:9:8::1"
    assert owner.prove("1001", "01", "G9", provisional("G9")).screen == "login-address"
