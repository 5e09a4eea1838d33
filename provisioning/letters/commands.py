"""`moncompte owners letters`: the letters of provisional access, as PDF."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from ..errors import Incomplete, LetterError
from ..options import owner_command
from ..owners.credentials import CredentialsFile
from ..owners.file import OwnersFile
from ..owners.identifiers import identifier_key
from ..realm.manifest import LOCAL_HOSTS
from ..server.keycloak import Json, Keycloak
from ..server.target import Target
from ..support.support import Support
from ..terminal import ProgressOf, say
from ..texts import _
from . import STANDARD, Agency, Pages, Template
from .recipients import Passed, candidates, letters, waiting
from .volumes import check_output, volume_path, write


def _print_template(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(STANDARD.read_text(encoding="utf-8"), nl=False)
        context.exit()


_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@owner_command("letters")
@click.argument("file", type=_file)
@click.option(
    "--credentials",
    type=_file,
    help="File of the generated passwords, as `owners import` wrote it.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="PDF to write, readable by you alone; more than 5,000 letters go on in …-2.pdf, …-3.pdf.",
)
@click.option(
    "--logo",
    type=_file,
    help="Logo in place of the agency's own, PNG or JPEG; the agency's is the operator's.",
)
@click.option(
    "--template",
    type=_file,
    default=STANDARD,
    show_default="the standard letter",
    help="Wording of your own: a Jinja2 template of <p>, <h1>, <h2>, <ul>, <li>, <b>, <br>, <hr>, <qr> and"
    " <access>.",
)
@click.option(
    "--print-template",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_template,
    help="Print the standard template, to begin one of your own with.",
)
@click.option(
    "--extranet",
    envvar="MONCOMPTE_EXTRANET",
    help="Address of the Extranet, when the realm does not say it. Also: MONCOMPTE_EXTRANET.",
)
@click.option(
    "--identifier", "only", multiple=True, help="Only the letter of this identifier; may be repeated."
)
@click.option("--only-new", is_flag=True, help="Leave out who has had a letter already.")
def make_letters(
    keycloak: Keycloak,
    target: Target,
    file: Path,
    credentials: Path | None,
    output: Path,
    logo: Path | None,
    template: Path,
    extranet: str | None,
    only: tuple[str, ...],
    only_new: bool,
) -> None:
    """Make the letters to the owners in FILE who can still activate: a page each, for window envelopes.

    FILE is what was loaded: it gives names, addresses, and the passwords you chose; --credentials those that
    were generated. The server checks the passwords. Owners who have activated get no letter, nor do those
    whose password is not known here or no longer works. The server is told who got one. Printed, delete the
    PDF and the credentials.

    \b
    Exit codes: 0 done; 1 failed while running; 2 usage, or a file that cannot be used; 3 some got no letter
    that needs something first (a new password, a line to be corrected), as is said.

    \b
    Examples:
      moncompte owners letters owners.csv --agency 1001/01 --credentials letters.csv -o letters.pdf
      moncompte owners letters owners.csv --agency 1001/01 -o one.pdf --identifier P00012
      moncompte owners letters --print-template > letter.html
      moncompte owners letters owners.csv --agency 1001/01 -o letters.pdf --template letter.html
    """
    owners = OwnersFile(file)
    check_output(output)
    card = keycloak.agency("get", target.realm, target.alias, "card")
    writer = _agency(card, extranet)
    worded = Template(template, writer, _today())
    passwords = _passwords(credentials, target)
    support = Support(keycloak, target)
    found = waiting(support.owners(state="provisional"))
    wanted = {identifier_key(identifier): identifier for identifier in only}
    passed = Passed()
    who = candidates(
        owners, passwords, found, passed, datetime.now(UTC), only=wanted.keys(), only_new=only_new
    )
    to_write = letters(who, passed, support.check_passwords)
    shown = logo if logo is not None else _own_logo(card)
    volumes = 0
    with ProgressOf(_("Letters"), len(wanted) or len(found)) as progress:

        def pages() -> Pages:
            return Pages(worded, writer, _today(), shown)

        for volume in write(to_write, output, pages, lambda: progress.advance(1)):
            support.mark_letters(volume.identifiers)
            volumes += 1
            count, name = len(volume.identifiers), str(volume.path.absolute())
            progress.say(_("{file}: letters: {count}").format(count=count, file=name))
    _print_rest(passed, [wanted[key] for key in wanted if key not in passed.found])
    _print_left_over(output, volumes)
    if (
        passed.unusable_lines
        or passed.expired
        or passed.no_password
        or passed.dead
        or wanted.keys() - passed.found
    ):
        raise Incomplete


def _today() -> date:
    return datetime.now().astimezone().date()


def _agency(card: Json, extranet: str | None) -> Agency:
    url = extranet or card.get("extranet_url")
    if not url:
        raise LetterError(
            _("the realm does not say the address of the Extranet; give it by --extranet https://…")
        )
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS):
        raise LetterError(
            _(
                "the address of the Extranet, {url}, is none that starts with https://; give it by --extranet"
            ).format(url=url)
        )
    values = {name: str(card.get(name) or "") for name in Agency._fields if name != "extranet_url"}
    return Agency(**values, extranet_url=url)


def _own_logo(card: Json) -> bytes | None:
    return base64.b64decode(card["logo"]) if card.get("logo") else None


def _passwords(path: Path | None, target: Target) -> dict[str, str]:
    if path is None:
        return {}
    with CredentialsFile(path, target.codes) as kept:
        return kept.all()


def _print_rest(passed: Passed, unknown: list[str]) -> None:
    """Who got no letter, and why."""
    for count, said in (
        (passed.not_waiting, _("without a letter, because activated, disabled or not loaded: {count}")),
        (passed.had_letter, _("without a letter, because they have had one: {count}")),
        (
            passed.expired,
            _(
                "without a letter, because their password has expired: {count}; give them a new one"
                " (`moncompte owners reissue`, or `import --replace-passwords`), then make the letters again"
            ),
        ),
        (
            passed.no_password,
            _(
                "without a letter, because their password is neither in the file nor in --credentials:"
                " {count}; give the right file by --credentials, or them a new password (`moncompte owners"
                " reissue`)"
            ),
        ),
        (
            passed.unusable_lines,
            _(
                "lines of the file that cannot be used: {count} (`moncompte owners import --dry-run` names"
                " them)"
            ),
        ),
        (
            passed.no_address,
            _("letters of which the file has no postal code or city, to be addressed by hand: {count}"),
        ),
    ):
        if count:
            say(said.format(count=count))
    if passed.dead:
        say(
            _(
                "without a letter, because the server no longer accepts their password ({count}):"
                " {identifiers}; give the right file by --credentials, or them a new password (`moncompte"
                " owners reissue`)"
            ).format(count=len(passed.dead), identifiers=", ".join(passed.dead))
        )
    if unknown:
        say(
            _("not in the file, or on a line that cannot be used: {identifiers}").format(
                identifiers=", ".join(unknown)
            )
        )


def _print_left_over(output: Path, volumes: int) -> None:
    """Files of an earlier run that this one did not replace: they must not be printed with it."""
    if volumes == 0:
        say(_("no letter was made"))
    left = list(_existing(output, volumes + 1))
    if left:
        say(
            _("careful, of an earlier run, not to be printed with these: {files}").format(
                files=", ".join(left)
            )
        )


def _existing(output: Path, number: int) -> Iterator[str]:
    while (path := volume_path(output, number)).exists():
        yield str(path)
        number += 1
