import pytest

from tests.unit.check.samples import NOW, found, with_client

DAY = 86400
RULE = ("secrets_expiry", "extranet")


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, [("error", *RULE)]), (29, [("warning", *RULE)]), (31, [])],
)
def test_a_secret_is_told_before_it_ends(days: int, expected: list[tuple[str, str, str]]) -> None:
    ends = str(int(NOW.timestamp()) + days * DAY)
    assert found(with_client(attributes={"client.secret.expiration.time": ends})) == expected


def test_a_secret_of_more_than_a_year_is_a_notice() -> None:
    made = str(int(NOW.timestamp()) - 366 * DAY)
    assert found(with_client(attributes={"client.secret.creation.time": made})) == [("notice", *RULE)]


def test_a_secret_without_an_end_is_none() -> None:
    assert found(with_client(attributes={"client.secret.expiration.time": "0"})) == []
