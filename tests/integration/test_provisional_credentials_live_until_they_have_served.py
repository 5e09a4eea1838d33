"""Rule 3: they work until activation is confirmed, and what ends them ends the activation that waits."""

import time
from collections.abc import Callable

import pytest

from tests.integration.stage import PERSONAL, Stage, eventually, provisional
from tests.owner import Owner, Page

ENDED = "L'activation commencée n'est plus valable"
ALREADY = "Ce compte est déjà activé"
NEW = "Muguet-1905"


def at_screen(stage: Stage, identifier: str, screen: str) -> tuple[Owner, Page]:
    """A new browser whose owner stands at S3, S4 or S5."""
    owner = stage.browser()
    page = owner.prove("1001", "01", identifier, provisional(identifier))
    if screen != "S3":
        page = owner.submit(page, email=page.value("email"))
    if screen == "S5":
        page = owner.submit(page, password_new=PERSONAL, password_confirm=PERSONAL, terms="on")
    return owner, page


def answer(owner: Owner, page: Page, screen: str) -> Page:
    """Sends the form of S3, S4 or S5 as its owner would."""
    fields = {
        "S3": {"email": page.value("email") if screen == "S3" else ""},
        "S4": {"password_new": PERSONAL, "password_confirm": PERSONAL, "terms": "on"},
        "S5": {"action": "resend"},
    }
    return owner.submit(page, **fields[screen])


def reissue(stage: Stage, identifier: str) -> None:
    stage.load(identifier, options=("--replace-passwords",), mot_de_passe=NEW)


def new_address(stage: Stage, identifier: str) -> None:
    stage.load(identifier, email=f"nouvelle-{identifier}@{stage.realm.name}.example".lower())


def disable(stage: Stage, identifier: str) -> None:
    stage.admin.update(stage.account(identifier), enabled=False)


def delete(stage: Stage, identifier: str) -> None:
    stage.admin.do("DELETE", f"users/{stage.account(identifier)['id']}")


ENDINGS: list[Callable[[Stage, str], None]] = [reissue, new_address, disable, delete]


