"""Letters: what a telephone reads on the printed page opens S2, and what stands beside it gets in."""

import base64
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from provisioning.letters import STANDARD, Agency, Letter, Pages, Template
from tests.integration.stage import Stage, provisional
from tests.realms import AGENCIES, Json
from tests.unit.letter_pages import pages

TODAY = date(2026, 11, 23)


def card(stage: Stage, alias: str = "1001-01") -> Json:
    """What the agency says of itself."""
    found: Json = stage.admin.read(f"moncompte/agencies/{alias}/card")
    return found


def test_an_agency_says_what_its_letters_begin_with(stage: Stage) -> None:
    said = card(stage)
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
    assert not {"email", "logo"} & card(stage, "1001-02").keys()


def test_the_code_on_a_letter_opens_s2_with_codes_and_identifier_and_its_password_is_accepted(
    stage: Stage,
) -> None:
    stage.load("L/1 é&?", email="l1@exemple.fr")
    said = card(stage)
    agency = Agency(**{name: said.get(name, "") for name in Agency._fields})
    letter = Letter("L/1 é&?", provisional("L/1 é&?"), "", "LEFÈVRE", "Hélène", (), TODAY)
    drawn = Pages(Template(STANDARD, agency, TODAY), agency, TODAY, None)
    drawn.add(letter)
    (page,) = pages(drawn.pdf())
    code = urlsplit(page.codes[0])
    assert f"{code.scheme}://{code.netloc}{code.path}" == "http://localhost:8000/login"
    # The Extranet hands these on as they are (its own tests).
    asked = {name: value for name, (value,) in parse_qs(code.query).items()}
    owner = stage.browser()
    s2 = owner.start(asked.pop("client"), asked.pop("societe"), **asked)
    assert s2.screen == "login-provisional"
    assert s2.value("identifier") == letter.identifier
    assert owner.submit(s2, identifier=letter.identifier, password=letter.password).screen == "login-address"
