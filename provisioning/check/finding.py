"""One thing that is wrong with an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "notice"]
"""error: owners or their data are in danger, or cannot get in; warning: a protection is weaker than it should
be; notice: good to know, and nothing serious."""


@dataclass(frozen=True)
class Finding:
    """What is wrong.

    rule      the module of `rules` that found it
    realm     the realm it stands in; empty for the server
    subject   what it is about: a client, a setting
    reason    what is so, and why that matters
    cure      what to do
    """

    severity: Severity
    rule: str
    realm: str
    subject: str
    reason: str
    cure: str
