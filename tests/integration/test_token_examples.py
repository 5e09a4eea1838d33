"""The examples in docs/tokens.md are what the realm says, and no token outgrows a header.

`MONCOMPTE_WRITE_EXAMPLES=1 pytest tests/integration/test_token_examples.py` writes them into the page.
"""

import json
import os
import re
from pathlib import Path

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import claims
from tests.realms import Json

PAGE = Path(__file__).parents[2] / "docs" / "tokens.md"
EXAMPLE = re.compile(r"<!-- example: (\w+) -->\n```json\n(.*?)\n```", re.DOTALL)
HEADER = 8190  # bytes: the longest line of a header that Apache takes; nginx and Tomcat take 8,192

STABLE = {
    "exp": 1767226200,
    "iat": 1767225900,
    "auth_time": 1767225900,
    "sub": "4b1a2f6e-6f0c-4a3e-9f7d-2c1d5e8a9b70",
    "sid": "kE1cYw0v5yTq3mZ8",
    "jti": "…",
    "at_hash": "…",
    "nonce": "…",
}


@pytest.fixture(scope="module")
def said(stage: Stage) -> dict[str, Json]:
    """What the realm says of an owner of one contract, and of one of 300."""
    owner = stage.activated("P00012")
    tokens = stage.signed_in(owner, stage.address("P00012"))
    of_many = _many(stage)
    return {
        "id_token": claims(tokens["id_token"]),
        "access_token": claims(tokens["access_token"]),
        "userinfo": _userinfo(stage, tokens),
        "introspection": _introspection(stage, tokens),
        "id_token_300": claims(of_many["id_token"]),
        "tokens_300": of_many,
        "userinfo_300": _userinfo(stage, of_many),
        "introspection_300": _introspection(stage, of_many),
    }


def _many(stage: Stage) -> Json:
    """The tokens of an owner of 300 contracts."""
    owner = stage.activated("P300")
    line = {
        "identifiant": "P300",
        "mot_de_passe": provisional("P300"),
        "email": stage.address("P300"),
    }
    contracts = [line | {"reference": f"COP-{number:04}"} for number in range(299)]
    assert stage.realm.load("1001/01", *contracts) == 0
    return stage.signed_in(owner, stage.address("P300"), PERSONAL)


def _userinfo(stage: Stage, tokens: Json) -> Json:
    authorization = {"Authorization": f"Bearer {tokens['access_token']}"}
    url = f"{stage.realm.issuer}/protocol/openid-connect/userinfo"
    found: Json = requests.get(url, headers=authorization, timeout=60).json()
    return found


def _introspection(stage: Stage, tokens: Json) -> Json:
    url = f"{stage.realm.issuer}/protocol/openid-connect/token/introspect"
    client = ("extranet", stage.realm.secret())
    found: Json = requests.post(url, data={"token": tokens["access_token"]}, auth=client, timeout=60).json()
    return found


def _example(stage: Stage, what: Json) -> str:
    """A claim a line, in the order of their names, without what differs from one run to the next."""
    stable: Json = {name: STABLE.get(name, value) for name, value in sorted(what.items())}
    if "scope" in stable:
        stable["scope"] = " ".join(sorted(stable["scope"].split()))
    text = json.dumps(stable, ensure_ascii=False, indent=2)
    for identifier in ("P00012", "P300"):
        text = text.replace(stage.address(identifier), "helene.lefevre@exemple.fr")
    return text.replace(stage.realm.issuer, "https://sso.moncompte.example/realms/moncompte")


def test_the_examples_in_the_documentation_are_what_the_realm_says(
    stage: Stage, said: dict[str, Json]
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    wanted = {name: _example(stage, said[name]) for name, _ in EXAMPLE.findall(page)}
    assert len(wanted) == 5
    if os.environ.get("MONCOMPTE_WRITE_EXAMPLES"):
        written = EXAMPLE.sub(lambda one: f"<!-- example: {one[1]} -->\n```json\n{wanted[one[1]]}\n```", page)
        PAGE.write_text(written, encoding="utf-8")
        return
    assert dict(EXAMPLE.findall(page)) == wanted, "write them anew: see the top of this file"


def test_tokens_of_an_owner_of_300_contracts_fit_into_a_header(said: dict[str, Json]) -> None:
    tokens = said["tokens_300"]
    for name in ("id_token", "access_token"):
        assert len(f"Authorization: Bearer {tokens[name]}") < HEADER
        token = claims(tokens[name])
        assert "contracts" not in token
        assert token["contracts_at_userinfo"] == 300


def test_userinfo_and_introspection_have_them_all(said: dict[str, Json]) -> None:
    for place in ("userinfo_300", "introspection_300"):
        assert len({one["reference"] for one in said[place]["contracts"]}) == 300
        assert "contracts_at_userinfo" not in said[place]


def test_the_four_places_say_the_same_of_contracts_and_agencies(said: dict[str, Json]) -> None:
    places = [said[place] for place in ("id_token", "access_token", "userinfo", "introspection")]
    assert places[0]["contracts"]
    assert places[0]["organization"]
    assert all(place["contracts"] == places[0]["contracts"] for place in places)
    assert all(place["organization"] == places[0]["organization"] for place in places)
