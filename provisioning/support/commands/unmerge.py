"""`moncompte owners unmerge`: undo a merge, with a look at it first."""

from __future__ import annotations

from pathlib import Path

import click

from ...errors import BadInputError
from ...options import credentials_option, owner_command
from ...owners.credentials import CredentialsFile
from ...server.keycloak import Json, Keycloak
from ...server.target import Target
from ...terminal import ask, minute, one_line, say, yes_option
from ...texts import _
from ..support import Support


@owner_command()
@click.argument("identifier")
@click.option(
    "--merge", help="Id of the merge, as its event and `owners show` tell; needed when there are several."
)
@click.option("--dry-run", is_flag=True, help="Say what would go back, and change nothing.")
@yes_option
@credentials_option(required=False)
def unmerge(
    keycloak: Keycloak,
    target: Target,
    identifier: str,
    merge: str | None,
    dry_run: bool,
    yes: bool,
    credentials: Path | None,
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
        raise BadInputError(
            _(
                "the identifier gets a new provisional password: say where to write it with --credentials"
                " FILE. Nothing was changed."
            )
        )
    support = Support(keycloak, target)
    merge = merge or support.only_merge(identifier)
    plan = support.plan_unmerge(merge, identifier)
    _print_plan(plan, target)
    if credentials is None or dry_run:
        say(_("Dry run, nothing was changed."))
        return
    ask(_("Undo this merge?"), yes=yes)
    with CredentialsFile(credentials, target.codes) as keep:
        done = support.unmerge(merge, plan, keep)
    say(
        _(
            "Merge undone: {identifier} ({codes}) is a provisional account again, contracts: {count}. Its"
            " provisional password is in {file} (the last line of the identifier) and works until {expires}."
        ).format(
            identifier=done["identifier"],
            codes=target.codes,
            count=len(done["contracts"]),
            file=credentials.absolute(),
            expires=minute(done["expires"]),
        )
    )
    if done["told"] == "sent":
        say(_("The owner of the account {email} is told by mail.").format(email=done["masked_email"]))
    elif done["told"] == "held_back":
        say(_("The mail to the owner was held back, because many have left within an hour."))


def _print_plan(plan: Json, target: Target) -> None:
    say(
        _(
            "Merge {id} of {at}. The identifier {identifier} ({codes}) leaves the account {email} and"
            " becomes a provisional account again, with:"
        ).format(
            id=plan["merge"],
            at=minute(plan["merged_at"]),
            identifier=plan["identifier"],
            codes=target.codes,
            email=plan["masked_email"],
        )
    )
    for value in [*plan["contracts"], plan["contact"]]:
        say(f"  {one_line(value)}")
    if plan["leaves_agency"]:
        text = _("The account {email} has no other contract at the agency {codes} and leaves it.")
        say(text.format(email=plan["masked_email"], codes=target.codes))
