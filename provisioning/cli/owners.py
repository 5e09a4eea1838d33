"""`moncompte owners`: loading the owners of an agency, and looking one up. `unmerge` has its own module."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import get_args

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..credentials_file import CredentialsFile
from ..keycloak import Json, Keycloak
from ..messages import Language, language_of, text
from ..owners import Counts, Loader, Options, Target
from ..owners_file import OwnersFile, Problem
from .agency import agency_option
from .connection import realm_option, with_keycloak
from .output import Problem3, print_json, printable

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


@owners.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@agency_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that generated passwords are written to, before they are sent. A run again uses those in it.",
)
@click.option(
    "--replace-passwords",
    is_flag=True,
    help="Give owners who have not activated yet the passwords of the file (new ones where it has none).",
)
@click.option(
    "--same-person",
    is_flag=True,
    help="Accept a line that names someone else than the owner who activated its identifier.",
)
@realm_option
@lang_option
@with_keycloak
def import_owners(
    keycloak: Keycloak,
    file: Path,
    agency: tuple[str, str],
    dry_run: bool,
    credentials: Path | None,
    replace_passwords: bool,
    same_person: bool,
    realm: str,
    lang: Language,
) -> None:
    """Load the owners of an agency from FILE.

    FILE is CSV with ; or , in UTF-8 or Windows-1252, one line a contract. Lines that cannot be used are
    reported with number, column and reason; the others are loaded. It can be interrupted and run again, and
    never touches the name, email or password of an owner who has activated.

    \b
    Exit codes: 0 all in; 1 failed while running; 2 usage, or an unusable file; 3 some lines refused.

    \b
    Examples:
      moncompte owners import owners.csv --agency 1001/01 --dry-run
      moncompte owners import owners.csv --agency 1001/01 --credentials letters.csv
      moncompte owners import owners.csv --agency 3003/01 --realm moncompte-3003-01 --lang en
    """
    target = Target(realm, *agency)
    options = Options(dry_run=dry_run, replace_passwords=replace_passwords, same_person=same_person)
    loader = Loader(
        keycloak, target, OwnersFile(file, lang), options, lambda problem: _print_problem(problem, lang)
    )
    loader.survey()
    if dry_run:
        click.echo(text(lang, "report_dry_run", counts=_counts(loader.counts, lang)))
        if loader.to_generate:
            click.echo(text(lang, "report_would_generate", count=loader.to_generate))
    else:
        _send(loader, credentials, target, lang)
    if loader.counts.chosen_passwords:
        click.echo(text(lang, "report_weaker", count=loader.counts.chosen_passwords))
    if loader.counts.refused_lines:
        raise Problem3


def _send(loader: Loader, credentials: Path | None, target: Target, lang: Language) -> None:
    if credentials is None:
        loader.require_credentials(lang)
    with contextlib.ExitStack() as stack:
        keep = None
        if credentials is not None and loader.to_generate:
            keep = stack.enter_context(CredentialsFile(credentials, target.codes))
        progress = stack.enter_context(_progress())
        task = progress.add_task("", total=loader.to_send)
        try:
            loader.send(keep, lambda sent: progress.advance(task, sent))
        except BaseException:
            progress.stop()
            click.echo(text(lang, "report_interrupted", counts=_counts(loader.counts, lang)), err=True)
            raise
    click.echo(_counts(loader.counts, lang))
    if credentials is not None and loader.counts.generated_passwords:
        click.echo(
            text(
                lang,
                "report_generated",
                count=loader.counts.generated_passwords,
                file=str(credentials.absolute()),
            )
        )


def _progress() -> Progress:
    """A bar on a terminal, nothing elsewhere."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )


def _counts(counts: Counts, lang: Language) -> str:
    return text(
        lang,
        "report_counts",
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=len(counts.refused_lines),
    )


def _print_problem(problem: Problem, lang: Language) -> None:
    code = "report_line" if problem.column else "report_line_only"
    where = text(lang, code, line=problem.line, column=problem.column, reason="{reason}")
    said = where.replace("{reason}", problem.reason(lang))
    click.echo(
        said if problem.refused else text(lang, "report_note", problem="{problem}").replace("{problem}", said)
    )


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


_EVENTS = {"merge": "event_merge", "unmerge": "event_unmerge", "REGISTER": "event_REGISTER"}


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
