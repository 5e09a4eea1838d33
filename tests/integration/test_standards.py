"""OpenID Connect and OAuth 2.0 as the realm answers them: what it refuses, what it offers applications.

The owner signs in once; codes come from the single sign-on session, which asks no password.
"""

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.dpop import Proofs
from tests.integration.stage import PERSONAL, Stage, eventually
from tests.owner import REDIRECT_URI, Owner, claims
from tests.realms import APPLICATIONS, Json, RealmMaker, TestRealm

ON_HTTPS = "https://strict.example/callback"
_PUBLIC = {name: value for name, value in APPLICATIONS[0].items() if name != "secret_file"} | {
    "type": "public"
}
REALM_APPLICATIONS = (
    APPLICATIONS[0] | {"audiences": ["service"]},
    APPLICATIONS[0] | {"client_id": "autre", "name": "Autre", "secret_file": "autre-secret"},
    APPLICATIONS[0]
    | {
        "client_id": "service",
        "name": "Service",
        "secret_file": "service-secret",
        "agencies": ["2002/01"],
    },
    _PUBLIC | {"client_id": "navigateur", "name": "Dans le navigateur"},
    _PUBLIC
    | {
        "client_id": "stricte",
        "name": "OAuth 2.1",
        "profile": "oauth-2-1",
        "redirect_uris": [ON_HTTPS],
        "post_logout_redirect_uris": [],
    },
)


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """Two confidential applications, and two in the browser, one of them held to OAuth 2.1."""
    return make_realm(applications=REALM_APPLICATIONS)


@pytest.fixture(scope="module")
def helene(stage: Stage) -> Owner:
    """A browser that is signed in."""
    owner = stage.activated("S1")
    stage.signed_in(owner, stage.address("S1"))
    return owner


@pytest.fixture
def owner(helene: Owner) -> Owner:
    """That browser, sent by the Extranet."""
    return sent_by(helene, "extranet")


def sent_by(owner: Owner, application: str) -> Owner:
    """The owner's browser, sent by another application."""
    owner.client_id = application
    owner.redirect_uri = ON_HTTPS if application == "stricte" else REDIRECT_URI
    return owner


def endpoint(stage: Stage, path: str) -> str:
    return f"{stage.realm.issuer}/protocol/openid-connect/{path}"


def fresh(stage: Stage, owner: Owner, **parameters: str) -> Json:
    """New tokens, by the single sign-on session."""
    public = owner.client_id in ("navigateur", "stricte")
    tokens = owner.tokens(owner.start(**parameters), None if public else stage.secret(owner))
    assert "access_token" in tokens, tokens
    return tokens


def introspection(stage: Stage, access_token: str, client_id: str = "extranet") -> Json:
    found: Json = requests.post(
        endpoint(stage, "token/introspect"),
        data={"token": access_token},
        auth=(client_id, stage.realm.secret(client_id)),
        timeout=60,
    ).json()
    return found


def userinfo_status(stage: Stage, token: str, scheme: str = "Bearer", **headers: str) -> int:
    authorization = {"Authorization": f"{scheme} {token}", **headers}
    return requests.get(endpoint(stage, "userinfo"), headers=authorization, timeout=60).status_code


# ---- what is refused


