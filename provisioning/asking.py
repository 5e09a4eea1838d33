"""Asks before something is changed: on a terminal, unless --yes was given."""

from __future__ import annotations

import sys

import click

from .errors import BadInputError, MoncompteError
from .texts import _

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


def require_somebody(*, yes: bool) -> None:
    """Check, before anything is done, that somebody can answer the question that will come.

    Raises BadInputError.
    """
    if not yes and not sys.stdin.isatty():
        raise BadInputError(
            _("nobody to ask (no terminal): give --yes to do it unasked. Nothing was changed.")
        )


def ask(question: str, *, yes: bool) -> None:
    """Go on if the person agrees.

    Raises MoncompteError if not, BadInputError if there is nobody to ask.
    """
    if yes:
        return
    require_somebody(yes=yes)
    if not agreed(question):
        raise MoncompteError(_("Nothing was changed."))


def agreed(question: str) -> bool:
    """Whether the person on the terminal says yes, in their language; Enter alone is no."""
    prompt = f"{question} " + _("[y/N]")
    while True:
        answer = click.prompt(prompt, default="", show_default=False, err=True).strip().lower()
        if answer in _("y yes").split():
            return True
        if answer in ("", "n", "no", "non"):
            return False
