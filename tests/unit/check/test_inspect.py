"""All rules together."""

from provisioning.check.rules import inspect, serious
from tests.unit.check.samples import found, sound, with_node, with_settings


def test_nothing_is_found_in_a_sound_installation() -> None:
    assert found(sound()) == []


def test_the_worst_comes_first() -> None:
    findings = inspect(with_settings(failureFactor=30, sslRequired="none", passwordPolicy="length(6)"))
    assert [finding.severity for finding in findings] == ["error", "warning", "notice"]


def test_notices_alone_are_nothing_serious() -> None:
    assert not serious(inspect(with_node(keycloak="26.7.6")))
    assert serious(inspect(with_node(keycloak="26.8.0")))
