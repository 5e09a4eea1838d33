"""Loading an agency's owners: asking first what is new, then hashing, keeping and sending in batches.

`plan` asks the server, without passwords, what each owner would become. So it is known, before anything is
written, who needs a password and whether there is a place to keep those to be generated. `send` sends what is
new or changed. It can be interrupted at any moment and run again: what is there is found, and a generated
password is on disk before it is sent.

Between the two, the owners to be sent wait in memory, encoded: that takes half the room.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import msgspec

from ..errors import BadInputError
from ..server.keycloak import Json, Keycloak
from ..server.target import Target
from ..texts import _
from .credentials import CredentialsFile
from .file import Contract, Owner, OwnersFile
from .file_problems import Problem, Rejected
from .passwords import hashed_choice, hashed_generated
from .sending import Answered, Ask, Sender
from .workers import Workers

T = TypeVar("T")

BATCH = 500
"""Most owners a request may hold."""

BATCH_CHARACTERS = 500_000
"""About how many characters of the file go into a request: its JSON then has a few megabytes at most, and the
server takes 8. An owner with more is a batch of its own."""

SLOW_BATCH = 50
"""Owners a request when the agency chose their passwords: about a second of hashing on one core."""

Password = dict[str, Any]
"""A hashed password, as a request holds it."""

_COLUMNS = {
    "identifier_invalid": "identifiant",
    "identifier_taken": "identifiant",
    "account_frozen": "identifiant",
    "another_person": "nom",
    "password_missing": "mot_de_passe",
    "password_format": "mot_de_passe",
    "email_invalid": "email",
    "duplicate_contract": "reference",
}
_REASONS = frozenset(
    {*_COLUMNS, "duplicate_in_batch", "value_too_long", "field_missing", "characters_invalid"}
)


@dataclass(frozen=True)
class Options:
    """How to load: see `moncompte owners import --help`."""

    replace_passwords: bool = False
    same_person: bool = False


@dataclass
class Counts:
    """Owners by what becomes of them, lines that are refused, and where passwords come from."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    chosen_passwords: int = 0
    generated_passwords: int = 0

    def count(self, outcome: str) -> None:
        """Count one owner: created, updated or unchanged."""
        if outcome == "created":
            self.created += 1
        elif outcome == "updated":
            self.updated += 1
        else:
            self.unchanged += 1


class Report:
    """Who is told of an import while it goes on. Says nothing; to be overridden."""

    def remark(self, problem: Problem) -> None:
        """Something of the file is worth a remark."""

    def rejected(self, line: Rejected) -> None:
        """A line is not loaded."""

    def planned(self, owner: Owner, outcome: str) -> None:
        """An owner is to be created, updated, or left unchanged."""

    def progress(self, done: int) -> None:
        """So many lines more are planned, or owners sent."""

    def waiting(self, seconds: int) -> None:
        """The server does not answer; it is asked again in so many seconds. Called by other threads."""


class SentOwner(msgspec.Struct, frozen=True, gc=False):
    """An owner as the server takes it."""

    identifier: str
    civility: str
    last_name: str
    first_name: str
    email: str
    phone: str
    mobile: str
    address: str
    postal_code: str
    city: str
    contracts: tuple[Contract, ...]
    password: Password | None


