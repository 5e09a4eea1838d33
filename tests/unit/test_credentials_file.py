"""The file of generated passwords: what is kept in it, for whom, and what it is mended of or refused for."""

import stat
from pathlib import Path

import pytest

from provisioning.errors import CredentialsFileError
from provisioning.owners.credentials import CredentialsFile
from provisioning.owners.file import COLUMNS, Owner, OwnersFile
from provisioning.owners.passwords import is_generated

HEADER_LINE = "identifiant;mot_de_passe;nom;prenom;agence;date;compte\r\n"


def owners(tmp_path: Path, *lines: dict[str, str]) -> list[Owner]:
    """The owners of a file with these lines."""
    text = [";".join(COLUMNS)]
    for number, line in enumerate(lines, 1):
        values = {
            "identifiant": f"P{number}",
            "nom": f"NOM{number}",
            "profil": "locataire",
            "reference": "R",
        } | line
        text.append(";".join(values.get(column, "") for column in COLUMNS))
    path = tmp_path / "owners.csv"
    path.write_text("\n".join(text), encoding="utf-8")
    return [item for item in OwnersFile(path).read() if isinstance(item, Owner)]


def kept(path: Path, wanted: list[Owner]) -> dict[str, str]:
    """The passwords of these owners, as an import asks for them."""
    with CredentialsFile(path, "1001/01") as file:
        return file.passwords(wanted)


def rows(path: Path) -> list[list[str]]:
    return [line.split(";") for line in path.read_text(encoding="utf-8-sig").splitlines()]


def refused(path: Path, agency: str = "1001/01") -> str:
    with pytest.raises(CredentialsFileError) as caught, CredentialsFile(path, agency):
        pass
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "letters.csv"


def test_passwords_stand_beside_their_owners_for_the_eyes_of_one(path: Path, tmp_path: Path) -> None:
    found = kept(path, owners(tmp_path, {}, {"prenom": "Jean"}))
    assert rows(path)[0] == ["identifiant", "mot_de_passe", "nom", "prenom", "agence", "date", "compte"]
    assert [(row[0], row[2:5]) for row in rows(path)[1:]] == [
        ("P1", ["NOM1", "", "1001/01"]),
        ("P2", ["NOM2", "Jean", "1001/01"]),
    ]
    assert [row[1] for row in rows(path)[1:]] == list(found.values())
    assert all(map(is_generated, found.values()))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_run_again_finds_the_passwords_of_the_one_before(path: Path, tmp_path: Path) -> None:
    first = kept(path, owners(tmp_path, {}, {}))
    before = rows(path)
    assert kept(path, owners(tmp_path, {}, {})) == first
    assert rows(path) == before


def test_a_password_that_an_account_has_is_never_given_again(path: Path, tmp_path: Path) -> None:
    one, two = owners(tmp_path, {}, {})
    with CredentialsFile(path, "1001/01") as file:
        first = file.passwords([one, two])
        file.confirm({one.key: "0b9f0b52-5a3c-4a6d-8f0e-0d0f5d3a4a11"})
    assert rows(path)[1][-1] == "0b9f0b52-5a3c-4a6d-8f0e-0d0f5d3a4a11"
    with CredentialsFile(path, "1001/01") as file:
        again = file.passwords([one, two])
        assert file.outdated == ["P1"]
        assert file.all() == again
    assert again[two.key] == first[two.key]
    assert again[one.key] != first[one.key]
    assert [row[0] for row in rows(path)[1:]] == ["P1", "P2", "P1"]


def test_a_password_of_a_reissue_is_never_given_again(path: Path, tmp_path: Path) -> None:
    with CredentialsFile(path, "1001/01") as file:
        reissued = file.renewed("P1", "NOM", "")
    assert reissued not in kept(path, owners(tmp_path, {})).values()


@pytest.mark.parametrize(
    "date",
    ["2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "2026-11-30T10:00:00", "30/11/2026", ""],
)
def test_a_password_of_another_time_is_not_given(path: Path, tmp_path: Path, date: str) -> None:
    first = kept(path, owners(tmp_path, {}))
    written = rows(path)[1][5]
    path.write_bytes(path.read_bytes().replace(written.encode(), date.encode()))
    assert not set(first.values()) & set(kept(path, owners(tmp_path, {})).values())


@pytest.mark.parametrize("cut", [40, 60, 90])
def test_a_line_cut_short_by_a_crash_is_taken_away(path: Path, tmp_path: Path, cut: int) -> None:
    first, second = kept(path, owners(tmp_path, {}, {})).values()
    path.write_bytes(path.read_bytes()[:-cut])
    again = kept(path, owners(tmp_path, {}, {}))
    assert next(iter(again.values())) == first
    assert second not in again.values()
    assert [row[1] for row in rows(path)[1:]] == list(again.values())


def test_a_last_line_without_its_line_end_is_kept(path: Path, tmp_path: Path) -> None:
    kept(path, owners(tmp_path, {}, {}))
    before = rows(path)
    path.write_bytes(path.read_bytes().rstrip(b"\r\n"))
    kept(path, owners(tmp_path, {}, {}))
    assert rows(path) == before


def test_names_that_look_like_formulas_are_neutral_in_it(path: Path, tmp_path: Path) -> None:
    line = {"identifiant": "-12", "nom": "=cmd"}
    kept(path, owners(tmp_path, line))
    assert (rows(path)[1][0], rows(path)[1][2]) == ("'-12", "'=cmd")
    before = rows(path)
    kept(path, owners(tmp_path, line))
    assert rows(path) == before


def test_the_credentials_of_another_agency_are_refused(path: Path, tmp_path: Path) -> None:
    kept(path, owners(tmp_path, {}))
    assert "this file is of the agency 1001/01" in refused(path, "2002/01")


def test_a_credentials_file_others_can_read_is_refused(path: Path) -> None:
    path.touch(0o644)
    path.chmod(0o644)
    assert "chmod 600" in refused(path)


def test_a_link_somebody_laid_is_not_followed(path: Path, tmp_path: Path) -> None:
    (tmp_path / "target").touch(0o600)
    path.symlink_to(tmp_path / "target")
    assert refused(path)


def test_a_file_in_use_by_another_import_is_refused(path: Path) -> None:
    with CredentialsFile(path, "1001/01"):
        assert "Another import" in refused(path)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a;b\r\n", "expected the columns"),
        (f"{HEADER_LINE}P1;x\r\n", "expected 7 cells"),
        (f"{HEADER_LINE}P1;hand-made;A;B;1001/01;;\r\n", "not one that moncompte"),
        (f'{HEADER_LINE}"P1\r\n', "no longer the file"),
    ],
)
def test_a_file_changed_by_hand_is_refused_with_its_line(path: Path, content: str, what: str) -> None:
    path.touch(0o600)
    path.write_text(content, encoding="utf-8", newline="")
    message = refused(path)
    assert what in message
    assert "hand-made" not in message
    assert path.read_text(encoding="utf-8").splitlines() == content.splitlines()
