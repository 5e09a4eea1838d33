"""Loading owners: asked first, passwords on disk before they are sent, and run again without harm."""

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from provisioning import sending
from provisioning.credentials_file import CredentialsFile
from provisioning.errors import BadInputError, CredentialsFileError, RefusedError, ServerUnreachableError
from provisioning.keycloak import Json, Keycloak
from provisioning.owners import BATCH, SLOW_BATCH, Loader, Options, Report, Target
from provisioning.owners_file import COLUMNS, Owner, OwnersFile, Problem, Rejected
from provisioning.passwords import is_generated


class Server(Keycloak):
    """Stands in for a server: keeps owners, answers as the resource of the extension does."""

    def __init__(self) -> None:
        self.owners: dict[str, Json] = {}
        self.refused: dict[str, str] = {}
        self.personal: set[str] = set()
        self.requests: list[tuple[bool, list[Json]]] = []
        self.before_send: Callable[[list[Json]], None] = lambda _: None
        self.lock = threading.Lock()

    def again(self) -> Keycloak:
        return self

    def load_owners(
        self,
        realm: str,
        alias: str,
        owners: Sequence[str],
        *,
        dry_run: bool,
        replace_passwords: bool,
        same_person: bool,
    ) -> list[Json]:
        assert (realm, alias, same_person) == ("moncompte", "1001-01", False)
        sent = [json.loads(owner) for owner in owners]
        with self.lock:
            self.requests.append((dry_run, sent))
            if not dry_run:
                self.before_send(sent)
            return [self._load(owner, dry_run, replace_passwords) for owner in sent]

    def _load(self, owner: Json, dry_run: bool, replace_passwords: bool) -> Json:
        name = owner["identifier"]
        if name in self.refused:
            return {"identifier": name, "outcome": "refused", "state": None, "reason": self.refused[name]}
        known = self.owners.get(name)
        state = "personal" if name in self.personal else "provisional"
        plain = {key: value for key, value in owner.items() if key != "password"}
        if known is None and not dry_run and owner["password"] is None:
            return {"identifier": name, "outcome": "refused", "state": state, "reason": "password_missing"}
        same = known is not None and {key: known[key] for key in plain} == plain
        if same and not (replace_passwords and owner["password"]):
            return {"identifier": name, "outcome": "unchanged", "state": state, "reason": None}
        if not dry_run:
            kept = owner["password"] or (known or {}).get("password")
            self.owners[name] = plain | {"password": kept}
        return {
            "identifier": name,
            "outcome": "created" if known is None else "updated",
            "state": state,
            "reason": None,
        }


@pytest.fixture
def server() -> Server:
    return Server()


def owners_csv(tmp_path: Path, *owners: dict[str, str]) -> Path:
    lines = [";".join(COLUMNS)]
    for number, owner in enumerate(owners, 1):
        values = {
            "identifiant": f"P{number}",
            "nom": f"NOM{number}",
            "profil": "locataire",
            "reference": "R",
        } | owner
        lines.append(";".join(values.get(column, "") for column in COLUMNS))
    path = tmp_path / "owners.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


class Heard(Report):
    """What an import told, kept."""

    def __init__(self) -> None:
        self.remarks: list[Problem] = []
        self.lines: list[Rejected] = []
        self.owners: list[tuple[str, str]] = []
        self.done = 0
        self.waits: list[int] = []

    def remark(self, problem: Problem) -> None:
        self.remarks.append(problem)

    def rejected(self, line: Rejected) -> None:
        self.lines.append(line)

    def planned(self, owner: Owner, outcome: str) -> None:
        self.owners.append((owner.identifier, outcome))

    def progress(self, done: int) -> None:
        self.done += done

    def waiting(self, seconds: int) -> None:
        self.waits.append(seconds)

    @property
    def problems(self) -> list[Problem]:
        """Everything that was said of the file."""
        return [*self.remarks, *(problem for line in self.lines for problem in line.problems)]


