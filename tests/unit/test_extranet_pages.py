"""The Extranet's tabs, « Changement de bien », and what an owner does at the realm, without a realm."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from extranet import Settings
from extranet.actions import ACTIONS
from tests.unit.conftest import HELENE, signed_in

ENDPOINT = "https://realm.example/auth"
CSRF = "the-csrf-token"
TABS = {
    "/": "Synthèse",
    "/profil": "Profil",
    "/locataires": "Locataires",
    "/comptabilite": "Comptabilité",
    "/documents": "Documents",
    "/services-en-ligne": "Services en ligne",
    "/contacts": "Contacts",
}


def text(page: str) -> str:
    """What can be read on a page, in one line."""
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def part(page: str, heading: str) -> str:
    """What can be read in the section under this heading."""
    found = BeautifulSoup(page, "html.parser").find(re.compile("h[23]"), string=heading)
    assert isinstance(found, Tag), heading
    section = found.find_parent("section")
    assert section is not None
    return " ".join(section.get_text(" ").split())


def asked(app: Flask, owner: FlaskClient, path: str) -> dict[str, str]:
    """The question that an address sends to the realm."""
    app.extensions["realm"].server_metadata.update(_loaded_at=1, authorization_endpoint=ENDPOINT)
    question = urlsplit(owner.get(path).location or "")
    assert question._replace(query="").geturl() == ENDPOINT
    return dict(parse_qsl(question.query))


class Realm:
    """Answers in the realm's place: these claims, and this userinfo or error."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.claims: dict[str, Any] = HELENE
        self.userinfo: dict[str, Any] | Exception = {"sub": HELENE["sub"], "contacts": []}
        monkeypatch.setattr(app.extensions["realm"], "authorize_access_token", self._token)
        monkeypatch.setattr(app.extensions["realm"], "userinfo", self._userinfo)

    def _token(self, **_: Any) -> dict[str, Any]:
        return {"userinfo": self.claims, "id_token": "a.new.token", "access_token": "an.access.token"}

    def _userinfo(self, token: dict[str, Any]) -> dict[str, Any]:
        assert token["access_token"] == "an.access.token"
        if isinstance(self.userinfo, Exception):
            raise self.userinfo
        return self.userinfo


