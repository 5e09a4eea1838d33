"""A link in a mail ends with any change of what it depends on, and a change back makes it valid no more.

Rules 3 and 12. What ends the merge of two accounts stands in test_merging_two_personal_accounts.py.
"""

from collections.abc import Callable

import pytest

from tests.integration.stage import BY_MAIL, PERSONAL, Stage, provisional
from tests.integration.test_changing_the_address import asked, signed_in
from tests.integration.test_changing_the_address import link as address_link
from tests.owner import link_to
from tests.realms import Json

Change = Callable[[Stage, str], None]


def user_of(stage: Stage, identifier: str) -> Json:
    """The account of an identifier, provisional or personal."""
    found = stage.admin.read("users", username=stage.address(identifier), exact="true")
    return stage.admin.user(stage.address(identifier)) if found else stage.account(identifier)


# ---- what changes


def disabled_and_enabled(stage: Stage, identifier: str) -> None:
    stage.admin.update(user_of(stage, identifier), enabled=False)
    stage.admin.update(user_of(stage, identifier), enabled=True)


def other_address_and_back(stage: Stage, identifier: str) -> None:
    elsewhere = f"ailleurs-{identifier}@{stage.realm.name}.example".lower()
    for email in (elsewhere, stage.address(identifier)):
        stage.admin.update(user_of(stage, identifier), email=email)


def password_set(stage: Stage, identifier: str) -> None:
    stage.admin.set_password(user_of(stage, identifier), PERSONAL)


def signed_out_everywhere(stage: Stage, identifier: str) -> None:
    stage.admin.do("POST", f"users/{user_of(stage, identifier)['id']}/logout")


def other_suggestion_and_back(stage: Stage, identifier: str) -> None:
    stage.load(identifier, email=f"ailleurs-{identifier}@{stage.realm.name}.example".lower())
    stage.load(identifier)


def new_letter(stage: Stage, identifier: str) -> None:
    stage.load(identifier, options=("--replace-passwords",), mot_de_passe="Muguet-1905")


# ---- the links


def reset(stage: Stage, identifier: str) -> str:
    stage.activated(identifier)
    stage.browser().forgotten(stage.address(identifier))
    return stage.reset_link(stage.address(identifier))


def address(stage: Stage, identifier: str) -> str:
    new = stage.address(f"{identifier}new")
    asked(signed_in(stage, identifier), new)
    return address_link(stage, new)


def activation(stage: Stage, identifier: str) -> str:
    stage.load(identifier)
    stage.begun(stage.browser(), identifier)
    return stage.link(stage.address(identifier))


def activation_by_mail(stage: Stage, identifier: str) -> str:
    stage.load(identifier)
    stage.browser().forgotten(identifier, "1001", "01")
    return link_to("activate", stage.mail(stage.address(identifier), BY_MAIL).text)


OF_PERSONAL: list[Change] = [
    disabled_and_enabled,
    other_address_and_back,
    password_set,
    signed_out_everywhere,
]
OF_PROVISIONAL: list[Change] = [disabled_and_enabled, other_suggestion_and_back, new_letter]


@pytest.mark.parametrize("change", [*OF_PERSONAL, *OF_PROVISIONAL[1:]], ids=lambda change: change.__name__)
def test_a_link_is_invalid_once_the_account_has_changed(stage: Stage, change: Change) -> None:
    kinds = []
    if change in OF_PERSONAL:
        kinds += [reset, address]
    if change in OF_PROVISIONAL:
        kinds += [activation, activation_by_mail]
    for kind in kinds:
        identifier = f"{change.__name__}{kind.__name__}".replace("_", "")
        link = kind(stage, identifier)
        assert stage.browser().get(link).status == 200

        change(stage, identifier)

        for page in (stage.browser().get(link), stage.browser().post(link, {})):
            assert (page.screen, page.status) == ("login-link-refused", 404), kind.__name__


def test_the_letter_still_works_after_the_console_has_enabled_the_account_again(stage: Stage) -> None:
    activation(stage, "Z1")
    disabled_and_enabled(stage, "Z1")
    assert stage.browser().prove("1001", "01", "Z1", provisional("Z1")).screen == "login-address"