def load(
    server: Server, path: Path, credentials: Path | None = None, *, dry_run: bool = False, **options: bool
) -> tuple[Loader, Heard]:
    heard = Heard()
    loader = Loader(server, Target("moncompte", "1001", "01"), OwnersFile(path), Options(**options), heard)
    loader.plan()
    if dry_run:
        return loader, heard
    if credentials is None:
        loader.require_credentials("fr")
        loader.send(None)
        return loader, heard
    with CredentialsFile(credentials, "1001/01") as keep:
        loader.send(keep)
    return loader, heard


def rows(path: Path) -> list[list[str]]:
    return [line.split(";") for line in path.read_text(encoding="utf-8-sig").splitlines()]


def test_new_owners_are_created_with_hashed_passwords_only(server: Server, tmp_path: Path) -> None:
    loader, heard = load(server, owners_csv(tmp_path, {"mot_de_passe": "Tulipe-4821"}))
    assert (loader.done.created, heard.problems) == (1, [])
    assert server.owners["P1"]["password"]["algorithm"] == "argon2"
    assert "Tulipe" not in repr(server.requests)


def test_the_same_file_again_sends_nothing(server: Server, tmp_path: Path) -> None:
    path = owners_csv(tmp_path, {"mot_de_passe": "Tulipe-4821"}, {"mot_de_passe": "Jasmin-5512"})
    load(server, path)
    server.requests.clear()
    loader, _ = load(server, path)
    assert loader.done.unchanged == 2
    assert [dry_run for dry_run, _ in server.requests] == [True]


def test_a_dry_run_counts_and_changes_nothing(server: Server, tmp_path: Path) -> None:
    loader, _ = load(server, owners_csv(tmp_path, {}, {"mot_de_passe": "Jasmin-5512"}), dry_run=True)
    assert (loader.planned.created, loader.to_generate, server.owners) == (2, 1, {})
    assert all(dry_run for dry_run, _ in server.requests)


def test_without_a_place_for_generated_passwords_nothing_is_loaded(server: Server, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="--credentials") as caught:
        load(server, owners_csv(tmp_path, {"mot_de_passe": "Tulipe-4821"}, {}))
    assert "ligne 3" in str(caught.value)
    assert caught.value.exit_code == 2
    assert server.owners == {}


def test_a_generated_password_is_on_disk_before_it_is_sent(server: Server, tmp_path: Path) -> None:
    credentials = tmp_path / "letters.csv"
    seen: list[int] = []
    server.before_send = lambda _: seen.append(len(rows(credentials)))
    load(server, owners_csv(tmp_path, {}, {"prenom": "Jean"}), credentials)
    assert seen == [3]
    assert rows(credentials)[0] == ["identifiant", "mot_de_passe", "nom", "prenom", "agence"]
    assert [(row[0], is_generated(row[1]), row[2:]) for row in rows(credentials)[1:]] == [
        ("P1", True, ["NOM1", "", "1001/01"]),
        ("P2", True, ["NOM2", "Jean", "1001/01"]),
    ]
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert server.owners["P1"]["password"]["generated"] is True


