"""Rule 10: an agency's credentials reach the owners of its own agencies, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from provisioning import cli
from tests.integration.stage import PERSONAL, Stage, provisional
from tests.realms import Json, RealmMaker, TestRealm

HEADER = (
    "identifiant;mot_de_passe;civilite;nom;prenom;email;telephone;mobile;adresse;code_postal;ville;"
    "profil;reference;adresse_bien"
)


class Agency:
    """Agency IT with credentials of its own."""

    def __init__(self, realm: TestRealm, client_id: str, secret_file: Path) -> None:
        self.realm = realm
        self.client_id = client_id
        self.secret_file = secret_file

    def moncompte(self, *arguments: str | Path) -> int:
        """Runs the command as this agency; its exit code."""
        connection = [
            *("--url", self.realm.server.url),
            *("--client-id", self.client_id),
            *("--client-secret-file", str(self.secret_file)),
            *("--client-realm", self.realm.name),
            *("--realm", self.realm.name),
        ]
        return cli.run([*map(str, arguments), *connection])

    def load(self, identifier: str, agency: str) -> int:
        """Loads one owner; the exit code."""
        file = self.realm.directory / f"{identifier}.csv"
        line = f"{identifier};{provisional(identifier)};;DURAND;Paul;;;;;;;locataire;REF-{identifier};"
        file.write_text(f"{HEADER}\n{line}\n", encoding="utf-8")
        return self.moncompte("owners", "import", file, "--agency", agency, "--lang", "en")

    def token(self, secret: str | None = None) -> requests.Response:
        """What the token endpoint answers to these credentials."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": secret or self.secret_file.read_text(encoding="ascii").strip(),
        }
        return requests.post(f"{self.realm.issuer}/protocol/openid-connect/token", data=fields, timeout=60)

    def call(self, method: str, url: str, body: Any = None) -> requests.Response:
        """The answer to a call below the server's address."""
        return with_token(self.token().json()["access_token"], method, f"{self.realm.server.url}{url}", body)

    def resource(self, alias: str, method: str = "GET", path: str = "owners/P1", body: Any = None) -> Any:
        """The answer of the moncompte resource for an agency."""
        return self.call(
            method, f"/admin/realms/{self.realm.name}/moncompte/v1/agencies/{alias}/{path}", body
        )


def with_token(token: str, method: str, url: str, body: Any = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, url, json=body, headers=headers, timeout=60)


def granted(realm: TestRealm, *agencies: str, name: str, options: tuple[str, ...] = ()) -> Agency:
    """Credentials for agencies, made by the operator's command."""
    secret_file = realm.directory / f"{name}.secret"
    named = ("--name", name, "--output", str(secret_file), "--realm", realm.name)
    assert realm.moncompte("agencies", "credentials", *agencies, *named, *options) == 0
    return Agency(realm, name, secret_file)


@pytest.fixture(scope="module")
def agency(realm: TestRealm) -> Agency:
    """Credentials of 1001/01, which has the owner P1; 1001/02 has one too."""
    realm.load("1001/01", {"identifiant": "P1"})
    realm.load("1001/02", {"identifiant": "P1"})
    return granted(realm, "1001/01", name="it-1001-01")


def managers(stage: Stage, alias: str) -> list[str]:
    found = stage.admin.read("organizations", q=f"alias:{alias}", briefRepresentation="false")
    managers: list[str] = found[0]["attributes"].get("managed_by", [])
    return managers


# ---------------------------------------------------------------- its own, and no others


def test_an_agency_loads_and_supports_its_own_owners(agency: Agency, stage: Stage) -> None:
    assert agency.load("A1", "1001/01") == 0
    assert stage.browser().prove("1001", "01", "A1", provisional("A1")).screen == "login-address"
    assert agency.moncompte("owners", "show", "A1", "--agency", "1001/01") == 0


