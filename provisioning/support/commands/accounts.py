"""`moncompte owners reissue`, `resend`, `disable` and `enable`: for owners who have not activated."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ...errors import MoncompteError
from ...options import credentials_option, json_option, owner_command
from ...owners.credentials import CredentialsFile
from ...owners.identifiers import identifier_key
from ...server.keycloak import Json, Keycloak
from ...server.target import Target
from ...terminal import ask, minute, print_json, say, yes_option
from ...texts import _
from ..support import Support


def account_command() -> Callable[[Callable[..., tuple[Json, str]]], click.Command]:
    """A command that changes the account of one owner: it gets the agency's support and the owner found.

    It gives what the server answered, for programs, and a sentence, for people.
    """

    def decorated(function: Callable[..., tuple[Json, str]]) -> click.Command:
        def wrapped(
            keycloak: Keycloak, target: Target, /, owner: str, yes: bool, as_json: bool, **options: Any
        ) -> None:
            support = Support(keycloak, target)
            found = support.find(owner)
            ask_whether_meant(owner, found, yes=yes)
            print_done(*function(support, found, **options), as_json)

        functools.update_wrapper(wrapped, function)
        return owner_command()(click.argument("owner")(yes_option(json_option(wrapped))))

    return decorated


@account_command()
@credentials_option(required=True)
def reissue(support: Support, found: Json, credentials: Path) -> tuple[Json, str]:
    """Give OWNER, who has not activated, a new provisional password for another letter.

    OWNER is an identifier, a name or an email address. The former password stops working, a pending
    activation ends, and the letter's lifetime starts again. Refused once the owner has activated.

    \b
    Exit codes: 0 done; 1 failed, refused by the server, or not agreed to; 2 usage.

    \b
    Examples:
      moncompte owners reissue P00012 --agency 1001/01 --credentials letters.csv
      moncompte owners reissue "Lefèvre Hélène" --agency 1001/01 --credentials letters.csv --yes
    """
    done = support.reissue(found, lambda: CredentialsFile(credentials, support.target.codes))
    text = _(
        "{identifier} ({name}) has a new provisional password that works until {expires}; the old one no"
        " longer works. It is in {file} (the last line of the identifier): make the letter from it."
    )
    if not found["enabled"]:
        text += "\n" + _(
            "{identifier} is disabled: the letter works after `moncompte owners enable {identifier}`."
        )
    return done, text.format(
        identifier=found["identifier"],
        name=found["name"],
        expires=minute(done["expires"]),
        file=credentials.absolute(),
    )


@account_command()
def resend(support: Support, found: Json) -> tuple[Json, str]:
    """Resend the activation mail to OWNER.

    OWNER is an identifier, a name or an email address. The mail goes to the same address, with a new link. It
    says so when no activation is pending, and when the mail has just left.

    \b
    Exit codes: 0 sent; 1 not sent, and why; 2 usage.

    \b
    Examples:
      moncompte owners resend P00012 --agency 1001/01
      moncompte owners resend helene@exemple.fr --agency 1001/01 --json
    """
    done = support.change(found, "resend")
    outcomes = {
        "sent": _("The activation mail of {identifier} is on its way to {email} again, with a new link."),
        "cooling_down": _(
            "the activation mail of {identifier} has just left for {email} and stays good. It can be sent"
            " again in {wait} s; look into the spam folder meanwhile."
        ),
        "too_many": _("too many mails have left for {email} already; try again in an hour."),
    }
    text = outcomes[done["outcome"]].format(
        identifier=done["identifier"], email=done["masked_email"], wait=done["wait"]
    )
    if done["outcome"] != "sent":
        raise MoncompteError(text)
    return done, text


@account_command()
def disable(support: Support, found: Json) -> tuple[Json, str]:
    """Disable the provisional account of OWNER.

    OWNER is an identifier, a name or an email address. The letter does not work until `enable`, and a pending
    activation ends. A personal account belongs to its owner: there an agency can only end its own contracts
    (`release`, or `import --prune`).

    \b
    Examples:
      moncompte owners disable P00012 --agency 1001/01
    """
    text = _(
        "The provisional account {identifier} ({name}) is disabled: its letter does not work, an activation"
        " that was begun has ended."
    )
    done = support.change(found, "disable")
    return done, text.format(identifier=found["identifier"], name=found["name"])


@account_command()
def enable(support: Support, found: Json) -> tuple[Json, str]:
    """Enable the provisional account of OWNER again, after `disable`.

    OWNER is an identifier, a name or an email address.

    \b
    Examples:
      moncompte owners enable P00012 --agency 1001/01
    """
    text = _("The provisional account {identifier} ({name}) can be used again.")
    done = support.change(found, "enable")
    return done, text.format(identifier=found["identifier"], name=found["name"])


def print_done(done: Json, text: str, as_json: bool) -> None:
    """What was done: for programs what the server answered, for people a sentence."""
    if as_json:
        print_json(done)
    else:
        say(text)


def ask_whether_meant(typed: str, owner: Json, *, yes: bool) -> None:
    """Ask about an owner who was found by a name or an address, not by the identifier."""
    if identifier_key(typed) != identifier_key(str(owner["identifier"])):
        question = _("“{typed}”: is that {identifier}, {name}?")
        ask(question.format(typed=typed, identifier=owner["identifier"], name=owner["name"]), yes=yes)
