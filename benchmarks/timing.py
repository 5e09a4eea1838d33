"""Can the time of an answer tell who exists? (specification, rule 7)

    python -m benchmarks.timing [--tries 200] [--seed N] [--only S2|S4|S6|S8|S9|merge] [--small]

Starts a Keycloak of its own with a realm whose limits let everything through, and asks, in random order,
pairs of questions whose answers must not be told apart by their time:

    S2, password an agency chose   unknown identifier · wrong password
    S2, generated password         unknown identifier · wrong password
    S4                             address of an account · of nobody
    S5, after that                 the same
    S6                             unknown address · wrong password · disabled account · provisional account
    S8                             unknown address · wrong password
    S9, by address                 known · unknown · locked · disabled · never activated
    S9, by identifier              the same
    merging two personal accounts  right · wrong password · unknown · locked · disabled · never activated
    the same, asked twice at once  wrong password · unknown (the later of the two answers)

What is timed is the answer to the form, to its first byte. For each pair it prints the medians and the
probability that an answer of the one kind is slower than one of the other (Mann-Whitney U divided by n·m: 0.5
when nothing can be told). Exits 1 when a probability is outside 0.42–0.58, else 0. Close other programs
first: noise hides differences, it does not make them.
"""

import argparse
import itertools
import random
import statistics
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.options import parse, parser
from tests.installation import Installation, installation
from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Owner, Page

LOWEST, HIGHEST = 0.42, 0.58
NUMBERS = {"tries": (200, 2), "owners": (20, 1), "warming": (10, 1)}
WRONG = "Faux-Mot-0"
OTHER = "Orage-77?y"

FAILURES = 3  # that lock an account, where one is to be locked
LIMITS = {"per_source": 1_000_000, "mails_per_hour": 1_000_000, "accounts_per_source": 1_000_000}


@dataclass
class Case:
    """One kind of question: what is typed, and how long each answer took, in milliseconds."""

    name: str
    visitor: "Visitor"
    typed: list[dict[str, str]]
    times: list[float] = field(default_factory=list)

    def measure(self, chance: random.Random) -> float:
        """Asks once; the milliseconds until the answer begins."""
        return self.visitor.submit(chance.choice(self.typed))


class Visitor:
    """A browser that stays at one screen and sends its form again and again."""

    def __init__(self, owner: Owner, page: Page) -> None:
        self._owner = owner
        self._page = page

    def submit(self, typed: dict[str, str]) -> float:
        """Sends the form, which is to be refused; the milliseconds until the answer begins."""
        before = self._page
        self._page = self._owner.submit(before, **typed)
        if self._page.screen != before.screen or "n'est pas reconnu" not in self._page.alert:
            raise RuntimeError(f"not refused on {before.screen}: {self._page.text[:300]}")
        return self._owner.answered_in * 1000


class Forgetful(Visitor):
    """A browser that asks at S9 again and again."""

    def submit(self, typed: dict[str, str]) -> float:
        """Sends the form, which is answered; the milliseconds until the answer begins."""
        sent = self._owner.submit(self._page, **typed)
        milliseconds = self._owner.answered_in * 1000
        if sent.screen != "login-forgotten-sent":
            raise RuntimeError(f"not answered at S9: {sent.text[:300]}")
        self._page = self._owner.get(sent.link("Faire une nouvelle demande"))
        return milliseconds


class Choosing(Visitor):
    """A browser at S3 that begins an activation again and again, each time with another address."""

    def __init__(self, owner: Owner, page: Page, *, again: bool) -> None:
        super().__init__(owner, page)
        self._again = again

    def submit(self, typed: dict[str, str]) -> float:
        """Sends S4, and S5 with `again`, which are answered; the milliseconds until the answer begins."""
        s4 = self._owner.submit(self._owner.get(self._page.url), **typed)
        sent = self._owner.submit(s4, password_new=OTHER, password_confirm=OTHER, terms="on")
        if self._again:
            sent = self._owner.submit(sent, action="resend")
        milliseconds = self._owner.answered_in * 1000
        if sent.screen != "login-verify-address":
            raise RuntimeError(f"not answered: {sent.text[:300]}")
        return milliseconds


