"""Proofs of possession (RFC 9449), as an application makes them."""

import base64
import hashlib
import secrets
import time

from joserfc import jwt
from joserfc.jwk import ECKey


class Proofs:
    """The key of one application in one browser, and the proofs made with it."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256")

    @property
    def thumbprint(self) -> str:
        """What a token that is bound to the key says in `cnf.jkt` (RFC 7638)."""
        return self._key.thumbprint()

    def proof(self, method: str, url: str, access_token: str | None = None) -> str:
        """The value of the header `DPoP` of one request."""
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self._key.as_dict(private=False)}
        claims = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(time.time())}
        if access_token is not None:
            digest = hashlib.sha256(access_token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return jwt.encode(header, claims, self._key)
