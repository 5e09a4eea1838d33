"""What Starlette's page in `docs/applications/` does with a logout token, which anybody can send it.

The realm's keys are of this test; that a realm's own token ends a session is seen in tests/browser.
"""

import asyncio
import importlib.util
import time
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.requests import Request

from provisioning.realm.configurations import Values, rendered

pytestmark = pytest.mark.filterwarnings("ignore:The httpx module is deprecated")

ISSUER = "https://sso.moncompte.example/realms/moncompte"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Realm:
    """Its keys, of which the second is new, and how often they have been fetched."""

    def __init__(self) -> None:
        self.old, self.new = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("old", "new"))
        self.published: list[Any] = [self.old]
        self._known: Any = None
        self.fetched = 0

    async def fetch_jwk_set(self, *, force: bool = False) -> Any:
        """As Authlib does: kept once they were fetched."""
        if force or self._known is None:
            self._known = KeySet(self.published).as_dict(private=False)
            self.fetched += 1
        return self._known

    async def load_server_metadata(self) -> Any:
        return {"issuer": ISSUER}

    def token(self, key: RSAKey, **changes: object) -> str:
        """A logout token signed with this key."""
        claims = {
            "iss": ISSUER,
            "aud": "mon-application",
            "exp": int(time.time()) + 600,
            "jti": "1",
            "sid": "ended",
            "events": {EVENT: {}},
        }
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims | changes, key)


@pytest.fixture
def realm() -> Realm:
    return Realm()


@pytest.fixture
def application(realm: Realm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The page's module; two sessions are known to it."""
    (tmp_path / "secret").write_text("s3cret")
    values = Values(ISSUER, "mon-application", "https://app.example", str(tmp_path / "secret"))
    [(name, text)] = rendered("starlette", values).items()
    (tmp_path / name).write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("starlette_page", tmp_path / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for said in (realm.fetch_jwk_set, realm.load_server_metadata):
        monkeypatch.setattr(module.oauth.moncompte, said.__name__, said)
    module.owners.update({"1": {"sid": "ended"}, "2": {"sid": "other"}})
    return module


def sent(application: ModuleType, token: str, **beside: str) -> int:
    """The status that a logout token is answered with, and what stands in the form beside it."""
    parts = [urlencode({"logout_token": token, **beside}).encode()]

    async def receive() -> dict[str, Any]:
        assert parts, "it reads on"
        return {"type": "http.request", "body": parts.pop(), "more_body": False}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    status: int = asyncio.run(application.backchannel_logout(request)).status_code
    return status


def test_the_session_that_the_realm_ended_ends_and_no_other(application: ModuleType, realm: Realm) -> None:
    assert sent(application, realm.token(realm.old)) == 200
    assert [owner["sid"] for owner in application.owners.values()] == ["other"]


def test_the_realm_s_keys_are_fetched_once_and_again_for_a_new_one(
    application: ModuleType, realm: Realm
) -> None:
    for _ in range(3):
        assert sent(application, realm.token(realm.old)) == 200
        assert sent(application, "no.token.atall") == 400
        assert sent(application, realm.token(realm.old)[:-4] + "AAAA") == 400
    assert realm.fetched == 1
    realm.published = [realm.old, realm.new]
    for _ in range(3):
        assert sent(application, realm.token(realm.new)) == 200
    assert realm.fetched == 2


def test_a_stranger_s_tokens_do_not_have_the_keys_fetched_each_time(
    application: ModuleType, realm: Realm
) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "stranger"})
    for _ in range(5):
        assert sent(application, realm.token(stranger)) == 400
    assert realm.fetched == 2
    vars(application)["asked_anew"] -= 31
    assert sent(application, realm.token(stranger)) == 400
    assert realm.fetched == 3
    assert len(application.owners) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"exp": 1},
        {"nonce": "n"},
        {"events": {"another": {}}},
        {"sid": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_token_that_is_not_right_ends_nothing(
    application: ModuleType, realm: Realm, changes: dict[str, object]
) -> None:
    assert sent(application, realm.token(realm.old, **changes)) == 400
    assert len(application.owners) == 2


def test_what_is_too_long_is_not_read(application: ModuleType, realm: Realm) -> None:
    assert sent(application, realm.token(realm.old), beside="x" * 70_000) == 400
    assert len(application.owners) == 2
