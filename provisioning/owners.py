"""Loading an agency's owners: asking first what is new, then hashing, keeping and sending in batches.

`load` reads the file twice. The first pass asks the server, without passwords, what each owner would become;
so it is known, before anything is written, who needs a password and whether there is a place to keep those
to be generated. The second sends what is new or changed. It can be interrupted at any moment and run again:
what is there is found, and a generated password is on disk before it is sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from .credentials_file import CredentialsFile
from .errors import BadInputError
from .keycloak import Json, Keycloak
from .manifest import alias_of
from .messages import Language, text
from .owners_file import Owner, OwnersFile, Problem
from .passwords import hashed_choice, hashed_generated

BATCH = 500
"""Most owners a request may hold."""

SEND_BATCH = 100
"""Owners a request that changes something: a few seconds' work, so that progress shows."""

_COLUMNS = {
    "identifier_invalid": "identifiant",
    "identifier_taken": "identifiant",
    "another_person": "nom",
    "password_missing": "mot_de_passe",
    "password_format": "mot_de_passe",
    "email_invalid": "email",
    "duplicate_contract": "reference",
}
_REASONS = frozenset({*_COLUMNS, "duplicate_in_batch", "value_too_long", "field_missing"})


@dataclass(frozen=True)
class Target:
    """The agency owners are loaded into."""

    realm: str
    client: str
    societe: str

    @property
    def alias(self) -> str:
        """Its alias in Keycloak."""
        return alias_of(self.client, self.societe)

    @property
    def codes(self) -> str:
        """Its codes, `1001/01`."""
        return f"{self.client}/{self.societe}"


@dataclass(frozen=True)
class Options:
    """How to load: see `moncompte owners import --help`."""

    dry_run: bool = False
    replace_passwords: bool = False
    same_person: bool = False


@dataclass
class Counts:
    """Owners by what became of them, lines that were refused, and where passwords come from."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused_lines: set[int] = field(default_factory=set)
    chosen_passwords: int = 0
    generated_passwords: int = 0

    def count(self, outcome: str) -> None:
        """Count one owner."""
        setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the server said an owner would become."""

    outcome: str
    provisional: bool


OnProblem = Callable[[Problem], None]
OnProgress = Callable[[int], None]


