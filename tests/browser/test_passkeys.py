"""Passkeys: added by an owner who is signed in, used in place of the password, removed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Front, Watch
from tests.browser.test_the_journey import press
from tests.device import Device
from tests.integration.stage import PERSONAL, Stage
from tests.owner import Owner, plain
from tools.mailbox import Mailbox

TYPE = "webauthn-passwordless"
USE = "Se connecter avec une clé d’accès"
REFUSED = "La connexion avec une clé d’accès n’a pas abouti"
NONSENSE = "eyJub25zZW5zZSI6MX0"  # JSON, and long enough that no id holds it by chance


class Behind(Stage):
    """The realm behind the Extranet."""

    def __init__(self, front: Front, mailbox: Mailbox) -> None:
        super().__init__(front.realm, mailbox)
        self.front = front

    def browser(self, **settings: str) -> Owner:
        return super().browser(redirect_uri=f"{self.front.url}/callback", **settings)

    def url(self, **parameters: str) -> str:
        """A sign-in that comes back to the Extranet's address, which answers that it did not ask."""
        return self.browser().authorization_url(**parameters)

    def passkeys(self, identifier: str) -> int:
        user = self.admin.user(self.address(identifier))
        return self.admin.credential_types(user).count(TYPE)


@pytest.fixture
def behind(front: Front, mailbox: Mailbox) -> Behind:
    return Behind(front, mailbox)


@pytest.fixture
def device(page: Page) -> Device:
    # Nothing is proposed by itself here: each test says when a passkey is used.
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")
    return Device(page)


def sign_in(page: Page, behind: Behind, identifier: str) -> None:
    page.goto(behind.url(login_hint=behind.address(identifier)))
    page.get_by_label("Mot de passe", exact=True).fill(PERSONAL)
    press(page, "CONNEXION")
    page.wait_for_url(re.compile("/callback|/profile|localhost:[0-9]+/$"))


def add(page: Page, behind: Behind, name: str = "Mon téléphone") -> None:
    page.goto(behind.url(kc_action="moncompte-passkeys"))
    page.get_by_label("Nom de la clé").fill(name)
    press(page, "AJOUTER UNE CLÉ D’ACCÈS")


def added(page: Page, behind: Behind, identifier: str) -> None:
    """An owner with one passkey, signed out again."""
    behind.activated(identifier)
    sign_in(page, behind, identifier)
    with page.expect_navigation(url=re.compile("kc_action_status=success")):
        add(page, behind)
    page.context.clear_cookies()


def comes_in(page: Page) -> None:
    with page.expect_navigation(url=re.compile(r"/callback\?.*code=")):
        press(page, USE)


def test_an_owner_adds_a_passkey_and_signs_in_without_a_password(
    page: Page, watch: Watch, behind: Behind, device: Device, mailbox: Mailbox
) -> None:
    page.set_viewport_size(PHONE)
    identifier = "CLE"
    behind.activated(identifier)
    sign_in(page, behind, identifier)
    watch.complaints.clear()  # the Extranet says 400 to an answer it did not ask for
    page.goto(behind.url(kc_action="moncompte-passkeys"))
    watch.check("Clés d’accès")
    page.get_by_label("Nom de la clé").fill("Mon <b>téléphone</b>")
    with page.expect_navigation(url=re.compile("kc_action_status=success")):
        press(page, "AJOUTER UNE CLÉ D’ACCÈS")
    assert device.passkeys() == behind.passkeys(identifier) == 1
    mail = mailbox.wait_for(to=behind.address(identifier), subject="clé d’accès a été ajoutée")
    assert "Mon <b>téléphone</b>" in mail.text
    assert "/moncompte/dispute?key=" in mail.text

    page.context.clear_cookies()
    watch.complaints.clear()
    page.goto(behind.url(login_hint=behind.address(identifier)))
    watch.check("Mon compte immobilier")
    comes_in(page)
    events = behind.admin.events("LOGIN")
    assert events[0]["details"]["username"] == behind.address(identifier)


def test_whoever_cancels_stays_where_they_are(page: Page, behind: Behind, device: Device) -> None:
    behind.activated("CLEANN")
    sign_in(page, behind, "CLEANN")
    device.unlocks(False)
    add(page, behind)
    expect(page.get_by_role("alert")).to_contain_text("n’a pas été ajoutée")
    assert behind.passkeys("CLEANN") == 0
    device.unlocks(True)
    with page.expect_navigation(url=re.compile("kc_action_status=success")):
        press(page, "AJOUTER UNE CLÉ D’ACCÈS")
    page.context.clear_cookies()
    page.goto(behind.url(login_hint=behind.address("CLEANN")))
    device.unlocks(False)
    press(page, USE)
    expect(page.get_by_role("alert")).to_contain_text(REFUSED)
    page.get_by_label("Mot de passe", exact=True).fill(PERSONAL)
    with page.expect_navigation(url=re.compile(r"/callback\?.*code=")):
        press(page, "CONNEXION")


