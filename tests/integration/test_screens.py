"""S0 to S6: the way forward, the links between them, back, reload, two tabs, and what goes wrong."""

import secrets
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import REDIRECT_URI, Page

ENDS = {"login-error", ""}


def fields_of_s4() -> dict[str, str]:
    return {"password_new": PERSONAL, "password_confirm": PERSONAL, "terms": "on"}


# ---- forward


def test_the_whole_way_from_the_letter_to_the_application(stage: Stage) -> None:
    stage.load("M1")
    owner = stage.browser()
    page = owner.start("1001", "01")
    assert page.screen == "login-welcome"
    assert "Bienvenue sur votre espace Extranet ! Pour commencer" in page.text
    assert "Agence du Vieux-Port" in page.text

    page = owner.get(page.link("Je n'ai pas de compte"))
    assert page.screen == "login-provisional"
    assert "Veuillez renseigner l'identifiant et le mot de passe provisoires" in page.text

    page = owner.submit(page, identifier="M1", password=provisional("M1"))
    assert page.screen == "login-address"
    assert page.value("email") == stage.address("M1")

    page = owner.submit(page, email=page.value("email"))
    assert page.screen == "login-new-password"

    page = owner.submit(page, **fields_of_s4())
    assert page.screen == "login-verify-address"
    assert f"Un email vous a été envoyé à l'adresse : {stage.address('M1')}" in page.text

    page = owner.get(stage.link(stage.address("M1")))
    assert page.screen == "login-confirm-address"

    page = owner.submit(page)
    assert page.screen == "login-address-confirmed"
    assert "Adresse email validée" in page.text

    page = owner.get(page.link("CONNEXION"))
    assert page.screen == "login-login"
    assert page.value("username") == stage.address("M1")

    page = owner.submit(page, username=stage.address("M1"), password=PERSONAL)
    assert page.url.startswith(REDIRECT_URI)
    assert page.code is not None
    assert "state=some-state" in page.url
    assert owner.start("1001", "01").code is not None, "single sign-on"


def test_without_codes_they_are_asked_for(stage: Stage) -> None:
    owner = stage.browser()
    page = owner.start()
    assert page.screen == "login-codes"
    assert "Saisir les codes client et société" in page.text

    page = owner.submit(page, client=" 2002 ", societe="01")
    assert page.screen == "login-welcome"
    assert "Cabinet Lefèvre & Fils" in page.text


@pytest.mark.parametrize(
    ("client", "societe", "said"),
    [
        ("9999", "01", "Nous ne connaissons pas ces codes"),
        ("1001", "99", "Nous ne connaissons pas ces codes"),
        ("1001/01", "01", "Nous ne connaissons pas ces codes"),
        ("1001-01", "x", "Nous ne connaissons pas ces codes"),
        ("", "01", "Veuillez saisir le code client et le code société"),
        ("1001", "", "Veuillez saisir le code client et le code société"),
        ("", "", "Veuillez saisir le code client et le code société"),
    ],
)
def test_wrong_codes_keep_the_fields(stage: Stage, client: str, societe: str, said: str) -> None:
    owner = stage.browser()
    page = owner.submit(owner.start(), client=client, societe=societe)
    assert page.screen == "login-codes"
    assert said in page.alert
    assert (page.value("client"), page.value("societe")) == (client, societe)
    assert owner.submit(page, client="1001", societe="01").screen == "login-welcome"


@pytest.mark.parametrize("codes", [("9999", "01"), ("1001", None), ("../..", "01")])
def test_wrong_codes_in_the_address_lead_to_s0(stage: Stage, codes: tuple[str, str | None]) -> None:
    page = stage.browser().start(*codes)
    assert page.screen == "login-codes"
    assert page.alert != ""
    assert page.value("client") == codes[0]


def test_codes_compare_without_case(stage: Stage) -> None:
    assert stage.browser().start("1001", "01").screen == "login-welcome"
    owner = stage.browser()
    assert owner.submit(owner.start(), client="1001", societe="01").screen == "login-welcome"


def test_an_agency_that_is_off_is_as_unknown_as_a_wrong_code(stage: Stage) -> None:
    stage.admin.set_agency("1001-02", enabled=False)
    try:
        page = stage.browser().start("1001", "02")
        assert page.screen == "login-codes"
        assert "Nous ne connaissons pas ces codes" in page.alert
    finally:
        stage.admin.set_agency("1001-02", enabled=True)


