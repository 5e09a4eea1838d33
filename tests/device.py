"""A phone that holds passkeys, for browser tests."""

from playwright.sync_api import CDPSession, Page


class Device:
    """A phone that holds passkeys (Chromium's virtual one); its owner unlocks it, unless `unlocks(False)`."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = added["authenticatorId"]

    def unlocks(self, does: bool) -> None:
        self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": does})

    def passkeys(self) -> int:
        found = self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return len(found["credentials"])
