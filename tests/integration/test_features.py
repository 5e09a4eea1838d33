"""What the server is built without (keycloak/conf/keycloak.conf): entrances that nobody uses."""

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage
from tests.realms import Json

ON = {
    "account-api",
    "account-v3",
    "admin-api",
    "admin-v2",
    "client-auth-federated",
    "client-policies",
    "dpop",
    "hostname-v2",
    "log-mdc",
    "login-v2",
    "opentelemetry",
    "organization",
    "par",
    "passkeys",
    "persistent-user-sessions",
    "recovery-codes",
    "rolling-updates-v2",
    "step-up-authentication",
    "update-email",
    "user-event-metrics",
    "web-authn",
    "workflows",
}
"""A new version of Keycloak may bring more. Whoever adds one here has looked at it."""


def test_only_known_features_are_on(stage: Stage) -> None:
    features = stage.admin.read("../../serverinfo")["features"]
    assert {one["name"].lower().replace("_", "-") for one in features if one["enabled"]} == ON


def test_discovery_offers_no_other_grant(stage: Stage) -> None:
    offered = requests.get(f"{stage.realm.issuer}/.well-known/openid-configuration", timeout=60).json()
    assert set(offered["grant_types_supported"]) == {
        "authorization_code",
        "client_credentials",
        "implicit",
        "password",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:uma-ticket",
    }


@pytest.fixture(scope="module")
def tokens(stage: Stage) -> Json:
    """The tokens of an owner."""
    return stage.signed_in(stage.activated("F1"), stage.address("F1"))


@pytest.mark.parametrize(
    ("grant", "error"),
    [
        ("urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type"),
        ("urn:openid:params:grant-type:ciba", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:uma-ticket", "invalid_request"),
        ("password", "unauthorized_client"),
    ],
)
def test_a_grant_that_nobody_uses_is_refused(stage: Stage, tokens: Json, grant: str, error: str) -> None:
    fields = {
        "grant_type": grant,
        "assertion": tokens["id_token"],
        "subject_token": tokens["access_token"],
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": "extranet",
        "username": stage.address("F1"),
        "password": PERSONAL,
    }
    answer = requests.post(
        f"{stage.realm.issuer}/protocol/openid-connect/token",
        data=fields,
        auth=("extranet", stage.realm.secret()),
        timeout=60,
    )
    assert (answer.status_code, answer.json()["error"]) == (400, error)
