"""The ways to every page of the theme. A page of the theme that none of them shows fails a unit test."""

import re
from urllib.parse import urljoin

from bs4 import Tag

from tests.catalogue.tour import LIFETIMES, TOURS, Guide, ask_release, shows, signed_in
from tests.device import Device
from tests.integration.desk import Desk, merge
from tests.integration.stage import BY_MAIL, PERSONAL, provisional
from tests.owner import REDIRECT_URI, Owner, Page, activation_link, link_to
from tests.realms import APPLICATIONS

__all__ = ["NOT_SHOWN", "TOURS"]

OTHER = "Autre-Mot-77!"
WEAK = "court"
OF_ANOTHER_AGENCY = APPLICATIONS[0] | {
    "client_id": "etroite",
    "name": "Étroite",
    "secret_file": "etroite-secret",
    "agencies": ["2002/01"],
}

NOT_SHOWN = {
    "webauthn-error": "only stock passkey steps show it, which no flow and no required action of ours has",
}
"""Pages of the theme that no way leads to in a realm of ours, and why they are there all the same."""


@shows("codes", "welcome", "provisional", "login", "error", "login-page-expired")
def entrance(guide: Guide) -> None:
    """S0, S1, and what a broken link shows."""
    stage = guide.stage
    owner = stage.browser()
    codes = guide.show("codes", "empty", owner.start())
    codes = guide.show("codes", "error: unknown codes", owner.submit(codes, client="9999", societe="01"))
    guide.show("codes", "error: nothing typed", owner.submit(codes, client="", societe=""))
    guide.show("welcome", "agency's logo", stage.browser().start("1001", "01"))
    guide.show("welcome", "agency without logo, no help page", stage.browser().start("1001", "02"))
    guide.show("welcome", "long name, colours of the agency", stage.browser().start("3003", "01"))
    guide.show("welcome", "markup in the agency's name", stage.browser().start("3003", "02"))
    guide.show("welcome", "English", stage.browser().start("1001", "01", ui_locales="en"))
    page = stage.browser().start("1001", "01", identifiant="P00012")
    guide.show("provisional", "identifier of the letter", page)
    visitor = stage.browser()
    login = guide.show("login", "no agency", visitor.start(login_hint="helene.lefevre@exemple.fr"))
    action = urljoin(login.url, str(login.form()["action"]))
    stale = re.sub(r"execution=[\w-]+", "execution=00000000-0000-0000-0000-000000000000", action)
    guide.show("login-page-expired", "from the history", visitor.get(stale))
    guide.show("error", "unknown application", owner.get(owner.authorization_url(client_id="inconnu")))


@shows(
    "provisional",
    "address",
    "new-password",
    "verify-address",
    "confirm-address",
    "address-confirmed",
    "link-refused",
)
def activation(guide: Guide) -> None:
    """S2 to S5, M1."""
    stage = guide.stage
    stage.load("P00012")
    owner = stage.browser()
    page = guide.show("provisional", "empty", owner.to_provisional("1001", "01"))
    wrong = owner.submit(page, identifier="P00012", password="faux")
    guide.show("provisional", "error: not recognized", wrong)
    page = owner.submit(wrong, identifier="P00012", password=provisional("P00012"))
    guide.show("address", "suggested", page)
    page = guide.show("address", "error: no address", owner.submit(page, email="helene"))
    page = guide.show("new-password", "empty", owner.submit(page, email=stage.address("P00012")))
    wrong = owner.submit(page, password_new=WEAK, password_confirm="autre")
    page = guide.show("new-password", "errors: criteria, confirmation, terms", wrong)
    page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    guide.show("verify-address", "sent", page)
    link = stage.link(stage.address("P00012"))
    guide.show("confirm-address", "browser that asked", owner.get(link))
    other = stage.browser()
    page = guide.show("confirm-address", "another browser", other.get(link))
    guide.show("confirm-address", "error: wrong password", other.submit(page, password="faux"))
    guide.show("address-confirmed", "done", owner.confirm(link))
    guide.show("link-refused", "used link", stage.browser().get(link))


