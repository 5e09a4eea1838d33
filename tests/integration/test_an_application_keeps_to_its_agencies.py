"""Rule 10: an application of some agencies gets no token for an owner of others, whatever it asks with.

Of an owner of several agencies it learns what is about its own.
"""

import base64
import hashlib
import json
from typing import Any

import pytest
import requests

from tests.integration.desk import Desk
from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import REDIRECT_URI, Owner, claims
from tests.realms import APPLICATIONS, Json, RealmMaker, TestRealm

NARROW = APPLICATIONS[0] | {
    "client_id": "etroite",
    "name": "Étroite",
    "secret_file": "etroite-secret",
    "agencies": ["2002/01"],
    "scopes": ["organization", "contracts", "offline_access"],
}


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Two applications: the Extranet, and one that is entitled to one agency."""
    return make_realm(applications=[*APPLICATIONS, NARROW])


@pytest.fixture(scope="module")
def helene(stage: Stage) -> Owner:
    """A browser that is signed in at the Extranet; its owner has a contract with 1001/01 alone."""
    owner = stage.activated("K1")
    stage.signed_in(owner, stage.address("K1"))
    return owner


@pytest.fixture
def sent(helene: Owner) -> Owner:
    """That browser, sent by the application that is not for its owner."""
    helene.client_id = "etroite"
    return helene


@pytest.fixture(scope="module")
def of_both(stage: Stage) -> str:
    """The address of an owner of both agencies."""
    stage.activated("K2")
    stage.load("K2b", agency="2002/01")
    owner = stage.browser()
    page = owner.get(owner.start("2002", "01").link("Je fusionne mes comptes"))
    page = owner.submit(page, email=stage.address("K2"), identifier="K2b", password=provisional("K2b"))
    page = owner.submit(page, password=PERSONAL)
    assert page.screen == "login-merged", page.text
    return stage.address("K2")


def endpoint(stage: Stage, path: str) -> str:
    return f"{stage.realm.issuer}/protocol/openid-connect/{path}"


def asked_with(owner: Owner, **parameters: str) -> dict[str, str]:
    """The parameters of an authorization request of the application."""
    digest = hashlib.sha256(owner.verifier.encode()).digest()
    return {
        "client_id": "etroite",
        "response_type": "code",
        "scope": "openid profile email contracts organization",
        "redirect_uri": REDIRECT_URI,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    } | parameters


def unsigned(parameters: dict[str, str]) -> str:
    """A request object (RFC 9101) that nobody signed."""

    def part(value: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(parameters)}."


# ---- owners of other agencies


@pytest.mark.usefixtures("helene")
def test_an_owner_of_other_agencies_is_told_why_and_led_back(stage: Stage) -> None:
    page = stage.browser(client_id="etroite").sign_in(stage.address("K1"), PERSONAL)
    assert page.screen == "login-not-entitled", page.text
    for said in ("Étroite", "Cabinet Lefèvre & Fils", stage.address("K1")):
        assert said in page.text


def test_the_single_sign_on_session_gets_no_further(sent: Owner) -> None:
    page = sent.start()
    assert page.screen == "login-not-entitled", page.text
    assert sent.submit(page).error == "access_denied"
    assert sent.start(prompt="none").error == "interaction_required"


@pytest.mark.usefixtures("helene")
def test_whoever_else_sits_at_this_browser_goes_on_with_their_own_account(stage: Stage, of_both: str) -> None:
    browser = stage.browser(client_id="etroite")
    page = browser.sign_in(stage.address("K1"), PERSONAL)
    assert page.screen == "login-not-entitled", page.text
    page = browser.get(page.link("Utiliser un autre compte"))
    assert page.screen == "login-login", page.text
    page = browser.submit(page, username=of_both, password=PERSONAL)
    assert claims(browser.tokens(page, stage.secret(browser))["id_token"])["email"] == of_both


@pytest.mark.usefixtures("helene")
def test_an_operator_can_see_who_was_turned_away(stage: Stage) -> None:
    stage.browser(client_id="etroite").sign_in(stage.address("K1"), PERSONAL)
    event = stage.admin.events("LOGIN_ERROR")[0]
    assert (event["error"], event["clientId"]) == ("not_entitled", "etroite")
    assert event["userId"] == stage.admin.user(stage.address("K1"))["id"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"scope": "openid"},
        {"scope": "openid profile email phone address offline_access"},
        {"client": "1001", "societe": "01"},
        {"client": "2002", "societe": "01"},
        {"organization": "2002-01", "agency": "2002/01"},
        {"audience": "extranet", "resource": "http://localhost:8000/"},
        {"claims": '{"id_token": {"contracts": {"essential": true}, "email": null}, "userinfo": null}'},
        {"acr_values": "0", "max_age": "100000"},
        {"claims": '{"id_token": {"acr": {"essential": true, "values": ["0"]}}}'},
        {"login_hint": "somebody@else.example"},
        {"kc_action": "moncompte-update-password"},
        {"kc_action": "moncompte-entitled"},  # Keycloak leaves out what is asked for and cannot be
        {"kc_action": "moncompte-add-contract"},
        {"prompt": "consent"},
        {"response_mode": "form_post"},
        {"response_mode": "jwt"},
    ],
)
def test_no_parameter_gets_a_code(stage: Stage, sent: Owner, parameters: dict[str, str]) -> None:
    page = sent.start(**parameters)
    if page.screen == "login-login":  # to prove again who it is
        page = sent.submit(page, username=stage.address("K1"), password=PERSONAL)
    assert page.code is None
    assert "code=" not in page.url.replace("session_code=", "")
    assert 'name="code"' not in page.html
    assert page.screen in ("login-not-entitled", "login-error") or page.error, page.text


def test_neither_a_request_object_nor_a_pushed_request_gets_a_code(stage: Stage, sent: Owner) -> None:
    inside = asked_with(sent, aud=stage.realm.issuer, iss="etroite")
    page = sent.start(request=unsigned(inside))
    assert page.code is None
    assert page.screen == "login-not-entitled" or page.error, page.text
    pushed = requests.post(
        endpoint(stage, "ext/par/request"),
        data=asked_with(sent),
        auth=("etroite", stage.realm.secret("etroite")),
        timeout=60,
    ).json()
    question = {"client_id": "etroite", "request_uri": pushed["request_uri"]}
    page = sent.get(requests.Request("GET", endpoint(stage, "auth"), params=question).prepare().url or "")
    assert (page.screen, page.code) == ("login-not-entitled", None)


def test_the_tokens_of_another_application_are_of_no_use_to_it(stage: Stage) -> None:
    owner = stage.browser()
    tokens = stage.signed_in(owner, stage.address("K1"))
    subject = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": tokens["access_token"],
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
    }
    for fields in (
        subject,
        subject | {"audience": "extranet"},
        subject
        | {"audience": "etroite", "requested_token_type": "urn:ietf:params:oauth:token-type:id_token"},
        {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": tokens["id_token"]},
        {"grant_type": "urn:ietf:params:oauth:grant-type:uma-ticket", "audience": "extranet"},
        {"grant_type": "client_credentials", "scope": "openid contracts"},
        {"grant_type": "password", "username": stage.address("K1"), "password": PERSONAL},
    ):
        secret = stage.realm.secret("etroite")
        answer = requests.post(endpoint(stage, "token"), data=fields, auth=("etroite", secret), timeout=60)
        assert answer.status_code in (400, 401, 403), (fields["grant_type"], answer.text)
        assert "access_token" not in answer.json()
    assert introspected(stage, tokens) == {"active": False}


def introspected(stage: Stage, tokens: Json) -> dict[str, Any]:
    """What the realm says of an access token to the application."""
    answer = requests.post(
        endpoint(stage, "token/introspect"),
        data={"token": tokens["access_token"]},
        auth=("etroite", stage.realm.secret("etroite")),
        timeout=60,
    )
    found: dict[str, Any] = answer.json()
    return found


# ---- owners of its own agencies, too


def test_of_an_owner_of_several_agencies_it_learns_what_is_about_its_own(stage: Stage, of_both: str) -> None:
    everything = claims(stage.signed_in(stage.browser(), of_both)["id_token"])
    assert set(everything["organization"]) == {"1001-01", "2002-01"}
    tokens = stage.signed_in(
        stage.browser(client_id="etroite"),
        of_both,
        organization="1001-01",
        audience="extranet",
        claims='{"id_token": {"contracts": {"essential": true}, "organization": null}}',
    )
    userinfo = requests.get(
        endpoint(stage, "userinfo"),
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=60,
    ).json()
    for token in (
        claims(tokens["id_token"]),
        claims(tokens["access_token"]),
        userinfo,
        introspected(stage, tokens),
    ):
        assert [one["reference"] for one in token["contracts"]] == ["REF-K2b"]
        assert set(token["organization"]) == {"2002-01"}
    assert {one["agency"] for one in userinfo["contacts"]} == {"2002/01"}


@pytest.mark.parametrize("application", ["extranet", "etroite"])
@pytest.mark.parametrize(
    "scope", ["organization:1001-01", "organization:2002-01", "organization:*", "contracts:2002-01"]
)
def test_an_agency_cannot_be_asked_for_by_its_alias(stage: Stage, scope: str, application: str) -> None:
    owner = stage.browser(client_id=application)
    assert owner.start(scope=f"openid {scope}").error == "invalid_scope"


@pytest.mark.parametrize("scope", ["openid", "openid offline_access"], ids=["signed in", "offline"])
def test_with_the_last_contract_of_its_agencies_it_loses_its_sessions(stage: Stage, scope: str) -> None:
    name = f"K{len(scope)}"
    owner = stage.activated(name)
    stage.load(f"{name}b", agency="2002/01")
    page = owner.get(owner.start("2002", "01").link("Je fusionne mes comptes"))
    page = owner.submit(
        page, email=stage.address(name), identifier=f"{name}b", password=provisional(f"{name}b")
    )
    assert owner.submit(page, password=PERSONAL).screen == "login-merged"
    elsewhere = stage.signed_in(owner, stage.address(name))
    owner.client_id = "etroite"
    page = owner.start(scope=scope)
    here = owner.tokens(page, stage.secret(owner))
    assert "access_token" in owner.refresh(here, stage.secret(owner))

    last = {"identifier": f"{name}b", "reference": f"REF-{name}b", "role": "copropriétaire"}
    assert Desk(stage, "2002/01").post("contracts/end", {"contracts": [last]}) == {"ended": 1}
    assert owner.refresh(here, stage.secret(owner))["error"] == "invalid_grant"
    owner.client_id = "extranet"
    assert "access_token" in owner.refresh(elsewhere, stage.secret(owner))
