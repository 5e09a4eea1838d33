"""Refused lines in a file of their own: with their reasons, to be corrected and loaded as they are."""

import csv
import stat
from pathlib import Path

import pytest

from provisioning.errors import BadInputError
from provisioning.owners.file import COLUMNS, REASON, Owner, OwnersFile, Rejected
from provisioning.owners.rejects import RejectsFile

HEADER = ";".join(COLUMNS)


@pytest.fixture(autouse=True)
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts compared here are French."""
    monkeypatch.setenv("LANGUAGE", "fr")


def line(**cells: str) -> str:
    values = {"identifiant": "P1", "nom": "LEFÈVRE", "profil": "locataire", "reference": "R1"} | cells
    return ";".join(values.get(column, "") for column in COLUMNS)


def written(path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join([header, *lines, ""]).encode(encoding))
    return path


def rejects(path: Path, file: Path) -> list[Rejected]:
    """Reads a file and writes what it refuses; what was refused."""
    owners = OwnersFile(file)
    found = [item for item in owners.read() if isinstance(item, Rejected)]
    with RejectsFile(path, owners) as kept:
        for item in found:
            kept.add(item)
        kept.commit()
    return found


def rows(path: Path, separator: str = ";") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def owners_of(path: Path) -> list[Owner]:
    return [item for item in OwnersFile(path).read() if isinstance(item, Owner)]


def test_refused_lines_are_written_with_their_reasons_and_nobody_else_reads_them(tmp_path: Path) -> None:
    file = written(tmp_path / "owners.csv", line(), line(identifiant="P2", email="x", profil="gardien"))
    rejects(tmp_path / "refused.csv", file)
    (row,) = rows(tmp_path / "refused.csv")
    assert row["identifiant"] == "P2"
    assert row[REASON] == (
        "email : « x » n'est pas une adresse email / profil : « gardien » n'est pas un profil ; attendu :"
        " propriétaire, copropriétaire, locataire"
    )
    assert stat.S_IMODE((tmp_path / "refused.csv").stat().st_mode) == 0o600


def test_corrected_it_is_loaded_as_it_is_without_a_word_about_its_column(tmp_path: Path) -> None:
    file = written(tmp_path / "owners.csv", line(email="x", telephone="+33 6 11", adresse='"12; rue ""A"""'))
    rejects(tmp_path / "refused.csv", file)
    text = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    written(
        tmp_path / "again.csv",
        *text.replace(";x;", ";p1@exemple.fr;").splitlines()[1:],
        header=text.splitlines()[0],
    )
    again = OwnersFile(tmp_path / "again.csv")
    assert again.notes == []
    (owner,) = again.read()
    assert isinstance(owner, Owner)
    assert (owner.email, owner.phone, owner.address) == ("p1@exemple.fr", "+33 6 11", '12; rue "A"')


@pytest.mark.parametrize(
    "spoilt",
    [
        line(email="x"),
        line(identifiant=""),
        line(adresse='"12 rue'),
        line(adresse="12 rue\0"),
        line() + ";plus",
        "P1;x;;LEFÈVRE",
        ";".join(line().split(";")[:13]),
        "=cmd|' /C calc'!A0",
        "x" * 70_000,
    ],
)
def test_left_as_it_is_a_refused_line_is_refused_again(tmp_path: Path, spoilt: str) -> None:
    file = written(tmp_path / "owners.csv", spoilt)
    assert len(rejects(tmp_path / "refused.csv", file)) == 1
    again = list(OwnersFile(tmp_path / "refused.csv").read())
    assert again
    assert not any(isinstance(item, Owner) for item in again)


def test_a_line_that_was_mended_inside_its_one_cell_is_told_so_once(tmp_path: Path) -> None:
    rejects(tmp_path / "refused.csv", written(tmp_path / "owners.csv", line(adresse='"12 rue')))
    text = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig").replace('""', "")
    (tmp_path / "again.csv").write_text(text, encoding="utf-8")
    (refused,) = OwnersFile(tmp_path / "again.csv").read()
    assert isinstance(refused, Rejected)
    assert [problem.reason() for problem in refused.problems] == [
        "toute la ligne est dans sa première case ; mettez chaque valeur dans sa colonne (elles sont séparées"
        " par « ; »)"
    ]


