"""Every password policy of Keycloak as a criterion, and the list of common passwords (spec « Criteria »)."""

import unicodedata

import pytest

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Owner, Page, plain
from tests.realms import RealmMaker, TestRealm
from tools.keycloak import DISTRIBUTION
from tools.mailbox import Mailbox

ALL = {
    "length": 12,
    "max_length": 64,
    "upper_case": 2,
    "lower_case": 3,
    "digits": 1,
    "special_chars": 1,
    "not_username": True,
    "not_email": True,
    "not_contains_username": True,
    "password_history": 3,
    "password_age": 365,
    "regex_pattern": {
        "regex": "[^ ].*[^ ]",
        "fr": "Pas d'espace au début ni à la fin",
        "en": "No outer spaces",
    },
}
GOOD = "Bruyère-et-Genêts-42"


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    return make_realm(password_policy=ALL)


@pytest.fixture(scope="module")
def usual(make_realm: RealmMaker, mailbox: Mailbox) -> Stage:
    """A realm whose manifest says nothing of common passwords."""
    return Stage(make_realm(), mailbox)


def at_s4(stage: Stage, identifier: str, **parameters: str) -> tuple[Owner, Page]:
    stage.load(identifier)
    owner = stage.browser()
    page = owner.start("1001", "01", prompt="create", **parameters)
    page = owner.submit(page, identifier=identifier, password=provisional(identifier))
    page = owner.submit(page, email=page.value("email"))
    assert page.screen == "login-new-password", page.text
    return owner, page


def criteria(page: Page) -> list[str]:
    return [plain(one.get_text()) for one in page.soup.select("#criteria li")]


def missing(page: Page) -> list[str]:
    return [str(one["data-rule"]) for one in page.soup.select("#criteria li.missing")]


def choose(owner: Owner, page: Page, password: str) -> Page:
    return owner.submit(page, password_new=password, password_confirm=password, terms="on")


def test_every_policy_of_the_manifest_is_a_criterion(stage: Stage) -> None:
    _, page = at_s4(stage, "Q1")
    assert criteria(page) == [
        "Au moins 12 caractères",
        "Au plus 64 caractères",
        "Au moins 2 majuscules",
        "Au moins 3 minuscules",
        "Au moins un chiffre",
        "Au moins un caractère spécial",
        "Différent de votre adresse email",
        "Ne contient pas votre adresse email",
        "Pas d'espace au début ni à la fin (vérifié à l'envoi)",
        "Ne fait pas partie des mots de passe trop courants (vérifié à l'envoi)",
        "Différent de vos 3 derniers mots de passe (vérifié à l'envoi)",
        "Différent de vos mots de passe des 365 derniers jours (vérifié à l'envoi)",
    ]


def test_criteria_are_in_english_too(stage: Stage) -> None:
    _, page = at_s4(stage, "Q2", ui_locales="en")
    shown = criteria(page)
    assert shown[0] == "At least 12 characters"
    assert "No outer spaces (checked when you send)" in shown
    assert "Different from your passwords of the last 365 days (checked when you send)" in shown


def test_every_policy_is_checked_and_named(stage: Stage) -> None:
    owner, page = at_s4(stage, "Q3")
    email = stage.address("Q3")
    for password, expected in {
        f"AA-{email.upper()}-aaa1": ["notContainsUsername"],
        email: ["upperCase", "notEmail", "notContainsUsername"],
        f" {GOOD}": ["regexPattern"],
        GOOD + "x" * 45: ["maxLength"],
        "Aa1!": ["length", "upperCase", "lowerCase"],
    }.items():
        page = choose(owner, page, password)
        assert missing(page) == expected, password
    assert choose(owner, page, GOOD + "x" * 44).screen == "login-verify-address"


@pytest.mark.parametrize(
    "password",
    [
        "Proprietaire1!",
        "Copropriété1!",
        "COPROPRIETE1!a".removesuffix("a"),
        "Locataire1!",
        "Bienvenue1!",
        "Motdepasse1!",
        "P@ssw0rd1!",
        "Azerty123!",
        "Marseille13!",
        "Été2024!",
        unicodedata.normalize("NFD", "Été2024!"),
        "Nicolas@1985",
        "Saint-Étienne42".replace("42", "12"),
        "1Azerty!",
    ],
)
def test_what_everybody_chooses_is_refused(usual: Stage, password: str) -> None:
    identifier = f"Q4{password.encode().hex()}"[:40]
    owner, page = at_s4(usual, identifier)
    assert criteria(page)[-1] == "Ne fait pas partie des mots de passe trop courants (vérifié à l'envoi)"
    page = choose(owner, page, password)
    assert set(missing(page)) - {"lowerCase", "specialChars"} == {"passwordBlacklist"}
    assert choose(owner, page, PERSONAL).screen == "login-verify-address"


def test_a_good_password_that_holds_a_common_word_is_taken(usual: Stage) -> None:
    owner, page = at_s4(usual, "Q5")
    assert choose(owner, page, "Mes-2-chats-à-Marseille").screen == "login-verify-address"


def test_the_operator_may_do_without_the_list(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    stage = Stage(make_realm(blocklist="none"), mailbox)
    owner, page = at_s4(stage, "Q6")
    assert not [one for one in criteria(page) if "courants" in one]
    assert choose(owner, page, "Proprietaire1!").screen == "login-verify-address"


def test_a_list_that_the_server_has_not_is_told_by_apply(
    make_realm: RealmMaker, capsys: pytest.CaptureFixture[str]
) -> None:
    realm = make_realm()
    manifest = realm.manifest.read_text(encoding="utf-8")
    realm.manifest.write_text(manifest.replace('"display_name"', '"blocklist": "none.txt", "display_name"'))
    assert realm.moncompte("apply", "--yes", "-f", realm.manifest) == 1
    assert "none.txt" in capsys.readouterr().err


def test_the_list_is_written_as_keycloak_compares() -> None:
    lines = (
        (DISTRIBUTION / "password-blacklists" / "moncompte-fr.txt").read_text(encoding="utf-8").split("\n")
    )
    assert lines.pop() == ""
    assert 500_000 < len(lines) < 1_000_000
    assert len(lines) == len(set(lines))
    assert all(line == unicodedata.normalize("NFC", line).lower() for line in lines)
    assert min(map(len, lines)) == 6
