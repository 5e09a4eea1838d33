"""`profile: fapi-2` in the manifest: what a confidential application then has to do, and what it is refused.

FAPI 2.0 Security Profile with DPoP: requests pushed, a key in place of a secret, tokens bound to a key.
"""

import base64
import hashlib
import json
from typing import Any

import pytest
import requests

from tests.client_key import ClientKey
from tests.dpop import Proofs
from tests.integration.admin import Admin
from tests.integration.stage import PERSONAL, Stage
from tests.owner import Owner, Page, claims
from tests.realms import APPLICATIONS, Json, RealmMaker, TestRealm

CALLBACK = "https://banque.example/callback"


@pytest.fixture(scope="module")
def key() -> ClientKey:
    """What the application signs with."""
    return ClientKey()


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker, key: ClientKey, tmp_path_factory: pytest.TempPathFactory) -> TestRealm:
    keys = tmp_path_factory.mktemp("keys") / "banque.jwks"
    keys.write_text(json.dumps(key.public), encoding="ascii")
    banque = {
        "client_id": "banque",
        "name": "Banque",
        "type": "confidential",
        "profile": "fapi-2",
        "jwks_file": str(keys),
        "redirect_uris": [CALLBACK],
        "scopes": ["organization", "contracts"],
    }
    return make_realm(applications=[*APPLICATIONS, banque])


@pytest.fixture(scope="module")
def helene(stage: Stage) -> Owner:
    """A browser that is signed in at the Extranet."""
    owner = stage.activated("F1")
    stage.signed_in(owner, stage.address("F1"))
    return owner


@pytest.fixture
def owner(helene: Owner) -> Owner:
    """That browser, sent by the application."""
    helene.client_id, helene.redirect_uri = "banque", CALLBACK
    return helene


def endpoint(stage: Stage, path: str) -> str:
    return f"{stage.realm.issuer}/protocol/openid-connect/{path}"


def asked(owner: Owner, **changes: str) -> dict[str, str]:
    """An authorization request; a change to "" leaves a parameter out."""
    digest = hashlib.sha256(owner.verifier.encode()).digest()
    request = {
        "client_id": "banque",
        "response_type": "code",
        "scope": "openid contracts",
        "redirect_uri": CALLBACK,
        "state": "some-state",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (request | changes).items() if value}


def pushed(stage: Stage, who: dict[str, str], request: dict[str, str]) -> Json:
    """What the realm answers to a request that is pushed to it."""
    answer: Json = requests.post(endpoint(stage, "ext/par/request"), data=request | who, timeout=60).json()
    return answer


def opened(stage: Stage, owner: Owner, parameters: dict[str, str]) -> Page:
    """Where the browser comes with these parameters of the authorization endpoint."""
    question = requests.Request("GET", endpoint(stage, "auth"), params=parameters).prepare()
    return owner.get(question.url or "")


def exchanged(stage: Stage, owner: Owner, code: str, who: dict[str, str], proofs: Proofs | None) -> Json:
    """What the token endpoint answers to a code."""
    url = endpoint(stage, "token")
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": owner.verifier,
    }
    headers = {"DPoP": proofs.proof("POST", url)} if proofs else {}
    answer: Json = requests.post(url, data=fields | who, headers=headers, timeout=60).json()
    return answer


def code_of(stage: Stage, owner: Owner, key: ClientKey) -> str:
    """A code, asked for as it should be."""
    reference = pushed(stage, key.says("banque", stage.realm.issuer), asked(owner))["request_uri"]
    code = opened(stage, owner, {"client_id": "banque", "request_uri": reference}).code
    assert code is not None
    return code


def header(token: str) -> Any:
    encoded = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def test_an_application_that_does_as_fapi_2_says_gets_in(stage: Stage, owner: Owner, key: ClientKey) -> None:
    proofs = Proofs()
    who = key.says("banque", stage.realm.issuer)
    tokens = exchanged(stage, owner, code_of(stage, owner, key), who, proofs)
    assert tokens["token_type"] == "DPoP", tokens
    assert header(tokens["id_token"])["alg"] == "PS256"
    assert [one["reference"] for one in claims(tokens["id_token"])["contracts"]] == ["REF-F1"]
    access_token = tokens["access_token"]
    assert claims(access_token)["cnf"]["jkt"] == proofs.thumbprint
    url = endpoint(stage, "userinfo")
    proof = {"Authorization": f"DPoP {access_token}", "DPoP": proofs.proof("GET", url, access_token)}
    found = requests.get(url, headers=proof, timeout=60)
    assert found.headers["Content-Type"].startswith("application/jwt")
    assert claims(found.text)["sub"] == claims(access_token)["sub"]
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    token_url = endpoint(stage, "token")
    again = requests.post(
        token_url,
        data=refresh | key.says("banque", stage.realm.issuer),
        headers={"DPoP": proofs.proof("POST", token_url)},
        timeout=60,
    ).json()
    assert again["token_type"] == "DPoP", again


