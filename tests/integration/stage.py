"""What most tests play on: a realm with its mailbox and its Admin API, and short ways to common situations.

The owner of an identifier `P1` has the provisional password `provisional("P1")`, and the agency suggests the
address `stage.address("P1")`. Activated, the password is `PERSONAL` unless the test says otherwise.
"""

import time
from collections.abc import Callable
from datetime import datetime

from tests.integration.admin import Admin
from tests.owner import Owner, Page, activation_link, link_to
from tests.realms import Json, TestRealm
from tools.mailbox import Mail, Mailbox

PERSONAL = "Soleil-42!x"
ACTIVATION = "Validez votre email"
RESET = "Réinitialisation de votre mot de passe"
BY_MAIL = "Activez votre compte Extranet"


def provisional(identifier: str) -> str:
    """The provisional password of an identifier that `Stage.load` loaded."""
    return f"Tulipe-{identifier}-48"


def local(moment: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """A moment of the server (ISO 8601) as the command prints it for people: in local time."""
    return datetime.fromisoformat(moment).astimezone().strftime(form)


def username(identifier: str, agency: str = "1001/01") -> str:
    """The username of a provisional account whose identifier is made of letters and digits."""
    return f"{agency.replace('/', '-')}_{identifier}".lower()


def eventually(condition: Callable[[], bool], what: str | Callable[[], str], timeout: float = 15.0) -> None:
    """Returns when the condition holds; fails when it does not within `timeout` seconds.

    what  what is waited for, in words; or what finds these words when it has failed
    """
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {timeout} s: {what if isinstance(what, str) else what()}")
        time.sleep(0.05)


class Stage:
    """A realm, the mails it sends, and its administrator."""

    def __init__(self, realm: TestRealm, mailbox: Mailbox) -> None:
        self.realm = realm
        self.mailbox = mailbox
        self.admin = Admin(realm)

    # ---- the agency

    def address(self, identifier: str) -> str:
        """The address the agency suggests to an identifier: no other realm of the run uses it."""
        return f"{identifier}@{self.realm.name}.example".lower()

    def load(
        self, *identifiers: str, agency: str = "1001/01", options: tuple[str, ...] = (), **columns: str
    ) -> None:
        """Loads one owner an identifier; `columns` are columns of owners.csv for all of them."""
        lines = [
            {
                "identifiant": identifier,
                "mot_de_passe": provisional(identifier),
                "email": self.address(identifier),
                "reference": f"REF-{identifier}",
            }
            | columns
            for identifier in identifiers
        ]
        assert self.realm.load(agency, *lines, options=options) == 0

    def account(self, identifier: str, agency: str = "1001/01") -> Json:
        """The provisional account of an identifier, as the Admin API shows it."""
        return self.admin.user(username(identifier, agency))

    def forget_guesses(self) -> None:
        """What time does: every count of the realm is forgotten."""
        self.admin.do("DELETE", "attack-detection/brute-force/users")

    # ---- the owner

    def browser(self, **settings: str) -> Owner:
        """A browser nobody has used yet; `settings` are those of `Owner`."""
        return Owner(self.realm.server.url, self.realm.name, **settings)

    def begun(
        self,
        owner: Owner,
        identifier: str,
        email: str | None = None,
        password: str = PERSONAL,
        agency: str = "1001/01",
    ) -> Page:
        """S5 of an activation that this browser has asked for."""
        client, societe = agency.split("/")
        page = owner.begin_activation(
            client, societe, identifier, provisional(identifier), email or self.address(identifier), password
        )
        assert page.screen == "login-verify-address", page.text
        return page

    def mail(self, address: str, subject: str = ACTIVATION, after: Mail | None = None) -> Mail:
        """The newest mail to an address about something."""
        return self.mailbox.wait_for(to=address, subject=subject, after=after)

    def link(self, address: str, after: Mail | None = None) -> str:
        """The link of the newest mail of an activation."""
        return activation_link(self.mail(address, after=after).text)

    def reset_link(self, address: str, after: Mail | None = None) -> str:
        """The link of the newest mail of a reset."""
        return link_to("reset", self.mail(address, RESET, after=after).text)

    def activated(
        self,
        identifier: str,
        email: str | None = None,
        password: str = PERSONAL,
        agency: str = "1001/01",
    ) -> Owner:
        """Loads an owner who then activates; the browser, not signed in yet."""
        self.load(identifier, agency=agency)
        owner = self.browser()
        email = email or self.address(identifier)
        self.begun(owner, identifier, email, password, agency)
        page = owner.confirm(self.link(email))
        assert page.screen == "login-address-confirmed", page.text
        return owner

    def signed_in(self, owner: Owner, email: str, password: str = PERSONAL, **parameters: str) -> Json:
        """Signs in at S6; the tokens."""
        page = owner.sign_in(email, password, **parameters)
        assert page.code is not None, page.text
        return owner.tokens(page, self.secret(owner))

    def secret(self, owner: Owner) -> str:
        """The secret of the application that the browser came from."""
        return self.realm.secret(owner.client_id)

    def gets_in(self, email: str, password: str = PERSONAL) -> bool:
        """Whether somebody who signs in so, in a browser of their own, gets an authorization code."""
        return self.browser().sign_in(email, password).code is not None
