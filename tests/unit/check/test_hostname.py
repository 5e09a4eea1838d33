from tests.unit.check.samples import ISSUER, found, with_realm


def test_a_realm_that_believes_a_forged_header_is_an_error() -> None:
    forged = {"Host": ISSUER, "X-Forwarded-Host": "https://check.invalid/realms/moncompte"}
    assert found(with_realm(forged_issuers=forged)) == [("error", "hostname", "X-Forwarded-Host")]


def test_a_proxy_that_refuses_the_header_is_as_good() -> None:
    assert found(with_realm(forged_issuers={})) == []
