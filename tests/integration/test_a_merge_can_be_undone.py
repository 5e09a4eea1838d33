"""`moncompte owners unmerge` undoes a merge without losing what changed since (rules 4, 6, 10)."""

import csv
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioning.owners.credentials import CredentialsFile
from provisioning.owners.passwords import generate, hashed_generated, is_generated
from tests.integration.between import Between
from tests.integration.desk import Terminal
from tests.integration.stage import PERSONAL, Stage, eventually, local, provisional, username
from tests.owner import Owner, claims
from tests.realms import Json, RealmMaker
from tools.mailbox import Mailbox

TOLD = "Des contrats ont été retirés de votre compte"
Capture = pytest.CaptureFixture[str]


def merge(owner: Owner, email: str, identifier: str, agency: str = "1001/01") -> None:
    """S1 → S7 → S8 → « Comptes associés »."""
    page = owner.get(owner.start(*agency.split("/")).link("Je fusionne mes comptes"))
    page = owner.submit(page, email=email, identifier=identifier, password=provisional(identifier))
    assert page.screen == "login-merge-password", page.text
    page = owner.submit(page, password=PERSONAL)
    assert page.screen == "login-merged", page.text


def merged(stage: Stage, kept: str, moved: str, agency: str = "1001/01") -> Owner:
    """An owner who has activated `kept` at 1001/01 and merged `moved` into it; the browser."""
    owner = stage.activated(kept)
    stage.load(moved, agency=agency)
    merge(owner, stage.address(kept), moved, agency)
    return owner


def command(
    stage: Stage,
    identifier: str,
    *options: str | Path,
    agency: str = "1001/01",
    url: str | None = None,
) -> int:
    """`moncompte owners unmerge` in the realm of the stage, perhaps by another address; its exit code."""
    return stage.realm.moncompte(
        *("owners", "unmerge", identifier, "--agency", agency, "--realm", stage.realm.name),
        *("--lang", "en", *options),
        url=url,
    )


def letters(stage: Stage) -> Path:
    """The file that new passwords are written to."""
    return stage.realm.directory / "letters.csv"


def undo(stage: Stage, identifier: str, agency: str = "1001/01") -> str:
    """Undoes the only merge of an identifier; its new provisional password."""
    file = letters(stage).with_name(f"letters-{agency.replace('/', '-')}.csv")
    assert command(stage, identifier, "--credentials", file, "--yes", agency=agency) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    return written(file, identifier)[-1]["mot_de_passe"]