@shows("address-taken", "activate-by-mail")
def taken(guide: Guide) -> None:
    """An address that somebody else has proved meanwhile; S9 for who never activated."""
    stage = guide.stage
    stage.load("A8", "A8b", email=stage.address("A8"))
    first, second = stage.browser(), stage.browser()
    stage.begun(first, "A8")
    mail = stage.mail(stage.address("A8"))
    stage.begun(second, "A8b", stage.address("A8"), OTHER)
    later = stage.link(stage.address("A8"), after=mail)
    first.confirm(activation_link(mail.text))
    guide.show("address-taken", "after the link", second.confirm(later))
    stage.load("E1")
    owner = stage.browser()
    owner.forgotten("E1")
    link = link_to("activate", stage.mail(stage.address("E1"), BY_MAIL).text)
    guide.show("activate-by-mail", "in the browser that asked", owner.get(link))
    guide.show("activate-by-mail", "in another browser", stage.browser().get(link))


@shows("provisional")
def throttled(guide: Guide) -> None:
    """A source that has guessed too often."""
    stage = guide.fresh_stage(limits={"failures": 1000, "per_source": 1, "mails_per_hour": 10})
    owner = stage.browser()
    page = owner.to_provisional("1001", "01")
    for _ in range(3):
        page = owner.submit(page, identifier="P00012", password="faux")
    guide.show("provisional", "locked: too many attempts", page)


@shows("login", "forgotten", "forgotten-sent", "reset-password", "reset-done")
def password_forgotten(guide: Guide) -> None:
    """S6, S9 and S10."""
    stage = guide.fresh_stage(limits={"failures": 2, "per_source": 100_000, "mails_per_hour": 10_000})
    owner = stage.activated("L1")
    page = guide.show(
        "login", "agency's logo", owner.get(owner.start("1001", "01").link("J'ai déjà un compte"))
    )
    page = owner.submit(page, username=stage.address("L1"), password="faux")
    guide.show("login", "error: not recognized", page)
    for _ in range(3):
        page = owner.submit(page, username=stage.address("L1"), password="faux")
    guide.show("login", "locked (the same words, rule 7)", page)
    page = owner.get(page.link("Mot de passe oublié"))
    page = guide.show("forgotten", "agency known", page)
    page = guide.show("forgotten", "error: nothing typed", owner.submit(page, login=""))
    guide.show("forgotten-sent", "answer", owner.submit(page, login=stage.address("L1")))
    generic = stage.browser()
    page = generic.get(generic.start(login_hint="x").link("Mot de passe oublié"))
    guide.show("forgotten", "without codes", page)
    link = stage.reset_link(stage.address("L1"))
    page = guide.show("reset-password", "empty", owner.get(link))
    wrong = owner.submit(page, password_new=WEAK, password_confirm="autre")
    guide.show("reset-password", "errors: criteria, confirmation", wrong)
    guide.show("reset-done", "done", owner.reset(link, OTHER))


@shows("merge", "merge-password", "merged", "dispute", "frozen")
def merging(guide: Guide) -> None:
    """S7, S8, and « Ce n'était pas moi »."""
    stage = guide.stage
    owner = stage.activated("M1")
    stage.load("M2", email=stage.address("M1"))
    page = guide.show("merge", "empty", owner.get(owner.start("1001", "01").link("Je fusionne mes comptes")))
    wrong = owner.submit(page, email=stage.address("M1"), identifier="M2", password="faux")
    page = guide.show("merge", "error: not recognized", wrong)
    page = owner.submit(page, email=stage.address("M1"), identifier="M2", password=provisional("M2"))
    page = guide.show("merge-password", "empty", page)
    page = guide.show("merge-password", "error: wrong password", owner.submit(page, password="faux"))
    guide.show("merged", "done", owner.submit(page, password=PERSONAL))
    mail = stage.mail(stage.address("M1"), "Vos comptes Extranet ont été associés")
    page = guide.show("dispute", "question", owner.get(link_to("dispute", mail.text)))
    guide.show("frozen", "done", owner.submit(page))