# ---- links


def test_the_links_between_the_screens(stage: Stage) -> None:
    owner = stage.browser()
    s0 = owner.start()
    s6 = owner.get(s0.link("Connectez-vous"))
    assert s6.screen == "login-login"
    assert owner.get(s6.link("Activez votre compte")).screen == "login-codes"

    owner = stage.browser()
    s1 = owner.start("1001", "01")
    s6 = owner.get(s1.link("J'ai déjà un compte"))
    assert s6.screen == "login-login"
    s2 = owner.get(s6.link("Activez votre compte"))
    assert s2.screen == "login-provisional"
    assert owner.get(s2.link("Connectez-vous")).screen == "login-login"
    assert owner.get(s1.link("Saisissez d'autres codes")).screen == "login-codes"


def test_from_s5_one_gets_to_the_sign_in(stage: Stage) -> None:
    stage.load("M2")
    owner = stage.browser()
    page = stage.begun(owner, "M2")
    page = owner.get(page.link("Connectez-vous"))
    assert page.screen == "login-login"
    assert page.value("username") == stage.address("M2")


def test_help_is_the_agency_s_and_on_s0_the_operator_s(stage: Stage) -> None:
    assert stage.browser().start().link("Besoin d'aide") == "https://www.moncompte.example/aide"
    assert stage.browser().start("1001", "01").link("Besoin d'aide") == (
        "https://agence-vieux-port.example/aide"
    )
    assert "02 40 00 00 03" in stage.browser().start("2002", "01").text


# ---- the ways in


def test_a_hint_opens_s6_filled(stage: Stage) -> None:
    page = stage.browser().start("1001", "01", login_hint="helene@exemple.fr")
    assert page.screen == "login-login"
    assert page.value("username") == "helene@exemple.fr"


def test_prompt_create_opens_s2_or_s0_before_it(stage: Stage) -> None:
    assert stage.browser().start("1001", "01", prompt="create").screen == "login-provisional"
    stage.load("M3")
    owner = stage.browser()
    page = owner.start(prompt="create")
    assert page.screen == "login-codes"
    page = owner.submit(page, client="1001", societe="01")
    while page.screen == "login-welcome":
        page = owner.get(page.link("Je n'ai pas de compte"))
    page = owner.submit(page, identifier="M3", password=provisional("M3"))
    page = owner.submit(page, email=page.value("email"))
    assert owner.submit(page, **fields_of_s4()).screen == "login-verify-address"
    page = owner.confirm(stage.link(stage.address("M3")))
    page = owner.get(page.link("CONNEXION"))
    assert page.screen == "login-login"
    page = owner.submit(page, username=stage.address("M3"), password=PERSONAL)
    assert page.code is not None


def test_the_address_of_a_letter_opens_s2_filled(stage: Stage) -> None:
    page = stage.browser().start("1001", "01", identifiant="P00012")
    assert page.screen == "login-provisional"
    assert page.value("identifier") == "P00012"
    owner = stage.browser()
    page = owner.start(identifiant="P00012")
    assert page.screen == "login-codes"
    page = owner.submit(page, client="1001", societe="01")
    assert page.screen == "login-provisional"
    assert page.value("identifier") == "P00012"


def test_english_is_the_second_language_and_stays(stage: Stage) -> None:
    stage.load("M4")
    owner = stage.browser()
    page = owner.start("1001", "01", ui_locales="en")
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"
    assert "Bienvenue" not in page.text
    page = owner.get(page.link("Français"))
    assert "Bienvenue" in page.text
    page = owner.get(page.link("English"))
    page = owner.get(str(page.soup.select("main .choices a")[1]["href"]))
    page = owner.submit(page, identifier="M4", password=provisional("M4"))
    page = owner.submit(page, email=page.value("email"))
    page = owner.submit(page, **fields_of_s4())
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"
    mail = stage.mailbox.wait_for(to=stage.address("M4"))
    assert "Validez" not in mail.subject
    assert "Bonjour" not in mail.text
    link = next(one for one in mail.links if "/moncompte/activation" in one)
    page = owner.get(link)
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"


@pytest.mark.parametrize("locale", ["de", "xx", "<b>", "en_GB"])
def test_a_language_we_do_not_have_is_no_error(stage: Stage, locale: str) -> None:
    page = stage.browser().start("1001", "01", kc_locale=locale, ui_locales=locale)
    assert page.screen == "login-welcome"


