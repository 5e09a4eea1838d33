"""« Ajouter un contrat »: session and provisional credentials are the proofs (specification, rule 4)."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.stage import PERSONAL, Stage, eventually, provisional, username
from tests.owner import Owner, Page, claims
from tests.realms import Json, RealmMaker
from tools.mailbox import Mailbox

ACTION = "moncompte-add-contract"
FORM = "login-add-contract"
REFUSED = "L'identifiant ou le mot de passe provisoire n'est pas reconnu"
UNKNOWN = "Nous ne connaissons pas ces codes"


def asked(owner: Owner, action: str = ACTION, **parameters: str) -> Page:
    """What the realm answers when the application asks for the action."""
    return owner.ask_action(action, **parameters)


def filled(
    owner: Owner, page: Page, identifier: str, password: str | None = None, agency: str = "1001/01"
) -> Page:
    """The form, filled and sent; with the right password when none is given."""
    client, societe = agency.split("/")
    return owner.submit(
        page,
        client=client,
        societe=societe,
        identifier=identifier,
        password=provisional(identifier) if password is None else password,
    )


def references(token: Json) -> list[str]:
    """The references of the contracts that a token shows."""
    return sorted(contract["reference"] for contract in claims(token["id_token"])["contracts"])


def merges(stage: Stage, user: Json) -> list[Json]:
    """The events of merges into an account."""
    return [
        event
        for event in stage.admin.events("UPDATE_PROFILE")
        if event.get("userId") == user["id"] and event["details"].get("action") == "merge"
    ]


def signed_in(stage: Stage, identifier: str) -> Owner:
    """The browser of an owner who has activated this identifier and is signed in."""
    owner = stage.activated(identifier)
    assert references(stage.signed_in(owner, stage.address(identifier))) == [f"REF-{identifier}"]
    return owner


def shown(stage: Stage, owner: Owner) -> list[str]:
    """The references that the application of a signed-in owner sees when it asks again."""
    return references(owner.tokens(owner.start(prompt="none"), stage.secret(owner)))


@pytest.fixture(scope="module")
def onlooker(stage: Stage) -> Owner:
    """An owner who is signed in and only looks on."""
    return signed_in(stage, "D4")


# ---- it adds


def test_it_adds_the_contracts_and_the_token_shows_both(stage: Stage) -> None:
    owner = signed_in(stage, "C1")
    stage.load("C1b", agency="2002/01")
    before = stage.admin.user(stage.address("C1"))

    page = asked(owner)
    assert page.screen == FORM
    assert stage.address("C1") in page.text
    page = filled(owner, page, "C1b", agency="2002/01")

    assert page.action_status == "success"
    tokens = owner.tokens(page, stage.secret(owner))
    assert references(tokens) == ["REF-C1", "REF-C1b"]
    assert sorted(claims(tokens["id_token"])["organization"]) == ["1001-01", "2002-01"]
    assert claims(tokens["id_token"])["sub"] == before["id"]
    assert stage.admin.read("users", username=username("C1b", "2002/01"), exact="true") == []
    assert stage.gets_in(stage.address("C1"))


def test_the_owner_is_told_and_an_event_stays(stage: Stage) -> None:
    owner = signed_in(stage, "C2")
    stage.load("C2b")
    assert filled(owner, asked(owner), "C2b").action_status == "success"

    mail = stage.mail(stage.address("C2"), subject="associés")
    for part in (mail.text, mail.html):
        assert "Agence du Vieux-Port" in part
        assert "REF-C2b" in part
    events = merges(stage, stage.admin.user(stage.address("C2")))
    assert [event["details"]["identifier"] for event in events] == ["C2b"]
    assert provisional("C2b") not in str(stage.admin.events())


def test_the_codes_of_the_request_stand_in_the_form(stage: Stage) -> None:
    owner = signed_in(stage, "C3")
    page = asked(owner, client="2002", societe="01")
    assert [page.value(field) for field in ("client", "societe", "identifier")] == ["2002", "01", ""]
    assert page.value("password") == ""
    # They are a suggestion: those typed count.
    stage.load("C3b")
    assert filled(owner, page, "C3b").action_status == "success"


def test_whoever_is_not_signed_in_signs_in_first(stage: Stage) -> None:
    stage.activated("C4")
    stage.load("C4b")
    owner = stage.browser()
    page = asked(owner, login_hint=stage.address("C4"))
    assert page.screen == "login-login"
    page = owner.submit(page, username=stage.address("C4"), password=PERSONAL)
    assert page.screen == FORM
    page = filled(owner, page, "C4b")
    assert page.action_status == "success"
    assert references(owner.tokens(page, stage.secret(owner))) == ["REF-C4", "REF-C4b"]


def test_the_other_sessions_of_the_owner_end(stage: Stage) -> None:
    owner = signed_in(stage, "C5")
    elsewhere = stage.browser()
    other = stage.signed_in(elsewhere, stage.address("C5"))
    stage.load("C5b")

    assert filled(owner, asked(owner), "C5b").action_status == "success"

    assert elsewhere.refresh(other, stage.secret(elsewhere))["error"] == "invalid_grant"
    assert elsewhere.start(prompt="none").error == "login_required"
    assert shown(stage, owner) == ["REF-C5", "REF-C5b"]


def test_of_ten_forms_sent_at_once_one_adds(stage: Stage) -> None:
    stage.activated("C6")
    stage.load("C6b")
    pages = []
    for _ in range(10):
        owner = stage.browser()
        stage.signed_in(owner, stage.address("C6"))
        pages.append((owner, asked(owner)))

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda pair: filled(pair[0], pair[1], "C6b"), pages))

    assert len(merges(stage, stage.admin.user(stage.address("C6")))) == 1
    owner = stage.browser()
    tokens = stage.signed_in(owner, stage.address("C6"))
    assert references(tokens) == ["REF-C6", "REF-C6b"]


# ---- it refuses, and says the same


def test_wrong_unknown_used_and_expired_credentials_are_refused_alike(stage: Stage) -> None:
    owner = signed_in(stage, "D1")
    stage.load("D1used", "D1wrong", "D1off")
    assert filled(owner, asked(owner), "D1used").action_status == "success"
    off = stage.account("D1off")
    stage.admin.update(off, enabled=False)
    with stage.admin.setting(provisionalLifetime=1):
        stage.load("D1old")
    expires = int(stage.account("D1old")["attributes"]["provisional_expires"][0])
    eventually(lambda: time.time() > expires, "the letter of one second expires")

    page = asked(owner)
    answers = {}
    for identifier, password in (
        ("D1wrong", "Pas-le-bon-1"),
        ("D1wrong", ""),
        ("D1nobody", "Pas-le-bon-1"),
        ("D1used", provisional("D1used")),
        ("D1off", provisional("D1off")),
        ("D1old", provisional("D1old")),
        ("", ""),
    ):
        page = filled(owner, page, identifier, password)
        assert page.screen == FORM
        assert page.status == 200
        answers[identifier, password] = page.comparable(f'value="{identifier}"')

    assert len(set(answers.values())) == 1
    assert REFUSED in page.alert
    assert "votre agence le remplace" in page.alert
    assert shown(stage, owner) == ["REF-D1", "REF-D1used"]


def test_after_a_refusal_codes_and_identifier_stay_and_the_password_does_not(stage: Stage) -> None:
    owner = signed_in(stage, "D2")
    page = filled(owner, asked(owner), 'D2"><b>nobody', "Pas-le-bon-1", agency="1001/02")
    assert [page.value(field) for field in ("client", "societe")] == ["1001", "02"]
    assert page.value("identifier") == 'D2"><b>nobody'
    assert page.value("password") == ""
    assert "Pas-le-bon-1" not in page.html
    # A reload says it no more, and repeats nothing.
    assert owner.get(page.url).alert == ""


def test_no_page_holds_an_inline_script(stage: Stage) -> None:
    owner = signed_in(stage, "D3")
    page = asked(owner)
    for shown_page in (page, filled(owner, page, "D3nobody", "x")):
        assert shown_page.screen == FORM
        assert [script for script in shown_page.soup.find_all("script") if not script.get("src")] == []


def test_the_form_comes_after_new_terms_and_holds_no_inline_script_either(stage: Stage) -> None:
    owner = signed_in(stage, "D7")
    attributes = stage.admin.read("")["attributes"]
    stage.admin.set_realm(attributes=attributes | {"moncompte.termsVersion": "2027-01"})
    try:
        page = asked(owner)
        assert page.screen == "login-terms"
        page = owner.submit(page, accept="on")
        assert page.screen == FORM
        assert [script for script in page.soup.find_all("script") if not script.get("src")] == []
        assert owner.cancel_action(page).action_status == "cancelled"
    finally:
        stage.admin.set_realm(attributes=attributes)


@pytest.mark.parametrize(
    ("client", "societe", "said"),
    [
        ("9999", "99", UNKNOWN),
        ("..", "01", UNKNOWN),
        ("", "01", "Veuillez saisir le code client et le code société"),
        ("1001", " ", "Veuillez saisir le code client et le code société"),
    ],
    ids=["unknown", "no code", "no client", "no societe"],
)
def test_codes_unknown_or_missing_are_said(onlooker: Owner, client: str, societe: str, said: str) -> None:
    page = onlooker.submit(
        asked(onlooker), client=client, societe=societe, identifier="D4", password=provisional("D4")
    )
    assert page.screen == FORM
    assert said in page.alert


def test_an_agency_switched_off_is_as_unknown_as_a_wrong_code(stage: Stage) -> None:
    owner = signed_in(stage, "D5")
    stage.load("D5b", agency="2002/01")
    page = asked(owner)
    unknown = filled(owner, page, "D5b", agency="2002/99")
    stage.admin.set_agency("2002-01", enabled=False)
    try:
        page = filled(owner, unknown, "D5b", agency="2002/01")
        assert page.comparable('value="01"') == unknown.comparable('value="99"')
        assert UNKNOWN in page.alert
    finally:
        stage.admin.set_agency("2002-01", enabled=True)
    assert shown(stage, owner) == ["REF-D5"]


def test_guesses_are_throttled_as_at_the_sign_in(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    strict = Stage(make_realm(limits={"failures": 1000, "per_source": 3, "mails_per_hour": 100}), mailbox)
    owner = signed_in(strict, "D6")
    strict.load("D6b")
    page = asked(owner)
    for number in range(3):
        page = filled(owner, page, f"D6x{number}", "Pas-le-bon-1")
        assert REFUSED in page.alert
    page = filled(owner, page, "D6b")
    assert "Trop d'essais ont été faits" in page.alert
    assert shown(strict, owner) == ["REF-D6"]


# ---- it is cancelled


def test_cancelling_changes_nothing_and_leads_back(stage: Stage) -> None:
    owner = signed_in(stage, "E1")
    stage.load("E1b")
    provisional_account = stage.account("E1b")
    page = filled(owner, asked(owner), "E1b", "Pas-le-bon-1")

    page = owner.cancel_action(page)

    assert page.action_status == "cancelled"
    assert references(owner.tokens(page, stage.secret(owner))) == ["REF-E1"]
    assert stage.account("E1b") == provisional_account
    assert merges(stage, stage.admin.user(stage.address("E1"))) == []


# ---- who may


@pytest.fixture
def hurried(stage: Stage) -> Iterator[Stage]:
    """The realm, with a sign-in fresh enough for a second only."""
    path = f"authentication/required-actions/{ACTION}/config"
    stage.admin.do("PUT", path, {"config": {"max_auth_age": "0"}})
    yield stage
    stage.admin.do("DELETE", path)


def test_an_old_session_has_to_give_the_password_again(hurried: Stage) -> None:
    owner = signed_in(hurried, "F1")
    hurried.load("F1b")
    eventually(lambda: asked(owner).screen == "login-login", "the sign-in is too old")

    page = asked(owner)
    assert hurried.address("F1") in page.html
    assert "Quelqu'un est déjà connecté" not in page.text
    page = owner.submit(page, username=hurried.address("F1"), password=PERSONAL)
    assert page.screen == FORM, page.text
    assert filled(owner, page, "F1b").action_status == "success"


def test_the_sign_in_stays_fresh_for_five_minutes(stage: Stage) -> None:
    owner = signed_in(stage, "F2")
    age = 300
    stage.admin.do("PUT", f"authentication/required-actions/{ACTION}/config", {"config": {}})
    assert asked(owner, max_age=str(age)).screen == FORM


def test_a_provisional_account_gets_no_further_than_the_sign_in(stage: Stage) -> None:
    stage.load("F3", "F3b")
    owner = stage.browser()
    page = asked(owner, client="1001", societe="01")
    assert page.screen == "login-welcome"
    page = owner.submit(owner.get(page.link("Je n'ai pas de compte")), identifier="F3", password="x")
    assert page.screen == "login-provisional"
    page = owner.submit(page, identifier="F3", password=provisional("F3"))
    assert page.screen == "login-address"
    assert asked(owner, prompt="none").error == "login_required"


def test_the_form_of_one_owner_is_nothing_in_the_browser_of_another(stage: Stage) -> None:
    owner = signed_in(stage, "F4")
    thief = signed_in(stage, "F4thief")
    stage.load("F4b")
    page = asked(owner)

    for browser in (thief, stage.browser()):
        stolen = filled(browser, page, "F4b")
        # Whoever is signed in there goes on as themselves; nothing was done.
        assert "kc_action_status=success" not in stolen.url

    assert shown(stage, owner) == ["REF-F4"]
    assert shown(stage, thief) == ["REF-F4thief"]
    assert stage.account("F4b")["username"] == username("F4b")


def test_a_session_takes_nothing_without_the_provisional_credentials(stage: Stage) -> None:
    owner = signed_in(stage, "F5")
    stage.load("F5b")
    page = asked(owner)
    # What a personal account knows of itself is no provisional credential.
    for password in (PERSONAL, provisional("F5"), ""):
        page = filled(owner, page, "F5b", password)
        assert REFUSED in page.alert
    page = filled(owner, page, stage.address("F5"), PERSONAL)
    assert REFUSED in page.alert
    assert shown(stage, owner) == ["REF-F5"]


def test_a_form_left_open_dies_with_its_session(stage: Stage) -> None:
    owner = signed_in(stage, "F6")
    stage.load("F6b", "F6c")
    page = asked(owner)
    other = stage.browser()
    stage.signed_in(other, stage.address("F6"))
    assert filled(other, asked(other), "F6b").action_status == "success"  # which ends the first session

    # The form has gone with the session: what was typed leads to a sign-in, and so does coming back to it.
    for answer in (filled(owner, page, "F6c"), owner.get(page.url)):
        assert answer.code is None
        assert answer.screen in ("login-codes", "login-welcome", "login-login")
    assert owner.start(prompt="none").error == "login_required"
    assert shown(stage, other) == ["REF-F6", "REF-F6b"]
    assert stage.account("F6c")["username"] == username("F6c")


def test_signing_out_ends_the_form(stage: Stage) -> None:
    owner = signed_in(stage, "F7")
    stage.load("F7b")
    page = asked(owner)
    stage.admin.do("POST", f"users/{stage.admin.user(stage.address('F7'))['id']}/logout")
    assert filled(owner, page, "F7b").code is None
    assert stage.account("F7b")["username"] == username("F7b")


def test_an_administrator_cannot_impose_it(stage: Stage) -> None:
    stage.activated("F8")
    user = stage.admin.user(stage.address("F8"))
    stage.admin.update(user, requiredActions=[ACTION])
    assert stage.gets_in(stage.address("F8"))
    assert stage.admin.user(stage.address("F8"))["requiredActions"] == []


# ---- other actions


@pytest.mark.parametrize(
    "action",
    [
        "UPDATE_PASSWORD",
        "UPDATE_EMAIL",
        "UPDATE_PROFILE",
        "CONFIGURE_TOTP",
        "moncompte-activate",
        "moncompte-terms",
        "no-such-action",
        "../x",
        ACTION.upper(),
    ],
)
def test_no_other_action_can_be_asked_for(stage: Stage, onlooker: Owner, action: str) -> None:
    email = stage.address("D4")
    before = stage.admin.user(email)

    assert asked(onlooker, action).action_status == "error"

    assert stage.admin.user(email) == before
    assert stage.gets_in(email)


def test_switched_off_it_does_nothing(stage: Stage) -> None:
    owner = signed_in(stage, "G2")
    path = f"authentication/required-actions/{ACTION}"
    whole = stage.admin.read(path)
    stage.admin.do("PUT", path, whole | {"enabled": False})
    try:
        assert asked(owner).action_status == "error"
    finally:
        stage.admin.do("PUT", path, whole)
    assert asked(owner).screen == FORM