@shows(
    "add-contract",
    "update-password",
    "update-email",
    "update-email-sent",
    "confirm-new-address",
    "new-address-taken",
    "address-changed",
    "webauthn-register",
    "login",
)
def account(guide: Guide) -> None:
    """What an owner who is signed in can change."""
    stage = guide.stage
    owner = signed_in(stage, "C1")
    guide.show("login", "again, for safety", owner.start("1001", "01", prompt="login"))
    page = guide.show("add-contract", "empty", owner.ask_action("moncompte-add-contract"))
    fields = {"client": "1001", "societe": "01", "identifier": "RIEN", "password": "faux"}
    guide.show("add-contract", "error: not recognized", owner.submit(page, **fields))
    page = guide.show("update-password", "empty", owner.ask_action("moncompte-update-password"))
    wrong = owner.submit(page, password="faux", password_new=WEAK, password_confirm="autre")
    guide.show("update-password", "errors", wrong)
    guide.show("webauthn-register", "no passkey yet", owner.ask_action("moncompte-passkeys"))
    page = guide.show("update-email", "empty", owner.ask_action("moncompte-update-email"))
    page = guide.show("update-email", "error", owner.submit(page, email="helene", action="send"))
    wanted = stage.address("c1-new")
    page = owner.submit(page, email=wanted, action="send")
    guide.show("update-email-sent", "sent", page)
    subject = "Validez votre nouvelle adresse"
    link = link_to("address", stage.mail(wanted, subject).text)
    guide.show("confirm-new-address", "browser that asked", owner.get(link))
    guide.show("confirm-new-address", "another browser", stage.browser().get(link))
    guide.show("address-changed", "done", owner.confirm(link))
    late, wanted = signed_in(stage, "C2"), stage.address("c2-new")
    late.submit(late.ask_action("moncompte-update-email"), email=wanted, action="send")
    link = link_to("address", stage.mail(wanted, subject).text)
    stage.activated("C3", email=wanted)
    guide.show("new-address-taken", "meanwhile", late.confirm(link))
    page = late.submit(late.ask_action("moncompte-update-email"), action="drop")
    late.submit(page, email=wanted, action="send")
    stage.mail(wanted, "Votre adresse email a déjà un compte")


@shows("merge-accounts", "merge-accounts-sent", "merge-accounts-confirm")
def two_accounts(guide: Guide) -> None:
    """Merging two personal accounts."""
    stage = guide.stage
    stage.activated("D2", password=OTHER, agency="2002/01")
    owner = signed_in(stage, "D1")
    page = guide.show("merge-accounts", "empty", owner.ask_action("moncompte-merge-accounts"))
    wrong = owner.submit(page, email=stage.address("D1"), password=OTHER)
    page = guide.show("merge-accounts", "error: the same account", wrong)
    page = owner.submit(page, email=stage.address("D2"), password=OTHER)
    guide.show("merge-accounts-sent", "sent", page)
    mail = stage.mail(stage.address("D2"), "Confirmez la fusion de vos deux comptes")
    page = stage.browser().get(link_to("merge-accounts", mail.text))
    guide.show("merge-accounts-confirm", "question", page)
    stage.browser().submit(page)
    stage.mail(stage.address("D2"), "Vos deux comptes Extranet")


@shows("release", "release-refused")
def released(guide: Guide) -> None:
    """An agency wants contracts back."""
    stage = guide.stage
    stage.activated("B2")
    ask_release(stage, "B2")
    mail = stage.mail(stage.address("B2"), "Votre agence veut retirer des contrats")
    reader = stage.browser()
    page = guide.show("release", "question", reader.get(link_to("release", mail.text)))
    guide.show("release-refused", "done", reader.submit(page))


@shows()
def told(guide: Guide) -> None:
    """Mails that none of the other tours brings about."""
    stage = guide.stage
    first = stage.activated("N1")
    stage.load("N2")
    second = stage.browser()
    stage.begun(second, "N2", stage.address("n2-other"))
    second.confirm(stage.link(stage.address("n2-other")))
    stage.mail(stage.address("N2"), "activé avec une autre adresse")

    stage.load("N3")
    merge(first, stage.address("N1"), "N3")
    stage.mail(stage.address("N3"), "ont rejoint un autre compte")
    credentials = stage.realm.directory / "unmerged.csv"
    undone = ("unmerge", "N3", "--yes", "--credentials", credentials)
    assert Desk(stage).run(*undone) == 0
    stage.mail(stage.address("N1"), "Des contrats ont été retirés")

    taken = "Votre adresse email a déjà un compte"
    stage.load("N4", "N5", email=stage.address("N1"))
    stage.begun(stage.browser(), "N4", stage.address("N1"), OTHER)
    asked = stage.mail(stage.address("N1"), taken)
    stage.browser().forgotten("N5")
    stage.mail(stage.address("N1"), taken, after=asked)

    Desk(stage).post("owners/N1/move", {"to": "N1-new"})
    stage.mail(stage.address("N1"), "Un changement de vos contrats")
    Desk(stage).post("owners/N2/release", {"person_is_gone": True})
    stage.mail(stage.address("n2-other"), "a retiré des contrats")


@shows()
def inactive(guide: Guide) -> None:
    """The warning of an account without contracts, which nobody has signed in to."""
    stage = guide.fresh_stage(lifetimes=LIFETIMES | {"inactive": "5s"})
    stage.activated("I1")
    contract = {"identifier": "I1", "reference": "REF-I1", "role": "copropriétaire"}
    Desk(stage).post("contracts/end", {"contracts": [contract]})
    stage.mailbox.wait_for(to=stage.address("I1"), subject="va être supprimé", timeout=90)