def test_a_passkey_that_was_removed_opens_nothing(
    page: Page, watch: Watch, behind: Behind, device: Device, mailbox: Mailbox
) -> None:
    added(page, behind, "CLEOTE")
    sign_in(page, behind, "CLEOTE")
    watch.complaints.clear()
    page.goto(behind.url(kc_action="moncompte-passkeys"))
    watch.check("Clés d’accès")
    press(page, "Supprimer")
    expect(page.get_by_role("status")).to_contain_text("La clé d’accès a été supprimée")
    assert behind.passkeys("CLEOTE") == 0
    mailbox.wait_for(to=behind.address("CLEOTE"), subject="clé d’accès de votre compte a été supprimée")
    with page.expect_navigation(url=re.compile("kc_action_status=success")):
        press(page, "Terminer")
    page.context.clear_cookies()
    page.goto(behind.url(login_hint=behind.address("CLEOTE")))
    press(page, USE)
    expect(page.get_by_role("alert")).to_contain_text(REFUSED)
    assert device.passkeys() == 1


def resets(behind: Behind, address: str) -> None:
    behind.browser().forgotten(address)
    assert behind.browser().reset(behind.reset_link(address), "Automne-77!y").screen == "login-reset-done"


def disables(behind: Behind, address: str) -> None:
    behind.admin.update(behind.admin.user(address), enabled=False)


@pytest.mark.parametrize("close", [resets, disables])
def test_a_page_left_open_adds_no_passkey_once_the_door_is_closed(
    page: Page, behind: Behind, device: Device, close: Callable[[Behind, str], None]
) -> None:
    """Whoever knows the old password has no session yet that a reset or a freeze could end (rule 12)."""
    identifier = f"CLE{close.__name__}".upper()
    behind.activated(identifier)
    page.goto(behind.url(kc_action="moncompte-passkeys", login_hint=behind.address(identifier)))
    page.get_by_label("Mot de passe", exact=True).fill(PERSONAL)
    press(page, "CONNEXION")
    page.get_by_label("Nom de la clé").fill("Une porte de plus")
    close(behind, behind.address(identifier))
    press(page, "AJOUTER UNE CLÉ D’ACCÈS")
    expect(page.get_by_text("Votre connexion a pris fin")).to_be_visible()
    assert device.passkeys() == 1
    assert behind.passkeys(identifier) == 0


def test_a_passkey_of_a_disabled_account_opens_nothing(page: Page, behind: Behind, device: Device) -> None:
    added(page, behind, "CLEDES")
    user = behind.admin.user(behind.address("CLEDES"))
    behind.admin.update(user, enabled=False)
    page.goto(behind.url(login_hint=behind.address("CLEDES")))
    press(page, USE)
    expect(page.get_by_role("alert")).to_contain_text(REFUSED)
    behind.admin.update(user, enabled=True)
    page.goto(behind.url(login_hint=behind.address("CLEDES")))
    comes_in(page)
    assert device.passkeys() == 1


def test_a_passkey_opens_an_account_at_which_strangers_have_guessed(
    page: Page, behind: Behind, device: Device
) -> None:
    added(page, behind, "CLEVER")
    address = behind.address("CLEVER")
    behind.admin.set_realm(failureFactor=2)
    try:
        for _ in range(3):
            assert not behind.gets_in(address, "Pas-le-bon-1")
        assert not behind.gets_in(address), "new browsers are locked"
        page.goto(behind.url(login_hint=address))
        comes_in(page)
    finally:
        behind.admin.set_realm(failureFactor=1000)
    assert device.passkeys() == 1


def test_a_passkey_used_while_another_owner_is_signed_in_ends_that_session_first(
    page: Page, behind: Behind, device: Device
) -> None:
    added(page, behind, "CLEUN")
    behind.activated("CLEDEUX")
    sign_in(page, behind, "CLEDEUX")
    page.goto(behind.url(prompt="create"))
    page.get_by_role("link", name="Connectez-vous").click()
    expect(page.get_by_text("CLEDEUX", exact=False).first).to_be_visible()
    press(page, USE)
    expect(page.get_by_role("status")).to_be_visible()
    assert behind.admin.sessions(behind.admin.user(behind.address("CLEDEUX"))) == []
    comes_in(page)
    assert device.passkeys() == 1


