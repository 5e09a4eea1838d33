"""What a program may send to the resource that loads owners: hostile JSON and what rules 9 and 10 forbid are
refused, clearly, and change nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from provisioning.owners.passwords import generate, hashed_choice, hashed_generated
from tests.integration.admin import Admin
from tests.integration.stage import PERSONAL, Stage, provisional
from tests.realms import Json

AGENCY = "moncompte/v1/agencies/1001-01"


def owner(identifier: str, **changes: Any) -> Json:
    """An owner as the command sends it."""
    return {
        "identifier": identifier,
        "civility": "Madame",
        "last_name": "LEFÈVRE",
        "first_name": "Hélène",
        "email": "helene@exemple.fr",
        "phone": "",
        "mobile": "",
        "address": "",
        "postal_code": "",
        "city": "",
        "contracts": [{"reference": f"REF-{identifier}", "role": "locataire", "address": ""}],
        "password": hashed_generated(generate()),
    } | changes


def batch(*owners: Any, **changes: Any) -> Json:
    return {"dry_run": False, "replace_passwords": False, "same_person": False, "owners": owners} | changes


def send(admin: Admin, body: bytes | Json, path: str = "owners") -> requests.Response:
    """The answer to a body: JSON, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return admin.raw("POST", f"{AGENCY}/{path}", content)


def refusal(answer: requests.Response) -> tuple[int, str]:
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    said = answer.json()
    assert said["detail"]
    assert "exception" not in answer.text.lower()
    return answer.status_code, said["code"]


@pytest.fixture(scope="module")
def unchanged(stage: Stage) -> Callable[[], int]:
    """How many users there are."""
    return lambda: int(stage.admin.read("users/count"))


GOOD = json.dumps(batch(owner("H1")))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "{",
        GOOD[:-1],
        GOOD + GOOD,
        GOOD + "x",
        "[]",
        "42",
        '"owners"',
        GOOD.replace('"H1"', "{}"),
        GOOD.replace('"H1"', "5"),
        GOOD.replace('"H1"', "true"),
        GOOD.replace('"H1"', '["H1"]'),
        GOOD.replace('"dry_run": false', '"dry_run": "false"'),
        GOOD.replace('"dry_run": false', '"dry_run": 0'),
        GOOD.replace('"dry_run": false', '"dry_run": null'),
        GOOD.replace('"replace_passwords": false', '"replace_passwords": null'),
        GOOD.replace('"dry_run": false', '"dry_run": true, "dry_run": false'),
        GOOD.replace('"dry_run": false', '"dryrun": true'),
        GOOD.replace('"identifier"', '"identifier": "H0", "identifier"'),
        GOOD.replace('"identifier"', '"realm": "master", "identifier"'),
        GOOD.replace('"identifier"', '"id": "1", "identifier"'),
        GOOD.replace('"iterations": 100', '"iterations": 1e2'),
        GOOD.replace('"iterations": 100', '"iterations": 100.5'),
        GOOD.replace('"iterations": 100', '"iterations": 99999999999999999999'),
        GOOD.replace('"iterations": 100', '"iterations": ' + "9" * 1000),
        GOOD.replace('"generated": true', '"generated": "true"'),
        GOOD.replace('"H1"', '"' + "x" * 20_000 + '"'),
        GOOD.replace('"H1"', "[" * 100_000 + "]" * 100_000),
        GOOD.replace('"contracts": [', '"contracts": [' + '{"a":' * 50_000),
        GOOD.replace('"H1"', '"' + "\x00" + '"'),
        GOOD.replace('"H1"', "'H1'"),
        GOOD.replace('"H1"', "NaN"),
        GOOD.replace('"owners": [', '"owners": [,'),
        GOOD + "/* comment */",
    ],
)
def test_what_is_not_the_json_it_takes_is_refused_whole(
    stage: Stage, unchanged: Callable[[], int], body: str
) -> None:
    before = unchanged()
    status, error = refusal(send(stage.admin, body.encode()))
    assert (status, error) in {(400, "json_invalid"), (400, "owners_missing")}
    assert unchanged() == before


