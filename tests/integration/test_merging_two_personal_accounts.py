"""Rule 4 for two personal accounts: a session, the other's password, and a link used from its mailbox."""

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.integration.test_a_dispute_freezes_the_account import dispute_link, merge
from tests.owner import Owner, Page, claims
from tests.realms import Json, RealmMaker
from tools.mailbox import Mail, Mailbox

ACTION = "moncompte-merge-accounts"
FORM = "login-merge-accounts"
SENT = "login-merge-accounts-sent"
ASKED = "Confirmez la fusion de vos deux comptes"
TOLD = "Vos deux comptes Extranet n’en font plus qu’un"
OTHER = "Autre-Mot-77!"
_LINK = re.compile(r"https?://\S+/moncompte/merge-accounts\?key=[\w.-]+")


def merge_link(mail: Mail) -> str:
    found = _LINK.search(mail.text)
    assert found is not None, f"no link in: {mail.text}"
    assert found[0] in mail.html
    return found[0]


def form_of(owner: Owner) -> Page:
    page = owner.get(owner.authorization_url(kc_action=ACTION))
    assert page.screen == FORM, page.text
    return page


def signed_in(stage: Stage, identifier: str) -> tuple[Owner, Json]:
    """The browser of an owner who has activated and is signed in, and the tokens."""
    owner = stage.activated(identifier)
    return owner, stage.signed_in(owner, stage.address(identifier))


def two(stage: Stage, kept: str, gone: str, agency: str = "2002/01") -> Owner:
    """Two personal accounts; the browser in which the one to be kept is signed in."""
    stage.activated(gone, password=OTHER, agency=agency)
    return signed_in(stage, kept)[0]


def asked(stage: Stage, owner: Owner, gone: str) -> Page:
    page = owner.submit(form_of(owner), email=stage.address(gone), password=OTHER)
    assert page.screen == SENT, page.text
    return page


def link_of(stage: Stage, gone: str, after: Mail | None = None) -> str:
    return merge_link(stage.mail(stage.address(gone), ASKED, after=after))


def refused(page: Page) -> bool:
    return (page.status, page.screen) == (404, "login-link-refused")


def exists(stage: Stage, email: str) -> bool:
    return bool(stage.admin.read("users", username=email, exact="true"))


def references(token: Json) -> list[str]:
    return sorted(contract["reference"] for contract in claims(token["id_token"])["contracts"])


def merged(stage: Stage, kept: str, gone: str) -> Owner:
    """The browser of the account that stays, after the merge."""
    owner = two(stage, kept, gone)
    asked(stage, owner, gone)
    elsewhere = stage.browser()
    page = elsewhere.submit(elsewhere.get(link_of(stage, gone)))
    assert page.screen == "login-merged", page.text
    return owner


# ---- it merges


def test_everything_of_the_other_account_moves_and_the_one_signed_in_stays(stage: Stage) -> None:
    owner = two(stage, "A1", "A1b")
    stage.load("A1c", email=stage.address("A1b"))
    visitor = stage.browser()
    page = visitor.get(visitor.start("1001", "01").link("Je fusionne mes comptes"))
    page = visitor.submit(page, email=stage.address("A1b"), identifier="A1c", password=provisional("A1c"))
    assert visitor.submit(page, password=OTHER).screen == "login-merged"
    before, gone = stage.admin.user(stage.address("A1")), stage.admin.user(stage.address("A1b"))
    other = stage.browser()
    other_tokens = stage.signed_in(other, stage.address("A1b"), OTHER)
    second = stage.browser()
    second_tokens = stage.signed_in(second, stage.address("A1"))

    page = asked(stage, owner, "A1b")
    assert stage.address("A1b") in page.text
    assert "Si ces informations sont exactes, un email a été envoyé à" in page.text
    page = owner.submit(page)
    assert page.code is not None
    assert parse_qs(urlsplit(page.url).query)["kc_action_status"] == ["success"]

    mailbox = stage.browser()
    page = mailbox.get(link_of(stage, "A1b"))
    assert page.screen == "login-merge-accounts-confirm"
    assert stage.address("A1") in page.text
    assert stage.address("A1b") in page.text
    page = mailbox.submit(page)
    assert page.screen == "login-merged", page.text
    assert page.link("CONNEXION").startswith("http://localhost:8000/")

    after = stage.admin.user(stage.address("A1"))
    for kept in ("id", "username", "email", "firstName", "lastName", "enabled"):
        assert after[kept] == before[kept]
    for kept in ("activated_at", "terms_version", "terms_accepted_at"):
        assert after["attributes"][kept] == before["attributes"][kept]
    for moved in ("identifiers", "contracts", "contacts"):
        both = before["attributes"][moved] + gone["attributes"][moved]
        assert sorted(after["attributes"][moved]) == sorted(both)
    assert not exists(stage, stage.address("A1b"))
    # Its sessions are over, and those of the one that stays but the one that asked.
    assert "error" in other.refresh(other_tokens, stage.secret(other))
    assert "error" in second.refresh(second_tokens, stage.secret(second))
    tokens = owner.tokens(owner.start(prompt="none"), stage.secret(owner))
    assert references(tokens) == ["REF-A1", "REF-A1b", "REF-A1c"]
    assert sorted(claims(tokens["id_token"])["organization"]) == ["1001-01", "2002-01"]
    assert claims(tokens["id_token"])["sub"] == before["id"]
    assert stage.gets_in(stage.address("A1"))
    assert not stage.gets_in(stage.address("A1"), OTHER)
    assert not stage.gets_in(stage.address("A1b"), OTHER)
    # Used.
    assert refused(mailbox.post(link_of(stage, "A1b"), {}))


