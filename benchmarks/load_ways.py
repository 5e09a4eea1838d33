"""The other ways to load: each takes the same owners and answers how many a second."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from benchmarks.load_files import HEADER, LoadFile
from benchmarks.load_stage import TABLES, LoadStage
from benchmarks.options import say
from keycloak import KeycloakAdmin
from provisioning.owners.passwords import generate, hashed_choice, hashed_generated
from tests.integration.admin import Admin
from tests.server import ServerUnderTest

Json = dict[str, Any]

_PARTIAL_BATCH = 100
_PASSWORD = "Tulipe-4821"


# ---------------------------------------------------------------- COPY


@dataclass(frozen=True)
class Rows:
    """The rows of the owners that are loaded, a text of COPY for each table, in the order of their keys."""

    owners: int
    texts: dict[str, str]

    @classmethod
    def of(cls, stage: LoadStage) -> Rows:
        """Those of all owners."""
        which = "(SELECT user_id FROM user_attribute WHERE name = 'identifiers')"
        texts = {}
        for table in TABLES:
            column = "id" if table == "user_entity" else "user_id"
            selected = f"SELECT * FROM {table} WHERE {column} IN {which} ORDER BY {column}"
            texts[table] = stage.database.script(f"COPY ({selected}) TO STDOUT;")
        return cls(texts["user_entity"].count("\n"), texts)


def copy(stage: LoadStage, rows: Rows) -> float:
    """COPY of the rows into their tables, in one transaction on one connection."""
    stage.forget_owners()
    stage.settle()
    text = "".join(f"COPY {table} FROM STDIN;\n{rows.texts[table]}\\.\n" for table in TABLES)
    started = time.monotonic()
    stage.database.script(f"BEGIN;\n{text}COMMIT;\n")
    rate = rows.owners / (time.monotonic() - started)
    say(f"COPY: {rate:,.0f} owners/s")
    return rate


# ---------------------------------------------------------------- the Admin API


@dataclass(frozen=True)
class PlainRealm:
    """A realm like ours, but for owners whom the Admin API makes: it may write their attributes there.

    organization   id of its agency's organization
    """

    server: ServerUnderTest
    name: str
    admin: Admin
    organization: str
    stage: LoadStage

    @classmethod
    def made(cls, stage: LoadStage) -> PlainRealm:
        """A new one."""
        realm = stage.make_realm()
        admin = Admin(realm)
        profile = admin.read("users/profile")
        for attribute in profile["attributes"]:
            attribute["permissions"]["edit"] = ["admin"]
        admin.do("PUT", "users/profile", profile)
        [organization] = admin.read("organizations", q="alias:1001-01")
        return cls(realm.server, realm.name, admin, organization["id"], stage)

    def empty(self) -> None:
        """Takes every owner away."""
        self.stage.forget_owners()
        self.admin.do("POST", "clear-user-cache")
        self.stage.settle()


def python_keycloak(realm: PlainRealm, file: LoadFile, threads: int) -> float:
    """python-keycloak as one uses it: a call for the user, whose password the server hashes, and one for the
    membership."""
    realm.empty()
    users = list(_users(file, _clear))
    started = time.monotonic()
    with ThreadPoolExecutor(threads) as executor:
        for _ in executor.map(lambda part: _make_users(realm, part), _parts(users, threads)):
            pass
    return _said(f"python-keycloak, {threads} threads", len(users), started)


def _make_users(realm: PlainRealm, users: list[Json]) -> None:
    admin = KeycloakAdmin(
        server_url=f"{realm.server.url}/",
        realm_name=realm.name,
        user_realm_name="master",
        client_id=realm.server.client_id,
        client_secret_key=realm.server.client_secret,
    )
    for user in users:
        identity = admin.create_user(user)
        admin.organization_user_add(identity, realm.organization)


def partial_import(realm: PlainRealm, file: LoadFile) -> float:
    """partialImport in batches; it cannot make members of an organization."""
    realm.empty()
    users = list(_users(file, _hashed))
    started = time.monotonic()
    remaining = iter(users)
    while batch := list(islice(remaining, _PARTIAL_BATCH)):
        realm.admin.do("POST", "partialImport", {"ifResourceExists": "FAIL", "users": batch})
    return _said("partialImport", len(users), started)


def _said(way: str, owners: int, started: float) -> float:
    rate = owners / (time.monotonic() - started)
    say(f"{way}: {rate:,.1f} owners/s")
    return rate


def _users(file: LoadFile, password: Json) -> Iterator[Json]:
    """The owners as users of the Admin API, with attributes as ours have them."""
    for lines in file.lines:
        rows = list(csv.DictReader([HEADER, *lines], delimiter=";"))
        one = rows[0]
        yield {
            "username": f"1001-01_{one['identifiant']}",
            "enabled": True,
            "firstName": one["prenom"],
            "lastName": one["nom"],
            "requiredActions": ["moncompte-activate"],
            "attributes": {
                "identifiers": [f"1001/01/{one['identifiant'].lower()}"],
                "suggested_email": [one["email"]],
                "provisional_expires": ["1800000000"],
                "contacts": [";".join(list(one.values())[2:11])],
                "contracts": [";".join(list(row.values())[11:]) for row in rows],
            },
            "credentials": [password],
        }


_clear: Json = {"type": "password", "value": _PASSWORD, "temporary": False}


def _stored(hashed: Json) -> Json:
    """A hash of ours as a credential of the Admin API."""
    return {
        "type": "password",
        "credentialData": (
            f'{{"hashIterations":{hashed["iterations"]},"algorithm":"{hashed["algorithm"]}",'
            '"additionalParameters":{}}'
        ),
        "secretData": (
            f'{{"value":"{hashed["value"]}","salt":"{hashed["salt"]}","additionalParameters":{{}}}}'
        ),
    }


_hashed = _stored(hashed_generated(generate()))


def _parts(users: list[Json], count: int) -> Iterable[list[Json]]:
    return [users[number::count] for number in range(count)]


# ---------------------------------------------------------------- hashing


def hashing_alone(passwords: int) -> float:
    """Seconds that hashing takes, and nothing else, on all cores. It leaves Python: threads are enough."""
    started = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        for _ in executor.map(hashed_choice, (f"Tulipe-{number:09}" for number in range(passwords))):
            pass
    return time.monotonic() - started