def test_run_again_after_the_server_went_away_the_same_passwords_are_used(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WAITS", (0,))
    path, credentials = owners_csv(tmp_path, {}, {}), tmp_path / "letters.csv"

    def gone(_: list[Json]) -> None:
        raise ServerUnreachableError("gone")

    server.before_send = gone
    with pytest.raises(ServerUnreachableError):
        load(server, path, credentials)
    before = rows(credentials)
    server.before_send = lambda _: None
    loader, _ = load(server, path, credentials)
    assert rows(credentials) == before
    assert loader.done.created == 2


def test_a_line_cut_short_by_a_crash_is_taken_away(server: Server, tmp_path: Path) -> None:
    path, credentials = owners_csv(tmp_path, {}, {}), tmp_path / "letters.csv"
    load(server, path, credentials)
    content = credentials.read_bytes()
    first_kept = rows(credentials)[1]
    credentials.write_bytes(content[:-10])
    server.owners.clear()
    load(server, path, credentials)
    assert rows(credentials)[1] == first_kept
    assert len(rows(credentials)) == 3
    assert is_generated(rows(credentials)[2][1])


def test_a_last_line_without_its_line_end_is_kept(server: Server, tmp_path: Path) -> None:
    path, credentials = owners_csv(tmp_path, {}, {}), tmp_path / "letters.csv"
    load(server, path, credentials)
    before = rows(credentials)
    credentials.write_bytes(credentials.read_bytes().rstrip(b"\r\n"))
    server.owners.clear()
    load(server, path, credentials)
    assert rows(credentials) == before


def test_existing_owners_keep_their_password_unless_asked(server: Server, tmp_path: Path) -> None:
    load(server, owners_csv(tmp_path, {"mot_de_passe": "Tulipe-4821"}))
    kept = server.owners["P1"]["password"]
    path = owners_csv(tmp_path, {"mot_de_passe": "Autre-1111", "ville": "Marseille"})
    loader, _ = load(server, path)
    assert (loader.done.updated, server.owners["P1"]["password"]) == (1, kept)
    loader, _ = load(server, path, replace_passwords=True)
    assert loader.done.updated == 1
    assert server.owners["P1"]["password"] != kept


def test_a_personal_account_is_never_sent_a_password(server: Server, tmp_path: Path) -> None:
    load(server, owners_csv(tmp_path, {"mot_de_passe": "Tulipe-4821"}))
    server.personal.add("P1")
    load(
        server,
        owners_csv(tmp_path, {"mot_de_passe": "Tulipe-4821", "ville": "Nantes"}),
        replace_passwords=True,
    )
    _, sent = server.requests[-1]
    assert sent[0]["password"] is None


def test_what_the_server_refuses_is_reported_by_line_and_the_others_go_in(
    server: Server, tmp_path: Path
) -> None:
    server.refused = {"P1": "another_person", "P2": "something_new"}
    path = owners_csv(
        tmp_path,
        {},
        {},
        {"mot_de_passe": "Jasmin-5512"},
        {"identifiant": "P1", "nom": "NOM1", "reference": "S"},
    )
    loader, heard = load(server, path)
    assert {(problem.line, problem.column) for problem in heard.problems} == {(2, "nom"), (5, "nom"), (3, "")}
    assert "something_new" in next(one for one in heard.problems if one.line == 3).reason("fr")
    assert (loader.done.created, loader.done.refused) == (1, 3)


def test_batches_hold_no_more_than_the_server_takes(server: Server, tmp_path: Path) -> None:
    load(server, owners_csv(tmp_path, *({} for _ in range(BATCH + 1))), tmp_path / "letters.csv")
    assert sorted(len(owners) for dry_run, owners in server.requests if dry_run) == [1, BATCH]
    assert sorted(len(owners) for dry_run, owners in server.requests if not dry_run) == [1, BATCH]


def test_batches_of_owners_with_much_to_say_stay_below_the_servers_limit(
    server: Server, tmp_path: Path
) -> None:
    wide = {"adresse": "é" * 255, "adresse_bien": "𝒳" * 255}
    owners = (
        {"identifiant": f"P{n // 40}", "nom": "LEFÈVRE", "reference": f"R{n}"} | wide for n in range(4000)
    )
    load(server, owners_csv(tmp_path, *owners), tmp_path / "letters.csv")
    sizes = [len(json.dumps(sent).encode()) for _, sent in server.requests]
    assert max(sizes) < 8 << 20
    assert sum(len(sent) for dry_run, sent in server.requests if dry_run) == 100
    assert len(server.requests) < 12


# ---------------------------------------------------------------- the credentials file


def refused(path: Path, agency: str = "1001/01") -> str:
    with pytest.raises(CredentialsFileError) as caught, CredentialsFile(path, agency):
        pass
    return str(caught.value)


def test_the_credentials_of_another_agency_are_refused(server: Server, tmp_path: Path) -> None:
    credentials = tmp_path / "letters.csv"
    load(server, owners_csv(tmp_path, {}), credentials)
    assert "this file is of the agency 1001/01" in refused(credentials, "2002/01")


def test_a_credentials_file_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.touch(0o644)
    path.chmod(0o644)
    assert "chmod 600" in refused(path)


def test_a_link_somebody_laid_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").touch(0o600)
    (tmp_path / "letters.csv").symlink_to(tmp_path / "target")
    assert refused(tmp_path / "letters.csv")


def test_a_file_in_use_by_another_import_is_refused(tmp_path: Path) -> None:
    with CredentialsFile(tmp_path / "letters.csv", "1001/01"):
        assert "Another import" in refused(tmp_path / "letters.csv")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a;b\r\n", "expected the columns"),
        ("identifiant;mot_de_passe;nom;prenom;agence\r\nP1;x\r\n", "expected 5 cells"),
        (
            "identifiant;mot_de_passe;nom;prenom;agence\r\nP1;hand-made;A;B;1001/01\r\n",
            "not one that moncompte",
        ),
        ('identifiant;mot_de_passe;nom;prenom;agence\r\n"P1\r\n', "no longer the file"),
    ],
)
def test_a_file_changed_by_hand_is_refused_with_its_line(tmp_path: Path, content: str, what: str) -> None:
    path = tmp_path / "letters.csv"
    path.touch(0o600)
    path.write_text(content, encoding="utf-8", newline="")
    message = refused(path)
    assert what in message
    assert "hand-made" not in message
    assert path.read_text(encoding="utf-8").splitlines() == content.splitlines()


