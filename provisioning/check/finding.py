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

    realm     the realm it is in; empty for the server
    subject   what it is about: a client, a setting
    reason    what is so, and why that matters
    cure      what to do
    rule      the module of `rules` that found it; set by `inspect`
    """

    severity: Severity
    realm: str
    subject: str
    reason: str
    cure: str
    rule: str = ""
