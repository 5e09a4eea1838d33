"""Can the time of an answer tell who exists? (spec, rule 7)

    python benchmarks/timing.py [--tries 200] [--seed N]

Starts a Keycloak of its own with a realm whose limits let everything through, and asks, in random order,
pairs of questions whose answers must not be told apart by their time:

    S2, password an agency chose   unknown identifier · wrong password
    S2, generated password         unknown identifier · wrong password
    S6                             unknown address · wrong password · disabled account · provisional account

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
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from local_mailbox import Mailbox
from provisioning.keycloak import Keycloak, Settings
from tests.integration.stage import Stage
from tests.owner import Owner, Page
from tests.realms import RealmMaker
from tests.server import running_server

LOWEST, HIGHEST = 0.42, 0.58
OWNERS = 20
WARMING = 10
WRONG = "Faux-Mot-0"

# Accounts are never to lock: locked is another question, asked of tests.
LIMITS = {"failures": 1_000_000, "per_source": 1_000_000, "mails_per_hour": 1_000_000}


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


def slower(one: list[float], other: list[float]) -> float:
    """The probability that a value of `one` is larger than a value of `other` (U / n·m, ties count half)."""
    wins = sum((a > b) + (a == b) / 2 for a, b in itertools.product(one, other))
    return wins / (len(one) * len(other))


def provisional_cases(stage: Stage, *, generated: bool) -> list[Case]:
    """S2: an identifier that is nobody's, and one whose password is another."""
    prefix = "GEN" if generated else "CHO"
    known = [f"{prefix}{number:03}" for number in range(OWNERS)]
    unknown = [f"{prefix}{number:03}" for number in range(500, 500 + OWNERS)]
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


def sign_in_cases(stage: Stage) -> list[Case]:
    """S6: an address that is nobody's, a wrong password, a disabled and a provisional account."""
    numbers = range(OWNERS)
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


def run(cases: list[Case], tries: int, chance: random.Random) -> bool:
    """Asks all cases in random order; prints each pair; whether none can be told apart."""
    for case in cases * WARMING:
        case.measure(chance)
    asked = cases * tries
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


def measure(stage: Stage, tries: int, chance: random.Random) -> bool:
    """Runs all comparisons; whether nothing can be told apart."""
    groups = [
        provisional_cases(stage, generated=False),
        provisional_cases(stage, generated=True),
        sign_in_cases(stage),
    ]
    told = [cases for cases in groups if not run(cases, tries, chance)]
    return not told


def main() -> int:
    """Runs the benchmark; the exit code."""
    parser = argparse.ArgumentParser(description="Can the time of an answer tell who exists?")
    parser.add_argument("--tries", type=int, default=200, help="tries of each kind (default: 200)")
    parser.add_argument("--seed", type=int, default=None, help="seed of the order, to repeat a run")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="moncompte-timing-") as directory:
        home = Path(directory)
        (home / "realms").mkdir()
        with running_server(home / "keycloak") as server, Mailbox(home / "mails", keep=10_000) as mailbox:
            keycloak = Keycloak(Settings(server.url, server.client_id, server.client_secret))
            make_realm = RealmMaker(server, keycloak, mailbox.smtp_port, home / "realms")
            return 0 if measure(Stage(make_realm(limits=LIMITS), mailbox), options.tries, chance) else 1


if __name__ == "__main__":
    sys.exit(main())
