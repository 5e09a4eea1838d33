"""A file that is loaded again: who is held exactly so is not sent, and whatever changed on either side is
noticed (rule 9). The server says by digests what it holds."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.owners import digests
from tests.integration.between import Between
from tests.integration.desk import Capture, Desk, merge
from tests.integration.stage import Stage
from tests.integration.test_an_agency_sees_its_own import granted
from tests.integration.test_import_command import line, written
from tests.realms import Json

ODD = {
    "nom": '"LEFÈVRE ""de la"" Hé\\re"',
    "adresse": "12 rue de l'Évêché <b>& 🏠 \u2028",
    "email": "Helene.LEFEVRE@Exemple.FR",
    "telephone": "+33 6 11 22 33 44",
}


class Again:
    """A file at an agency's desk, and what is sent of it."""

    def __init__(self, stage: Stage, directory: Path, capsys: Capture) -> None:
        self.stage = stage
        self.directory = directory
        self._capsys = capsys

    @contextlib.contextmanager
    def between(self) -> Iterator[Between]:
        """What passes between the command and the server."""
        with Between(self.stage.realm.server.url) as between:
            yield between

    def load(self, *lines: str, options: tuple[str, ...] = (), through: Between | None = None) -> str:
        """Loads a file; the counts, `created updated unchanged refused`, and how many owners were asked about
        or sent: `0 0 2 0, sent 0`."""
        file = written(self.directory, *lines)
        self._capsys.readouterr()
        with contextlib.ExitStack() as stack:
            between = through or stack.enter_context(self.between())
            between.asked.clear()
            desk = Desk(self.stage, url=between.url)
            code = desk.run("import", file, "--credentials", self.directory / "letters.csv", *options)
            sent = sum(one.body.count(b'"identifier":') for one in between.asked)
        said = self._capsys.readouterr()
        assert code in (0, 3), said.err
        counts = said.out[said.out.rindex("created: ") :].splitlines()[0]
        return f"{' '.join(part.split(': ')[1] for part in counts.split(', '))}, sent {sent}"


@pytest.fixture
def again(stage: Stage, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> Again:
    """The agency has more owners than these files: all digests are asked for all the same."""
    monkeypatch.setattr(digests, "LEAST_LINE", 1)
    return Again(stage, tmp_path, capsys)


def two(identifier: str) -> list[str]:
    """The lines of an owner of two contracts."""
    return [line(identifier, reference=reference, profil="locataire") for reference in ("B", "A")]


def test_of_a_file_that_is_loaded_already_nobody_is_sent(
    again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "PAGE", 2)
    lines = [
        line("K1"),
        *two("K2"),
        line("K3 É/1", **ODD),
        line("K4", prenom="", email="", nom="SCI LES TILLEULS"),
        line("k5", adresse="x" * 200, ville="é" * 200),
    ]
    assert again.load(*lines) == "5 0 0 0, sent 10"
    with again.between() as between:
        assert again.load(*lines, through=between) == "0 0 5 0, sent 0"
        assert between.count("GET", "/digests") > 2  # pages of two
    # Neither the order of the lines nor how a line is written counts, but what it says.
    reordered = [*reversed(lines[1:]), lines[0].replace("LEFÈVRE", '" LEFE\N{COMBINING GRAVE ACCENT}VRE "')]
    assert again.load(*reordered) == "0 0 5 0, sent 0"


def test_what_changes_in_the_file_is_sent_and_nothing_else(again: Again) -> None:
    lines = [line("L1"), line("L2"), *two("L3")]
    again.load(*lines)
    changed = [line("L1"), line("L2", telephone="01 02 03 04 05"), *two("L3"), line("L4")]
    assert again.load(*changed, options=("--dry-run",)).endswith("sent 2")
    assert again.load(*changed) == "1 1 2 0, sent 4"
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
    assert again.load(*lines) == "2 4 1 0, sent 12"
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
    assert again.load(changed.replace("LEFEVRE;Hélène", "AUTRE;Paul"), lines[1]) == "0 0 1 1, sent 1"
    assert again.load(changed.replace("REF-O1", "NEUF"), lines[1]) == "0 1 1 0, sent 2"
    held = [one["reference"] for one in Desk(stage).show("O1")["contracts"] if one["identifier"] == "O1"]
    assert sorted(held) == ["NEUF", "REF-O1"]


def test_passwords_to_be_replaced_are_never_passed_over(again: Again) -> None:
    again.load(line("Q1", "Tulipe-premiere"))
    assert again.load(line("Q1", "Tulipe-seconde"), options=("--replace-passwords",)) == "0 1 0 0, sent 2"
    assert again.stage.browser().prove("1001", "01", "Q1", "Tulipe-seconde").screen == "login-address"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"error": "HTTP 404 Not Found"}),
        (500, b"<html>a proxy's page</html>"),
        (200, {"digests": ["R1"], "next": None}),
        (200, {"digests": {"r1": 5, "r2": "0" * 32}, "next": None}),
        (200, {}),
    ],
)
def test_where_the_server_does_not_say_what_it_holds_everybody_is_sent(
    again: Again, status: int, body: Json | bytes
) -> None:
    """An extension of an earlier version, or a server that fails at that moment."""
    lines = [line("R1"), line("R2")]
    again.load(*lines)
    with again.between() as between:
        between.replace("GET", "/digests", status, body)
        assert again.load(*lines, through=between) == "0 0 2 0, sent 2"


def test_a_small_file_does_not_ask_what_a_large_agency_holds(
    again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "PAGE", 2)
    monkeypatch.setattr(digests, "LEAST_LINE", 40)
    lines = [line(f"S{number}") for number in range(1, 30)]
    again.load(*lines)
    with again.between() as between:
        assert again.load(lines[-1], through=between) == "0 0 1 0, sent 1"
        assert between.count("GET", "/digests") < 8


# ---- the resource


def test_the_digests_come_page_by_page_in_the_order_of_the_identifiers(again: Again) -> None:
    again.load(*[line(f"T{number}") for number in range(1, 6)])
    desk = Desk(again.stage)
    first = desk.read("digests", first="t", max="3")
    assert (sorted(first["digests"]), first["next"]) == (["t1", "t2", "t3"], "t4")
    rest = desk.read("digests", first="t4")
    assert sorted(rest["digests"])[:2] == ["t4", "t5"]
    assert rest["next"] is None
    values = [*first["digests"].values(), *rest["digests"].values()]
    assert len(set(values)) == len(values)
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in values)
    for most in ("0", "-1"):
        assert len(desk.read("digests", max=most)["digests"]) == 1


def test_an_agency_is_told_of_its_own_owners_only(again: Again) -> None:
    again.load(line("U1"))
    again.stage.load("U2", agency="1001/02")
    agency = granted(again.stage.realm, "1001/01", name="it-digests")
    own = agency.resource("1001-01", path="digests").json()["digests"]
    assert "u1" in own
    assert "u2" not in own
    assert agency.resource("1001-02", path="digests").status_code == 403