@pytest.fixture
def realm(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Realm:
    return Realm(app, monkeypatch)


def back(owner: FlaskClient, settings: Settings, **answer: str) -> str:
    """Where the owner goes on after the realm's answer."""
    location = owner.get("/callback", query_string={"iss": settings.issuer, "code": "c", **answer}).location
    assert location is not None
    return location


# ---- the tabs


@pytest.mark.parametrize("path", TABS)
def test_every_tab_is_reached_from_every_tab_and_says_where_one_is(owner: FlaskClient, path: str) -> None:
    page = BeautifulSoup(owner.get(path).text, "html.parser")
    links = page.select("nav.tabs a")
    assert {str(link["href"]): link.get_text() for link in links} == TABS
    assert [str(link["href"]) for link in links if link.get("aria-current") == "page"] == [path]
    assert len(page.find_all("h1")) == 1


@pytest.mark.parametrize("path", ["/profil", "/locataires", "/contacts"])
def test_a_tab_needs_an_owner(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).location == "/login"


@pytest.mark.parametrize("path", ["/locataires", "/comptabilite", "/documents", "/services-en-ligne"])
def test_a_tab_that_identity_knows_nothing_of_says_so(owner: FlaskClient, path: str) -> None:
    assert "dépend du logiciel de votre agence" in owner.get(path).text


def test_contacts_show_how_to_reach_the_agencies(owner: FlaskClient) -> None:
    page = owner.get("/contacts").text
    for shown in ["Agence du Vieux-Port &amp; Fils", "04 91 00 00 01", "https://agence.example/aide"]:
        assert shown in page
    assert "javascript:" not in page


# ---- « Profil »


def test_the_profile_shows_who_the_owner_is_and_the_contract(owner: FlaskClient) -> None:
    page = owner.get("/profil").text
    assert "Hélène Lefèvre" in part(page, "Mes informations")
    details = part(page, "Mes coordonnées")
    for shown in [
        "12 quai du Port 13002 Marseille",
        "Téléphone personnel 04 91 55 10 20",
        "Téléphone mobile 06 11 22 33 44",
        "Agence du Vieux-Port & Fils",
    ]:
        assert shown in details
    assert "allée" not in details
    assert "helene.lefevre@example.org" in part(page, "Identifiants")
    assert "/action/update-password" in page
    assert "/action/passkeys" in page
    mandate = part(page, "Mandat")
    assert "12 quai du Port, 13002 Marseille" in mandate
    assert "LOT-7" in mandate


def test_contact_details_that_could_not_be_had_are_said_to_be_missing(
    owner: FlaskClient, settings: Settings, realm: Realm
) -> None:
    for failure in (requests.ConnectionError("down"), requests.HTTPError("500"), {"sub": "somebody else"}):
        realm.userinfo = failure
        assert back(owner, settings) == "/"
        page = owner.get("/profil").text
        assert "ne peuvent pas être affichées" in part(page, "Mes coordonnées")
        assert 'href="/renew"' in page
        assert "LOT-7" in part(page, "Mandat")


def test_asking_again_gets_the_contact_details(
    app: Flask, owner: FlaskClient, settings: Settings, realm: Realm
) -> None:
    question = asked(app, owner, "/renew")
    assert "kc_action" not in question
    realm.userinfo = {
        "sub": HELENE["sub"],
        "contacts": [{"agency": "1001/01", "address": "5 rue Neuve", "phone": "", "mobile": ""}],
    }
    assert back(owner, settings, state=question["state"]) == "/profil"
    details = part(owner.get("/profil").text, "Mes coordonnées")
    assert "5 rue Neuve" in details
    assert "Téléphone mobile Non renseigné" in details


def test_what_agencies_typed_is_text(owner: FlaskClient) -> None:
    owner.post("/bien", data={"csrf": CSRF, "contract": keys(owner)[1]})
    assert "1 allée &lt;b&gt;Nord&lt;/b&gt;" in owner.get("/profil").text


# ---- « Changement de bien »


def keys(owner: FlaskClient) -> list[str]:
    """The contracts one can change to, in order."""
    return [
        str(one["value"])
        for one in BeautifulSoup(owner.get("/profil").text, "html.parser").select("#contract option")
    ]


def test_changing_the_contract_is_remembered_across_agencies(owner: FlaskClient) -> None:
    first, second = keys(owner)
    changed = owner.post("/bien", data={"csrf": CSRF, "contract": second, "tab": "profile"})
    assert (changed.status_code, changed.location) == (302, "/profil")
    for _ in range(2):
        mandate = part(owner.get("/profil").text, "Mandat")
        assert "Locataire" in mandate
        assert "3003/01" in mandate
    assert "3003/01" in owner.get("/documents").text
    assert owner.post("/bien", data={"csrf": CSRF, "contract": first}).location == "/"
    assert "LOT-7" in part(owner.get("/profil").text, "Mandat")


def test_the_contract_chosen_outlives_a_new_sign_in_of_the_same_owner_only(
    owner: FlaskClient, settings: Settings, realm: Realm
) -> None:
    owner.post("/bien", data={"csrf": CSRF, "contract": keys(owner)[1]})
    back(owner, settings)
    assert "Locataire" in part(owner.get("/profil").text, "Mandat")
    realm.claims = {**HELENE, "sub": "2"}
    back(owner, settings)
    assert "LOT-7" in part(owner.get("/profil").text, "Mandat")


def test_a_browser_remembers_the_contract_for_the_next_sign_in_of_the_same_owner(
    owner: FlaskClient, settings: Settings, realm: Realm
) -> None:
    owner.post("/bien", data={"csrf": CSRF, "contract": keys(owner)[1]})
    cookie = owner.get_cookie("extranet-bien")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 365 * 86400)
    owner.post("/logout", data={"csrf": CSRF})
    back(owner, settings)
    assert "Locataire" in part(owner.get("/profil").text, "Mandat")
    # Another owner, who has the same contract too, has chosen nothing in this browser.
    realm.claims = {**HELENE, "sub": "2"}
    back(owner, settings)
    assert "LOT-7" in part(owner.get("/profil").text, "Mandat")


