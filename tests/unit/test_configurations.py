"""The pages of `docs/applications/` show what `applications show` prints and the other tests sign in with."""

from pathlib import Path

import pytest

from provisioning.realm.configurations import KINDS, Values, in_manifest, rendered

DOCS = Path(__file__).parents[2] / "docs" / "applications"
VALUES = Values(
    issuer="https://sso.moncompte.example/realms/moncompte",
    client_id="mon-application",
    base="https://app.example",
    secret_file="/etc/mon-application/moncompte.secret",
)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_an_application_shows_its_files_and_what_the_manifest_says(kind: str) -> None:
    page = (DOCS / f"{kind}.md").read_text(encoding="utf-8")
    for text in [*rendered(kind, VALUES).values(), in_manifest(kind, VALUES.client_id, VALUES.base)]:
        assert f"\n{text}```" in page


def test_every_page_is_found_from_the_first() -> None:
    first = (DOCS / "README.md").read_text(encoding="utf-8")
    assert all(f"({kind}.md)" in first for kind in KINDS)