def test_names_that_look_like_formulas_are_neutral_in_it(server: Server, tmp_path: Path) -> None:
    credentials = tmp_path / "letters.csv"
    owner: dict[str, Any] = {"identifiant": "-12", "nom": "=cmd"}
    load(server, owners_csv(tmp_path, owner), credentials)
    assert (rows(credentials)[1][0], rows(credentials)[1][2]) == ("'-12", "'=cmd")
    kept = rows(credentials)
    server.owners.clear()
    load(server, owners_csv(tmp_path, owner), credentials)
    assert rows(credentials) == kept


# ---------------------------------------------------------------- several requests at a time


def test_passwords_that_take_long_to_hash_go_in_small_batches(server: Server, tmp_path: Path) -> None:
    owners = ({"mot_de_passe": f"Tulipe-{number}-x"} for number in range(SLOW_BATCH + 1))
    load(server, owners_csv(tmp_path, *owners))
    assert sorted(len(owners) for dry_run, owners in server.requests if not dry_run) == [1, SLOW_BATCH]


def test_a_server_that_comes_back_is_sent_the_batch_again(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer is lost after the batch was done: nothing is made twice, and all counts as created."""
    monkeypatch.setattr(sending, "WAITS", (0, 0))
    path, credentials = owners_csv(tmp_path, {}, {}), tmp_path / "letters.csv"
    attempts: list[list[Json]] = []

    def lost(owners: list[Json]) -> None:
        attempts.append(owners)
        if len(attempts) == 1:
            for owner in owners:
                server.owners[owner["identifier"]] = owner
            raise ServerUnreachableError("the answer was lost")

    server.before_send = lost
    loader, heard = load(server, path, credentials)
    assert (loader.done.created, loader.done.unchanged) == (2, 0)
    assert attempts[0] == attempts[1]
    assert heard.waits == [0]


def test_a_server_that_was_never_there_is_not_waited_for(server: Server, tmp_path: Path) -> None:
    def gone(*_: object, **__: object) -> list[Json]:
        raise ServerUnreachableError("gone")

    server.load_owners = gone  # type: ignore[method-assign]
    heard = Heard()
    file = OwnersFile(owners_csv(tmp_path, {}))
    with pytest.raises(ServerUnreachableError):
        Loader(server, Target("moncompte", "1001", "01"), file, Options(), heard).plan()
    assert heard.waits == []


def test_a_server_that_stays_away_is_given_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WAITS", (0, 0, 0))

    def gone(_: list[Json]) -> None:
        raise ServerUnreachableError("gone")

    server.before_send = gone
    with pytest.raises(ServerUnreachableError, match="gone"):
        load(server, owners_csv(tmp_path, {}), tmp_path / "letters.csv")
    assert len([1 for dry_run, _ in server.requests if not dry_run]) == 4


def test_what_was_sent_counts_although_another_batch_failed(server: Server, tmp_path: Path) -> None:
    path = owners_csv(tmp_path, *({} for _ in range(2 * BATCH)))

    def second_fails(owners: list[Json]) -> None:
        if owners[0]["identifier"] != "P1":
            raise RefusedError("no", 500)

    server.before_send = second_fails
    heard = Heard()
    loader = Loader(server, Target("moncompte", "1001", "01"), OwnersFile(path), Options(), heard)
    loader.plan()
    with (
        CredentialsFile(tmp_path / "letters.csv", "1001/01") as keep,
        pytest.raises(RefusedError),
    ):
        loader.send(keep)
    assert loader.done.created == BATCH == len(server.owners)


def test_the_plan_tells_what_becomes_of_each_owner(server: Server, tmp_path: Path) -> None:
    load(server, owners_csv(tmp_path, {"mot_de_passe": "Tulipe-4821"}, {"mot_de_passe": "Jasmin-5512"}))
    path = owners_csv(
        tmp_path, {"mot_de_passe": "Tulipe-4821"}, {"mot_de_passe": "Jasmin-5512", "ville": "Nantes"}, {}
    )
    loader, heard = load(server, path, dry_run=True)
    assert heard.owners == [("P1", "unchanged"), ("P2", "updated"), ("P3", "created")]
    assert (loader.to_send, heard.done) == (2, 3)


def test_a_request_stays_below_what_the_server_takes_however_long_the_lines(
    server: Server, tmp_path: Path
) -> None:
    """8 MB. The worst there is: each value as long as it may be, of characters that take the most room."""
    longest = "\\" * 255
    wide = dict.fromkeys(("nom", "prenom", "adresse", "ville", "adresse_bien"), longest)
    many = [{"identifiant": "MANY", "reference": f"{n:03}{longest[3:]}"} | wide for n in range(1000)]
    others = [{"reference": f"{n:03}{longest[3:]}"} | wide for n in range(600)]
    sizes: list[int] = []
    server.before_send = lambda owners: sizes.append(len(json.dumps(owners, ensure_ascii=False).encode()))
    loader, heard = load(server, owners_csv(tmp_path, *many, *others), tmp_path / "letters.csv")
    assert (loader.done.created, heard.problems) == (601, [])
    assert max(sizes) < 8 << 20


def test_a_hundred_thousand_owners_are_loaded_in_bounded_memory(tmp_path: Path) -> None:
    """Of two contracts each, the second half a file apart: under 300 MB with Python and its libraries."""
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 300


_MEMORY = """
import resource, sys
from pathlib import Path
from tests.unit.test_owners_load import Heard, Server
from provisioning import owners
from provisioning.credentials_file import CredentialsFile
from provisioning.owners_file import COLUMNS, OwnersFile

class Forgetful(Server):
    def load_owners(self, realm, alias, owners, **options):
        return [{"outcome": "created", "state": "provisional"} for _ in owners]

folder = Path(sys.argv[1])
with (folder / "owners.csv").open("w", encoding="utf-8") as file:
    print(";".join(COLUMNS), file=file)
    for contract in "AB":
        for number in range(50_000):
            person = f"P{number};;Madame;LEFÈVRE;Hélène;p{number}@exemple.fr;04 91 55 10 20;"
            place = ";12 rue de l'Évêché;13002;Marseille;copropriétaire"
            print(f"{person}{place};{contract}-{number};lot {number}", file=file)
owners.hashed_generated = lambda password: {"value": "x"}  # hashing takes no memory, but half a minute
target = owners.Target("moncompte", "1001", "01")
loader = owners.Loader(Forgetful(), target, OwnersFile(folder / "owners.csv"), owners.Options(), Heard())
loader.plan()
with CredentialsFile(folder / "letters.csv", "1001/01") as keep:
    loader.send(keep)
assert loader.done.created == 50_000, loader.done
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_a_file_that_changes_nothing_is_read_once_and_asked_about_once(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = owners_csv(tmp_path, *({} for _ in range(3)))
    load(server, path, tmp_path / "letters.csv")
    server.requests.clear()
    reads: list[Path] = []
    read = OwnersFile.read

    def counted(file: OwnersFile) -> Iterator[Owner | Problem | Rejected]:
        reads.append(file.path)
        return read(file)

    monkeypatch.setattr(OwnersFile, "read", counted)
    loader, _ = load(server, path, tmp_path / "letters.csv")
    assert loader.done.unchanged == 3
    assert reads == [path]
    assert [dry_run for dry_run, _ in server.requests] == [True]
