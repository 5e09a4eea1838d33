"""Rule 8 at S9: a source asks for a few different accounts an hour, and uses up nothing that owners need."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.stage import BY_MAIL, RESET, Stage, eventually
from tests.realms import Json, RealmMaker
from tools.mailbox import Mailbox

ACCOUNTS = 3


@pytest.fixture(scope="module")
def few(make_realm: RealmMaker, mailbox: Mailbox) -> Stage:
    """A realm where a source may ask for three accounts an hour."""
    limits = {"failures": 1000, "per_source": 100_000, "mails_per_hour": 10_000}
    return Stage(make_realm(limits=limits | {"accounts_per_source": ACCOUNTS}), mailbox)


def decided(stage: Stage) -> list[Json]:
    """What was decided about requests at S9."""
    events = stage.admin.events("SEND_RESET_PASSWORD") + stage.admin.events("SEND_RESET_PASSWORD_ERROR")
    return [event for event in events if event.get("error") != "source_throttled"]


def ask(stage: Stage, source: str, *typed: str) -> list[str]:
    """Asks at S9 from a source, one after the other; what was decided: `sent` or why not."""
    found = []
    for one in typed:
        before = {event["id"] for event in decided(stage)}
        page = stage.browser(source=source).forgotten(one)
        assert page.screen == "login-forgotten-sent", page.text
        new: list[Json] = []
        eventually(
            lambda known=before, new=new: bool(  # type: ignore[misc]
                new.extend(event for event in decided(stage) if event["id"] not in known) or new
            ),
            f"decided about {one}",
        )
        found.append(new[0].get("error", "sent"))
    return found


def mailed(stage: Stage, identifier: str) -> int:
    return sum(mail.is_for(stage.address(identifier)) for mail in stage.mailbox.messages())


def test_a_source_gets_mail_sent_to_a_few_owners_only(few: Stage) -> None:
    few.load("A1", "A2", "A3", "A4")
    assert ask(few, "127.0.41.1", "A1", "A2", "A3", "A4") == ["sent", "sent", "sent", "too_many_accounts"]
    assert ask(few, "127.0.41.1", " a2 ", "A4") == ["sent", "too_many_accounts"], "the same one again"
    assert mailed(few, "A4") == 0
    assert ask(few, "127.0.41.2", "A4") == ["sent"], "another source"
    assert few.mail(few.address("A4"), BY_MAIL)


def test_who_is_not_there_counts_like_who_is(few: Stage) -> None:
    """Otherwise the mail to a visitor's own account would tell which of the others exist (rule 7)."""
    few.load("B1", "B2")
    for number, others in enumerate((["B1", "nobody-1", "nobody-2"], ["no-1", "no-2", "x@nowhere.example"])):
        source = f"127.0.42.{number + 1}"
        assert "too_many_accounts" not in ask(few, source, *others)
        assert ask(few, source, "B2") == ["too_many_accounts"]


def test_the_answer_does_not_tell(few: Stage) -> None:
    few.load("C1")
    pages = [few.browser(source="127.0.43.1").forgotten(f"c-{number}") for number in range(ACCOUNTS + 2)]
    assert len({page.comparable(f"c-{number}") for number, page in enumerate(pages)}) == 1


def test_of_many_requests_at_once_no_more_mails_leave(few: Stage) -> None:
    identifiers = [f"D{number}" for number in range(10)]
    few.load(*identifiers)
    before = len(decided(few))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda one: few.browser(source="127.0.44.1").forgotten(one), identifiers * 2))
    eventually(lambda: len(decided(few)) == before + 20, "all are decided")
    assert sum(mailed(few, one) > 0 for one in identifiers) <= ACCOUNTS


def test_strangers_do_not_use_up_the_mails_of_an_agency(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    """100 mails an hour for the agency's owners here; strangers ask for more, each of them for several."""
    limits = {"failures": 1000, "per_source": 100_000, "mails_per_hour": 1, "accounts_per_source": 100}
    stage = Stage(make_realm(limits=limits), mailbox)
    strangers, each = 12, 10
    stage.load(*(f"S{number:03}" for number in range(strangers * each)), "OWNER", "OTHER")
    stage.activated("PERSONAL")

    def stranger(number: int) -> None:
        browser = stage.browser(source=f"127.0.45.{number + 1}")
        page = browser.get(browser.start("1001", "01").link("J'ai déjà un compte"))
        page = browser.get(page.link("Mot de passe oublié ?"))
        for one in range(each):
            sent = browser.submit(page, login=f"S{number * each + one:03}")
            page = browser.get(sent.link("Faire une nouvelle demande"))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(stranger, range(strangers)))
    eventually(lambda: len(decided(stage)) >= strangers * each, "all are decided", timeout=60)
    refused = [event for event in decided(stage) if event.get("error") == "mail_throttled"]
    assert refused, "the agency's limit is reached"
    assert ask(stage, "127.0.46.1", "OWNER", "OWNER") == ["sent", "mail_throttled"], "the recipient's limit"
    assert ask(stage, "127.0.46.2", "PERSONAL") == ["sent"]
    assert ask(stage, "127.0.46.2", "OTHER") == ["mail_throttled"], "the second account of its source"
    assert stage.mail(stage.address("OWNER"), BY_MAIL)
    assert stage.mail(stage.address("PERSONAL"), RESET)