def test_both_are_told_and_either_can_freeze_the_account(stage: Stage) -> None:
    for told in ("A2", "A2b"):
        kept, gone = f"{told}k", f"{told}g"
        merged(stage, kept, gone)
        links = {}
        for identifier in (kept, gone):
            mail = stage.mail(stage.address(identifier), TOLD)
            for part in (mail.text, mail.html):
                for words in (stage.address(kept), stage.address(gone), f"REF-{gone}"):
                    assert words in part
            links[identifier] = dispute_link(mail)
        assert links[kept] != links[gone]
        owner = stage.browser()
        page = owner.get(links[kept if told == "A2" else gone])
        assert "Deux comptes Extranet ont été réunis" in page.text
        assert owner.submit(page).screen == "login-frozen"
        assert not stage.gets_in(stage.address(kept))


def test_an_event_for_each_identifier_and_each_agency_sees_its_own(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    merged(stage, "A3", "A3b")
    user = stage.admin.user(stage.address("A3"))
    events = [
        event["details"]
        for event in stage.admin.events("UPDATE_PROFILE")
        if event["userId"] == user["id"] and event["details"].get("action") == "merge_accounts"
    ]
    assert [(one["agency"], one["identifier"], one["contracts"]) for one in events] == [
        ("2002/01", "A3b", "1")
    ]
    secret = link_of(stage, "A3b").split("key=")[1].split(".")[1]
    assert secret not in json.dumps(stage.admin.events())
    capsys.readouterr()
    options = ("--realm", stage.realm.name, "--lang", "fr")
    assert stage.realm.moncompte("owners", "show", "A3b", "--agency", "2002/01", *options) == 0
    assert "fusion de deux comptes personnels" in capsys.readouterr().out
    assert stage.realm.moncompte("owners", "show", "A3", "--agency", "1001/01", *options) == 0
    assert "fusion de deux comptes" not in capsys.readouterr().out


def test_it_can_be_undone_by_identifier(stage: Stage) -> None:
    merged(stage, "A4", "A4b")
    file = stage.realm.directory / "letters-a4.csv"
    options = ("--realm", stage.realm.name, "--credentials", file, "--yes")
    assert stage.realm.moncompte("owners", "unmerge", "A4b", "--agency", "2002/01", *options) == 0
    survivor = stage.admin.user(stage.address("A4"))
    assert survivor["attributes"]["identifiers"] == ["1001/01/a4"]
    assert "merges" not in survivor["attributes"]
    assert stage.account("A4b", "2002/01")["requiredActions"] == ["moncompte-activate"]


def test_the_other_address_is_free_again(stage: Stage) -> None:
    merged(stage, "A5", "A5b")
    stage.load("A5c", email=stage.address("A5b"))
    before = stage.mail(stage.address("A5b"))
    owner = stage.browser()
    stage.begun(owner, "A5c", stage.address("A5b"))
    page = owner.confirm(stage.link(stage.address("A5b"), after=before))
    assert page.screen == "login-address-confirmed"
    assert stage.gets_in(stage.address("A5b"))


def test_a_dispute_of_the_other_account_holds_for_the_one_that_stays(stage: Stage) -> None:
    """Whoever took an account over cannot hide it in another before its owner has read the mail."""
    owner = two(stage, "A6", "A6b")
    stage.load("A6c", email=stage.address("A6b"))
    visitor = stage.browser()
    page = visitor.get(visitor.start("1001", "01").link("Je fusionne mes comptes"))
    page = visitor.submit(page, email=stage.address("A6b"), identifier="A6c", password=provisional("A6c"))
    assert visitor.submit(page, password=OTHER).screen == "login-merged"
    link = dispute_link(stage.mail(stage.address("A6b"), "Vos comptes Extranet ont été associés"))
    asked(stage, owner, "A6b")
    visitor.submit(visitor.get(link_of(stage, "A6b")))
    assert not exists(stage, stage.address("A6b"))
    page = visitor.get(link)
    assert page.screen == "login-dispute"
    assert visitor.submit(page).screen == "login-frozen"
    assert not stage.gets_in(stage.address("A6"))
    assert refused(visitor.get(link))


def test_of_ten_clicks_at_once_one_merges(stage: Stage) -> None:
    owner = two(stage, "A7", "A7b")
    asked(stage, owner, "A7b")
    link = link_of(stage, "A7b")
    with ThreadPoolExecutor(10) as threads:
        screens = list(threads.map(lambda _: stage.browser().post(link, {}).screen, range(10)))
    assert screens.count("login-merged") == 1
    user = stage.admin.user(stage.address("A7"))
    assert sorted(user["attributes"]["identifiers"]) == ["1001/01/a7", "2002/01/a7b"]
    assert len(user["attributes"]["contracts"]) == 2


def test_opening_the_link_changes_nothing(stage: Stage) -> None:
    owner = two(stage, "A8", "A8b")
    asked(stage, owner, "A8b")
    link = link_of(stage, "A8b")
    users = [stage.admin.user(stage.address(one)) for one in ("A8", "A8b")]
    for _ in range(3):
        page = stage.browser().get(link)
        assert page.screen == "login-merge-accounts-confirm"
    assert requests.head(link, timeout=30).status_code == 200
    assert [script for script in page.soup.find_all("script") if not script.get("src")] == []
    assert [stage.admin.user(stage.address(one)) for one in ("A8", "A8b")] == users


def test_two_that_ask_for_each_other_at_once_leave_one_account(stage: Stage) -> None:
    first = two(stage, "A9", "A9b")
    second = stage.browser()
    stage.signed_in(second, stage.address("A9b"), OTHER)
    asked(stage, first, "A9b")
    page = second.submit(form_of(second), email=stage.address("A9"), password=PERSONAL)
    assert page.screen == SENT
    links = [link_of(stage, "A9b"), link_of(stage, "A9")]
    with ThreadPoolExecutor(2) as threads:
        screens = sorted(threads.map(lambda link: stage.browser().post(link, {}).screen, links))
    assert screens == ["login-link-refused", "login-merged"]
    left = [one for one in ("A9", "A9b") if exists(stage, stage.address(one))]
    assert len(left) == 1
    assert len(stage.admin.user(stage.address(left[0]))["attributes"]["contracts"]) == 2


# ---- it tells nobody who exists


def refusals(stage: Stage) -> list[Json]:
    """The events of wrong passwords given for the other account."""
    errors = stage.admin.events("LOGIN_ERROR")
    return [one for one in errors if one["details"].get("screen") == "merge-accounts"]


def test_unknown_wrong_disabled_and_provisional_are_answered_alike(stage: Stage) -> None:
    owner = two(stage, "B1", "B1b")
    stage.load("B1provisional")
    stage.activated("B1off", password=OTHER)
    stage.admin.update(stage.admin.user(stage.address("B1off")), enabled=False)
    before = len(refusals(stage))
    answers = {}
    for identifier, password in (
        ("B1b", "faux"),
        ("B1nobody", OTHER),
        ("B1off", OTHER),
        ("B1provisional", provisional("B1provisional")),
        ("B1b", OTHER),
    ):
        page = owner.submit(form_of(owner), email=stage.address(identifier), password=password)
        assert page.screen == SENT
        answers[identifier, password] = page.comparable(stage.address(identifier))
    assert len(set(answers.values())) == 1
    link_of(stage, "B1b")
    eventually(lambda: len(refusals(stage)) == before + 4, "the four refusals leave an event each")
    addresses = [stage.address(one) for one in ("B1nobody", "B1off", "B1provisional")]
    mails = [mail for mail in stage.mailbox.messages() if ASKED in mail.subject]
    assert not [mail for mail in mails if any(mail.is_for(address) for address in addresses)]
    assert "B1nobody" not in json.dumps(stage.admin.events())
    assert stage.address("B1nobody") not in json.dumps(stage.admin.events())


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("", OTHER, "Veuillez saisir une adresse email"),
        ("pas une adresse", OTHER, "n'est pas complète"),
        ("b2@", OTHER, "n'est pas complète"),
        ("OWN", PERSONAL, "C'est l'adresse du compte avec lequel vous êtes connecté"),
        ("x@exemple.fr", "", "Veuillez saisir un mot de passe"),
    ],
)
def test_what_cannot_be_is_said(b2: tuple[Stage, Owner], email: str, password: str, said: str) -> None:
    stage, owner = b2
    typed = stage.address("B2").upper() if email == "OWN" else email
    page = owner.submit(form_of(owner), email=typed, password=password)
    assert page.screen == FORM
    assert said in page.alert
    assert page.value("email") == typed
    assert page.value("password") == ""


