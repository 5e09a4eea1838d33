"""Asking before something is changed: on a terminal, unless --yes says not to."""

from __future__ import annotations

import sys

import click

from .errors import BadInputError, MoncompteError
from .messages import Language, text

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def require_somebody(language: Language, *, yes: bool) -> None:
    """Raise BadInputError, before anything is done, when a question will come and nobody is there for it."""
    if not yes and not sys.stdin.isatty():
        raise BadInputError(text(language, "ask_no_terminal"))


def ask(question: str, language: Language, *, yes: bool) -> None:
    """Go on if the person says so.

    Raises MoncompteError when not, BadInputError when there is nobody to ask.
    """
    if yes:
        return
    require_somebody(language, yes=yes)
    if not agreed(question, language):
        raise MoncompteError(text(language, "ask_declined"))


_YES: dict[Language, tuple[str, ...]] = {"fr": ("o", "oui", "y", "yes"), "en": ("y", "yes")}
_NO = ("", "n", "non", "no")


def agreed(question: str, language: Language) -> bool:
    """Whether the person on the terminal says yes, in their language; Enter alone is no."""
    choice = "[o/N]" if language == "fr" else "[y/N]"
    while True:
        said = click.prompt(f"{question} {choice}", default="", show_default=False, err=True).strip().lower()
        if said in _YES[language]:
            return True
        if said in _NO:
            return False
