"""The rules about the server as a whole: versions, impersonation, lost mail, missing realms."""

from dataclasses import replace

import pytest

from tests.unit.check.samples import found, sound, with_node, with_settings


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"keycloak": "26.8.0"}, [("error", "versions", "Keycloak")]),
        ({"keycloak": "26.7.6"}, [("notice", "versions", "Keycloak")]),
        ({"extension": "0.2.0"}, [("warning", "versions", "extension")]),
        ({"impersonation": True}, [("error", "impersonation", "impersonation")]),
        ({"mailsLost": 2}, [("warning", "mails_lost", "moncompte_mails_total")]),
    ],
)
def test_a_node_that_is_not_as_it_should_be_is_told(
    node: dict[str, object], expected: list[tuple[str, str, str]]
) -> None:
    assert found(with_node(**node)) == expected


def test_a_realm_that_is_missing_or_switched_off_is_an_error() -> None:
    missing = replace(sound(), missing_realms=["moncompte-3003-01"])
    assert found(missing) == [("error", "realms_missing", "realm")]
    assert found(with_settings(enabled=False)) == [("error", "realms_missing", "enabled")]