def test_where_it_went_wrong_is_said_and_what_stood_there_is_not(stage: Stage) -> None:
    secret = owner("H2")
    secret["password"]["salt"] = {"secret": "in the wrong place"}
    answer = send(stage.admin, batch(owner("H1"), secret))
    assert refusal(answer) == (400, "json_invalid")
    assert "owners[1].password.salt" in answer.text
    assert "wrong place" not in answer.text


@pytest.mark.parametrize("body", [b"{}", b'{"owners": null}', b'{"owners": [null]}'])
def test_no_owners_is_said(stage: Stage, body: bytes) -> None:
    assert refusal(send(stage.admin, body)) == (400, "owners_missing")


def test_bytes_that_are_not_utf_8_are_refused(stage: Stage) -> None:
    body = GOOD.replace("H1", "\\u00e9").encode().replace(b"\\u00e9", "é".encode("latin-1"))
    assert refusal(send(stage.admin, body)) == (400, "json_invalid")


def test_another_content_type_is_refused(stage: Stage) -> None:
    answer = stage.admin.raw("POST", f"{AGENCY}/owners", GOOD.encode(), content_type="text/xml")
    assert answer.status_code == 415


def test_a_batch_has_limits(stage: Stage, unchanged: Callable[[], int]) -> None:
    before = unchanged()
    assert refusal(send(stage.admin, batch(*(owner(f"H3-{n}") for n in range(501))))) == (400, "too_many")
    assert refusal(send(stage.admin, GOOD.encode() + b" " * (8 << 20))) == (413, "too_large")
    assert send(stage.admin, GOOD.encode() + b" " * (40 << 20)).status_code == 413
    assert unchanged() == before


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"identifier": None}, "identifier_invalid"),
        ({"identifier": " "}, "identifier_invalid"),
        ({"identifier": "x" * 65}, "identifier_invalid"),
        ({"identifier": "a\x00b"}, "identifier_invalid"),
        ({"identifier": "a\nb"}, "identifier_invalid"),
        ({"identifier": "\ud800"}, "identifier_invalid"),
        ({"last_name": None}, "field_missing"),
        ({"last_name": " "}, "field_missing"),
        ({"last_name": "LE\x00FEVRE"}, "characters_invalid"),
        ({"last_name": "LE\ud83dFEVRE"}, "characters_invalid"),
        ({"first_name": "\udc00"}, "characters_invalid"),
        ({"address": "12 rue\x1b[2J"}, "characters_invalid"),
        ({"city": "x" * 256}, "value_too_long"),
        ({"email": "not an address"}, "email_invalid"),
        ({"email": "a@exemple.fr\nBcc: b@exemple.fr"}, "characters_invalid"),
        ({"email": "x" * 250 + "@exemple.fr"}, "value_too_long"),
        ({"contracts": None}, "field_missing"),
        ({"contracts": []}, "field_missing"),
        ({"contracts": [None]}, "field_missing"),
        ({"contracts": [{"reference": "A", "role": None}]}, "field_missing"),
        ({"contracts": [{"reference": "A\x00", "role": "locataire"}]}, "characters_invalid"),
        ({"contracts": [{"reference": "A", "role": "r", "address": "x" * 256}]}, "value_too_long"),
        ({"contracts": [{"reference": "A", "role": "r"}] * 2}, "duplicate_contract"),
        ({"contracts": [{"reference": str(n), "role": "r"} for n in range(1001)]}, "value_too_long"),
        ({"password": None}, "password_missing"),
        ({"password": {"algorithm": "pbkdf2-sha256"}}, "password_format"),
        ({"password": hashed_generated("abcde-fghj-kmnp") | {"iterations": 99}}, "password_format"),
        ({"password": hashed_generated("abcde-fghj-kmnp") | {"iterations": 2**31 - 1}}, "password_format"),
        ({"password": hashed_generated("abcde-fghj-kmnp") | {"generated": False}}, "password_format"),
        ({"password": hashed_generated("abcde-fghj-kmnp") | {"salt": ""}}, "password_format"),
        ({"password": hashed_generated("abcde-fghj-kmnp") | {"salt": "%%%"}}, "password_format"),
        ({"password": hashed_generated("abcde-fghj-kmnp") | {"value": "AAAA"}}, "password_format"),
        ({"password": hashed_choice("Tulipe-48") | {"memory": 2**31 - 1}}, "password_format"),
        ({"password": hashed_choice("Tulipe-48") | {"algorithm": "md5"}}, "password_format"),
    ],
)
def test_one_owner_who_cannot_be_is_refused_and_the_others_are_loaded(
    stage: Stage, unchanged: Callable[[], int], changes: Json, reason: str
) -> None:
    before = unchanged()
    name = f"H4-{before}"
    answer = send(stage.admin, batch(owner("H4") | changes, owner(name)))
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert (results[0]["outcome"], results[0].get("reason")) == ("refused", reason)
    assert (results[1]["identifier"], results[1]["outcome"]) == (name, "created")
    assert unchanged() == before + 1


