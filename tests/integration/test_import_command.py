"""`moncompte owners import` as agency IT runs it: exit codes, what it says, files, and being killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.stage import Stage, provisional
from tests.realms import TestRealm

HEADER = (
    "identifiant;mot_de_passe;civilite;nom;prenom;email;telephone;mobile;adresse;code_postal;ville;"
    "profil;reference;adresse_bien"
)


def line(identifier: str, password: str = "", **columns: str) -> str:
    """A line of owners.csv."""
    cells = {
        "identifiant": identifier,
        "mot_de_passe": password,
        "civilite": "Madame",
        "nom": "LEFÈVRE",
        "prenom": "Hélène",
        "email": f"{identifier}@exemple.fr",
        "telephone": "",
        "mobile": "",
        "adresse": "",
        "code_postal": "",
        "ville": "",
        "profil": "locataire",
        "reference": f"REF-{identifier}",
        "adresse_bien": "",
    } | columns
    return ";".join(cells[column] for column in HEADER.split(";"))


def environment(realm: TestRealm) -> dict[str, str]:
    """How the command is told where the server is; the secret by a variable, never an argument."""
    server = realm.server
    return os.environ | {
        "MONCOMPTE_URL": server.url,
        "MONCOMPTE_CLIENT_ID": server.client_id,
        "MONCOMPTE_CLIENT_SECRET": server.client_secret,
        "MONCOMPTE_REALM": realm.name,
        "LANG": "fr_FR.UTF-8",
        "LC_ALL": "",
    }


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-c", "from provisioning.cli import main; main()", *map(str, arguments)]


def run(realm: TestRealm, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs `moncompte` to its end."""
    done = subprocess.run(
        command(*arguments),
        env=environment(realm) | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert realm.server.client_secret not in done.stdout + done.stderr
    return done


def written(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "owners.csv"
    file.write_text("\r\n".join([HEADER, *lines]) + "\r\n", encoding=encoding)
    return file


def generated(file: Path) -> dict[str, str]:
    """The passwords of a credentials file by identifier."""
    rows = [row.split(";") for row in file.read_text(encoding="utf-8-sig").splitlines()[1:]]
    return {row[0]: row[1] for row in rows}


def opens(stage: Stage, identifier: str, password: str) -> bool:
    return stage.browser().prove("1001", "01", identifier, password).screen == "login-address"


def test_all_in_is_0_and_generated_passwords_stand_in_a_file_of_ones_own(
    stage: Stage, tmp_path: Path
) -> None:
    file = written(tmp_path, line("N1"), line("N2", "Choisi-par-agence-2"))
    letters = tmp_path / "letters.csv"
    done = run(stage.realm, "owners", "import", file, "--agency", "1001/01", "--credentials", letters)
    assert done.returncode == 0, done.stderr
    assert letters.stat().st_mode & 0o777 == 0o600
    assert set(generated(letters)) == {"N1"}
    assert opens(stage, "N1", generated(letters)["N1"])
    assert opens(stage, "N2", "Choisi-par-agence-2")
    assert generated(letters)["N1"] not in done.stdout + done.stderr
    assert "Choisi-par-agence-2" not in done.stdout + done.stderr


def test_some_lines_refused_is_3_and_the_others_are_in(stage: Stage, tmp_path: Path) -> None:
    file = written(
        tmp_path, line("N3", "Tulipe-3"), line("N4", "Tulipe-4", email="pas une adresse"), line("N5", "N5")
    )
    done = run(stage.realm, "owners", "import", file, "--agency", "1001/01")
    assert done.returncode == 3
    said = done.stdout + done.stderr
    assert "3" in said
    assert "email" in said
    assert opens(stage, "N3", "Tulipe-3")
    assert not opens(stage, "N4", "Tulipe-4")
    assert not opens(stage, "N5", "N5")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encodings_of_agency_software(stage: Stage, tmp_path: Path, encoding: str) -> None:
    identifier = f"N6{encoding.replace('-', '')}"
    file = written(tmp_path, line(identifier, "Tulipe-é-6", nom="LEFÈVRE-ÉTÉ"), encoding=encoding)
    assert run(stage.realm, "owners", "import", file, "--agency", "1001/01").returncode == 0
    assert stage.account(identifier)["lastName"] == "LEFÈVRE-ÉTÉ"
    assert opens(stage, identifier, "Tulipe-é-6")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agency", "9999/01"], "9999/01"),
        (["--agency", "1001/01", "--realm", "nowhere"], "nowhere"),
        (["--agency", "nonsense"], "nonsense"),
        ([], "--agency"),
    ],
)
def test_what_cannot_be_meant_is_2_or_1_and_says_so(
    stage: Stage, tmp_path: Path, arguments: list[str], said: str
) -> None:
    file = written(tmp_path, line("N7", "Tulipe-7"))
    done = run(stage.realm, "owners", "import", file, *arguments)
    assert done.returncode in {1, 2}
    assert said in done.stderr


def test_an_unusable_file_is_2(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "owners.csv"
    file.write_text("nom;prenom\nx;y\n", encoding="utf-8")
    done = run(stage.realm, "owners", "import", file, "--agency", "1001/01")
    assert done.returncode == 2
    assert "identifiant" in done.stderr


def test_without_a_place_for_generated_passwords_nothing_is_sent(stage: Stage, tmp_path: Path) -> None:
    before = stage.admin.read("users/count")
    file = written(tmp_path, line("N8"), line("N9", "Tulipe-9"))
    done = run(stage.realm, "owners", "import", file, "--agency", "1001/01")
    assert done.returncode == 2
    assert "--credentials" in done.stderr
    assert stage.admin.read("users/count") == before


def test_a_server_that_is_not_there_is_1(stage: Stage, tmp_path: Path) -> None:
    file = written(tmp_path, line("N10", "Tulipe-10"))
    done = run(
        stage.realm, "owners", "import", file, "--agency", "1001/01", MONCOMPTE_URL="http://localhost:9"
    )
    assert done.returncode == 1
    assert "http://localhost:9" in done.stderr


def test_a_wrong_secret_is_1(stage: Stage, tmp_path: Path) -> None:
    file = written(tmp_path, line("N11", "Tulipe-11"))
    done = run(stage.realm, "owners", "import", file, "--agency", "1001/01", MONCOMPTE_CLIENT_SECRET="wrong")
    assert done.returncode == 1
    assert "wrong" not in done.stderr.replace("wrong secret", "")


def test_a_dry_run_writes_nothing(stage: Stage, tmp_path: Path) -> None:
    before = stage.admin.read("users/count")
    file = written(tmp_path, line("N12"))
    done = run(stage.realm, "owners", "import", file, "--agency", "1001/01", "--dry-run")
    assert done.returncode == 0
    assert stage.admin.read("users/count") == before
    assert list(tmp_path.iterdir()) == [file]


def test_show_tells_what_is_known_and_masks_a_personal_address(stage: Stage) -> None:
    stage.load("N14")
    done = run(stage.realm, "owners", "show", "n14", "--agency", "1001/01", "--json")
    assert done.returncode == 0
    assert '"provisional"' in done.stdout
    assert provisional("N14") not in done.stdout
    email = f"nouvelle-n15@{stage.realm.name}.example"
    stage.activated("N15", email)
    done = run(stage.realm, "owners", "show", "N15", "--agency", "1001/01")
    assert done.returncode == 0
    assert email not in done.stdout
    assert "n•••@" in done.stdout
    assert run(stage.realm, "owners", "show", "nobody", "--agency", "1001/01").returncode != 0
