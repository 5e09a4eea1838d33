"""`moncompte owners release`: an identifier leaves the account that holds it."""

from __future__ import annotations

import click

from ...asking import ask, yes_option
from ...errors import BadInputError
from ...messages import text
from ...options import agency_option, lang_option, realm_option, with_keycloak
from ...owners.target import Target
from ...server.keycloak import Json, Keycloak
from ...texts import Language
from ..support import Support
from .accounts import ask_whether_meant, json_option, print_done


@click.command()
@click.argument("owner")
@agency_option
@click.option(
    "--person-is-gone",
    is_flag=True,
    help="Do not wait for the owner of a personal account. The event records this choice.",
)
@click.option("--again", is_flag=True, help="Ask once more although the owner has refused.")
@click.option("--cancel", is_flag=True, help="Withdraw the request.")
@yes_option
@json_option
@realm_option
@lang_option
@with_keycloak
def release(
    keycloak: Keycloak,
    owner: str,
    agency: tuple[str, str],
    person_is_gone: bool,
    again: bool,
    cancel: bool,
    yes: bool,
    as_json: bool,
    realm: str,
    lang: Language,
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
        raise BadInputError(text(lang, "release_one_option"))
    support = Support(keycloak, Target(realm, *agency), lang)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    if cancel:
        done = support.cancel_release(found)
    else:
        plan = _plan(found, person_is_gone=person_is_gone, again=again)
        if plan is not None:
            click.echo(_about(found, f"release_plan_{plan}", lang), err=as_json)
            ask(text(lang, "release_ask" if plan == "ask" else "release_question"), yes=yes)
        done = support.release(found, person_is_gone=person_is_gone, again=again)
    said = text(
        lang,
        f"release_{done['outcome']}",
        identifier=done["identifier"],
        email=done.get("masked_email"),
        asked=done.get("asked"),
        due=done.get("due"),
    )
    print_done(done, said, as_json)


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


def _about(owner: Json, code: str, lang: Language) -> str:
    return text(
        lang,
        code,
        identifier=owner["identifier"],
        name=owner["name"],
        email=owner.get("masked_email"),
        count=sum(contract["identifier"] == owner["identifier"] for contract in owner["contracts"]),
    )
