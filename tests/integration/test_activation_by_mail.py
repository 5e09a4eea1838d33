"""S9 for an owner who never activated: a link to the address that the agency holds (rules 1, 2, 3 and 7)."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.stage import BY_MAIL, PERSONAL, RESET, Stage, eventually, provisional
from tests.owner import Owner, Page, link_to
from tests.realms import AGENCIES, Json, RealmMaker, TestRealm
from tools.mailbox import Mail, Mailbox

NEW = "Orage-77?y"


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """The agency 1001/02 does not let its owners activate by mail."""
    agencies = [
        agency | ({"activation_by_mail": False} if agency["societe"] == "02" else {}) for agency in AGENCIES
    ]
    return make_realm(agencies=agencies)


def mails(stage: Stage, address: str) -> list[Mail]:
    return [mail for mail in stage.mailbox.messages() if mail.is_for(address)]


def link_for(stage: Stage, identifier: str, agency: str = "1001/01") -> str:
    """Loads an owner, who asks at S9 by the identifier; the link."""
    stage.load(identifier, agency=agency)
    stage.browser().forgotten(identifier, *agency.split("/"))
    return link_to("activate", stage.mail(stage.address(identifier), BY_MAIL).text)


def asked_for_nothing(stage: Stage, typed: str, error: str, agency: str = "1001/01") -> None:
    """Asks at S9, and waits until it was decided that no mail leaves, for this reason."""

    def refusals() -> list[Json]:
        return stage.admin.events("SEND_RESET_PASSWORD_ERROR")

    before = {event["id"] for event in refusals()}
    assert stage.browser().forgotten(typed, *agency.split("/")).screen == "login-forgotten-sent"
    eventually(
        lambda: any(one["id"] not in before and one["error"] == error for one in refusals()),
        f"{typed}: {error}",
    )


def is_dead(stage: Stage, link: str) -> bool:
    """Whether a link opens nothing and activates nothing."""
    owner = stage.browser()
    fields = {"password-new": NEW, "password-confirm": NEW, "terms": "on", "terms-version": "2026-01"}
    screens = {owner.get(link).screen, owner.post(link, fields).screen}
    return screens == {"login-link-refused"}


def test_who_never_activated_activates_by_the_link_and_signs_in(stage: Stage) -> None:
    link = link_for(stage, "A1")
    mail = stage.mail(stage.address("A1"), BY_MAIL)
    assert "Agence du Vieux-Port" in mail.text
    assert link in mail.links
    owner = stage.browser()
    page = owner.get(link)
    for words in (
        "Agence du Vieux-Port",
        stage.address("A1"),
        "Au moins 6 caractères",
        "J'accepte les CGU",
    ):
        assert words in page.text
    assert page.soup.find("input", attrs={"name": "email"}) is None
    page = owner.activate_by_mail(link, NEW, "A1")
    assert page.screen == "login-address-confirmed", page.text
    assert stage.address("A1") in page.link("CONNEXION").replace("%40", "@")
    assert owner.get(owner.authorization_url(prompt="none")).error == "login_required"
    claims = stage.signed_in(stage.browser(), stage.address("A1"), NEW)
    assert claims["access_token"]
    account = stage.admin.user(stage.address("A1"))
    assert account["attributes"]["terms_version"] == ["2026-01"]
    assert stage.admin.credential_types(account) == ["password"]
    assert is_dead(stage, link)
    page = stage.browser().prove("1001", "01", "A1", provisional("A1"))
    assert page.screen == "login-provisional", "the letter's password has served"


def test_an_address_typed_by_who_never_activated_leads_to_nothing(stage: Stage) -> None:
    stage.load("A2")
    asked_for_nothing(stage, stage.address("A2"), "user_not_found")
    assert mails(stage, stage.address("A2")) == []


def test_an_agency_may_switch_it_off(stage: Stage) -> None:
    stage.load("A3", agency="1001/02")
    asked_for_nothing(stage, "A3", "not_activated", "1001/02")
    assert mails(stage, stage.address("A3")) == []


def test_switched_off_meanwhile_the_link_is_dead(stage: Stage) -> None:
    link = link_for(stage, "A4", "2002/01")
    whole = next(one for one in stage.admin.read("organizations", search="") if one["alias"] == "2002-01")
    attributes = stage.admin.read(f"organizations/{whole['id']}")["attributes"]
    stage.admin.set_agency("2002-01", attributes=attributes | {"activation_by_mail": ["false"]})
    assert is_dead(stage, link)
    stage.admin.set_agency("2002-01", attributes=attributes)
    assert stage.browser().activate_by_mail(link, NEW, "A4").screen == "login-address-confirmed"


def test_expired_disabled_and_without_an_address_lead_to_nothing(
    stage: Stage, make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    stage.load("A5", "A5off")
    stage.load("A5none", email="")
    stage.admin.update(stage.account("A5off"), enabled=False)
    asked_for_nothing(stage, "A5off", "user_disabled")
    asked_for_nothing(stage, "A5none", "not_activated")
    hasty = Stage(make_realm(lifetimes={"provisional": "1s"}), mailbox)
    hasty.load("A5old")
    eventually(
        lambda: (
            hasty.browser().prove("1001", "01", "A5old", provisional("A5old")).screen == "login-provisional"
        ),
        "the letter is too old",
    )
    asked_for_nothing(hasty, "A5old", "not_activated")
    assert mails(stage, stage.address("A5off")) + mails(hasty, hasty.address("A5old")) == []


def test_opening_the_link_changes_nothing(stage: Stage) -> None:
    link = link_for(stage, "B1")
    for _ in range(10):
        assert stage.browser().get(link).screen == "login-activate-by-mail"
    assert stage.browser().prove("1001", "01", "B1", provisional("B1")).screen == "login-address"
    assert not stage.gets_in(stage.address("B1"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password-new": "court", "password-confirm": "court", "terms": "on"}, "critères"),
        ({"password-new": NEW, "password-confirm": "autre", "terms": "on"}, "ne sont pas identiques"),
        ({"password-new": NEW, "password-confirm": NEW}, "cocher la case"),
    ],
)
def test_what_is_missing_is_named_and_the_link_stays_good(
    stage: Stage, fields: dict[str, str], words: str
) -> None:
    identifier = f"B2{len(fields)}{words[0]}"
    link = link_for(stage, identifier)
    owner = stage.browser()
    page = owner.post(link, fields | {"terms-version": "2026-01", "identifier": identifier})
    assert page.screen == "login-activate-by-mail"
    assert words in page.alert
    assert owner.activate_by_mail(link, NEW, identifier).screen == "login-address-confirmed"


def test_consent_is_to_the_version_shown(stage: Stage) -> None:
    link = link_for(stage, "B3")
    fields = {"password-new": NEW, "password-confirm": NEW, "terms": "on", "terms-version": "2020-01"}
    page = stage.browser().post(link, fields | {"identifier": "B3"})
    assert page.screen == "login-activate-by-mail"
    assert "cocher la case" in page.alert


def test_the_link_ends_when_the_agencys_file_changes_the_address(stage: Stage) -> None:
    link = link_for(stage, "C1")
    stage.load("C1", email=f"nouvelle-c1@{stage.realm.name}.example")
    assert is_dead(stage, link)
    stage.load("C1")  # the old address once more: what has ended stays so
    assert is_dead(stage, link)


def test_the_link_ends_with_a_new_letter(stage: Stage) -> None:
    link = link_for(stage, "C2")
    stage.load("C2", mot_de_passe="Jonquille-77", options=("--replace-passwords",))
    assert is_dead(stage, link)


def test_the_link_ends_when_the_activation_is_restarted_done_or_disabled(stage: Stage) -> None:
    restarted, done, disabled = (link_for(stage, one) for one in ("C3", "C4", "C5"))
    owner = stage.browser()
    owner.submit(stage.begun(owner, "C3"), action="restart")
    assert is_dead(stage, restarted)
    owner = stage.browser()
    stage.begun(owner, "C4")
    assert stage.browser().get(done).screen == "login-activate-by-mail", "begun is not done"
    owner.confirm(stage.link(stage.address("C4")))
    assert is_dead(stage, done)
    assert stage.gets_in(stage.address("C4"), PERSONAL)
    stage.admin.update(stage.account("C5"), enabled=False)
    assert is_dead(stage, disabled)


def test_the_link_ends_with_a_merge(stage: Stage) -> None:
    stage.activated("C6")
    link = link_for(stage, "C7")
    owner = stage.browser()
    page = owner.get(owner.start("1001", "01").link("Je fusionne mes comptes"))
    page = owner.submit(page, email=stage.address("C6"), identifier="C7", password=provisional("C7"))
    assert owner.submit(page, password=PERSONAL).screen == "login-merged"
    assert is_dead(stage, link)


def test_a_newer_link_ends_the_older(stage: Stage) -> None:
    first = link_for(stage, "C8")
    mail = stage.mail(stage.address("C8"), BY_MAIL)
    time.sleep(1.1)  # the cool-down
    stage.browser().forgotten("C8")
    second = link_to("activate", stage.mail(stage.address("C8"), BY_MAIL, after=mail).text)
    assert is_dead(stage, first)
    assert stage.browser().activate_by_mail(second, NEW, "C8").screen == "login-address-confirmed"


def test_an_activation_begun_by_letter_ends_with_the_one_by_mail(stage: Stage) -> None:
    stage.load("D1")
    owner = stage.browser()
    stage.begun(owner, "D1", f"autre-d1@{stage.realm.name}.example")
    by_letter = stage.link(f"autre-d1@{stage.realm.name}.example")
    link = link_for(stage, "D1")
    assert stage.browser().activate_by_mail(link, NEW, "D1").screen == "login-address-confirmed"
    assert owner.get(by_letter).screen == "login-link-refused"
    assert not stage.gets_in(f"autre-d1@{stage.realm.name}.example")


def test_of_two_that_use_the_link_at_once_one_wins(stage: Stage) -> None:
    link = link_for(stage, "D2")
    passwords = [f"Course-{number}!a" for number in range(4)]
    forms = [(owner, owner.get(link)) for owner in (stage.browser() for _ in passwords)]

    def choose(form: tuple[Owner, Page], password: str) -> Page:
        owner, page = form
        version = page.value("terms-version")
        return owner.submit(
            page,
            identifier="D2",
            password_new=password,
            password_confirm=password,
            terms="on",
            terms_version=version,
        )

    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(choose, forms, passwords))
    won = [
        one for one, page in zip(passwords, pages, strict=True) if page.screen == "login-address-confirmed"
    ]
    assert len(won) == 1
    assert stage.gets_in(stage.address("D2"), won[0])


def test_an_address_that_has_an_account_gets_the_mail_that_says_so(stage: Stage) -> None:
    stage.activated("E1")
    stage.load("E2", email=stage.address("E1"))
    stage.browser().forgotten("E2")
    mail = stage.mail(stage.address("E1"), "a déjà un compte")
    assert "/moncompte/activate" not in mail.text
    assert "Agence du Vieux-Port" in mail.text
    assert stage.gets_in(stage.address("E1"))


def test_of_two_links_to_one_address_the_first_used_takes_it(stage: Stage) -> None:
    shared = f"partagee@{stage.realm.name}.example"
    links = []
    for identifier in ("E3", "E4"):
        last = mails(stage, shared)
        stage.load(identifier, email=shared)
        stage.browser().forgotten(identifier)
        mail = stage.mail(shared, BY_MAIL, after=last[0] if last else None)
        links.append(link_to("activate", mail.text))
    assert stage.browser().activate_by_mail(links[0], NEW, "E3").screen == "login-address-confirmed"
    assert stage.browser().activate_by_mail(links[1], "Autre-Mot-9", "E4").screen == "login-address-taken"
    assert stage.gets_in(shared, NEW)
    assert not stage.gets_in(shared, "Autre-Mot-9")


def test_once_activated_the_identifier_leads_to_a_reset(stage: Stage) -> None:
    stage.browser().activate_by_mail(link_for(stage, "E5"), NEW, "E5")
    stage.browser().forgotten("E5")
    assert stage.mail(stage.address("E5"), RESET)


def test_on_a_shared_browser_the_other_owner_is_signed_out(stage: Stage) -> None:
    stage.activated("F1")
    link = link_for(stage, "F2")
    shared = stage.browser()
    tokens = stage.signed_in(shared, stage.address("F1"))
    assert "Quelqu'un est déjà connecté" in shared.get(link).text
    assert shared.activate_by_mail(link, NEW, "F2").screen == "login-address-confirmed"
    assert shared.refresh(tokens, stage.secret(shared))["error"] == "invalid_grant"


def test_what_the_agency_typed_is_text(stage: Stage) -> None:
    stage.load("<b>G1</b>", email=stage.address("g1"), nom="<i>Nom</i>")
    owner = stage.browser()
    owner.forgotten("<b>G1</b>")
    link = link_to("activate", stage.mail(stage.address("g1"), BY_MAIL).text)
    page = owner.get(link)
    assert "<b>G1</b>" not in page.html
    assert "&lt;b&gt;G1" in page.html
    assert "<i>Nom" not in stage.mail(stage.address("g1"), BY_MAIL).html
    page = stage.browser().post(link, {"identifier": '"><b>G2</b>'})
    assert "<b>G2</b>" not in page.html


# ---- whoever reads a stale address


def test_the_mail_names_no_identifier_and_the_page_asks_for_it_elsewhere(stage: Stage) -> None:
    identifier = "JANUS-734"
    link = link_for(stage, identifier, "2002/01")
    mail = stage.mail(stage.address(identifier), BY_MAIL)
    for part in (mail.text, mail.html):
        assert identifier not in part.replace(stage.address(identifier), "")
    reader = stage.browser()
    page = reader.get(link)
    assert page.value("identifier") == ""
    assert identifier not in page.html
    for wrong in (None, "", "JANUS-735", stage.address(identifier)):
        page = reader.activate_by_mail(link, NEW, wrong)
        assert page.screen == "login-activate-by-mail"
        assert "Cet identifiant n'est pas le bon" in page.alert
        assert identifier not in page.html
    assert not stage.gets_in(stage.address(identifier), NEW)
    assert reader.activate_by_mail(link, NEW, " janus-734 ").screen == "login-address-confirmed"
    assert stage.gets_in(stage.address(identifier), NEW)


def test_the_browser_that_asked_is_not_asked_whatever_it_asked_for_since(stage: Stage) -> None:
    stage.load("J1", "J2")
    owner = stage.browser()
    links = []
    for identifier in ("J1", "J2"):
        owner.forgotten(identifier)
        links.append(link_to("activate", stage.mail(stage.address(identifier), BY_MAIL).text))
    owner.forgotten("nobody-at-all")
    for identifier, link in zip(("J1", "J2"), links, strict=True):
        page = owner.get(link)
        assert page.soup.find("input", attrs={"name": "identifier"}) is None
        assert identifier in page.text
        assert owner.activate_by_mail(link, NEW).screen == "login-address-confirmed"


def test_a_forged_cookie_is_no_browser_that_asked(stage: Stage) -> None:
    link = link_for(stage, "J3")
    reader = stage.browser()
    for value in ("", "x", "A" * 27):
        reader.http.cookies.set("MONCOMPTE_FORGOTTEN", value)
        assert reader.get(link).value("identifier") == ""


def test_guessing_the_identifier_is_throttled_for_each_link(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    limits = {"failures": 3, "per_source": 100_000, "mails_per_hour": 10_000}
    strict = Stage(make_realm(limits=limits), mailbox)
    link = link_for(strict, "K1")
    for number in range(3):
        reader = strict.browser(source=f"127.0.31.{number + 1}")
        assert "n'est pas le bon" in reader.activate_by_mail(link, NEW, f"wrong-{number}").alert
    reader = strict.browser(source="127.0.31.9")
    assert "Trop d'essais" in reader.activate_by_mail(link, NEW, "K1").alert
    assert not strict.gets_in(strict.address("K1"), NEW)
    other = link_for(strict, "K2")
    assert strict.browser().activate_by_mail(other, NEW, "K2").screen == "login-address-confirmed"


def test_guessing_the_identifier_is_throttled_for_each_source(
    make_realm: RealmMaker, mailbox: Mailbox
) -> None:
    limits = {"failures": 1000, "per_source": 3, "mails_per_hour": 10_000}
    strict = Stage(make_realm(limits=limits), mailbox)
    links = [link_for(strict, identifier) for identifier in ("K3", "K4")]
    reader = strict.browser(source="127.0.32.1")
    for number, link in enumerate([*links, links[0]]):
        assert "n'est pas le bon" in reader.activate_by_mail(link, NEW, f"wrong-{number}").alert
    assert "Trop d'essais" in reader.activate_by_mail(links[0], NEW, "K3").alert
    other = strict.browser(source="127.0.32.2")
    assert other.activate_by_mail(links[0], NEW, "K3").screen == "login-address-confirmed"


def test_choosing_another_address_at_s3_ends_the_link(stage: Stage) -> None:
    link = link_for(stage, "L1")
    owner = stage.browser()
    page = owner.prove("1001", "01", "L1", provisional("L1"))
    assert owner.submit(page, email=stage.address("L1").upper()).screen == "login-new-password"
    assert stage.browser().get(link).screen == "login-activate-by-mail", "the same address"
    page = owner.prove("1001", "01", "L1", provisional("L1"))
    assert owner.submit(page, email=f"autre-l1@{stage.realm.name}.example").screen == "login-new-password"
    assert is_dead(stage, link)
    page = owner.prove("1001", "01", "L1", provisional("L1"))
    assert owner.submit(page, email=stage.address("L1")).screen == "login-new-password"
    assert is_dead(stage, link), "what has ended stays so"


def test_an_agency_that_empties_the_cell_wants_no_more_mail_there(stage: Stage) -> None:
    link = link_for(stage, "L2")
    stage.load("L2", email=stage.address("L2").upper())
    stage.load("L2", email="")
    asked_for_nothing(stage, "L2", "not_activated")
    assert stage.browser().get(link).screen == "login-activate-by-mail", "an emptied cell ends nothing"
