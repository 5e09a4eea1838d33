from typing import Any

from tests.unit.check.samples import found, with_client, with_realm


def mapper(**config: str) -> dict[str, Any]:
    return {
        "name": "lots",
        "protocolMapper": "oidc-usermodel-attribute-mapper",
        "config": {"claim.name": "x"} | config,
    }


OURS = {
    "name": "contracts",
    "protocolMappers": [
        {"name": "c", "protocolMapper": "moncompte-contracts-mapper", "config": {"claim.name": "contracts"}}
    ],
}


def scope(name: str, *mappers: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "protocolMappers": [*mappers]}


def test_a_scope_that_gives_every_agencys_contracts_away_is_an_error() -> None:
    locale = mapper(**{"user.attribute": "locale"})
    assert found(with_realm(client_scopes=[OURS, scope("profile", locale), {"name": "empty"}])) == []
    contracts = mapper(**{"user.attribute": "contracts"})
    assert found(with_realm(client_scopes=[scope("profile", locale, contracts)])) == [
        ("error", "mappers", "client scope profile")
    ]


def test_so_is_one_that_gives_every_agency_away() -> None:
    agencies = {"name": "o", "protocolMapper": "oidc-organization-membership-mapper", "config": {}}
    assert found(with_realm(client_scopes=[scope("groups", agencies)])) == [
        ("error", "mappers", "client scope groups")
    ]


def test_one_that_says_other_contracts_than_ours_is_an_error() -> None:
    invented = {
        "name": "i",
        "protocolMapper": "oidc-hardcoded-claim-mapper",
        "config": {"claim.name": "contracts"},
    }
    assert found(with_realm(client_scopes=[scope("profile", invented)])) == [
        ("error", "mappers", "client scope profile")
    ]


def test_an_application_with_such_a_mapper_of_its_own_is_a_warning() -> None:
    contacts = mapper(**{"user.attribute": "contacts"})
    assert found(with_client(protocolMappers=[contacts])) == [("warning", "mappers", "extranet")]
    assert found(with_client(protocolMappers=[contacts], enabled=False)) == []
