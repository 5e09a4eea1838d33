"""A file that is loaded again: whatever changed on either side is noticed and put right (specification,
rule 9)."""

import json
from pathlib import Path

import pytest

from tests.integration.between import Between
from tests.integration.desk import Capture, Desk, merge
from tests.integration.stage import Stage
from tests.integration.test_import_command import line, written

ODD = {
    "nom": '"LEFÈVRE ""de la"" Hé\\re"',
    "adresse": "12 rue de l'Évêché <b>& 🏠 \u2028",
    "email": "Helene.LEFEVRE@Exemple.FR",
    "telephone": "+33 6 11 22 33 44",
}


class Again:
    """A file at an agency's desk, and what a load of it says."""

    def __init__(self, stage: Stage, directory: Path, capsys: Capture) -> None:
        self.stage = stage
        self._directory = directory
        self._capsys = capsys

    def load(self, *lines: str) -> str:
        """Loads a file; the counts, `created updated unchanged refused`, and how many owners were sent:
        `0 0 2 0, sent 0`."""
        file = written(self._directory, *lines)
        self._capsys.readouterr()
        with Between(self.stage.realm.server.url) as between:
            desk = Desk(self.stage, url=between.url)
            code = desk.run("import", file, "--credentials", self._directory / "letters.csv")
            bodies = [json.loads(one.body) for one in between.asked if one.path.endswith("/owners")]
        said = self._capsys.readouterr()
        assert code in (0, 3), said.err
        counts = said.out[said.out.rindex("created: ") :].splitlines()[0]
        sent = sum(len(body["owners"]) for body in bodies if not body["dry_run"])
        return f"{' '.join(part.split(': ')[1] for part in counts.split(', '))}, sent {sent}"


@pytest.fixture
def again(stage: Stage, tmp_path: Path, capsys: Capture) -> Again:
    return Again(stage, tmp_path, capsys)


def two(identifier: str) -> list[str]:
    """The lines of an owner of two contracts."""
    return [line(identifier, reference=reference, profil="locataire") for reference in ("B", "A")]


def test_of_a_file_that_is_loaded_already_nobody_is_sent(again: Again) -> None:
    lines = [
        line("K1"),
        *two("K2"),
        line("K3 É/1", **ODD),
        line("K4", prenom="", email="", nom="SCI LES TILLEULS"),
        line("k5", adresse="x" * 200, ville="é" * 200),
    ]
    assert again.load(*lines) == "5 0 0 0, sent 5"
    assert again.load(*lines) == "0 0 5 0, sent 0"
    # Neither the order of the lines nor how a line is written counts, but what it says.
    reordered = [*reversed(lines[1:]), lines[0].replace("LEFÈVRE", '" LEFE\N{COMBINING GRAVE ACCENT}VRE "')]
    assert again.load(*reordered) == "0 0 5 0, sent 0"


def test_what_changes_in_the_file_is_sent_and_nothing_else(again: Again) -> None:
    again.load(line("L1"), line("L2"), *two("L3"))
    changed = [line("L1"), line("L2", telephone="01 02 03 04 05"), *two("L3"), line("L4")]
    assert again.load(*changed) == "1 1 2 0, sent 2"
    assert again.load(*changed) == "0 0 4 0, sent 0"


def test_what_was_changed_on_the_server_meanwhile_is_noticed_and_put_right(again: Again) -> None:
    stage, desk = again.stage, Desk(again.stage)
    names = [f"M{number}" for number in range(1, 8)]
    lines = [line(name) for name in names]
    again.load(*lines)
    before = {name: stage.account(name) for name in names}
    stage.admin.update(before["M1"], lastName="CORRIGÉ PAR L'OPÉRATEUR")
    stage.admin.update(before["M2"], firstName="")
    [agency] = stage.admin.read("organizations", q="alias:1001-01")
    stage.admin.do("DELETE", f"organizations/{agency['id']}/members/{before['M3']['id']}")
    ended = {"contracts": [{"identifier": "M4", "reference": "REF-M4", "role": "locataire"}]}
    assert desk.post("contracts/end", ended) == {"ended": 1}
    assert desk.run("release", "M5", "--yes") == 0
    stage.admin.do("DELETE", f"users/{before['M6']['id']}")
    assert again.load(*lines) == "2 4 1 0, sent 6"
    for name in ("M1", "M2", "M3", "M4"):
        after = stage.account(name)
        assert (after["lastName"], after["firstName"]) == ("LEFÈVRE", "Hélène")
        assert after["attributes"]["contracts"] == before[name]["attributes"]["contracts"]
        member = stage.admin.read(f"organizations/members/{after['id']}/organizations")
        assert [one["alias"] for one in member] == ["1001-01"]
    assert again.load(*lines) == "0 0 7 0, sent 0"


def test_of_a_personal_account_only_what_the_agency_holds_counts(again: Again) -> None:
    """Activated with another address and merged: two identifiers of one agency, and one of another."""
    stage = again.stage
    email = f"personnelle-o@{stage.realm.name}.example"
    stage.load("O2")
    stage.load("O1", agency="1001/02")
    owner = stage.activated("O1", email)
    merge(owner, email, "O2")
    merge(owner, email, "O1", agency="1001/02")
    changed = line("O1", nom="LEFEVRE", profil="copropriétaire", telephone="01 02 03 04 05")
    lines = [changed, line("O2", profil="copropriétaire")]
    again.load(*lines)
    assert again.load(*lines) == "0 0 2 0, sent 0"
    # The other agency's words about the same person are none of this one's business.
    stage.load("O1", agency="1001/02", telephone="09 99 99 99 99")
    assert again.load(*lines) == "0 0 2 0, sent 0"
    # Who is named otherwise is refused, and a contract that the file no longer has stays.
    assert again.load(changed.replace("LEFEVRE;Hélène", "AUTRE;Paul"), lines[1]) == "0 0 1 1, sent 0"
    assert again.load(changed.replace("REF-O1", "NEUF"), lines[1]) == "0 1 1 0, sent 1"
    held = [one["reference"] for one in Desk(stage).show("O1")["contracts"] if one["identifier"] == "O1"]
    assert sorted(held) == ["NEUF", "REF-O1"]
