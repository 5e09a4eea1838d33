from dataclasses import replace

from tests.unit.check.samples import CLIENT, found, sound, with_client


def test_a_client_that_takes_passwords_is_an_error() -> None:
    assert found(with_client(directAccessGrantsEnabled=True)) == [("error", "direct_grants", "extranet")]
    assert found(with_client(directAccessGrantsEnabled=True, enabled=False)) == []


def test_one_of_master_is_a_warning() -> None:
    admin_cli = CLIENT | {"clientId": "admin-cli", "directAccessGrantsEnabled": True, "secret": None}
    installation = replace(sound(), master=replace(sound().master, clients=[admin_cli]))
    assert found(installation) == [("warning", "direct_grants", "admin-cli")]
