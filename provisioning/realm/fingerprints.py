"""Whether a secret is the one from before, where it cannot be kept: a slow salted hash of it."""

import base64
import hmac
import secrets

from argon2.low_level import Type, hash_secret_raw


def fingerprint(secret: str) -> str:
    """A slow salted hash of a secret, `salt$hash` in base64: it tells whether two are equal, and nothing
    else."""
    salt = secrets.token_bytes(16)
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(_slow_hash(secret, salt)).decode()}"


def fingerprint_matches(secret: str, kept: str) -> bool:
    """Whether a fingerprint is that of this secret; False for one that cannot be read."""
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in kept.split("$"))
    except ValueError:
        return False
    return len(salt) == 16 and hmac.compare_digest(_slow_hash(secret, salt), digest)


def _slow_hash(secret: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        secret.encode(), salt, time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID
    )
