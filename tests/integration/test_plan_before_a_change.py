"""`moncompte plan` and `apply`: what would be done is seen before it is done, and is what is done."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.admin import Admin
from tests.realms import AGENCIES, RealmMaker, TestRealm

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def realm(make_realm: RealmMaker) -> TestRealm:
    """A realm of its own: each test changes it."""
    return make_realm()


def planned(realm: TestRealm, capsys: Capture) -> tuple[int, str]:
    """Exit code and output of `plan`."""
    capsys.readouterr()
    code = realm.moncompte("plan", "-f", realm.manifest)
    return code, capsys.readouterr().out


def write_manifest(realm: TestRealm, **parts: Any) -> None:
    """Replaces parts of the realm's manifest."""
    content = json.loads(realm.manifest.read_text(encoding="utf-8")) | parts
    realm.manifest.write_text(json.dumps(content), encoding="utf-8")


def asked(realm: TestRealm, answer: str, before_answer: Any = None) -> tuple[int, str]:
    """Exit code and output of `apply` on a terminal where somebody answers its question."""
    controller, terminal = pty.openpty()
    secret_file = realm.directory / "cli-secret"
    secret_file.touch(mode=0o600)
    secret_file.write_text(realm.server.client_secret, encoding="ascii")
    process = subprocess.Popen(
        [
            *(Path(sys.executable).parent / "moncompte", "apply", "-f", realm.manifest),
            *("--url", realm.server.url, "--client-id", realm.server.client_id),
            *("--client-secret-file", secret_file),
        ],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    said = b""
    with io.FileIO(controller, "r+") as screen:
        while b"[y/N]" not in said:
            said += screen.read(4096) or b""
        if before_answer is not None:
            before_answer()
        screen.write(answer.encode() + b"\n")
        while True:
            try:
                said += screen.read(4096) or b""
            except OSError:  # the other side is closed
                break
    return process.wait(), said.decode()


def test_a_plan_after_an_apply_finds_nothing(realm: TestRealm, capsys: Capture) -> None:
    code, out = planned(realm, capsys)
    assert code == 0, out
    assert "Nothing to change" in out


def test_what_a_hand_changed_shows_with_its_old_and_new_value(realm: TestRealm, capsys: Capture) -> None:
    admin = Admin(realm)
    admin.set_realm(bruteForceProtected=False, failureFactor=3)
    admin.set_client("extranet", redirectUris=["https://evil.example/*"])
    admin.set_agency("2002-01", enabled=False)
    code, out = planned(realm, capsys)
    assert code == 3
    assert "bruteForceProtected: false → true" in out
    assert "failureFactor: 3 → 1000" in out
    assert "evil.example" in out
    assert "agency 2002-01" in out
    assert "enabled: false → true" in out
    assert not admin.read("")["bruteForceProtected"], "a plan changes nothing"
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert admin.read("")["bruteForceProtected"]
    assert planned(realm, capsys)[0] == 0


def test_a_mapper_by_hand_gives_an_application_nothing_for_long(realm: TestRealm, capsys: Capture) -> None:
    """An application gets what it is entitled to (rule 10), whatever mapper makes its tokens."""
    admin = Admin(realm)
    attribute = {
        "name": "everything",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-usermodel-attribute-mapper",
        "config": {"user.attribute": "contracts", "claim.name": "everything", "access.token.claim": "true"},
    }
    mappers = "protocol-mappers/models"
    extranet = f"clients/{admin.client('extranet')['id']}/{mappers}"
    [scope] = [one for one in admin.read("client-scopes") if one["name"] == "contracts"]
    ours = scope["protocolMappers"][0]
    own = admin.read(extranet)
    admin.do("POST", extranet, attribute)
    admin.do("POST", f"client-scopes/{scope['id']}/{mappers}", attribute)
    changed = ours | {"config": ours["config"] | {"claim.name": "lots", "multivalued": "true"}}
    admin.do("PUT", f"client-scopes/{scope['id']}/{mappers}/{ours['id']}", changed)
    code, out = planned(realm, capsys)
    assert code == 3
    assert out.count("mappers.everything: oidc-usermodel-attribute-mapper → nothing") == 2
    assert "mappers.moncompte contracts.config.claim.name: lots → contracts" in out
    assert "mappers.moncompte contracts.config.multivalued: true → nothing" in out
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert admin.read(extranet) == own
    assert admin.read(f"client-scopes/{scope['id']}/{mappers}") == [ours]
    assert planned(realm, capsys)[0] == 0


def test_the_plan_as_json_holds_the_same(realm: TestRealm, capsys: Capture) -> None:
    Admin(realm).set_realm(failureFactor=3)
    capsys.readouterr()
    assert realm.moncompte("plan", "--json", "-f", realm.manifest) == 3
    answer = json.loads(capsys.readouterr().out)
    assert not answer["in_sync"]
    assert answer["counts"]["change"] == 1
    [step] = answer["realms"][0]["steps"]
    assert (step["action"], step["kind"]) == ("change", "settings")
    assert step["fields"] == [{"field": "failureFactor", "old": 3, "new": 1000}]


def test_what_the_manifest_does_not_name_is_left_alone(realm: TestRealm, capsys: Capture) -> None:
    admin = Admin(realm)
    admin.set_realm(displayNameHtml="<b>ours</b>", ssoSessionIdleTimeout=1234)
    admin.do("POST", "clients", {"clientId": "of-somebody-else", "enabled": True})
    admin.do("POST", "organizations", {"name": "Elsewhere", "alias": "elsewhere"})
    assert planned(realm, capsys)[0] == 0
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert admin.read("")["displayNameHtml"] == "<b>ours</b>"
    assert admin.client("of-somebody-else")["enabled"]


def test_a_plan_holds_no_secret(realm: TestRealm, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    content = json.loads(realm.manifest.read_text(encoding="utf-8"))
    content["realms"][0]["mail"] |= {"user": "moncompte", "password_env": "MAIL_PASSWORD"}
    write_manifest(realm, realms=content["realms"])
    monkeypatch.setenv("MAIL_PASSWORD", "a-secret-of-the-mail-server")
    (realm.directory / "extranet-secret").write_text("no longer the secret\n", encoding="ascii")
    code, out = planned(realm, capsys)
    assert code == 3
    assert "smtpServer.password: (hidden) → (hidden)" in out
    assert "secret file" in out
    for secret in ("a-secret-of-the-mail-server", "no longer the secret"):
        assert secret not in out
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert planned(realm, capsys)[0] == 0


def test_without_a_terminal_and_without_yes_nothing_is_done(realm: TestRealm, capsys: Capture) -> None:
    admin = Admin(realm)
    admin.set_realm(failureFactor=3)
    capsys.readouterr()
    assert realm.moncompte("apply", "-f", realm.manifest) == 2
    said = capsys.readouterr()
    assert "failureFactor: 3 → 1000" in said.out
    assert "--yes" in said.err
    assert admin.read("")["failureFactor"] == 3


def test_on_a_terminal_apply_asks_first(realm: TestRealm) -> None:
    admin = Admin(realm)
    admin.set_realm(failureFactor=3)
    code, said = asked(realm, "n")
    assert (code, admin.read("")["failureFactor"]) == (1, 3), said
    assert "0 to create, 1 to change" in said
    assert "Nothing was changed" in said
    code, said = asked(realm, "y")
    assert (code, admin.read("")["failureFactor"]) == (0, 1000), said
    assert "failureFactor: 3 → 1000" in said


def test_what_changed_while_the_question_stood_is_not_done_unseen(realm: TestRealm) -> None:
    admin = Admin(realm)
    admin.set_realm(failureFactor=3)
    code, said = asked(realm, "y", before_answer=lambda: admin.set_realm(bruteForceProtected=False))
    assert code == 1
    assert "Somebody changed the server" in said
    assert admin.read("")["failureFactor"] == 3


def test_after_an_error_in_the_middle_another_run_finishes(realm: TestRealm, capsys: Capture) -> None:
    admin = Admin(realm)
    new = [{"client": "4004", "societe": f"{number:02d}", "name": f"Agence {number}"} for number in range(6)]
    write_manifest(realm, agencies=[*AGENCIES, *new])
    admin.set_realm(failureFactor=3)
    admin.do("POST", "organizations", {"name": "Agence 3 (4004/03)", "alias": "in-the-way"})
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 1
    said = capsys.readouterr()
    assert "changed    settings" in said.out
    assert "stopped on the way" in said.err
    assert "not done" in said.err
    assert "agency 4004-03" in said.err
    made = {one["alias"] for one in admin.read("organizations")} - {"in-the-way"}
    told = {line.split()[-1] for line in said.out.splitlines() if line.startswith("  created")}
    assert told == made - {"1001-01", "1001-02", "2002-01"}, "what was done is said, and nothing else"
    [in_the_way] = admin.read("organizations", search="Agence 3 (4004/03)", exact="true")
    admin.do("DELETE", f"organizations/{in_the_way['id']}")
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert planned(realm, capsys)[0] == 0


def test_realms_that_are_not_there_are_planned_and_not_made(realm: TestRealm, capsys: Capture) -> None:
    own, declared = f"{realm.name}-of-its-own", f"{realm.name}-declared"
    content = json.loads(realm.manifest.read_text(encoding="utf-8"))
    [shared] = content["realms"]
    agencies = [
        *content["agencies"],
        AGENCIES[0] | {"client": "5005", "isolation": "realm", "realm": own},
        AGENCIES[0] | {"client": "6006", "realm": declared},
    ]
    other = shared | {"name": declared}
    write_manifest(realm, agencies=agencies, realms=[shared, other | {"blocklist": "nowhere.bloom"}])
    code, out = planned(realm, capsys)
    assert code == 3
    for name in (own, declared):
        assert f"create     realm {name}" in out
        assert realm.keycloak.realm(name) is None
    assert "create     agency 5005-01" in out

    # One of them cannot be made as it is declared: the other one is, and that is said.
    capsys.readouterr()
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 1
    said = capsys.readouterr()
    assert "created    agency 5005-01" in said.out
    assert f"created    realm {declared}" in said.out
    assert "created    agency 6006-01" not in said.out
    assert f"settings {declared} of realm {declared}" in said.err
    assert "nowhere.bloom" in said.err
    half_made = realm.keycloak.realm(declared)
    assert half_made is not None
    assert not half_made["enabled"], "half made, it is shut"

    write_manifest(realm, realms=[shared, other])
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert planned(realm, capsys)[0] == 0
