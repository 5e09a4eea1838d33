"""Provisional passwords: their form, and hashes that Keycloak can check."""

import base64
import hashlib
import math
import unicodedata

from argon2.low_level import Type, hash_secret_raw

from provisioning.owners.passwords import (
    ALPHABET,
    LENGTH,
    generate,
    hashed_choice,
    hashed_generated,
    is_generated,
    normalized,
)


def test_a_generated_password_carries_at_least_64_random_bits() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert LENGTH * math.log2(len(ALPHABET)) >= 64


def test_a_generated_password_is_grouped_and_has_no_look_alikes() -> None:
    password = generate()
    assert [len(group) for group in password.split("-")] == [5, 4, 4]
    assert is_generated(password)
    assert not set("ilo01") & set(ALPHABET)
    assert len({generate() for _ in range(100)}) == 100


def test_what_is_no_generated_password_is_told_from_one() -> None:
    assert not is_generated("Tulipe-4821")
    assert not is_generated("abcde-fghj-kmn0")
    assert not is_generated("abcde-fghj-kmnp\n")


def test_a_chosen_password_is_hashed_as_keycloak_does_by_default() -> None:
    made = hashed_choice("  Tulipe\u0301-4821 ")
    expected = hash_secret_raw(
        "Tulip\u00e9-4821".encode(), base64.b64decode(made["salt"]), 5, 7168, 1, 32, Type.ID, 19
    )
    assert base64.b64decode(made["value"]) == expected
    assert len(base64.b64decode(made["salt"])) == 16
    assert {key: made[key] for key in ("algorithm", "iterations", "memory", "parallelism", "generated")} == {
        "algorithm": "argon2",
        "iterations": 5,
        "memory": 7168,
        "parallelism": 1,
        "generated": False,
    }


def test_every_space_is_a_plain_one_as_on_the_server() -> None:
    zs = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Zs"]
    assert {normalized(f"a{space}b") for space in zs} == {"a b"}
    assert normalized("a\tb\n") == "a\tb"


def test_a_generated_password_is_hashed_without_its_dashes() -> None:
    made = hashed_generated("abcde-fghj-kmnp")
    expected = hashlib.pbkdf2_hmac("sha256", b"abcdefghjkmnp", base64.b64decode(made["salt"]), 100, 32)
    assert base64.b64decode(made["value"]) == expected
    assert (made["algorithm"], made["iterations"], made["generated"]) == ("pbkdf2-sha256", 100, True)


def test_two_hashes_of_one_password_have_different_salts() -> None:
    assert hashed_choice("a")["salt"] != hashed_choice("a")["salt"]
    assert hashed_generated("a")["salt"] != hashed_generated("a")["salt"]