class Merging(Visitor):
    """A signed-in browser that asks for another account to join its own, again and again."""

    def submit(self, typed: dict[str, str]) -> float:
        """Sends the form, which is answered; the milliseconds until the answer begins."""
        sent = self._owner.submit(self._page, **typed)
        milliseconds = self._owner.answered_in * 1000
        if sent.screen != "login-merge-accounts-sent":
            raise RuntimeError(f"not answered: {sent.text[:300]}")
        self._page = self._owner.submit(sent, action="again")
        return milliseconds


class Twice(Merging):
    """Two signed-in browsers that ask for the same account to join, at the same moment."""

    def __init__(self, owner: Owner, page: Page, second: Merging) -> None:
        super().__init__(owner, page)
        self._second = second

    def submit(self, typed: dict[str, str]) -> float:
        """Sends both forms, which are answered; the milliseconds until the later answer begins."""
        together = threading.Barrier(2)

        def send(merging: Merging) -> float:
            together.wait()
            return Merging.submit(merging, typed)

        with ThreadPoolExecutor(2) as threads:
            return max(threads.map(send, (self, self._second)))


def slower(one: list[float], other: list[float]) -> float:
    """The probability that a value of `one` is larger than a value of `other` (U / n·m, ties count half)."""
    wins = sum((a > b) + (a == b) / 2 for a, b in itertools.product(one, other))
    return wins / (len(one) * len(other))


def provisional_cases(stage: Stage, owners: int, *, generated: bool) -> list[Case]:
    """S2: an identifier that is nobody's, and one whose password is another."""
    prefix = "GEN" if generated else "CHO"
    known = [f"{prefix}{number:03}" for number in range(owners)]
    unknown = [f"{prefix}{number:03}" for number in range(500, 500 + owners)]
    lines = [
        {
            "identifiant": identifier,
            "mot_de_passe": "" if generated else f"Tulipe-{identifier}-48",
            "email": stage.address(identifier),
            "reference": identifier,
        }
        for identifier in known
    ]
    if stage.realm.load("1001/01", *lines) != 0:
        raise RuntimeError("the owners could not be loaded")
    owner = stage.browser()
    visitor = Visitor(owner, owner.to_provisional("1001", "01"))
    kind = "generated" if generated else "chosen"
    return [
        Case(f"S2 {kind}, {name}", visitor, [{"identifier": one, "password": WRONG} for one in identifiers])
        for name, identifiers in (("unknown identifier", unknown), ("wrong password", known))
    ]


def choosing_cases(stage: Stage, owners: int, *, again: bool) -> list[Case]:
    """S4, or S5: an address that has a personal account with another password, and one that has none."""
    letter = f"NEUF{again:d}"
    known = [f"{letter}PRIS{number:02}" for number in range(owners)]
    for identifier in known:
        stage.activated(identifier)
    stage.load(letter)
    owner = stage.browser()
    visitor = Choosing(owner, owner.prove("1001", "01", letter, provisional(letter)), again=again)
    screen = "S5" if again else "S4"
    return [
        Case(f"{screen}, {name}", visitor, [{"email": stage.address(one)} for one in identifiers])
        for name, identifiers in (
            ("address of an account", known),
            ("of nobody", [f"{letter}RIEN{number:02}" for number in range(owners)]),
        )
    ]


def merging_letter_cases(stage: Stage) -> list[Case]:
    """S8: the password of an address that has no account, and a wrong one."""
    stage.load("FUSION")
    stage.activated("FUSIONNE")
    cases = []
    for name, identifier in (("unknown address", "FUSIONRIEN"), ("wrong password", "FUSIONNE")):
        owner = stage.browser()
        s7 = owner.get(owner.start("1001", "01").link("Je fusionne mes comptes"))
        typed = {"email": stage.address(identifier), "identifier": "FUSION"}
        visitor = Visitor(owner, owner.submit(s7, **typed, password=provisional("FUSION")))
        cases.append(Case(f"S8, {name}", visitor, [{"password": WRONG}]))
    return cases


