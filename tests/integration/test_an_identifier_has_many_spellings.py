"""Rule 15: spaces, dashes, dots, width and case of an identifier do not count, as long as the agency has no
other so. `tests/identifiers.json` has the examples."""

import copy
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.identifiers import EXAMPLES
from tests.integration.desk import Capture, Desk, merge
from tests.integration.stage import BY_MAIL, RESET, Stage, provisional
from tests.integration.test_add_a_contract_while_signed_in import asked, filled, references
from tests.integration.test_letters import GENERATED
from tests.integration.test_the_owners_resource_trusts_nobody import batch, owner, send
from tests.owner import link_to
from tests.unit.letter_pages import pages

NEW = "Orage-77?y"
SPELLINGS = [
    "P 00012",
    "p-00012",
    "P.000.12",
    "P00012.",
    "Ｐ０００１２",
    "\u00a0P00012\u202f",
    "P\u201100012",
]


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    return Desk(stage)


# ---- one form, on the server as in the command


def test_the_resource_finds_each_example_by_what_is_compared(stage: Stage, desk: Desk) -> None:
    results = send(stage.admin, batch(*[owner(identifier) for identifier, _ in EXAMPLES])).json()["results"]
    assert {one["outcome"] for one in results} == {"created"}
    assert [desk.show(quote(key, safe=""))["identifier"] for _, key in EXAMPLES] == [
        identifier for identifier, _ in EXAMPLES
    ]


def test_the_resource_finds_what_is_compared_by_each_example(stage: Stage) -> None:
    other = Desk(stage, "1001/02")
    for identifier, key in EXAMPLES:
        stage.load(key, agency="1001/02", email="")
        assert other.show(quote(identifier, safe=""))["identifier"] == key


# ---- screens


def test_s2_finds_the_owner_by_every_spelling(stage: Stage) -> None:
    stage.load("P00012")
    for typed in SPELLINGS:
        page = stage.browser().prove("1001", "01", typed, provisional("P00012"))
        assert page.screen == "login-address", typed
        assert page.value("email") == stage.address("P00012")


def test_s2_finds_an_identifier_that_is_written_with_signs(stage: Stage) -> None:
    stage.load("P-00 013", email=stage.address("P13"))
    page = stage.browser().prove("1001", "01", "p00013", provisional("P-00 013"))
    assert page.value("email") == stage.address("P13")


def test_a_contract_is_added_by_another_spelling(stage: Stage) -> None:
    browser = stage.activated("Q1")
    stage.signed_in(browser, stage.address("Q1"))
    stage.load("Q-0002", reference="REF-Q2")
    page = filled(browser, asked(browser), "Q 00.02", provisional("Q-0002"))
    assert page.code is not None, page.text
    assert references(stage.signed_in(stage.browser(), stage.address("Q1"))) == ["REF-Q1", "REF-Q2"]


def test_s9_and_its_page_find_the_owner_by_other_spellings(stage: Stage) -> None:
    stage.load("R-00012", email=stage.address("R12"))
    stage.browser().forgotten("r00012.")
    link = link_to("activate", stage.mail(stage.address("R12"), BY_MAIL).text)
    page = stage.browser().activate_by_mail(link, NEW, "R 00012")
    assert page.screen == "login-address-confirmed", page.text
    stage.browser().forgotten("R 00012")
    assert stage.mail(stage.address("R12"), RESET)


# ---- support


def test_an_agency_helps_an_owner_by_another_spelling(stage: Stage, desk: Desk) -> None:
    stage.load("S00012")
    assert desk.post("letters", {"identifiers": ["S 00012"]}) == {"marked": 1}
    assert [one["identifier"] for one in desk.read("owners", search="S-00012")["owners"]] == ["S00012"]
    for command in ("show", "disable", "enable"):
        assert desk.run(command, "s.00012", *(["--yes"] if command == "disable" else [])) == 0
    assert desk.run("release", "S 00012", "--yes") == 0
    assert desk.run("show", "S00012") == 1


def test_the_keys_follow_a_move_a_merge_its_undoing_and_a_release(stage: Stage, desk: Desk) -> None:
    stage.activated("T1")
    stage.load("T-00012")
    assert desk.post("owners/T00012/move", {"to": "T-00013", "dry_run": False})["renamed"]
    assert desk.run("show", "T00012") == 1
    browser = stage.browser()
    page = browser.get(browser.start("1001", "01").link("Je fusionne mes comptes"))
    page = browser.submit(
        page, email=stage.address("T1"), identifier="T 00013", password=provisional("T-00012")
    )
    assert browser.submit(page, password="Soleil-42!x").screen == "login-merged"
    assert desk.show("t00013")["state"] == "personal"
    assert desk.run("unmerge", "T.00013", "--yes", "--credentials", desk.letters) == 0
    assert desk.show("t00013")["state"] == "provisional"
    assert desk.run("release", "t00013", "--yes") == 0
    assert desk.run("show", "t00013") == 1


