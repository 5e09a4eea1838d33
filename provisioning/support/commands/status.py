"""`moncompte owners status`: how far an agency's owners have come."""

from __future__ import annotations

import datetime
from pathlib import Path

import click
from rich.table import Column

from ...errors import BadInputError, reason_of
from ...options import json_option, owner_command
from ...server.keycloak import Json, Keycloak
from ...server.target import Target
from ...terminal import print_json, print_table, say
from ...texts import _
from ..status_page import status_page
from ..support import Support

_BARS = 20  # characters of a whole bar


@owner_command()
@json_option
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with charts to this file, for the agency's manager, in French.",
)
def status(keycloak: Keycloak, target: Target, as_json: bool, html: Path | None) -> None:
    """Tell how far an agency's owners have come.

    From loaded over the letter and the mail to an account of their own, and who stands aside: letter expired,
    disabled, locked at this moment. Identifiers are counted; those without a contract are not.

    \b
    Examples:
      moncompte owners status --agency 1001/01
      moncompte owners status --agency 1001/01 --json
      moncompte owners status --agency 1001/01 --html activation.html
    """
    found = Support(keycloak, target).status()
    if html is not None:
        _write(html, status_page(found, datetime.datetime.now().astimezone()))
    if as_json:
        print_json(found)
        return
    _print(found)
    if html is not None:
        say(_("The page is in {file}.").format(file=html.absolute()))


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInputError(
            _("Cannot write to {path}: {reason}.").format(path=path, reason=reason_of(error))
        ) from None


def _print(found: Json) -> None:
    counts = (
        (_("Loaded"), found["loaded"]),
        (_("Letter made, or used already"), found["letter"]),
        (_("Have used their letter"), found["started"]),
        (_("of these: waiting for the mail"), found["waiting"]),
        (_("Have their access"), found["active"] + found["merged"]),
        (_("of these: activated"), found["active"]),
        (_("of these: added to an existing account"), found["merged"]),
        (_("Letter expired"), found["expired"]),
        (_("Disabled"), found["disabled"]),
        (_("Locked at this moment"), found["locked"]),
    )
    rows = []
    for label, count in counts:
        part = count / found["loaded"] if found["loaded"] else 0.0
        rows.append((label, count, f"{100 * part:.0f} %", "█" * round(_BARS * part)))
    owners, share = (Column(name, justify="right") for name in (_("owners"), _("share")))
    title = f"{found['name']} ({found['agency']})"
    print_table(("", owners, share, Column(no_wrap=True)), rows, title=title)