def written(file: Path, identifier: str) -> list[dict[str, str]]:
    """The lines of an identifier in a file of passwords."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter=";") if row["identifiant"] == identifier]


def show(stage: Stage, capsys: Capture, identifier: str, agency: str = "1001/01") -> Json:
    """What `moncompte owners show --json` prints."""
    capsys.readouterr()
    code = stage.realm.moncompte(
        "owners", "show", identifier, "--agency", agency, "--realm", stage.realm.name, "--json"
    )
    assert code == 0
    shown: Json = json.loads(capsys.readouterr().out)
    return shown


def contracts(user: Json) -> list[tuple[str, str, str]]:
    """The contracts of a user as (identifier, reference, address)."""
    found = [json.loads(value) for value in user["attributes"].get("contracts", [])]
    return sorted((one["identifier"], one["reference"], one["address"]) for one in found)


def references(stage: Stage, owner: Owner, email: str) -> list[str]:
    """The references that the token of a new sign-in shows."""
    token = stage.signed_in(owner, email)["id_token"]
    return sorted(contract["reference"] for contract in claims(token)["contracts"])


# ---- it gives back


def test_the_identifier_is_provisional_again_and_can_be_activated_again(stage: Stage) -> None:
    merged(stage, "U1", "U1b")
    before = stage.admin.user(stage.address("U1"))
    password = undo(stage, "U1b")

    survivor = stage.admin.user(stage.address("U1"))
    assert survivor["id"] == before["id"]
    assert survivor["attributes"]["identifiers"] == ["1001/01/u1"]
    assert "merges" not in survivor["attributes"]
    given_back = stage.account("U1b")
    assert given_back["requiredActions"] == ["moncompte-activate"]
    assert (given_back["firstName"], given_back["lastName"]) == ("Hélène", "LEFÈVRE")
    assert stage.admin.credential_types(given_back) == ["provisional-password"]
    # No contract is lost or doubled.
    assert sorted(contracts(survivor) + contracts(given_back)) == contracts(before)
    assert [one[0] for one in contracts(survivor)] == ["U1"]
    assert [one[0] for one in contracts(given_back)] == ["U1b"]

    assert stage.browser().prove("1001", "01", "U1b", provisional("U1b")).screen == "login-provisional"
    other = stage.browser()
    page = other.prove("1001", "01", "U1b", password)
    assert page.value("email") == stage.address("U1b")
    page = other.submit(page, email=stage.address("U1b"))
    other.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    page = other.confirm(stage.link(stage.address("U1b")))
    assert page.screen == "login-address-confirmed", page.text
    assert references(stage, other, stage.address("U1b")) == ["REF-U1b"]
    assert references(stage, stage.browser(), stage.address("U1")) == ["REF-U1"]


def test_it_can_be_merged_and_undone_again(stage: Stage) -> None:
    owner = merged(stage, "U2", "U2b")
    email = stage.address("U2")
    before = contracts(stage.admin.user(email))
    used = []
    for _ in range(2):
        password = undo(stage, "U2b")
        used.append(password)
        page = owner.get(owner.start("1001", "01").link("Je fusionne mes comptes"))
        page = owner.submit(page, email=email, identifier="U2b", password=password)
        assert owner.submit(page, password=PERSONAL).screen == "login-merged"
        assert contracts(stage.admin.user(email)) == before
    file = letters(stage).with_name("letters-1001-01.csv")
    assert [row["mot_de_passe"] for row in written(file, "U2b")] == used
    assert used[0] != used[1], "the letter before is never used again"


def test_what_the_agency_changed_since_goes_back_too(stage: Stage) -> None:
    merged(stage, "U3", "U3b")
    stage.load("U3b", adresse_bien="3 rue Neuve", telephone="04 00 00 00 03", email="neuve@exemple.fr")
    stage.load("U3b", reference="AJOUT", telephone="04 00 00 00 03", email="neuve@exemple.fr")
    undo(stage, "U3b")

    given_back = stage.account("U3b")
    assert [one[1:] for one in contracts(given_back)] == [
        ("AJOUT", "12 rue de l'Évêché, lot 7"),
        ("REF-U3b", "3 rue Neuve"),
    ]
    assert "04 00 00 00 03" in json.loads(given_back["attributes"]["contacts"][0])
    assert given_back["attributes"]["suggested_email"] == ["neuve@exemple.fr"]
    assert [one[1] for one in contracts(stage.admin.user(stage.address("U3")))] == ["REF-U3"]
    # The agency's file still finds it: nothing is made twice.
    stage.load("U3b", reference="AJOUT", telephone="04 00 00 00 03", email="neuve@exemple.fr")
    assert len(contracts(stage.account("U3b"))) == 2


def test_what_the_owner_did_since_stays(stage: Stage) -> None:
    owner = merged(stage, "U4", "U4b")
    stage.load("U4c", agency="2002/01")
    merge(owner, stage.address("U4"), "U4c", "2002/01")
    undo(stage, "U4b")
    survivor = stage.admin.user(stage.address("U4"))
    assert [one[1] for one in contracts(survivor)] == ["REF-U4", "REF-U4c"]
    assert len(survivor["attributes"]["merges"]) == 1


def test_membership_ends_with_the_last_contract(stage: Stage) -> None:
    email = stage.address("U5")
    owner = merged(stage, "U5", "U5b", "2002/01")
    token = stage.signed_in(owner, email)["id_token"]
    assert sorted(claims(token)["organization"]) == ["1001-01", "2002-01"]

    undo(stage, "U5b", "2002/01")
    assert stage.admin.sessions(stage.admin.user(email)) == []
    token = stage.signed_in(stage.browser(), email)["id_token"]
    assert sorted(claims(token)["organization"]) == ["1001-01"]

    # With another contract there, the owner stays.
    merged(stage, "U6", "U6b")
    undo(stage, "U6b")
    token = stage.signed_in(stage.browser(), stage.address("U6"))["id_token"]
    assert sorted(claims(token)["organization"]) == ["1001-01"]


# ---- it tells


def test_the_owner_is_told_and_events_stay(stage: Stage, capsys: Capture) -> None:
    merged(stage, "V1", "V1b")
    shown = show(stage, capsys, "V1b")
    assert [(one["identifiers"], len(one["contracts"])) for one in shown["merges"]] == [(["V1b"], 1)]
    assert [event.get("action", event["type"]) for event in shown["events"]] == ["merge", "REGISTER"]
    assert shown["events"][0]["merge_id"] == shown["merges"][0]["id"]
    assert "127.0.0.1" not in json.dumps(shown)
    assert shown == stage.admin.read("moncompte/v1/agencies/1001-01/owners/V1b")
    where = ("--agency", "1001/01", "--realm", stage.realm.name, "--lang", "fr")
    assert stage.realm.moncompte("owners", "show", "V1b", *where) == 0
    said = capsys.readouterr().out
    [found] = shown["merges"]
    assert "Fusions qui peuvent être annulées :" in said
    french = "%d/%m/%Y %H:%M"
    until = f"annulable jusqu'au {local(found['undoable_until'], french)}"
    assert f"{local(found['at'], french)} · V1b · contrats : 1 · {until} · {found['id']}" in said
    assert f"{local(shown['events'][0]['at'], french)} · fusion · V1b · Contrats : 1 · {found['id']}" in said
    assert f"{local(shown['events'][1]['at'], french)} · activation · V1" in said

    password = undo(stage, "V1b")
    assert password not in capsys.readouterr().out
    mail = stage.mail(stage.address("V1"), TOLD)
    for part in (mail.text, mail.html):
        for words in ("Agence du Vieux-Port", "V1b", "REF-V1b", "04 91 00 00 01"):
            assert words in part
        assert password not in part

    merge_id = shown["merges"][0]["id"]
    for identifier in ("V1", "V1b"):
        event = show(stage, capsys, identifier)["events"][0]
        assert (event["action"], event["merge_id"], event["identifier"]) == ("unmerge", merge_id, "V1b")
        assert event["contracts"] == "1"
    assert show(stage, capsys, "V1")["merges"] == []
    assert any(one["resourcePath"].endswith(f"merges/{merge_id}/undo") for one in stage.admin.admin_events())


def test_an_agency_is_shown_no_merges_and_events_of_another(stage: Stage, capsys: Capture) -> None:
    owner = merged(stage, "V2", "V2b")
    stage.load("V2c", agency="2002/01")
    merge(owner, stage.address("V2"), "V2c", "2002/01")
    shown = show(stage, capsys, "V2c", "2002/01")
    assert [one["identifiers"] for one in shown["merges"]] == [["V2c"]]
    assert [event["identifier"] for event in shown["events"]] == ["V2c"]
    assert "V2b" not in json.dumps(shown)


def test_a_dry_run_tells_and_changes_nothing(stage: Stage, tmp_path: Path, capsys: Capture) -> None:
    merged(stage, "V3", "V3b", "2002/01")
    before = stage.admin.user(stage.address("V3"))
    [found] = show(stage, capsys, "V3b", "2002/01")["merges"]
    options = ("--dry-run", "--credentials", tmp_path / "letters.csv")
    # However it is typed, and without a file of passwords as well as with one.
    assert command(stage, " v3B ", *options, agency="2002/01") == 0
    out = capsys.readouterr().out
    assert f"Merge {found['id']} of {local(found['at'])}. The identifier V3b (2002/01) leaves" in out
    assert "REF-V3b · copropriétaire · 12 rue de l'Évêché, lot 7" in out
    assert "v•••@" in out
    assert "has no other contract at the agency 2002/01 and leaves it" in out
    assert "Dry run, nothing was changed." in out
    assert list(tmp_path.iterdir()) == []
    assert command(stage, "V3b", "--dry-run", agency="2002/01") == 0
    assert capsys.readouterr().out == out
    assert stage.address("V3") not in out
    assert stage.admin.user(stage.address("V3")) == before
    assert stage.admin.read("users", username=username("V3b", "2002/01"), exact="true") == []


# ---- it asks


def test_the_new_password_is_on_disk_before_it_is_sent_and_nothing_is_done_unasked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    owner = stage.activated("V4")
    stage.load("V4b", nom="=DUPONT", prenom="Anne")
    merge(owner, stage.address("V4"), "V4b")
    before = stage.admin.user(stage.address("V4"))
    foreign, file = tmp_path / "foreign.csv", tmp_path / "letters.csv"
    with CredentialsFile(foreign, "2002/01") as other:
        other.renewed("V4b", "DUPONT", "Anne")
    capsys.readouterr()
    assert command(stage, "V4b", "--yes", "--credentials", foreign) == 2
    assert "2002/01" in capsys.readouterr().err
    assert command(stage, "V4b", "--credentials", file) == 2
    assert "--yes" in capsys.readouterr().err
    for typed in ("n\n", "\n"):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        assert command(stage, "V4b", "--credentials", file) == 1
        captured = capsys.readouterr()
        assert "REF-V4b" in captured.out
        assert "Undo this merge?" in captured.out + captured.err
        assert "Nothing was changed." in captured.err
    assert not file.exists()
    assert stage.admin.user(stage.address("V4")) == before

    kept: list[dict[str, str]] = []
    with Between(stage.realm.server.url) as line:
        monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
        # Asked twice: what would go back, when there is no file yet, and then to do it.
        line.before("POST", "/undo", lambda: kept.extend(written(file, "V4b") if file.exists() else []))
        assert command(stage, "V4b", "--credentials", file, url=line.url) == 0
        sent = [asked.body.decode() for asked in line.asked if asked.path.endswith("/undo")]
    [row] = kept
    assert is_generated(row["mot_de_passe"])
    assert [row[name] for name in ("nom", "prenom", "agence")] == ["'=DUPONT", "Anne", "1001/01"]
    assert file.stat().st_mode & 0o777 == 0o600
    captured = capsys.readouterr()
    assert len(sent) == 2
    assert row["mot_de_passe"] not in captured.out + captured.err + "".join(sent)
    assert f"in {file}" in captured.out
    expires = show(stage, capsys, "V4b")["expires"]
    assert f"works until {local(expires)}" in captured.out


# ---- it refuses


def test_undone_twice_is_refused(stage: Stage, capsys: Capture) -> None:
    merged(stage, "W1", "W1b")
    merge_id = show(stage, capsys, "W1b")["merges"][0]["id"]
    undo(stage, "W1b")
    before = stage.account("W1b")
    assert command(stage, "W1b", "--credentials", letters(stage), "--yes") == 2
    assert "the identifier W1b came to its account by no merge" in capsys.readouterr().err
    assert command(stage, "W1b", "--merge", merge_id, "--credentials", letters(stage), "--yes") == 1
    assert "knows no such merge" in capsys.readouterr().err
    assert not letters(stage).exists()
    assert stage.account("W1b") == before


def test_at_once_by_two_it_is_done_once(stage: Stage, capsys: Capture) -> None:
    merged(stage, "W2", "W2b")
    merge_id = show(stage, capsys, "W2b")["merges"][0]["id"]
    path = f"moncompte/v1/agencies/1001-01/merges/{merge_id}/undo"
    before = contracts(stage.admin.user(stage.address("W2")))

    def once(_: int) -> int:
        body = {"dry_run": False, "identifier": "W2b", "password": hashed_generated(generate())}
        return stage.admin.call("POST", path, body).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(once, range(4)))
    assert sorted(statuses) == [200, 404, 404, 404]
    survivor = stage.admin.user(stage.address("W2"))
    assert sorted(contracts(survivor) + contracts(stage.account("W2b"))) == before


def test_another_agency_cannot_undo_it(stage: Stage, capsys: Capture) -> None:
    merged(stage, "W3", "W3b")
    merge_id = show(stage, capsys, "W3b")["merges"][0]["id"]
    before = stage.admin.user(stage.address("W3"))
    body = {"dry_run": False, "identifier": "W3b", "password": hashed_generated(generate())}
    for alias in ("2002-01", "1001-02", "9999-99"):
        path = f"moncompte/v1/agencies/{alias}/merges/{merge_id}/undo"
        assert stage.admin.call("POST", path, body).status_code == 404
    # Nor through an owner who has an identifier of the same name there.
    stage.load("W3b", agency="2002/01")
    path = f"moncompte/v1/agencies/2002-01/merges/{merge_id}/undo"
    answer = stage.admin.call("POST", path, body)
    assert (answer.status_code, answer.json()["code"]) == (404, "merge_unknown")
    assert stage.admin.user(stage.address("W3")) == before


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"identifier": ""}, 400, "identifier_missing"),
        ({"identifier": "nobody"}, 404, "owner_unknown"),
        ({"identifier": "W4"}, 404, "merge_unknown"),
        ({"password": None}, 400, "password_format"),
        ({"password": hashed_generated(generate()) | {"iterations": 1}}, 400, "password_format"),
    ],
)
def test_a_request_that_cannot_be_used_is_refused(
    stage: Stage, merge_of_w4: str, changes: Json, status: int, error: str
) -> None:
    body = {"dry_run": False, "identifier": "W4b", "password": hashed_generated(generate())} | changes
    answer = stage.admin.call("POST", f"moncompte/v1/agencies/1001-01/merges/{merge_of_w4}/undo", body)
    assert (answer.status_code, answer.json()["code"]) == (status, error)
    assert answer.json()["detail"]


@pytest.fixture(scope="module")
def merge_of_w4(stage: Stage) -> str:
    """The id of a merge of W4b into the account of W4."""
    merged(stage, "W4", "W4b")
    shown = stage.admin.read("moncompte/v1/agencies/1001-01/owners/W4b")
    return str(shown["merges"][0]["id"])


def test_an_identifier_taken_meanwhile_is_refused(stage: Stage, capsys: Capture) -> None:
    merged(stage, "W5", "W5b")
    before = stage.admin.user(stage.address("W5"))
    stage.admin.do("POST", "users", {"username": username("W5b"), "enabled": True})
    assert command(stage, "W5b", "--credentials", letters(stage), "--yes") == 1
    assert "belongs to another account" in capsys.readouterr().err
    assert not letters(stage).exists()
    assert stage.admin.user(stage.address("W5")) == before


def test_too_old_a_merge_is_refused(make_realm: RealmMaker, mailbox: Mailbox, capsys: Capture) -> None:
    stage = Stage(
        make_realm(
            lifetimes={
                "provisional": "30d",
                "verification_link": "24h",
                "reset_link": "1h",
                "resend_cooldown": "1s",
                "unmerge": "1s",
            }
        ),
        mailbox,
    )
    merged(stage, "W6", "W6b")
    before = stage.admin.user(stage.address("W6"))
    eventually(lambda: command(stage, "W6b", "--dry-run") == 1, "the merge is too old")
    capsys.readouterr()
    assert command(stage, "W6b", "--credentials", letters(stage), "--yes") == 1
    assert "could be undone until" in capsys.readouterr().err
    assert not letters(stage).exists()
    assert stage.admin.user(stage.address("W6")) == before
