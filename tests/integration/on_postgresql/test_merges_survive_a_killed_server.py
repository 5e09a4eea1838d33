"""Rules 4 and 6: merges and activations are transactions, all at once, on PostgreSQL, and through `kill -9`.

200 visits stand before their last click: S8 with its password, S4 with the address and the password of an
account, the link of an activation. Many want the same provisional account, and all of them the same 20
accounts or a new address that another one wants, too. All click at once; somebody then keeps the table of
events to himself, so that whoever clicks now stands in the middle of a transaction, and the server is killed.
What the rows say has to be whole. After a new start everybody goes on.
"""

import contextlib
import itertools
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage, eventually
from tests.owner import Owner, Page, activation_link, claims
from tests.realms import Json, RealmMaker
from tests.server import PostgreSQLStack
from tools import ToolError
from tools.mailbox import Mail, Mailbox
from tools.postgresql import PostgreSQL

ACCOUNTS = 20
AGENCIES = ("1001/01", "2002/01")
CONTRACTS = 2  # of each provisional account
DONE_BEFORE_THE_KILL = 60
MOST_CLICKS = 100  # of one visit, whose account another one is in the way of

Way = Literal["S8", "S4", "link"]
# The ways to one provisional account that are taken at once, and to how many accounts they are.
PLAN: tuple[tuple[tuple[Way, ...], int], ...] = (
    (("S8",), 30),
    (("S8", "S8"), 25),
    (("S8", "S4"), 20),
    (("S4", "S4"), 10),
    (("link", "S8"), 20),
    (("link",), 20),
)
VISITS = 200
LATE = 0.3  # of each group; an even number, for two want one new address

BEFORE_THE_CLICK = {"S8": "login-merge-password", "S4": "login-new-password", "link": "login-confirm-address"}
DONE = {"login-merged", "login-address-confirmed"}
# Somebody else has got the provisional account, or the new address.
TOO_LATE = {"login-merge", "login-provisional", "login-link-refused", "login-address-taken"}
# Once more: one password at a time is verified for an account, and S4 takes it for another one then. Another
# visit to the same letter may then have replaced the activation, which shows S4 again.
NOT_YET = {"login-merge-password", "login-verify-address", "login-new-password"}
EXPECTED = DONE | TOO_LATE | NOT_YET


@dataclass
class Visit:
    """One browser on its way to one click.

    identifier  the provisional account it wants
    address     of the account that is to get the contracts, or the new account's
    is_late     clicks when nobody can finish any more
    screens     what it was shown after each click
    """

    way: Way
    identifier: str
    agency: str
    address: str
    is_late: bool
    owner: Owner
    page: Page | None = None
    link: str = ""
    screens: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.page is not None and self.page.screen in DONE | TOO_LATE


@dataclass
class Plan:
    """The realm, who there is, and the visits."""

    stage: Stage
    accounts: list[str]
    visits: list[Visit]
    passwords: dict[str, str] = field(default_factory=dict)

    def prepare(self, visit: Visit) -> None:
        """Brings a visit to its last click; to the page that says so where it is too late for it."""
        owner = visit.owner
        if visit.link:
            visit.page = owner.get(visit.link)
            return
        client, societe = visit.agency.split("/")
        password = self.passwords[visit.identifier]
        if visit.way == "S8":
            page = owner.get(owner.start(client, societe).link("Je fusionne mes comptes"))
            visit.page = owner.submit(
                page, email=visit.address, identifier=visit.identifier, password=password
            )
            return
        page = owner.prove(client, societe, visit.identifier, password)
        if page.screen == "login-address":
            page = owner.submit(page, email=visit.address)
        if visit.way == "link" and page.screen == "login-new-password":
            self._choose(owner, page)
            visit.link = self._link(visit)
            page = owner.get(visit.link)
        visit.page = page

    def click(self, visit: Visit) -> None:
        """The last click, and once more for as long as another one's is in the way."""
        while not visit.is_over:
            assert len(visit.screens) < MOST_CLICKS, visit.screens
            page = visit.page
            assert page is not None
            if page.screen == "login-merge-password":
                page = visit.owner.submit(page, password=PERSONAL)
            elif page.screen == "login-new-password":
                page = self._choose(visit.owner, page)
            elif page.screen == "login-confirm-address":
                page = visit.owner.submit(page)
            elif page.screen == "login-verify-address":
                self.prepare(visit)
                continue
            visit.page = page
            visit.screens.append(page.screen)
            assert page.screen in EXPECTED, f"{page.status} {page.url}: {page.text}"

    def _link(self, visit: Visit) -> str:
        """Two visits wait for their link at one address; the mail names the identifier."""

        def mails() -> list[Mail]:
            sent = self.stage.mailbox.messages()
            return [mail for mail in sent if mail.is_for(visit.address) and visit.identifier in mail.text]

        eventually(lambda: bool(mails()), f"a mail for {visit.identifier}")
        return activation_link(mails()[0].text)

    def _choose(self, owner: Owner, page: Page) -> Page:
        return owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")


