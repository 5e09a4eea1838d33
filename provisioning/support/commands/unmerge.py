"""`moncompte owners unmerge`: undo a merge, with a look at it first."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ...asking import agreed
from ...errors import BadInputError, MoncompteError
from ...messages import text
from ...options import agency_option, lang_option, realm_option, with_keycloak
from ...output import one_line
from ...owners.credentials import CredentialsFile
from ...owners.target import Target
from ...server.keycloak import Json, Keycloak
from ...texts import Language
from ..unmerge import Unmerge


@click.command()
@click.argument("identifier")
@agency_option
@click.option(
    "--merge", help="Id of the merge, as its event and `owners show` tell; needed when there are several."
)
@click.option("--dry-run", is_flag=True, help="Say what would go back, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that the new provisional password is added to, before it is sent.",
)
@realm_option
@lang_option
@with_keycloak
def unmerge(
    keycloak: Keycloak,
    identifier: str,
    agency: tuple[str, str],
    merge: str | None,
    dry_run: bool,
    yes: bool,
    credentials: Path | None,
    realm: str,
    lang: Language,
) -> None:
    """Undo the merge that brought IDENTIFIER to a personal account.

    The identifier becomes a provisional account again, with new credentials and with its contracts as they
    are now; the personal account keeps everything else, and its owner is told by mail. It can be done for as
    long as the manifest says (lifetimes: unmerge).

    \b
    Exit codes: 0 done; 1 failed, refused by the server, or not agreed to; 2 usage.

    \b
    Examples:
      moncompte owners unmerge P00012 --agency 1001/01 --dry-run
      moncompte owners unmerge P00012 --agency 1001/01 --credentials letters.csv
      moncompte owners unmerge P00012 --agency 1001/01 --merge 5f0c… --credentials letters.csv --yes
    """
    if credentials is None and not dry_run:
        raise BadInputError(text(lang, "unmerge_credentials_needed"))
    target = Target(realm, *agency)
    undoing = Unmerge(keycloak, target, identifier, merge, lang)
    plan = undoing.plan()
    _print_plan(plan, target, lang)
    if credentials is None or dry_run:
        click.echo(text(lang, "unmerge_dry_run"))
        return
    if not yes:
        _ask(lang)
    with CredentialsFile(credentials, target.codes) as keep:
        done = undoing.send(plan, keep)
    click.echo(
        text(
            lang,
            "unmerge_done",
            identifier=done["identifier"],
            codes=target.codes,
            count=len(done["contracts"]),
            file=str(credentials.absolute()),
            expires=done["expires"],
            email=done["masked_email"],
        )
    )


def _print_plan(plan: Json, target: Target, lang: Language) -> None:
    click.echo(
        text(
            lang,
            "unmerge_plan",
            id=plan["merge"],
            at=plan["merged_at"],
            identifier=plan["identifier"],
            codes=target.codes,
            email=plan["masked_email"],
        )
    )
    for value in [*plan["contracts"], plan["contact"]]:
        click.echo(f"  {one_line(value)}")
    if plan["leaves_agency"]:
        click.echo(text(lang, "unmerge_leaves", email=plan["masked_email"], codes=target.codes))


def _ask(lang: Language) -> None:
    if not sys.stdin.isatty():
        raise BadInputError(text(lang, "unmerge_no_terminal"))
    if not agreed(text(lang, "unmerge_question")):
        raise MoncompteError(text(lang, "unmerge_declined"))
