"""`moncompte owners release`: an identifier leaves the account that holds it."""

from __future__ import annotations

import click

from ...errors import BadInputError
from ...options import json_option, owner_command
from ...server.keycloak import Json, Keycloak
from ...server.target import Target
from ...terminal import ask, minute, printable, yes_option
from ...texts import _
from ..support import Support
from .accounts import ask_whether_meant, print_done


@owner_command()
@click.argument("owner")
@click.option(
    "--person-is-gone",
    is_flag=True,
    help="Do not wait for the owner of a personal account. The event records this choice.",
)
@click.option("--again", is_flag=True, help="Ask once more although the owner has refused.")
@click.option("--cancel", is_flag=True, help="Withdraw the request.")
@yes_option
@json_option
def release(
    keycloak: Keycloak,
    target: Target,
    owner: str,
    person_is_gone: bool,
    again: bool,
    cancel: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Release the identifier of an OWNER.

    OWNER is an identifier, a name or an email address. The identifier and its contracts leave the account.
    The next import loads them again, for somebody else or for the same owner with a new letter.

    A provisional account is deleted at once. The owner of a personal account is told by mail and can refuse
    for as long as the operator has set (lifetimes: release_delay). After that, run the same command again.

    \b
    Exit codes: 0 released, asked for or not due yet; 1 failed, refused, or not agreed to; 2 usage.

    \b
    Examples:
      moncompte owners release P00012 --agency 1001/01
      moncompte owners release P00012 --agency 1001/01 --cancel
      moncompte owners release P00012 --agency 1001/01 --person-is-gone
    """
    if person_is_gone + again + cancel > 1:
        raise BadInputError(_("--person-is-gone, --again and --cancel exclude each other."))
    support = Support(keycloak, target)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    if cancel:
        done = support.cancel_release(found)
    else:
        plan = _plan(found, person_is_gone=person_is_gone, again=again)
        if plan is not None:
            click.echo(printable(_announced(plan, found)), err=as_json)
            ask(_("Ask for it?") if plan == "ask" else _("Release this identifier?"), yes=yes)
        done = support.release(found, person_is_gone=person_is_gone, again=again)
    print_done(done, _said(done), as_json)


def _plan(owner: Json, *, person_is_gone: bool, again: bool) -> str | None:
    """What the release will do: `delete`, `take` or `ask`; None when nothing has to be agreed to."""
    if owner["state"] == "provisional":
        return "delete"
    pending = owner.get("release")
    if pending is not None and pending.get("refused"):
        return "ask" if again else None
    if person_is_gone or (pending is not None and pending["ready"]):
        return "take"
    return "ask" if pending is None else None


def _announced(plan: str, owner: Json) -> str:
    """What the release will do, in words."""
    texts = {
        "delete": _(
            "The provisional account {identifier} ({name}) is to go (contracts: {count}): its letter will not"
            " work; the next import can load the identifier."
        ),
        "take": _(
            "{identifier} ({name}) is to leave the personal account {email} (contracts: {count}). The owner"
            " will be told by mail; the next import can load the identifier."
        ),
        "ask": _(
            "{identifier} ({name}) is to leave the personal account {email} (contracts: {count}). A mail"
            " leaves at once to this address, whose reader can refuse; after the delay set by the operator,"
            " the same command releases the identifier."
        ),
    }
    return texts[plan].format(
        identifier=owner["identifier"],
        name=owner["name"],
        email=owner.get("masked_email"),
        count=sum(contract["identifier"] == owner["identifier"] for contract in owner["contracts"]),
    )


def _said(done: Json) -> str:
    """What the release did, in words."""
    texts = {
        "released": _("The identifier {identifier} is free."),
        "asked": _(
            "Asked for, and told to {email}. From {due} on, run the same command; --cancel withdraws it."
        ),
        "waiting": _(
            "Asked for on {asked}, and told to {email}. Possible from {due} on; --cancel withdraws it."
        ),
        "cancelled": _("The request of {asked} is cancelled: {identifier} stays in its account."),
    }
    said = texts[done["outcome"]]
    if done.get("told") == "held_back":
        said += " " + _("The mail to the owner was held back, because many have left within an hour.")
    return said.format(
        identifier=done["identifier"],
        email=done.get("masked_email"),
        asked=minute(done.get("asked")),
        due=minute(done.get("due")),
    )
