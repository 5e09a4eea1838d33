"""Rules 4 and 12: whoever is told of a change can say that it was not them, and the account is frozen."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.owner import Owner, Page
from tests.realms import APPLICATIONS, Json, RealmMaker, TestRealm
from tools.mailbox import Mail, Mailbox

TOLD = "Vos comptes Extranet ont été associés"
FROZEN = "Votre compte Extranet est bloqué"
_LINK = re.compile(r"https?://\S+/moncompte/dispute\?key=[\w.-]+")


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    application = {**APPLICATIONS[0], "scopes": ["organization", "contracts", "offline_access"]}
    return make_realm(applications=[application])


def dispute_link(mail: Mail) -> str:
    """The link of a mail that tells of a change; the same in both parts."""
    found = _LINK.search(mail.text)
    assert found is not None, f"no dispute link in: {mail.text}"
    assert found[0] in mail.html
    return found[0]


def merge(owner: Owner, email: str, identifier: str, agency: str = "1001/01") -> Page:
    """S1 → S7 → S8 → « Comptes associés »."""
    page = owner.get(owner.start(*agency.split("/")).link("Je fusionne mes comptes"))
    page = owner.submit(page, email=email, identifier=identifier, password=provisional(identifier))
    page = owner.submit(page, password=PERSONAL)
    assert page.screen == "login-merged", page.text
    return page


def told(stage: Stage, kept: str, *moved: str) -> str:
    """The dispute link of the mail about the last of these merges."""
    stage.activated(kept)
    mail = None
    for identifier in moved:
        stage.load(identifier, email=stage.address(kept))
        merge(stage.browser(), stage.address(kept), identifier)
        mail = stage.mail(stage.address(kept), TOLD, after=mail)
    assert mail is not None
    return dispute_link(mail)


def attributes(stage: Stage, identifier: str) -> Json:
    found: Json = stage.admin.user(stage.address(identifier))["attributes"]
    return found


def refused(page: Page) -> bool:
    return (page.status, page.screen) == (404, "login-link-refused")


# ---- the page


def test_opening_the_link_tells_what_happened_and_changes_nothing(stage: Stage) -> None:
    began = datetime.now(ZoneInfo("Europe/Paris"))
    link = told(stage, "A1", "A1b")
    before = stage.admin.user(stage.address("A1"))
    for _ in range(3):
        page = stage.browser().get(link)
        assert (page.status, page.screen) == (200, "login-dispute")
    for words in ("Des contrats ont été ajoutés", "Agence du Vieux-Port", f"{began:%Y}", "a•••@"):
        assert words in page.text
    # The owner's time, wherever the server is.
    when = re.search(r"(\d\d:\d\d) \(heure d'Europe centrale\)", page.text)
    assert when is not None, page.text
    assert when[1] in {f"{began + timedelta(minutes=minutes):%H:%M}" for minutes in range(15)}
    assert stage.address("A1") not in page.html
    assert "no-store" in page.headers["Cache-Control"] or "no-cache" in page.headers["Cache-Control"]
    assert [script for script in page.soup.find_all("script") if not script.get("src")] == []
    assert requests.head(link, timeout=30).status_code == 200
    assert stage.admin.user(stage.address("A1")) == before
    assert stage.gets_in(stage.address("A1"))


def test_in_english_too(stage: Stage) -> None:
    link = told(stage, "A2", "A2b")
    owner = stage.browser()
    page = owner.get(f"{link}&kc_locale=en")
    assert "Contracts were added" in page.text
    page = owner.submit(page)
    assert (page.screen, page.soup.h1 and page.soup.h1.get_text(strip=True)) == (
        "login-frozen",
        "The account is frozen",
    )


# ---- the button


def test_its_button_freezes_the_account_and_ends_every_session(stage: Stage) -> None:
    link = told(stage, "B1", "B1b")
    browsers = [stage.browser(), stage.browser()]
    tokens = [stage.signed_in(one, stage.address("B1")) for one in browsers]
    offline = stage.signed_in(
        stage.browser(), stage.address("B1"), scope="openid offline_access email contracts"
    )
    user = stage.admin.user(stage.address("B1"))
    extranet = stage.admin.client("extranet")["id"]
    assert stage.admin.read(f"users/{user['id']}/offline-sessions/{extranet}")

    owner = stage.browser()
    page = owner.submit(owner.get(link))

    assert page.screen == "login-frozen", page.text
    # What happens next: whom to turn to.
    for words in (
        "Le compte est bloqué",
        "Agence du Vieux-Port",
        "04 91 00 00 01",
        "contact@agence-vieux-port",
    ):
        assert words in page.text
    frozen = stage.admin.user(stage.address("B1"))
    assert frozen["enabled"] is False
    assert frozen["attributes"].keys() - {"frozen_at"} == user["attributes"].keys() - {"links"}
    assert stage.admin.sessions(user) == []
    assert stage.admin.read(f"users/{user['id']}/offline-sessions/{extranet}") == []
    for browser, token in [*zip(browsers, tokens, strict=True), (browsers[0], offline)]:
        assert browser.refresh(token, stage.secret(browser))["error"] == "invalid_grant"
    for browser in browsers:
        assert browser.start(prompt="none").error == "login_required"
    assert not stage.gets_in(stage.address("B1"))


def test_a_second_click_is_refused_and_changes_nothing(stage: Stage) -> None:
    link = told(stage, "B2", "B2b")
    owner = stage.browser()
    page = owner.get(link)
    assert owner.submit(page).screen == "login-frozen"
    before = stage.admin.user(stage.address("B2"))
    again = owner.submit(page)
    assert refused(again)
    assert "prenez contact avec votre agence" in again.text
    assert refused(owner.get(link))
    assert stage.admin.user(stage.address("B2")) == before
    assert len(freezes(stage, "B2")) == 1


def test_of_ten_clicks_at_once_one_freezes(stage: Stage) -> None:
    link = told(stage, "B3", "B3b")
    page = stage.browser().get(link)
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: stage.browser().submit(page).screen, range(10)))
    assert sorted(answers) == ["login-frozen"] + ["login-link-refused"] * 9
    assert len(freezes(stage, "B3")) == 1


def test_it_ends_the_other_links_too(stage: Stage) -> None:
    last = told(stage, "B4", "B4b", "B4c")
    first = next(
        link
        for mail in stage.mailbox.messages()
        if mail.is_for(stage.address("B4")) and TOLD in mail.subject and (link := dispute_link(mail)) != last
    )
    owner = stage.browser()
    assert owner.get(first).screen == "login-dispute"
    assert owner.submit(owner.get(last)).screen == "login-frozen"
    assert refused(owner.get(first))
    stage.admin.update(stage.admin.user(stage.address("B4")), enabled=True)
    assert refused(owner.get(first))
    assert refused(owner.post(last, {}))


def test_whoever_else_is_signed_in_here_stays_so(stage: Stage) -> None:
    link = told(stage, "B5", "B5b")
    other = stage.activated("B5other")
    tokens = stage.signed_in(other, stage.address("B5other"))
    page = other.get(link)
    assert "Quelqu'un est déjà connecté" not in page.text
    assert other.submit(page).screen == "login-frozen"
    assert "error" not in other.refresh(tokens, stage.secret(other))


# ---- a frozen account is as good as none


def test_a_frozen_account_answers_like_one_that_does_not_exist(stage: Stage) -> None:
    link = told(stage, "C1", "C1b")
    owner = stage.browser()
    owner.submit(owner.get(link))
    email, nobody = stage.address("C1"), stage.address("C1nobody")

    answers = [stage.browser().sign_in(one, PERSONAL) for one in (email, nobody)]
    assert answers[0].comparable(email) == answers[1].comparable(nobody)

    stage.load("C1c", email=email)
    merging = []
    for one in (email, nobody):
        visitor = stage.browser()
        page = visitor.get(visitor.start("1001", "01").link("Je fusionne mes comptes"))
        page = visitor.submit(page, email=one, identifier="C1c", password=provisional("C1c"))
        assert page.screen == "login-merge-password"
        merging.append(visitor.submit(page, password=PERSONAL).comparable(one))
    assert merging[0] == merging[1]

    # Activating with its address and password does not merge either: S5 as usual.
    stage.begun(stage.browser(), "C1c", email)
    assert "REF-C1c" not in str(attributes(stage, "C1")["contracts"])


def test_enabled_by_the_operator_it_works_again(stage: Stage) -> None:
    link = told(stage, "C2", "C2b")
    owner = stage.browser()
    tokens = stage.signed_in(owner, stage.address("C2"))
    owner.submit(owner.get(link))
    stage.admin.update(stage.admin.user(stage.address("C2")), enabled=True)
    assert stage.gets_in(stage.address("C2"))
    # What was open before stays closed.
    assert owner.refresh(tokens, stage.secret(owner))["error"] == "invalid_grant"


# ---- it tells


def freezes(stage: Stage, identifier: str) -> list[Json]:
    """The events of an account being frozen."""
    user = stage.admin.user(stage.address(identifier))
    return [
        event
        for event in stage.admin.events("UPDATE_PROFILE")
        if event.get("userId") == user["id"] and event["details"].get("action") == "freeze"
    ]


def test_address_event_and_operator_are_told(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    link = told(stage, "D1", "D1b")
    owner = stage.browser()
    owner.submit(owner.get(link))

    mail = stage.mail(stage.address("D1"), FROZEN)
    assert "Prenez contact avec votre agence" in " ".join(mail.text.split())
    assert "moncompte/" not in mail.text

    events = freezes(stage, "D1")
    assert [event["details"]["reason"] for event in events] == ["MERGED"]
    secret = link.split("key=")[1]
    assert secret.split(".")[1] not in json.dumps(stage.admin.events())
    user = stage.admin.user(stage.address("D1"))
    log = Path(stage.realm.server.log).read_text(encoding="utf-8")
    assert f"account {user['id']} of realm {stage.realm.name} is frozen" in log
    assert secret.split(".")[1] not in log

    capsys.readouterr()
    options = ("--agency", "1001/01", "--realm", stage.realm.name)
    assert stage.realm.moncompte("owners", "show", "D1", *options, "--lang", "en") == 0
    assert "Frozen by its owner since: 20" in capsys.readouterr().out
    assert stage.realm.moncompte("owners", "show", "D1", *options, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["enabled"], shown["frozen_at"][:4]) == (False, f"{datetime.now(UTC):%Y}")
    stage.admin.update(user, enabled=True)
    assert stage.realm.moncompte("owners", "show", "D1", *options, "--json") == 0
    assert json.loads(capsys.readouterr().out).get("frozen_at") is None


def test_the_address_of_the_agency_s_file_is_told_of_a_merge(stage: Stage) -> None:
    """Rule 4: every address concerned; this one is proved by nobody and freezes no account."""
    stage.activated("D2")
    stage.load("D2b")
    merge(stage.browser(), stage.address("D2"), "D2b")
    mail = stage.mail(stage.address("D2b"), "Vos contrats ont rejoint un autre compte")
    for part in (mail.text, mail.html):
        for words in ("Agence du Vieux-Port", "D2b", "d•••@", "04 91 00 00 01"):
            assert words in part
        assert stage.address("D2") not in part
        assert "dispute" not in part
    stage.load("D2c", email=stage.address("D2"))
    merged = stage.mail(stage.address("D2"), TOLD)
    merge(stage.browser(), stage.address("D2"), "D2c")
    stage.mail(stage.address("D2"), TOLD, after=merged)
    mails = [mail.subject for mail in stage.mailbox.messages() if mail.is_for(stage.address("D2"))]
    assert not [subject for subject in mails if "un autre compte" in subject]


# ---- the link


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "00000000-0000-0000-0000-000000000000." + "A" * 27,
        "../" * 12 + "." + "A" * 27,
    ],
)
def test_a_link_that_is_false_is_refused(stage: Stage, key: str) -> None:
    url = f"{stage.realm.issuer}/moncompte/dispute?key={key}"
    owner = stage.browser()
    assert refused(owner.get(url))
    assert refused(owner.post(url, {}))


def test_the_right_account_with_a_wrong_secret_is_refused(stage: Stage) -> None:
    link = told(stage, "E1", "E1b")
    wrong = link[:-27] + "A" * 27
    owner = stage.browser()
    assert refused(owner.get(wrong))
    assert refused(owner.post(wrong, {}))
    # Nor does it work for another account, or as another link.
    stage.activated("E1other")
    other = stage.admin.user(stage.address("E1other"))["id"]
    user = stage.admin.user(stage.address("E1"))["id"]
    assert refused(owner.post(link.replace(user, other), {}))
    assert refused(owner.post(link.replace("/dispute?", "/activation?"), {}))
    assert stage.gets_in(stage.address("E1other"))
    assert stage.gets_in(stage.address("E1"))


def test_the_link_expires(make_realm: RealmMaker, mailbox: Mailbox) -> None:
    hasty = Stage(make_realm(lifetimes={"dispute_link": "2s", "resend_cooldown": "1s"}), mailbox)
    link = told(hasty, "E2", "E2b")
    owner = hasty.browser()
    eventually(lambda: refused(owner.get(link)), "the link expires")
    assert refused(owner.post(link, {}))
    assert hasty.gets_in(hasty.address("E2"))
    # Forgotten with the next one.
    hasty.load("E2c")
    merge(hasty.browser(), hasty.address("E2"), "E2c")
    assert len(hasty.admin.links(hasty.admin.user(hasty.address("E2")), "DISPUTE")) == 1


def test_the_first_link_survives_any_number_of_changes(stage: Stage) -> None:
    """Whoever has taken an account over cannot make the owner's first mail worthless by many changes."""
    stage.activated("E3")
    email = stage.address("E3")
    identifiers = [f"E3x{number}" for number in range(12)]
    stage.load(*identifiers, email=email)
    merge(stage.browser(), email, identifiers[0])
    first = dispute_link(stage.mail(email, TOLD))
    for identifier in identifiers[1:]:
        merge(stage.browser(), email, identifier)
    assert len(stage.admin.links(stage.admin.user(email), "DISPUTE")) == 10
    owner = stage.browser()
    assert owner.submit(owner.get(first)).screen == "login-frozen"


def test_only_its_hash_is_stored(stage: Stage) -> None:
    link = told(stage, "E4", "E4b")
    [stored] = stage.admin.links(stage.admin.user(stage.address("E4")), "DISPUTE")
    assert link.split("key=")[1].split(".")[1] not in json.dumps(stored)
    assert stored["data"]["reason"] == "MERGED"


def test_the_admin_api_cannot_write_links(stage: Stage) -> None:
    told(stage, "E5", "E5b")
    user = stage.admin.user(stage.address("E5"))
    forged = user["attributes"] | {"links": ["{}"], "frozen_at": ["1"]}
    stage.admin.call("PUT", f"users/{user['id']}", user | {"attributes": forged})
    after = attributes(stage, "E5")
    assert after["links"] == user["attributes"]["links"]
    assert "frozen_at" not in after