class Wanted(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """An owner to be sent, what it becomes, and whether it gets a password."""

    owner: Owner
    outcome: str
    needs_password: bool


class Loader:
    """One import: `plan` asks, `send` does. `planned` and `done` are right at any moment."""

    def __init__(
        self, keycloak: Keycloak, target: Target, file: OwnersFile, options: Options, report: Report
    ) -> None:
        self._sender = Sender(keycloak, report.waiting)
        self._target = target
        self._file = file
        self._options = options
        self._report = report
        self._wanted: list[bytes] = []
        self._first_without_password = 0
        self.to_generate = 0
        self.unused_passwords: list[str] = []
        """Identifiers for which one was generated and that the server did not give it to."""
        self.planned = Counts()
        self.done = Counts()

    # ------------------------------------------------------------ first what would be done

    def survey(self) -> int:
        """How many lines of the file hold something."""
        return self._file.survey()

    def plan(self) -> None:
        """Ask what each owner would become, and report every line that cannot be used."""
        for note in self._file.notes:
            self._report.remark(note)
        batches = ((batch, partial(_without_passwords, batch)) for batch in _batches(self._owners(), _size))
        self._sender.send(batches, self._ask(dry_run=True), self._take)

    def _owners(self) -> Iterator[Owner]:
        """The owners of the file; what else is in it is reported."""
        for item in self._file.read():
            if isinstance(item, Owner):
                yield item
            elif isinstance(item, Rejected):
                self.planned.refused += 1
                self._report.rejected(item)
                self._report.progress(1)
            else:
                self._report.remark(item)

    def _take(self, answered: Answered[Owner]) -> None:
        for owner, result in zip(answered.items, answered.results, strict=True):
            outcome = str(result.get("outcome"))
            if outcome not in ("created", "updated", "unchanged"):
                self._refuse(owner, result, self.planned)
            else:
                self._plan(owner, outcome, result.get("state") == "provisional")
        self._report.progress(sum([len(owner.rows) for owner in answered.items]))

    def _plan(self, owner: Owner, outcome: str, provisional: bool) -> None:
        needs_password = outcome == "created" or (self._options.replace_passwords and provisional)
        if needs_password:
            outcome = "updated" if outcome == "unchanged" else outcome
            if owner.password is not None:
                self.planned.chosen_passwords += 1
            else:
                self.to_generate += 1
                self._first_without_password = self._first_without_password or owner.lines[0]
        if outcome != "unchanged":
            self._wanted.append(_encode(Wanted(owner, outcome, needs_password)))
        self.planned.count(outcome)
        self._report.planned(owner, outcome)

    def _refuse(self, owner: Owner, result: Json, counts: Counts) -> None:
        reason = str(result.get("reason"))
        code = f"server_{reason}" if reason in _REASONS else "server_other"
        for line in self._file.rejected(owner, code, _COLUMNS.get(reason, ""), reason=reason):
            counts.refused += 1
            self._report.rejected(line)

    @property
    def to_send(self) -> int:
        """How many owners `send` sends."""
        return self.planned.created + self.planned.updated

    def require_credentials(self) -> None:
        """Raise BadInputError, before anything is sent, when there is no place for generated passwords."""
        if self.to_generate:
            line = self._first_without_password
            raise BadInputError(
                _(
                    "some owners have no password in the file ({count}, the first on line {line}): one is"
                    " generated for them; say where to write it with --credentials FILE. Nothing was loaded."
                ).format(count=self.to_generate, line=line)
            )

    # ------------------------------------------------------------ then doing it

    def send(self, credentials: CredentialsFile | None) -> None:
        """Send what is new or changed, if anything is."""
        self.done.unchanged = self.planned.unchanged
        self.done.refused = self.planned.refused
        if not self.to_send:
            return
        with Workers[list[Password]](os.cpu_count() or 1) as hashing:
            batches = (
                (batch, self._prepared(batch, credentials, hashing))
                for batch in _batches(map(_decode, self._wanted), _weight)
            )
            self._sender.send(batches, self._ask(dry_run=False), partial(self._settle, credentials))

    def _prepared(
        self,
        batch: Sequence[Wanted],
        credentials: CredentialsFile | None,
        hashing: Workers[list[Password]],
    ) -> Callable[[], list[SentOwner]]:
        """Keep the passwords to be generated, have all be hashed, and tell how to wait for what is sent.

        Hashing leaves Python, so threads use all cores; the next batches are hashed while one is sent.
        """
        in_need = [wanted.owner for wanted in batch if wanted.needs_password]
        chosen = [owner for owner in in_need if owner.password is not None]
        without = [owner for owner in in_need if owner.password is None]
        generated = credentials.passwords(without) if credentials is not None and without else {}
        hashes = {owner.key: hashing.submit(partial(_hashed_choices, owner)) for owner in chosen}
        quick = hashing.submit(partial(_hashed_generated, list(generated.values())))
        return partial(_with_passwords, [wanted.owner for wanted in batch], hashes, list(generated), quick)

    def _settle(self, credentials: CredentialsFile | None, answered: Answered[Wanted]) -> None:
        accounts: dict[str, str] = {}
        for wanted, result in zip(answered.items, answered.results, strict=True):
            outcome = str(result.get("outcome"))
            if outcome not in ("created", "updated", "unchanged"):
                self._refuse(wanted.owner, result, self.done)
            else:
                # Sent again, it is unchanged because of the try whose answer was lost.
                self.done.count(wanted.outcome if answered.again else outcome)
            if wanted.needs_password and wanted.owner.password is None:
                if result.get("account"):
                    accounts[wanted.owner.key] = str(result["account"])
                else:
                    self.unused_passwords.append(wanted.owner.identifier)
        if credentials is not None and accounts:
            credentials.confirm(accounts)
            self.done.generated_passwords += len(accounts)
        self._report.progress(len(answered.items))

    def _ask(self, *, dry_run: bool) -> Ask:
        def ask(keycloak: Keycloak, owners: Sequence[SentOwner]) -> list[Json]:
            return keycloak.load_owners(
                self._target.realm,
                self._target.alias,
                owners,
                dry_run=dry_run,
                replace_passwords=self._options.replace_passwords,
                same_person=self._options.same_person,
            )

        return ask


def _hashed_choices(owner: Owner) -> list[Password]:
    assert owner.password is not None
    return [hashed_choice(owner.password)]


def _hashed_generated(passwords: Sequence[str]) -> list[Password]:
    return [hashed_generated(password) for password in passwords]


def _with_passwords(
    owners: Sequence[Owner],
    chosen: dict[str, Future[list[Password]]],
    generated: Sequence[str],
    hashed: Future[list[Password]],
) -> list[SentOwner]:
    """What is sent of these owners, once their passwords are hashed."""
    passwords = {key: future.result()[0] for key, future in chosen.items()}
    passwords.update(zip(generated, hashed.result(), strict=True))
    return [_sent(owner, passwords.get(owner.key)) for owner in owners]


def _without_passwords(owners: Sequence[Owner]) -> list[SentOwner]:
    """What is sent of these owners to ask about them."""
    return [_sent(owner, None) for owner in owners]


def _sent(owner: Owner, password: Password | None) -> SentOwner:
    return SentOwner(
        identifier=owner.identifier,
        civility=owner.civility,
        last_name=owner.last_name,
        first_name=owner.first_name,
        email=owner.email,
        phone=owner.phone,
        mobile=owner.mobile,
        address=owner.address,
        postal_code=owner.postal_code,
        city=owner.city,
        contracts=owner.contracts,
        password=password,
    )


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Wanted).decode


def _size(owner: Owner) -> int:
    """How much of a batch an owner takes: more when its lines are many or long."""
    return owner.characters * BATCH // BATCH_CHARACTERS or 1


def _weight(wanted: Wanted) -> int:
    """The same of an owner to be sent: more when the password has to be hashed slowly, too."""
    slow = wanted.needs_password and wanted.owner.password is not None
    return max(_size(wanted.owner), BATCH // SLOW_BATCH if slow else 1)


def _batches(items: Iterable[T], weight: Callable[[T], int]) -> Iterator[list[T]]:
    """Items by batches of a weight of at most BATCH."""
    batch: list[T] = []
    heavy = 0
    for item in items:
        own = weight(item)
        if heavy + own > BATCH and batch:
            yield batch
            batch, heavy = [], 0
        batch.append(item)
        heavy += own
    if batch:
        yield batch
