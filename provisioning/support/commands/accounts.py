"""`moncompte owners reissue`, `resend`, `disable` and `enable`: for owners who have not activated."""

from __future__ import annotations

from pathlib import Path

import click

from ...asking import ask, yes_option
from ...errors import BadInputError, MoncompteError
from ...messages import text
from ...options import agency_option, lang_option, realm_option, with_keycloak
from ...output import print_json
from ...owners.credentials import CredentialsFile
from ...owners.file import identifier_key
from ...owners.target import Target
from ...server.keycloak import Json, Keycloak
from ...texts import Language, _
from ..support import Support

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

credentials_option = click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that the new provisional password is added to, before it is sent.",
)


@click.command()
@click.argument("owner")
@agency_option
@credentials_option
@yes_option
@json_option
@realm_option
@lang_option
@with_keycloak
def reissue(
    keycloak: Keycloak,
    owner: str,
    agency: tuple[str, str],
    credentials: Path | None,
    yes: bool,
    as_json: bool,
    realm: str,
    lang: Language,
) -> None:
    """Give an OWNER who has not activated a new provisional password, for another letter.

    OWNER is an identifier, a name or an email address. The password before no longer works, an activation
    that waits for its mail ends, and the time the letter is good for begins anew. Refused once the owner has
    activated.

    \b
    Exit codes: 0 done; 1 failed, refused by the server, or not agreed to; 2 usage.

    \b
    Examples:
      moncompte owners reissue P00012 --agency 1001/01 --credentials letters.csv
      moncompte owners reissue "Lefèvre Hélène" --agency 1001/01 --credentials letters.csv --yes
    """
    target = Target(realm, *agency)
    support = Support(keycloak, target, lang)
    found = support.find(owner)
    if credentials is None:
        raise BadInputError(text(lang, "credentials_for", identifier=found["identifier"]))
    ask_whether_meant(owner, found, yes=yes)
    done = support.reissue(found, lambda: CredentialsFile(credentials, target.codes))
    said = text(
        lang,
        "reissue_done",
        identifier=found["identifier"],
        name=found["name"],
        expires=done["expires"],
        file=str(credentials.absolute()),
    )
    if not found["enabled"]:
        said += "\n" + text(lang, "reissue_disabled", identifier=found["identifier"])
    print_done(done, said, as_json)


@click.command()
@click.argument("owner")
@agency_option
@yes_option
@json_option
@realm_option
@lang_option
@with_keycloak
def resend(
    keycloak: Keycloak,
    owner: str,
    agency: tuple[str, str],
    yes: bool,
    as_json: bool,
    realm: str,
    lang: Language,
) -> None:
    """Send an OWNER the mail of the activation that waits once more.

    OWNER is an identifier, a name or an email address. The mail goes where it went before, with a new link.
    Says so when no activation waits, and when the mail has just left.

    \b
    Exit codes: 0 sent; 1 not sent, and why; 2 usage.

    \b
    Examples:
      moncompte owners resend P00012 --agency 1001/01
      moncompte owners resend helene@exemple.fr --agency 1001/01 --json
    """
    support = Support(keycloak, Target(realm, *agency), lang)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    done = support.resend(found)
    said = text(
        lang,
        f"resend_{done['outcome']}",
        identifier=done["identifier"],
        email=done["masked_email"],
        wait=done["wait"],
    )
    if done["outcome"] != "sent":
        raise MoncompteError(said)
    print_done(done, said, as_json)


@click.command()
@click.argument("owner")
@agency_option
@yes_option
@json_option
@realm_option
@lang_option
@with_keycloak
def disable(
    keycloak: Keycloak,
    owner: str,
    agency: tuple[str, str],
    yes: bool,
    as_json: bool,
    realm: str,
    lang: Language,
) -> None:
    """Disable the provisional account of an OWNER.

    OWNER is an identifier, a name or an email address. Its letter does not work until `enable`, and an
    activation that waits for its mail ends. A personal account is its owner's: an agency may end its own
    contracts there (`release`, or `import --prune`).

    \b
    Examples:
      moncompte owners disable P00012 --agency 1001/01
    """
    support = Support(keycloak, Target(realm, *agency), lang)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    print_done(support.disable(found), _about(found, "disable_done", lang), as_json)


@click.command()
@click.argument("owner")
@agency_option
@yes_option
@json_option
@realm_option
@lang_option
@with_keycloak
def enable(
    keycloak: Keycloak,
    owner: str,
    agency: tuple[str, str],
    yes: bool,
    as_json: bool,
    realm: str,
    lang: Language,
) -> None:
    """Let the provisional account of an OWNER be used again that the agency has disabled.

    OWNER is an identifier, a name or an email address.

    \b
    Examples:
      moncompte owners enable P00012 --agency 1001/01
    """
    support = Support(keycloak, Target(realm, *agency), lang)
    found = support.find(owner)
    ask_whether_meant(owner, found, yes=yes)
    print_done(support.enable(found), _about(found, "enable_done", lang), as_json)


def print_done(done: Json, said: str, as_json: bool) -> None:
    """What was done: for programs what the server answered, for people a sentence."""
    if as_json:
        print_json(done)
    else:
        click.echo(said)


def _about(owner: Json, code: str, lang: Language) -> str:
    return text(lang, code, identifier=owner["identifier"], name=owner["name"])


def ask_whether_meant(typed: str, owner: Json, *, yes: bool) -> None:
    """Ask about an owner who was found by a name or an address: one's identifier is meant as it stands."""
    if identifier_key(typed) != identifier_key(str(owner["identifier"])):
        question = _("“{typed}”: is that {identifier}, {name}?")
        ask(question.format(typed=typed, identifier=owner["identifier"], name=owner["name"]), yes=yes)
