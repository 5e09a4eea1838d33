"""Rule 8: a stranger's guesses stop the stranger, and never the owner."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.owner import Owner, Page
from tests.realms import AGENCIES, RealmMaker, TestRealm
from tools.mailbox import Mailbox

FAILURES = 3
WRONG = "Faux-Mot-0"
NEW = "Orage-77?y"
TOO_MANY = "Trop d'essais ont été faits"
DEVICE = "MONCOMPTE_DEVICE"
STRANGER = "127.0.30.1"
HOME = "127.0.30.2"
# Where guesses come from that lock an account for every browser that it does not know.
EVERYWHERE = [f"127.0.31.{number}" for number in range(1, 11)]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Three guesses lock; nothing else limits."""
    return make_realm(limits={"failures": FAILURES, "per_source": 100_000, "mails_per_hour": 10_000})


def guess(stage: Stage, address: str, *sources: str, times: int = FAILURES) -> Page:
    """Guesses wrong so often from each source, in browsers nobody has used; the last answer."""
    for source in sources:
        for _ in range(times):
            answer = stage.browser(source=source).sign_in(address, WRONG)
            assert answer.code is None
    return answer


def gets_in(stage: Stage, address: str, password: str = PERSONAL, source: str = HOME) -> bool:
    """Whether a browser that the account does not know gets in."""
    return stage.browser(source=source).sign_in(address, password).code is not None


def cookie(owner: Owner) -> str:
    """What a browser keeps to be known by."""
    return str(next(one.value for one in owner.http.cookies if one.name == DEVICE))


def with_cookie(stage: Stage, value: str, source: str = HOME) -> Owner:
    """A browser that sends this cookie and no other."""
    browser = stage.browser(source=source)
    browser.http.cookies.set(DEVICE, value, path=f"/realms/{stage.realm.name}/")
    return browser


# ---- other sources


def test_guesses_from_one_source_leave_owners_elsewhere_alone(stage: Stage) -> None:
    stage.activated("A1")
    address = stage.address("A1")
    guess(stage, address, STRANGER, times=31)
    assert gets_in(stage, address)
    assert not gets_in(stage, address, source=STRANGER)


def test_guesses_at_a_provisional_password_leave_owners_elsewhere_alone(stage: Stage) -> None:
    stage.load("A2")
    for _ in range(10):
        stage.browser(source=STRANGER).prove("1001", "01", "A2", WRONG)
    right = provisional("A2")
    assert stage.browser(source=STRANGER).prove("1001", "01", "A2", right).screen == "login-provisional"
    assert stage.browser(source=HOME).prove("1001", "01", "A2", right).screen == "login-address"


def test_guesses_at_the_moment_the_owner_signs_in_are_in_nobodys_way(stage: Stage) -> None:
    stage.activated("A3")
    address = stage.address("A3")
    browsers = [stage.browser(source=STRANGER) for _ in range(12)] + [stage.browser(source=HOME)]
    pages = [browser.get(browser.authorization_url(login_hint=address)) for browser in browsers]
    together = Barrier(len(browsers))

    def send(number: int) -> Page:
        password = PERSONAL if number == 12 else WRONG
        together.wait(timeout=60)
        return browsers[number].submit(pages[number], username=address, password=password)

    with ThreadPoolExecutor(len(browsers)) as threads:
        *wrong, right = threads.map(send, range(len(browsers)))
    assert right.code is not None
    assert {page.status for page in wrong} == {200}
    assert len({page.alert for page in wrong}) == 1


