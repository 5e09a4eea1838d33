"""`moncompte applications`: what an operator sees of applications, and how one gets another secret."""

import json
from pathlib import Path

import pytest
import requests

from tests.realms import APPLICATIONS, Json, RealmMaker, TestRealm

BEHIND_APACHE = {
    "client_id": "portail",
    "name": "Portail",
    "type": "confidential",
    "url": "https://portail.example/",
    "redirect_uris": ["https://portail.example/oidc/callback"],
    "post_logout_redirect_uris": ["https://portail.example/au-revoir"],
    "agencies": ["1001/01"],
    "audiences": ["extranet"],
    "scopes": ["contracts"],
    "secret_file": "portail-secret",
}
IN_THE_BROWSER = {
    "client_id": "navigateur",
    "name": "Dans le navigateur",
    "type": "public",
    "redirect_uris": ["https://navigateur.example/"],
}
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    return make_realm(applications=[*APPLICATIONS, BEHIND_APACHE, IN_THE_BROWSER])


def said(realm: TestRealm, capsys: Capture, *arguments: str | Path) -> tuple[int, str, str]:
    capsys.readouterr()
    code = realm.moncompte("applications", *arguments, "--realm", realm.name)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_list_has_applications_and_nothing_else(realm: TestRealm, capsys: Capture) -> None:
    realm.moncompte("agencies", "credentials", "1001/01", "--realm", realm.name)
    code, out, _ = said(realm, capsys, "list", "--json")
    found: list[Json] = json.loads(out)
    assert code == 0
    assert [one["client_id"] for one in found] == ["extranet", "navigateur", "portail"]
    assert [one["type"] for one in found] == ["confidential", "public", "confidential"]
    assert [one["enabled"] for one in found] == [True, True, True]
    assert "1001/01" in said(realm, capsys, "list")[1]


def test_an_application_is_shown_without_its_secret(realm: TestRealm, capsys: Capture) -> None:
    code, out, _ = said(realm, capsys, "show", "portail", "--json")
    found: Json = json.loads(out)
    assert code == 0
    assert found["issuer"] == realm.issuer
    for name in ("redirect_uris", "post_logout_redirect_uris", "agencies", "audiences", "scopes", "url"):
        assert found[name] == BEHIND_APACHE[name]
    assert "agencies                  all\n" in said(realm, capsys, "show", "extranet")[1]
    plain = said(realm, capsys, "show", "portail")[1]
    assert realm.secret("portail") not in out + plain


def test_its_configuration_is_ready_made(realm: TestRealm, capsys: Capture) -> None:
    code, out, _ = said(realm, capsys, "show", "portail", "--for", "apache", "--secret-file", "/etc/secret")
    assert code == 0
    for line in (
        f"OIDCProviderMetadataURL {realm.issuer}/.well-known/openid-configuration",
        "OIDCClientID portail",
        "OIDCRedirectURI https://portail.example/oidc/callback",
        "Include /etc/secret",
    ):
        assert f"\n{line}\n" in out
    # Of a kind that answers elsewhere, and of a public one, it says why not.
    code, _, err = said(realm, capsys, "show", "portail", "--for", "spring")
    assert (code, "/login/oauth2/code/moncompte" in err) == (2, True)
    assert said(realm, capsys, "show", "navigateur", "--for", "apache")[0] == 2


@pytest.mark.parametrize("client_id", ["nobody", "admin-cli", "agency-1001-01"])
def test_what_is_no_application_is_not_there(realm: TestRealm, capsys: Capture, client_id: str) -> None:
    for command in (("show", client_id), ("rotate-secret", client_id, "--output", "/nowhere/x")):
        code, _, err = said(realm, capsys, *command)
        assert (code, f"no application '{client_id}'" in err) == (1, True)


def accepted(realm: TestRealm, secret: str) -> bool:
    """Whether the realm takes this secret of « Portail »."""
    url = f"{realm.issuer}/protocol/openid-connect/token/introspect"
    answer = requests.post(url, data={"token": "x"}, auth=("portail", secret), timeout=60)
    return answer.status_code == 200


def test_a_secret_is_rotated_into_a_private_file_and_the_one_before_ends(
    realm: TestRealm, capsys: Capture, tmp_path: Path
) -> None:
    before = realm.secret("portail")
    output = tmp_path / "new.secret"
    # Nothing is lost where it could not be written.
    assert said(realm, capsys, "rotate-secret", "portail", "--output", realm.manifest / "x")[0] == 1
    assert accepted(realm, before)
    code, out, err = said(realm, capsys, "rotate-secret", "portail", "--output", output)
    after = output.read_text(encoding="ascii").strip()
    assert code == 0
    assert output.stat().st_mode & 0o777 == 0o600
    assert (accepted(realm, before), accepted(realm, after)) == (False, True)
    assert after not in out + err
    # The file of the manifest follows with the next apply.
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert realm.secret("portail") == after
    assert said(realm, capsys, "rotate-secret", "navigateur", "--output", output)[0] == 2