@pytest.fixture(scope="module")
def plan(make_realm_on_postgresql: RealmMaker, mailbox: Mailbox) -> Plan:
    """20 personal accounts, the provisional ones, and 200 visits that have not begun."""
    stage = Stage(make_realm_on_postgresql(), mailbox)
    # What is tested is what transactions do to each other: with cheap hashes more of them meet.
    policy = stage.admin.read("")["passwordPolicy"]
    cheap = "hashAlgorithm(pbkdf2-sha256) and hashIterations(1000)"
    stage.admin.set_realm(passwordPolicy=f"{policy} and {cheap}" if policy else cheap)
    holders = [f"A{number:02}" for number in range(ACCOUNTS)]
    accounts = [stage.address(identifier) for identifier in holders]
    plan = Plan(stage, accounts, list(visits(stage, accounts)))
    plan.passwords = load(stage, {visit.identifier: visit.agency for visit in plan.visits})
    stage.load(*holders)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda identifier: activate(stage, identifier), holders))
    return plan


def visits(stage: Stage, accounts: list[str]) -> Iterator[Visit]:
    """The visits of the plan: neighbours want other accounts, and every new address is wanted twice."""
    receivers = itertools.cycle(accounts)
    for group, (ways, times) in enumerate(PLAN):
        for number in range(times):
            for way in ways:
                new = stage.address(f"nouveau-{group}-{number // 2}")
                address = new if way == "link" else next(receivers)
                agency = AGENCIES[number % len(AGENCIES)]
                is_late = number >= times * (1 - LATE)
                yield Visit(way, f"P{group}{number:02}", agency, address, is_late, stage.browser())


def load(stage: Stage, agency_of: dict[str, str]) -> dict[str, str]:
    """Loads the provisional accounts; the passwords generated for them."""
    passwords = {}
    for agency in AGENCIES:
        lines = [
            {
                "identifiant": identifier,
                "mot_de_passe": "",
                "email": stage.address(identifier),
                "reference": f"REF-{identifier}-{number}",
            }
            for identifier, own in agency_of.items()
            for number in range(CONTRACTS)
            if own == agency
        ]
        assert stage.realm.load(agency, *lines) == 0
        for line in stage.realm.credentials(agency).read_text(encoding="utf-8-sig").splitlines()[1:]:
            identifier, password = line.split(";")[:2]
            passwords[identifier] = password
    return passwords


def activate(stage: Stage, identifier: str) -> None:
    owner = stage.browser()
    stage.begun(owner, identifier)
    assert owner.confirm(stage.link(stage.address(identifier))).screen == "login-address-confirmed"


# ---- what the rows say


def rows(stack: PostgreSQLStack, sql: str, realm: str) -> list[list[str]]:
    return stack.database.rows(sql.replace(":realm", f"(SELECT id FROM realm WHERE name = '{realm}')"))


