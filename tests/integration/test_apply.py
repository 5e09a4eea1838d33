"""`moncompte apply`: a second run changes nothing, and the settings took effect."""

import json
from typing import Any

import pytest

from provisioning.realm import manifest, plan
from provisioning.realm import templates as desired
from tests.integration.admin import Admin
from tests.owner import Owner
from tests.realms import AGENCIES, RealmMaker, TestRealm


@pytest.fixture(scope="module")
def admin(realm: TestRealm) -> Admin:
    return Admin(realm)


def steps(realm: TestRealm) -> list[str]:
    """What another run of apply changes in the realm."""
    done = []
    for wanted in desired.desired(
        manifest.load(realm.manifest), folder=realm.manifest.parent, environment={}
    ):
        done += [
            f"{step.action} {step.kind} {step.name}: {step.fields}"
            for step in plan.carry_out_all(realm.keycloak, plan.plan_realms(realm.keycloak, [wanted]))
            if step.action != "unchanged"
        ]
    return done


def change(realm: TestRealm, **settings: Any) -> None:
    """Changes settings of the realm in its manifest."""
    content = json.loads(realm.manifest.read_text(encoding="utf-8"))
    content["realms"][0] |= settings
    realm.manifest.write_text(json.dumps(content), encoding="utf-8")


def test_a_second_run_changes_nothing(realm: TestRealm, admin: Admin) -> None:
    before = admin.read("")
    events = len(admin.admin_events())
    assert steps(realm) == []
    assert admin.read("") == before
    assert len(admin.admin_events()) == events


def test_the_command_says_that_nothing_changed(realm: TestRealm, capsys: pytest.CaptureFixture[str]) -> None:
    assert realm.moncompte("apply", "-f", realm.manifest) == 0
    assert realm.secret() not in capsys.readouterr().out


def test_a_hand_that_changed_a_setting_is_put_right(realm: TestRealm, admin: Admin) -> None:
    admin.set_client("admin-cli", directAccessGrantsEnabled=True)
    admin.set_realm(resetPasswordAllowed=True, bruteForceProtected=False, directGrantFlow="direct grant")
    assert steps(realm) != []
    assert admin.client("admin-cli")["directAccessGrantsEnabled"] is False
    now = admin.read("")
    assert now["bruteForceProtected"]
    assert not now["resetPasswordAllowed"]
    assert now["directGrantFlow"] == "moncompte direct grant"
    assert steps(realm) == []


def test_what_is_closed_is_closed(admin: Admin) -> None:
    now = admin.read("")
    for off in ("resetPasswordAllowed", "rememberMe", "editUsernameAllowed", "verifyEmail"):
        assert now[off] is False, off
    assert now["registrationEmailAsUsername"] is False
    assert now["browserFlow"] == "moncompte browser"
    assert now["registrationFlow"] == "moncompte activation"
    for client in admin.read("clients"):
        assert not client["directAccessGrantsEnabled"], client["clientId"]
        assert not client.get("implicitFlowEnabled"), client["clientId"]
    for client_id in ("account", "account-console", "security-admin-console"):
        assert not admin.client(client_id)["enabled"]
    on = {one["alias"] for one in admin.read("authentication/required-actions") if one["enabled"]}
    assert {"moncompte-activate", "moncompte-terms"} <= on
    assert {
        "CONFIGURE_TOTP", "TERMS_AND_CONDITIONS", "UPDATE_PASSWORD", "UPDATE_PROFILE", "VERIFY_EMAIL",
        "UPDATE_EMAIL", "VERIFY_PROFILE", "delete_account",
    } & on == set()  # fmt: skip


def test_events_are_kept_without_personal_representations(admin: Admin) -> None:
    config = admin.read("events/config")
    assert config["eventsEnabled"]
    assert config["adminEventsEnabled"]
    assert not config["adminEventsDetailsEnabled"]
    assert config["eventsExpiration"] == 180 * 86400


def test_a_change_in_the_manifest_reaches_the_realm(make_realm: RealmMaker) -> None:
    realm = make_realm()
    admin = Admin(realm)
    change(
        realm,
        password_policy={"length": 12},
        lifetimes={"provisional": "10d", "verification_link": "2h", "resend_cooldown": "90s"},
        limits={"failures": 7, "per_source": 55, "mails_per_hour": 3, "accounts_per_source": 2},
        terms={
            "version": "2030-01",
            "terms_url": "https://www.moncompte.example/cgu-2030",
            "privacy_url": "https://www.moncompte.example/confidentialite",
        },
    )
    assert steps(realm) != []
    now = admin.read("")
    assert "length(12)" in now["passwordPolicy"]
    assert now["failureFactor"] == 7
    attributes = now["attributes"]
    assert attributes["moncompte.provisionalLifetime"] == str(10 * 86400)
    assert attributes["moncompte.verificationLinkLifetime"] == "7200"
    assert attributes["moncompte.resendCooldown"] == "90"
    assert attributes["moncompte.perSource"] == "55"
    assert attributes["moncompte.mailsPerHour"] == "3"
    assert attributes["moncompte.accountsPerSource"] == "2"
    assert attributes["moncompte.termsVersion"] == "2030-01"
    assert steps(realm) == []


def test_agencies_are_organizations_with_what_owners_see(admin: Admin) -> None:
    found = {one["alias"]: one for one in admin.read("organizations", briefRepresentation="false")}
    assert set(found) == {"1001-01", "1001-02", "2002-01"}
    first = found["1001-01"]
    assert first["name"] == "Agence du Vieux-Port (1001/01)"
    assert first["attributes"]["client"] == ["1001"]
    assert first["attributes"]["phone"] == ["04 91 00 00 01"]
    assert not first.get("domains")


def test_an_agency_that_is_switched_off_or_renamed_in_the_manifest(make_realm: RealmMaker) -> None:
    realm = make_realm()
    content = json.loads(realm.manifest.read_text(encoding="utf-8"))
    content["agencies"] = [
        AGENCIES[0] | {"name": "Nouveau nom"},
        AGENCIES[1] | {"enabled": False},
        AGENCIES[2],
    ]
    realm.manifest.write_text(json.dumps(content), encoding="utf-8")
    assert len(steps(realm)) == 2
    found = {one["alias"]: one for one in Admin(realm).read("organizations", briefRepresentation="false")}
    assert found["1001-01"]["name"] == "Nouveau nom (1001/01)"
    assert not found["1001-02"]["enabled"]
    assert steps(realm) == []


def test_the_secret_of_an_application_is_readable_by_its_owner_only(realm: TestRealm) -> None:
    assert (realm.directory / "extranet-secret").stat().st_mode & 0o777 == 0o600
    assert len(realm.secret()) >= 32


def test_the_strictest_content_security_policy_stands_on_every_page(realm: TestRealm) -> None:
    headers = Owner(realm.server.url, realm.name).start("1001", "01").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
