"""`moncompte owners reissue`, `resend`, `disable` and `enable`: for owners who have not activated."""

from __future__ import annotations

from pathlib import Path

import click

from ...errors import BadInputError, MoncompteError
from ...options import credentials_option, json_option, owner_command
from ...owners.credentials import CredentialsFile
from ...owners.file import identifier_key
from ...server.keycloak import Json, Keycloak
from ...server.target import Target
from ...terminal import ask, minute, print_json, say, yes_option
from ...texts import _
from ..support import Support


@owner_command()
@click.argument("owner")
@credentials_option
@yes_option
@json_option
def reissue(
    keycloak: Keycloak, target: Target, owner: str, credentials: Path | None, yes: bool, as_json: bool
) -> None:
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
    support = Support(keycloak, target)
    found = support.find(owner)
    if credentials is None:
        raise BadInputError(
            _(
                "{identifier} gets a new provisional password: say where to write it with --credentials FILE."
                " Nothing was changed."
            ).format(identifier=found["identifier"])
        )
    ask_whether_meant(owner, found, yes=yes)
    done = support.reissue(found, lambda: CredentialsFile(credentials, target.codes))
    text = _(
        "{identifier} ({name}) has a new provisional password that works until {expires}; the old one no"
        " longer works. It is in {file} (the last line of the identifier): make the letter from it."
    ).format(
        identifier=found["identifier"],
        name=found["name"],
        expires=minute(done["expires"]),
        file=credentials.absolute(),
    )
    if not found["enabled"]:
        disabled = _(
            "{identifier} is disabled: the letter works after `moncompte owners enable {identifier}`."
        )
        text += "\n" + disabled.format(identifier=found["identifier"])
    print_done(done, text, as_json)


@owner_command()
@click.argument("owner")
@yes_option
@json_option
def resend(keycloak: Keycloak, target: Target, owner: str, yes: bool, as_json: bool) -> None:
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
    support = Support(keycloak, target)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    done = support.resend(found)
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
    print_done(done, text, as_json)


@owner_command()
@click.argument("owner")
@yes_option
@json_option
def disable(keycloak: Keycloak, target: Target, owner: str, yes: bool, as_json: bool) -> None:
    """Disable the provisional account of OWNER.

    OWNER is an identifier, a name or an email address. The letter does not work until `enable`, and a pending
    activation ends. A personal account belongs to its owner: there an agency can only end its own contracts
    (`release`, or `import --prune`).

    \b
    Examples:
      moncompte owners disable P00012 --agency 1001/01
    """
    support = Support(keycloak, target)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    text = _(
        "The provisional account {identifier} ({name}) is disabled: its letter does not work, an activation"
        " that was begun has ended."
    )
    print_done(
        support.disable(found), text.format(identifier=found["identifier"], name=found["name"]), as_json
    )


@owner_command()
@click.argument("owner")
@yes_option
@json_option
def enable(keycloak: Keycloak, target: Target, owner: str, yes: bool, as_json: bool) -> None:
    """Enable the provisional account of OWNER again, after `disable`.

    OWNER is an identifier, a name or an email address.

    \b
    Examples:
      moncompte owners enable P00012 --agency 1001/01
    """
    support = Support(keycloak, target)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    text = _("The provisional account {identifier} ({name}) can be used again.")
    print_done(
        support.enable(found), text.format(identifier=found["identifier"], name=found["name"]), as_json
    )


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