ATTRIBUTES = """
    SELECT owner.id, owner_attribute.name, coalesce(owner_attribute.long_value, owner_attribute.value)
    FROM user_attribute owner_attribute JOIN user_entity owner ON owner.id = owner_attribute.user_id
    WHERE owner.realm_id = :realm AND owner_attribute.name IN ('contracts', 'identifiers', 'activated_at')
"""
EVENTS = """
    SELECT type, user_id, coalesce(details_json_long_value, details_json) FROM event_entity
    WHERE realm_id = :realm AND error IS NULL AND type IN ('REGISTER', 'UPDATE_PROFILE')
"""
MEMBERSHIPS = """
    SELECT membership.user_id, org.alias FROM user_group_membership membership
    JOIN org ON org.group_id = membership.group_id WHERE org.realm_id = :realm
"""

ADDRESSES = "SELECT id, email FROM user_entity WHERE realm_id = :realm AND email IS NOT NULL"


def check_rows(plan: Plan, stack: PostgreSQLStack) -> dict[str, str]:
    """Fails unless all belongs to one account and has its event; which account holds which identifier."""
    realm = plan.stage.realm.name
    attributes = rows(stack, ATTRIBUTES, realm)
    contracts = [(owner, json.loads(value)) for owner, name, value in attributes if name == "contracts"]
    held = [(owner, value) for owner, name, value in attributes if name == "identifiers"]
    personal = {owner for owner, name, _ in attributes if name == "activated_at"}

    loaded = {f"REF-{visit.identifier}-{number}" for visit in plan.visits for number in range(CONTRACTS)}
    loaded |= {f"REF-A{number:02}" for number in range(ACCOUNTS)}
    assert Counter(contract["reference"] for _, contract in contracts) == Counter(loaded)
    holder = {identifier.rpartition("/")[2].upper(): owner for owner, identifier in held}
    assert len(holder) == len(held) == len({visit.identifier for visit in plan.visits}) + ACCOUNTS
    for owner, contract in contracts:
        assert holder[contract["identifier"]] == owner, contract

    moved: Counter[str] = Counter()
    for kind, owner, text in rows(stack, EVENTS, realm):
        details = json.loads(text)
        assert holder[details["identifier"]] == owner, details
        if kind == "UPDATE_PROFILE":
            assert details["action"] == "merge"
            assert details["contracts"] == str(CONTRACTS)
        moved[details["identifier"]] += 1
    assert moved == Counter(identifier for identifier, owner in holder.items() if owner in personal)

    members = {(owner, alias) for owner, alias in rows(stack, MEMBERSHIPS, realm)}
    assert members == {(owner, contract["agency"].replace("/", "-")) for owner, contract in contracts}
    return holder


# ---- the test


class Clicks:
    """The last clicks of many visits, each in a thread of its own.

    half_way  as many as are to be done before the kill are done
    killed    from now on no answer has to come
    """

    def __init__(self, plan: Plan, *, at_once: int) -> None:
        self.half_way, self.killed = threading.Event(), threading.Event()
        self._plan = plan
        self._done = itertools.count(1)
        self._together = threading.Barrier(at_once)

    def click(self, visit: Visit) -> None:
        try:
            self._plan.click(visit)
        except requests.RequestException:
            assert self.killed.is_set(), "the server did not answer, and nobody had killed it"
            visit.page = None
        if next(self._done) == DONE_BEFORE_THE_KILL:
            self.half_way.set()

    def click_together(self, visit: Visit) -> None:
        self._together.wait()
        self.click(visit)


@contextlib.contextmanager
def nobody_finishes(database: PostgreSQL) -> Iterator[None]:
    """Whoever writes an event waits in the middle of a transaction, until the context ends."""
    hold = "SELECT pg_sleep(3600)"
    with ThreadPoolExecutor(1) as threads:
        lock = threads.submit(database.script, f"BEGIN; LOCK TABLE event_entity IN SHARE MODE; {hold};")
        try:
            eventually(lambda: database.rows(of_clients(f"query LIKE '{hold}%'")) != [], "the lock")
            yield
        finally:
            database.rows(of_clients(f"query LIKE '{hold}%'", "pg_terminate_backend(pid)"))
            with pytest.raises(ToolError, match="terminating connection"):
                lock.result()


