from tests.unit.check.samples import found, with_client

ERROR = [("error", "wildcards", "extranet")]


def test_a_wildcard_in_a_redirect_is_an_error() -> None:
    assert found(with_client(redirectUris=["https://extranet.example.org/*"])) == ERROR
    assert found(with_client(redirectUris=["*"])) == ERROR


def test_an_address_of_the_server_itself_is_none() -> None:
    assert found(with_client(redirectUris=["/admin/moncompte/console/*"])) == []


def test_an_address_below_a_root_elsewhere_is_one() -> None:
    console = {"redirectUris": ["/*"], "rootUrl": "${authAdminUrl}"}
    assert found(with_client(**console)) == []
    assert found(with_client(**console | {"rootUrl": "https://evil.example.org"})) == ERROR


def test_a_wildcard_after_signing_out_is_a_warning() -> None:
    known = {"post.logout.redirect.uris": "https://extranet.example.org/##+"}
    assert found(with_client(attributes=known)) == []
    unknown = {"post.logout.redirect.uris": "https://extranet.example.org/##https://*"}
    assert found(with_client(attributes=unknown)) == [("warning", "wildcards", "extranet")]


def test_what_cannot_sign_in_is_none() -> None:
    assert found(with_client(redirectUris=["*"], standardFlowEnabled=False)) == []
    assert found(with_client(redirectUris=["*"], enabled=False)) == []


def test_every_origin_is_a_warning() -> None:
    assert found(with_client(webOrigins=["*"])) == [("warning", "wildcards", "extranet")]