def forgotten_cases(stage: Stage, owners: int, *, by_identifier: bool) -> list[Case]:
    """S9: the five kinds of account, by their address or by their identifier."""
    letter = "I" if by_identifier else "A"
    kinds = {
        "known": [f"{letter}CON{number:02}" for number in range(owners)],
        "unknown": [f"{letter}RIE{number:02}" for number in range(owners)],
        "locked": [f"{letter}VER{number:02}" for number in range(owners)],
        "disabled": [f"{letter}COU{number:02}" for number in range(owners)],
        "never activated": [f"{letter}ATT{number:02}" for number in range(owners)],
    }
    for identifier in kinds["known"] + kinds["locked"] + kinds["disabled"]:
        stage.activated(identifier)
    stage.load(*kinds["never activated"])
    for identifier in kinds["disabled"]:
        stage.admin.update(stage.admin.user(stage.address(identifier)), enabled=False)
    for identifier in kinds["locked"]:
        for _ in range(FAILURES + 1):
            stage.gets_in(stage.address(identifier), WRONG)
    owner = stage.browser()
    page = owner.get(owner.start("1001", "01").link("J'ai déjà un compte"))
    visitor = Forgetful(owner, owner.get(page.link("Mot de passe oublié")))
    how = "identifier" if by_identifier else "address"
    return [
        Case(
            f"S9 by {how}, {name}",
            visitor,
            [{"login": one if by_identifier else stage.address(one)} for one in identifiers],
        )
        for name, identifiers in kinds.items()
    ]


def merging_cases(stage: Stage, owners: int) -> list[Case]:
    """Merging two personal accounts: the right password, and what must not be told from it."""
    kinds = {
        "right password": ("MJUSTE", PERSONAL),
        "wrong password": ("MFAUX", WRONG),
        "unknown": ("MRIEN", WRONG),
        "locked": ("MVER", PERSONAL),
        "disabled": ("MCOU", PERSONAL),
        "never activated": ("MATT", WRONG),
    }
    of = {kind: [f"{name}{number:02}" for number in range(owners)] for kind, (name, _) in kinds.items()}
    for identifier in of["right password"] + of["wrong password"] + of["locked"] + of["disabled"]:
        stage.activated(identifier)
    stage.load(*of["never activated"])
    for identifier in of["disabled"]:
        stage.admin.update(stage.admin.user(stage.address(identifier)), enabled=False)
    for identifier in of["locked"]:
        for _ in range(FAILURES + 1):
            stage.gets_in(stage.address(identifier), WRONG)
    visitor = Merging(*asking_to_merge(stage, "MERGING"))
    return [
        Case(
            f"merging, {kind}",
            visitor,
            [{"email": stage.address(one), "password": password} for one in of[kind]],
        )
        for kind, (_, password) in kinds.items()
    ]


def merging_twice_cases(stage: Stage, owners: int) -> list[Case]:
    """The same by two requests at once: the second waits for the first, account or not."""
    known = [f"DFAUX{number:02}" for number in range(owners)]
    for identifier in known:
        stage.activated(identifier)
    first, second = (asking_to_merge(stage, name) for name in ("DOUBLE1", "DOUBLE2"))
    visitor = Twice(*first, Merging(*second))
    return [
        Case(
            f"merging twice at once, {kind}",
            visitor,
            [{"email": stage.address(one), "password": WRONG} for one in identifiers],
        )
        for kind, identifiers in (
            ("wrong password", known),
            ("unknown", [f"DRIEN{number:02}" for number in range(owners)]),
        )
    ]


def asking_to_merge(stage: Stage, identifier: str) -> tuple[Owner, Page]:
    """A browser whose owner is signed in and about to type another account."""
    owner = stage.activated(identifier)
    stage.signed_in(owner, stage.address(identifier))
    return owner, owner.get(owner.authorization_url(kc_action="moncompte-merge-accounts"))


