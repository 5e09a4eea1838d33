"""`moncompte owners release`: an identifier leaves the account that holds it."""

from __future__ import annotations

from pathlib import Path

import click

from ...asking import ask, yes_option
from ...errors import BadInputError
from ...keycloak import Json, Keycloak
from ...messages import Language, text
from ...options import agency_option, lang_option, realm_option, with_keycloak
from ...owners.credentials import CredentialsFile
from ...owners.target import Target
from ..support import Support
from .accounts import ask_whether_meant, credentials_option, json_option, print_done


@click.command()
@click.argument("owner")
@agency_option
@click.option(
    "--same-owner",
    is_flag=True,
    help="The identifier stays with its owner, who has lost the mailbox: back to a provisional account.",
)
@click.option("--cancel", is_flag=True, help="With --same-owner: take back what was asked for.")
@click.option(
    "--again",
    is_flag=True,
    help="With --same-owner: ask once more although the reader of the mailbox has said no.",
)
@credentials_option
@yes_option
@json_option
@realm_option
@lang_option
@with_keycloak
def release(
    keycloak: Keycloak,
    owner: str,
    agency: tuple[str, str],
    same_owner: bool,
    cancel: bool,
    again: bool,
    credentials: Path | None,
    yes: bool,
    as_json: bool,
    realm: str,
    lang: Language,
) -> None:
    """Release the identifier of an OWNER, to give it to somebody else.

    OWNER is an identifier, a name or an email address. The identifier and its contracts leave the account at
    once, and its owner is told by mail; a provisional account goes altogether. The next import loads the
    identifier afresh.

    With --same-owner, for an owner whose mailbox is lost, the contracts go back to a provisional account with
    new credentials: the first call tells the old address, whose reader can say no; the same call after the
    delay the operator has set (lifetimes: release_delay) does it.

    \b
    Exit codes: 0 done, asked for or not due yet; 1 failed, refused, or not agreed to; 2 usage.

    \b
    Examples:
      moncompte owners release P00012 --agency 1001/01
      moncompte owners release P00012 --agency 1001/01 --same-owner
      moncompte owners release P00012 --agency 1001/01 --same-owner --credentials letters.csv
      moncompte owners release P00012 --agency 1001/01 --same-owner --cancel
    """
    if (cancel or again or credentials is not None) and not same_owner:
        raise BadInputError(text(lang, "release_only_same_owner"))
    target = Target(realm, *agency)
    support = Support(keycloak, target, lang)
    found = support.find(owner)
    ask_whether_meant(owner, found, lang, yes=yes)
    if not same_owner:
        _release(support, found, lang, yes=yes, as_json=as_json)
        return
    if cancel:
        done = support.cancel_release(found)
        said = text(lang, "release_cancelled", asked=done["asked"], identifier=done["identifier"])
        print_done(done, said, as_json)
        return
    if not _is_open(found):
        _ask_for(support, found, lang, again=again, yes=yes, as_json=as_json)
        return
    open_request = support.ask_release(found)
    if open_request["outcome"] == "due":
        _carry_out(support, found, target, credentials, lang, yes=yes, as_json=as_json)
    else:
        _print_open(open_request, lang, as_json)


def _release(support: Support, owner: Json, lang: Language, *, yes: bool, as_json: bool) -> None:
    code = f"release_plan_{owner['state']}"
    click.echo(_about(owner, code, lang), err=as_json)
    ask(text(lang, "release_question"), lang, yes=yes)
    done = support.release(owner)
    print_done(done, text(lang, "release_done", identifier=done["identifier"]), as_json)


def _is_open(owner: Json) -> bool:
    """Whether a release for the same owner was asked for that nobody has said no to."""
    asked = owner.get("release")
    return asked is not None and asked.get("refused") is None


def _ask_for(support: Support, owner: Json, lang: Language, *, again: bool, yes: bool, as_json: bool) -> None:
    if owner["state"] == "personal" and (owner.get("release") is None or again):
        click.echo(_about(owner, "release_ask_plan", lang), err=as_json)
        ask(text(lang, "release_ask_question"), lang, yes=yes)
    _print_open(support.ask_release(owner, again=again), lang, as_json)


def _print_open(request: Json, lang: Language, as_json: bool) -> None:
    said = text(
        lang,
        f"release_{request['outcome']}",
        email=request.get("masked_email"),
        asked=request["asked"],
        due=request["due"],
    )
    print_done(request, said, as_json)


def _carry_out(
    support: Support,
    owner: Json,
    target: Target,
    credentials: Path | None,
    lang: Language,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    if credentials is None:
        raise BadInputError(text(lang, "credentials_for", identifier=owner["identifier"]))
    click.echo(_about(owner, "release_due", lang), err=as_json)
    ask(text(lang, "release_due_question"), lang, yes=yes)
    done = support.carry_out_release(owner, lambda: CredentialsFile(credentials, target.codes))
    said = text(
        lang,
        "release_carried_out",
        identifier=done["identifier"],
        file=str(credentials.absolute()),
        expires=done["expires"],
        email=done.get("masked_email"),
    )
    print_done(done, said, as_json)


def _about(owner: Json, code: str, lang: Language) -> str:
    return text(
        lang,
        code,
        identifier=owner["identifier"],
        name=owner["name"],
        email=owner.get("masked_email"),
        count=_contracts(owner),
    )


def _contracts(owner: Json) -> int:
    """How many contracts stand under the identifier."""
    return sum(contract["identifier"] == owner["identifier"] for contract in owner["contracts"])
