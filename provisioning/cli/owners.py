"""`moncompte owners`: the owners of an agency, and looking one up. `import` and `unmerge` have modules of
their own."""

from __future__ import annotations

import os
from typing import get_args

import click

from ..keycloak import Json, Keycloak
from ..messages import Language, language_of, text
from ..owners import Target
from .agency import agency_option
from .connection import realm_option, with_keycloak
from .output import print_json, printable

lang_option = click.option(
    "--lang",
    type=click.Choice(get_args(Language)),
    default=lambda: language_of(os.environ),
    show_default="by LANG, else fr",
    help="Language of what is said about the file.",
)


@click.group()
def owners() -> None:
    """The owners of an agency.

    \b
    Examples:
      moncompte owners import owners.csv --agency 1001/01 --credentials letters.csv
      moncompte owners show P00012 --agency 1001/01
      moncompte owners unmerge P00012 --agency 1001/01 --dry-run
    """


@owners.command("show")
@click.argument("identifier")
@agency_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@realm_option
@lang_option
@with_keycloak
def show_owner(
    keycloak: Keycloak, identifier: str, agency: tuple[str, str], as_json: bool, realm: str, lang: Language
) -> None:
    """Show the owner that has IDENTIFIER at an agency.

    Of a personal account an agency sees a masked address, and since when its owner has frozen it
    (a dispute). Merges that can be undone stand with their ids, and events (activation, merge, merge
    undone) as far as they concern this agency.

    \b
    Examples:
      moncompte owners show P00012 --agency 1001/01
      moncompte owners show P00012 --agency 1001/01 --json
    """
    target = Target(realm, *agency)
    found = keycloak.owner(target.realm, target.alias, identifier)
    if as_json:
        print_json(found)
    else:
        _print_owner(found, identifier, target, lang)


def _print_owner(found: Json, identifier: str, target: Target, lang: Language) -> None:
    state = "show_personal" if found.get("state") == "personal" else "show_provisional"
    click.secho(f"{printable(found.get('identifier') or identifier)} ({target.codes})", bold=True)
    click.echo(f"{_label(lang, 'show_state')}{text(lang, state)}")
    for key, code in (
        ("masked_email", "show_email"),
        ("activated_at", "show_activated_at"),
        ("frozen_at", "show_frozen_at"),
        ("expires", "show_expires"),
    ):
        if found.get(key):
            click.echo(f"{_label(lang, code)}{printable(found[key])}")
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
    kind = event.get("action") or event.get("type")
    known = _EVENTS.get(str(kind))
    parts = [event.get("at"), text(lang, known) if known else kind, event.get("identifier")]
    if event.get("contracts"):
        parts.append(f"{_label(lang, 'show_contracts')}{event['contracts']}")
    return " · ".join(printable(part) for part in [*parts, event.get("merge_id")] if part)


def _label(lang: Language, code: str) -> str:
    return text(lang, code) + (" : " if lang == "fr" else ": ")


def one_line(value: object) -> str:
    """A contract or a contact in one line; agency and identifier are known where it stands."""
    if isinstance(value, dict):
        return " · ".join(
            printable(part) for key, part in value.items() if part and key not in ("agency", "identifier")
        )
    return printable(value)
