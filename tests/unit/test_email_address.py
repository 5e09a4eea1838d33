"""The one form of an address, in the command."""

import pytest

from provisioning.email_address import EmailAddressError, is_normal_address, normal_address
from tests.addresses import GOOD, REFUSED

CODES = {
    "invisible": "email_invisible",
    "numeric": "email_numeric",
    "characters": "email_characters",
    "incomplete": "email_impossible",
}


@pytest.mark.parametrize(("typed", "address"), GOOD)
def test_an_address_has_one_form(typed: str, address: str) -> None:
    assert normal_address(typed) == address
    assert normal_address(address) == address
    assert is_normal_address(address)


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_what_is_no_address_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(EmailAddressError) as refused:
        normal_address(typed)
    assert refused.value.code == CODES[why]
