"""Rule 9: an import is idempotent, and leaves alone who has activated."""

import json
from typing import Any

import pytest

from tests.integration.between import Between
from tests.integration.desk import Desk
from tests.integration.stage import PERSONAL, Stage, provisional, username
from tests.realms import Json


def whole(stage: Stage, user: Json) -> dict[str, Any]:
    """Everything of an account that an import might touch."""
    return {
        "user": stage.admin.read(f"users/{user['id']}"),
        "credentials": stage.admin.read(f"users/{user['id']}/credentials"),
        "organizations": stage.admin.read(f"organizations/members/{user['id']}/organizations"),
    }


def contracts(user: Json) -> list[Json]:
    return sorted(
        (json.loads(one) for one in user["attributes"]["contracts"]), key=lambda one: one["reference"]
    )


def test_the_same_file_twice_changes_nothing(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.load("G1", "G2")
    before = whole(stage, stage.account("G1"))
    capsys.readouterr()
    stage.load("G1", "G2")
    assert "created: 0, updated: 0, unchanged: 2" in capsys.readouterr().out
    assert whole(stage, stage.account("G1")) == before


def test_an_account_is_what_the_file_says(stage: Stage) -> None:
    stage.load("G3", civilite="Monsieur", nom="D'ANGELO", prenom="Jean-Noël", profil="locataire")
    account = stage.account("G3")
    assert account["username"] == username("G3")
    assert (account["firstName"], account["lastName"]) == ("Jean-Noël", "D'ANGELO")
    assert account["enabled"]
    assert "email" not in account
    assert account["requiredActions"] == ["moncompte-activate"]
    assert account["attributes"]["identifiers"] == ["1001/01/g3"]
    assert account["attributes"]["suggested_email"] == [stage.address("G3")]
    assert contracts(account) == [
        {
            "agency": "1001/01",
            "identifier": "G3",
            "reference": "REF-G3",
            "role": "locataire",
            "address": "12 rue de l'Évêché, lot 7",
        }
    ]
    assert stage.admin.credential_types(account) == ["provisional-password"]
    member = stage.admin.read(f"organizations/members/{account['id']}/organizations")
    assert [one["alias"] for one in member] == ["1001-01"]
    roles = stage.admin.read(f"users/{account['id']}/role-mappings/realm")
    assert [one["name"] for one in roles] == [f"default-roles-{stage.realm.name}"]


def test_corrections_reach_who_has_not_activated(stage: Stage) -> None:
    stage.load("G4")
    stage.load("G4", nom="MARTIN", email=f"corrigee-g4@{stage.realm.name}.example", adresse_bien="lot 8")
    account = stage.account("G4")
    assert account["lastName"] == "MARTIN"
    assert account["attributes"]["suggested_email"] == [f"corrigee-g4@{stage.realm.name}.example"]
    assert [one["address"] for one in contracts(account)] == ["lot 8"]


def test_an_import_without_replace_passwords_replaces_none(stage: Stage) -> None:
    stage.load("G5")
    stage.load("G5", mot_de_passe="Autre-chose-1")
    assert stage.browser().prove("1001", "01", "G5", provisional("G5")).screen == "login-address"
    assert stage.browser().prove("1001", "01", "G5", "Autre-chose-1").screen == "login-provisional"


def test_who_has_activated_keeps_name_email_password_and_consent(stage: Stage) -> None:
    stage.activated("G6")
    user = stage.admin.user(stage.address("G6"))
    before = whole(stage, user)

    stage.load(
        "G6",
        options=("--replace-passwords",),
        mot_de_passe="Autre-chose-1",
        nom="LEFEVRE-MARTIN",
        email="autre@exemple.fr",
        telephone="01 02 03 04 05",
        reference="REF-G6-bis",
    )

    after = whole(stage, user)
    assert after["credentials"] == before["credentials"]
    old, new = before["user"], after["user"]
    changing = {"contracts", "contacts"}
    kept = {name: value for name, value in old["attributes"].items() if name not in changing}
    assert {name: value for name, value in new["attributes"].items() if name not in changing} == kept
    old.pop("attributes")
    assert {name: new[name] for name in old} == old
    assert stage.gets_in(stage.address("G6"))
    # The agency's own contact details and contracts follow its file; a contract not in it stays.
    fresh = stage.admin.user(stage.address("G6"))
    assert [one["reference"] for one in contracts(fresh)] == ["REF-G6", "REF-G6-bis"]
    assert "01 02 03 04 05" in json.loads(fresh["attributes"]["contacts"][0])
    # Its password does not even leave the agency.
    file = stage.realm.directory / "owners-1001-01.csv"
    content = file.read_text(encoding="utf-8")
    file.write_text(content.replace("01 02 03 04 05", "01 02 03 04 06"), encoding="utf-8")
    with Between(stage.realm.server.url) as line:
        assert Desk(stage, url=line.url).run("import", file, "--replace-passwords") == 0
        bodies = [json.loads(asked.body) for asked in line.asked if asked.path.endswith("/owners")]
    assert [body["dry_run"] for body in bodies] == [True, False]
    assert [owner["password"] for body in bodies for owner in body["owners"]] == [None, None]


def test_who_has_activated_is_not_made_again(stage: Stage) -> None:
    stage.activated("G7")
    count = stage.admin.read("users/count")
    for identifier in ("G7", "g7", " G7 "):
        stage.load(identifier, email=stage.address("G7"), reference="REF-G7")
    assert stage.admin.read("users/count") == count


@pytest.mark.parametrize(
    ("nom", "prenom", "accepted"),
    [
        ("DURAND", "Paul", False),
        ("lefevre", "HELENE", True),
        ("DURAND", "Hélène", True),
        ("LEFÈVRE", "Paul", True),
    ],
)
def test_a_line_that_names_somebody_else_is_refused(
    stage: Stage, nom: str, prenom: str, accepted: bool
) -> None:
    identifier = f"G8-{nom.encode().hex()[:8]}-{prenom.encode().hex()[:8]}"
    stage.activated(identifier)
    before = whole(stage, stage.admin.user(stage.address(identifier)))
    line = {"identifiant": identifier, "nom": nom, "prenom": prenom, "reference": "AUTRE"}
    assert stage.realm.load("1001/01", line) == (0 if accepted else 3)
    after = whole(stage, stage.admin.user(stage.address(identifier)))
    assert (after == before) is not accepted
    assert stage.realm.load("1001/01", line, options=("--same-person",)) == 0


def test_one_identifier_at_two_agencies_is_two_owners(stage: Stage) -> None:
    stage.load("G9")
    stage.load("G9", agency="1001/02", nom="AUTRE")
    assert stage.account("G9")["lastName"] == "LEFÈVRE"
    assert stage.account("G9", "1001/02")["lastName"] == "AUTRE"


def test_several_lines_of_an_owner_are_its_contracts(stage: Stage) -> None:
    common = {"identifiant": "G10", "mot_de_passe": provisional("G10"), "email": stage.address("G10")}
    lines = [common | {"reference": "A"}, common | {"reference": "B", "profil": "propriétaire"}]
    assert stage.realm.load("1001/01", *lines) == 0
    assert [(one["reference"], one["role"]) for one in contracts(stage.account("G10"))] == [
        ("A", "copropriétaire"),
        ("B", "propriétaire"),
    ]


@pytest.mark.parametrize("typed", ["g11 é/1", "G11 É/1", "  g11 e\N{COMBINING ACUTE ACCENT}/1 "])
def test_identifiers_compare_trimmed_composed_and_without_case(stage: Stage, typed: str) -> None:
    stage.load("G11 É/1", mot_de_passe="Tulipe-4821", email="g11@exemple.fr")
    assert stage.browser().prove("1001", "01", typed, "Tulipe-4821").screen == "login-address"


def test_identifiers_that_differ_only_in_punctuation_are_those_of_different_people(stage: Stage) -> None:
    for number, identifier in enumerate(("G12.2f", "G12/", "G12-2f", "G12_2f", "G12@x.fr")):
        stage.load(
            identifier,
            mot_de_passe=f"Motdepasse-{number}",
            email=f"g12-{number}@exemple.fr",
            nom="ABCDE"[number],
            prenom="ABCDE"[number],
        )
    for number, identifier in enumerate(("G12.2f", "G12/", "G12-2f", "G12_2f", "G12@x.fr")):
        page = stage.browser().prove("1001", "01", identifier, f"Motdepasse-{number}")
        assert page.screen == "login-address"
        assert page.value("email") == f"g12-{number}@exemple.fr"


def test_an_activated_owner_of_two_lines_keeps_the_count(stage: Stage) -> None:
    stage.activated("G13")
    for _ in range(2):
        stage.load("G13")
    assert len(contracts(stage.admin.user(stage.address("G13")))) == 1
    assert stage.gets_in(stage.address("G13"), PERSONAL)
