"""The owner's own password: the realm's criteria, Unicode, length (specification, « Screens »)."""

import unicodedata

import pytest

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Owner, Page
from tests.realms import RealmMaker, TestRealm
from tools.mailbox import Mailbox


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """What the criteria promise is asked for here, and nothing else."""
    return make_realm(blocklist="none")


def at_s4(stage: Stage, identifier: str) -> tuple[Owner, Page]:
    stage.load(identifier)
    owner = stage.browser()
    page = owner.prove("1001", "01", identifier, provisional(identifier))
    page = owner.submit(page, email=page.value("email"))
    assert page.screen == "login-new-password"
    return owner, page


def criteria(page: Page) -> list[str]:
    return [" ".join(one.get_text().split()).split(" (")[0] for one in page.soup.select("#criteria li")]


def missing(page: Page) -> list[str]:
    return [str(one["data-rule"]) for one in page.soup.select("#criteria li.missing")]


@pytest.mark.parametrize(
    "password",
    [
        "Étoile-42 à la mer",
        " Blancs au bord 1! ",
        "Emoji-\N{GRINNING FACE}\N{FAMILY}-1a",
        "Aa1!" + "x" * 124,
        "Aa1!" + "é" * 300,
        "<b>Aa1</b> & \"'\\",
        "Ω≈ç√∫-Aa1",
        "Aa1!" + "x" * 1020,
        "Aa1!" + "\N{SNAKE}" * 510,
        "Ge\N{NO-BREAK SPACE}n\N{NARROW NO-BREAK SPACE}êt-1",
    ],
)
def test_any_characters_and_at_least_64_of_them(stage: Stage, password: str) -> None:
    identifier = f"K1{sum(map(ord, password))}"
    stage.activated(identifier, password=password)
    assert stage.gets_in(stage.address(identifier), password)
    assert not stage.gets_in(stage.address(identifier), password[:-1])


def test_a_password_typed_decomposed_is_the_one_typed_composed(stage: Stage) -> None:
    composed = unicodedata.normalize("NFC", "Épinard-élu-1")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    stage.activated("K2", password=decomposed)
    assert stage.gets_in(stage.address("K2"), composed)
    assert stage.gets_in(stage.address("K2"), decomposed)


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("Ge\N{NO-BREAK SPACE}nêt-1", "Ge nêt-1"),  # a French keyboard makes it with Option or AltGr held
        ("Genêt 1 !", "Genêt 1\N{NARROW NO-BREAK SPACE}!"),
        ("Fête-à-l’Œuvre-1", unicodedata.normalize("NFD", "Fête-à-l’Œuvre-1")),
        (
            "Va\N{COMBINING CEDILLA}\N{COMBINING ACUTE ACCENT}-1Ab",
            "Va\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}-1Ab",
        ),
        ("Crème-\N{OHM SIGN}1", "Crème-\N{GREEK CAPITAL LETTER OMEGA}1"),
    ],
)
def test_a_password_chosen_on_a_phone_is_the_one_typed_on_a_computer(
    stage: Stage, chosen: str, typed: str
) -> None:
    assert chosen != typed
    identifier = f"K12{sum(map(ord, chosen))}"
    stage.activated(identifier, password=chosen)
    assert stage.gets_in(stage.address(identifier), typed)


def test_the_longest_password_is_1024_characters(stage: Stage) -> None:
    owner, page = at_s4(stage, "K13")
    long = "Aa1!" + "x" * 1021
    page = owner.submit(page, password_new=long, password_confirm=long, terms="on")
    assert "1 024 caractères au plus" in page.alert.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert missing(page) == []
    # Decomposed it has more; what counts is what is kept.
    composed = "Aa1!" + "é" * 1020
    page = owner.submit(
        page,
        password_new=unicodedata.normalize("NFD", composed),
        password_confirm=composed,
        terms="on",
    )
    assert page.screen == "login-verify-address"