def test_a_request_that_was_not_pushed_is_refused_on_a_page_that_says_so(stage: Stage, owner: Owner) -> None:
    page = opened(stage, owner, asked(owner))
    assert (page.status, page.screen, page.code) == (400, "login-error", None)
    assert "PAR request_uri not included" in page.text


def test_what_is_added_to_a_pushed_request_is_refused(stage: Stage, owner: Owner, key: ClientKey) -> None:
    reference = pushed(stage, key.says("banque", stage.realm.issuer), asked(owner))["request_uri"]
    page = opened(stage, owner, {"client_id": "banque", "request_uri": reference, "acr_values": "gold"})
    assert (page.status, page.code) == (400, None)


def test_a_pushed_request_without_pkce_is_refused(stage: Stage, owner: Owner, key: ClientKey) -> None:
    who = key.says("banque", stage.realm.issuer)
    answer = pushed(stage, who, asked(owner, code_challenge="", code_challenge_method=""))
    assert answer["error"] == "invalid_request", answer
    assert "code_challenge" in answer["error_description"]


def test_only_the_applications_own_key_speaks_for_it(stage: Stage, owner: Owner, key: ClientKey) -> None:
    issuer = stage.realm.issuer
    secret = Admin(stage.realm).client("banque").get("secret") or "none"
    for who in (
        ClientKey().says("banque", issuer),  # another's key
        key.says("banque", issuer, "RS256"),
        key.says("banque", endpoint(stage, "token")),  # FAPI 2.0: the issuer is the only audience
        {"client_id": "banque", "client_secret": secret},
        {"client_id": "banque"},
    ):
        answer = pushed(stage, who, asked(owner))
        assert "request_uri" not in answer
        assert answer["error"] in ("invalid_client", "unauthorized_client", "invalid_request"), answer


def test_tokens_are_given_to_a_proof_of_possession_only(stage: Stage, owner: Owner, key: ClientKey) -> None:
    who = key.says("banque", stage.realm.issuer)
    answer = exchanged(stage, owner, code_of(stage, owner, key), who, None)
    assert answer["error"] == "invalid_request", answer
    assert "DPoP" in answer["error_description"]


@pytest.mark.usefixtures("helene")
def test_another_application_goes_on_as_before(stage: Stage) -> None:
    extranet = stage.browser()
    assert "access_token" in stage.signed_in(extranet, stage.address("F1"), PERSONAL)


def test_the_profile_is_keycloaks_own_but_for_the_page_of_consent(realm: TestRealm) -> None:
    profiles = Admin(realm).read("client-policies/profiles", **{"include-global-profiles": "true"})
    [own] = [one for one in profiles["profiles"] if one["name"] == "moncompte fapi-2"]
    [theirs] = [one for one in profiles["globalProfiles"] if one["name"] == "fapi-2-dpop-security-profile"]
    kept = [one for one in theirs["executors"] if one["executor"] != "consent-required"]
    assert own["executors"] == kept
    assert len(kept) == len(theirs["executors"]) - 1


# ---- last, because it changes the application


def test_without_the_profile_it_is_an_application_with_a_secret_again(realm: TestRealm, owner: Owner) -> None:
    manifest = json.loads(realm.manifest.read_text(encoding="utf-8"))
    [banque] = [one for one in manifest["applications"] if one["client_id"] == "banque"]
    del banque["profile"], banque["jwks_file"]
    banque["secret_file"] = "banque-secret"
    released = realm.manifest.with_name("released.yaml")
    released.write_text(json.dumps(manifest), encoding="utf-8")
    assert realm.moncompte("apply", "--yes", "-f", released) == 0
    assert realm.moncompte("plan", "-f", released) == 0
    tokens = owner.tokens(owner.start(), realm.secret("banque"))
    assert tokens["token_type"] == "Bearer", tokens
    assert header(tokens["id_token"])["alg"] == "RS256"