def of_clients(condition: str, what: str = "pid") -> str:
    """`what` of each client of the database that the condition holds for, but of the one that asks."""
    return (
        f"SELECT {what} FROM pg_stat_activity WHERE backend_type = 'client backend'"
        f" AND pid <> pg_backend_pid() AND {condition}"
    )


@pytest.fixture
def stack(postgresql: PostgreSQLStack) -> Iterator[PostgreSQLStack]:
    """What a test may kill the server of: it runs again for whoever comes next."""
    yield postgresql
    if not postgresql.process.is_running():
        start(postgresql)


def kill(stack: PostgreSQLStack) -> None:
    """`kill -9`, the whole server."""
    process = int((stack.process.home / "pid").read_text(encoding="ascii"))
    os.killpg(process, signal.SIGKILL)
    stack.process.stop()


def start(stack: PostgreSQLStack) -> None:
    stack.process.start()
    stack.process.wait_until_ready(deadline=400)


def test_two_hundred_merges_and_activations_at_once_survive_a_killed_server(
    plan: Plan, stack: PostgreSQLStack
) -> None:
    assert len(plan.visits) == VISITS
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(plan.prepare, plan.visits))
    for visit in plan.visits:
        assert visit.page is not None
        assert visit.page.screen == BEFORE_THE_CLICK[visit.way], visit.page.text
    check_rows(plan, stack)

    early = [visit for visit in plan.visits if not visit.is_late]
    late = [visit for visit in plan.visits if visit.is_late]
    clicks = Clicks(plan, at_once=len(early))
    with ThreadPoolExecutor(VISITS) as threads:
        clicked = [threads.submit(clicks.click_together, visit) for visit in early]
        assert clicks.half_way.wait(300), "the clicks are not answered"
        with nobody_finishes(stack.database):
            clicked += [threads.submit(clicks.click, visit) for visit in late]
            waiting = of_clients("wait_event_type = 'Lock'")
            eventually(lambda: stack.database.rows(waiting) != [], "a transaction that can be cut")
            clicks.killed.set()
            kill(stack)
        for one in clicked:
            one.result()
    # The database notices those that nobody waits for any more only when it answers them.
    eventually(lambda: stack.database.rows(of_clients("true")) == [], "the end of all transactions")
    cut = [visit for visit in plan.visits if not visit.is_over]
    assert len(late) <= len(cut) <= VISITS - DONE_BEFORE_THE_KILL
    check_rows(plan, stack)

    start(stack)

    def go_on(visit: Visit) -> None:
        plan.prepare(visit)
        plan.click(visit)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(go_on, cut))
    holder = check_rows(plan, stack)

    # Whoever stood at S8 or S4 got the contracts, or somebody who wanted them, too: none is left provisional.
    receiver = dict(rows(stack, ADDRESSES, plan.stage.realm.name))
    wanted: dict[str, set[str]] = {}
    for visit in plan.visits:
        wanted.setdefault(visit.identifier, set()).add(visit.address)
    for visit in plan.visits:
        assert visit.way == "link" or receiver[holder[visit.identifier]] in wanted[visit.identifier], visit
    for address in plan.accounts[:3]:
        held = sorted(identifier for identifier, owner in holder.items() if receiver.get(owner) == address)
        assert tokens_say(plan.stage, address) == held


def tokens_say(stage: Stage, address: str) -> list[str]:
    """The identifiers in the token of an owner who signs in now."""
    contracts: list[Json] = claims(stage.signed_in(stage.browser(), address)["access_token"])["contracts"]
    return sorted({identifier for contract in contracts for identifier in contract["identifiers"]})