def test_a_lock_of_new_browsers_ends_by_itself(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    hasty = Stage(
        make_realm(limits={"failures": FAILURES, "per_source": 100_000, "mails_per_hour": 100}), mailbox
    )
    hasty.admin.set_realm(maxFailureWaitSeconds=8)  # in place of a quarter of an hour
    hasty.activated("A4")
    address = hasty.address("A4")
    guess(hasty, address, HOME)
    assert not gets_in(hasty, address)
    eventually(lambda: gets_in(hasty, address), "the lock ends", timeout=20)


# ---- known browsers


def by_activation(stage: Stage, identifier: str) -> tuple[Owner, str]:
    return stage.activated(identifier), PERSONAL


def by_sign_in(stage: Stage, identifier: str) -> tuple[Owner, str]:
    stage.activated(identifier)
    owner = stage.browser(source=HOME)
    assert owner.sign_in(stage.address(identifier), PERSONAL).code is not None
    return owner, PERSONAL


def by_reset(stage: Stage, identifier: str) -> tuple[Owner, str]:
    stage.activated(identifier)
    owner = stage.browser(source=HOME)
    owner.forgotten(stage.address(identifier))
    assert owner.reset(stage.reset_link(stage.address(identifier)), NEW).screen == "login-reset-done"
    return owner, NEW


def by_a_new_password(stage: Stage, identifier: str) -> tuple[Owner, str]:
    owner, _ = by_sign_in(stage, identifier)
    page = owner.ask_action("moncompte-update-password")
    page = owner.submit(page, password=PERSONAL, password_new=NEW, password_confirm=NEW)
    assert page.action_status == "success"
    return owner, NEW


@pytest.mark.parametrize("way", [by_activation, by_sign_in, by_reset, by_a_new_password])
def test_a_known_browser_gets_in_while_new_ones_are_locked_everywhere(
    stage: Stage, way: Callable[[Stage, str], tuple[Owner, str]]
) -> None:
    identifier = f"B-{way.__name__}"
    owner, password = way(stage, identifier)
    known = cookie(owner)
    address = stage.address(identifier)
    wrong = guess(stage, address, *EVERYWHERE)
    refused = stage.browser(source=HOME).sign_in(address, password)
    assert refused.comparable(address) == wrong.comparable(address), "locked and wrong look alike"
    for source in (HOME, EVERYWHERE[0]):
        assert with_cookie(stage, known, source).sign_in(address, password).code is not None


def test_the_cookie_survives_a_sign_out_and_other_owners_of_the_browser(stage: Stage) -> None:
    stage.activated("B5other")
    owner, _ = by_sign_in(stage, "B5")
    owner.http.cookies.clear_session_cookies()
    page = owner.sign_in(stage.address("B5other"), PERSONAL)
    if page.code is None:  # the session of the first owner has ended: once more
        page = owner.submit(page, username=stage.address("B5other"), password=PERSONAL)
    assert page.code is not None
    for identifier in ("B5", "B5other"):
        guess(stage, stage.address(identifier), *EVERYWHERE)
        known = with_cookie(stage, cookie(owner))
        assert known.sign_in(stage.address(identifier), PERSONAL).code is not None


def test_a_known_browser_has_few_guesses_of_its_own(stage: Stage) -> None:
    owner, _ = by_sign_in(stage, "B6")
    address, known = stage.address("B6"), cookie(owner)
    for _ in range(2 * FAILURES):  # its own, then those of a new browser
        assert with_cookie(stage, known, STRANGER).sign_in(address, WRONG).code is None
    assert with_cookie(stage, known, STRANGER).sign_in(address, PERSONAL).code is None
    assert gets_in(stage, address), "others are not concerned"


def test_a_known_browser_gets_in_behind_the_address_of_a_stranger(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    crowded = Stage(
        make_realm(limits={"failures": FAILURES, "per_source": 5, "mails_per_hour": 100}), mailbox
    )
    owner, _ = by_sign_in(crowded, "B7")
    known = cookie(owner)
    for number in range(6):
        answer = crowded.browser(source=STRANGER).sign_in(f"personne{number}@exemple.fr", WRONG)
    assert TOO_MANY in answer.alert
    address = crowded.address("B7")
    assert with_cookie(crowded, known, STRANGER).sign_in(address, PERSONAL).code is not None
    assert TOO_MANY in crowded.browser(source=STRANGER).sign_in(address, PERSONAL).alert


# ---- cookies that are worth nothing


def test_cookies_that_are_not_the_accounts_own_are_worth_nothing(
    stage: Stage, make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    owner, _ = by_sign_in(stage, "C1")
    other, _ = by_sign_in(stage, "C1other")
    abroad, _ = by_sign_in(Stage(make_realm(), mailbox), "C1")
    known = cookie(owner)
    device, _, signature = known.partition(".")
    address = stage.address("C1")
    guess(stage, address, *EVERYWHERE)
    worthless = {
        "forged": f"{device}.{signature[:-2]}AA",
        "of another device": f"{device[:-1]}{'A' if device[-1] != 'A' else 'B'}.{signature}",
        "without a signature": f"{device}.",
        "of another account": cookie(other),
        "of another realm": cookie(abroad),
        "rubbish": "~~..~é%00~".encode("ascii", "ignore").decode(),
        "huge": "x" * 6_000,
        "huge and right": "~".join([known] * 60),
        "hidden among many": "~".join([f"{device}.{'A' * 43}"] * 9 + [known]),
    }
    answers = {
        name: with_cookie(stage, value).sign_in(address, PERSONAL) for name, value in worthless.items()
    }
    assert {name for name, page in answers.items() if page.code is not None} == set()
    assert {(page.status, page.alert) for page in answers.values()} == {(200, answers["forged"].alert)}
    assert with_cookie(stage, known).sign_in(address, PERSONAL).code is not None


def test_a_stolen_cookie_ends_with_a_reset(stage: Stage) -> None:
    thief, _ = by_sign_in(stage, "C2")
    stolen = cookie(thief)
    owner = stage.browser(source=HOME)
    owner.forgotten(stage.address("C2"))
    assert owner.reset(stage.reset_link(stage.address("C2")), NEW).screen == "login-reset-done"
    guess(stage, stage.address("C2"), *EVERYWHERE)
    assert with_cookie(stage, stolen).sign_in(stage.address("C2"), NEW).code is None
    assert with_cookie(stage, cookie(owner)).sign_in(stage.address("C2"), NEW).code is not None


def test_the_cookie_names_nobody_and_is_kept_from_scripts(stage: Stage) -> None:
    owner, _ = by_sign_in(stage, "C3")
    kept = next(one for one in owner.http.cookies if one.name == DEVICE)
    user = stage.admin.user(stage.address("C3"))
    assert user["id"] not in str(kept.value)
    assert kept.has_nonstandard_attr("HttpOnly")
    assert kept.path == f"/realms/{stage.realm.name}/"
    assert kept.expires is not None


# ---- reset


def test_a_reset_opens_a_locked_account_in_every_browser(stage: Stage) -> None:
    stage.activated("D1")
    address = stage.address("D1")
    guess(stage, address, *EVERYWHERE)
    assert not gets_in(stage, address)
    phone = stage.browser(source=HOME)
    phone.forgotten(address)
    assert phone.reset(stage.reset_link(address), NEW).screen == "login-reset-done"
    assert gets_in(stage, address, NEW)


# ---- the source


def test_a_source_has_one_allowance_over_all_agencies(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    fourth = {"client": "3003", "societe": "01", "name": "Agence des Quais", "phone": "01 40 00 00 04"}
    limits = {"failures": 1000, "per_source": 4, "mails_per_hour": 100}
    few = Stage(make_realm(agencies=[*AGENCIES, fourth], limits=limits), mailbox)
    for client, societe in (("1001", "01"), ("1001", "02"), ("2002", "01")):
        for number in range(4):
            page = few.browser(source=STRANGER).prove(client, societe, f"P{number}", WRONG)
            assert TOO_MANY not in page.alert
    assert TOO_MANY in few.browser(source=STRANGER).prove("3003", "01", "P1", WRONG).alert
    assert TOO_MANY not in few.browser(source=HOME).prove("3003", "01", "P1", WRONG).alert


def test_the_operator_is_told_of_one_password_tried_on_many_accounts(stage: Stage) -> None:
    sprayer, forgetful = "127.0.32.1", "127.0.32.2"
    for number in range(12):
        stage.browser(source=sprayer).sign_in(f"personne{number}@exemple.fr", WRONG)
        stage.browser(source=forgetful).sign_in("une-seule@exemple.fr", WRONG)
    told = [
        event
        for event in stage.admin.events("LOGIN_ERROR")
        if event["error"] == "password_sprayed" and event["ipAddress"] in (sprayer, forgetful)
    ]
    assert [event["ipAddress"] for event in told] == [sprayer]
    assert WRONG not in str(told)
    assert "personne" not in str(told)


# ---- mail


def test_a_strangers_letter_uses_up_no_mail_of_the_owner(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    sparing = Stage(make_realm(limits={"failures": 1000, "per_source": 1000, "mails_per_hour": 1}), mailbox)
    sparing.load("E1", "E1stranger")
    address = sparing.address("E1")
    stranger = sparing.browser(source=STRANGER)
    for _ in range(11):
        page = sparing.begun(stranger, "E1stranger", address)
        stranger.submit(page, action="restart")
    assert sparing.begun(sparing.browser(source=HOME), "E1").alert == ""
