"""The pages of `docs/applications/` are what `applications show` prints and the other tests sign in with."""

import pytest

from provisioning.realm.configurations import EXAMPLE, KINDS, Values, callback, in_manifest, rendered

FILES = {
    "apache": ["moncompte.conf"],
    "starlette": ["application.py"],
    "openid-client": ["application.mjs"],
    "spring": ["pom.xml", "application.yml", "Application.java"],
}
VALUES = Values(
    "https://accounts.test/realms/ours", "portail", "https://portail.test", "/run/secrets/portail"
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_configuration_has_the_values_of_an_application(kind: str) -> None:
    files = rendered(kind, VALUES)
    everything = "".join(files.values())
    assert list(files) == FILES[kind]
    for value in (VALUES.issuer, VALUES.client_id, VALUES.base):
        assert value in everything
    for value in (EXAMPLE.issuer, EXAMPLE.client_id, EXAMPLE.base, "app.example"):
        assert value not in everything


@pytest.mark.parametrize("kind", KINDS)
def test_the_manifest_declares_what_the_configuration_uses(kind: str) -> None:
    declared = in_manifest(kind, VALUES)
    assert declared["client_id"] == VALUES.client_id
    assert declared["redirect_uris"] == [f"{VALUES.base}{callback(kind)}"]
    assert declared["post_logout_redirect_uris"][0].startswith(VALUES.base)