def test_the_answer_to_a_challenge_serves_once(page: Page, behind: Behind, device: Device) -> None:
    added(page, behind, "CLEREJ")
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None
    )
    page.goto(behind.url(login_hint=behind.address("CLEREJ")))
    comes_in(page)
    (answer,) = [one for one in sent if "authenticatorData=" in one]
    # The same answer in another visit, whose challenge is another.
    owner = behind.browser()
    shown = owner.get(owner.authorization_url(login_hint=behind.address("CLEREJ")))
    action = str(shown.soup.select_one("#passkey-form")["action"])  # type: ignore[index]
    fields = dict(pair.split("=", 1) for pair in answer.split("&"))
    replayed = owner.post(action, fields)
    assert replayed.code is None
    assert plain(REFUSED) in replayed.alert
    assert device.passkeys() == 1


def test_a_passkey_is_proposed_with_the_addresses(page: Page, behind: Behind) -> None:
    """Conditional mediation: the virtual device chooses at once what a person would choose from the list."""
    device = Device(page)
    page.add_init_script(
        "if (location.search.includes('moncompte-passkeys'))"
        " PublicKeyCredential.isConditionalMediationAvailable = async () => false;"
    )
    behind.activated("CLEAUTO")
    sign_in(page, behind, "CLEAUTO")
    with page.expect_navigation(url=re.compile("kc_action_status=success")):
        add(page, behind)
    page.context.clear_cookies()
    with page.expect_navigation(url=re.compile(r"/callback\?.*code=")):
        page.goto(behind.url(login_hint=behind.address("CLEAUTO")))
    assert device.passkeys() == 1


@pytest.mark.usefixtures("device")
def test_a_passkey_of_another_owner_cannot_be_removed(page: Page, behind: Behind) -> None:
    added(page, behind, "CLEMIEN")
    user = behind.admin.user(behind.address("CLEMIEN"))
    (mine,) = [
        one["id"] for one in behind.admin.read(f"users/{user['id']}/credentials") if one["type"] == TYPE
    ]
    other = behind.activated("CLEAUTRE")
    behind.signed_in(other, behind.address("CLEAUTRE"))
    shown = other.get(other.authorization_url(kc_action="moncompte-passkeys"))
    form = shown.soup.select_one("#done-form")
    assert form is not None
    other.post(str(form["action"]), {"remove": mine})
    assert behind.passkeys("CLEMIEN") == 1


def test_the_operator_may_do_without_passkeys(page: Page, behind: Behind, device: Device) -> None:
    added(page, behind, "CLENON")
    behind.admin.set_realm(webAuthnPolicyPasswordlessPasskeysEnabled=False)
    try:
        page.goto(behind.url(login_hint=behind.address("CLENON")))
        expect(page.get_by_label("Mot de passe", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name=USE)).to_have_count(0)
        sign_in(page, behind, "CLENON")
        page.goto(behind.url(kc_action="moncompte-passkeys"))
        expect(page.get_by_role("button", name="Supprimer")).to_have_count(1)
        expect(page.get_by_label("Nom de la clé")).to_have_count(0)
    finally:
        behind.admin.set_realm(webAuthnPolicyPasswordlessPasskeysEnabled=True)
    assert device.passkeys() == 1


def test_what_no_browser_would_send_is_refused(behind: Behind) -> None:
    owner = behind.activated("CLEFAUX")
    behind.signed_in(owner, behind.address("CLEFAUX"))
    for fields in (
        {},
        {"authenticatorLabel": "x" * 61},
        {
            "authenticatorLabel": "x",
            "clientDataJSON": "%",
            "attestationObject": "%",
            "publicKeyCredentialId": "%",
        },
        {
            "authenticatorLabel": "x",
            "clientDataJSON": NONSENSE,
            "attestationObject": NONSENSE,
            "publicKeyCredentialId": "x",
        },
        {"remove": "not-an-id"},
    ):
        shown = owner.get(owner.authorization_url(kc_action="moncompte-passkeys"))
        form = shown.soup.select_one("#done-form")
        assert form is not None
        assert owner.post(str(form["action"]), fields).status == 200
    assert behind.passkeys("CLEFAUX") == 0
    stranger = behind.browser()
    for handle in ("", "%%%", NONSENSE, "bm9ib2R5"):
        shown = stranger.get(stranger.authorization_url(login_hint="a@b.example"))
        action = str(shown.soup.select_one("#passkey-form")["action"])  # type: ignore[index]
        fields = {"authenticatorData": "%", "clientDataJSON": NONSENSE, "signature": "x", "credentialId": "x"}
        refused = stranger.post(action, fields | {"userHandle": handle, "username": "a@b.example"})
        assert plain(REFUSED) in refused.alert
    assert NONSENSE not in str(behind.admin.events("LOGIN_ERROR"))
