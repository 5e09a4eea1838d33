"""Rule 1: a provisional account gets no session and no token, whatever an administrator has done to it."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
import requests

from tests.integration.stage import ACTIVATION, PERSONAL, Stage, provisional, username
from tests.owner import Owner
from tests.realms import Json

GIVEN = "Donne-par-admin-7!"


def stays_out(stage: Stage, user: Json) -> bool:
    """Whether the account has no session of any kind."""
    return stage.admin.sessions(user) == [] and not [
        event for event in stage.admin.events("LOGIN") if event.get("userId") == user["id"]
    ]


def given_everything(stage: Stage, identifier: str) -> Json:
    """A provisional account to which an administrator has given all that the Admin API can give."""
    stage.load(identifier)
    user = stage.account(identifier)
    stage.admin.set_password(user, GIVEN)
    stage.admin.update(user, email=stage.address(identifier), emailVerified=True, requiredActions=[])
    return stage.account(identifier)


def test_proving_the_provisional_credentials_opens_nothing(stage: Stage) -> None:
    stage.load("A1")
    owner = stage.browser()
    stage.begun(owner, "A1")

    assert owner.start("1001", "01", prompt="none").error == "login_required"
    assert owner.start("1001", "01").code is None
    assert stays_out(stage, stage.account("A1"))


def test_the_provisional_credentials_do_not_sign_in(stage: Stage) -> None:
    stage.load("A2")
    for name in (username("A2"), stage.address("A2"), "A2"):
        page = stage.browser().sign_in(name, provisional("A2"))
        assert page.screen == "login-login"
    assert stays_out(stage, stage.account("A2"))


@pytest.mark.parametrize("name", ["username", "email"])
def test_a_password_given_by_an_administrator_does_not_sign_in(stage: Stage, name: str) -> None:
    identifier = f"A3{name}"
    user = given_everything(stage, identifier)

    page = stage.browser().sign_in(user[name], GIVEN)

    assert page.screen == "login-login"
    assert page.alert.startswith("L'adresse mail ou le mot de passe n'est pas reconnu")
    assert stays_out(stage, user)


@pytest.mark.parametrize("name", ["username", "email"])
def test_the_stock_flow_stops_at_the_activation(stage: Stage, name: str) -> None:
    identifier = f"A4{name}"
    user = given_everything(stage, identifier)
    stock = next(flow for flow in stage.admin.read("authentication/flows") if flow["alias"] == "browser")
    stage.admin.set_client("extranet", authenticationFlowBindingOverrides={"browser": stock["id"]})
    try:
        owner = stage.browser()
        page = owner.start()
        page = owner.submit(page, username=user[name])
        page = owner.submit(page, username=user[name], password=GIVEN)
        assert page.screen == "login-not-activated", page.text
        again = stage.browser()
        page_again = again.submit(again.start(kc_action="moncompte-activate"), username=user[name])
        page_again = again.submit(page_again, username=user[name], password=GIVEN)
        assert page_again.screen == "login-not-activated", page_again.text
        # No way on from there: neither its address posted to, nor the sign-in asked for again.
        page = owner.post(page.url, {})
        assert page.code is None
        assert owner.start(prompt="none").error == "login_required"
    finally:
        stage.admin.set_client("extranet", authenticationFlowBindingOverrides={"browser": ""})
    assert stays_out(stage, user)


def granted(stage: Stage, client_id: str, name: str, password: str) -> str:
    """What the token endpoint answers to a direct grant, which may be a page."""
    fields = {"grant_type": "password", "client_id": client_id, "username": name, "password": password}
    if client_id == "extranet":
        fields["client_secret"] = stage.realm.secret()
    url = f"{stage.realm.issuer}/protocol/openid-connect/token"
    answer = requests.post(url, data=fields | {"scope": "openid"}, timeout=60)
    assert answer.status_code >= 400
    return answer.text


@pytest.mark.parametrize("client", ["admin-cli", "extranet"])
def test_direct_grants_are_off_for_every_client(stage: Stage, client: str) -> None:
    user = given_everything(stage, f"A5{client.replace('-', '')}")
    for name in (user["username"], user["email"]):
        assert "unauthorized_client" in granted(stage, client, name, GIVEN)


@pytest.fixture
def direct_grants(stage: Stage) -> Iterator[None]:
    """Somebody has switched direct grants on."""
    for client in ("admin-cli", "extranet"):
        stage.admin.set_client(client, directAccessGrantsEnabled=True)
    yield
    for client in ("admin-cli", "extranet"):
        stage.admin.set_client(client, directAccessGrantsEnabled=False)


@pytest.mark.usefixtures("direct_grants")
@pytest.mark.parametrize("client", ["admin-cli", "extranet"])
def test_direct_grants_switched_on_by_somebody_still_give_nothing(stage: Stage, client: str) -> None:
    identifier = f"A6{client.replace('-', '')}"
    user = given_everything(stage, identifier)
    for name in (user["username"], user["email"]):
        for password in (GIVEN, provisional(identifier)):
            assert "access_token" not in granted(stage, client, name, password)
    assert stays_out(stage, user)


@pytest.mark.usefixtures("direct_grants")
def test_not_even_a_personal_account_gets_a_token_by_direct_grant(stage: Stage) -> None:
    stage.activated("A7")
    assert "access_token" not in granted(stage, "extranet", stage.address("A7"), PERSONAL)


@pytest.mark.usefixtures("direct_grants")
def test_the_stock_direct_grant_flow_stops_at_the_activation(stage: Stage) -> None:
    user = given_everything(stage, "A8")
    stage.admin.set_realm(directGrantFlow="direct grant")
    try:
        for name in (user["username"], user["email"]):
            assert "access_token" not in granted(stage, "extranet", name, GIVEN)
    finally:
        stage.admin.set_realm(directGrantFlow="moncompte direct grant")
    assert stays_out(stage, user)


@pytest.mark.parametrize("client_id", ["account", "account-console"])
def test_the_account_console_lets_nobody_provisional_in(stage: Stage, client_id: str) -> None:
    identifier = f"A9{client_id}"
    user = given_everything(stage, identifier)
    console = Owner(
        stage.realm.server.url,
        stage.realm.name,
        client_id=client_id,
        redirect_uri=f"{stage.realm.issuer}/account/",
    )
    assert console.get(console.authorization_url(scope="openid")).status == 400, "the client is off"

    stage.admin.set_client(client_id, enabled=True)
    try:
        for name in (user["username"], user["email"]):
            page = console.get(console.authorization_url(scope="openid", login_hint=name))
            page = console.submit(page, username=name, password=GIVEN)
            assert page.screen == "login-login", page.text
    finally:
        stage.admin.set_client(client_id, enabled=False)
    assert stays_out(stage, user)


def test_cleared_required_actions_change_nothing(stage: Stage) -> None:
    stage.load("A10")
    stage.admin.update(stage.account("A10"), requiredActions=[])
    assert stage.account("A10")["requiredActions"] == []

    for name in (username("A10"), stage.address("A10")):
        assert not stage.gets_in(name, provisional("A10"))
    owner = stage.browser()
    stage.begun(owner, "A10")
    assert owner.confirm(stage.link(stage.address("A10"))).screen == "login-address-confirmed"
    assert stage.gets_in(stage.address("A10"))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("activated_at", "1700000000"),
        ("identifiers", "1001/01/other"),
        ("identifier_keys", "1001/01/other"),
        (
            "contracts",
            '{"agency":"2002/01","identifier":"X","reference":"R","role":"locataire","address":""}',
        ),
        ("contacts", "{}"),
        ("suggested_email", "attacker@exemple.fr"),
        ("provisional_expires", "4000000000"),
        ("links", "{}"),
        ("terms_version", "1999-01"),
        ("terms_accepted_at", "1"),
        ("something_undeclared", "1"),
    ],
)
def test_the_admin_api_writes_no_attribute_of_an_owner(stage: Stage, attribute: str, value: str) -> None:
    identifier = f"A11{attribute.replace('_', '')}"
    user = given_everything(stage, identifier)
    before = stage.account(identifier)["attributes"]

    user["attributes"] = before | {attribute: [value]}
    response = stage.admin.call("PUT", f"users/{user['id']}", user)

    assert response.status_code in {204, 400}, response.text
    assert stage.account(identifier)["attributes"] == before
    assert not stage.gets_in(user["email"], GIVEN)


@pytest.mark.parametrize("attributes", [{}, {"locale": ["en"]}, None], ids=["empty", "locale", "absent"])
def test_an_update_through_the_admin_api_loses_no_attribute(stage: Stage, attributes: Json | None) -> None:
    identifier = f"A12{'none' if attributes is None else len(attributes)}"
    stage.load(identifier)
    user = stage.account(identifier)
    before = user.pop("attributes")
    assert {"identifiers", "contracts", "contacts", "provisional_expires"} <= set(before)

    stage.admin.do(
        "PUT", f"users/{user['id']}", user | ({} if attributes is None else {"attributes": attributes})
    )

    after = stage.account(identifier)["attributes"]
    after.pop("locale", None)
    assert after == before


def test_a_user_made_by_hand_is_no_owner(stage: Stage) -> None:
    email = f"fait-main@{stage.realm.name}.example"
    made = {
        "username": "fait-main",
        "email": email,
        "emailVerified": True,
        "enabled": True,
        "attributes": {"activated_at": ["1700000000"], "identifiers": ["1001/01/x"]},
        "credentials": [{"type": "password", "value": GIVEN, "temporary": False}],
    }
    response = stage.admin.call("POST", "users", made)
    if response.status_code == 400:  # refused outright is as good
        return
    assert not stage.gets_in(email, GIVEN)
    assert stage.admin.user("fait-main").get("attributes") is None


def test_nobody_is_impersonated(stage: Stage) -> None:
    for user in (given_everything(stage, "A13"), _activated_account(stage, "A13b")):
        response = stage.admin.call("POST", f"users/{user['id']}/impersonation")
        assert response.status_code in {404, 501}, response.text
        assert stage.admin.sessions(user) == []


def _activated_account(stage: Stage, identifier: str) -> Json:
    stage.activated(identifier)
    return stage.admin.user(stage.address(identifier))


@pytest.mark.parametrize("action", ["UPDATE_PASSWORD", "VERIFY_EMAIL", "UPDATE_PROFILE", "moncompte-terms"])
def test_a_mail_of_actions_from_an_administrator_opens_nothing(stage: Stage, action: str) -> None:
    identifier = f"A14{action.replace('_', '').replace('-', '')}"
    user = given_everything(stage, identifier)

    response = stage.admin.call(
        "PUT",
        f"users/{user['id']}/execute-actions-email",
        [action],
        client_id="extranet",
        redirect_uri="http://localhost:8000/callback",
    )
    if not response.ok:  # Keycloak does not even send it
        return
    owner = stage.browser()
    page = owner.get(_first_link(stage, user["email"]))
    for _ in range(4):
        link = page.soup.select_one("main a[href*='/login-actions/']")
        form = page.soup.select_one("main form")
        if form is not None:
            page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, accept="on")
        elif link is not None:
            page = owner.get(urljoin(page.url, str(link["href"])))
        assert page.code is None
    assert owner.start(prompt="none").error == "login_required"
    assert stays_out(stage, user)
    assert "activated_at" not in stage.account(identifier)["attributes"]


def _first_link(stage: Stage, address: str) -> str:
    mail = stage.mailbox.wait_for(to=address)
    assert ACTIVATION not in mail.subject
    found = re.search(r"https?://localhost\S*/login-actions/action-token\?\S+", mail.text)
    assert found is not None, mail.text
    return found[0]


def test_the_stock_mail_that_verifies_an_address_activates_nobody(stage: Stage) -> None:
    user = given_everything(stage, "A15")
    stage.admin.update(user, emailVerified=False)
    response = stage.admin.call("PUT", f"users/{user['id']}/send-verify-email", client_id="extranet")
    if response.ok:
        owner = stage.browser()
        page = owner.get(_first_link(stage, user["email"]))
        link = page.soup.select_one("main a[href*='/login-actions/']")
        if link is not None:
            page = owner.get(urljoin(page.url, str(link["href"])))
        assert page.code is None
    assert not stage.gets_in(user["email"], GIVEN)
    assert stays_out(stage, user)


def test_the_stock_forgotten_password_is_closed(stage: Stage) -> None:
    given_everything(stage, "A16")
    owner = stage.browser()
    owner.start("1001", "01")
    base = f"{stage.realm.issuer}/login-actions/reset-credentials"
    for url in (base, f"{base}?client_id=extranet"):
        page = owner.get(url)
        assert page.screen == "login-error", page.text
        assert page.code is None


def test_the_stock_registration_makes_no_account(stage: Stage) -> None:
    before = stage.admin.read("users/count")
    owner = stage.browser()
    page = owner.get(f"{stage.realm.issuer}/protocol/openid-connect/registrations?client_id=extranet")
    page = owner.start("1001", "01", prompt="create")
    assert page.screen == "login-provisional"
    owner.submit(
        page, username="intrus", email="intrus@exemple.fr", password=PERSONAL, password_confirm=PERSONAL
    )
    assert stage.admin.read("users/count") == before


@pytest.mark.parametrize("subject", ["requested_subject", "subject_token"])
def test_no_token_is_exchanged_for_a_provisional_account(stage: Stage, subject: str) -> None:
    user = given_everything(stage, f"A17{subject.replace('_', '')}")
    stage.activated(f"A17b{subject.replace('_', '')}")
    owner = stage.browser()
    tokens = stage.signed_in(owner, stage.address(f"A17b{subject.replace('_', '')}"))
    fields = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "client_id": "extranet",
        "subject_token": tokens["access_token"] if subject == "requested_subject" else user["id"],
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
    }
    if subject == "requested_subject":
        fields["requested_subject"] = user["id"]
    answer = owner.ask_token(fields, stage.realm.secret())
    assert "access_token" not in answer
    assert stays_out(stage, user)


def test_without_its_provisional_credential_an_account_opens_by_no_way(stage: Stage) -> None:
    user = given_everything(stage, "A18")
    for credential in stage.admin.read(f"users/{user['id']}/credentials"):
        if credential["type"] == "provisional-password":
            stage.admin.do("DELETE", f"users/{user['id']}/credentials/{credential['id']}")

    for name in (user["username"], user["email"]):
        for password in (GIVEN, provisional("A18")):
            assert not stage.gets_in(name, password)
    page = stage.browser().prove("1001", "01", "A18", provisional("A18"))
    assert page.screen == "login-provisional"
    page = stage.browser().prove("1001", "01", "A18", GIVEN)
    assert page.screen == "login-provisional"


def test_the_pending_password_does_not_sign_in(stage: Stage) -> None:
    stage.load("A19")
    stage.begun(stage.browser(), "A19")
    assert stage.admin.credential_types(stage.account("A19")) == ["pending-password", "provisional-password"]
    for name in (username("A19"), stage.address("A19")):
        assert not stage.gets_in(name, PERSONAL)


def test_an_address_set_by_an_administrator_does_not_activate(stage: Stage) -> None:
    """Its owner still activates, and with the very address: nothing stands in the way."""
    given_everything(stage, "A20")
    owner = stage.browser()
    stage.begun(owner, "A20")
    assert owner.confirm(stage.link(stage.address("A20"))).screen == "login-address-confirmed"
    assert not stage.gets_in(stage.address("A20"), GIVEN)
    assert stage.gets_in(stage.address("A20"))


def test_the_device_grant_is_closed(stage: Stage) -> None:
    answer = requests.post(
        f"{stage.realm.issuer}/protocol/openid-connect/auth/device",
        data={"client_id": "extranet", "client_secret": stage.realm.secret()},
        timeout=60,
    )
    assert "device_code" not in answer.text


def test_an_address_that_is_no_longer_verified_signs_nobody_in(stage: Stage) -> None:
    stage.activated("A21")
    stage.admin.update(stage.admin.user(stage.address("A21")), emailVerified=False)
    assert not stage.gets_in(stage.address("A21"))
