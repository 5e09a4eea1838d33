"""S11, « Modification du mot de passe »: asked for by an application, done only by who knows the old one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from tests.integration.stage import PERSONAL, Stage, eventually
from tests.owner import Owner, Page
from tests.realms import Json, RealmMaker
from tools.mailbox import Mailbox

ACTION = "moncompte-update-password"
FORM = "login-update-password"
WRONG = "L'ancien mot de passe n'est pas reconnu"
NEW = "Automne-77!y"
CHANGED = "Votre mot de passe a été modifié"


def asked(owner: Owner, **parameters: str) -> Page:
    """The form."""
    page = owner.ask_action(ACTION, **parameters)
    assert page.screen == FORM, page.text
    return page


def filled(
    owner: Owner, page: Page, old: str = PERSONAL, new: str = NEW, again: str | None = None, **fields: str
) -> Page:
    """The form, filled and sent as a browser does that finds the box ticked."""
    typed = {"password": old, "password_new": new, "password_confirm": new if again is None else again}
    return owner.submit(page, **(typed | {"end_sessions": "on"} | fields))


def filled_unticked(owner: Owner, page: Page) -> Page:
    """The form, filled and sent with the box not ticked: browsers leave it out then."""
    return owner.submit(page, password=PERSONAL, password_new=NEW, password_confirm=NEW)


def signed_in(stage: Stage, identifier: str) -> tuple[Owner, Json]:
    """The browser of an owner who has activated this identifier and is signed in, and its tokens."""
    owner = stage.activated(identifier)
    return owner, stage.signed_in(owner, stage.address(identifier))


def changes(stage: Stage, identifier: str, kind: str = "UPDATE_CREDENTIAL") -> list[Json]:
    """The events of changed passwords of an owner."""
    user = stage.admin.user(stage.address(identifier))
    return [event for event in stage.admin.events(kind) if event.get("userId") == user["id"]]


def unchanged(stage: Stage, identifier: str) -> bool:
    """Whether the password is the one it was, and nothing says otherwise."""
    return stage.gets_in(stage.address(identifier)) and not changes(stage, identifier)


# ---- it changes


def test_the_new_password_counts_and_the_old_one_no_longer(stage: Stage) -> None:
    owner, _ = signed_in(stage, "A1")
    page = filled(owner, asked(owner))
    assert page.action_status == "success"
    assert owner.tokens(page, stage.secret(owner))["id_token"]
    assert stage.gets_in(stage.address("A1"), NEW)
    assert not stage.gets_in(stage.address("A1"), PERSONAL)
    assert owner.start(prompt="none").code is not None


def test_a_mail_confirms_and_an_event_stays_without_any_password(stage: Stage) -> None:
    owner, _ = signed_in(stage, "A2")
    assert filled(owner, asked(owner)).action_status == "success"
    mail = stage.mail(stage.address("A2"), subject=CHANGED)
    for part in (mail.text, mail.html):
        assert "vient d" in part
        assert NEW not in part
        assert PERSONAL not in part
    [event] = changes(stage, "A2")
    assert event["details"]["credential_type"] == "password"
    assert event["clientId"] == "extranet"
    said = str(stage.admin.events())
    assert NEW not in said
    assert PERSONAL not in said


def test_the_form_shows_the_criteria_of_the_realm_and_the_fields_of_the_screen(stage: Stage) -> None:
    owner, _ = signed_in(stage, "A3")
    page = asked(owner)
    for said in (
        "Modification du mot de passe",
        "Veuillez saisir votre ancien mot de passe puis en saisir un nouveau",
        "qui respecte les critères suivants :",
        "Au moins 6 caractères",
        "Ancien mot de passe",
        "Nouveau mot de passe",
        "Confirmation",
        "VALIDER LE MOT DE PASSE",
        "ANNULER",
    ):
        assert said in page.text
    fields = {str(field["name"]): field for field in page.form().find_all("input", attrs={"name": True})}
    assert list(fields) == ["password", "password-new", "password-confirm", "end-sessions"]
    assert [fields[name]["autocomplete"] for name in list(fields)[:3]] == [
        "current-password",
        "new-password",
        "new-password",
    ]
    assert fields["end-sessions"].has_attr("checked")


def test_a_long_password_with_accents_works_at_the_next_sign_in(stage: Stage) -> None:
    owner, _ = signed_in(stage, "A4")
    chosen = "Été à la Réunion 2026 ! " * 3 + "😀"
    assert filled(owner, asked(owner), new=chosen).action_status == "success"
    assert stage.gets_in(stage.address("A4"), chosen)


def test_an_old_sign_in_is_not_asked_for_the_password_twice(stage: Stage) -> None:
    """The old password, asked for on the form, is the proof; « max_age » of an application still counts."""
    owner, _ = signed_in(stage, "A5")
    path = f"authentication/required-actions/{ACTION}/config"
    stage.admin.do("PUT", path, {"config": {"max_auth_age": "0"}})
    try:
        eventually(lambda: owner.start(max_age="1").screen == "login-login", "the sign-in is a second old")
        assert filled(owner, asked(owner)).action_status == "success"
    finally:
        stage.admin.do("DELETE", path)


# ---- other devices


def test_other_devices_are_signed_out_and_this_one_stays(stage: Stage) -> None:
    owner, here = signed_in(stage, "B1")
    elsewhere = stage.browser()
    there = stage.signed_in(elsewhere, stage.address("B1"))
    secret = stage.secret(owner)
    assert filled(owner, asked(owner)).action_status == "success"
    assert elsewhere.refresh(there, secret)["error"] == "invalid_grant"
    assert elsewhere.start(prompt="none").error == "login_required"
    assert "access_token" in owner.refresh(here, secret)
    assert owner.start(prompt="none").code is not None


def test_other_devices_stay_when_the_owner_wants_it(stage: Stage) -> None:
    owner, _ = signed_in(stage, "B2")
    elsewhere = stage.browser()
    there = stage.signed_in(elsewhere, stage.address("B2"))
    assert filled_unticked(owner, asked(owner)).action_status == "success"
    assert "access_token" in elsewhere.refresh(there, stage.secret(owner))
    assert stage.gets_in(stage.address("B2"), NEW)


def test_the_box_stays_as_it_was_left_after_a_refusal(stage: Stage) -> None:
    owner, _ = signed_in(stage, "B3")
    page = owner.submit(asked(owner), password="Pas-le-bon-1", password_new=NEW, password_confirm=NEW)
    assert not page.form().select_one("#end-sessions[checked]")
    page = filled(owner, page, old="Pas-le-bon-1")
    assert page.form().select_one("#end-sessions[checked]")


def test_offline_tokens_of_other_devices_die_too(stage: Stage) -> None:
    stage.admin.set_client("extranet", optionalClientScopes=[])
    scope = next(one for one in stage.admin.read("client-scopes") if one["name"] == "offline_access")
    client = stage.admin.client("extranet")["id"]
    stage.admin.do("PUT", f"clients/{client}/optional-client-scopes/{scope['id']}")
    owner, _ = signed_in(stage, "B4")
    elsewhere = stage.browser()
    there = stage.signed_in(elsewhere, stage.address("B4"), scope="openid offline_access")
    secret = stage.secret(owner)
    assert "access_token" in elsewhere.refresh(there, secret)
    assert filled(owner, asked(owner)).action_status == "success"
    assert elsewhere.refresh(there, secret)["error"] == "invalid_grant"


def test_a_sign_in_left_open_with_the_old_password_cannot_be_finished(stage: Stage) -> None:
    owner, _ = signed_in(stage, "B5")
    thief = stage.browser()
    page = thief.ask_action(ACTION, login_hint=stage.address("B5"))
    held = thief.submit(page, username=stage.address("B5"), password=PERSONAL)
    assert held.screen == FORM
    assert filled_unticked(owner, asked(owner)).action_status == "success"

    for answer in (thief.cancel_action(held), filled(thief, held), thief.get(held.url)):
        assert answer.code is None
        assert answer.screen != FORM
    assert thief.start(prompt="none").error == "login_required"
    assert stage.gets_in(stage.address("B5"), NEW)


def test_a_link_to_choose_a_password_dies(stage: Stage) -> None:
    owner, _ = signed_in(stage, "B6")
    stage.browser().forgotten(stage.address("B6"))
    link = stage.reset_link(stage.address("B6"))
    assert filled(owner, asked(owner)).action_status == "success"
    assert stage.browser().get(link).status == 404
    assert stage.gets_in(stage.address("B6"), NEW)


def test_a_page_left_open_over_a_reset_changes_nothing(stage: Stage) -> None:
    owner, _ = signed_in(stage, "B7")
    page = asked(owner)
    browser = stage.browser()
    browser.forgotten(stage.address("B7"))
    form = browser.get(stage.reset_link(stage.address("B7")))
    browser.submit(form, password_new="Reset-55!q", password_confirm="Reset-55!q")
    for old in (PERSONAL, "Reset-55!q"):
        assert filled(owner, page, old=old).code is None
    assert stage.gets_in(stage.address("B7"), "Reset-55!q")


# ---- it refuses


@pytest.fixture(scope="module")
def careful(stage: Stage) -> tuple[str, Owner]:
    """An owner whose password nobody manages to change, and the browser that tries."""
    owner, _ = signed_in(stage, "C1")
    return "C1", owner


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "Pas-le-bon-1"}, WRONG),
        ({"old": ""}, "Veuillez saisir votre ancien mot de passe"),
        ({"old": " " + PERSONAL}, WRONG),
        ({"new": ""}, "Veuillez saisir un mot de passe"),
        ({"new": "court"}, "ne respecte pas tous les critères"),
        ({"new": "automne-77!y"}, "ne respecte pas tous les critères"),
        ({"new": NEW, "again": NEW + "x"}, "ne sont pas identiques"),
        ({"new": NEW, "again": ""}, "ne sont pas identiques"),
        ({"new": PERSONAL}, "le même que l'ancien"),
        ({"new": "Aa1!" * 300}, "trop long"),
        ({"old": "", "new": ""}, "Veuillez saisir votre ancien mot de passe"),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(
    stage: Stage, careful: tuple[str, Owner], typed: dict[str, str], said: str
) -> None:
    identifier, owner = careful
    page = filled(owner, asked(owner), **typed)
    assert page.screen == FORM
    assert said in page.alert
    # Nothing that was typed stands on the page.
    assert [page.value(name) for name in ("password", "password-new", "password-confirm")] == ["", "", ""]
    assert unchanged(stage, identifier)


def test_criteria_that_are_missing_are_marked_once_the_old_password_was_right(
    careful: tuple[str, Owner],
) -> None:
    _, owner = careful
    page = filled(owner, asked(owner), new="court")
    missing = [item.get_text(" ", strip=True) for item in page.soup.select("#criteria .missing")]
    assert len(missing) == 4
    page = filled(owner, page, old="Pas-le-bon-1", new="court")
    assert not page.soup.select("#criteria .missing")


def test_a_form_without_its_fields_is_refused(careful: tuple[str, Owner]) -> None:
    _, owner = careful
    page = owner.submit(asked(owner))
    assert page.screen == FORM
    assert "ancien mot de passe" in page.alert


def test_cancelling_changes_nothing_and_leads_back(stage: Stage, careful: tuple[str, Owner]) -> None:
    identifier, owner = careful
    page = filled(owner, asked(owner), old="Pas-le-bon-1")
    page = owner.cancel_action(page)
    assert page.action_status == "cancelled"
    assert unchanged(stage, identifier)


def test_the_form_sent_twice_changes_once(stage: Stage) -> None:
    owner, _ = signed_in(stage, "C4")
    page = asked(owner)
    assert filled(owner, page).action_status == "success"
    assert "kc_action_status=success" not in filled(owner, page, old=NEW, new="Hiver-88!zz").url
    assert stage.gets_in(stage.address("C4"), NEW)
    assert len(changes(stage, "C4")) == 1


def test_of_two_changes_at_once_the_second_needs_the_new_password(stage: Stage) -> None:
    """Both know the old password; whoever comes second would overwrite what the first chose."""
    first, _ = signed_in(stage, "C5")
    second = stage.browser()
    stage.signed_in(second, stage.address("C5"))
    forms = [(first, asked(first), "Premier-11!"), (second, asked(second), "Second-22!")]
    with ThreadPoolExecutor(2) as threads:
        pages = list(
            threads.map(
                lambda form: form[0].submit(
                    form[1], password=PERSONAL, password_new=form[2], password_confirm=form[2]
                ),
                forms,
            )
        )
    won = [form[2] for form, page in zip(forms, pages, strict=True) if page.code is not None]
    assert len(won) == 1
    assert stage.gets_in(stage.address("C5"), won[0])
    assert len(changes(stage, "C5")) == 1


# ---- guessing the old password


@pytest.fixture(scope="module")
def strict(make_realm: RealmMaker, mailbox: Mailbox) -> Stage:
    """A realm that locks after three failures."""
    return Stage(make_realm(limits={"failures": 3, "per_source": 1000, "mails_per_hour": 1000}), mailbox)


def test_wrong_old_passwords_lock_like_failed_sign_ins_and_say_the_same(strict: Stage) -> None:
    owner, _ = signed_in(strict, "D1")
    address = strict.address("D1")
    page = asked(owner)
    refused = filled(owner, page, old="Pas-le-bon-1")
    for _ in range(5):  # those of this browser, which the account knows, and those of a new one
        refused = filled(owner, refused, old="Pas-le-bon-1")

    locked = filled(owner, refused)  # the right one
    assert locked.comparable() == refused.comparable()
    assert WRONG in locked.alert
    assert not strict.gets_in(address)
    wrong = [event for event in changes(strict, "D1", "LOGIN_ERROR") if event.get("error")]
    assert {event["details"].get("screen") for event in wrong} >= {"update-password"}
    assert PERSONAL not in str(wrong)

    strict.forget_guesses()
    assert filled(owner, locked).action_status == "success"


def forget_device(owner: Owner) -> None:
    for cookie in owner.http.cookies.copy():
        if cookie.name == "MONCOMPTE_DEVICE":
            owner.http.cookies.clear(cookie.domain, cookie.path, cookie.name)


def test_one_source_guesses_so_often_and_no_more(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    slow = Stage(make_realm(limits={"failures": 1000, "per_source": 3, "mails_per_hour": 1000}), mailbox)
    owner, _ = signed_in(slow, "D3")
    forget_device(owner)  # a browser that the account knows is not counted with its source
    page = asked(owner)
    for _ in range(3):
        page = filled(owner, page, old="Pas-le-bon-1")
        assert WRONG in page.alert
    page = filled(owner, page)
    assert "Trop d'essais ont été faits" in page.alert
    assert slow.browser(source="127.0.0.2").sign_in(slow.address("D3"), PERSONAL).code is not None


# ---- the history of passwords


@pytest.fixture
def remembering(stage: Stage) -> Iterator[Stage]:
    """The realm, with a policy that refuses the last three passwords."""
    policy = stage.admin.read("")["passwordPolicy"]
    stage.admin.set_realm(passwordPolicy=policy + " and passwordHistory(3)")
    yield stage
    stage.admin.set_realm(passwordPolicy=policy)


def test_former_passwords_are_refused_where_the_policy_says_so(remembering: Stage) -> None:
    owner, _ = signed_in(remembering, "E1")
    page = asked(owner)
    assert "Différent de vos 3 derniers mots de passe" in page.text
    chosen = [PERSONAL, "Deux-22!aa", "Trois-33!b"]
    for old, new in pairwise(chosen):
        assert filled(owner, asked(owner), old=old, new=new).action_status == "success"
    for former in chosen[:2]:
        page = filled(owner, asked(owner), old=chosen[-1], new=former)
        assert "ne respecte pas tous les critères" in page.alert
    assert filled(owner, page, old=chosen[-1], new="Quatre-44!").action_status == "success"
    # Four changes ago: forgotten again.
    assert filled(owner, asked(owner), old="Quatre-44!", new=PERSONAL).action_status == "success"


def test_the_history_tells_nothing_to_whoever_guesses(remembering: Stage) -> None:
    """Compared before the old password is right, it would be a way to guess without being counted."""
    owner, _ = signed_in(remembering, "E2")
    for old in ("", "Pas-le-bon-1"):
        right = filled(owner, asked(owner), old=old, new=PERSONAL)
        other = filled(owner, asked(owner), old=old, new=NEW)
        assert right.comparable() == other.comparable()


# ---- who may


def test_whoever_is_not_signed_in_signs_in_first(stage: Stage) -> None:
    stage.activated("F1")
    owner = stage.browser()
    page = owner.ask_action(ACTION, login_hint=stage.address("F1"))
    assert page.screen == "login-login"
    page = owner.submit(page, username=stage.address("F1"), password=PERSONAL)
    assert page.screen == FORM
    page = filled(owner, page)
    assert page.action_status == "success"
    assert owner.tokens(page, stage.secret(owner))["id_token"]


def test_a_provisional_account_gets_no_further_than_the_sign_in(stage: Stage) -> None:
    stage.load("F2")
    owner = stage.browser()
    assert owner.ask_action(ACTION, client="1001", societe="01").screen == "login-welcome"
    assert owner.ask_action(ACTION, prompt="none").error == "login_required"


def test_the_form_of_one_owner_is_nothing_in_the_browser_of_another(stage: Stage) -> None:
    owner, _ = signed_in(stage, "F3")
    thief, _ = signed_in(stage, "F3thief")
    page = asked(owner)
    for browser in (thief, stage.browser()):
        assert "kc_action_status=success" not in filled(browser, page).url
    assert unchanged(stage, "F3")
    assert unchanged(stage, "F3thief")


def test_a_form_left_open_dies_with_its_session(stage: Stage) -> None:
    owner, _ = signed_in(stage, "F4")
    page = asked(owner)
    user = stage.admin.user(stage.address("F4"))
    stage.admin.do("POST", f"users/{user['id']}/logout")
    assert filled(owner, page).code is None
    assert owner.start(prompt="none").error == "login_required"
    assert unchanged(stage, "F4")


def test_a_disabled_account_changes_nothing(stage: Stage) -> None:
    owner, _ = signed_in(stage, "F5")
    page = asked(owner)
    user = stage.admin.user(stage.address("F5"))
    stage.admin.update(user, enabled=False)
    assert filled(owner, page).code is None
    stage.admin.update(user, enabled=True)
    assert unchanged(stage, "F5")


def test_an_administrator_cannot_impose_it_and_shuts_nobody_out(stage: Stage) -> None:
    stage.activated("F6")
    user = stage.admin.user(stage.address("F6"))
    stage.admin.update(user, requiredActions=[ACTION])
    assert stage.gets_in(stage.address("F6"))
    assert stage.admin.user(stage.address("F6"))["requiredActions"] == []


def test_the_page_is_shown_by_a_redirect_so_that_reload_repeats_nothing(stage: Stage) -> None:
    owner, _ = signed_in(stage, "F7")
    page = filled(owner, asked(owner), old="Pas-le-bon-1")
    assert "session_code" not in page.url
    again = owner.get(page.url)
    assert (again.screen, again.alert) == (FORM, "")


# ---- the actions of an application


@pytest.mark.parametrize(
    "action",
    [
        "UPDATE_PASSWORD",
        "UPDATE_EMAIL",
        "UPDATE_PROFILE",
        "VERIFY_EMAIL",
        "VERIFY_PROFILE",
        "TERMS_AND_CONDITIONS",
        "CONFIGURE_TOTP",
        "CONFIGURE_RECOVERY_AUTHN_CODES",
        "delete_account",
        "idp_link",
        "update_user_locale",
        "moncompte-activate",
        "moncompte-terms",
    ],
)
def test_no_action_outside_the_list_does_anything(
    stage: Stage, careful: tuple[str, Owner], action: str
) -> None:
    """The list: keycloak/realm-templates/required-actions.json.j2."""
    identifier, owner = careful
    before = stage.admin.user(stage.address(identifier))
    page = owner.ask_action(action)
    if page.screen == "login-login":  # Keycloak wants a fresh sign-in before it looks at delete_account
        page = owner.submit(page, username=stage.address(identifier), password=PERSONAL)
    assert page.action_status == "error"
    assert stage.admin.user(stage.address(identifier)) == before
    assert unchanged(stage, identifier)