def test_an_agency_helps_its_own_owners_with_its_credentials(
    agency: Agency, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.load("H1", "H2")
    letters = stage.realm.directory / "h1.csv"
    for arguments in (
        ("list", "--search", "h1"),
        ("status",),
        ("reissue", "H1", "--credentials", letters),
        ("disable", "H1"),
        ("enable", "H1"),
        ("release", "H2", "--yes"),
    ):
        assert agency.moncompte("owners", *arguments, "--agency", "1001/01") == 0, arguments
        capsys.readouterr()
        assert agency.moncompte("owners", *arguments, "--agency", "1001/02", "--lang", "fr") == 1, arguments
        assert "n'atteint pas cette agence" in capsys.readouterr().err
    assert agency.resource("1001-01", path="owners/H2").status_code == 404
    assert agency.resource("1001-01", "POST", "letters", {"identifiers": ["H1"]}).json() == {"marked": 1}


def test_another_agency_is_out_of_reach(
    agency: Agency, stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stage.admin.read("users/count")
    assert agency.load("A2", "1001/02") == 1
    assert "may not reach that agency" in capsys.readouterr().err
    assert stage.admin.read("users/count") == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "owners/P1", None),
        ("GET", "owners/nobody", None),
        ("POST", "owners", {"owners": []}),
        ("POST", "owners", {"dry_run": True, "owners": []}),
        ("POST", "merges/x/undo", {"identifier": "P1", "dry_run": True}),
        ("GET", "owners", None),
        ("GET", "status", None),
        ("GET", "contracts", None),
        ("POST", "contracts/end", {"contracts": []}),
        ("POST", "letters", {"identifiers": ["P1"]}),
        ("POST", "owners/P1/reissue", {}),
        ("POST", "owners/P1/resend", {}),
        ("POST", "owners/P1/disable", {}),
        ("POST", "owners/P1/enable", {}),
        ("POST", "owners/P1/release", {"person_is_gone": True}),
        ("DELETE", "owners/P1/release", None),
        ("POST", "owners/P1/move", {"to": "P2"}),
        ("GET", "card", None),
    ],
)
def test_another_agency_and_none_answer_alike(
    agency: Agency, method: str, path: str, body: Json | None
) -> None:
    answers = [agency.resource(alias, method, path, body) for alias in ("1001-02", "2002-01", "9999-99", "x")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["code"] == "agency_forbidden"


def test_an_identifier_of_another_agency_is_unknown_here(agency: Agency, stage: Stage) -> None:
    stage.load("B1", agency="1001/02")
    for identifier in ("B1", "1001-02%2FB1", "1001%2F02%2Fb1", "..%2F..%2F1001-02%2Fowners%2FB1"):
        answer = agency.resource("1001-01", path=f"owners/{identifier}")
        assert answer.status_code in {400, 404}, answer.text
        assert "LEFÈVRE" not in answer.text


# ---------------------------------------------------------------- and nothing else


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/admin/realms"),
        ("GET", "/admin/serverinfo"),
        ("GET", "/admin/realms/master"),
        ("GET", "/admin/realms/master/moncompte/v1/agencies/1001-01/owners/P1"),
        ("GET", "/admin/realms/{realm}"),
        ("PUT", "/admin/realms/{realm}"),
        ("DELETE", "/admin/realms/{realm}"),
        ("GET", "/admin/realms/{realm}/users"),
        ("GET", "/admin/realms/{realm}/users?username=1001-02_p1"),
        ("GET", "/admin/realms/{realm}/users/count"),
        ("POST", "/admin/realms/{realm}/users"),
        ("GET", "/admin/realms/{realm}/users/profile"),
        ("GET", "/admin/realms/{realm}/clients"),
        ("POST", "/admin/realms/{realm}/clients"),
        ("GET", "/admin/realms/{realm}/client-scopes"),
        ("GET", "/admin/realms/{realm}/organizations"),
        ("POST", "/admin/realms/{realm}/organizations"),
        ("GET", "/admin/realms/{realm}/organizations/members/x/organizations"),
        ("GET", "/admin/realms/{realm}/groups"),
        ("GET", "/admin/realms/{realm}/roles"),
        ("GET", "/admin/realms/{realm}/events"),
        ("GET", "/admin/realms/{realm}/admin-events"),
        ("GET", "/admin/realms/{realm}/components"),
        ("GET", "/admin/realms/{realm}/authentication/flows"),
        ("GET", "/admin/realms/{realm}/identity-provider/instances"),
        ("GET", "/admin/realms/{realm}/attack-detection/brute-force/users/x"),
        ("POST", "/admin/realms/{realm}/partialImport"),
        ("GET", "/admin/realms/{realm}/workflows"),
        ("POST", "/admin/realms/{realm}/logout-all"),
        ("GET", "/realms/{realm}/protocol/openid-connect/userinfo"),
        ("GET", "/realms/{realm}/account"),
    ],
)
def test_nothing_else_is_within_reach(agency: Agency, method: str, path: str) -> None:
    answer = agency.call(method, path.format(realm=agency.realm.name), None if method == "GET" else {})
    assert answer.status_code in {401, 403, 404}, f"{answer.status_code} {answer.text[:200]}"


