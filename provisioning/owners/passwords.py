"""Provisional passwords: generating them, and hashing them in Keycloak's credential format.

Those an agency chose are hashed with Argon2id and exactly Keycloak's default parameters. Those we generate
carry 64.4 random bits, so that a salted PBKDF2-SHA256 of few rounds is sound for them (design, decision 11);
they are hashed without their dashes, and what an owner types is stripped of everything but letters and
digits.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import unicodedata
from typing import Any

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""31 letters and digits without look-alikes: no i, l, o, 0, 1."""

LENGTH = 13
_LEFT_OUT = bytes(range(256 // len(ALPHABET) * len(ALPHABET), 256))
_LETTERS = bytes(ord(ALPHABET[octet % len(ALPHABET)]) for octet in range(256))
"""A letter for each random byte but the last few, so that all letters are equally likely."""

_GROUPS = re.compile(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}")

_SPACES = re.compile("[\N{NO-BREAK SPACE}\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Every space of Unicode (category Zs) but the plain one."""

ARGON2_ITERATIONS = 5
ARGON2_MEMORY = 7168
ARGON2_PARALLELISM = 1
PBKDF2_ITERATIONS = 100
HASH_BYTES = 32
SALT_BYTES = 16


def generate() -> str:
    """A new password, grouped to be typed by hand: `xxxxx-xxxx-xxxx`."""
    letters = ""
    while len(letters) < LENGTH:
        letters += secrets.token_bytes(2 * LENGTH).translate(_LETTERS, _LEFT_OUT).decode("ascii")
    return f"{letters[:5]}-{letters[5:9]}-{letters[9:LENGTH]}"


def is_generated(password: str) -> bool:
    """Whether a text has the form of a generated password."""
    return _GROUPS.fullmatch(password) is not None


def normalized(password: str) -> str:
    """A password as the server compares it: NFC, with plain spaces (RFC 8265, OpaqueString), trimmed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", password)).strip()


def hashed_choice(password: str) -> dict[str, Any]:
    """The credential of a password an agency chose: normalized, Argon2id 1.3."""
    from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw  # most loads have none

    salt = secrets.token_bytes(SALT_BYTES)
    digest = hash_secret_raw(
        normalized(password).encode("utf-8"),
        salt,
        time_cost=ARGON2_ITERATIONS,
        memory_cost=ARGON2_MEMORY,
        parallelism=ARGON2_PARALLELISM,
        hash_len=HASH_BYTES,
        type=Type.ID,
        version=ARGON2_VERSION,
    )
    return {
        "algorithm": "argon2",
        "iterations": ARGON2_ITERATIONS,
        "memory": ARGON2_MEMORY,
        "parallelism": ARGON2_PARALLELISM,
        "salt": base64.b64encode(salt).decode("ascii"),
        "value": base64.b64encode(digest).decode("ascii"),
        "generated": False,
    }


def hashed_generated(password: str) -> dict[str, Any]:
    """The credential of a generated password: its 13 letters, PBKDF2-SHA256."""
    salt = secrets.token_bytes(SALT_BYTES)
    letters = password.replace("-", "").encode("ascii")
    digest = hashlib.pbkdf2_hmac("sha256", letters, salt, PBKDF2_ITERATIONS, HASH_BYTES)
    return {
        "algorithm": "pbkdf2-sha256",
        "iterations": PBKDF2_ITERATIONS,
        "salt": base64.b64encode(salt).decode("ascii"),
        "value": base64.b64encode(digest).decode("ascii"),
        "generated": True,
    }
