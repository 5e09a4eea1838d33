"""Rule 2: the link in the mail proves the address; until it is used the address is nobody's."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.integration.stage import ACTIVATION, PERSONAL, Stage, eventually, username
from tests.owner import Owner, Page, activation_link
from tests.realms import RealmMaker

OTHER_PASSWORD = "Orage-77?y"
TAKEN = "Votre adresse email a déjà un compte"
TOLD = "activé avec une autre adresse"


def asked(stage: Stage, identifier: str, email: str | None = None) -> tuple[Owner, str]:
    """The browser that has asked for an activation, and the link it led to."""
    stage.load(identifier)
    owner = stage.browser()
    stage.begun(owner, identifier, email)
    return owner, stage.link(email or stage.address(identifier))


# ---- the address


def test_until_the_link_is_used_the_account_stays_as_it_was(stage: Stage) -> None:
    asked(stage, "B1", f"autre-b1@{stage.realm.name}.example")
    account = stage.account("B1")
    assert account["username"] == username("B1")
    assert "email" not in account
    assert not account["emailVerified"]


def test_the_link_makes_the_address_email_and_username(stage: Stage) -> None:
    owner, link = asked(stage, "B2")
    assert owner.confirm(link).screen == "login-address-confirmed"
    account = stage.admin.user(stage.address("B2"))
    assert account["email"] == stage.address("B2")
    assert account["emailVerified"]
    assert stage.admin.credential_types(account) == ["password"]


def test_an_address_not_proved_keeps_no_one_else_from_using_it(stage: Stage) -> None:
    email = f"commune-b3@{stage.realm.name}.example"
    asked(stage, "B3", email)
    stage.load("B3b")
    second = stage.browser()
    earlier = stage.mail(email)
    stage.begun(second, "B3b", email)
    assert second.confirm(stage.link(email, after=earlier)).screen == "login-address-confirmed"


def test_an_address_is_kept_in_lower_case(stage: Stage) -> None:
    email = f"B4.Majuscules@{stage.realm.name}.example"
    owner, link = asked(stage, "B4", email)
    owner.confirm(link)
    assert stage.admin.user(email.lower())["email"] == email.lower()
    assert stage.gets_in(email)


# ---- opening the link


def test_opening_the_link_changes_nothing_however_often(stage: Stage) -> None:
    owner, link = asked(stage, "B5")
    before = stage.account("B5")
    scanner = requests.Session()
    for number in range(100):
        assert scanner.request("HEAD" if number % 2 else "GET", link, timeout=60).status_code == 200
    assert stage.account("B5") == before
    assert not stage.gets_in(stage.address("B5"))

    assert owner.confirm(link).screen == "login-address-confirmed"


def test_the_page_names_agency_and_identifier_and_signs_nobody_in(stage: Stage) -> None:
    owner, link = asked(stage, "B6")
    page = owner.get(link)
    assert page.screen == "login-confirm-address"
    for shown in ("Agence du Vieux-Port", "B6", stage.address("B6"), "Valider mon email"):
        assert shown in page.text
    owner.submit(page)
    assert owner.start(prompt="none").error == "login_required"
    assert stage.admin.sessions(stage.admin.user(stage.address("B6"))) == []


def test_neither_page_nor_answer_may_be_kept_by_a_cache_or_tell_the_link_on(stage: Stage) -> None:
    owner, link = asked(stage, "B7")
    for page in (owner.get(link), owner.confirm(link), owner.get(link)):
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_mail_names_agency_and_identifier_in_both_its_parts(stage: Stage) -> None:
    _, link = asked(stage, "B8")
    mail = stage.mail(stage.address("B8"))
    assert mail.sender.address == "webmaster@moncompte.immo"
    assert "Valider mon email" in mail.html
    assert set(mail.links) == {link}
    for part in (mail.text, mail.html):
        assert "Agence du Vieux-Port" in part
        assert "B8" in part
        assert PERSONAL not in part


# ---- another browser


def test_another_browser_needs_the_password_chosen(stage: Stage) -> None:
    _, link = asked(stage, "B9")
    elsewhere = stage.browser()
    page = elsewhere.get(link)
    assert page.soup.find("input", {"name": "password"}) is not None

    for wrong in ("", OTHER_PASSWORD):
        page = elsewhere.submit(page, password=wrong)
        assert page.screen == "login-confirm-address"
        assert "Ce mot de passe n'est pas le bon" in page.text
    # A button pressed without the field is no way round it.
    assert elsewhere.submit(page).screen == "login-confirm-address"
    assert stage.account("B9")["username"] == username("B9")

    assert elsewhere.submit(page, password=PERSONAL).screen == "login-address-confirmed"
    assert stage.gets_in(stage.address("B9"))


def test_the_browser_that_asked_needs_none(stage: Stage) -> None:
    owner, link = asked(stage, "B10")
    assert owner.get(link).soup.find("input", {"name": "password"}) is None


def test_a_browser_that_asked_for_another_activation_is_another_browser(stage: Stage) -> None:
    _, link = asked(stage, "B11")
    owner, _ = asked(stage, "B11b")
    assert owner.get(link).soup.find("input", {"name": "password"}) is not None
    assert owner.confirm(link).screen == "login-confirm-address"


def test_confirming_one_activation_forgets_no_other_of_the_same_browser(stage: Stage) -> None:
    stage.load("B30", "B30b")
    owner = stage.browser()
    stage.begun(owner, "B30")
    first = stage.link(stage.address("B30"))
    stage.begun(owner, "B30b")
    second = stage.link(stage.address("B30b"))
    assert owner.confirm(first, PERSONAL).screen == "login-address-confirmed"
    assert owner.get(second).soup.find("input", {"name": "password"}) is None
    assert owner.confirm(second).screen == "login-address-confirmed"


# ---- the link dies


def test_a_link_works_once(stage: Stage) -> None:
    owner, link = asked(stage, "B12")
    page = owner.get(link)
    assert owner.submit(page).screen == "login-address-confirmed"
    for again in (owner.submit(page), owner.get(link), stage.browser().get(link)):
        assert again.screen == "login-link-refused"
        assert again.status == 404
        assert "Ce lien ne fonctionne plus" in again.text


def test_a_new_link_replaces_the_one_before(stage: Stage) -> None:
    stage.load("B13")
    owner = stage.browser()
    page = stage.begun(owner, "B13")
    first = stage.mail(stage.address("B13"))

    def resent() -> bool:
        nonlocal page
        page = owner.submit(page, action="resend")
        assert page.screen == "login-verify-address"
        return "vient de vous être renvoyé" in page.alert

    eventually(resent, "the cool-down of a second is over")
    new = stage.link(stage.address("B13"), after=first)
    assert owner.get(activation_link(first.text)).screen == "login-link-refused"
    assert owner.confirm(new).screen == "login-address-confirmed"


def test_a_restart_ends_the_link(stage: Stage) -> None:
    stage.load("B14")
    owner = stage.browser()
    page = stage.begun(owner, "B14")
    link = stage.link(stage.address("B14"))
    page = owner.submit(page, action="restart")
    assert page.screen == "login-provisional"
    assert "L'activation a été réinitialisée" in page.text
    assert owner.get(link).screen == "login-link-refused"
    assert stage.admin.credential_types(stage.account("B14")) == ["provisional-password"]
    # The provisional credentials have not served yet.
    stage.begun(owner, "B14", f"corrigee-b14@{stage.realm.name}.example")


def test_another_address_ends_the_link_to_the_first(stage: Stage) -> None:
    owner, link = asked(stage, "B15", f"faute-b15@{stage.realm.name}.example")
    stage.begun(owner, "B15")
    assert owner.get(link).screen == "login-link-refused"
    assert owner.confirm(stage.link(stage.address("B15"))).screen == "login-address-confirmed"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "00000000-0000-0000-0000-000000000000.AAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "..%2F..%2F.AAAA",
        "'\"<script>",
        "a" * 5000,
    ],
)
def test_a_key_that_never_was_gets_the_same_answer(stage: Stage, key: str) -> None:
    url = f"{stage.realm.issuer}/moncompte/activation"
    for page in (stage.browser().get(f"{url}?key={key}"), stage.browser().post(f"{url}?key={key}", {})):
        assert page.screen == "login-link-refused", page.text
        assert page.status == 404


def test_a_link_needs_the_whole_key(stage: Stage) -> None:
    owner, link = asked(stage, "B16")
    for wrong in (link[:-1], link + "A", link[:-1] + ("A" if link[-1] != "A" else "B")):
        assert owner.get(wrong).screen == "login-link-refused"
    assert owner.confirm(link).screen == "login-address-confirmed"


def test_a_link_of_one_realm_is_nothing_in_another(stage: Stage, make_realm: RealmMaker) -> None:
    _, link = asked(stage, "B17")
    other = make_realm()
    elsewhere = link.replace(f"/{stage.realm.name}/", f"/{other.name}/")
    assert stage.browser().get(elsewhere).screen == "login-link-refused"
    assert stage.browser().get(link).screen == "login-confirm-address"


# ---- who is told


def test_the_suggested_address_is_told_of_another_one(stage: Stage) -> None:
    email = f"helene.nouvelle@{stage.realm.name}.example"
    owner, link = asked(stage, "B18", email)
    assert not [mail for mail in stage.mailbox.messages() if mail.is_for(stage.address("B18"))]
    owner.confirm(link)
    mail = stage.mail(stage.address("B18"), subject=TOLD)
    for part in (mail.text, mail.html):
        assert "Agence du Vieux-Port" in part
        assert "B18" in part
        assert "h•••@" in part
        assert email not in part
        assert "04 91 00 00 01" in part


def test_nobody_is_told_of_the_suggested_address_itself(stage: Stage) -> None:
    stage.activated("B19")
    stage.activated("B19b", f"temoin-b19@{stage.realm.name}.example")
    stage.mail(stage.address("B19b"), subject=TOLD)  # the later one has come
    told = [mail.subject for mail in stage.mailbox.messages() if mail.is_for(stage.address("B19"))]
    assert [subject for subject in told if TOLD in subject] == []


# ---- one address, two people


def test_of_two_people_with_one_address_one_owns_it_and_nobody_is_locked_out(stage: Stage) -> None:
    email = f"couple@{stage.realm.name}.example"
    first, link = asked(stage, "B20", email)
    earlier = stage.mail(email)
    stage.load("B20b")
    second = stage.browser()
    stage.begun(second, "B20b", email, OTHER_PASSWORD)
    second_link = stage.link(email, after=earlier)

    assert first.confirm(link).screen == "login-address-confirmed"
    page = second.confirm(second_link)
    assert page.screen == "login-address-taken"
    assert page.status == 200
    assert "Cette adresse a déjà un compte" in page.text
    assert page.link("CONNEXION")

    assert stage.gets_in(email)
    assert not stage.gets_in(email, OTHER_PASSWORD)
    # The provisional credentials of the second are good still, for an address of their own.
    stage.begun(second, "B20b", password=OTHER_PASSWORD)
    assert second.confirm(stage.link(stage.address("B20b"))).screen == "login-address-confirmed"
    assert stage.gets_in(stage.address("B20b"), OTHER_PASSWORD)


def test_two_links_for_one_address_used_at_once_give_it_to_one(stage: Stage) -> None:
    for round_ in range(3):
        email = f"course-{round_}@{stage.realm.name}.example"
        pairs = []
        earlier = None
        for identifier in (f"B21x{round_}", f"B21y{round_}"):
            stage.load(identifier)
            owner = stage.browser()
            stage.begun(owner, identifier, email)
            pairs.append((owner, stage.link(email, after=earlier)))
            earlier = stage.mail(email)
        pages = [(owner, owner.get(link)) for owner, link in pairs]
        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(lambda pair: pair[0].submit(pair[1]), pages))
        assert sorted(page.screen for page in done) == ["login-address-confirmed", "login-address-taken"]
        assert stage.gets_in(email)


def test_the_address_of_a_personal_account_shows_nothing_and_the_mail_says_what_to_do(stage: Stage) -> None:
    stage.activated("B22")
    email = stage.address("B22")
    before = stage.mail(email)
    stage.load("B22b")
    owner = stage.browser()
    page = stage.begun(owner, "B22b", email, OTHER_PASSWORD)
    assert email in page.text
    assert page.alert == ""

    mail = stage.mail(email, subject=TAKEN, after=before)
    for part in (mail.text, mail.html):
        assert "Agence du Vieux-Port" in part
        assert "/moncompte/activation" not in part
        assert OTHER_PASSWORD not in part
    assert stage.gets_in(email)
    assert not stage.gets_in(email, OTHER_PASSWORD)


def test_ten_clicks_at_once_activate_once(stage: Stage) -> None:
    owner, link = asked(stage, "B23")
    account = stage.account("B23")

    def click(_number: int) -> str:
        browser = stage.browser()
        browser.http.cookies.update(owner.http.cookies)
        return browser.post(link, {}).screen

    with ThreadPoolExecutor(10) as threads:
        screens = list(threads.map(click, range(10)))
    assert sorted(set(screens)) == ["login-address-confirmed", "login-link-refused"]
    assert screens.count("login-address-confirmed") == 1
    registered = [event for event in stage.admin.events("REGISTER") if event["userId"] == account["id"]]
    assert len(registered) == 1
    assert stage.gets_in(stage.address("B23"))


# ---- a link that lives three seconds


def expired(stage: Stage, identifier: str) -> tuple[Owner, Page, str]:
    """The browser that asked for an activation, its S5, and the link, which is too old."""
    stage.load(identifier)
    owner = stage.browser()
    with stage.admin.setting(verificationLinkLifetime=1):
        page = stage.begun(owner, identifier)
        link = stage.link(stage.address(identifier))
    eventually(lambda: stage.browser().get(link).screen == "login-link-refused", "the link expires")
    return owner, page, link


def test_a_link_expires(stage: Stage) -> None:
    owner, _, link = expired(stage, "B24")
    assert owner.get(link).screen == "login-link-refused"
    assert owner.post(link, {}).screen == "login-link-refused"
    assert stage.browser().post(link, {"password": PERSONAL}).screen == "login-link-refused"
    assert not stage.gets_in(stage.address("B24"))


def test_after_an_expired_link_the_mail_sent_again_leads_on(stage: Stage) -> None:
    owner, page, _ = expired(stage, "B25")
    first = stage.mail(stage.address("B25"))
    assert "vient de vous être renvoyé" in owner.submit(page, action="resend").alert
    link = stage.link(stage.address("B25"), after=first)
    assert stage.browser().confirm(link, PERSONAL).screen == "login-address-confirmed"


def test_the_browser_that_asked_again_needs_no_password_either(stage: Stage) -> None:
    owner, page, _ = expired(stage, "B26")
    first = stage.mail(stage.address("B26"))
    owner.submit(page, action="resend")
    assert owner.confirm(stage.link(stage.address("B26"), after=first)).screen == "login-address-confirmed"


def test_the_address_of_an_organization_that_is_off_confirms_nothing(stage: Stage) -> None:
    stage.load("B27", agency="2002/01")
    owner = stage.browser()
    stage.begun(owner, "B27", agency="2002/01")
    link = stage.link(stage.address("B27"))
    stage.admin.set_agency("2002-01", enabled=False)
    try:
        assert owner.get(link).screen == "login-link-refused"
        assert owner.post(link, {}).screen == "login-link-refused"
    finally:
        stage.admin.set_agency("2002-01", enabled=True)


def test_the_mail_says_how_long_its_link_lives(stage: Stage) -> None:
    asked(stage, "B28")
    mail = stage.mail(stage.address("B28"), subject=ACTIVATION)
    assert "24 heures" in mail.text
    assert "24 heures" in mail.html.replace("\N{NO-BREAK SPACE}", " ")
