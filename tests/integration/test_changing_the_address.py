"""A new address: asked for by who is signed in, counted once its mailbox is proved, told to the old one."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.owner import Owner, Page, claims
from tests.realms import Json, RealmMaker
from tools.mailbox import Mail, Mailbox

ACTION = "moncompte-update-email"
PASSWORD_ACTION = "moncompte-update-password"
FORM, SENT = "login-update-email", "login-update-email-sent"
VALIDATE = "Validez votre nouvelle adresse"
TOLD = "L’adresse email de votre compte Extranet a changé"
REFUSED = "Ce lien ne fonctionne plus"
NEW = "Automne-77!y"
_LINK = re.compile(r"https?://\S+/moncompte/(address|dispute)\?key=[\w.-]+")


def signed_in(stage: Stage, identifier: str) -> Owner:
    """The browser of an owner who has activated this identifier and is signed in."""
    owner = stage.activated(identifier)
    stage.signed_in(owner, stage.address(identifier))
    return owner


def asked(owner: Owner, email: str) -> Page:
    """The page, after a new address was sent by it."""
    page = owner.ask_action(ACTION)
    assert page.screen == FORM, page.text
    return owner.submit(page, email=email, action="send")


def pressed(owner: Owner, page: Page, action: str) -> Page:
    """A button of the page that shows what waits."""
    assert page.screen == SENT, page.text
    return owner.submit(page, action=action)


def link_in(mail: Mail, kind: str = "address") -> str:
    """The link of a mail; the same in both parts."""
    found = _LINK.search(mail.text)
    assert found is not None, mail.text
    assert found[1] == kind
    assert found[0] in mail.html
    return found[0]


def link(stage: Stage, email: str, after: Mail | None = None) -> str:
    return link_in(stage.mail(email, VALIDATE, after=after))


def email_of(stage: Stage, owner: Owner) -> str:
    """The address that the application of a signed-in owner sees when it asks again."""
    tokens = owner.tokens(owner.start(prompt="none"), stage.secret(owner))
    return str(claims(tokens["id_token"])["email"])


def waits(stage: Stage, username: str) -> bool:
    """Whether a change of address waits on an account."""
    return bool(stage.admin.links(stage.admin.user(username), "ADDRESS"))


def users(stage: Stage, email: str) -> list[Json]:
    """Who has an address, as email or as username."""
    found = stage.admin.read("users", email=email, exact="true")
    found += stage.admin.read("users", username=email, exact="true")
    return list({one["id"]: one for one in found}.values())


def events(stage: Stage, user: Json, kind: str) -> list[Json]:
    return [event for event in stage.admin.events(kind) if event.get("userId") == user["id"]]


# ---- it changes


def test_nothing_changes_before_the_link_and_then_email_and_username_do(stage: Stage) -> None:
    owner, old, new = signed_in(stage, "A1"), stage.address("A1"), stage.address("a1new")
    before = stage.admin.user(old)
    page = asked(owner, new)
    assert page.screen == SENT
    assert new in page.text
    assert old in page.text
    page = pressed(owner, page, "leave")
    assert page.action_status == "success"
    assert claims(owner.tokens(page, stage.secret(owner))["id_token"])["email"] == old
    assert stage.gets_in(old)
    assert users(stage, new) == []

    page = owner.confirm(link(stage, new))
    assert page.screen == "login-address-changed", page.text
    after = stage.admin.user(new)
    assert (after["id"], after["username"], after["email"]) == (before["id"], new, new)
    assert after["emailVerified"]
    assert not waits(stage, new)
    assert users(stage, old) == []
    assert stage.gets_in(new)
    assert not stage.gets_in(old)
    assert email_of(stage, owner) == new


def test_the_page_after_leads_back_to_the_application_with_the_new_address(stage: Stage) -> None:
    owner, new = signed_in(stage, "A2"), stage.address("a2new")
    asked(owner, new)
    page = owner.confirm(link(stage, new))
    assert "Adresse email changée" in page.text
    assert page.link("CONTINUER") == f"http://localhost:8000/?login_hint={new.replace('@', '%40')}"
    assert "Quelqu'un est déjà connecté" not in page.text


def test_the_old_address_is_told_and_can_dispute(stage: Stage) -> None:
    owner, old, new = signed_in(stage, "A3"), stage.address("A3"), stage.address("zoe.a3")
    asked(owner, new)
    owner.confirm(link(stage, new))
    mail = stage.mail(old, TOLD)
    for part in (mail.text, mail.html):
        assert "z•••@" in part
        assert new not in part
    page = stage.browser().get(link_in(mail, "dispute"))
    assert "adresse email d'un compte Extranet a été changée" in page.text
    stage.browser().submit(page)
    assert not stage.admin.user(new)["enabled"]
    assert not stage.gets_in(new)


def test_events_say_who_and_when_without_the_addresses(stage: Stage) -> None:
    owner, new = signed_in(stage, "A4"), stage.address("xavier.a4")
    asked(owner, new)
    opened = link(stage, new)
    owner.confirm(opened)
    user = stage.admin.user(new)
    asking, _of_the_activation = events(stage, user, "SEND_VERIFY_EMAIL")
    assert new not in str(asking)
    [event] = events(stage, user, "UPDATE_EMAIL")
    assert event["clientId"] == "extranet"
    assert event["details"]["updated_email"].startswith("x•••@")
    assert event["details"]["previous_email"].startswith("a•••@")
    assert new not in str(event)
    assert opened.partition("key=")[2] not in str(stage.admin.events())


def test_this_session_stays_and_the_others_end(stage: Stage) -> None:
    owner, old, new = signed_in(stage, "A5"), stage.address("A5"), stage.address("a5new")
    elsewhere = stage.browser()
    there = stage.signed_in(elsewhere, old)
    asked(owner, new)
    page = elsewhere.get(link(stage, new))
    assert "Quelqu'un est déjà connecté" not in page.text
    page = elsewhere.submit(page, password=PERSONAL)
    assert page.screen == "login-address-changed"
    assert elsewhere.refresh(there, stage.secret(owner))["error"] == "invalid_grant"
    assert elsewhere.start(prompt="none").error == "login_required"
    assert email_of(stage, owner) == new


def test_capitals_and_spaces_around_an_address_do_not_count(stage: Stage) -> None:
    owner, new = signed_in(stage, "A6"), stage.address("a6new")
    assert new in asked(owner, f"  {new.upper()} ").text
    owner.confirm(link(stage, new))
    assert stage.gets_in(new)


def test_an_agency_that_loads_again_finds_the_owner(stage: Stage) -> None:
    owner, new = signed_in(stage, "A7"), stage.address("a7new")
    asked(owner, new)
    owner.confirm(link(stage, new))
    stage.load("A7")
    assert stage.admin.user(new)["email"] == new
    assert stage.gets_in(new)
    assert not stage.gets_in(stage.address("A7"))


# ---- the link


def test_opening_the_link_changes_nothing_however_often(stage: Stage) -> None:
    owner, new = signed_in(stage, "B1"), stage.address("b1new")
    asked(owner, new)
    opened = link(stage, new)
    scanner = stage.browser()
    for _ in range(20):
        assert scanner.get(opened).screen == "login-confirm-new-address"
    assert users(stage, new) == []
    assert owner.confirm(opened).screen == "login-address-changed"


def test_in_another_browser_the_password_is_wanted_and_wrong_ones_are_refused(stage: Stage) -> None:
    owner, old, new = signed_in(stage, "B2"), stage.address("B2"), stage.address("b2new")
    asked(owner, new)
    opened = link(stage, new)
    stranger = stage.browser()
    page = stranger.get(opened)
    assert page.value("password") == ""
    assert old not in page.text
    for wrong in ("Pas-le-bon-1", "", provisional("B2")):
        page = stranger.submit(page, password=wrong)
        assert "Ce mot de passe n'est pas le bon" in page.alert
    assert "Ce mot de passe n'est pas le bon" in stranger.submit(page).alert
    assert users(stage, new) == []
    assert stranger.submit(page, password=PERSONAL).screen == "login-address-changed"
    # Nobody is signed in by it.
    assert stranger.start(prompt="none").error == "login_required"


def test_wrong_passwords_at_the_link_lock_like_failed_sign_ins(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    strict = Stage(make_realm(limits={"failures": 3, "per_source": 1000, "mails_per_hour": 1000}), mailbox)
    owner, new = signed_in(strict, "B3"), strict.address("b3new")
    asked(owner, new)
    stranger = strict.browser()
    page = stranger.get(link(strict, new))
    for _ in range(4):
        page = stranger.submit(page, password="Pas-le-bon-1")
    locked = stranger.submit(page, password=PERSONAL)
    assert locked.comparable() == page.comparable()
    assert users(strict, new) == []


def test_right_passwords_at_links_use_up_no_guesses(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    strict = Stage(make_realm(limits={"failures": 3, "per_source": 1000, "mails_per_hour": 1000}), mailbox)
    owner = signed_in(strict, "B5x")
    for number in range(5):
        new = strict.address(f"b5x{number}")
        asked(owner, new)
        elsewhere = strict.browser()
        page = elsewhere.submit(elsewhere.get(link(strict, new)), password=PERSONAL)
        assert page.screen == "login-address-changed", page.text


def test_a_link_is_used_once(stage: Stage) -> None:
    owner, new = signed_in(stage, "B4"), stage.address("b4new")
    asked(owner, new)
    opened = link(stage, new)
    form = owner.get(opened)
    assert owner.submit(form).screen == "login-address-changed"
    for page in (owner.get(opened), owner.submit(form), stage.browser().get(opened)):
        assert page.status == 404
        assert REFUSED in page.text
    assert len(events(stage, stage.admin.user(new), "UPDATE_EMAIL")) == 1


def test_a_false_or_foreign_link_is_refused_with_the_same_page(stage: Stage) -> None:
    first, second = signed_in(stage, "B5"), signed_in(stage, "B5b")
    asked(first, stage.address("b5new"))
    asked(second, stage.address("b5bnew"))
    one, other = link(stage, stage.address("b5new")), link(stage, stage.address("b5bnew"))
    mine, theirs = one.partition("key=")[2], other.partition("key=")[2]
    swapped = f"{mine.split('.')[0]}.{theirs.split('.')[1]}"
    said = set()
    for key in (swapped, "x", "", "../x", mine[:-1], f"{mine.split('.')[0]}.{'A' * 27}"):
        page = first.get(one.replace(mine, key))
        assert page.status == 404
        said.add(page.text)
    assert len(said) == 1
    assert first.confirm(one).screen == "login-address-changed"
    assert second.confirm(other).screen == "login-address-changed"


def test_a_newer_link_replaces_the_one_before(stage: Stage) -> None:
    owner, new = signed_in(stage, "B6"), stage.address("b6new")
    page = asked(owner, new)
    first = stage.mail(new, VALIDATE)

    def resent() -> bool:
        nonlocal page  # each answer is a new form
        page = pressed(owner, page, "resend")
        return "vient de vous être renvoyé" in page.alert

    eventually(resent, "the cool-down is over")
    newest = link(stage, new, after=first)
    assert owner.get(link_in(first)).status == 404
    assert owner.confirm(newest).screen == "login-address-changed"


def test_another_new_address_replaces_the_one_before(stage: Stage) -> None:
    owner, wrong, right = signed_in(stage, "B7"), stage.address("b7wrong"), stage.address("b7right")
    page = pressed(owner, asked(owner, wrong), "drop")
    assert page.screen == FORM
    assert "Votre adresse reste la même" in page.alert
    assert owner.get(link(stage, wrong)).status == 404
    assert owner.submit(page, email=right, action="send").screen == SENT
    assert owner.confirm(link(stage, right)).screen == "login-address-changed"
    assert users(stage, wrong) == []


def test_an_expired_link_is_refused(stage: Stage) -> None:
    owner, new = signed_in(stage, "B8"), stage.address("b8new")
    with stage.admin.setting(verificationLinkLifetime=1):
        asked(owner, new)
        opened = link(stage, new)
    eventually(lambda: owner.get(opened).status == 404, "the link has expired")
    assert owner.ask_action(ACTION).screen == FORM
    assert users(stage, new) == []


# ---- an address that is taken


def test_a_taken_address_looks_like_any_other_and_its_owner_is_told(stage: Stage) -> None:
    owner, taken, free = signed_in(stage, "C1"), stage.address("C1taken"), stage.address("c1freexx")
    stage.activated("C1taken")
    of_taken = asked(owner, taken)
    of_free = owner.submit(pressed(owner, of_taken, "drop"), email=free, action="send")
    assert of_taken.comparable(taken) == of_free.comparable(free)
    mail = stage.mail(taken, "a déjà un compte Extranet")
    for part in (mail.text, mail.html):
        assert "Rien n" in part
        assert stage.address("C1") not in part
        assert "moncompte/address" not in part
    stage.mail(free, VALIDATE)
    subjects = [mail.subject for mail in stage.mailbox.messages() if taken in str(mail.to)]
    assert subjects
    assert not [subject for subject in subjects if VALIDATE in subject]
    user = stage.admin.user(stage.address("C1"))
    refused = events(stage, user, "UPDATE_EMAIL_ERROR")
    assert [event["error"] for event in refused] == ["email_in_use"]
    assert taken not in str(refused)
    assert stage.gets_in(taken)


def test_of_several_who_want_one_address_one_gets_it(stage: Stage) -> None:
    wanted = stage.address("c2wanted")
    owners, links, mail = [], [], None
    for number in range(4):
        owner = signed_in(stage, f"C2n{number}")
        asked(owner, wanted)
        mail = stage.mail(wanted, VALIDATE, after=mail)
        owners.append(owner)
        links.append(link_in(mail))
    forms = [(owner, owner.get(one)) for owner, one in zip(owners, links, strict=True)]
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda pair: pair[0].submit(pair[1]), forms))
    screens = sorted(page.screen for page in pages)
    assert screens == ["login-address-changed", *["login-new-address-taken"] * 3]
    assert len(users(stage, wanted)) == 1
    for number, page in enumerate(pages):
        won = page.screen == "login-address-changed"
        assert stage.gets_in(wanted if won else stage.address(f"C2n{number}"))


def test_an_activation_that_takes_the_address_meanwhile_wins(stage: Stage) -> None:
    owner, wanted = signed_in(stage, "C3"), stage.address("c3wanted")
    asked(owner, wanted)
    opened = link(stage, wanted)
    stage.activated("C3b", email=wanted)
    page = owner.confirm(opened)
    assert page.screen == "login-new-address-taken"
    assert "n'a pas changé" in page.text
    assert stage.gets_in(stage.address("C3"))
    assert stage.gets_in(wanted)


def test_an_address_that_waits_keeps_nobody_from_using_it(stage: Stage) -> None:
    owner, wanted = signed_in(stage, "C4"), stage.address("c4wanted")
    asked(owner, wanted)
    stage.activated("C4b", email=wanted)
    assert stage.gets_in(wanted)


# ---- what ends a change that waits


@pytest.fixture
def waiting(stage: Stage, request: pytest.FixtureRequest) -> tuple[Owner, str, str]:
    """An owner who has asked for a new address; the old one, and the link."""
    identifier = "D" + re.sub(r"\W", "", request.node.name)[-20:]
    owner, new = signed_in(stage, identifier), stage.address(identifier + "new")
    asked(owner, new)
    return owner, stage.address(identifier), link(stage, new)


def dead(stage: Stage, opened: str, old: str) -> bool:
    """Whether a link is refused and has changed nothing."""
    page = stage.browser().get(opened)
    return page.status == 404 and REFUSED in page.text and len(users(stage, old)) == 1


def test_a_changed_password_ends_it(stage: Stage, waiting: tuple[Owner, str, str]) -> None:
    owner, old, opened = waiting
    form = owner.get(opened)
    page = owner.ask_action(PASSWORD_ACTION)
    page = owner.submit(page, password=PERSONAL, password_new=NEW, password_confirm=NEW)
    assert page.action_status == "success"
    assert REFUSED in owner.submit(form).text
    assert dead(stage, opened, old)
    assert not waits(stage, old)


def reset(stage: Stage, email: str) -> None:
    """A forgotten password, chosen anew from the mailbox of an address."""
    browser = stage.browser()
    browser.forgotten(email)
    page = browser.get(stage.reset_link(email))
    page = browser.submit(page, password_new=NEW, password_confirm=NEW)
    assert page.screen == "login-reset-done", page.text


def test_a_reset_ends_it_and_whatever_page_was_open(stage: Stage, waiting: tuple[Owner, str, str]) -> None:
    """Rule 12: begun before a reset, it cannot be finished after it."""
    owner, old, opened = waiting
    confirmation, page = owner.get(opened), owner.ask_action(ACTION)
    reset(stage, old)
    assert REFUSED in owner.submit(confirmation).text
    assert pressed(owner, page, "resend").code is None
    assert dead(stage, opened, old)
    assert not waits(stage, old)
    assert stage.gets_in(old, NEW)


def test_a_link_to_choose_a_password_dies_with_the_old_address(
    stage: Stage, waiting: tuple[Owner, str, str]
) -> None:
    owner, old, opened = waiting
    stage.browser().forgotten(old)
    link_to_reset = stage.reset_link(old)
    assert owner.confirm(opened).screen == "login-address-changed"
    assert stage.browser().get(link_to_reset).status == 404


def test_a_password_set_by_an_administrator_ends_it(stage: Stage, waiting: tuple[Owner, str, str]) -> None:
    _, old, opened = waiting
    stage.admin.set_password(stage.admin.user(old), NEW)
    assert dead(stage, opened, old)


def test_a_disabled_account_cannot_finish_it(stage: Stage, waiting: tuple[Owner, str, str]) -> None:
    _, old, opened = waiting
    user = stage.admin.user(old)
    stage.admin.update(user, enabled=False)
    assert dead(stage, opened, old)


def test_a_dispute_ends_it(stage: Stage, waiting: tuple[Owner, str, str]) -> None:
    owner, old, opened = waiting
    second = stage.address("ddisputed")
    page = pressed(owner, owner.ask_action(ACTION), "drop")
    owner.submit(page, email=second, action="send")
    owner.confirm(link(stage, second))
    third = stage.address("dthird")
    asked(owner, third)
    waiting_link = link(stage, third)
    freeze = stage.browser()
    freeze.submit(freeze.get(link_in(stage.mail(old, TOLD), "dispute")))
    stage.admin.update(stage.admin.user(second), enabled=True)
    assert dead(stage, waiting_link, second)
    assert dead(stage, opened, second)


def test_a_merge_ends_it(stage: Stage, waiting: tuple[Owner, str, str]) -> None:
    owner, old, opened = waiting
    stage.load("DMERGE")
    page = owner.ask_action("moncompte-add-contract")
    page = owner.submit(
        page, client="1001", societe="01", identifier="DMERGE", password=provisional("DMERGE")
    )
    assert page.action_status == "success"
    assert dead(stage, opened, old)


def test_a_page_left_open_over_a_change_of_password_begins_nothing(stage: Stage) -> None:
    owner, old, new = signed_in(stage, "D9"), stage.address("D9"), stage.address("d9new")
    page = owner.ask_action(ACTION)
    stage.admin.set_password(stage.admin.user(old), NEW)
    answer = owner.submit(page, email=new, action="send")
    assert answer.code is None
    assert "Votre connexion a pris fin" in answer.text
    assert not waits(stage, old)


# ---- it refuses


@pytest.fixture(scope="module")
def careful(stage: Stage) -> Owner:
    """An owner who does not manage to change the address."""
    return signed_in(stage, "E1")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Veuillez saisir une adresse email"),
        ("   ", "Veuillez saisir une adresse email"),
        ("helene", "n'est pas complète"),
        ("helene@", "n'est pas complète"),
        ("helene@exemple", "n'est pas complète"),
        ("a@b.example\nBcc: c@d.example", "contient un caractère invisible"),
        ("é@exemple.fr", "n'est pas possible dans une adresse"),
        ("a" * 250 + "@exemple.fr", "n'est pas complète"),
        ("E1@{realm}.example", "C'est déjà l'adresse"),
        ('"><script>@exemple.fr', "n'est pas complète"),
    ],
)
def test_an_address_that_cannot_be_is_refused(stage: Stage, careful: Owner, typed: str, said: str) -> None:
    page = asked(careful, typed.replace("{realm}", stage.realm.name))
    assert page.screen == FORM
    assert said in page.alert
    assert "<script>@" not in page.html
    assert not waits(stage, stage.address("E1"))


def test_cancelling_changes_nothing_and_leads_back(stage: Stage, careful: Owner) -> None:
    page = careful.cancel_action(asked(careful, "helene"))
    assert page.action_status == "cancelled"
    assert not waits(stage, stage.address("E1"))


def test_within_the_cool_down_no_second_mail_leaves_and_the_first_stays_good(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    lifetimes = {
        "provisional": "30d",
        "verification_link": "24h",
        "reset_link": "1h",
        "resend_cooldown": "600s",
    }
    patient = Stage(make_realm(lifetimes=lifetimes), mailbox)
    owner, new = signed_in(patient, "E2"), patient.address("e2new")
    page = asked(owner, new)
    first = patient.mail(new, VALIDATE)
    page = pressed(owner, page, "resend")
    assert "Un email vient déjà de partir" in page.alert
    assert link(patient, new) == link_in(first)
    assert owner.confirm(link_in(first)).screen == "login-address-changed"


def test_mails_are_limited_per_account_and_per_recipient(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    few = Stage(make_realm(limits={"failures": 1000, "per_source": 1000, "mails_per_hour": 3}), mailbox)
    owner = signed_in(few, "E3")  # one mail for the activation
    page = owner.ask_action(ACTION)
    for number in range(2):
        page = owner.submit(page, email=few.address(f"e3n{number}"), action="send")
        page = pressed(owner, page, "drop")
    page = owner.submit(page, email=few.address("e3n9"), action="send")
    assert "Beaucoup d'emails ont déjà été envoyés" in page.alert
    assert not waits(few, few.address("E3"))


def test_an_old_session_has_to_give_the_password_again(stage: Stage) -> None:
    owner = signed_in(stage, "E4")
    path = f"authentication/required-actions/{ACTION}/config"
    stage.admin.do("PUT", path, {"config": {"max_auth_age": "0"}})
    try:
        eventually(lambda: owner.ask_action(ACTION).screen == "login-login", "the sign-in is too old")
        page = owner.submit(owner.ask_action(ACTION), username=stage.address("E4"), password=PERSONAL)
        assert page.screen == FORM
    finally:
        stage.admin.do("DELETE", path)


def test_an_administrator_cannot_impose_it_and_shuts_nobody_out(stage: Stage) -> None:
    stage.activated("E5")
    user = stage.admin.user(stage.address("E5"))
    stage.admin.update(user, requiredActions=[ACTION])
    assert stage.gets_in(stage.address("E5"))
    assert stage.admin.user(stage.address("E5"))["requiredActions"] == []


def test_nobody_writes_the_change_that_waits_by_another_way(stage: Stage) -> None:
    owner = signed_in(stage, "E6")
    asked(owner, stage.address("e6new"))
    user = stage.admin.user(stage.address("E6"))
    stage.admin.call(
        "PUT", f"users/{user['id']}", user | {"attributes": user["attributes"] | {"links": ["{}"]}}
    )
    now = stage.admin.user(stage.address("E6"))
    assert now["attributes"]["links"] == user["attributes"]["links"]


def test_a_shared_browser_says_who_is_signed_in_and_signs_them_out(stage: Stage) -> None:
    owner, new = signed_in(stage, "E7"), stage.address("e7new")
    asked(owner, new)
    other = signed_in(stage, "E7b")
    page = other.get(link(stage, new))
    assert stage.address("E7b") in page.text
    assert other.submit(page, password=PERSONAL).screen == "login-address-changed"
    assert other.start(prompt="none").error == "login_required"
    assert email_of(stage, owner) == new


@pytest.fixture
def english(stage: Stage) -> Owner:
    owner = signed_in(stage, f"F{time.time_ns()}")
    owner.http.headers["Accept-Language"] = "en"
    return owner


def test_the_pages_and_mails_in_english(stage: Stage, english: Owner) -> None:
    new = stage.address(f"f{time.time_ns()}")
    page = english.ask_action(ACTION, ui_locales="en")
    assert "Change of email address" in page.text
    page = english.submit(page, email=new, action="send")
    assert "Until then, you still sign in with" in page.text
    mail = stage.mail(new, "Confirm your new email address")
    page = english.get(link_in(mail) + "&kc_locale=en")
    assert "Confirm my new address" in page.text