@pytest.mark.parametrize("screen", ["S3", "S4", "S5"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_an_activation_ends_wherever_its_owner_stands(
    stage: Stage, ending: Callable[[Stage, str], None], screen: str
) -> None:
    identifier = f"C1{ending.__name__.replace('_', '')}{screen}"
    stage.load(identifier)
    owner, page = at_screen(stage, identifier, screen)
    link = stage.link(stage.address(identifier)) if screen == "S5" else None

    ending(stage, identifier)

    after = answer(owner, page, screen)
    assert after.screen == "login-provisional"
    assert ENDED in after.alert
    if link is not None:
        assert owner.get(link).screen == "login-link-refused"
        assert owner.post(link, {}).screen == "login-link-refused"
        assert stage.browser().post(link, {"password": PERSONAL}).screen == "login-link-refused"


@pytest.mark.parametrize("screen", ["S3", "S4", "S5"])
def test_an_agency_switched_off_ends_it_wherever_its_owner_stands(stage: Stage, screen: str) -> None:
    identifier = f"C2{screen}"
    stage.load(identifier)
    owner, page = at_screen(stage, identifier, screen)
    stage.admin.set_agency("1001-01", enabled=False)
    try:
        after = answer(owner, page, screen)
        # An agency that is off is as unknown as a wrong code.
        assert after.screen in {"login-provisional", "login-codes"}
    finally:
        stage.admin.set_agency("1001-01", enabled=True)


def test_a_disabled_owner_does_not_prove_the_credentials_again(stage: Stage) -> None:
    stage.load("C3")
    disable(stage, "C3")
    assert stage.browser().prove("1001", "01", "C3", provisional("C3")).screen == "login-provisional"


def test_a_reissue_replaces_the_password_and_starts_its_life_anew(stage: Stage) -> None:
    stage.load("C4")
    before = stage.account("C4")["attributes"]["provisional_expires"]
    eventually(lambda: _reissued_later(stage, before), "the new expiry is later by a second")
    assert stage.browser().prove("1001", "01", "C4", provisional("C4")).screen == "login-provisional"
    assert stage.browser().prove("1001", "01", "C4", NEW).screen == "login-address"


def _reissued_later(stage: Stage, before: list[str]) -> bool:
    reissue(stage, "C4")
    return int(stage.account("C4")["attributes"]["provisional_expires"][0]) > int(before[0])


def test_a_plain_import_ends_nothing(stage: Stage) -> None:
    stage.load("C5")
    owner, _ = at_screen(stage, "C5", "S5")
    stage.load("C5", mot_de_passe="Autre-chose-1", telephone="04 00 00 00 00")
    assert owner.confirm(stage.link(stage.address("C5"))).screen == "login-address-confirmed"


def test_the_same_address_in_other_letters_and_an_emptied_cell_end_nothing(stage: Stage) -> None:
    stage.load("C9")
    owner, _ = at_screen(stage, "C9", "S5")
    stage.load("C9", email=stage.address("C9").upper())
    stage.load("C9", email="")
    assert owner.confirm(stage.link(stage.address("C9"))).screen == "login-address-confirmed"


def test_choosing_another_address_at_s3_ends_the_activation_at_once(stage: Stage) -> None:
    stage.load("C10")
    owner, page = at_screen(stage, "C10", "S5")
    link = stage.link(stage.address("C10"))
    other, elsewhere = at_screen(stage, "C10", "S3")
    assert other.submit(elsewhere, email=stage.address("C10")).screen == "login-new-password"
    assert owner.get(link).screen == "login-confirm-address", "the same address ends nothing"

    elsewhere = other.prove("1001", "01", "C10", provisional("C10"))
    other.submit(elsewhere, email=f"autre-c10@{stage.realm.name}.example")

    assert owner.get(link).screen == "login-link-refused"
    assert owner.post(link, {}).screen == "login-link-refused"
    assert stage.admin.credential_types(stage.account("C10")) == ["provisional-password"]
    assert answer(owner, page, "S5").screen == "login-new-password", "the letter works, S4 comes again"


def test_they_work_until_the_link_is_used_and_not_after(stage: Stage) -> None:
    stage.load("C6")
    owner, _ = at_screen(stage, "C6", "S5")
    link = stage.link(stage.address("C6"))
    assert stage.browser().prove("1001", "01", "C6", provisional("C6")).screen == "login-address"

    assert owner.confirm(link).screen == "login-address-confirmed"

    page = stage.browser().prove("1001", "01", "C6", provisional("C6"))
    assert page.screen == "login-provisional"
    assert stage.admin.credential_types(stage.admin.user(stage.address("C6"))) == ["password"]


@pytest.mark.parametrize("screen", ["S3", "S4", "S5"])
def test_whoever_stands_elsewhere_learns_that_it_is_activated(stage: Stage, screen: str) -> None:
    identifier = f"C7{screen}"
    stage.load(identifier)
    waiting, page = at_screen(stage, identifier, screen)
    owner, _ = at_screen(stage, identifier, "S5")

    def confirmed() -> bool:
        # The mail of the newest request may still be on its way.
        link = stage.link(stage.address(identifier))
        if owner.get(link).screen == "login-link-refused":
            return False
        return owner.confirm(link).screen == "login-address-confirmed"

    eventually(confirmed, "the activation is confirmed")
    after = answer(waiting, page, screen)
    assert after.screen == "login-login"
    assert ALREADY in after.alert


def test_a_restart_asks_for_them_again(stage: Stage) -> None:
    stage.load("C8")
    owner, page = at_screen(stage, "C8", "S5")
    page = owner.submit(page, action="restart")
    assert page.screen == "login-provisional"
    # The proof is gone with it: no way back to S3.
    assert owner.get(page.url.replace("screen=provisional", "screen=address")).screen == "login-provisional"
    page = owner.submit(page, identifier="C8", password=provisional("C8"))
    assert page.screen == "login-address"


def test_one_agency_s_credentials_are_nothing_at_another(stage: Stage) -> None:
    stage.load("C9")
    stage.load("C9", agency="1001/02", mot_de_passe="Autre-agence-2")
    assert stage.browser().prove("1001", "02", "C9", provisional("C9")).screen == "login-provisional"
    assert stage.browser().prove("1001", "02", "C9", "Autre-agence-2").screen == "login-address"
    assert stage.browser().prove("2002", "01", "C9", provisional("C9")).screen == "login-provisional"


# ---- letters that are too old


def is_too_old(stage: Stage, identifier: str) -> bool:
    """Whether the letter's credentials no longer work."""
    page = stage.browser().prove("1001", "01", identifier, provisional(identifier))
    return page.screen == "login-provisional"


def test_a_letter_too_old_ends_the_activation_that_waits(stage: Stage) -> None:
    screens = {"S3": "C10a", "S4": "C10b", "S5": "C10c"}
    with stage.admin.setting(provisionalLifetime=20):  # time to come to all three
        stage.load(*screens.values())
    standing = {screen: at_screen(stage, identifier, screen) for screen, identifier in screens.items()}
    link = stage.link(stage.address("C10c"))
    expires = int(stage.account("C10c")["attributes"]["provisional_expires"][0])
    eventually(lambda: time.time() > expires, "the letters are too old", timeout=30)
    assert all(is_too_old(stage, identifier) for identifier in screens.values())

    for screen, (owner, page) in standing.items():
        assert page.screen != "login-provisional"
        after = answer(owner, page, screen)
        assert after.screen == "login-provisional"
        assert ENDED in after.alert
    owner, _ = standing["S5"]
    assert owner.get(link).screen == "login-link-refused"
    assert owner.post(link, {}).screen == "login-link-refused"


def test_a_letter_reissued_works_again(stage: Stage) -> None:
    with stage.admin.setting(provisionalLifetime=1):
        stage.load("C11")
    eventually(lambda: is_too_old(stage, "C11"), "the letter is too old")
    stage.load("C11", options=("--replace-passwords",))
    assert not is_too_old(stage, "C11")