def test_every_plain_character_is_kept(stage: Stage) -> None:
    name = "Łódź-Ñandú « O'Brien » 🏠 𝒳 <b>&amp;</b> ${x} %s \\ \" שלום"
    assert send(stage.admin, batch(owner("H5", last_name=name))).json()["results"][0]["outcome"] == "created"
    assert stage.account("H5")["lastName"] == name


def test_two_ways_of_writing_one_identifier_are_one_owner(stage: Stage) -> None:
    answer = send(stage.admin, batch(owner("H6"), owner(" h6 "), owner("H7")))
    assert [one.get("reason") for one in answer.json()["results"]] == [None, "duplicate_in_batch", None]


def test_a_batch_reaches_no_owner_of_another_agency(stage: Stage) -> None:
    stage.load("H8", agency="1001/02")
    before = stage.account("H8", "1001/02")
    for identifier in ("H8", "1001-02_h8", "1001/02/H8", "../1001-02/owners/H8"):
        answer = send(stage.admin, batch(owner(identifier, last_name="AUTRE")))
        assert answer.json()["results"][0]["outcome"] == "created"  # an owner of this agency
    assert stage.account("H8", "1001/02") == before


def test_a_user_of_that_name_whom_no_agency_loaded_is_left_alone(stage: Stage) -> None:
    stage.admin.do("POST", "users", {"username": "1001-01_h9", "enabled": True, "lastName": "OPERATOR"})
    before = stage.admin.user("1001-01_h9")
    answer = send(stage.admin, batch(owner("H9"), replace_passwords=True, same_person=True))
    assert answer.json()["results"][0]["reason"] == "identifier_taken"
    assert stage.admin.user("1001-01_h9") == before


def test_a_personal_account_keeps_its_password_whatever_is_asked(stage: Stage) -> None:
    stage.activated("H10")
    before = stage.admin.user(stage.address("H10"))
    credentials = stage.admin.read(f"users/{before['id']}/credentials")
    body = batch(
        owner("H10", password=hashed_choice("Tulipe-48"), email="autre@exemple.fr"),
        replace_passwords=True,
        same_person=True,
    )
    result = send(stage.admin, body).json()["results"][0]
    assert (result["outcome"], result["state"]) == ("updated", "personal")
    after = stage.admin.user(stage.address("H10"))
    assert stage.admin.read(f"users/{after['id']}/credentials") == credentials
    assert (after["email"], after["username"]) == (before["email"], before["username"])
    assert stage.gets_in(stage.address("H10"), PERSONAL)
    assert stage.browser().prove("1001", "01", "H10", "Tulipe-48").screen == "login-provisional"


def test_ids_of_one_batch_do_not_follow_from_each_other(stage: Stage) -> None:
    names = [f"H2{number}" for number in range(3)]
    assert send(stage.admin, batch(*map(owner, names))).ok
    assert len({stage.account(name)["id"][-12:] for name in names}) == len(names)


