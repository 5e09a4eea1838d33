"""The Extranet against a real realm: what ends there ends here, and refresh tokens serve once."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask.sessions import SecureCookieSessionInterface

from extranet import tokens
from tests.front import Front, Visitor, running_extranet
from tests.integration.stage import PERSONAL, Stage
from tests.owner import Page
from tests.realms import APPLICATIONS, Json, RealmMaker
from tools.mailbox import Mailbox

OTHER = APPLICATIONS[0] | {"client_id": "autre", "name": "Autre", "secret_file": "autre-secret"}


@pytest.fixture(scope="module")
def front(make_realm: RealmMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The Extranet, and another application of the same realm."""
    with running_extranet(make_realm, tmp_path_factory.mktemp("extranet"), (OTHER,)) as front:
        yield front


@pytest.fixture(scope="module")
def stage(front: Front, mailbox: Mailbox) -> Stage:
    return Stage(front.realm, mailbox)


@pytest.fixture(scope="module", autouse=True)
def _helene(stage: Stage) -> None:
    stage.load("E1")
    owner = stage.browser(client_id="autre")
    stage.begun(owner, "E1")
    owner.confirm(stage.link(stage.address("E1")))


@pytest.fixture
def visitor(front: Front) -> Visitor:
    """A browser that the application « Autre » sends to sign in, when a test says so."""
    return Visitor(front.realm.server.url, front.realm.name, client_id="autre")


def in_the_extranet(visitor: Visitor, front: Front, stage: Stage) -> Page:
    page = visitor.signed_in_at(front.entrance, stage.address("E1"), PERSONAL)
    assert page.url == f"{front.url}/"
    return page


def session(front: Front, visitor: Visitor) -> Json:
    """What the Extranet keeps of the session of this browser."""
    serializer: Any = SecureCookieSessionInterface().get_signing_serializer(front.app)
    cookie = serializer.loads(visitor.http.cookies.get("extranet") or serializer.dumps({}))
    kept: Json = front.app.extensions["store"].get(cookie.get("owner", {}).get("key", ""), 1800) or {}
    return kept


def test_a_session_that_another_application_ends_ends_in_the_extranet(
    visitor: Visitor, front: Front, stage: Stage
) -> None:
    assert "REF-E1" in in_the_extranet(visitor, front, stage).text
    # Signed in to one is signed in to the other.
    tokens_of_other = visitor.tokens(visitor.start(), stage.secret(visitor))
    goodbye = visitor.get(
        f"{front.realm.issuer}/protocol/openid-connect/logout?id_token_hint={tokens_of_other['id_token']}"
        "&post_logout_redirect_uri=http://localhost:8000/"
    )
    assert goodbye.url.startswith("http://localhost:8000/")
    # The realm told the Extranet (back-channel logout): its next page asks for a sign-in.
    assert visitor.get(f"{front.url}/profil").screen == "login-welcome"


def test_refresh_tokens_are_used_rotated_and_no_longer_worth_anything_once_used(
    visitor: Visitor, front: Front, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_extranet(visitor, front, stage)
    before = session(front, visitor)["tokens"]["refresh_token"]
    stage.load("E1", reference="REF-NEUVE")
    assert "REF-NEUVE" not in visitor.get(f"{front.url}/").text
    monkeypatch.setattr(tokens, "EARLY", 10**6)  # every access token counts as run out
    for _ in range(2):
        assert "REF-NEUVE" in visitor.get(f"{front.url}/").text
    after = session(front, visitor)["tokens"]["refresh_token"]
    assert after != before
    visitor.client_id = "extranet"
    assert "access_token" in visitor.refresh({"refresh_token": after}, front.realm.secret())
    # The one used last: of those before it Keycloak tells by the second of their making.
    refused = visitor.refresh({"refresh_token": after}, front.realm.secret())
    assert refused["error"] == "invalid_grant"


def test_a_refresh_token_that_the_realm_revoked_is_no_dead_end(
    visitor: Visitor, front: Front, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_extranet(visitor, front, stage)
    kept = session(front, visitor)["tokens"]["refresh_token"]
    fields = {"token": kept, "client_id": "extranet", "client_secret": front.realm.secret()}
    revoked = requests.post(f"{front.realm.issuer}/protocol/openid-connect/revoke", data=fields, timeout=60)
    assert revoked.status_code == 200
    monkeypatch.setattr(tokens, "EARLY", 10**6)
    # The single sign-on session lives: nobody is asked for anything. Without it, S1 or S6 follows.
    page = visitor.get(f"{front.url}/profil")
    assert page.url in (f"{front.url}/", f"{front.url}/profil") or page.screen == "login-welcome", page.text
    assert session(front, visitor).get("tokens", {}).get("refresh_token") != kept


# ---- last, because it changes the realm's keys


def test_the_realm_changes_its_keys_and_neither_the_extranet_nor_an_owner_notices(
    visitor: Visitor, front: Front, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_extranet(visitor, front, stage)
    signed_with = _kid(front, visitor)
    [old] = [one for one in _keys(stage) if one["providerId"] == "rsa-generated"]
    stage.admin.do("POST", "components", old | {"id": None, "name": "next", "config": {"priority": ["1000"]}})
    monkeypatch.setattr(tokens, "EARLY", 10**6)  # every access token counts as run out: the next page renews

    # The new key is in use, the old one still there.
    assert "REF-E1" in visitor.get(f"{front.url}/").text
    assert _kid(front, visitor) != signed_with
    newcomer = Visitor(front.realm.server.url, front.realm.name, client_id="autre")
    in_the_extranet(newcomer, front, stage)

    # The old one is gone.
    stage.admin.do("DELETE", f"components/{old['id']}")
    published = requests.get(f"{front.realm.issuer}/protocol/openid-connect/certs", timeout=60).json()["keys"]
    assert signed_with not in {key["kid"] for key in published}
    assert "REF-E1" in visitor.get(f"{front.url}/").text
    another = Visitor(front.realm.server.url, front.realm.name, client_id="autre")
    in_the_extranet(another, front, stage)

    # No page renews anything from here on: only what the realm says can end these sessions.
    monkeypatch.undo()
    for one in (visitor, newcomer, another):
        assert one.get(f"{front.url}/profil").url == f"{front.url}/profil"

    # What the realm says when a session ends elsewhere is signed with the new key, and believed.
    ended = stage.admin.user(stage.address("E1"))
    stage.admin.do("POST", f"users/{ended['id']}/logout")
    for one in (visitor, newcomer, another):
        assert one.get(f"{front.url}/profil").screen == "login-welcome"


def _keys(stage: Stage) -> list[Json]:
    """The providers of the realm's keys."""
    found: list[Json] = stage.admin.read("components", type="org.keycloak.keys.KeyProvider")
    return found


def _kid(front: Front, visitor: Visitor) -> str:
    """The key that signed the ID token of this browser's session in the Extranet."""
    encoded = session(front, visitor)["id_token"].split(".")[0]
    header: Json = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return str(header["kid"])
