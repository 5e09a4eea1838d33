"""`moncompte owners list` and `show`: who there is, and what is known of one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ...messages import text
from ...messages_support import SUPPORT_TEXTS
from ...options import agency_option, lang_option, realm_option, with_keycloak
from ...output import one_line, print_json, printable
from ...owners.target import Target
from ...server.keycloak import Json, Keycloak
from ...texts import Language
from ..support import STATES, Support

TABLE_LIMIT = 100
"""Owners a table shows when no limit is given; JSON has all."""

PIPE_WIDTH = 240
"""Characters of a line of the table that no terminal shows."""

FULL_WIDTH = 110
"""Characters a terminal needs for the whole table; a narrower one is spared the columns needed less."""

_COLUMNS = ("identifier", "name", "step", "address", "contracts", "since", "expires")
_LESS_NEEDED = ("contracts", "since")


@click.command("list")
@agency_option
@click.option("--search", help="Words of the name or the identifier, or a whole email address.")
@click.option("--state", type=click.Choice(STATES), help="Only owners in this state.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=f"How many at most; 0 for all.  [default: {TABLE_LIMIT}; with --json all]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@realm_option
@lang_option
@with_keycloak
def list_owners(
    keycloak: Keycloak,
    agency: tuple[str, str],
    search: str | None,
    state: str | None,
    limit: int | None,
    as_json: bool,
    realm: str,
    lang: Language,
) -> None:
    """List the owners of an agency, by their identifiers.

    Of a personal account an agency sees a masked address. The states: loaded, letter (its letter was made),
    started (the letter was used), waiting (for the mail), active, merged, expired, disabled, ended (no
    contract left); locked (at this moment), provisional, personal.

    \b
    Examples:
      moncompte owners list --agency 1001/01
      moncompte owners list --agency 1001/01 --search lefevre
      moncompte owners list --agency 1001/01 --state expired --json
    """
    found = Support(keycloak, Target(realm, *agency), lang).owners(search, state)
    if as_json:
        _print_array(islice(found, limit or None))
        return
    limit = TABLE_LIMIT if limit is None else limit
    shown = list(islice(found, limit or None))
    if not shown:
        click.echo(text(lang, "list_none"))
        return
    # Into a file or another program: a line an owner, whatever the width of nobody's terminal.
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    console.print(_table(shown, lang, narrow=console.width < FULL_WIDTH))
    if limit and next(found, None) is not None:
        click.echo(text(lang, "list_more"))


def _print_array(owners: Iterator[Json]) -> None:
    """A JSON array, one owner a line, as they come: 100,000 of them need no memory."""
    separator = "["
    for owner in owners:
        click.echo(f"{separator}{json.dumps(owner, ensure_ascii=False)}", nl=False)
        separator = ",\n "
    click.echo("[]" if separator == "[" else "]")


def _table(owners: list[Json], lang: Language, *, narrow: bool) -> Table:
    table = Table(box=SIMPLE)
    columns = [column for column in _COLUMNS if not (narrow and column in _LESS_NEEDED)]
    for column in columns:
        table.add_column(
            text(lang, f"list_{column}"),
            overflow="fold",
            no_wrap=column in ("identifier", "since", "expires"),
            justify="right" if column == "contracts" else "left",
        )
    for owner in owners:
        cells = {
            "identifier": owner["identifier"],
            "name": owner["name"],
            "step": step_in_words(owner, lang),
            "address": owner["masked_email"] or owner["suggested_email"],
            "contracts": owner["contracts"],
            "since": day(owner["activated_at"] or owner["letter_at"] or owner["loaded_at"]),
            "expires": day(owner["expires"]),
        }
        table.add_row(*(Text(printable(cells[column])) for column in columns))
    return table


def step_in_words(owner: Json, lang: Language) -> str:
    """How far an owner has come, and whether the account is locked."""
    words = _words(f"step_{owner['step']}", str(owner["step"]), lang)
    return f"{words} · {text(lang, 'step_locked')}" if owner["locked"] else words


def day(at: object) -> str:
    """The day of a moment that the server wrote."""
    return str(at)[:10] if at else ""


def _words(code: str, otherwise: str, lang: Language) -> str:
    return text(lang, code) if code in SUPPORT_TEXTS else otherwise


# ---------------------------------------------------------------- show


@click.command("show")
@click.argument("owner")
@agency_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@realm_option
@lang_option
@with_keycloak
def show_owner(
    keycloak: Keycloak, owner: str, agency: tuple[str, str], as_json: bool, realm: str, lang: Language
) -> None:
    """Show an OWNER of an agency, given by identifier, name or email address.

    Of a personal account an agency sees a masked address, and since when its owner has frozen it (a dispute).
    Merges that can be undone stand with their ids, and events as far as they concern this agency.

    \b
    Examples:
      moncompte owners show P00012 --agency 1001/01
      moncompte owners show "Lefèvre Hélène" --agency 1001/01
      moncompte owners show helene@exemple.fr --agency 1001/01 --json
    """
    target = Target(realm, *agency)
    found = Support(keycloak, target, lang).find(owner)
    if as_json:
        print_json(found)
    else:
        _print_owner(found, target, lang)


def _print_owner(found: Json, target: Target, lang: Language) -> None:
    state = "show_personal" if found.get("state") == "personal" else "show_provisional"
    click.secho(f"{printable(found['identifier'])} ({target.codes}) · {printable(found['name'])}", bold=True)
    click.echo(f"{_label(lang, 'show_state')}{text(lang, state)}")
    click.echo(f"{_label(lang, 'show_step')}{step_in_words(found, lang)}")
    for key, code in (
        ("masked_email", "show_email"),
        ("activated_at", "show_activated_at"),
        ("frozen_at", "show_frozen_at"),
        ("letter_at", "show_letter_at"),
        ("started_at", "show_started_at"),
        ("expires", "show_expires"),
    ):
        if found.get(key):
            click.echo(f"{_label(lang, code)}{printable(found[key])}")
    _print_warnings(found, lang)
    for key in ("contracts", "contacts"):
        values = found.get(key) or []
        click.echo(_label(lang, f"show_{key}") + ("" if values else text(lang, "show_none")))
        for value in values:
            click.echo(f"  {one_line(value)}")
    if found.get("merges"):
        click.echo(_label(lang, "show_merges"))
        for merge in found["merges"]:
            click.echo(f"  {_merge(merge, lang)}")
    if found.get("events"):
        click.echo(_label(lang, "show_events"))
        for event in found["events"]:
            click.echo(f"  {_event(event, lang)}")


def _print_warnings(found: Json, lang: Language) -> None:
    if not found["enabled"]:
        click.echo(text(lang, "show_disabled"))
    if found["locked"]:
        click.echo(text(lang, "show_locked"))
    release = found.get("release")
    if release:
        code = "show_release_refused" if release.get("refused") else "show_release"
        click.echo(text(lang, code, **release))


def _merge(merge: Json, lang: Language) -> str:
    return text(
        lang,
        "show_merge",
        at=merge["at"],
        identifiers=", ".join(merge["identifiers"]),
        count=len(merge["contracts"]),
        until=merge["undoable_until"],
        id=merge["id"],
    )


_EVENTS = {
    "merge": "event_merge",
    "merge_accounts": "event_merge_accounts",
    "unmerge": "event_unmerge",
    "REGISTER": "event_REGISTER",
}


def _event(event: Json, lang: Language) -> str:
    kind = str(event.get("action") or event.get("type"))
    known = _EVENTS.get(kind)
    words = text(lang, known) if known else _words(f"event_{kind}", kind, lang)
    about = event.get("identifier")
    if about and event.get("to"):
        about = f"{about} → {event['to']}"
    parts = [event.get("at"), words, about]
    if event.get("person_is_gone"):
        parts.append(text(lang, "event_person_is_gone"))
    if event.get("contracts"):
        parts.append(f"{_label(lang, 'show_contracts')}{event['contracts']}")
    return " · ".join(printable(part) for part in [*parts, event.get("merge_id")] if part)


def _label(lang: Language, code: str) -> str:
    return text(lang, code) + (" : " if lang == "fr" else ": ")
