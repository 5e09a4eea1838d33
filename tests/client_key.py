"""The key that an application has in place of a secret (private_key_jwt: OpenID Connect Core, section 9)."""

import secrets
import time

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.realms import Json


class ClientKey:
    """The key of one application, and what it signs to say who it is."""

    def __init__(self) -> None:
        self._key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)

    @property
    def public(self) -> Json:
        """The key set that the manifest's `jwks_file` holds."""
        return dict(KeySet([self._key]).as_dict(private=False))

    def says(self, client_id: str, audience: str, algorithm: str = "PS256") -> dict[str, str]:
        """The parameters of one request that `client_id` signs for the realm `audience`."""
        now = int(time.time())
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + 60,
        }
        header = {"alg": algorithm, "kid": self._key.kid}
        return {
            "client_id": client_id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(header, claims, self._key, algorithms=[algorithm]),
        }