class Loader:
    """One import: `survey` asks, `send` does. `counts` is right at any moment, an interruption included."""

    def __init__(
        self, keycloak: Keycloak, target: Target, file: OwnersFile, options: Options, on_problem: OnProblem
    ) -> None:
        self._keycloak = keycloak
        self._target = target
        self._file = file
        self._options = options
        self._on_problem = on_problem
        self._answers: dict[str, _Answer] = {}
        self._missing_lines: list[int] = []
        self.counts = Counts()

    # ------------------------------------------------------------ first pass

    def survey(self) -> None:
        """Ask what each owner would become, and report every line that cannot be used.

        Counts refusals; with `dry_run` also what would be created, updated and left.
        """
        for note in self._file.notes:
            self._on_problem(note)
        for batch in _batches(self._owners(report=True), BATCH):
            results = self._ask([_representation(owner, None) for owner in batch], dry_run=True)
            for owner, result in zip(batch, results, strict=True):
                self._take(owner, result)

    def _owners(self, *, report: bool) -> Iterator[Owner]:
        """The owners of the file; its problems are reported in one pass only."""
        for item in self._file.read():
            if isinstance(item, Owner):
                yield item
            elif report:
                self._report(item)

    def _report(self, problem: Problem) -> None:
        if problem.refused:
            self.counts.refused_lines.add(problem.line)
        self._on_problem(problem)

    def _take(self, owner: Owner, result: Json) -> None:
        outcome = result.get("outcome")
        if outcome not in ("created", "updated", "unchanged"):
            self._refuse(owner, str(result.get("reason")))
            return
        answer = _Answer(outcome, result.get("state") == "provisional")
        if self._needs_password(answer):
            if answer.outcome == "unchanged":
                answer = _Answer("updated", provisional=True)
            if owner.password is None:
                self._missing_lines.append(owner.lines[0])
            else:
                self.counts.chosen_passwords += 1
        self._answers[owner.key] = answer
        if self._options.dry_run or answer.outcome == "unchanged":
            self.counts.count(answer.outcome)

    def _needs_password(self, answer: _Answer) -> bool:
        return answer.outcome == "created" or (self._options.replace_passwords and answer.provisional)

    def _refuse(self, owner: Owner, reason: str) -> None:
        code = f"server_{reason}" if reason in _REASONS else "server_other"
        for line in owner.lines:
            self._report(Problem(line, _COLUMNS.get(reason, ""), code, {"reason": reason}))

    @property
    def to_generate(self) -> int:
        """How many passwords have to be generated (or found in the credentials file)."""
        return len(self._missing_lines)

    @property
    def to_send(self) -> int:
        """How many owners the second pass sends."""
        return sum(answer.outcome != "unchanged" for answer in self._answers.values())

    def require_credentials(self, language: Language) -> None:
        """Raise BadInputError, before anything is sent, because there is no place for generated passwords."""
        if self._missing_lines:
            line = min(self._missing_lines)
            raise BadInputError(text(language, "credentials_needed", count=self.to_generate, line=line))

    # ------------------------------------------------------------ second pass

    def send(self, credentials: CredentialsFile | None, on_progress: OnProgress) -> None:
        """Send what is new or changed; `on_progress` is told how many owners were sent, batch by batch."""
        wanted = (owner for owner in self._owners(report=False) if self._is_wanted(owner))
        with ThreadPoolExecutor(os.cpu_count() or 1) as executor:
            for batch in _batches(wanted, SEND_BATCH):
                passwords = self._passwords(batch, credentials, executor)
                owners = [_representation(owner, passwords.get(owner.key)) for owner in batch]
                results = self._ask(owners, dry_run=False)
                for owner, result in zip(batch, results, strict=True):
                    self._settle(owner, result)
                on_progress(len(batch))

    def _is_wanted(self, owner: Owner) -> bool:
        answer = self._answers.get(owner.key)
        return answer is not None and answer.outcome != "unchanged"

    def _passwords(
        self, batch: list[Owner], credentials: CredentialsFile | None, executor: Executor
    ) -> dict[str, dict[str, Any]]:
        """The hashed passwords of those who get one. Hashing leaves Python, so threads use all cores."""
        in_need = [owner for owner in batch if self._needs_password(self._answers[owner.key])]
        without = [owner for owner in in_need if owner.password is None]
        generated = credentials.passwords(without) if credentials is not None else {}
        self.counts.generated_passwords += len(generated)

        def hashed(owner: Owner) -> dict[str, Any] | None:
            if owner.password is not None:
                return hashed_choice(owner.password)
            password = generated.get(owner.key)
            return hashed_generated(password) if password is not None else None

        credentials_made = zip(in_need, executor.map(hashed, in_need), strict=True)
        return {owner.key: made for owner, made in credentials_made if made is not None}

    def _settle(self, owner: Owner, result: Json) -> None:
        outcome = result.get("outcome")
        if outcome in ("created", "updated", "unchanged"):
            self.counts.count(outcome)
        else:
            self._refuse(owner, str(result.get("reason")))

    def _ask(self, owners: list[Json], *, dry_run: bool) -> list[Json]:
        return self._keycloak.load_owners(
            self._target.realm,
            self._target.alias,
            owners,
            dry_run=dry_run,
            replace_passwords=self._options.replace_passwords,
            same_person=self._options.same_person,
        )


def _representation(owner: Owner, password: dict[str, Any] | None) -> Json:
    return {
        "identifier": owner.identifier,
        "civility": owner.civility,
        "last_name": owner.last_name,
        "first_name": owner.first_name,
        "email": owner.email,
        "phone": owner.phone,
        "mobile": owner.mobile,
        "address": owner.address,
        "postal_code": owner.postal_code,
        "city": owner.city,
        "contracts": [
            {"reference": contract.reference, "role": contract.role, "address": contract.address}
            for contract in owner.contracts
        ],
        "password": password,
    }


def _batches(owners: Iterable[Owner], size: int) -> Iterator[list[Owner]]:
    iterator = iter(owners)
    while batch := list(islice(iterator, size)):
        yield batch