def test_the_codes_of_the_entrance_choose_the_agency_shown_first(
    app: Flask, visitor: FlaskClient, owner: FlaskClient, settings: Settings, realm: Realm
) -> None:
    assert realm.claims["contracts"][0]["agency"] == "1001/01"
    realm.claims = {**HELENE, "sid": "of the visitor"}
    state = asked(app, visitor, "/login?client=3003&societe=01")["state"]
    assert back(visitor, settings, state=state) == "/"
    assert "Locataire" in part(visitor.get("/profil").text, "Mandat")
    realm.claims = HELENE
    # The same for who is signed in already, and another choice holds until such an address is used again.
    assert owner.get("/login?client=3003&societe=01").location == "/"
    assert "Locataire" in part(owner.get("/profil").text, "Mandat")
    owner.post("/bien", data={"csrf": CSRF, "contract": keys(owner)[0]})
    assert "LOT-7" in part(owner.get("/profil").text, "Mandat")
    assert back(owner, settings, state=asked(app, owner, "/renew")["state"]) == "/profil"
    assert "LOT-7" in part(owner.get("/profil").text, "Mandat")
    owner.get("/login")
    assert "LOT-7" in part(owner.get("/profil").text, "Mandat")
    # What such an address has shown stays through a visit to the realm.
    owner.get("/login?client=3003&societe=01")
    back(owner, settings, state=asked(app, owner, "/action/update-password")["state"])
    assert "Locataire" in part(owner.get("/profil").text, "Mandat")


def test_codes_of_an_agency_where_the_owner_has_nothing_say_so_and_offer_to_add_a_contract(
    app: Flask, owner: FlaskClient
) -> None:
    owner.get("/login?client=9009&societe=09")
    page = owner.get("/")
    assert "aucun contrat auprès de l’agence dont l’adresse porte les codes 9009/09" in page.text
    assert "LOT-7" in part(page.text, "Mes contrats")
    question = asked(app, owner, "/action/add-contract")
    assert (question["client"], question["societe"]) == ("9009", "09")
    owner.get("/login?client=1001&societe=01")
    assert "aucun contrat auprès" not in owner.get("/").text


def test_the_name_and_contact_of_the_agency_follow_the_contract(app: Flask, owner: FlaskClient) -> None:
    def agency() -> str:
        found = BeautifulSoup(owner.get("/documents").text, "html.parser").find("footer")
        return " ".join(found.get_text(" ").split()) if found else ""

    assert agency() == (
        "Agence du Vieux-Port & Fils , l’agence de ce bien · 04 91 00 00 01 · contact@agence.example · Aide"
    )
    owner.post("/bien", data={"csrf": CSRF, "contract": keys(owner)[1]})
    assert agency() == ""  # the token says nothing of 3003/01
    signed_in(app, claims={**HELENE, "contracts": [{**HELENE["contracts"][0], "agency": "2002/01"}]})
    assert agency() == "Cabinet , l’agence de ce bien"


@pytest.mark.parametrize("contract", ["", "unknown", "0" * 16])
def test_a_contract_that_is_not_the_owners_cannot_be_chosen(owner: FlaskClient, contract: str) -> None:
    owner.post("/bien", data={"csrf": CSRF, "contract": contract, "tab": "profile"})
    page = owner.get("/profil").text
    assert "plus rattaché" in page
    assert "LOT-7" in part(page, "Mandat")


@pytest.mark.parametrize("tab", ["https://evil.example", "signed_out", "../x"])
def test_changing_leads_to_a_tab_and_nowhere_else(owner: FlaskClient, tab: str) -> None:
    answer = owner.post("/bien", data={"csrf": CSRF, "contract": keys(owner)[0], "tab": tab})
    assert answer.location == "/"


def test_changing_needs_the_secret_of_our_own_page(owner: FlaskClient, visitor: FlaskClient) -> None:
    assert owner.post("/bien", data={"contract": keys(owner)[1]}).status_code == 400
    assert "LOT-7" in part(owner.get("/profil").text, "Mandat")
    assert visitor.post("/bien", data={}).location == "/login"


def test_an_owner_of_one_contract_has_nothing_to_change_to(app: Flask, owner: FlaskClient) -> None:
    signed_in(app, claims={**HELENE, "contracts": HELENE["contracts"][:1]})
    page = owner.get("/profil").text
    assert "Changement de bien" not in page
    assert "LOT-7" in part(page, "Mandat")


def test_an_owner_of_no_contract_is_told_so(app: Flask, owner: FlaskClient) -> None:
    signed_in(app, claims={**HELENE, "contracts": []})
    assert "Aucun contrat" in part(owner.get("/profil").text, "Mandat")


# ---- an owner of more contracts than a token takes


