"""`moncompte check`: what is wrong with a running installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError
from rich.text import Text

from ..errors import Incomplete
from ..options import with_keycloak
from ..realm.commands.changes import Declared, manifest_option
from ..realm.manifest import Email
from ..server.keycloak import Keycloak
from ..terminal import print_json, print_table, printable, say
from ..texts import _, ngettext
from .installation import Finding, Installation, Severity
from .reading import read
from .rules import inspect, serious

_NAMED = 3  # realms that are named where more say the same
_COLOURS: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "notice": "dim"}


class _Address(click.ParamType[str]):
    """An email address, as the manifest takes it."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return TypeAdapter(Email).validate_python(str(value))
        except ValidationError:
            self.fail(_("{value!r} is no email address.").format(value=str(value)), param, ctx)


@click.command()
@manifest_option
@click.option(
    "--mail-to",
    type=_Address(),
    metavar="ADDRESS",
    help="Each realm sends a mail to this address. Default: the server only connects to its mail server.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@with_keycloak
def check(keycloak: Keycloak, declared: Declared, mail_to: str | None, json_wanted: bool) -> None:
    """Check the running installation: what is wrong, why it matters, what to do. Changes nothing.

    Checks the manifest's realms and master: mail, https and host name, brute force detection, password policy
    (CNIL 2022-100), secrets, default passwords and versions. kcwarden audits clients.

    \b
    Exit codes: 0 at most notices; 1 failed; 2 usage, or a bad manifest; 3 errors or warnings.

    \b
    Examples:
      moncompte check -f samples/moncompte.yaml
      moncompte check --mail-to webmaster@moncompte.immo
      moncompte check --json | jq '.findings[] | select(.severity == "error")'
    """
    realms = [realm.name for realm in declared.manifest.all_realms()]
    installation = read(keycloak, realms, mail_to)
    findings = inspect(installation)
    is_serious = serious(findings)
    if json_wanted:
        print_json({"serious": is_serious, "findings": [asdict(finding) for finding in findings]})
    else:
        print_findings(findings, realms)
        _print_mails(installation)
    if is_serious:
        raise Incomplete


def print_findings(findings: Sequence[Finding], realms: Sequence[str]) -> None:
    """A table, the worst first; realms of which the same is to be said share a line."""
    if not findings:
        text = ngettext(
            "Nothing found in {count} realm and master.",
            "Nothing found in {count} realms and master.",
            len(realms),
        )
        say(text.format(count=len(realms)))
        return
    severities = {"error": _("error"), "warning": _("warning"), "notice": _("notice")}
    rows = [
        (
            Text(severities[alike[0].severity], style=_COLOURS[alike[0].severity]),
            f"{_where(alike)}: {alike[0].subject}",
            alike[0].reason,
            alike[0].cure,
        )
        for alike in _alike(findings)
    ]
    print_table((_("severity"), _("where"), _("what and why"), _("what to do")), rows)


def _print_mails(installation: Installation) -> None:
    """Where the mails of --mail-to went: that one arrives, only its reader sees."""
    sent = [seen.name for seen in installation.realms if seen.mail and seen.mail.to and not seen.mail.failure]
    if sent:
        address = next(seen.mail.to for seen in installation.realms if seen.mail)
        text = _("The mail server has taken a mail to {address} from: {sent}. Look whether it arrives.")
        click.echo(text.format(address=printable(address), sent=", ".join(sent)))


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that say the same of several realms, together; in the order of the first ones."""
    together: dict[Finding, list[Finding]] = {}
    for finding in findings:
        together.setdefault(replace(finding, realm=""), []).append(finding)
    return list(together.values())


def _where(alike: Sequence[Finding]) -> str:
    """The realms of findings that say the same; the first three by name."""
    names = [finding.realm or _("server") for finding in alike]
    more = _(" and {count} more").format(count=len(names) - _NAMED) if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