@shows("webauthn-register")
def passkeys(guide: Guide) -> None:
    """A passkey added in a browser, and removed."""
    stage = guide.stage
    owner = signed_in(stage, "K1")
    with guide.browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        page.goto(owner.authorization_url(login_hint=stage.address("K1")))
        page.locator("#password").fill(PERSONAL)
        with page.expect_request(f"{REDIRECT_URI}**"):  # where nobody answers: this page goes no further
            page.locator("#kc-login").click()
        page = context.new_page()
        page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false;")
        Device(page)
        page.goto(owner.authorization_url(kc_action="moncompte-passkeys"))
        with page.expect_request(f"{REDIRECT_URI}**"):
            page.locator("#passkey-add").click()
    stage.mail(stage.address("K1"), "Une clé d’accès a été ajoutée")
    shown = guide.show("webauthn-register", "with a passkey", owner.ask_action("moncompte-passkeys"))
    removed = shown.soup.find("button", attrs={"name": "remove"})
    assert isinstance(removed, Tag), shown.text
    address = urljoin(shown.url, str(shown.form()["action"]))
    page_after = owner.post(address, {"remove": str(removed["value"])})
    guide.show("webauthn-register", "passkey removed", page_after)
    stage.mail(stage.address("K1"), "Une clé d’accès de votre compte a été supprimée")


@shows(
    "terms",
    "logout-confirm",
    "info",
    "frontchannel-logout",
    "not-activated",
    "not-entitled",
    "saml-post-form",
)
def rare(guide: Guide) -> None:
    """New terms, signing out, and what only settings of an operator bring about."""
    stage = guide.fresh_stage(applications=[*APPLICATIONS, OF_ANOTHER_AGENCY])
    owner = signed_in(stage, "T1")
    page = stage.browser(client_id="etroite").sign_in(stage.address("T1"), PERSONAL)
    guide.show("not-entitled", "application of another agency", page)
    logout = f"{stage.realm.issuer}/protocol/openid-connect/logout"
    page = guide.show("logout-confirm", "question", owner.get(logout))
    guide.show("info", "signed out", _confirmed(owner, page))

    away = {"frontchannel.logout.url": "http://localhost:8000/away"}
    client = stage.admin.client("extranet")
    attributes = {key: value for key, value in client["attributes"].items() if "backchannel" not in key}
    stage.admin.set_client("extranet", frontchannelLogout=True, attributes=attributes | away)
    stage.signed_in(owner, stage.address("T1"))
    guide.show("frontchannel-logout", "on the way", _confirmed(owner, owner.get(logout)))

    consumer = "http://localhost:8000/saml"
    names = {"saml_idp_initiated_sso_url_name": "saml", "saml_assertion_consumer_url_post": consumer}
    body = {"clientId": "saml", "protocol": "saml", "redirectUris": [consumer]}
    stage.admin.do("POST", "clients", body | {"attributes": names | {"saml.force.post.binding": "true"}})
    stage.signed_in(owner, stage.address("T1"))
    page = owner.get(f"{stage.realm.issuer}/protocol/saml/clients/saml")
    guide.show("saml-post-form", "on the way", page)

    published = stage.admin.read("")["attributes"] | {"moncompte.termsVersion": "2027-03"}
    stage.admin.set_realm(attributes=published)
    page = stage.browser().sign_in(stage.address("T1"), PERSONAL)
    guide.show("terms", "a new version", page)

    stage.load("T2")
    user = stage.account("T2")
    stage.admin.set_password(user, OTHER)
    stage.admin.update(user, email=stage.address("T2"), emailVerified=True, requiredActions=[])
    stock = next(flow for flow in stage.admin.read("authentication/flows") if flow["alias"] == "browser")
    stage.admin.set_client("extranet", authenticationFlowBindingOverrides={"browser": stock["id"]})
    visitor = stage.browser()
    page = visitor.submit(visitor.start(), username=user["username"])
    page = visitor.submit(page, username=user["username"], password=OTHER)
    guide.show("not-activated", "in the stock flow", page)


def _confirmed(owner: Owner, page: Page) -> Page:
    """What follows the button of the page that asks whether to sign out."""
    fields = {"session_code": page.value("session_code"), "confirmLogout": "on"}
    return owner.post(urljoin(page.url, str(page.form()["action"])), fields)