LINK_PAGES = (
    "activation",
    "activate",
    "merge",
    "merge-accounts",
    "dispute",
    "reset",
    "reset/done",
    "address",
    "release",
)


@pytest.mark.parametrize("page", ["", *LINK_PAGES])
def test_only_a_language_of_the_realm_is_kept(stage: Stage, page: str) -> None:
    owner = stage.browser()
    forged = f"forged {secrets.token_hex(8)}"

    address = f"{stage.realm.server.url}/realms/{stage.realm.name}/moncompte/{page}?kc_locale=en"
    if page == "":
        address = owner.start("1001", "01").link("English")

    def opened(language: str) -> Page:
        return owner.get(address.replace("kc_locale=en", f"kc_locale={quote(language)}"))

    for language in ("xx", f"fr\r\n{forged}", f"fr\n{forged}"):
        assert opened(language).status in (200, 404)
        assert "KEYCLOAK_LOCALE" not in owner.http.cookies
    assert forged not in Path(stage.realm.server.log).read_text(encoding="utf-8", errors="replace")
    assert opened("en").status in (200, 404)
    assert owner.http.cookies["KEYCLOAK_LOCALE"] == "en"


# ---- back, reload, tabs


def test_reload_repeats_nothing(stage: Stage) -> None:
    stage.load("M5")
    owner = stage.browser()
    page = owner.prove("1001", "01", "M5", "faux")
    assert page.alert != ""
    again = owner.get(page.url)
    assert again.screen == "login-provisional"
    assert again.alert == ""
    page = owner.submit(again, identifier="M5", password=provisional("M5"))
    for _ in range(2):
        page = owner.get(page.url)
        assert page.screen == "login-address"
    s5 = stage.begun(owner, "M5")
    for _ in range(3):
        assert owner.get(s5.url).screen == "login-verify-address"
    stage.mail(stage.address("M5"))
    assert len([mail for mail in stage.mailbox.messages() if mail.is_for(stage.address("M5"))]) == 1


def test_back_leads_back_and_forward_again(stage: Stage) -> None:
    stage.load("M6")
    owner = stage.browser()
    s2 = owner.to_provisional("1001", "01")
    s3 = owner.submit(s2, identifier="M6", password=provisional("M6"))
    s4 = owner.submit(s3, email=f"faute-m6@{stage.realm.name}.example")
    back = owner.get(s3.url)
    assert back.screen == "login-address"
    assert back.value("email") == f"faute-m6@{stage.realm.name}.example"
    s4 = owner.submit(back, email=stage.address("M6"))
    s5 = owner.submit(s4, **fields_of_s4())
    assert s5.screen == "login-verify-address"
    assert owner.get(s2.url).screen == "login-provisional"
    assert owner.get(s5.url).screen == "login-verify-address"


def test_a_page_shown_from_the_history_can_still_be_sent(stage: Stage) -> None:
    """Back shows the page as the browser kept it, with a form whose code has been used."""
    stage.load("M7")
    owner = stage.browser()
    s2 = owner.to_provisional("1001", "01")
    wrong = owner.submit(s2, identifier="M7", password="faux")
    assert wrong.screen == "login-provisional"
    page = owner.submit(s2, identifier="M7", password=provisional("M7"))
    # Keycloak may ask for it once more, on a page that says so in words that fit; never a dead end.
    if page.screen != "login-address":
        assert page.screen == "login-provisional"
        assert "lien" not in page.alert, f"no link was used: {page.alert}"
        page = owner.submit(page, identifier="M7", password=provisional("M7"))
    assert page.screen == "login-address"


def test_a_form_sent_twice_goes_on(stage: Stage) -> None:
    """A double click: the answer to the second is what the owner sees."""
    stage.load("M8")
    owner = stage.browser()
    s2 = owner.to_provisional("1001", "01")
    owner.submit(s2, identifier="M8", password=provisional("M8"))
    page = owner.submit(s2, identifier="M8", password=provisional("M8"))
    assert page.screen == "login-address"
    assert "lien" not in page.alert, f"no link was used: {page.alert}"


