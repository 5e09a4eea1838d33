"""`moncompte owners`: the owners of an agency. Each command has a module of its own."""

from __future__ import annotations

import os
from typing import get_args

import click

from ..messages import Language, language_of
from .lazily import Lazily
from .output import LANGUAGE, printable


def _speak(context: click.Context, _: click.Parameter, language: Language) -> Language:
    """Errors are told in the command's language."""
    context.ensure_object(dict)[LANGUAGE] = language
    return language


lang_option = click.option(
    "--lang",
    callback=_speak,
    is_eager=True,
    type=click.Choice(get_args(Language)),
    default=lambda: language_of(os.environ),
    show_default="by LANG, else fr",
    help="Language of what is said.",
)


@click.group(cls=Lazily)
def owners() -> None:
    """The owners of an agency.

    \b
    Examples:
      moncompte owners import owners.csv --agency 1001/01 --credentials letters.csv
      moncompte owners letters owners.csv --agency 1001/01 --credentials letters.csv -o letters.pdf
      moncompte owners list --agency 1001/01 --search lefevre
      moncompte owners show P00012 --agency 1001/01
      moncompte owners reissue P00012 --agency 1001/01 --credentials letters.csv
      moncompte owners status --agency 1001/01
    """


owners.later(
    {
        "import": "owners_import:import_owners",
        "letters": "owners_letters:make_letters",
        "list": "owners_list:list_owners",
        "show": "owners_list:show_owner",
        "status": "owners_status:status",
        "reissue": "owners_support:reissue",
        "resend": "owners_support:resend",
        "disable": "owners_support:disable",
        "enable": "owners_support:enable",
        "release": "owners_release:release",
        "unmerge": "unmerge:unmerge",
    }
)


def one_line(value: object) -> str:
    """A contract or a contact in one line; agency and identifier are known where it stands."""
    if isinstance(value, dict):
        return " · ".join(
            printable(part) for key, part in value.items() if part and key not in ("agency", "identifier")
        )
    return printable(value)
