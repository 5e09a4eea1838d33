"""Letters: what a telephone reads on the printed page opens S2, and what stands beside it gets in."""

import base64
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from provisioning.letters.letter import in_words
from tests.integration.between import Between
from tests.integration.desk import Capture, Desk
from tests.integration.stage import Stage, provisional
from tests.integration.test_an_agency_sees_its_own import granted
from tests.owner import Owner
from tests.owner import Page as Screen
from tests.realms import AGENCIES, Json
from tests.unit.letter_pages import Page, pages

GENERATED = re.compile(r"Mot de passe provisoire (\S+)")


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    """Three owners: one with a password of the agency's, one with a generated one, one who has activated."""
    stage.activated("L3")
    lines = [
        {"identifiant": identifier, "mot_de_passe": password, "email": f"{number}@{stage.realm.name}.example"}
        for number, (identifier, password) in enumerate(
            [("L/1 é&?", ""), ("L2", provisional("L2")), ("L3", provisional("L3"))]
        )
    ]
    assert stage.realm.load("1001/01", *(line | {"reference": line["identifiant"]} for line in lines)) == 0
    return Desk(stage)


def loaded(desk: Desk) -> Path:
    return desk.stage.realm.directory / "owners-1001-01.csv"


def opened_by(stage: Stage, letter: Page) -> tuple[Owner, Screen]:
    """The browser of a telephone that has read the code on a letter, and the screen it shows."""
    code = urlsplit(letter.codes[0])
    assert f"{code.scheme}://{code.netloc}{code.path}" == "http://localhost:8000/login"
    # The Extranet hands these on as they are (its own tests).
    asked = {name: value for name, (value,) in parse_qs(code.query).items()}
    owner = stage.browser()
    return owner, owner.start(asked.pop("client"), asked.pop("societe"), **asked)


def password_on(letter: Page) -> str:
    found = GENERATED.search(letter.text)
    assert found is not None, letter.text
    return found[1]


def test_an_agency_says_what_its_letters_begin_with(desk: Desk, stage: Stage) -> None:
    said: Json = desk.read("card")
    assert base64.b64decode(said.pop("logo")) == Path(AGENCIES[0]["logo"]).read_bytes()
    assert said == {
        "client": "1001",
        "societe": "01",
        "name": "Agence du Vieux-Port",
        "phone": "04 91 00 00 01",
        "email": "contact@agence-vieux-port.example",
        "help_url": "https://agence-vieux-port.example/aide",
        "extranet_url": "http://localhost:8000/",
    }
    assert not {"email", "logo"} & Desk(stage, "1001/02").read("card").keys()


def test_a_letter_opens_s2_with_codes_and_identifier_and_its_password_is_accepted(
    desk: Desk, stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    output = tmp_path / "letters.pdf"
    (tmp_path / "letters-2.pdf").write_bytes(b"%PDF of last time")
    options = ("--credentials", stage.realm.credentials("1001/01"))
    capsys.readouterr()
    assert desk.run("letters", loaded(desk), "-o", output, *options) == 0
    captured = capsys.readouterr()
    assert f"{output}: letters: 2" in captured.err
    assert "because activated, disabled or not loaded: 1" in captured.out
    assert f"not to be printed with these: {tmp_path / 'letters-2.pdf'}" in captured.out
    assert output.stat().st_mode & 0o777 == 0o600
    assert desk.show("L2")["letter_at"] is not None, "the server is told"
    made = pages(output)
    expires = datetime.fromisoformat(desk.show("L2")["expires"]).astimezone().date()
    assert f"Valables jusqu’au {in_words(expires)}" in made[1].text
    for letter, identifier in zip(made, ["L/1 é&?", "L2"], strict=True):
        owner, s2 = opened_by(stage, letter)
        assert s2.screen == "login-provisional"
        assert s2.value("identifier") == identifier
        proved = owner.submit(s2, identifier=s2.value("identifier"), password=password_on(letter))
        assert proved.screen == "login-address"
    assert password_on(made[1]) == provisional("L2")


@pytest.mark.parametrize("url", [None, "http://extranet.example/", "javascript:alert(1)", "//x"])
def test_letters_need_to_know_where_owners_begin(
    desk: Desk, stage: Stage, tmp_path: Path, capsys: Capture, url: str | None
) -> None:
    capsys.readouterr()
    with Between(stage.realm.server.url) as line:
        line.alter("GET", "/card", lambda card: card | {"extranet_url": url})
        through = Desk(stage, url=line.url)
        assert through.run("letters", loaded(desk), "-o", tmp_path / "letters.pdf") == 2
    assert "--extranet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_agency_it_makes_letters_for_who_has_had_none(
    desk: Desk, stage: Stage, tmp_path: Path, capsys: Capture
) -> None:
    """By its own credentials; a new password wants another letter."""
    agency = granted(stage.realm, "1001/01", name="it-letters")
    credentials = tmp_path / "credentials.csv"
    wanted = ("--agency", "1001/01", "--credentials", credentials, "--lang", "en")
    assert desk.run("letters", loaded(desk), "-o", tmp_path / "first.pdf", "--identifier", "L2") == 0
    assert desk.show("L2")["letter_at"] is not None
    assert desk.run("reissue", "L2", "--credentials", credentials) == 0
    output = tmp_path / "letters.pdf"
    capsys.readouterr()
    arguments = ("owners", "letters", loaded(desk), "-o", output, *wanted, "--only-new")
    assert agency.moncompte(*arguments, "--identifier", "L2") == 0
    (letter,) = pages(output)
    owner, s2 = opened_by(stage, letter)
    assert password_on(letter) != provisional("L2")
    page = owner.submit(s2, identifier="L2", password=password_on(letter))
    assert page.screen == "login-address"
    assert agency.moncompte(*arguments, "--identifier", "L2") == 0
    assert "because they have had one: 1" in capsys.readouterr().out