def test_two_tabs_do_not_disturb_each_other(stage: Stage) -> None:
    stage.load("M9", "M9b")
    owner = stage.browser()
    first = owner.prove("1001", "01", "M9", provisional("M9"))
    second = owner.prove("1001", "01", "M9b", provisional("M9b"))
    first = owner.submit(first, email=first.value("email"))
    second = owner.submit(second, email=second.value("email"))
    assert owner.submit(first, **fields_of_s4()).screen == "login-verify-address"
    assert owner.submit(second, **fields_of_s4()).screen == "login-verify-address"
    for identifier in ("M9", "M9b"):
        page = owner.get(stage.link(stage.address(identifier)))
        needed = page.soup.find("input", {"name": "password"}) is not None
        done = owner.submit(page, password=PERSONAL) if needed else owner.submit(page)
        assert done.screen == "login-address-confirmed"


def test_screens_one_has_not_come_to_lead_to_the_one_that_comes_first(stage: Stage) -> None:
    owner = stage.browser()
    page = owner.start("1001", "01")
    base = page.link("Je n'ai pas de compte")
    for screen in ("address", "password", "verify"):
        assert owner.get(base.replace("screen=provisional", f"screen={screen}")).screen == (
            "login-provisional"
        )
    for nonsense in ("nowhere", "", "../admin", "LOGIN"):
        page = owner.get(base.replace("screen=provisional", f"screen={nonsense}"))
        assert page.status == 200
        assert page.screen not in ENDS
    owner = stage.browser()
    page = owner.start()
    base = page.link("Connectez-vous")
    for screen in ("welcome", "provisional", "address", "verify"):
        assert owner.get(base.replace("screen=login", f"screen={screen}")).screen == "login-codes"


def test_s4_opens_once_an_address_was_sent_from_s3(stage: Stage) -> None:
    stage.load("M11")
    owner = stage.browser()
    page = owner.prove("1001", "01", "M11", provisional("M11"))
    assert page.screen == "login-address"
    password = page.url.replace("screen=address", "screen=password")
    assert password != page.url
    assert owner.get(password).screen == "login-address", "the suggested address is not yet chosen"
    page = owner.submit(owner.get(page.url), email="nobody")
    assert owner.get(password).screen == "login-address"
    assert owner.submit(page, email=stage.address("M11")).screen == "login-new-password"
    assert owner.get(password).screen == "login-new-password"


def test_an_activation_that_another_browser_replaced_is_said_to_be(stage: Stage) -> None:
    stage.load("M12")
    here = stage.browser()
    s5 = stage.begun(here, "M12")
    stage.begun(stage.browser(), "M12")
    page = here.get(s5.url)
    assert page.screen == "login-new-password"
    assert "choisir à nouveau votre mot de passe" in page.alert


@pytest.mark.parametrize(
    "screen", ["welcome", "address", "password", "verify", "provisional", "codes", "login"]
)
def test_an_answer_to_a_screen_one_is_not_at_does_nothing(stage: Stage, screen: str) -> None:
    stage.load("M10")
    owner = stage.browser()
    page = owner.to_provisional("1001", "01")
    action = str(page.form()["action"]).replace("screen=provisional", f"screen={screen}")
    page = owner.post(action, {"email": "x@exemple.fr", "password-new": PERSONAL, "terms": "on"})
    assert page.status == 200
    assert page.screen not in ENDS
    assert page.code is None
    assert stage.admin.links(stage.account("M10"), "ACTIVATION") == []


# ---- what goes wrong


def test_without_its_cookies_a_page_says_what_to_do(stage: Stage) -> None:
    owner = stage.browser()
    page = owner.to_provisional("1001", "01")
    owner.http.cookies.clear()
    page = owner.submit(page, identifier="M11", password="x")
    assert page.status < 500
    assert page.text != ""
    assert _leads_on(page), page.text


def test_a_session_that_has_expired_restarts(stage: Stage) -> None:
    owner = stage.browser()
    page = owner.to_provisional("1001", "01")
    # The authentication session is gone, as after a long pause; the browser still has its restart cookie.
    for name in ("AUTH_SESSION_ID", "KC_AUTH_SESSION_HASH"):
        owner.http.cookies.pop(name, None)
    page = owner.submit(page, identifier="M12", password="x")
    assert page.status == 200
    assert page.screen in {"login-welcome", "login-provisional"}, page.text
    assert "Agence du Vieux-Port" in page.text, "the codes are remembered"


