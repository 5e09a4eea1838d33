"""The loader writes Keycloak's tables itself: row by row they are what the Admin API writes, and batches at
the same time lose nothing. On PostgreSQL, as in production."""

import contextlib
import json
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from provisioning.owners.passwords import generate, hashed_generated
from tests.integration.stage import PERSONAL, Stage, provisional
from tests.integration.test_the_owners_resource_trusts_nobody import batch, owner, send
from tests.realms import Json, RealmMaker
from tests.server import PostgreSQLStack
from tools.mailbox import Mailbox
from tools.postgresql import PostgreSQL

TABLES = (
    "user_attribute",
    "user_required_action",
    "credential",
    "user_role_mapping",
    "user_group_membership",
)
# Each row has its own; what they are like is asked of each.
ITS_OWN = {"id", "user_id", "username", "email_constraint", "created_timestamp", "last_modified_timestamp"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def stage(make_realm_on_postgresql: RealmMaker, mailbox: Mailbox) -> Stage:
    return Stage(make_realm_on_postgresql(), mailbox)


def rows(database: PostgreSQL, table: str, user: str) -> list[Json]:
    """A user's rows of a table, as the database holds them, ids aside."""
    column = "id" if table == "user_entity" else "user_id"
    found = database.rows(f"SELECT row_to_json(t) FROM {table} t WHERE {column} = '{user}'")
    return sorted(
        ({name: value for name, value in json.loads(row[0]).items() if name not in ITS_OWN} for row in found),
        key=str,
    )


def in_our_type(found: list[Json]) -> list[Json]:
    """Rows with the passwords among them named as ours."""
    return [row | {"type": "provisional-password"} if row.get("type") == "password" else row for row in found]


def tables_of_users(database: PostgreSQL) -> list[tuple[str, str]]:
    """Every table and column that refers to a user."""
    found = database.rows(
        "SELECT DISTINCT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND column_name LIKE '%user_id' ORDER BY 1, 2"
    )
    columns = [(table, column) for table, column in found]
    assert {(table, "user_id") for table in TABLES} <= set(columns), "not where Keycloak has its tables"
    return columns


@contextlib.contextmanager
def editable(stage: Stage) -> Iterator[None]:
    """The Admin API may write all attributes."""
    profile = stage.admin.read("users/profile")
    opened = json.loads(json.dumps(profile))
    for attribute in opened["attributes"]:
        attribute["permissions"]["edit"] = ["admin"]
    stage.admin.do("PUT", "users/profile", opened)
    try:
        yield
    finally:
        stage.admin.do("PUT", "users/profile", profile)


def made_by_the_admin_api(stage: Stage, loaded: Json, database: PostgreSQL) -> Json:
    """A user with all that a loaded one has, made and joined through the Admin API."""
    [credential] = rows(database, "credential", loaded["id"])
    twin = {
        "username": "TWIN_Of_The_Loaded",
        "enabled": True,
        "firstName": loaded["firstName"],
        "lastName": loaded["lastName"],
        "attributes": loaded["attributes"],
        "requiredActions": loaded["requiredActions"],
        "credentials": [
            {
                "type": "password",  # of ours the Admin API makes none: it is to be alike in all but its name
                "userLabel": credential["user_label"],
                "createdDate": credential["created_date"],
                "secretData": credential["secret_data"],
                "credentialData": credential["credential_data"],
            }
        ],
    }
    with editable(stage):
        stage.admin.do("POST", "users", twin)
    made = stage.admin.user("twin_of_the_loaded")
    [organization] = stage.admin.read("organizations", q="alias:1001-01")
    stage.admin.do("POST", f"organizations/{organization['id']}/members", made["id"])
    return made


def test_an_owner_is_loaded_as_the_admin_api_would_make_it(stage: Stage, postgresql: PostgreSQLStack) -> None:
    database = postgresql.database
    stage.admin.do("POST", "groups", {"name": "everybody"})
    [group] = stage.admin.read("groups", search="everybody")
    stage.admin.do("PUT", f"default-groups/{group['id']}")
    long_address = "12 rue de l'Évêché, " + "bâtiment B, " * 15
    stage.load("K1", adresse=long_address, adresse_bien=long_address)
    loaded = stage.account("K1")

    made = made_by_the_admin_api(stage, loaded, database)

    [ours], [theirs] = rows(database, "user_entity", loaded["id"]), rows(database, "user_entity", made["id"])
    assert ours == theirs
    for table in TABLES:
        assert in_our_type(rows(database, table, made["id"])) == rows(database, table, loaded["id"]), table
    assert any(row["long_value_hash"] for row in rows(database, "user_attribute", loaded["id"]))
    assert len(rows(database, "user_group_membership", loaded["id"])) == 2
    for table, column in tables_of_users(database):
        counts = [
            database.rows(f"SELECT count(*) FROM {table} WHERE {column} = '{user['id']}'")
            for user in (loaded, made)
        ]
        assert counts[0] == counts[1], f"{table}.{column}"
    # The Admin API shows both alike, too.
    differ = {"id", "username", "createdTimestamp", "lastModifiedTimestamp"}
    assert {name: loaded[name] for name in loaded if name not in differ} == {
        name: made[name] for name in made if name not in differ
    }


def test_what_each_row_has_of_its_own_is_well_formed(stage: Stage, postgresql: PostgreSQLStack) -> None:
    stage.load("K2", "K3")
    identifiers: set[str] = set()
    for identifier in ("K2", "K3"):
        user = stage.account(identifier)
        [[found]] = postgresql.database.rows(
            f"SELECT row_to_json(u) FROM user_entity u WHERE id = '{user['id']}'"
        )
        entity = json.loads(found)
        assert entity["username"] == entity["username"].lower()
        [[now]] = postgresql.database.rows("SELECT extract(epoch FROM now()) * 1000")
        assert 0 <= float(now) - entity["created_timestamp"] < 120_000
        assert entity["last_modified_timestamp"] == entity["created_timestamp"]
        identifiers |= {entity["id"], entity["email_constraint"]}
        for table in ("user_attribute", "credential"):
            found_ids = postgresql.database.rows(f"SELECT id FROM {table} WHERE user_id = '{user['id']}'")
            identifiers |= {row[0] for row in found_ids}
    assert all(UUID.fullmatch(one) for one in identifiers)
    assert len(identifiers) == 2 * (1 + 1 + 5 + 1)  # none twice: user, constraint, attributes, credential
    stage.load("K3b")
    assert stage.account("K3b")["id"] > max(identifiers)  # ids grow: new rows go to the end of each index


LONG = "bâtiment B, " * 25
CHANGES = {
    "name and address": {"nom": "MARTIN", "prenom": "", "email": "neuve@exemple.fr"},
    "no address": {"email": ""},
    "contact that becomes long": {"telephone": "01 02 03 04 05", "adresse": LONG[:250]},
    "contract that becomes long": {"adresse_bien": LONG[:250], "reference": "R" * 100},
    "another contract": {"reference": "AUTRE"},
}


def all_rows(database: PostgreSQL, user: Json) -> dict[str, list[Json]]:
    """A user's rows of every table, and when the user was made and changed."""
    found = {table: rows(database, table, user["id"]) for table in ("user_entity", *TABLES)}
    times = f"SELECT created_timestamp, last_modified_timestamp FROM user_entity WHERE id = '{user['id']}'"
    return found | {"times": [{"at": database.rows(times)}]}


@pytest.mark.parametrize("is_personal", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_an_owner_is_updated_as_the_admin_api_would(
    stage: Stage, postgresql: PostgreSQLStack, change: str, is_personal: bool
) -> None:
    database = postgresql.database
    name = f"N{list(CHANGES).index(change)}{is_personal:d}"
    if is_personal:
        stage.activated(name)
        before = stage.admin.user(stage.address(name))
    else:
        stage.load(name)
        before = stage.account(name)
    stage.load(name, options=("--same-person",), **CHANGES[change])
    ours = all_rows(database, before)
    after = stage.admin.read(f"users/{before['id']}")
    assert after != before

    with editable(stage):
        stage.admin.do("PUT", f"users/{before['id']}", before)
        assert all_rows(database, before) != ours
        stage.admin.do("PUT", f"users/{before['id']}", after)

    assert all_rows(database, before) == ours


def test_who_was_loaded_activates_and_signs_in(stage: Stage) -> None:
    stage.activated("K4")
    assert stage.gets_in(stage.address("K4"), PERSONAL)


def test_what_is_corrected_is_seen_at_once(stage: Stage) -> None:
    stage.load("K5")
    assert stage.browser().prove("1001", "01", "K5", provisional("K5")).value("email") == stage.address("K5")
    stage.load("K5", email=f"neuve-k5@{stage.realm.name}.example")
    page = stage.browser().prove("1001", "01", "K5", provisional("K5"))
    assert page.value("email") == f"neuve-k5@{stage.realm.name}.example"


def test_what_was_answered_outlives_a_power_cut(stage: Stage, postgresql: PostgreSQLStack) -> None:
    """Keycloak commits without waiting for the disk when it has seen nothing written but an event."""
    database = postgresql.database
    database.script(
        "CREATE TABLE commits (waits text);"
        "CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS"
        " $$ BEGIN INSERT INTO commits VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER note_commit AFTER INSERT ON user_entity DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION note_commit();"
    )
    try:
        answer = outcomes(send(stage.admin, batch(owner("K6"), owner("K7"))))
        commits = database.rows("SELECT waits FROM commits")
    finally:
        database.script("DROP FUNCTION note_commit CASCADE; DROP TABLE commits;")
    assert answer == ["created", "created"]
    assert commits == [["on"], ["on"]]


# ---------------------------------------------------------------- at the same time


def at_once(stage: Stage, *bodies: Json) -> list[requests.Response]:
    """Sends batches at the same moment; a batch that met another is sent again, as the command does."""

    def until_settled(body: Json) -> requests.Response:
        answer = send(stage.admin, body)
        if answer.status_code != 409:
            return answer
        assert answer.json()["code"] == "loaded_meanwhile"
        return send(stage.admin, body)

    with ThreadPoolExecutor(len(bodies)) as executor:
        return list(executor.map(until_settled, bodies))


def outcomes(answer: requests.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json()["results"]]


def test_the_same_new_owners_loaded_twice_at_once_are_there_once(stage: Stage) -> None:
    owners = [owner(f"L1-{number}") for number in range(100)]
    before = stage.admin.read("users/count")
    for answer in at_once(stage, batch(*owners), batch(*reversed(owners)), batch(*owners)):
        assert set(outcomes(answer)) <= {"created", "unchanged"}
    assert stage.admin.read("users/count") == before + len(owners)
    assert set(outcomes(send(stage.admin, batch(*owners)))) == {"unchanged"}


def test_batches_that_add_to_the_same_owners_at_once_lose_nothing(stage: Stage) -> None:
    names = [f"L2-{number}" for number in range(60)]
    outcomes(send(stage.admin, batch(*(owner(name) for name in names))))

    def adding(reference: str) -> Json:
        contracts = [{"reference": reference, "role": "locataire", "address": ""}]
        shuffled = random.Random(reference).sample(names, len(names))
        return batch(*(owner(name, contracts=contracts) for name in shuffled))

    answers = at_once(stage, *(adding(reference) for reference in ("A", "B", "C", "D")))
    assert [set(outcomes(answer)) for answer in answers] == [{"updated"}] * 4
    for name in names:
        held: list[Any] = [json.loads(one) for one in stage.account(name)["attributes"]["contracts"]]
        assert sorted(one["reference"] for one in held) == ["A", "B", "C", "D", f"REF-{name}"]


def test_a_password_replaced_counts_from_now_on_and_the_same_again_is_no_change(stage: Stage) -> None:
    stage.load("L3")
    password = generate()
    replacing = batch(
        owner("L3", email=stage.address("L3"), password=hashed_generated(password)), replace_passwords=True
    )
    assert outcomes(send(stage.admin, replacing)) == ["updated"]
    assert outcomes(send(stage.admin, replacing)) == ["unchanged"]
    assert stage.browser().prove("1001", "01", "L3", password).screen == "login-address"
    assert stage.browser().prove("1001", "01", "L3", provisional("L3")).screen == "login-provisional"
