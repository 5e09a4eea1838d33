"""What a token says (specification, « What a token says »)."""

from typing import Any

import requests

from tests.integration.stage import PERSONAL, Stage
from tests.owner import claims
from tests.realms import Json


def userinfo(stage: Stage, tokens: Json) -> dict[str, Any]:
    url = f"{stage.realm.issuer}/protocol/openid-connect/userinfo"
    answer = requests.get(url, headers={"Authorization": f"Bearer {tokens['access_token']}"}, timeout=60)
    found: dict[str, Any] = answer.json()
    return found


def contract(identifier: str, agency: str = "1001/01") -> Json:
    return {
        "agency": agency,
        "identifiers": [identifier],
        "reference": f"REF-{identifier}",
        "role": "copropriétaire",
        "address": "12 rue de l'Évêché, lot 7",
    }


def test_the_id_token_names_the_owner_the_agency_and_the_contracts(stage: Stage) -> None:
    owner = stage.activated("J1")
    token = claims(stage.signed_in(owner, stage.address("J1"))["id_token"])
    assert token["email"] == stage.address("J1")
    assert token["email_verified"] is True
    assert (token["name"], token["given_name"], token["family_name"]) == (
        "Hélène LEFÈVRE",
        "Hélène",
        "LEFÈVRE",
    )
    assert token["sub"] == stage.admin.user(stage.address("J1"))["id"]
    assert token["nonce"] == "some-nonce"
    assert token["contracts"] == [contract("J1")]
    logo = token["organization"]["1001-01"].pop("logo")
    assert logo.startswith(f"{stage.realm.issuer}/moncompte/logo/1001-01-")
    assert token["organization"] == {
        "1001-01": {
            "client": "1001",
            "societe": "01",
            "name": "Agence du Vieux-Port",
            "phone": "04 91 00 00 01",
            "email": "contact@agence-vieux-port.example",
            "help_url": "https://agence-vieux-port.example/aide",
        }
    }
    assert "contacts" not in token


def test_a_token_has_no_attribute_of_ours_by_another_name(stage: Stage) -> None:
    owner = stage.activated("J2")
    tokens = stage.signed_in(owner, stage.address("J2"))
    for token in (claims(tokens["id_token"]), claims(tokens["access_token"]), userinfo(stage, tokens)):
        said = str(token)
        for secret in ("pending", "suggested_email", "provisional", "terms_", "activated_at"):
            assert secret not in said


def test_the_locale_is_said_once_it_was_chosen(stage: Stage) -> None:
    owner = stage.activated("J3")
    page = owner.get(owner.authorization_url(login_hint=stage.address("J3")))
    page = owner.get(page.link("English"))
    page = owner.submit(page, username=stage.address("J3"), password=PERSONAL)
    assert claims(owner.tokens(page, stage.secret(owner))["id_token"])["locale"] == "en"


def test_userinfo_adds_what_each_agency_holds(stage: Stage) -> None:
    owner = stage.activated("J4")
    tokens = stage.signed_in(owner, stage.address("J4"))
    said = userinfo(stage, tokens)
    assert said["contracts"] == [contract("J4")]
    assert said["contacts"] == [
        {
            "agency": "1001/01",
            "address": "12 rue de l'Évêché 13002 Marseille",
            "phone": "04 91 55 10 20",
            "mobile": "06 11 22 33 44",
        }
    ]


def test_without_the_scopes_there_is_neither(stage: Stage) -> None:
    owner = stage.activated("J5")
    tokens = stage.signed_in(owner, stage.address("J5"), scope="openid email")
    for token in (claims(tokens["id_token"]), claims(tokens["access_token"]), userinfo(stage, tokens)):
        assert {"organization", "contracts", "contacts"} & set(token) == set()


def test_accounts_of_two_agencies_are_two_accounts(stage: Stage) -> None:
    first = stage.activated("J6")
    second = stage.activated("J6", email=f"j6-autre@{stage.realm.name}.example", agency="1001/02")
    one = claims(stage.signed_in(first, stage.address("J6"))["id_token"])
    other = claims(stage.signed_in(second, f"j6-autre@{stage.realm.name}.example")["id_token"])
    assert one["sub"] != other["sub"]
    assert one["contracts"] == [contract("J6")]
    assert other["contracts"] == [contract("J6", "1001/02")]
    assert set(other["organization"]) == {"1001-02"}


def test_an_agency_that_is_off_is_in_no_token(stage: Stage) -> None:
    owner = stage.activated("J9", agency="1001/02")
    stage.admin.set_agency("1001-02", enabled=False)
    try:
        token = claims(stage.signed_in(owner, stage.address("J9"))["id_token"])
    finally:
        stage.admin.set_agency("1001-02", enabled=True)
    assert token["contracts"] == []
    assert token["organization"] == {}


def test_a_refreshed_token_says_what_is_so_now(stage: Stage) -> None:
    owner = stage.activated("J10")
    tokens = stage.signed_in(owner, stage.address("J10"))
    stage.load("J10", reference="REF-J10-bis")
    fresh = owner.refresh(tokens, stage.secret(owner))
    references = [one["reference"] for one in claims(fresh["access_token"])["contracts"]]
    assert sorted(references) == ["REF-J10", "REF-J10-bis"]


def test_signing_out_ends_the_session(stage: Stage) -> None:
    owner = stage.activated("J11")
    tokens = stage.signed_in(owner, stage.address("J11"))
    page = owner.get(
        f"{stage.realm.issuer}/protocol/openid-connect/logout?id_token_hint={tokens['id_token']}"
        "&post_logout_redirect_uri=http://localhost:8000/"
    )
    assert page.url.startswith("http://localhost:8000/")
    assert "error" in owner.refresh(tokens, stage.secret(owner))
    assert owner.start(prompt="none").error == "login_required"
