"""`moncompte owners status`: how far an agency's owners have come."""

from __future__ import annotations

import datetime
from pathlib import Path

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...errors import BadInputError
from ...messages import both, text
from ...options import agency_option, lang_option, realm_option, with_keycloak
from ...output import print_json, printable
from ...owners.target import Target
from ...server.keycloak import Json, Keycloak
from ...texts import Language
from ..status_page import status_page
from ..support import Support

_ROWS = (
    *("loaded", "letter", "started", "waiting", "done", "active", "merged"),
    *("expired", "disabled", "locked"),
)
_BARS = 20  # characters of a whole bar


@click.command()
@agency_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with charts to this file, for the agency's manager, in French.",
)
@realm_option
@lang_option
@with_keycloak
def status(
    keycloak: Keycloak,
    agency: tuple[str, str],
    as_json: bool,
    html: Path | None,
    realm: str,
    lang: Language,
) -> None:
    """Tell how far an agency's owners have come.

    From loaded over the letter and the mail to an account of their own, and who stands aside: letter expired,
    disabled, locked at this moment. Identifiers are counted; those without a contract are not.

    \b
    Examples:
      moncompte owners status --agency 1001/01
      moncompte owners status --agency 1001/01 --json
      moncompte owners status --agency 1001/01 --html activation.html
    """
    found = Support(keycloak, Target(realm, *agency), lang).status()
    if html is not None:
        _write(html, status_page(found, datetime.datetime.now().astimezone()))
    if as_json:
        print_json(found)
        return
    _print(found, lang)
    if html is not None:
        click.echo(text(lang, "status_html", file=str(html.absolute())))


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInputError(*both("file_unwritable", path=str(path), reason=error)) from None


def _print(found: Json, lang: Language) -> None:
    counts = found | {"done": found["active"] + found["merged"]}
    title = text(lang, "status_title", name=found["name"], codes=found["agency"])
    table = Table(box=SIMPLE, title=Text(printable(title)), title_justify="left")
    table.add_column("")
    table.add_column(text(lang, "status_count"), justify="right")
    table.add_column(text(lang, "status_share"), justify="right")
    table.add_column("", no_wrap=True)
    for row in _ROWS:
        part = counts[row] / found["loaded"] if found["loaded"] else 0.0
        table.add_row(
            text(lang, f"status_{row}"),
            f"{counts[row]}",
            f"{100 * part:.0f} %",
            "█" * round(_BARS * part),
        )
    Console().print(table)
