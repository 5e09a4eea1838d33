"""`moncompte owners import` as agency IT runs it: exit codes, what it says and sends, files, memory."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.owners import load as owners
from provisioning.owners.file import Owner, OwnersFile, Problem, Rejected
from tests.integration.between import Between
from tests.integration.desk import Capture, Desk
from tests.integration.stage import Stage, provisional
from tests.realms import Json, TestRealm

SAMPLE = Path(__file__).parents[2] / "samples" / "owners-1001-01.csv"

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
        "LC_ALL": "fr_FR.UTF-8",
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
    assert "ligne 3, colonne email : « pas une adresse » n'est pas une adresse" in done.stdout
    assert "ligne 4, colonne mot_de_passe" in done.stdout
    assert "créés : 1, mis à jour : 0, inchangés : 0, lignes refusées : 2" in done.stdout
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
        (["--agency", "9999/01"], "Il n'y a pas d'agence 9999/01 dans le royaume"),
        (["--agency", "1001/01", "--realm", "nowhere"], "Il n'y a pas de royaume 'nowhere'"),
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


# ---- what is said, by the command in this process


def users(stage: Stage) -> int:
    """How many accounts there are."""
    return int(stage.admin.read("users/count"))


def test_what_is_going_to_be_done_is_said_first_and_the_same_as_in_a_dry_run(
    stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    """The sample file; a run without a place for passwords ends after the plan, and loads nothing."""
    desk = Desk(stage, lang="fr")
    letters = tmp_path / "letters.csv"
    before = users(stage)
    capsys.readouterr()
    assert desk.run("import", SAMPLE, "--dry-run", "--details") == 0
    rehearsed = capsys.readouterr().out
    assert desk.run("import", SAMPLE) == 2
    assert "le premier à la ligne 4" in capsys.readouterr().err
    assert users(stage) == before
    assert desk.run("import", SAMPLE, "--details", "--credentials", letters) == 0
    out = capsys.readouterr().out

    counts = "créés : 6, mis à jour : 0, inchangés : 0, lignes refusées : 0"
    plan = [one for one in out.splitlines() if one.startswith("ligne")]
    assert plan[0] == "ligne 2 : P00012 · LEFÈVRE Hélène : à créer"
    assert len(plan) == 6
    assert plan == [one for one in rehearsed.splitlines() if one.startswith("ligne")]
    assert f"Essai, rien n'a été écrit. Ce qui serait fait : {counts}" in rehearsed
    assert out.splitlines()[6:8] == [f"Prévu : {counts}", counts]
    assert f"mots de passe engendrés : 2, dans {letters}" in out
    assert users(stage) == before + 6

    changed = tmp_path / "changed.csv"
    sample = SAMPLE.read_text(encoding="utf-8").replace("8 quai Rive-Neuve;", "9 quai Rive-Neuve;")
    changed.write_text(sample + line("P00099", nom="NEUF") + "\n", encoding="utf-8")
    assert Desk(stage).run("import", changed, "--dry-run", "--details") == 0
    out = capsys.readouterr().out
    assert "line 2: P00012 · LEFÈVRE Hélène: unchanged" in out
    assert "line 4: P00013 · D'ANGELO Jean-Noël: to be updated" in out
    assert "P00099 · NEUF Hélène: to be created" in out
    assert "created: 1, updated: 1, unchanged: 5, lines refused: 0" in out


def test_refused_lines_are_kept_with_their_reasons_and_once_corrected_loaded(
    stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    desk = Desk(stage)
    refused, corrected = tmp_path / "refused.csv", tmp_path / "corrected.csv"
    file = written(tmp_path, line("N16", "Tulipe-16"), line("N17", "Jasmin-17", email="nobody"))
    capsys.readouterr()
    assert desk.run("import", file, "--rejects", refused) == 3
    assert f"lines refused: 1, with their reasons in {refused}" in capsys.readouterr().out
    assert "email : “nobody” is no email address" in refused.read_text(encoding="utf-8-sig")
    assert desk.show("N16")["state"] == "provisional"
    corrected.write_bytes(refused.read_bytes().replace(b"nobody", b"n17@exemple.fr", 1))
    assert desk.run("import", corrected, "--rejects", refused) == 0
    assert "created: 1, updated: 0, unchanged: 0, lines refused: 0" in capsys.readouterr().out
    assert opens(stage, "N17", "Jasmin-17")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, {"results": []}, "one result an owner"),
        (404, {"error": "HTTP 404 Not Found"}, "has no moncompte extension"),
        (409, {"code": "loaded_meanwhile"}, "When the other has ended, run the import again."),
    ],
)
def test_a_server_that_answers_something_else_is_not_taken_to_have_loaded(
    stage: Stage, tmp_path: Path, capsys: Capture, status: int, body: object, words: str
) -> None:
    file = written(tmp_path, line("N18", "Tulipe-18"))
    capsys.readouterr()
    with Between(stage.realm.server.url) as between:
        between.replace("POST", "/owners", status, body)
        assert Desk(stage, url=between.url).run("import", file) == 1
    assert words in " ".join(capsys.readouterr().err.split())


def batches(between: Between, *, dry_run: bool) -> list[list[Json]]:
    """The owners of each request that asks what would be done, or that does it."""
    bodies = [json.loads(one.body) for one in between.asked if one.path.endswith("/owners")]
    return [body["owners"] for body in bodies if body["dry_run"] is dry_run]


def test_passwords_leave_hashed_in_small_batches_and_the_same_file_again_sends_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three passwords of the agency, which take long to hash, and eleven generated ones."""
    monkeypatch.setattr(owners, "BATCH", 10)
    monkeypatch.setattr(owners, "SLOW_BATCH", 2)
    lines = [line(f"N20-{n}", f"Tulipe-{n}-x" if n < 3 else "") for n in range(14)]
    file, letters = written(tmp_path, *lines), tmp_path / "letters.csv"
    with Between(stage.realm.server.url) as between:
        desk = Desk(stage, url=between.url)
        assert desk.run("import", file, "--credentials", letters) == 0
        assert sorted(map(len, batches(between, dry_run=True))) == [4, 10]
        sent = batches(between, dry_run=False)
        assert sorted(map(len, sent)) == [2, 6, 6]
        passwords = {owner["identifier"]: owner["password"] for batch in sent for owner in batch}
        formats = Counter((one["algorithm"], one["generated"]) for one in passwords.values())
        assert formats == {("argon2", False): 3, ("pbkdf2-sha256", True): 11}
        told = b"".join(one.body for one in between.asked).decode()
        assert "Tulipe" not in told
        assert not any(password in told for password in generated(letters).values())

        # Once more all are asked about, nothing is sent, and the file is read once.
        reads: list[Path] = []
        read = OwnersFile.read

        def counted(found: OwnersFile) -> Iterator[Owner | Problem | Rejected]:
            reads.append(found.path)
            return read(found)

        monkeypatch.setattr(OwnersFile, "read", counted)
        between.asked.clear()
        assert desk.run("import", file, "--credentials", letters) == 0
        assert sorted(map(len, batches(between, dry_run=True))) == [4, 10]
        assert batches(between, dry_run=False) == []
        assert reads == [file]


