"""`moncompte check`: what somebody broke is named, with its reason and cure; a sound realm has nothing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.integration.admin import Admin
from tests.realms import RealmMaker, TestRealm
from tools.mailbox import Mailbox
from tools.ports import free_port

Capture = pytest.CaptureFixture[str]
Found = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """With the limits and the policy of production."""
    return make_realm(
        password_policy={"length": 8},
        limits={"failures": 10, "per_source": 100, "mails_per_hour": 10},
    )


@pytest.fixture
def admin(realm: TestRealm) -> Iterator[Admin]:
    """Breaks the realm; afterwards it is as the manifest says."""
    yield Admin(realm)
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0


def checked(realm: TestRealm, capsys: Capture, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and findings."""
    capsys.readouterr()
    code = realm.moncompte("check", "--json", "-f", realm.manifest, *options)
    findings: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return code, findings


def of_realm(realm: TestRealm, findings: list[dict[str, Any]]) -> Found:
    """Severities by rule and subject, but for master's, which is the test server's own, and for the mails
    that the server has lost, of whichever realm."""
    return {
        (one["rule"], one["subject"]): one["severity"]
        for one in findings
        if one["realm"] in (realm.name, "") and one["rule"] != "mails_lost"
    }


def errors_of_master(realm: TestRealm, capsys: Capture) -> set[tuple[str, str]]:
    return {
        (one["rule"], one["subject"])
        for one in checked(realm, capsys)[1]
        if (one["realm"], one["severity"]) == ("master", "error")
    }


SOUND = {("https", "issuer"): "notice"}
"""A server on this machine, without https."""


def test_a_sound_realm_has_nothing_serious(realm: TestRealm, capsys: Capture) -> None:
    assert of_realm(realm, checked(realm, capsys)[1]) == SOUND


def test_what_somebody_broke_is_named(realm: TestRealm, admin: Admin, capsys: Capture) -> None:
    admin.set_realm(bruteForceProtected=False, sslRequired="none")
    attribute = {"user.attribute": "contracts", "claim.name": "lots", "access.token.claim": "true"}
    mapper = {
        "name": "lots",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-usermodel-attribute-mapper",
        "config": attribute,
    }
    [profile] = [one["id"] for one in admin.read("client-scopes") if one["name"] == "profile"]
    mappers = f"client-scopes/{profile}/protocol-mappers/models"
    admin.do("POST", mappers, mapper)
    code, findings = checked(realm, capsys)
    [added] = [one["id"] for one in admin.read(mappers) if one["name"] == "lots"]
    admin.do("DELETE", f"{mappers}/{added}")
    assert code == 3
    assert of_realm(realm, findings) == SOUND | {
        ("brute_force", "bruteForceProtected"): "error",
        ("https", "sslRequired"): "error",
        ("mappers", "client scope profile"): "error",
        ("password_policy", "passwordPolicy"): "warning",  # without throttling, more is asked for
    }
    assert all(one["reason"] and one["cure"] for one in findings)


def test_an_administrator_whose_password_everybody_tries_is_named(realm: TestRealm, capsys: Capture) -> None:
    master = Admin(replace(realm, name="master"))
    master.do("POST", "users", {"username": "sesame", "enabled": True})
    user = master.user("sesame")
    try:
        master.set_password(user, "sesame")
        assert ("default_passwords", "sesame") not in errors_of_master(realm, capsys), "no administrator yet"
        master.do("POST", f"users/{user['id']}/role-mappings/realm", [master.read("roles/admin")])
        assert ("default_passwords", "sesame") in errors_of_master(realm, capsys)
        master.set_password(user, "Une-Phrase-Que-Personne-Ne-Devine-42")
        assert ("default_passwords", "sesame") not in errors_of_master(realm, capsys)
    finally:
        master.do("DELETE", f"users/{user['id']}")


def test_it_changes_nothing(realm: TestRealm, admin: Admin, capsys: Capture) -> None:
    admin.set_realm(failureFactor=50)
    before = admin.read(""), len(admin.admin_events())
    checked(realm, capsys)
    assert (admin.read(""), len(admin.admin_events())) == before


def test_a_mail_server_that_is_not_there_is_named(realm: TestRealm, admin: Admin, capsys: Capture) -> None:
    nobody = str(free_port())
    smtp = admin.read("")["smtpServer"] | {"port": nobody}
    admin.set_realm(smtpServer=smtp)
    found = of_realm(realm, checked(realm, capsys)[1])
    assert found == SOUND | {("mail_server", f"{smtp['host']}:{nobody}"): "error"}
    found = of_realm(realm, checked(realm, capsys, "--mail-to", "essai@exemple.fr")[1])
    assert found == SOUND | {("mail_server", f"{smtp['host']}:{nobody}"): "error"}


def test_a_mail_reaches_the_mailbox_named(realm: TestRealm, mailbox: Mailbox, capsys: Capture) -> None:
    address = f"essai-{realm.name}@exemple.fr"
    realm.moncompte("check", "-f", realm.manifest, "--mail-to", address)
    assert f"The mail server has taken a mail to {address} from: {realm.name}." in capsys.readouterr().out
    assert realm.name in mailbox.wait_for(to=address, subject="moncompte check").text
    assert of_realm(realm, checked(realm, capsys, "--mail-to", address)[1]) == SOUND


def test_the_table_says_where_why_and_what_to_do(realm: TestRealm, admin: Admin, capsys: Capture) -> None:
    admin.set_realm(sslRequired="none")
    capsys.readouterr()
    assert realm.moncompte("check", "-f", realm.manifest) == 3
    said = capsys.readouterr().out
    for word in ("severity", "what to do", "sslRequired", "error"):
        assert word in said
    assert realm.server.client_secret not in said


def test_realms_that_are_not_there_are_an_error(realm: TestRealm, capsys: Capture) -> None:
    content = json.loads(realm.manifest.read_text(encoding="utf-8"))
    elsewhere = realm.directory / "elsewhere.yaml"
    content["realms"][0]["name"] = f"{realm.name}-not-made"
    elsewhere.write_text(json.dumps(content), encoding="utf-8")
    assert realm.moncompte("check", "-f", elsewhere) == 1
    assert "moncompte apply" in capsys.readouterr().err
