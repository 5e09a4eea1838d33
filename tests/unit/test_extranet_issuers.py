"""The Extranet in front of several realms: which one signs in, and what each may say."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from extranet import Settings, create_app
from extranet.issuers import Issuer, of_manifest
from tests.unit.conftest import signed_in

SAMPLE = Path(__file__).parents[2] / "samples" / "moncompte.yaml"
SHARED = "https://compte.example/realms/moncompte"
OWN = "moncompte-3003-01"


@pytest.fixture
def issuers() -> tuple[Issuer, ...]:
    return of_manifest(SAMPLE, SHARED, "extranet", lambda realm: f"secret of {realm}")


@pytest.fixture
def app(settings: Settings, issuers: tuple[Issuer, ...]) -> Flask:
    app = create_app(replace(settings, issuer=SHARED, issuers=issuers))
    for name, realm in app.extensions["realms"].items():
        endpoint = f"https://compte.example/realms/{name}/auth"
        realm.server_metadata.update(_loaded_at=1, authorization_endpoint=endpoint)
    return app


def test_the_manifest_says_which_agency_lives_where(issuers: tuple[Issuer, ...]) -> None:
    shared, own = issuers
    assert (shared.name, shared.url, shared.client_secret) == ("moncompte", SHARED, "secret of ")
    assert (own.name, own.url) == (OWN, f"https://compte.example/realms/{OWN}")
    assert own.client_secret == f"secret of {OWN}"
    assert own.has("3003/01")
    assert not shared.has("3003/01")


def test_a_copy_of_the_manifest_without_its_logos_does(tmp_path: Path) -> None:
    copy = tmp_path / "moncompte.yaml"
    copy.write_bytes(SAMPLE.read_bytes())
    assert len(of_manifest(copy, SHARED, "extranet", str)) == 2


def test_a_realm_that_the_manifest_does_not_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no realm 'elsewhere'"):
        of_manifest(SAMPLE, "https://compte.example/realms/elsewhere", "extranet", str)


@pytest.mark.parametrize(
    ("entry", "realm", "callback"),
    [
        ("client=3003&societe=01", OWN, f"callback%2F{OWN}"),
        ("client=1001&societe=01", "moncompte", "callback"),
        ("client=9999&societe=01", "moncompte", "callback"),
        ("", "moncompte", "callback"),
    ],
)
def test_the_codes_say_which_realm_signs_in(app: Flask, entry: str, realm: str, callback: str) -> None:
    question = urlsplit(app.test_client().get(f"/login?{entry}").location or "")
    assert question.path == f"/realms/{realm}/auth"
    assert f"redirect_uri=http%3A%2F%2Flocalhost%3A8000%2F{callback}&" in question.query + "&"


def test_codes_of_another_realm_ask_that_one_even_when_signed_in(app: Flask) -> None:
    visitor = app.test_client()
    visitor.set_cookie("extranet", signed_in(app, claims={"sub": "1", "contracts": []}, issuer="moncompte"))
    assert visitor.get("/login?client=1001&societe=01").location == "/"
    assert f"/realms/{OWN}/" in (visitor.get("/login?client=3003&societe=01").location or "")


def test_the_answer_of_one_realm_is_not_taken_at_the_callback_of_another(app: Flask) -> None:
    visitor = app.test_client()
    visitor.get("/login?client=3003&societe=01")
    for answer in (f"/callback?iss=https://compte.example/realms/{OWN}", f"/callback/{OWN}?iss={SHARED}"):
        assert visitor.get(f"{answer}&code=x&state=y").status_code == 400
    assert visitor.get("/callback/unknown?code=x&state=y").status_code == 404


def test_what_an_issuer_says_of_agencies_of_others_is_discarded(issuers: tuple[Issuer, ...]) -> None:
    here = {"agency": "3003/01", "reference": "A"}
    elsewhere = {"agency": "1001/01", "reference": "B"}
    agency = {"client": "3003", "societe": "01"}
    said = {
        "sub": "1",
        "organization": {"3003-01": agency, "1001-01": {"client": "1001", "societe": "01"}},
        "contracts": [here, elsewhere],
    }
    own = issuers[1].own(said)
    assert own == {"sub": "1", "organization": {"3003-01": agency}, "contracts": [here]}
    assert issuers[1].own_of([elsewhere]) == []
