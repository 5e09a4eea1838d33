"""What an import holds in memory between its plan and sending."""

from pathlib import Path

import pytest

from provisioning.owners import load as owners
from provisioning.owners.file import Owner, OwnersFile
from provisioning.owners.load import Kept, Wanted

HEADER = (
    "identifiant;mot_de_passe;civilite;nom;prenom;email;telephone;mobile;adresse;code_postal;ville;"
    "profil;reference;adresse_bien"
)


def line(identifier: str, password: str = "") -> str:
    """A line of owners.csv."""
    return f"{identifier};{password};Madame;LEFÈVRE;Hélène;;;;;;;locataire;REF-{identifier};"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "owners.csv"


def kept_of(file: Path, *lines: str) -> Kept:
    """What is kept of a file of new owners."""
    file.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    kept = Kept()
    for owner in OwnersFile(file).read():
        assert isinstance(owner, Owner)
        kept.add(Wanted(owner, "created", needs_password=True))
    return kept


def test_the_owners_of_a_file_of_usual_size_are_kept_in_their_order(file: Path) -> None:
    kept = kept_of(file, line("P2"), line("P1"), line("P3"))
    assert kept.all is not None
    assert [wanted.owner.identifier for wanted in kept.all] == ["P2", "P1", "P3"]


def test_of_a_large_file_none_is_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "KEPT_CHARACTERS", 2 * len(line("P1")))
    assert kept_of(file, line("P1"), line("P2")).all is not None
    assert kept_of(file, line("P1"), line("P2"), line("P3"), line("P4")).all is None


def test_a_password_that_the_agency_chose_is_not_kept(file: Path) -> None:
    assert kept_of(file, line("P1"), line("P2", "Tulipe-4821"), line("P3")).all is None
