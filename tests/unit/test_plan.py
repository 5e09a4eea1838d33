"""Planning: what the templates make, and what is compared; no server is needed to decide."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from provisioning.errors import BadInputError
from provisioning.realm.kinds.realm import MAIL_PASSWORD_FINGERPRINT, fingerprint, is_fingerprint_of
from provisioning.realm.manifest import Manifest, PasswordPolicy, RegexPattern, load
from provisioning.realm.plan import plan
from provisioning.realm.steps import HIDDEN, FieldChange, RealmState, Step, differences, overlaid
from provisioning.realm.templates import DesiredRealm, desired

SAMPLE = Path(__file__).parents[2] / "samples" / "moncompte.yaml"


def wanted_realms(
    manifest: Manifest | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path = SAMPLE.parent,
) -> list[DesiredRealm]:
    return desired(
        manifest or load(SAMPLE),
        folder=folder,
        environment=environment or {},
    )


def state_after(wanted: DesiredRealm) -> RealmState:
    """A server that has just what is wanted, in the shape Keycloak answers with."""

    def identified(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [copy.deepcopy(value) | {"id": f"id-{number}"} for number, value in enumerate(values)]

    applications = identified(wanted.applications)
    for application in applications:
        application["secret"] = f"secret of {application['clientId']}"
    scopes = identified(wanted.client_scopes)
    for scope in scopes:
        scope["protocolMappers"] = identified(scope["protocolMappers"])
    organizations = identified(wanted.organizations)
    names = {alias: logo.name(alias) for alias, logo in wanted.logos.items()}
    for organization in organizations:
        if organization["alias"] in names:
            organization["attributes"]["logo"] = [names[organization["alias"]]]
    return RealmState(
        settings=copy.deepcopy(wanted.settings) | {"id": "r"},
        flows=identified(wanted.flows),
        executions={flow["alias"]: identified(flow["executions"]) for flow in wanted.flows},
        required_actions=copy.deepcopy(wanted.required_actions),
        user_profile=copy.deepcopy(wanted.user_profile),
        client_scopes=scopes,
        client_profiles=copy.deepcopy(wanted.client_profiles),
        client_policies=copy.deepcopy(wanted.client_policies),
        workflows=identified(wanted.workflows),
        clients=identified(wanted.built_in_clients) + applications,
        organizations=organizations,
        logos=frozenset(names.values()),
        secret_files={file.path: f"secret of {file.client_id}" for file in wanted.secret_files},
    )


def changed(wanted: DesiredRealm, state: RealmState) -> list[Step]:
    return [step for step in plan(wanted, state) if step.action != "unchanged"]


def test_a_realm_that_is_as_wanted_needs_nothing() -> None:
    for wanted in wanted_realms():
        assert changed(wanted, state_after(wanted)) == []


def test_a_missing_realm_is_made_shut_before_anything_else() -> None:
    wanted = wanted_realms()[0]
    steps = plan(wanted, RealmState())
    assert steps[0].kind == "realm"
    assert steps[0].payload == {"realm": "moncompte", "enabled": False, "organizationsEnabled": True}
    assert {step.action for step in steps} == {"create"}


def test_flows_come_before_the_settings_that_bind_them_and_scopes_before_clients() -> None:
    kinds = [step.kind for step in plan(wanted_realms()[0], RealmState())]
    assert (
        kinds.index("flow")
        < kinds.index("settings")
        < kinds.index("client scope")
        < kinds.index("application")
    )
    assert kinds.index("application") < kinds.index("secret file")


def test_direct_grants_are_off_for_every_client_we_know_of() -> None:
    for wanted in wanted_realms():
        clients = wanted.applications + wanted.built_in_clients
        assert {client["clientId"] for client in clients} >= {
            "admin-cli",
            "account",
            "account-console",
            "extranet",
        }
        assert not any(client["directAccessGrantsEnabled"] for client in clients)


def test_nobody_may_write_our_attributes_of_a_user() -> None:
    profile = wanted_realms()[0].user_profile
    edit = {attribute["name"]: attribute["permissions"]["edit"] for attribute in profile["attributes"]}
    standard = {"username", "email", "firstName", "lastName"}
    assert all(edit[name] == [] for name in edit if name not in standard)
    assert all(edit[name] == ["admin"] for name in standard)
    assert profile["unmanagedAttributePolicy"] is None


def test_the_password_policy_is_the_manifests() -> None:
    assert wanted_realms()[0].settings["passwordPolicy"] == (
        "length(6) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)"
        " and passwordBlacklist(moncompte-fr.bloom)"
    )


def test_every_policy_of_the_manifest_reaches_keycloak() -> None:
    manifest = load(SAMPLE)
    policy = PasswordPolicy(
        length=12,
        max_length=128,
        upper_case=0,
        not_username=True,
        not_email=True,
        not_contains_username=True,
        regex_pattern=RegexPattern(regex="[^ ].*", fr="Sans espace au début", en="No space first"),
        password_history=3,
        password_age=365,
    )
    realm = manifest.realms[0].model_copy(update={"password_policy": policy, "blocklist": "none"})
    settings = wanted_realms(manifest.model_copy(update={"realms": [realm]}))[0].settings
    assert settings["passwordPolicy"].split(" and ") == [
        "length(12)",
        "maxLength(128)",
        "lowerCase(1)",
        "digits(1)",
        "specialChars(1)",
        "passwordHistory(3)",
        "passwordAge(365)",
        "notUsername",
        "notEmail",
        "notContainsUsername",
        "regexPattern([^ ].*)",
    ]
    assert settings["attributes"]["moncompte.passwordPattern.fr"] == "Sans espace au début"
    assert settings["attributes"]["moncompte.passwordPattern.en"] == "No space first"


def test_nothing_typed_breaks_out_of_a_template() -> None:
    nasty = "\"}], {{ 7*7 }} {% raw %} </script> ' \\ \u2028"
    manifest = load(SAMPLE)
    agency = manifest.agencies[0].model_copy(update={"name": nasty, "phone": nasty})
    application = manifest.applications[0].model_copy(update={"name": nasty})
    realm = manifest.realms[0].model_copy(update={"display_name": nasty})
    wanted = wanted_realms(
        manifest.model_copy(update={"agencies": [agency], "applications": [application], "realms": [realm]})
    )[0]
    assert wanted.organizations[0]["attributes"]["name"] == [nasty]
    assert wanted.organizations[0]["attributes"]["phone"] == [nasty]
    assert wanted.applications[0]["name"] == nasty
    assert wanted.settings["displayName"] == nasty


def test_an_isolated_agency_gets_a_realm_of_the_same_settings() -> None:
    shared, isolated = wanted_realms()
    assert isolated.name == "moncompte-3003-01"
    elsewhere = "moncompte.elsewhere"
    assert shared.settings["attributes"].pop(elsewhere) == "3003-01"
    assert isolated.settings["attributes"].pop(elsewhere) == "1001-01 1001-02 2002-01"
    assert isolated.settings == shared.settings | {"realm": "moncompte-3003-01"}
    assert [organization["alias"] for organization in isolated.organizations] == ["3003-01"]


def test_each_realm_has_a_callback_of_its_own() -> None:
    """So that the answer of one issuer is never taken for another (RFC 9700, 4.4.2)."""
    shared, isolated = (wanted.applications[0] for wanted in wanted_realms())
    callback = "http://localhost:8000/callback"
    assert shared["redirectUris"] == [callback, f"{callback}/moncompte"]
    assert isolated["redirectUris"] == [callback, f"{callback}/moncompte-3003-01"]
    logout = isolated["attributes"]["backchannel.logout.url"]
    assert logout == "http://localhost:8000/backchannel-logout/moncompte-3003-01"


def test_each_realm_has_a_secret_file_of_its_own_beside_the_manifest() -> None:
    paths = [[str(file.path) for file in wanted.secret_files] for wanted in wanted_realms()]
    secrets = [str(SAMPLE.parents[1] / ".demo" / f"{name}-secret") for name in ("extranet", "copropriete")]
    assert paths == [secrets, [f"{secret}.moncompte-3003-01" for secret in secrets]]


# ---------------------------------------------------------------- drift


def test_a_setting_changed_by_hand_is_put_back_and_the_others_left() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    assert state.settings is not None
    state.settings.update(bruteForceProtected=False, ssoSessionIdleTimeout=77)
    state.settings["attributes"]["mine"] = "kept"
    (step,) = changed(wanted, state)
    assert step.fields == (FieldChange("bruteForceProtected", False, True),)
    assert step.payload["ssoSessionIdleTimeout"] == 77
    assert step.payload["attributes"]["mine"] == "kept"


def test_a_value_the_manifest_no_longer_has_goes() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    state.organizations[0]["attributes"]["activation_by_mail"] = ["false"]
    state.organizations[0]["attributes"]["mine"] = ["kept"]
    (step,) = changed(wanted, state)
    assert (step.kind, step.name) == ("agency", "1001-01")
    assert step.fields == (FieldChange("attributes.activation_by_mail", ["false"], []),)
    assert "activation_by_mail" not in step.payload["attributes"]
    assert step.payload["attributes"]["mine"] == ["kept"]


def test_an_execution_added_to_our_flow_is_seen() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    state.executions["moncompte browser"].append(
        {"providerId": "auth-username-password-form", "requirement": "REQUIRED"}
    )
    (step,) = changed(wanted, state)
    assert (step.kind, step.fields[0].field) == ("flow", "executions")


def test_a_flow_of_its_own_for_a_client_is_seen_and_taken_away() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    state.clients[-1]["authenticationFlowBindingOverrides"] = {"browser": "some-flow"}
    (step,) = changed(wanted, state)
    assert step.payload["authenticationFlowBindingOverrides"]["browser"] == ""


def test_a_right_to_write_contracts_is_seen_and_foreign_attributes_are_kept() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    contracts = next(item for item in state.user_profile["attributes"] if item["name"] == "contracts")
    contracts["permissions"]["edit"] = ["user"]
    state.user_profile["attributes"].append({"name": "mine"})
    state.user_profile["unmanagedAttributePolicy"] = "ENABLED"
    (step,) = changed(wanted, state)
    assert {change.field for change in step.fields} == {"contracts.edit", "unmanagedAttributePolicy"}
    assert step.payload["attributes"][-1] == {"name": "mine"}
    assert step.payload["unmanagedAttributePolicy"] is None


def test_a_mapper_added_to_our_scope_is_seen() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    scope = next(scope for scope in state.client_scopes if scope["name"] == "organization")
    scope["protocolMappers"].append(
        {"id": "x", "name": "organization", "protocolMapper": "oidc-organization"}
    )
    (step,) = changed(wanted, state)
    assert step.fields == (FieldChange("mappers.organization", "oidc-organization", None),)


def test_what_a_hand_changed_in_a_mapper_of_our_scope_is_seen() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    scope = next(scope for scope in state.client_scopes if scope["name"] == "contracts")
    config = scope["protocolMappers"][0]["config"]
    # The console writes every switch it shows, those that are off too.
    config |= {"claim.name": "lots", "user.attribute": "contracts", "lightweight.claim": "false", "x": ""}
    (step,) = changed(wanted, state)
    assert set(step.fields) == {
        FieldChange("mappers.moncompte contracts.config.claim.name", "lots", "contracts"),
        FieldChange("mappers.moncompte contracts.config.user.attribute", "contracts", None),
    }


def test_a_mapper_added_to_an_application_is_seen_and_goes() -> None:
    """It could give the application the contracts of agencies it is not entitled to (rule 10)."""
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    client = next(client for client in state.clients if client["clientId"] == "extranet")
    ours = list(client["protocolMappers"])
    client["protocolMappers"].append(
        {
            "id": "x",
            "name": "everything",
            "protocolMapper": "oidc-usermodel-attribute-mapper",
            "config": {"user.attribute": "contracts", "claim.name": "contracts"},
        }
    )
    (step,) = changed(wanted, state)
    assert (step.kind, step.name) == ("application", "extranet")
    assert step.fields == (FieldChange("mappers.everything", "oidc-usermodel-attribute-mapper", None),)
    assert step.payload["protocolMappers"] == ours


def test_inactive_owners_are_deleted_only_when_the_manifest_says_after_what_time() -> None:
    manifest = load(SAMPLE)
    first = manifest.realms[0]
    without = first.model_copy(update={"lifetimes": first.lifetimes.model_copy(update={"inactive": None})})
    never = wanted_realms(manifest.model_copy(update={"realms": [without]}))[0]
    assert never.workflows == []
    wanted = wanted_realms(manifest)[0]
    [workflow] = wanted.workflows
    assert [step["after"] for step in workflow["steps"]] == [f"{730 * 86400}s", f"{30 * 86400}s"]
    assert workflow["schedule"]["after"] == "86400s"
    state = state_after(wanted)
    state.workflows.append({"id": "x", "name": "of somebody else", "steps": []})
    (step,) = changed(never, state)
    assert (step.kind, step.name) == ("workflow", "moncompte inactive")
    assert step.fields == (FieldChange("name", "moncompte inactive", None),)


def test_a_workflow_that_a_hand_changed_is_seen() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    [workflow] = state.workflows
    workflow["if"] = ""
    workflow["steps"][1]["after"] = "1s"
    (step,) = changed(wanted, state)
    assert {change.field for change in step.fields} == {"if", "steps"}
    assert step.payload == wanted.workflows[0]
    assert step.identity == workflow["id"]


def test_objects_the_manifest_does_not_name_are_left_alone() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    state.clients.append({"id": "x", "clientId": "mine", "directAccessGrantsEnabled": True})
    state.organizations.append({"id": "x", "alias": "9-9", "name": "x"})
    state.flows.append({"id": "x", "alias": "mine"})
    state.required_actions.append({"alias": "mine", "enabled": True})
    assert changed(wanted, state) == []


def test_a_stock_required_action_this_server_does_not_have_is_not_made() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    state.required_actions[:] = [item for item in state.required_actions if item["alias"] != "idp_link"]
    assert changed(wanted, state) == []


def test_a_secret_that_is_not_the_applications_is_written_anew_and_never_shown() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    state.secret_files[wanted.secret_files[0].path] = "old-secret"
    (step,) = changed(wanted, state)
    assert step.fields == (FieldChange("secret", HIDDEN, HIDDEN),)
    assert "secret of" not in repr(step)
    assert "old-secret" not in repr(step)


# ---------------------------------------------------------------- the mail server's password


def with_mail_password() -> Manifest:
    manifest = load(SAMPLE)
    realm = manifest.realms[0]
    mail = realm.mail.model_copy(update={"user": "u", "password_env": "SMTP_PASSWORD"})
    return manifest.model_copy(update={"realms": [realm.model_copy(update={"mail": mail})]})


def state_with_password(wanted: DesiredRealm, password: str) -> RealmState:
    state = state_after(wanted)
    assert state.settings is not None
    state.settings["smtpServer"]["password"] = "*" * 10
    state.settings["attributes"][MAIL_PASSWORD_FINGERPRINT] = fingerprint(password)
    return state


def test_the_same_mail_password_is_no_change_though_keycloak_hides_it() -> None:
    wanted = wanted_realms(with_mail_password(), {"SMTP_PASSWORD": "one"})[0]
    assert changed(wanted, state_with_password(wanted, "one")) == []


def test_another_mail_password_is_sent_and_never_shown() -> None:
    wanted = wanted_realms(with_mail_password(), {"SMTP_PASSWORD": "new-one"})[0]
    (step,) = changed(wanted, state_with_password(wanted, "one"))
    assert step.fields == (FieldChange("smtpServer.password", HIDDEN, HIDDEN),)
    assert step.payload["smtpServer"]["password"] == "new-one"
    assert "new-one" not in repr((step, wanted))


def test_a_mail_password_that_is_not_in_the_environment_is_asked_for() -> None:
    with pytest.raises(BadInputError, match="SMTP_PASSWORD"):
        wanted_realms(with_mail_password())


@pytest.mark.parametrize("kept", ["", "$", "a$b", "AAAA$AAAA", "$$", "é$é"])
def test_a_fingerprint_that_cannot_be_read_matches_nothing(kept: str) -> None:
    assert not is_fingerprint_of("secret", kept)


# ---------------------------------------------------------------- comparing


def test_missing_null_and_empty_are_the_same() -> None:
    assert list(differences({"a": "", "b": None, "c": [], "d": {"e": ""}}, {"c": None})) == []


def test_the_order_of_plain_values_does_not_count_but_false_is_not_missing() -> None:
    assert list(differences({"a": ["x", "y"]}, {"a": ["y", "x"]})) == []
    assert list(differences({"a": False}, {})) == [FieldChange("a", None, False)]


def test_overlaying_keeps_what_is_not_named() -> None:
    assert overlaid({"a": {"b": 1}, "c": []}, {"a": {"b": 0, "x": 2}, "y": 3}) == {
        "a": {"b": 1, "x": 2},
        "c": [],
        "y": 3,
    }


def test_steps_can_be_written_as_json() -> None:
    steps = plan(wanted_realms()[0], RealmState())
    assert json.dumps([(step.kind, step.realm, step.name, step.action) for step in steps])


def test_client_rules_that_the_manifest_has_no_use_for_go_and_a_hand_s_stay() -> None:
    wanted = wanted_realms()[0]
    state = state_after(wanted)
    state.client_profiles.extend([{"name": "moncompte fapi-2"}, {"name": "a hand's"}])
    state.client_policies.extend([{"name": "a hand's"}, {"name": "moncompte fapi-2"}])
    policy, profile = changed(wanted, state)
    assert (policy.kind, profile.kind) == ("client policy", "client profile")
    for step in (policy, profile):
        assert step.name == "moncompte fapi-2"
        assert [rule["name"] for rule in step.payload["all"]] == ["a hand's"]