def test_the_users_of_its_own_owners_are_out_of_reach_too(agency: Agency, stage: Stage) -> None:
    user = stage.account("P1")
    base = f"/admin/realms/{agency.realm.name}/users/{user['id']}"
    for method, path in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("PUT", "/reset-password"),
        ("GET", "/credentials"),
        ("GET", "/sessions"),
        ("GET", "/role-mappings"),
    ):
        answer = agency.call(method, base + path, None if method == "GET" else {})
        assert answer.status_code in {403, 404}, f"{method} {path}: {answer.status_code}"


def test_the_client_signs_nobody_in(agency: Agency) -> None:
    client = {
        "client_id": agency.client_id,
        "response_type": "code",
        "redirect_uri": "http://localhost:8000/",
    }
    page = requests.get(
        f"{agency.realm.issuer}/protocol/openid-connect/auth",
        params=client,
        timeout=60,
        allow_redirects=False,
    )
    assert page.status_code == 400
    form = {
        "grant_type": "password",
        "client_id": agency.client_id,
        "client_secret": agency.secret_file.read_text().strip(),
        "username": "x",
        "password": "y",
    }
    grant = requests.post(f"{agency.realm.issuer}/protocol/openid-connect/token", data=form, timeout=60)
    assert grant.json()["error"] == "unauthorized_client"


# ---------------------------------------------------------------- who else does not get in


def resource_url(realm: TestRealm) -> str:
    return f"{realm.admin_url}/moncompte/v1/agencies/1001-01/owners/P1"


def test_no_token_is_401(agency: Agency) -> None:
    assert requests.get(resource_url(agency.realm), timeout=60).status_code == 401
    assert with_token("nonsense", "GET", resource_url(agency.realm)).status_code == 401


def test_managing_users_is_not_enough(stage: Stage) -> None:
    other = granted(stage.realm, "1001/02", name="it-with-roles")
    client = stage.admin.client(other.client_id)
    account = stage.admin.read(f"clients/{client['id']}/service-account-user")
    management = stage.admin.client("realm-management")
    roles = [
        stage.admin.read(f"clients/{management['id']}/roles/{name}")
        for name in ("manage-users", "view-realm", "view-users")
    ]
    stage.admin.do("POST", f"users/{account['id']}/role-mappings/clients/{management['id']}", roles)
    stage.admin.set_client(other.client_id, fullScopeAllowed=True)
    assert other.call("GET", f"/admin/realms/{stage.realm.name}/users/count").status_code == 200
    assert other.resource("1001-01").status_code == 403
    # Made anew, the client has no scope for roles that somebody gave it.
    granted(stage.realm, "1001/02", name="it-with-roles")
    assert other.call("GET", f"/admin/realms/{stage.realm.name}/users/count").status_code == 403


def test_an_owner_does_not_reach_an_agency_even_if_it_named_the_owner(agency: Agency, stage: Stage) -> None:
    owner = stage.activated("C1")
    tokens = stage.signed_in(owner, stage.address("C1"))
    answer = with_token(tokens["access_token"], "GET", resource_url(stage.realm))
    assert answer.status_code == 403
    user = stage.admin.user(stage.address("C1"))
    found = stage.admin.read("organizations", q="alias:1001-01", briefRepresentation="false")[0]
    named = found["attributes"] | {"managed_by": [*managers(stage, "1001-01"), user["id"]]}
    stage.admin.do("PUT", f"organizations/{found['id']}", found | {"attributes": named})
    answer = with_token(tokens["access_token"], "GET", resource_url(stage.realm))
    assert answer.status_code == 403
    assert agency.resource("1001-01").status_code == 200
    assert stage.gets_in(stage.address("C1"), PERSONAL)