def test_a_request_stays_below_what_the_server_takes_however_long_the_lines(
    stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    """8 MB. The worst there is: each value as long as it may be, of characters that take the most room; an
    owner of as many contracts as one may have, and more owners than a request would hold by their number."""
    longest = "\\" * 255
    wide = dict.fromkeys(("adresse", "ville", "adresse_bien"), longest)

    def lines(identifier: str, count: int) -> list[str]:
        return [line(identifier, reference=f"{n:03}{longest[3:]}", **wide) for n in range(count)]

    others = [one for number in range(450) for one in lines(f"N22-{number}", 20)]
    file = written(tmp_path, *lines("N21", 1000), *others)
    capsys.readouterr()
    with Between(stage.realm.server.url) as between:
        assert Desk(stage, url=between.url).run("import", file, "--dry-run") == 0
        sizes = [len(one.body) for one in between.asked if one.path.endswith("/owners")]
    assert "created: 451, updated: 0, unchanged: 0, lines refused: 0" in capsys.readouterr().out
    assert max(sizes) < 8 << 20 < sum(sizes)


def test_what_the_server_refuses_is_reported_by_line_and_the_others_go_in(
    stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    """Reasons of the server, one that this version does not know among them."""
    reasons = {"N23": "another_person", "N24": "something_new"}

    def refusing(answer: Json) -> Json:
        return {
            "results": [
                one | {"outcome": "refused", "reason": reasons[one["identifier"]]}
                if one["identifier"] in reasons
                else one
                for one in answer["results"]
            ]
        }

    again = line("N23", "Tulipe-23-x", reference="another")
    lines = (line("N23", "Tulipe-23-x"), line("N24", "Mimosa-24-x"), line("N25", "Jasmin-25-x"), again)
    file = written(tmp_path, *lines)
    capsys.readouterr()
    with Between(stage.realm.server.url) as between:
        between.alter("POST", "/owners", refusing)
        assert Desk(stage, lang="fr", url=between.url).run("import", file) == 3
    out = capsys.readouterr().out
    for words in ("ligne 2, colonne nom", "ligne 5, colonne nom", "ligne 3 : "):
        assert out.count(words) == 1
    assert "something_new" in out
    assert "créés : 1, mis à jour : 0, inchangés : 0, lignes refusées : 3" in out
    assert opens(stage, "N25", "Jasmin-25-x")
    assert not opens(stage, "N23", "Tulipe-23-x")


def test_a_hundred_thousand_lines_are_read_and_compared_in_bounded_memory(
    stage: Stage, tmp_path: Path
) -> None:
    """Of two contracts an owner, the second half a file apart: under 300 MB with Python and its libraries.

    What is sent goes by the same batches (benchmarks/load.py measures a whole import).
    """
    file = tmp_path / "owners.csv"
    with file.open("w", encoding="utf-8") as content:
        print(HEADER, file=content)
        for contract in "AB":
            for number in range(50_000):
                print(line(f"P{number}", reference=f"{contract}-{number}"), file=content)
    arguments = ("owners", "import", file, "--agency", "1001/01", "--dry-run")
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *map(str, arguments)],
        env=environment(stage.realm),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "créés : 50000" in done.stdout, done.stderr
    assert int(done.stdout.splitlines()[-1]) < 300


_MEASURED = """
import sys
from provisioning.cli import run
run(sys.argv[1:])
# Of this process alone: what getrusage tells is at least the size of the one that started it.
[peak] = [line for line in open("/proc/self/status") if line.startswith("VmHWM:")]
print(int(peak.split()[1]) // 1024)
"""
