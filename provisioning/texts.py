"""Texts in the language of the process: English in the code, French in locale/.

`_` and `ngettext` are those of the standard library. Our catalogue is its domain, so click's own texts come
from it too.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Literal

__all__ = ["Language", "_", "language_of", "ngettext", "speak"]

Language = Literal["fr", "en"]

DOMAIN = "moncompte"
gettext.bindtextdomain(DOMAIN, Path(__file__).with_name("locale"))
gettext.textdomain(DOMAIN)


def language_of(environment: Mapping[str, str]) -> Language:
    """English if the locale is English, otherwise French. LC_ALL wins over LC_MESSAGES, that over LANG."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(variable)
        if locale:
            return "en" if locale.lower().startswith("en") else "fr"
    return "fr"


def speak(language: Language) -> None:
    """Set the language of all texts from now on."""
    os.environ["LANGUAGE"] = language  # gettext looks here first
