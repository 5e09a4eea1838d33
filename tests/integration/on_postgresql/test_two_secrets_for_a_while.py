"""A realm with `secret_overlap`: an application's secret before works until it ends.

On the server for PostgreSQL, which is built with the preview feature client-secret-rotation.
"""

import json
import time
from pathlib import Path

import pytest
import requests

from tests.integration.admin import Admin
from tests.integration.between import Between
from tests.realms import APPLICATIONS, RealmMaker, TestRealm

WEEK = 7 * 86400
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def realm(make_realm_on_postgresql: RealmMaker) -> TestRealm:
    return make_realm_on_postgresql(secret_overlap="7d", agencies=[], applications=APPLICATIONS)


def accepted(realm: TestRealm, *secrets: str) -> list[bool]:
    """Which of these secrets the realm takes from the Extranet."""
    url = f"{realm.issuer}/protocol/openid-connect/token/introspect"
    answers = [requests.post(url, data={"token": "x"}, auth=("extranet", one), timeout=60) for one in secrets]
    return [answer.status_code == 200 for answer in answers]


def rotated(realm: TestRealm, output: Path, *options: str) -> str:
    """The new secret."""
    options = (*options, "--realm", realm.name)
    assert realm.moncompte("applications", "rotate-secret", "extranet", "--output", output, *options) == 0
    return output.read_text(encoding="ascii").strip()


def test_the_secret_before_works_until_its_time_is_over(
    realm: TestRealm, capsys: Capture, tmp_path: Path
) -> None:
    first = realm.secret()
    second = rotated(realm, tmp_path / "second")
    assert accepted(realm, first, second) == [True, True]
    assert "the one before works until" in " ".join(capsys.readouterr().out.split())
    client = Admin(realm).client("extranet")
    ends = int(client["attributes"]["client.secret.rotated.expiration.time"])
    assert WEEK - 600 < ends - time.time() <= WEEK
    # An apply in between ends nothing, and what stands in the manifest stands on the server.
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert realm.moncompte("plan", "-f", realm.manifest) == 0
    assert (realm.secret(), accepted(realm, first, second)) == (second, [True, True])
    # A week later.
    over = client["attributes"] | {"client.secret.rotated.expiration.time": str(int(time.time()) - 1)}
    Admin(realm).set_client("extranet", attributes=over)
    assert accepted(realm, first, second) == [False, True]


def test_a_secret_that_strangers_know_ends_at_once(realm: TestRealm, tmp_path: Path) -> None:
    known = rotated(realm, tmp_path / "known")
    fresh = rotated(realm, tmp_path / "fresh", "--at-once")
    assert accepted(realm, known, fresh) == [False, True]


def test_the_new_secret_is_not_lost_where_the_one_before_cannot_be_ended(
    realm: TestRealm, capsys: Capture, tmp_path: Path
) -> None:
    output = tmp_path / "secret"
    arguments = ("applications", "rotate-secret", "extranet", "--output", output, "--at-once")
    with Between(realm.server.url) as between:
        between.replace("DELETE", "/client-secret/rotated", 503, {"error": "unavailable"})
        assert realm.moncompte(*arguments, "--realm", realm.name, url=between.url) == 1
    assert "the one before may still work: run this again" in " ".join(capsys.readouterr().err.split())
    assert accepted(realm, output.read_text(encoding="ascii").strip()) == [True]


def test_the_present_secret_is_not_given_an_end(realm: TestRealm) -> None:
    ends = int(Admin(realm).client("extranet")["attributes"]["client.secret.expiration.time"])
    assert ends - time.time() > 90 * 365 * 86400


def test_without_the_overlap_in_the_manifest_the_secret_before_ends_with_the_next_apply(
    realm: TestRealm, tmp_path: Path
) -> None:
    before = rotated(realm, tmp_path / "before")
    after = rotated(realm, tmp_path / "after")
    assert accepted(realm, before, after) == [True, True]
    manifest = json.loads(realm.manifest.read_text(encoding="utf-8"))
    del manifest["realms"][0]["secret_overlap"]
    plain = realm.manifest.with_name("plain.yaml")
    plain.write_text(json.dumps(manifest), encoding="utf-8")
    assert realm.moncompte("apply", "--yes", "-f", plain) == 0
    assert realm.moncompte("plan", "-f", plain) == 0
    assert accepted(realm, before, after) == [False, True]
    again = rotated(realm, tmp_path / "again")
    assert accepted(realm, after, again) == [False, True]