@pytest.mark.parametrize(
    "foreign",
    [
        "https://evil.example/callback",
        "http://localhost:8000/callback/",
        "http://localhost:8000/callback?next=https://evil.example",
        "http://localhost:8000/callback/../evil",
        "http://localhost:8000/CALLBACK",
        "http://localhost:8001/callback",
        "http://localhost:8000@evil.example/callback",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_foreign_redirect_uri_gets_a_page_and_no_code(owner: Owner, foreign: str) -> None:
    page = owner.start(redirect_uri=foreign)
    assert (page.status, page.screen) == (400, "login-error")
    assert page.code is None


@pytest.mark.parametrize("application", ["extranet", "navigateur"])
@pytest.mark.parametrize(
    "without",
    [
        {"code_challenge": "", "code_challenge_method": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
    ],
)
def test_a_request_without_pkce_is_refused(owner: Owner, application: str, without: dict[str, str]) -> None:
    sent_by(owner, application)
    assert owner.start(**without).error == "invalid_request"


@pytest.mark.parametrize("response_type", ["token", "id_token", "code id_token"])
def test_tokens_never_come_in_an_address(owner: Owner, response_type: str) -> None:
    page = owner.start(response_type=response_type)
    assert page.code is None
    assert "access_token" not in page.url
    assert "error=unauthorized_client" in page.url


def test_a_code_with_another_verifier_is_worth_nothing(stage: Stage, owner: Owner) -> None:
    page = owner.start()
    thief = stage.browser()  # knows the code, and even the secret, not the verifier
    assert thief.tokens(page, stage.secret(owner))["error"] == "invalid_grant"


def test_the_code_of_one_application_is_worth_nothing_to_another(stage: Stage, owner: Owner) -> None:
    page = owner.start()
    sent_by(owner, "autre")
    assert owner.tokens(page, stage.realm.secret("autre"))["error"] == "invalid_grant"


def test_a_code_that_is_replayed_is_refused_and_ends_what_it_gave(stage: Stage, owner: Owner) -> None:
    page = owner.start()
    tokens = owner.tokens(page, stage.secret(owner))
    assert owner.tokens(page, stage.secret(owner))["error"] == "invalid_grant"
    assert owner.refresh(tokens, stage.secret(owner))["error"] == "invalid_grant"
    assert introspection(stage, tokens["access_token"]) == {"active": False}


@pytest.mark.parametrize("application", ["extranet", "navigateur"])
def test_a_stolen_refresh_token_is_worth_nothing_once_both_have_used_it(
    stage: Stage, owner: Owner, application: str
) -> None:
    sent_by(owner, application)
    secret = stage.secret(owner) if application == "extranet" else None
    stolen = fresh(stage, owner)
    of_the_thief = owner.refresh(dict(stolen), secret)
    assert owner.refresh(stolen, secret)["error"] == "invalid_grant"
    assert owner.refresh(of_the_thief, secret)["error"] == "invalid_grant"


def test_a_refresh_token_is_worth_nothing_to_another_application(stage: Stage, owner: Owner) -> None:
    tokens = fresh(stage, owner)
    sent_by(owner, "autre")
    assert owner.refresh(tokens, stage.realm.secret("autre"))["error"] == "invalid_grant"


def test_a_token_for_another_audience_is_not_vouched_for(stage: Stage, owner: Owner) -> None:
    token = fresh(stage, owner)["access_token"]
    assert introspection(stage, token)["active"] is True
    assert introspection(stage, token, "autre") == {"active": False}
    assert sorted(claims(token)["aud"]) == ["extranet", "service"]  # RFC 7519 gives them no order
    # One that it may be shown to learns of its own agencies only.
    shown = introspection(stage, token, "service")
    assert (shown["active"], shown["contracts"], shown["organization"]) == (True, [], {})


def test_an_id_token_is_no_access_token(stage: Stage, owner: Owner) -> None:
    assert userinfo_status(stage, fresh(stage, owner)["id_token"]) == 401


def test_an_access_token_is_worth_nothing_after_the_sign_out(stage: Stage) -> None:
    leaving = stage.browser()
    tokens = stage.signed_in(leaving, stage.address("S1"))
    token = tokens["access_token"]
    assert (introspection(stage, token)["active"], userinfo_status(stage, token)) == (True, 200)
    leaving.get(f"{endpoint(stage, 'logout')}?id_token_hint={tokens['id_token']}")
    assert introspection(stage, token) == {"active": False}
    assert userinfo_status(stage, token) == 401


def test_leaving_goes_to_a_registered_address_only(stage: Stage, owner: Owner) -> None:
    hint = fresh(stage, owner)["id_token"]
    page = owner.get(
        f"{endpoint(stage, 'logout')}?id_token_hint={hint}&post_logout_redirect_uri=https://evil.example/"
    )
    assert (page.status, page.screen) == (400, "login-error")


# ---- what is there for applications


def test_discovery_says_what_applications_build_on(stage: Stage) -> None:
    found = requests.get(f"{stage.realm.issuer}/.well-known/openid-configuration", timeout=60).json()
    assert found["issuer"] == stage.realm.issuer
    assert "S256" in found["code_challenge_methods_supported"]
    assert "ES256" in found["dpop_signing_alg_values_supported"]
    for supported in (
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "authorization_response_iss_parameter_supported",
    ):
        assert found[supported] is True
    assert found["pushed_authorization_request_endpoint"] == endpoint(stage, "ext/par/request")


def test_the_answer_names_the_issuer(stage: Stage, owner: Owner) -> None:
    assert parse_qs(urlsplit(owner.start().url).query)["iss"] == [stage.realm.issuer]


def test_a_request_may_be_pushed(stage: Stage) -> None:
    owner = stage.browser()
    challenge = hashlib.sha256(owner.verifier.encode()).digest()
    pushed = requests.post(
        endpoint(stage, "ext/par/request"),
        data={
            "response_type": "code",
            "scope": "openid contracts",
            "redirect_uri": REDIRECT_URI,
            "state": "some-state",
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "client": "1001",
            "societe": "01",
        },
        auth=("extranet", stage.realm.secret()),
        timeout=60,
    )
    assert pushed.status_code == 201, pushed.text
    reference = pushed.json()["request_uri"]
    question = requests.Request(
        "GET", endpoint(stage, "auth"), params={"client_id": "extranet", "request_uri": reference}
    )
    page = owner.get(question.prepare().url or "")
    # The codes that were pushed are known to the screens.
    assert page.screen == "login-welcome"
    assert "Agence du Vieux-Port" in page.text
    page = owner.submit(
        owner.get(page.link("J'ai déjà un compte")), username=stage.address("S1"), password=PERSONAL
    )
    tokens = owner.tokens(page, stage.secret(owner))
    assert claims(tokens["id_token"])["contracts"]


def with_proof(stage: Stage, owner: Owner, proofs: Proofs, fields: dict[str, str]) -> Json:
    """What the token endpoint answers to these fields and a proof."""
    url = endpoint(stage, "token")
    headers = {"DPoP": proofs.proof("POST", url)}
    answer: Json = requests.post(
        url, data={"client_id": owner.client_id, **fields}, headers=headers, timeout=60
    ).json()
    return answer


@pytest.mark.parametrize("application", ["navigateur", "stricte"])
def test_tokens_may_be_bound_to_a_key_of_the_browser(stage: Stage, owner: Owner, application: str) -> None:
    sent_by(owner, application)
    proofs = Proofs()
    code = owner.start().code
    assert code is not None
    exchange = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": owner.redirect_uri,
        "code_verifier": owner.verifier,
    }
    tokens = with_proof(stage, owner, proofs, exchange)
    assert tokens["token_type"] == "DPoP"
    token = tokens["access_token"]
    assert claims(token)["cnf"]["jkt"] == proofs.thumbprint
    userinfo = endpoint(stage, "userinfo")
    assert userinfo_status(stage, token) == 401
    assert userinfo_status(stage, token, "DPoP", DPoP=Proofs().proof("GET", userinfo, token)) == 401
    assert userinfo_status(stage, token, "DPoP", DPoP=proofs.proof("GET", userinfo, token)) == 200
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert "error" in with_proof(stage, owner, Proofs(), refresh)
    assert with_proof(stage, owner, proofs, refresh)["token_type"] == "DPoP"


def test_the_profile_oauth_2_1_gives_no_tokens_without_a_proof(owner: Owner) -> None:
    sent_by(owner, "stricte")
    assert owner.tokens(owner.start())["error"] == "invalid_request"
    sent_by(owner, "navigateur")
    assert "access_token" in owner.tokens(owner.start())


def test_the_realm_changes_its_keys_without_an_owner_noticing(stage: Stage, owner: Owner) -> None:
    before = fresh(stage, owner)
    kid = _kid(before["id_token"])
    realm_id = stage.admin.read("")["id"]
    stage.admin.do(
        "POST",
        "components",
        {
            "name": "next-rsa",
            "parentId": realm_id,
            "providerId": "rsa-generated",
            "providerType": "org.keycloak.keys.KeyProvider",
            "config": {"priority": ["1000"], "algorithm": ["RS256"], "keySize": ["2048"]},
        },
    )
    after = fresh(stage, owner)
    assert _kid(after["id_token"]) != kid
    published = {key["kid"] for key in requests.get(endpoint(stage, "certs"), timeout=60).json()["keys"]}
    assert {kid, _kid(after["id_token"])} <= published
    # What was signed with the key before is still good.
    assert userinfo_status(stage, before["access_token"]) == 200
    assert "access_token" in owner.refresh(after, stage.secret(owner))


def _kid(token: str) -> str:
    header = token.split(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    return str(found["kid"])


# ---- what the screens honour


def test_prompt_none_asks_nothing(stage: Stage, owner: Owner) -> None:
    assert owner.start(prompt="none").code is not None
    assert stage.browser().start(prompt="none").error == "login_required"


def test_prompt_login_and_max_age_ask_for_the_password_again(stage: Stage, owner: Owner) -> None:
    before = claims(fresh(stage, owner)["id_token"])
    # It counts in whole seconds.
    eventually(lambda: time.time() >= before["auth_time"] + 1, "another second has begun")
    for asked in ({"prompt": "login"}, {"max_age": "0"}):
        page = owner.start(**asked)
        assert page.screen == "login-login", asked
        # Whose password: known, and not to be changed for another's.
        assert stage.address("S1") in page.text
    assert owner.start(max_age="3600").code is not None
    page = owner.submit(owner.start(prompt="login"), username=stage.address("S1"), password=PERSONAL)
    again = claims(owner.tokens(page, stage.secret(owner))["id_token"])
    assert again["auth_time"] > before["auth_time"]
    assert again["auth_time"] >= time.time() - 120
    assert again["sub"] == before["sub"]


def test_login_hint_and_ui_locales_open_the_sign_in_filled_and_in_english(stage: Stage) -> None:
    page = stage.browser().start(login_hint="helene@exemple.fr", ui_locales="en")
    assert page.screen == "login-login"
    assert page.value("username") == "helene@exemple.fr"
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"
    page = stage.browser().start("1001", "01", ui_locales="de en")
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"


def test_acr_says_whether_a_secret_was_asked_for_now(stage: Stage, owner: Owner) -> None:
    assert claims(fresh(stage, owner)["id_token"])["acr"] == "0"  # by the session alone
    page = owner.submit(owner.start(prompt="login"), username=stage.address("S1"), password=PERSONAL)
    assert claims(owner.tokens(page, stage.secret(owner))["id_token"])["acr"] == "1"
    # A level that the realm does not know is a wish: the best there is is done, and nothing else is claimed.
    page = owner.submit(owner.start(acr_values="gold"), username=stage.address("S1"), password=PERSONAL)
    assert claims(owner.tokens(page, stage.secret(owner))["id_token"])["acr"] == "1"


# ---- last, because it changes an application


def test_an_application_without_the_profile_is_released_by_one_apply(realm: TestRealm, owner: Owner) -> None:
    manifest = json.loads(realm.manifest.read_text(encoding="utf-8"))
    for application in manifest["applications"]:
        application.pop("profile", None)
    released = realm.manifest.with_name("released.yaml")
    released.write_text(json.dumps(manifest), encoding="utf-8")
    assert realm.moncompte("apply", "--yes", "-f", released) == 0
    assert realm.moncompte("plan", "-f", released) == 0
    sent_by(owner, "stricte")
    assert "access_token" in owner.tokens(owner.start())