def test_contracts_that_are_too_many_for_a_token_come_from_userinfo(
    owner: FlaskClient, settings: Settings, realm: Realm
) -> None:
    short = {name: value for name, value in HELENE.items() if name != "contracts"}
    realm.claims = {**short, "contracts_at_userinfo": 2}
    realm.userinfo = {"sub": HELENE["sub"], "contracts": HELENE["contracts"], "contacts": []}
    back(owner, settings)
    assert len(keys(owner)) == 2
    realm.userinfo = requests.ConnectionError("down")
    back(owner, settings)
    for path, heading in (("/", "Mes contrats"), ("/profil", "Mandat")):
        said = part(owner.get(path).text, heading)
        assert "ne peuvent pas être affichés" in said
        assert "Aucun contrat" not in said


# ---- renewing tokens


class Tokens(Realm):
    """Gives new tokens for a refresh token, once each."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(app, monkeypatch)
        self.used: list[str] = []
        self.refusal: Exception | None = None
        monkeypatch.setattr(app.extensions["realm"], "fetch_access_token", self._exchange)
        monkeypatch.setattr(app.extensions["realm"], "parse_id_token", self._parsed)

    def _exchange(self, *, grant_type: str, refresh_token: str) -> dict[str, Any]:
        assert grant_type == "refresh_token"
        if self.refusal is not None:
            raise self.refusal
        if refresh_token in self.used:
            raise OAuthError("invalid_grant", "used before")
        self.used.append(refresh_token)
        time.sleep(0.05)  # so that two at once do meet
        fresh = {"refresh_token": f"{refresh_token}+", "expires_at": time.time() + 300}
        return {"id_token": "a.new.token", "access_token": "an.access.token", **fresh}

    def _parsed(self, _token: dict[str, Any], nonce: None, claims_options: Any) -> dict[str, Any]:
        assert nonce is None
        assert claims_options["sub"] == {"essential": True, "value": HELENE["sub"]}
        return self.claims


@pytest.fixture
def tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Tokens:
    return Tokens(app, monkeypatch)


def run_out(app: Flask, refresh_token: str = "r") -> None:
    """The access token of the session has run out."""
    signed_in(app, tokens={"refresh_token": refresh_token, "expires_at": time.time() - 1})


def test_tokens_that_have_run_out_are_renewed_and_show_what_is_so_now(
    app: Flask, owner: FlaskClient, tokens: Tokens
) -> None:
    run_out(app)
    tokens.claims = {**HELENE, "email": "nouvelle@example.org"}
    assert "nouvelle@example.org" in owner.get("/profil").text
    owner.get("/profil")
    assert tokens.used == ["r"]
    run_out(app, "r+")
    owner.get("/profil")
    assert tokens.used == ["r", "r+"]
    assert "r+" not in owner.get("/profil").text


def test_an_address_is_shown_in_peoples_letters(app: Flask, owner: FlaskClient, tokens: Tokens) -> None:
    run_out(app)
    tokens.claims = {**HELENE, "email": "helene@xn--mnagre-6uae.example"}
    assert "helene@ménagère.example" in owner.get("/profil").text


def test_a_refresh_token_is_used_once_by_requests_at_the_same_moment(
    app: Flask, owner: FlaskClient, tokens: Tokens
) -> None:
    run_out(app)
    cookie = owner.get_cookie("extranet")
    assert cookie is not None
    browsers = [app.test_client() for _ in range(4)]
    for browser in browsers:
        browser.set_cookie("extranet", cookie.value)
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda browser: browser.get("/profil"), browsers))
    assert [page.status_code for page in pages] == [200] * 4
    assert tokens.used == ["r"]


def test_a_refresh_token_that_was_revoked_leads_to_the_sign_in_of_the_same_agency(
    app: Flask, owner: FlaskClient, tokens: Tokens
) -> None:
    owner.get("/login?client=1001&societe=01")
    run_out(app)
    tokens.refusal = OAuthError("invalid_grant", "Session not active")
    assert owner.get("/profil").location == "/login?client=1001&societe=01"
    tokens.refusal = None
    assert owner.get("/").location == "/login"
    assert tokens.used == []


@pytest.mark.parametrize(
    "failure", [requests.ConnectionError("refused"), requests.HTTPError("500"), OAuthError("server_error")]
)
def test_an_outage_while_renewing_is_said_and_keeps_the_session(
    app: Flask, owner: FlaskClient, tokens: Tokens, failure: Exception
) -> None:
    run_out(app)
    tokens.refusal = failure
    page = owner.get("/profil")
    assert page.status_code == 503
    assert "Service de connexion indisponible" in page.text
    assert 'class="button" href="/profil"' in page.text
    assert "LOT-7" not in page.text
    tokens.refusal = None
    assert "LOT-7" in owner.get("/profil").text


def test_what_needs_no_tokens_is_not_held_up_by_an_outage(
    app: Flask, owner: FlaskClient, tokens: Tokens
) -> None:
    run_out(app)
    tokens.refusal = requests.ConnectionError("refused")
    with owner.get("/static/extranet.css") as style:
        assert style.status_code == 200
    assert owner.get("/login?client=1001&societe=01").location == "/"


# ---- what the owner does at the realm


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_asks_the_realm_for_this_owner(app: Flask, owner: FlaskClient, name: str) -> None:
    owner.get("/login?client=2002&societe=01")
    question = asked(app, owner, f"/action/{name}")
    assert question["kc_action"] == ACTIONS[name].kc_action
    assert question["login_hint"] == "helene.lefevre@example.org"
    assert (question["client"], question["societe"]) == ("2002", "01")
    assert question["redirect_uri"] == "http://localhost:8000/callback"
    assert {"state", "nonce", "code_challenge"} <= question.keys()


def test_an_action_needs_an_owner_and_has_to_be_one_of_ours(visitor: FlaskClient, owner: FlaskClient) -> None:
    assert visitor.get("/action/update-password").location == "/login"
    assert owner.get("/action/UPDATE_PASSWORD").status_code == 404


@pytest.mark.parametrize("status", ["success", "cancelled", "error"])
@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.usefixtures("realm")
def test_what_came_of_an_action_is_said_once_where_it_began(
    app: Flask, owner: FlaskClient, settings: Settings, name: str, status: str
) -> None:
    # Another tab has asked for something else meanwhile.
    state = asked(app, owner, f"/action/{name}")["state"]
    asked(app, owner, "/renew")
    place = back(owner, settings, state=state, kc_action_status=status)
    assert place == ("/" if ACTIONS[name].back == "pages.home" else "/profil")
    said = ACTIONS[name].said(status)
    assert said is not None
    assert f'role="status">{said}' in owner.get(place).text
    assert said not in owner.get(place).text


@pytest.mark.usefixtures("realm")
@pytest.mark.parametrize("status", ["", "<script>", "done"])
def test_another_word_for_what_came_of_it_is_not_repeated(
    app: Flask, owner: FlaskClient, settings: Settings, status: str
) -> None:
    state = asked(app, owner, "/action/update-password")["state"]
    page = owner.get(back(owner, settings, state=state, kc_action_status=status)).text
    assert 'role="status"' not in page
    assert "<script" not in page


@pytest.mark.usefixtures("realm")
def test_a_status_nobody_asked_for_says_nothing(owner: FlaskClient, settings: Settings) -> None:
    assert 'role="status"' not in owner.get(back(owner, settings, kc_action_status="success")).text


def test_the_tokens_that_come_back_show_what_has_changed(
    app: Flask, owner: FlaskClient, settings: Settings, realm: Realm
) -> None:
    added = {
        "agency": "1001/01",
        "identifiers": ["P2"],
        "reference": "NEW",
        "role": "locataire",
        "address": "x",
    }
    realm.claims = {**HELENE, "contracts": [added], "email": "nouvelle@example.org"}
    state = asked(app, owner, "/action/add-contract")["state"]
    page = owner.get(back(owner, settings, state=state, kc_action_status="success")).text
    assert "NEW" in page
    assert "nouvelle@example.org" in owner.get("/profil").text


def test_a_page_of_the_realm_that_names_another_address_has_it_asked(app: Flask, owner: FlaskClient) -> None:
    assert owner.get("/?login_hint=helene.lefevre@example.org").status_code == 200
    onward = owner.get("/?login_hint=nouvelle@example.org").location
    assert onward == "/login?login_hint=nouvelle@example.org"
    assert asked(app, owner, onward)["login_hint"] == "nouvelle@example.org"


def test_the_logo_of_the_agency_of_the_property_stands_on_every_tab(app: Flask, owner: FlaskClient) -> None:
    logo = "https://realm.example/realms/moncompte/moncompte/logo/1001-01-0123456789abcdef.png"
    agency = HELENE["organization"]["1001-01"] | {"logo": logo}
    signed_in(app, claims=HELENE | {"organization": {"1001-01": agency}})
    for path in TABS:
        shown = BeautifulSoup(owner.get(path).text, "html.parser").select_one("img.agency-logo")
        assert shown is not None
        assert (shown["src"], shown["alt"]) == (logo, "Agence du Vieux-Port & Fils")


def test_an_agency_without_a_logo_leaves_no_gap(owner: FlaskClient) -> None:
    assert "agency-logo" not in owner.get("/").text
