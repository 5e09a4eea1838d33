"""Rule 14: activating while somebody else is signed in says so, and ends that session first."""

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Owner, Page
from tests.realms import Json

WARNING = "Quelqu'un est déjà connecté sur cet appareil"


def signed_in_as(stage: Stage, identifier: str) -> tuple[Owner, Json]:
    """A browser in which somebody who has activated is signed in, and the tokens."""
    owner = stage.activated(identifier)
    tokens = stage.signed_in(owner, stage.address(identifier))
    return owner, tokens


def is_over(stage: Stage, owner: Owner, tokens: Json, identifier: str) -> bool:
    """Whether that session has ended: no refresh, no single sign-on, nothing on the server."""
    refused = "error" in owner.refresh(tokens, stage.secret(owner))
    sessions = stage.admin.sessions(stage.admin.user(stage.address(identifier)))
    return refused and sessions == []


def s2_of(owner: Owner) -> Page:
    page = owner.start("1001", "01", prompt="create")
    assert page.screen == "login-provisional", page.text
    return page


def test_s2_says_who_is_signed_in_and_proving_ends_that_session(stage: Stage) -> None:
    owner, tokens = signed_in_as(stage, "I1")
    stage.load("I1b")
    page = s2_of(owner)
    assert WARNING in page.text
    assert stage.address("I1") in page.text
    assert "error" not in owner.refresh(tokens, stage.secret(owner)), "looking ends nothing"

    page = owner.submit(page, identifier="I1b", password=provisional("I1b"))
    assert page.screen == "login-address"
    assert is_over(stage, owner, tokens, "I1")
    assert owner.start(prompt="none").error == "login_required"


def test_a_link_to_an_activation_signs_nobody_out(stage: Stage) -> None:
    """Any site can link to it, and show its picture (`prompt=create`)."""
    owner, _ = signed_in_as(stage, "I8")
    page = s2_of(owner)
    assert owner.start(prompt="none").code is not None
    assert owner.submit(page, identifier="I8", password="faux").screen == "login-provisional"
    assert owner.start(prompt="none").code is not None
    registrations = owner.authorization_url(client="1001", societe="01").replace("/auth?", "/registrations?")
    assert owner.get(registrations).screen == "login-provisional"
    assert owner.start(prompt="none").code is not None


def test_wrong_credentials_end_nobody_s_session(stage: Stage) -> None:
    owner, tokens = signed_in_as(stage, "I2")
    page = owner.submit(s2_of(owner), identifier="I2", password="faux")
    assert page.screen == "login-provisional"
    assert WARNING in page.text
    assert "error" not in owner.refresh(tokens, stage.secret(owner))


def test_the_link_opened_where_somebody_else_is_signed_in_ends_that_session(stage: Stage) -> None:
    owner, tokens = signed_in_as(stage, "I3")
    stage.load("I3b")
    stage.begun(stage.browser(), "I3b")
    page = owner.get(stage.link(stage.address("I3b")))
    assert WARNING in page.text
    assert stage.address("I3") in page.text

    wrong = owner.submit(page, password="faux")
    assert "error" not in owner.refresh(tokens, stage.secret(owner)), "a wrong password ends nothing"

    assert owner.submit(wrong, password=PERSONAL).screen == "login-address-confirmed"
    assert is_over(stage, owner, tokens, "I3")


def test_after_the_activation_it_is_the_new_owner_who_signs_in(stage: Stage) -> None:
    owner, _ = signed_in_as(stage, "I4")
    stage.load("I4b")
    page = owner.submit(s2_of(owner), identifier="I4b", password=provisional("I4b"))
    page = owner.submit(page, email=page.value("email"))
    page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    done = owner.confirm(stage.link(stage.address("I4b")))
    page = owner.get(done.link("CONNEXION"))
    assert page.screen == "login-login"
    assert page.value("username") == stage.address("I4b")
    page = owner.submit(page, username=stage.address("I4b"), password=PERSONAL)
    assert page.code is not None
    assert stage.admin.sessions(stage.admin.user(stage.address("I4"))) == []


def test_a_letter_s_address_leads_to_its_activation_though_somebody_is_signed_in(stage: Stage) -> None:
    """The QR code of a letter says whose account it is about: not the one that is signed in."""
    owner, _ = signed_in_as(stage, "I5")
    stage.load("I5b")
    page = owner.start("1001", "01", identifiant="I5b")
    assert page.code is None, "signed in as somebody else, without a word"
    assert page.screen == "login-provisional"
    assert WARNING in page.text


def test_nobody_signed_in_no_warning(stage: Stage) -> None:
    assert WARNING not in stage.browser().start("1001", "01", prompt="create").text


def test_one_tab_s_activation_does_not_sign_in_another_tab(stage: Stage) -> None:
    stage.load("I6")
    owner = stage.browser()
    tab = owner.start("1001", "01")
    stage.begun(owner, "I6")
    owner.confirm(stage.link(stage.address("I6")))
    assert owner.get(tab.url).code is None
    assert stage.admin.sessions(stage.admin.user(stage.address("I6"))) == []


def test_a_page_elsewhere_cannot_have_this_browser_use_a_link(stage: Stage) -> None:
    owner, tokens = signed_in_as(stage, "I7")
    stage.load("I7b")
    stranger = stage.browser()
    stage.begun(stranger, "I7b")
    link = stage.link(stage.address("I7b"))
    owner.http.headers["Sec-Fetch-Site"] = "cross-site"
    assert owner.post(link, {"password": PERSONAL}).screen == "login-link-refused"
    assert not is_over(stage, owner, tokens, "I7")
    del owner.http.headers["Sec-Fetch-Site"]
    assert stranger.confirm(link).screen == "login-address-confirmed"
