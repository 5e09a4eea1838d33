"""An owner who comes to the Extranet of an installation with the letter of the samples in hand."""

from urllib.parse import quote

import requests

from tests.integration.stage import PERSONAL, eventually
from tests.owner import Owner, Page, activation_link
from tests.realms import Json


class Visitor(Owner):
    """Goes with the browser where the Extranet sends it.

    accounts, extranet  addresses of the two, as browsers know them
    """

    def __init__(self, accounts: str, extranet: str) -> None:
        super().__init__(accounts, "moncompte", redirect_uri=f"{extranet}/callback")
        self.extranet = extranet

    def enter(self) -> Page:
        """Opens the address in the letter, which leads to the realm's welcome (S1)."""
        return self.get(f"{self.extranet}/login?client=1001&societe=01")

    def go(self, page: Page) -> Page:
        """Follows what `Owner` does not: the way back to the application, and on in it."""
        while not page.html and page.url.startswith(self.extranet):
            page = self.get(page.url)
        return page


def from_the_letter_to_the_contracts(owner: Visitor, mailbox: str) -> None:
    """Activates the first owner of the samples and signs in.

    mailbox  address of the one that the realm sends to, ours or Mailpit
    """
    welcome = owner.enter()
    assert "Agence du Vieux-Port" in welcome.text
    page = owner.get(welcome.link("Je n'ai pas de compte"))
    page = owner.submit(page, identifier="P00012", password="Tulipe-4821")
    address = page.value("email")
    page = owner.submit(page, email=address)
    page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    assert page.screen == "login-verify-address", page.text

    link = activation_link(_mail_for(address, mailbox))
    assert link.startswith(owner.server)
    assert owner.confirm(link).screen == "login-address-confirmed"

    page = owner.get(owner.enter().link("J'ai déjà un compte"))
    page = owner.go(owner.submit(page, username=address, password=PERSONAL))
    assert (page.status, "LEFÈVRE" in page.text) == (200, True), page.text


def _mail_for(address: str, mailbox: str) -> str:
    """The text of the mail that has arrived for an address."""

    def found() -> list[Json]:
        query = quote(f'to:"{address}"')
        answer = requests.get(f"{mailbox}/api/v1/search?query={query}", timeout=10).json()
        mails: list[Json] = answer["messages"]
        return mails

    eventually(lambda: bool(found()), f"a mail for {address}", timeout=60)
    return str(requests.get(f"{mailbox}/api/v1/message/{found()[0]['ID']}", timeout=10).json()["Text"])