def test_a_provisional_password_and_the_link_s_are_normalized_too(stage: Stage) -> None:
    stage.load("K3", mot_de_passe=unicodedata.normalize("NFD", "Tulipe-é-1"))
    owner = stage.browser()
    page = owner.prove("1001", "01", "K3", unicodedata.normalize("NFC", "Tulipe-é-1"))
    assert page.screen == "login-address"
    page = owner.submit(page, email=page.value("email"))
    owner.submit(page, password_new="Été-2026!", password_confirm="E\u0301te\u0301-2026!", terms="on")
    link = stage.link(stage.address("K3"))
    other = stage.browser()
    assert other.confirm(link, "E\u0301te\u0301-2026!").screen == "login-address-confirmed"


def test_the_criteria_are_those_promised(stage: Stage) -> None:
    _, page = at_s4(stage, "K4")
    assert criteria(page) == [
        "Au moins 6 caractères",
        "Au moins une majuscule",
        "Au moins une minuscule",
        "Au moins un chiffre",
        "Au moins un caractère spécial",
    ]
    assert missing(page) == []


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Aa1!x", ["length"]),
        ("aaaa1!", ["upperCase"]),
        ("AAAA1!", ["lowerCase"]),
        ("Aaaaa!", ["digits"]),
        ("Aaaaa1", ["specialChars"]),
        ("a", ["length", "upperCase", "digits", "specialChars"]),
    ],
)
def test_each_criterion_that_is_missing_is_named(stage: Stage, password: str, expected: list[str]) -> None:
    owner, page = at_s4(stage, f"K5{password.encode().hex()}")
    page = owner.submit(page, password_new=password, password_confirm=password, terms="on")
    assert page.screen == "login-new-password"
    assert missing(page) == expected
    assert page.value("password-new") == ""
    # After a reload nothing is said any more, and a good one is taken.
    page = owner.get(page.url)
    assert missing(page) == []
    page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    assert page.screen == "login-verify-address"


def test_what_else_is_wrong_is_said_at_its_field(stage: Stage) -> None:
    owner, page = at_s4(stage, "K6")
    page = owner.submit(page, password_new=PERSONAL, password_confirm="Autre-42!", terms="on")
    assert "Les deux mots de passe ne sont pas identiques" in page.alert
    page = owner.submit(page, password_new="", password_confirm="", terms="on")
    assert "Veuillez saisir un mot de passe" in page.alert
    page = owner.submit(page)
    assert "Veuillez cocher la case" in page.alert
    page = owner.submit(page, password_new="Aa1!" * 400, password_confirm="Aa1!" * 400, terms="on")
    assert page.screen == "login-new-password"


def test_numbers_follow_the_policy_of_the_realm(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    policy = {"length": 14, "upper_case": 2, "lower_case": 1, "digits": 3, "special_chars": 2}
    stage = Stage(make_realm(password_policy=policy, blocklist="none"), mailbox)
    owner, page = at_s4(stage, "K7")
    assert criteria(page) == [
        "Au moins 14 caractères",
        "Au moins 2 majuscules",
        "Au moins une minuscule",
        "Au moins 3 chiffres",
        "Au moins 2 caractères spéciaux",
    ]
    page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    assert missing(page) == ["length", "upperCase", "digits"]
    long = "AAaa111!!-suffit"
    page = owner.submit(page, password_new=long, password_confirm=long, terms="on")
    assert page.screen == "login-verify-address"


def test_a_policy_added_by_hand_is_shown_and_checked(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    stage = Stage(make_realm(), mailbox)
    stage.admin.set_realm(passwordPolicy="length(8) and notUsername(undefined) and notEmail(undefined)")
    owner, page = at_s4(stage, "K8")
    assert criteria(page)[0] == "Au moins 8 caractères"
    assert "Différent de votre adresse email" in criteria(page)
    email = stage.address("K8")
    page = owner.submit(page, password_new=email, password_confirm=email, terms="on")
    assert "notEmail" in missing(page)


def test_what_people_choose_is_hashed_with_argon2(stage: Stage) -> None:
    stage.activated("K9")
    user = stage.admin.user(stage.address("K9"))
    password = stage.admin.read(f"users/{user['id']}/credentials")[0]
    assert '"algorithm":"argon2"' in password["credentialData"]
    assert "secretData" not in password
