"""What kcwarden, an auditor of Keycloak, finds in our realms stands in kcwarden.yaml with its reason."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.integration.admin import Admin
from tests.realms import APPLICATIONS, RealmMaker, TestRealm

CONFIGURATION = Path(__file__).parents[2] / "keycloak" / "kcwarden.yaml"
ASKS_GITHUB = "KeycloakVersionShouldBeUpToDate"
IN_THE_BROWSER = {
    "client_id": "dans-le-navigateur",
    "name": "Dans le navigateur",
    "type": "public",
    "url": "http://localhost:8001/",
    "redirect_uris": ["http://localhost:8001/"],
    "post_logout_redirect_uris": ["http://localhost:8001/"],
    "scopes": ["organization", "contracts"],
}


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker, tmp_path_factory: pytest.TempPathFactory) -> TestRealm:
    """With an application of each type, and credentials for an agency."""
    realm = make_realm(applications=[*APPLICATIONS, IN_THE_BROWSER])
    file = tmp_path_factory.mktemp("agency") / "agency.secret"
    command = ("agencies", "credentials", "1001/01", "--realm", realm.name, "--output", file)
    assert realm.moncompte(*command) == 0
    return realm


def audited(realm: TestRealm, folder: Path, *options: str | Path) -> set[tuple[str, str]]:
    """What kcwarden finds in the export of a realm: auditors, and the objects they complain of."""
    export = Admin(realm).call("POST", "partial-export", exportClients="true", exportGroupsAndRoles="true")
    assert export.ok, export.text
    file = folder / "realm.json"
    file.write_bytes(export.content)
    kcwarden = Path(sys.executable).parent / "kcwarden"
    command = [kcwarden, "audit", file, "--ignore-disabled-clients", "--format", "json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {(one["reporting_auditor"], one["entity"]) for one in json.loads(done.stdout)}


def test_nothing_is_found_in_our_realm_that_is_not_explained(realm: TestRealm, tmp_path: Path) -> None:
    assert audited(realm, tmp_path, "--config", CONFIGURATION) == set()


def test_what_is_explained_is_still_so_and_has_a_reason(realm: TestRealm, tmp_path: Path) -> None:
    accepted = YAML(typ="safe").load(CONFIGURATION)["auditors"]
    assert all(len(one["reason"]) > 20 for one in accepted)
    here = [one for one in accepted if one["auditor"] != ASKS_GITHUB]
    found = audited(realm, tmp_path, "--auditors", *(one["auditor"] for one in here))
    for one in here:
        objects = [name for auditor, name in found if auditor == one["auditor"]]
        for pattern in one["allowed"]:
            assert any(re.fullmatch(pattern, name) for name in objects), f"{one['auditor']}: {pattern}"


def test_what_somebody_opens_is_found(realm: TestRealm, tmp_path: Path) -> None:
    admin = Admin(realm)
    admin.set_client("extranet", redirectUris=["https://evil.example/*"], directAccessGrantsEnabled=True)
    try:
        found = audited(realm, tmp_path, "--config", CONFIGURATION)
    finally:
        assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 0
    assert ("ClientShouldNotUseWildcardRedirectURI", "extranet") in found
    assert ("ConfidentialClientShouldDisableDirectAccessGrants", "extranet") in found
