"""A simulated owner: goes through the screens over HTTP as a browser without JavaScript would.

Fast enough for attacks and for hundreds of journeys; what only a browser can show is tested in
`tests/browser`.
"""

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag
from requests.adapters import HTTPAdapter

REDIRECT_URI = "http://localhost:8000/callback"

# What differs from one visit to the next on a page that is otherwise the same.
_OF_THE_VISIT = re.compile(
    r"(session_code|execution|tab_id|client_data|code_challenge|state|nonce|data-challenge)=\"?[^&\"\s]*"
)
_TYPED = str.maketrans({"’": "'", "\N{NO-BREAK SPACE}": " "})
_LINK = re.compile(r"https?://\S+/moncompte/[\w/-]+\?key=[\w.-]+")


def plain(text: str) -> str:
    """A text in one line, with the typewriter's apostrophes and spaces in place of the typographic ones."""
    return " ".join(text.translate(_TYPED).split())


class SourceAddress(HTTPAdapter):
    """Sends from another address of the loopback range, as another subscriber would."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._address, 0), **kwargs)


@dataclass(frozen=True)
class Page:
    """A page that the owner sees, or the redirect back to the application."""

    status: int
    url: str
    html: str
    headers: dict[str, str]

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    @property
    def screen(self) -> str:
        """Name of the template: `login-codes`, `login-provisional`, …"""
        body = self.soup.body
        return str(body.get("data-page-id", "")) if body else ""

    @property
    def text(self) -> str:
        """What can be read on the page, in one line, as one types it (`plain`)."""
        return plain(self.soup.get_text(" "))

    @property
    def code(self) -> str | None:
        """The authorization code, when this is the redirect to the application."""
        codes = parse_qs(urlsplit(self.url).query).get("code")
        return codes[0] if codes and not self.html else None

    @property
    def error(self) -> str | None:
        """The OAuth error, when this is the redirect to the application with one."""
        errors = parse_qs(urlsplit(self.url).query).get("error")
        return errors[0] if errors and not self.html else None

    @property
    def action_status(self) -> str:
        """What the application is told of the action it asked for, back there with a code."""
        assert self.code is not None, self.text
        return parse_qs(urlsplit(self.url).query).get("kc_action_status", [""])[0]

    @property
    def alert(self) -> str:
        """What the page says went wrong or was done; empty when it says nothing of the sort."""
        alert = self.soup.select_one(".alert-error, .alert-success, .alert-info")
        return plain(alert.get_text(" ")) if alert else ""

    def comparable(self, *typed: str) -> str:
        """The page without what belongs to the visit, and without what was typed."""
        html = _OF_THE_VISIT.sub(r"\1=", self.html)
        for text in typed:
            html = html.replace(text, "[typed]")
        return html

    def form(self) -> Tag:
        form = self.soup.select_one("main form")
        assert form is not None, f"no form on {self.screen}: {self.text}"
        return form

    def link(self, words: str) -> str:
        """Address of the link whose text holds these words."""
        for link in self.soup.find_all("a"):
            if plain(words) in plain(link.get_text(" ")):
                return urljoin(self.url, str(link["href"]))
        raise AssertionError(f"no link « {words} » on {self.screen}: {self.text}")

    def value(self, field: str) -> str:
        element = self.soup.find("input", attrs={"name": field})
        assert isinstance(element, Tag), f"no field {field} on {self.screen}"
        return str(element.get("value", ""))


class Owner:
    """One browser of one owner.

    source        the address it comes from, anywhere in 127.0.0.0/8
    client_id     the application that sends the owner to sign in
    redirect_uri  where that application wants the owner back
    """

    def __init__(
        self,
        server: str,
        realm: str,
        *,
        source: str = "127.0.0.1",
        client_id: str = "extranet",
        redirect_uri: str = REDIRECT_URI,
    ) -> None:
        self.server = server
        self.realm = realm
        self.client_id = client_id
        self.redirect_uri = redirect_uri
        self.verifier = secrets.token_urlsafe(48)
        self.http = requests.Session()
        self.answered_in = 0.0  # seconds that the last form took to be answered, redirects not followed
        self.http.headers["Accept-Language"] = "fr"
        for scheme in ("http://", "https://"):
            self.http.mount(scheme, SourceAddress(source))

    # ---- moving about

    def get(self, url: str) -> Page:
        return self._follow(self._send("GET", url))

    def post(self, url: str, fields: dict[str, str]) -> Page:
        response = self._send("POST", url, fields)
        self.answered_in = response.elapsed.total_seconds()
        return self._follow(response)

    def submit(self, page: Page, **fields: str) -> Page:
        """Fills the form of a page and sends it; `_` in a name stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.post(urljoin(page.url, str(page.form()["action"])), named)

    def _send(self, method: str, url: str, fields: dict[str, str] | None = None) -> requests.Response:
        response = self.http.request(method, url, data=fields, allow_redirects=False, timeout=60)
        # Keycloak marks its cookies Secure; browsers send those to http://localhost all the same, so do we.
        for cookie in self.http.cookies:
            cookie.secure = False
        return response

    def _follow(self, response: requests.Response) -> Page:
        while response.is_redirect:
            target = urljoin(response.url, response.headers["Location"])
            if target.startswith(self.redirect_uri) or not target.startswith(self.server):
                return Page(response.status_code, target, "", dict(response.headers))
            response = self._send("GET", target)
        return Page(response.status_code, response.url, response.text, dict(response.headers))

    # ---- the screens

    def authorization_url(self, **parameters: str) -> str:
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        )
        query = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": "openid profile email organization contracts",
            "state": "some-state",
            "nonce": "some-nonce",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        } | parameters
        base = f"{self.server}/realms/{self.realm}/protocol/openid-connect/auth"
        return requests.Request("GET", base, params=query).prepare().url or base

    def start(self, client: str | None = None, societe: str | None = None, **parameters: str) -> Page:
        """Opens the entrance of an agency, or the generic one without codes."""
        codes = {"client": client, "societe": societe}
        given = {name: value for name, value in codes.items() if value is not None}
        return self.get(self.authorization_url(**given, **parameters))

    def to_provisional(self, client: str, societe: str) -> Page:
        """S1 → S2."""
        return self.get(self.start(client, societe).link("Je n'ai pas de compte"))

    def prove(self, client: str, societe: str, identifier: str, password: str) -> Page:
        """S1 → S2, filled and sent."""
        return self.submit(self.to_provisional(client, societe), identifier=identifier, password=password)

    def begin_activation(
        self, client: str, societe: str, identifier: str, provisional: str, email: str | None, password: str
    ) -> Page:
        """S1 → S5, with the suggested address when none is given."""
        page = self.prove(client, societe, identifier, provisional)
        assert page.screen == "login-address", page.text
        page = self.submit(page, email=email or page.value("email"))
        assert page.screen == "login-new-password", page.text
        return self.submit(page, password_new=password, password_confirm=password, terms="on")

    def confirm(self, link: str, password: str | None = None) -> Page:
        """M1: opens the link and presses the button, with the password when this is another browser."""
        page = self.get(link)
        return self.submit(page) if password is None else self.submit(page, password=password)

    def forgotten(self, typed: str, client: str | None = "1001", societe: str | None = "01") -> Page:
        """S6 → S9, filled and sent; with codes in the sign-in, or none in it and none typed."""
        if client is None:
            page = self.get(self.authorization_url(login_hint="x"))
        else:
            page = self.get(self.start(client, societe).link("J'ai déjà un compte"))
        page = self.get(page.link("Mot de passe oublié ?"))
        assert page.screen == "login-forgotten", page.text
        return self.submit(page, login=typed)

    def reset(self, link: str, password: str) -> Page:
        """S10: opens the link, and chooses the password."""
        page = self.get(link)
        assert page.screen == "login-reset-password", page.text
        return self.submit(page, password_new=password, password_confirm=password)

    def activate_by_mail(self, link: str, password: str, identifier: str | None = None) -> Page:
        """Opens the link that S9 sends to who never activated, and chooses the password; with the identifier
        when this is another browser."""
        page = self.get(link)
        assert page.screen == "login-activate-by-mail", page.text
        version = page.value("terms-version")
        typed = {} if identifier is None else {"identifier": identifier}
        return self.submit(
            page, password_new=password, password_confirm=password, terms="on", terms_version=version, **typed
        )

    def sign_in(self, email: str, password: str, **parameters: str) -> Page:
        """S6, opened directly."""
        page = self.get(self.authorization_url(login_hint=email, **parameters))
        return self.submit(page, username=email, password=password)

    def ask_action(self, action: str, **parameters: str) -> Page:
        """What the realm answers when the application asks for an action."""
        return self.get(self.authorization_url(kc_action=action, **parameters))

    def cancel_action(self, page: Page) -> Page:
        """The button ANNULER of an action."""
        form = page.soup.find("form", id="cancel-form")
        assert isinstance(form, Tag), page.text
        return self.post(urljoin(page.url, str(form["action"])), {"cancel-aia": "true"})

    def tokens(self, page: Page, client_secret: str | None = None) -> dict[str, Any]:
        """Exchanges the code of the redirect for tokens."""
        assert page.code is not None, page.text
        fields = {
            "grant_type": "authorization_code",
            "code": page.code,
            "redirect_uri": self.redirect_uri,
            "client_id": self.client_id,
            "code_verifier": self.verifier,
        }
        return self.ask_token(fields, client_secret)

    def refresh(self, tokens: dict[str, Any], client_secret: str | None = None) -> dict[str, Any]:
        """Uses the refresh token; an answer with `error` when the session has ended.

        A refresh token serves once: `tokens` keeps the new one, as an application does.
        """
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": tokens["refresh_token"],
            "client_id": self.client_id,
        }
        answer = self.ask_token(fields, client_secret)
        if "refresh_token" in answer:
            tokens["refresh_token"] = answer["refresh_token"]
        return answer

    def ask_token(self, fields: dict[str, str], client_secret: str | None = None) -> dict[str, Any]:
        """What the token endpoint answers to these fields."""
        secret = {} if client_secret is None else {"client_secret": client_secret}
        endpoint = f"{self.server}/realms/{self.realm}/protocol/openid-connect/token"
        answer: dict[str, Any] = requests.post(endpoint, data=fields | secret, timeout=60).json()
        return answer


def activation_link(text: str) -> str:
    """The link in the mail of an activation."""
    return link_to("activation", text)


def link_to(page: str, text: str) -> str:
    """The link in a mail to a page below `/realms/{realm}/moncompte`: activation, reset…"""
    found = [link for link in _LINK.findall(text) if f"/moncompte/{page}?" in link]
    assert len(found) == 1, f"{len(found)} links to {page} in: {text}"
    return str(found[0])


def claims(token: str) -> dict[str, Any]:
    """What a token says. Its signature is the business of those who rely on it."""
    payload = token.split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return decoded
