"""What owners must choose resists guessing: CNIL, délibération 2022-100.

50 bits where guessing is throttled (its example: 8 characters of 3 types), 80 where it is not (12 of 4, or 14
of 3). Bits are counted for the weakest password that the policy lets through.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from ...texts import _
from ..finding import Finding
from ..installation import Installation, RealmSeen

TYPES = {"lowerCase": 26, "upperCase": 26, "digits": 10, "specialChars": 33}
"""How many characters of ASCII there are of each type that Keycloak's policy asks for."""

THROTTLED, UNTHROTTLED = 50, 80
EXAMPLES = {THROTTLED: ((8, 3),), UNTHROTTLED: ((12, 4), (14, 3))}
"""(length, types) that the CNIL takes for as many bits."""


def findings(installation: Installation) -> Iterator[Finding]:
    """A warning for each realm of owners whose policy asks for less."""
    for realm in installation.realms:
        yield from _of_realm(realm)


def _of_realm(realm: RealmSeen) -> Iterator[Finding]:
    asked = _asked(str(realm.settings.get("passwordPolicy") or ""))
    types = [name for name in TYPES if int(asked.get(name, "0")) > 0]
    length = max(int(asked.get("length", "1")), sum(int(asked[name]) for name in types))
    needed = THROTTLED if realm.settings.get("bruteForceProtected") else UNTHROTTLED
    found = bits(length, types)
    kinds = max(len(types), 1)
    if found >= needed or any(length >= least and kinds >= most for least, most in EXAMPLES[needed]):
        return
    if needed == THROTTLED:
        text = _(
            "{length} characters of {kinds} types are about {bits:.0f} bits; CNIL 2022-100 asks for {needed}"
            " with throttling."
        )
    else:
        text = _(
            "{length} characters of {kinds} types are about {bits:.0f} bits; CNIL 2022-100 asks for {needed}"
            " without throttling."
        )
    yield Finding(
        "warning",
        realm.name,
        "passwordPolicy",
        text.format(length=length, kinds=kinds, bits=found, needed=needed),
        _(
            "Set password_policy.length in the manifest to 8 with three types of characters (12 with four"
            " needs no throttling), and run moncompte apply; owners are asked at their next change."
        ),
    )


def _asked(policy: str) -> dict[str, str]:
    """The counts that a policy asks for, by name; read as Keycloak does, so that a pattern is a pattern."""
    parts = (re.fullmatch(r"\s*(\w+)\((\d+)\)\s*", part) for part in policy.split(" and "))
    return {part[1]: part[2] for part in parts if part is not None}


def bits(length: int, types: list[str]) -> float:
    """Entropy of a random password of `length` characters out of these types; of lower case when none is
    asked for."""
    return length * math.log2(sum(TYPES[name] for name in types) or TYPES["lowerCase"])
