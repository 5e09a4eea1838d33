"""An owner on the way from S2 to a first sign-in, while the installation loses a part."""

from tests.integration.stage import PERSONAL, Stage, provisional
from tests.owner import Page, activation_link
from tests.stack.figures import Figures, patiently

MAIL = 15  # seconds after which somebody asks for the mail again


class Activation:
    """One owner on the way from S2 to a first sign-in."""

    def __init__(self, stage: Stage, identifier: str) -> None:
        self._stage = stage
        self._identifier = identifier
        self.owner = stage.browser()
        self.address = stage.address(identifier)

    @property
    def node(self) -> str:
        """The node the browser stays with: `n1` or `n2`."""
        return str(self.owner.http.cookies["MONCOMPTE_NODE"])

    def to_password(self) -> None:
        """S2, S3, and now S4 is on the screen."""
        page = self.owner.prove("1001", "01", self._identifier, provisional(self._identifier))
        self._page = self.owner.submit(page, email=self.address)
        assert self._page.screen == "login-new-password", self._page.text

    def choose_password(self, figures: Figures | None = None) -> None:
        """S4, sent; reloaded while the answer is an error."""

        def send() -> Page:
            return self.owner.submit(self._page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")

        page = patiently(send, figures)
        assert page.screen == "login-verify-address", f"{page.screen}: {page.text}"
        self._waiting = page

    def ask_again(self) -> None:
        """S5: « Demander le renvoi de l'email »."""
        patiently(lambda: self.owner.submit(self._waiting, action="resend"))

    def finish(self) -> bool:
        """M1 and the first sign-in. Whether the mail came by itself: asked for again, it has to."""
        came = True
        try:
            mail = self._stage.mailbox.wait_for(to=self.address, timeout=MAIL)
        except TimeoutError:
            came = False
            self.ask_again()
            mail = self._stage.mailbox.wait_for(to=self.address, timeout=60)
        link = activation_link(mail.text)
        page = patiently(lambda: self.owner.confirm(link))
        assert page.screen == "login-address-confirmed", f"{page.screen}: {page.text}"
        signed_in = patiently(lambda: self._stage.browser().sign_in(self.address, PERSONAL))
        assert signed_in.code is not None, signed_in.text
        return came
