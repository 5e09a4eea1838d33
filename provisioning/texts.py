"""Texts in the language of the process: English in the code, French in locale/.

Our catalogue is also the domain of the standard library's gettext, so click's own texts come from it too.
"""

from __future__ import annotations

import functools
import gettext
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

__all__ = ["N_", "Language", "_", "language_of", "ngettext", "speak"]

Language = Literal["fr", "en"]

DOMAIN = "moncompte"
LOCALES = Path(__file__).with_name("locale")
gettext.bindtextdomain(DOMAIN, LOCALES)
gettext.textdomain(DOMAIN)


def _(text: str) -> str:
    """A text in the language of the process."""
    return _catalogue(os.environ.get("LANGUAGE")).gettext(text)


def ngettext(one: str, several: str, count: int) -> str:
    """One of two texts, by a count, in the language of the process."""
    return _catalogue(os.environ.get("LANGUAGE")).ngettext(one, several, count)


def N_(text: str) -> str:  # noqa: N802 (the name by which it is found)
    """The text as it is: a mark for one that is translated where it is used."""
    return text


@functools.cache  # the standard library searches the file system for every text
def _catalogue(languages: str | None) -> gettext.NullTranslations:
    """The catalogue for a value of LANGUAGE; without one the locale chooses."""
    return gettext.translation(DOMAIN, LOCALES, languages.split(":") if languages else None, fallback=True)


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