def test_a_line_of_two_encodings_is_written_as_it_most_likely_reads(tmp_path: Path) -> None:
    good = [line(identifiant=f"P{number}").encode() for number in range(2, 5)]
    (tmp_path / "owners.csv").write_bytes(b"\n".join([HEADER.encode(), line().encode("cp1252"), *good]))
    rejects(tmp_path / "refused.csv", tmp_path / "owners.csv")
    assert "LEFÈVRE" in rows(tmp_path / "refused.csv")[0]["identifiant"]


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+33 6", "-x", "@SUM(A1)", "'=x", "''+x", "'x", "l'Évêché", "a\u00a0b", "\uff1dx", '"', "a;b"],
)
@pytest.mark.parametrize("separator", [";", ","])
def test_what_a_cell_says_is_the_same_after_a_round_trip(tmp_path: Path, value: str, separator: str) -> None:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"'

    def saying(email: str) -> str:
        values = {"identifiant": "P1", "nom": value, "profil": "locataire", "reference": "R", "email": email}
        return separator.join(cell(values.get(column, "")) for column in COLUMNS)

    header = HEADER.replace(";", separator)
    (said,) = owners_of(written(tmp_path / "good.csv", saying("a@b.fr"), header=header))
    rejects(tmp_path / "refused.csv", written(tmp_path / "bad.csv", saying("x"), header=header))
    (row,) = rows(tmp_path / "refused.csv", separator)
    assert row["nom"][:1] not in ("=", "+", "-", "@", "\t", "\r", "\uff1d")
    text = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    text = text.replace(f"{separator}x{separator}", f"{separator}a@b.fr{separator}")
    (tmp_path / "again.csv").write_text(text, encoding="utf-8", newline="")
    (again,) = owners_of(tmp_path / "again.csv")
    assert again.last_name == said.last_name


def test_unknown_columns_stay_and_reasons_of_last_time_go(tmp_path: Path) -> None:
    file = written(
        tmp_path / "owners.csv", f"ancien motif;{line(email='x')};gardé", header=f"{REASON};{HEADER};code"
    )
    rejects(tmp_path / "refused.csv", file)
    (row,) = rows(tmp_path / "refused.csv")
    assert list(row) == [*COLUMNS, "code", REASON]
    assert row["code"] == "gardé"
    assert "adresse email" in row[REASON]


def test_a_refused_line_says_what_only_its_owners_other_lines_said(tmp_path: Path) -> None:
    """Or loading it alone would take the address away again."""
    file = written(
        tmp_path / "owners.csv",
        line(email="p1@exemple.fr", ville="Nantes", adresse_bien="lot 1"),
        line(reference="R2", profil="gardien", prenom="Hélène"),
    )
    rejects(tmp_path / "refused.csv", file)
    (row,) = rows(tmp_path / "refused.csv")
    assert (row["email"], row["ville"], row["prenom"]) == ("p1@exemple.fr", "Nantes", "Hélène")
    assert (row["reference"], row["adresse_bien"]) == ("R2", "")


def test_the_file_to_be_loaded_is_not_overwritten(tmp_path: Path) -> None:
    file = written(tmp_path / "owners.csv", line(), header=HEADER)
    with pytest.raises(BadInputError, match="autre nom"):
        RejectsFile(file, OwnersFile(file))
    assert len(owners_of(file)) == 1


def test_a_file_that_is_none_of_ours_is_not_overwritten(tmp_path: Path) -> None:
    file = written(tmp_path / "owners.csv", line())
    other = written(tmp_path / "accounts.csv", "precious", header="a;b")
    with pytest.raises(BadInputError, match="autre nom"):
        RejectsFile(other, OwnersFile(file))
    assert "precious" in other.read_text(encoding="utf-8")


def test_the_rejects_of_last_time_are_replaced_once_the_file_is_read(tmp_path: Path) -> None:
    refused = tmp_path / "refused.csv"
    rejects(refused, written(tmp_path / "owners.csv", line(email="x")))
    owners = OwnersFile(written(tmp_path / "owners.csv", line()))
    with RejectsFile(refused, owners):
        assert len(rows(refused)) == 1  # still those of last time
    assert len(rows(refused)) == 1
    with RejectsFile(refused, owners) as kept:
        kept.commit()
    assert rows(refused) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["owners.csv", "refused.csv"]


def test_a_folder_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    file = written(tmp_path / "owners.csv", line())
    with pytest.raises(BadInputError, match="impossible d'écrire"):
        RejectsFile(tmp_path / "nowhere" / "refused.csv", OwnersFile(file))