def test_a_client_made_again_under_the_same_name_reaches_nothing(stage: Stage) -> None:
    former = granted(stage.realm, "1001/01", name="it-made-again")
    assert former.resource("1001-01").status_code == 200
    client = stage.admin.client(former.client_id)
    stage.admin.do("DELETE", f"clients/{client['id']}")
    assert former.token().status_code == 401
    secret = former.secret_file.read_text().strip()
    copy = {name: client[name] for name in client if name not in ("protocolMappers", "access")}
    stage.admin.do("POST", "clients", copy | {"secret": secret, "serviceAccountsEnabled": True})
    assert former.token().status_code == 200
    assert former.resource("1001-01").status_code == 403


def test_credentials_of_one_realm_reach_no_other(agency: Agency, make_realm: RealmMaker) -> None:
    other = make_realm()
    answer = agency.call("GET", f"/admin/realms/{other.name}/moncompte/v1/agencies/1001-01/owners/P1")
    assert answer.status_code == 403


# ---------------------------------------------------------------- the command


def test_the_secret_stands_in_the_file_only(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    made = granted(stage.realm, "2002/01", name="it-quiet")
    said = capsys.readouterr()
    secret = made.secret_file.read_text().strip()
    assert len(secret) >= 32
    assert made.secret_file.stat().st_mode & 0o777 == 0o600
    assert secret not in said.out + said.err
    assert "it-quiet" in said.out
    assert "2002/01" in said.out


def test_what_the_command_prints_is_all_that_agency_it_needs(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    granted(stage.realm, "2002/01", name="it-told")
    told = [line.strip().split("=", 1) for line in capsys.readouterr().out.splitlines() if "=" in line]
    for name, value in told:
        monkeypatch.setenv(name, value)
    assert {name for name, _ in told} == {
        *("MONCOMPTE_URL", "MONCOMPTE_REALM", "MONCOMPTE_CLIENT_REALM"),
        *("MONCOMPTE_CLIENT_ID", "MONCOMPTE_CLIENT_SECRET_FILE"),
    }
    assert cli.run(["owners", "list", "--agency", "2002/01"]) == 0


def test_run_again_it_changes_nothing_and_rotates_when_asked(stage: Stage) -> None:
    made = granted(stage.realm, "2002/01", name="it-again")
    secret = made.secret_file.read_text().strip()
    before = stage.admin.client("it-again"), managers(stage, "2002-01")
    granted(stage.realm, "2002/01", name="it-again")
    assert (stage.admin.client("it-again"), managers(stage, "2002-01")) == before
    assert made.secret_file.read_text().strip() == secret
    granted(stage.realm, "2002/01", name="it-again", options=("--rotate",))
    assert made.secret_file.read_text().strip() != secret
    assert made.token(secret).status_code == 401
    assert made.resource("2002-01").status_code == 404  # the agency is reached: it has no owner P1


def test_it_reaches_exactly_the_agencies_named_last(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    made = granted(stage.realm, "1001/01", "1001/02", name="it-both")
    assert [made.resource(alias).status_code for alias in ("1001-01", "1001-02")] == [200, 200]
    capsys.readouterr()
    granted(stage.realm, "1001/02", name="it-both")
    assert "no longer reaches: 1001/01" in capsys.readouterr().out
    assert [made.resource(alias).status_code for alias in ("1001-01", "1001-02")] == [403, 200]


def test_an_application_is_not_taken_over(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    before = stage.admin.client("extranet")
    code = stage.realm.moncompte(
        *("agencies", "credentials", "1001/01", "--name", "extranet", "--realm", stage.realm.name)
    )
    assert code == 1
    assert "extranet" in capsys.readouterr().err
    assert stage.admin.client("extranet") == before


def test_an_unknown_agency_changes_nothing(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    before = managers(stage, "1001-01")
    code = stage.realm.moncompte(
        *("agencies", "credentials", "1001/01", "9999/99"),
        *("--name", "it-unknown", "--realm", stage.realm.name),
    )
    assert code == 1
    assert "9999/99" in capsys.readouterr().err
    assert managers(stage, "1001-01") == before
    assert stage.admin.read("clients", clientId="it-unknown") == []


def test_what_the_manifest_applies_leaves_credentials_alone(stage: Stage) -> None:
    made = granted(stage.realm, "1001/01", name="it-applied")
    manifest = json.loads(stage.realm.manifest.read_text())
    manifest["agencies"][0]["phone"] = "04 91 99 99 99"
    stage.realm.manifest.write_text(json.dumps(manifest))
    assert stage.realm.moncompte("apply", "--yes", "-f", stage.realm.manifest) == 0
    assert made.resource("1001-01").status_code == 200