@pytest.fixture(scope="module")
def b2(stage: Stage) -> tuple[Stage, Owner]:
    return stage, signed_in(stage, "B2")[0]


def test_it_can_be_cancelled_and_begun_again(stage: Stage) -> None:
    owner = two(stage, "B3", "B3b")
    page = form_of(owner)
    form = page.soup.find("form", id="cancel-form")
    assert form is not None
    done = owner.post(urljoin(page.url, str(form["action"])), {"cancel-aia": "true"})
    assert parse_qs(urlsplit(done.url).query)["kc_action_status"] == ["cancelled"]
    page = asked(stage, owner, "B3b")
    page = owner.submit(page, action="again")
    assert page.screen == FORM
    assert page.value("email") == stage.address("B3b")


def test_guesses_count_against_the_account_and_the_source(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    strict = Stage(make_realm(limits={"failures": 3, "per_source": 5, "mails_per_hour": 100}), mailbox)
    owner = two(strict, "B4", "B4b")
    for number in range(3):
        owner.submit(form_of(owner), email=strict.address("B4b"), password=f"faux-{number}")
    eventually(lambda: not strict.gets_in(strict.address("B4b"), OTHER), "the other account is locked")
    asked(strict, owner, "B4b")  # locked: the same answer, and no mail
    page = owner.submit(form_of(owner), email="x@exemple.fr", password="faux")
    assert "Trop d'essais" in page.alert
    assert not [
        mail for mail in mailbox.messages() if mail.is_for(strict.address("B4b")) and ASKED in mail.subject
    ]


def test_within_the_cool_down_the_link_sent_stays_good(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    calm = Stage(make_realm(lifetimes={"resend_cooldown": "1h"}), mailbox)
    owner = two(calm, "B5", "B5b")
    for _ in range(3):
        asked(calm, owner, "B5b")
    link = link_of(calm, "B5b")
    assert (
        len(
            [
                mail
                for mail in mailbox.messages()
                if mail.is_for(calm.address("B5b")) and ASKED in mail.subject
            ]
        )
        == 1
    )
    assert calm.browser().post(link, {}).screen == "login-merged"


def test_beyond_the_limit_of_mails_no_other_leaves(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    few = Stage(make_realm(limits={"failures": 1000, "per_source": 1000, "mails_per_hour": 1}), mailbox)
    owner = two(few, "B6", "B6b")
    second, _ = signed_in(few, "B6c")
    asked(few, owner, "B6b")
    link_of(few, "B6b")
    asked(few, second, "B6b")  # from another account, so no cool-down holds it up
    gone = few.address("B6b")
    eventually(
        lambda: few.admin.links(few.admin.user(gone), "MERGE_ACCOUNTS") == [],
        "the link of the first is replaced, and no other is made",
    )
    mails = [mail for mail in mailbox.messages() if mail.is_for(gone) and ASKED in mail.subject]
    assert len(mails) == 1


# ---- it ends


@dataclass(frozen=True)
class Asked:
    """A merge that was asked for."""

    stage: Stage
    owner: Owner
    kept: str
    gone: str


def other_s_password(it: Asked) -> None:
    it.stage.admin.set_password(it.stage.admin.user(it.stage.address(it.gone)), "Nouveau-77!")


def own_password(it: Asked) -> None:
    it.stage.admin.set_password(it.stage.admin.user(it.stage.address(it.kept)), "Nouveau-77!")


def other_s_address(it: Asked) -> None:
    user = it.stage.admin.user(it.stage.address(it.gone))
    it.stage.admin.update(user, email=f"neuve-{user['email']}")


def own_address(it: Asked) -> None:
    user = it.stage.admin.user(it.stage.address(it.kept))
    it.stage.admin.update(user, email=f"neuve-{user['email']}")


def other_disabled(it: Asked) -> None:
    it.stage.admin.update(it.stage.admin.user(it.stage.address(it.gone)), enabled=False)


def own_disabled(it: Asked) -> None:
    it.stage.admin.update(it.stage.admin.user(it.stage.address(it.kept)), enabled=False)


def own_removed(it: Asked) -> None:
    it.stage.admin.do("DELETE", f"users/{it.stage.admin.user(it.stage.address(it.kept))['id']}")


def own_frozen_and_opened_again(it: Asked) -> None:
    freeze(it.stage, it.kept, PERSONAL)


def other_frozen_and_opened_again(it: Asked) -> None:
    freeze(it.stage, it.gone, OTHER)


def freeze(stage: Stage, identifier: str, password: str) -> None:
    """Freezes an account by the mail of a merge, and opens it again."""
    email = stage.address(identifier)
    letter = f"{identifier}z"
    stage.load(letter, email=email)
    visitor = stage.browser()
    page = visitor.get(visitor.start("1001", "01").link("Je fusionne mes comptes"))
    page = visitor.submit(page, email=email, identifier=letter, password=provisional(letter))
    assert visitor.submit(page, password=password).screen == "login-merged"
    link = dispute_link(stage.mail(email, "Vos comptes Extranet ont été associés"))
    assert visitor.submit(visitor.get(link)).screen == "login-frozen"
    stage.admin.update(stage.admin.user(email), enabled=True)


@pytest.mark.parametrize(
    "end",
    [
        other_s_password,
        own_password,
        other_s_address,
        own_address,
        other_disabled,
        own_disabled,
        own_removed,
        own_frozen_and_opened_again,
        other_frozen_and_opened_again,
    ],
    ids=lambda end: end.__name__,
)
def test_the_link_ends_when_either_account_changes(stage: Stage, end: Callable[[Asked], None]) -> None:
    kept = f"C{end.__name__}".replace("_", "")
    gone = f"{kept}b"
    owner = two(stage, kept, gone)
    asked(stage, owner, gone)
    link = link_of(stage, gone)
    mailbox = stage.browser()
    page = mailbox.get(link)
    assert page.screen == "login-merge-accounts-confirm"
    end(Asked(stage, owner, kept, gone))
    assert refused(mailbox.get(link))
    assert refused(mailbox.submit(page))
    assert exists(stage, stage.address(gone))


def test_a_new_mail_replaces_the_link_before(stage: Stage) -> None:
    owner = two(stage, "D1", "D1b")
    asked(stage, owner, "D1b")
    first = stage.mail(stage.address("D1b"), ASKED)

    [asked_before] = stage.admin.links(stage.admin.user(stage.address("D1b")), "MERGE_ACCOUNTS")
    eventually(lambda: time.time() > asked_before["sentAt"] + 2, "the cool-down of a second")
    asked(stage, owner, "D1b")
    link = link_of(stage, "D1b", after=first)
    assert refused(stage.browser().get(merge_link(first)))
    assert stage.browser().post(link, {}).screen == "login-merged"


def test_the_link_expires(stage: Stage) -> None:
    owner = two(stage, "D2", "D2b")
    with stage.admin.setting(verificationLinkLifetime=1):
        asked(stage, owner, "D2b")
        link = link_of(stage, "D2b")
    eventually(lambda: refused(stage.browser().get(link)), "the link expires")
    assert refused(stage.browser().post(link, {}))


def test_a_false_link_is_refused(stage: Stage) -> None:
    owner = two(stage, "D3", "D3b")
    asked(stage, owner, "D3b")
    link = link_of(stage, "D3b")
    kept = stage.admin.user(stage.address("D3"))["id"]
    gone = stage.admin.user(stage.address("D3b"))["id"]
    for wrong in (link[:-27] + "A" * 27, link.replace(gone, kept), link.split("?")[0]):
        assert refused(stage.browser().get(wrong))
        assert refused(stage.browser().post(wrong, {}))
    assert exists(stage, stage.address("D3b"))


# ---- who may


@pytest.fixture
def passkey(stage: Stage) -> Callable[[str], str]:
    """Gives a user a stored passkey, as an export from another realm would bring it."""

    def give(email: str) -> str:
        user = stage.admin.user(email)
        data = json.dumps({"aaguid": "00000000-0000-0000-0000-000000000000", "credentialId": "AA"})
        credential = {"type": "webauthn-passwordless", "credentialData": data, "secretData": "{}"}
        kept = list(user.get("credentials", []))
        stage.admin.update(user, credentials=[*kept, credential])
        return str(user["id"])

    return give


def test_a_passkey_of_the_other_account_has_to_go_first(stage: Stage, passkey: Callable[[str], str]) -> None:
    owner = two(stage, "E1", "E1b")
    user = passkey(stage.address("E1b"))
    asked(stage, owner, "E1b")
    link = link_of(stage, "E1b")
    visitor = stage.browser()
    page = visitor.get(link)
    assert "retirez la clé d'accès" in page.text
    assert page.soup.select_one("main form") is None
    assert "retirez la clé d'accès" in visitor.post(link, {}).text
    assert exists(stage, stage.address("E1b"))
    for one in stage.admin.read(f"users/{user}/credentials"):
        if one["type"].startswith("webauthn"):
            stage.admin.do("DELETE", f"users/{user}/credentials/{one['id']}")
    assert visitor.post(link, {}).screen == "login-merged"


def test_without_a_session_it_cannot_be_asked_for(stage: Stage) -> None:
    owner = stage.browser()
    assert owner.get(owner.authorization_url(kc_action=ACTION)).screen != FORM
    assert owner.get(owner.authorization_url(kc_action=ACTION, prompt="none")).error == "login_required"


def test_a_form_left_open_dies_with_its_session(stage: Stage) -> None:
    owner = two(stage, "E2", "E2b")
    page = form_of(owner)
    user = stage.admin.user(stage.address("E2"))
    stage.admin.do("POST", f"users/{user['id']}/logout")
    page = owner.submit(page, email=stage.address("E2b"), password=OTHER)
    assert page.screen != SENT
    assert stage.admin.links(stage.admin.user(stage.address("E2b")), "MERGE_ACCOUNTS") == []


def test_the_merged_account_s_merges_can_still_be_undone(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    merge_into = stage.activated("E3b", password=PERSONAL)
    assert merge_into is not None
    stage.load("E3c", email=stage.address("E3b"))
    merge(stage.browser(), stage.address("E3b"), "E3c")
    owner, _ = signed_in(stage, "E3")
    page = owner.submit(form_of(owner), email=stage.address("E3b"), password=PERSONAL)
    assert page.screen == SENT
    assert stage.browser().post(link_of(stage, "E3b"), {}).screen == "login-merged"
    shown = stage.admin.read("moncompte/v1/agencies/1001-01/owners/E3c")
    ids = [one["id"] for one in shown["merges"] if "E3c" in one["identifiers"]]
    assert len(ids) == 2
    file = stage.realm.directory / "letters-e3.csv"
    options = ("--realm", stage.realm.name, "--credentials", file, "--yes", "--lang", "en")
    assert stage.realm.moncompte("owners", "unmerge", "E3c", "--agency", "1001/01", *options) == 2
    assert f"say which with --merge: {', '.join(ids)}" in capsys.readouterr().err
    named = (*options, "--merge", ids[0])
    assert stage.realm.moncompte("owners", "unmerge", "E3c", "--agency", "1001/01", *named) == 0
    shown = stage.admin.read("moncompte/v1/agencies/1001-01/owners/E3")
    assert [one["identifiers"] for one in shown["merges"]] == [["E3b"]]