def test_an_identifier_is_written_in_another_way_by_a_move(stage: Stage, desk: Desk) -> None:
    stage.load("U-00012")
    for contracts in (1, 0):
        moved = desk.post("owners/U-00012/move", {"to": "U00012", "dry_run": False})
        assert (moved["renamed"], len(moved["contracts"])) == (True, contracts)
    assert desk.show("U-00012")["identifier"] == "U00012"


def test_contracts_move_to_nobody_whose_identifier_is_only_alike(stage: Stage, desk: Desk) -> None:
    stage.load("2-34", nom="MARTIN", prenom="Paul")
    stage.load("U2", "23.5", nom="DUPONT", prenom="Anne")
    assert desk.post("owners/U2/move", {"to": "23-4", "dry_run": False})["renamed"]
    assert [one["reference"] for one in desk.show("2-34")["contracts"]] == ["REF-2-34"]
    assert not desk.post("owners/23-4/move", {"to": "23-5", "dry_run": False})["renamed"]
    assert [one["reference"] for one in desk.show("235")["contracts"]] == ["REF-23.5", "REF-U2"]


# ---- what an agency loads


@pytest.mark.parametrize(("first", "second"), [("V00012", "V-00012"), ("W 00012", "w00012")])
def test_another_spelling_in_the_file_is_the_same_owner(
    stage: Stage, capsys: Capture, tmp_path: Path, first: str, second: str
) -> None:
    desk = Desk(stage, "2002/01")
    stage.load(first, agency=desk.agency, reference="REF", mot_de_passe="", email="v@exemple.fr")
    capsys.readouterr()
    stage.load(
        second,
        agency=desk.agency,
        reference="REF",
        mot_de_passe="",
        email="v@exemple.fr",
        options=("--prune", "--prune-share", "100", "--yes"),
    )
    assert "created: 0, updated: 0, unchanged: 1" in capsys.readouterr().out
    assert desk.show(second)["identifier"] == first
    assert len(desk.show(first)["contracts"]) == 1
    # The letter of that file has the password that was generated for the first.
    file, output = stage.realm.directory / "owners-2002-01.csv", tmp_path / "letters.pdf"
    assert desk.run("letters", file, "-o", output, "--credentials", stage.realm.credentials(desk.agency)) == 0
    password = GENERATED.search(pages(output)[0].text)
    assert password is not None
    assert stage.browser().prove("2002", "01", second, password[1]).screen == "login-address"


def test_an_account_older_than_the_keys_gets_them_by_the_next_import(
    stage: Stage, desk: Desk, capsys: Capture
) -> None:
    stage.load("Y-00012")
    profile = stage.admin.read("users/profile")
    editable = copy.deepcopy(profile)
    for attribute in editable["attributes"]:
        if attribute["name"] == "identifier_keys":
            attribute["permissions"]["edit"] = ["admin"]
    account = stage.account("Y-00012")
    assert account["attributes"].pop("identifier_keys") == ["1001/01/y00012"]
    stage.admin.do("PUT", "users/profile", editable)
    stage.admin.do("PUT", f"users/{account['id']}", account)
    stage.admin.do("PUT", "users/profile", profile)
    assert desk.call("GET", "owners/Y00012").status_code == 404
    capsys.readouterr()
    for said in ("updated: 1, unchanged: 0", "updated: 0, unchanged: 1"):
        stage.load("Y-00012")
        assert said in capsys.readouterr().out
    assert desk.show("Y00012")["identifier"] == "Y-00012"


def test_identifiers_of_two_people_may_be_alike(stage: Stage, desk: Desk) -> None:
    stage.load("1-23", nom="MARTIN", prenom="Paul")
    stage.load("12-3", nom="DUPONT", prenom="Anne")
    for identifier in ("1-23", "12-3"):
        page = stage.browser().prove("1001", "01", identifier, provisional(identifier))
        assert page.value("email") == stage.address(identifier)
        assert desk.show(identifier)["identifier"] == identifier
    for typed in ("123", "1 23"):
        page = stage.browser().prove("1001", "01", typed, provisional("1-23"))
        assert page.screen == "login-provisional"
    assert desk.call("GET", "owners/123").json()["code"] == "owner_unknown"
    assert desk.post("letters", {"identifiers": ["123"]}) == {"marked": 0}
    assert desk.run("disable", "123", "--yes") == 2, "of which of the two?"
    # Whoever activated one of them is not asked to be the other.
    merge(stage.activated("X1"), stage.address("X1"), "1-23")
    stage.load("1-23", nom="MARTIN", prenom="Paul")
    assert desk.show("12-3")["name"] == "Anne DUPONT"
