"""`moncompte owners list` and `show`: who there is, and what is known of one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from shutil import get_terminal_size

import click
from rich.table import Column

from ...options import json_option, owner_command
from ...server.keycloak import Json, Keycloak
from ...server.target import Target
from ...terminal import day, minute, one_line, print_json, print_table, printable, say
from ...texts import N_, _
from ..support import STATES, Support

TABLE_LIMIT = 100
"""Owners a table shows when no limit is given; JSON has all."""

PIPE_WIDTH = 240
"""Characters of a line of the table that no terminal shows."""

FULL_WIDTH = 110
"""Characters a terminal needs for the whole table; a narrower one is spared the columns needed less."""

_STEPS = {
    "loaded": N_("loaded"),
    "letter": N_("letter made"),
    "started": N_("started"),
    "waiting": N_("waiting for the mail"),
    "active": N_("active"),
    "merged": N_("merged"),
    "expired": N_("letter expired"),
    "disabled": N_("disabled"),
    "ended": N_("no contract left"),
}
"""How far an owner has come, in words."""

_EVENTS = {
    "merge": N_("merge"),
    "merge_accounts": N_("merge of two personal accounts"),
    "unmerge": N_("merge undone"),
    "REGISTER": N_("activation"),
    "reissue": N_("reissued"),
    "resend": N_("mail sent again"),
    "disable": N_("account disabled"),
    "enable": N_("account enabled"),
    "release": N_("released"),
    "release-asked": N_("release asked for"),
    "release-refused": N_("refused by the owner"),
    "release-cancelled": N_("request cancelled"),
    "move": N_("contracts moved"),
    "contracts-ended": N_("contracts ended"),
}
"""Events of an owner, in words."""


@owner_command("list")
@click.option("--search", help="Words of the name or the identifier, or a whole email address.")
@click.option("--state", type=click.Choice(STATES), help="Only owners in this state.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help="How many at most; 0 for all. Default: 100; with --json all.",
)
@json_option
def list_owners(
    keycloak: Keycloak,
    target: Target,
    search: str | None,
    state: str | None,
    limit: int | None,
    as_json: bool,
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
    found = Support(keycloak, target).owners(search, state)
    if as_json:
        _print_array(islice(found, limit or None))
        return
    limit = TABLE_LIMIT if limit is None else limit
    shown = list(islice(found, limit or None))
    if not shown:
        say(_("No owner."))
        return
    _print_table(shown)
    if limit and next(found, None) is not None:
        say(_("… there are more: --limit 0 shows all, --search and --state look for some."))


def _print_array(owners: Iterator[Json]) -> None:
    """A JSON array, one owner a line, as they come: 100,000 of them need no memory."""
    separator = "["
    for owner in owners:
        click.echo(f"{separator}{json.dumps(owner, ensure_ascii=False)}", nl=False)
        separator = ",\n "
    click.echo("[]" if separator == "[" else "]")


def _print_table(owners: list[Json]) -> None:
    # Into a file or another program: a line an owner, whatever the width of nobody's terminal.
    width = get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    columns: dict[str, str | Column] = {
        "identifier": Column(_("identifier"), overflow="fold", no_wrap=True),
        "name": _("name"),
        "step": _("step"),
        "address": _("address"),
        "contracts": Column(_("contracts"), justify="right"),
        "since": Column(_("since"), no_wrap=True),
        "expires": Column(_("expires"), no_wrap=True),
    }
    if width < FULL_WIDTH:
        del columns["contracts"], columns["since"]
    rows = []
    for owner in owners:
        cells = owner | {
            "step": step_in_words(owner),
            "address": owner["masked_email"] or owner["suggested_email"],
            "since": day(owner["activated_at"] or owner["letter_at"] or owner["loaded_at"]),
            "expires": day(owner["expires"]),
        }
        rows.append([cells[name] for name in columns])
    print_table(columns.values(), rows, width=width)


def step_in_words(owner: Json) -> str:
    """How far an owner has come, and whether the account is locked."""
    step = _words(_STEPS, str(owner["step"]))
    return f"{step} · {_('locked for a while')}" if owner["locked"] else step


# ---------------------------------------------------------------- show


@owner_command("show")
@click.argument("owner")
@json_option
def show_owner(keycloak: Keycloak, target: Target, owner: str, as_json: bool) -> None:
    """Show an OWNER of an agency, given by identifier, name or email address.

    Of a personal account an agency sees a masked address, and since when its owner has frozen it (a dispute).
    Merges that can be undone stand with their ids, and events as far as they concern this agency.

    \b
    Examples:
      moncompte owners show P00012 --agency 1001/01
      moncompte owners show "Lefèvre Hélène" --agency 1001/01
      moncompte owners show helene@exemple.fr --agency 1001/01 --json
    """
    found = Support(keycloak, target).find(owner)
    if as_json:
        print_json(found)
    else:
        _print_owner(found, target)


def _print_owner(found: Json, target: Target) -> None:
    personal = found.get("state") == "personal"
    click.secho(f"{printable(found['identifier'])} ({target.codes}) · {printable(found['name'])}", bold=True)
    _print_line(
        _("State"), _("personal account") if personal else _("provisional account, not activated yet")
    )
    _print_line(_("Step"), step_in_words(found))
    _print_line(_("Email address"), found.get("masked_email"))
    _print_line(_("Activated"), minute(found.get("activated_at")))
    _print_line(_("Frozen by its owner since"), minute(found.get("frozen_at")))
    _print_line(_("Letter made"), minute(found.get("letter_at")))
    _print_line(_("Activation started"), minute(found.get("started_at")))
    _print_line(_("Expires"), minute(found.get("expires")))
    _print_warnings(found)
    _print_list(_("Contracts"), [one_line(contract) for contract in found.get("contracts") or []])
    _print_list(
        _("Contact details the agency holds"), [one_line(contact) for contact in found.get("contacts") or []]
    )
    if found.get("merges"):
        _print_list(_("Merges that can be undone"), [_merge(merge) for merge in found["merges"]])
    if found.get("events"):
        _print_list(_("Events"), [_event(event) for event in found["events"]])


def _print_line(label: str, value: object) -> None:
    if value:
        say(_("{label}: {value}").format(label=label, value=value))


def _print_list(label: str, lines: list[str]) -> None:
    say(_("{label}: {value}").format(label=label, value="" if lines else _("none")).rstrip())
    for line in lines:
        say(f"  {line}")


def _print_warnings(found: Json) -> None:
    if not found["enabled"]:
        say(_("This account is disabled."))
    if found["locked"]:
        say(_("Too many wrong passwords: locked for a while, the lock ends by itself."))
    release = found.get("release")
    if not release:
        return
    if release.get("refused"):
        text = _(
            "Release asked for on {asked}; refused on {refused} by whoever reads the address of the account."
        )
    else:
        text = _("Release asked for on {asked}, possible from {due} on.")
    say(text.format(**{name: minute(release.get(name)) for name in ("asked", "refused", "due")}))


def _merge(merge: Json) -> str:
    return _("{at} · {identifiers} · contracts: {count} · can be undone until {until} · {id}").format(
        at=minute(merge["at"]),
        identifiers=", ".join(merge["identifiers"]),
        count=len(merge["contracts"]),
        until=minute(merge["undoable_until"]),
        id=merge["id"],
    )


def _event(event: Json) -> str:
    kind = str(event.get("action") or event.get("type"))
    about = event.get("identifier")
    if about and event.get("to"):
        about = f"{about} → {event['to']}"
    parts = [minute(event.get("at")), _words(_EVENTS, kind), about]
    if event.get("person_is_gone"):
        parts.append(_("without waiting: person is gone"))
    if event.get("contracts"):
        parts.append(_("{label}: {value}").format(label=_("Contracts"), value=event["contracts"]))
    return " · ".join(str(part) for part in [*parts, event.get("merge_id")] if part)


def _words(texts: dict[str, str], key: str) -> str:
    """The text of a key; the key itself, which a newer server may know, where there is none."""
    return _(texts[key]) if key in texts else key