def test_restarting_the_flow_keeps_the_agency(stage: Stage) -> None:
    owner = stage.browser()
    page = owner.submit(owner.start(), client="1001", societe="01")
    assert page.screen == "login-welcome"
    query = page.url.split("?")[1]
    page = owner.get(f"{stage.realm.issuer}/login-actions/restart?{query}")
    assert page.screen == "login-welcome", page.text
    assert "Agence du Vieux-Port" in page.text


def _leads_on(page: Page) -> bool:
    return bool(page.soup.select("main a[href], main form"))


@pytest.mark.parametrize(
    "query",
    ["client_id=extranet", "client_id=nobody&response_type=code", "response_type=code", ""],
)
def test_a_broken_request_is_told_in_french(stage: Stage, query: str) -> None:
    url = f"{stage.realm.issuer}/protocol/openid-connect/auth?{query}"
    page = stage.browser().get(url)
    if page.url.startswith(REDIRECT_URI):
        return
    assert page.status == 400
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "fr"
    assert "Revenez au site" in page.text


def test_no_page_carries_inline_script_or_style(stage: Stage) -> None:
    stage.load("M13")
    owner = stage.browser()
    pages = [owner.start(), owner.start("1001", "01"), owner.to_provisional("1001", "01")]
    pages.append(owner.submit(pages[-1], identifier="M13", password=provisional("M13")))
    pages.append(owner.submit(pages[-1], email=stage.address("M13")))
    pages.append(owner.submit(pages[-1], **fields_of_s4()))
    pages.append(owner.get(stage.link(stage.address("M13"))))
    for page in pages:
        assert [one for one in page.soup.find_all("script") if one.get_text().strip()] == []
        assert page.soup.find_all("style") == []
        assert page.soup.select("[style], [onclick], [onload]") == []
        assert "{0}" not in page.html
        for source in [str(one["src"]) for one in page.soup.select("script[src], img[src]")]:
            assert source.startswith("/"), source


def test_what_the_pages_link_to_is_there(stage: Stage) -> None:
    page = stage.browser().start("1001", "01")
    named = [str(one["src"]) for one in page.soup.select("script[src], img[src]")]
    named += [str(one["href"]) for one in page.soup.select("link[href]:not([href^='data:'])")]
    assert len(named) == 3, "a style sheet, a script, the agency's logo"
    for path in named:
        answer = requests.get(stage.realm.server.url + path, timeout=60)
        assert answer.status_code == 200, path


def test_the_answer_to_a_saml_application_can_be_sent_without_an_inline_script(stage: Stage) -> None:
    consumer = "http://localhost:8000/saml"
    stage.admin.do(
        "POST",
        "clients",
        {
            "clientId": "saml-application",
            "protocol": "saml",
            "redirectUris": [consumer],
            "attributes": {
                "saml_idp_initiated_sso_url_name": "saml-application",
                "saml_assertion_consumer_url_post": consumer,
                "saml.force.post.binding": "true",
            },
        },
    )
    owner = stage.activated("M16")
    page = owner.get(f"{stage.realm.issuer}/protocol/saml/clients/saml-application")
    page = owner.get(page.link("Connectez-vous"))
    page = owner.submit(page, username=stage.address("M16"), password=PERSONAL)
    assert page.screen == "login-saml-post-form", page.text
    assert page.form()["action"] == consumer
    assert page.value("SAMLResponse") != ""
    # The server adds a script of its own that only tidies the address; our policy stops it without harm.
    assert page.soup.select("main script") == []
    assert page.soup.select_one("main form button[data-follow]") is not None
    assert page.soup.find("noscript") is None, "the button is there with and without the script"


def test_re_authentication_asks_the_same_owner_for_the_password(stage: Stage) -> None:
    owner = stage.activated("M14")
    stage.signed_in(owner, stage.address("M14"))
    page = owner.start(prompt="login")
    assert page.screen == "login-login", page.text
    page = owner.submit(page, username=stage.address("M14"), password="faux")
    assert page.code is None
    page = owner.submit(page, username=stage.address("M14"), password=PERSONAL)
    assert page.code is not None


def test_nobody_else_signs_in_at_a_re_authentication(stage: Stage) -> None:
    owner = stage.activated("M15")
    stage.activated("M15b", password="Orage-77?y")
    stage.signed_in(owner, stage.address("M15"))
    page = owner.start(prompt="login")
    page = owner.submit(page, username=stage.address("M15b"), password="Orage-77?y")
    assert page.code is None
    assert stage.admin.sessions(stage.admin.user(stage.address("M15b"))) == []