def test_a_dry_run_says_the_same_and_changes_nothing(stage: Stage) -> None:
    stage.load("H11")
    before = stage.account("H11")
    changed = owner("H11", last_name="AUTRE")
    new = owner("H12")
    dry = send(stage.admin, batch(changed, new, owner("H13", email="x"), dry_run=True)).json()
    assert stage.account("H11") == before
    wet = send(stage.admin, batch(changed, new, owner("H13", email="x"))).json()
    # Whose the password is, is known once it is written.
    assert [result.pop("account", None) is not None for result in wet["results"]] == [False, True, False]
    assert dry == wet
    assert [one["outcome"] for one in wet["results"]] == ["updated", "created", "refused"]
    assert stage.browser().prove("1001", "01", "H11", provisional("H11")).screen == "login-address"


@pytest.mark.parametrize(
    "body", [b"{", b'{"identifier": 5}', b'{"identifier": "P1", "x": 1}', b"null", b"{}"]
)
def test_undoing_a_merge_reads_as_strictly(stage: Stage, body: bytes) -> None:
    status, error = refusal(send(stage.admin, body, "merges/x/undo"))
    assert (status, error) in {(400, "json_invalid"), (400, "identifier_missing")}


BODIES = {
    "owners/H14/reissue": '{"password": null}',
    "owners/H14/release": '{"person_is_gone": false}',
    "owners/H14/move": '{"to": "H15", "dry_run": true}',
    "contracts/end": '{"contracts": []}',
    "letters": '{"identifiers": []}',
    "merges/x/undo": '{"identifier": "H14", "dry_run": true}',
}


@pytest.mark.parametrize("path", BODIES)
def test_every_body_is_read_as_strictly(stage: Stage, path: str) -> None:
    stage.load("H14")
    before = stage.account("H14")
    body = BODIES[path]
    name = body.split('"')[1]
    for wrong in (
        "",
        "null",
        "[]",
        '"x"',
        body + "x",
        body[:-1] + ', "unknown": 1}',
        body[:-1] + f', "{name}": null}}',
        body.replace("true", '"true"').replace("false", "0").replace("[]", "{}").replace("null", "5"),
        body.replace("true", "null").replace("false", "null").replace("[]", "[5]").replace("null}", "[]}"),
    ):
        assert refusal(send(stage.admin, wrong.encode(), path)) == (400, "json_invalid"), wrong
    assert stage.account("H14") == before


@pytest.mark.parametrize(
    "body", ["", "null", "[]", '{"content": 5}', '{"content": "%%%"}', '{"content": "", "content": ""}']
)
def test_a_logo_and_a_trial_mail_are_read_as_strictly(stage: Stage, body: str) -> None:
    assert refusal(stage.admin.raw("PUT", "moncompte/v1/logos/brand", body.encode())) == (400, "json_invalid")
    answer = stage.admin.raw("POST", "moncompte/v1/installation/mail", body.encode())
    assert refusal(answer) == (400, "json_invalid")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nothing", 404, "path_unknown"),
        ("GET", "", 404, "path_unknown"),
        ("POST", "owners/P1/nothing", 404, "path_unknown"),
        ("PUT", "owners", 405, "method_unknown"),
        ("DELETE", "owners/P1", 405, "method_unknown"),
        ("GET", "owners/P1/release", 405, "method_unknown"),
    ],
)
def test_a_path_or_method_that_is_not_there_is_refused_like_the_rest(
    stage: Stage, method: str, path: str, status: int, code: str
) -> None:
    answer = stage.admin.call(method, f"{AGENCY}/{path}")
    assert refusal(answer) == (status, code)
    problem = answer.json()
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", answer.reason, status)
    allowed = {"owners": "GET, POST", "owners/P1": "GET", "owners/P1/release": "DELETE, POST"}
    assert status != 405 or answer.headers["Allow"] == allowed[path]