def sign_in_cases(stage: Stage, owners: int) -> list[Case]:
    """S6: an address that is nobody's, a wrong password, a disabled and a provisional account."""
    numbers = range(owners)
    active = [f"ACTIF{number:02}" for number in numbers]
    disabled = [f"COUPE{number:02}" for number in numbers]
    waiting = [f"ATTEN{number:02}" for number in numbers]
    for identifier in active + disabled:
        stage.activated(identifier)
    for identifier in disabled:
        stage.admin.update(stage.admin.user(stage.address(identifier)), enabled=False)
    stage.load(*waiting)
    for identifier in waiting:
        stage.admin.update(stage.account(identifier), email=stage.address(identifier), emailVerified=True)
    owner = stage.browser()
    visitor = Visitor(owner, owner.get(owner.authorization_url(login_hint="x")))
    return [
        Case(
            f"S6, {name}",
            visitor,
            [{"username": stage.address(one), "password": WRONG} for one in identifiers],
        )
        for name, identifiers in (
            ("unknown address", [f"RIEN{number:03}" for number in numbers]),
            ("wrong password", active),
            ("disabled account", disabled),
            ("provisional account", waiting),
        )
    ]


def run(cases: list[Case], options: argparse.Namespace, chance: random.Random) -> bool:
    """Asks all cases in random order; prints each pair; whether none can be told apart."""
    for case in cases * options.warming:
        case.measure(chance)
    asked = cases * options.tries
    chance.shuffle(asked)
    for case in asked:
        case.times.append(case.measure(chance))
    for case in cases:
        print(f"{case.name:34} median {statistics.median(case.times):7.2f} ms")
    fine = True
    for one, other in itertools.combinations(cases, 2):
        probability = slower(one.times, other.times)
        told = not LOWEST <= probability <= HIGHEST
        fine = fine and not told
        verdict = "CAN BE TOLD APART" if told else "alike"
        print(f"  {probability:.3f}  {one.name} slower than {other.name}: {verdict}", flush=True)
    return fine


def groups(where: Installation, options: argparse.Namespace) -> Iterator[list[Case]]:
    """The cases to compare with each other, each group ready when it is asked for."""
    make_realm, mailbox, only, owners = where.make_realm, where.mailbox, options.only, options.owners
    if only in (None, "S2", "S4", "S6", "S8"):
        # Accounts are never to lock here: locked is another question, asked of tests.
        stage = Stage(make_realm(limits=LIMITS | {"failures": 1_000_000}), mailbox)
        if only in (None, "S2"):
            yield provisional_cases(stage, owners, generated=False)
            yield provisional_cases(stage, owners, generated=True)
        if only in (None, "S4"):
            yield choosing_cases(stage, owners, again=False)
            yield choosing_cases(stage, owners, again=True)
        if only in (None, "S6"):
            yield sign_in_cases(stage, owners)
        if only in (None, "S8"):
            yield merging_letter_cases(stage)
    if only in (None, "S9"):
        lifetimes = {"resend_cooldown": "60s"}  # production's: within it no second mail leaves
        stage = Stage(make_realm(limits=LIMITS | {"failures": FAILURES}, lifetimes=lifetimes), mailbox)
        yield forgotten_cases(stage, owners, by_identifier=False)
        yield forgotten_cases(stage, owners, by_identifier=True)
    if only in (None, "merge"):
        lifetimes = {"resend_cooldown": "60s"}
        stage = Stage(make_realm(limits=LIMITS | {"failures": FAILURES}, lifetimes=lifetimes), mailbox)
        yield merging_cases(stage, owners)
        patient = make_realm(limits=LIMITS | {"failures": 1_000_000}, lifetimes=lifetimes)
        yield merging_twice_cases(Stage(patient, mailbox), owners)


def benchmark(where: Installation, options: argparse.Namespace) -> int:
    """Runs all comparisons; the exit code."""
    chance = random.Random(options.seed)
    told = [group for group in groups(where, options) if not run(group, options, chance)]
    return 1 if told and not options.small else 0


def options_of(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    command_line = parser(__doc__)
    command_line.add_argument("--seed", type=int, help="seed of the order, to repeat a run")
    command_line.add_argument(
        "--only", choices=["S2", "S4", "S6", "S8", "S9", "merge"], help="the pairs of this screen"
    )
    return parse(command_line, NUMBERS, arguments)


if __name__ == "__main__":
    options = options_of()
    with installation() as where:
        sys.exit(benchmark(where, options))
