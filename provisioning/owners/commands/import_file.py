"""`moncompte owners import`: what would be done, then doing it, with what is said on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from ...errors import Incomplete
from ...options import owner_command
from ...server.keycloak import Keycloak
from ...server.target import Target
from ...terminal import ProgressOf, require_somebody, say, yes_option
from ...texts import N_, _
from ..credentials import CredentialsFile
from ..file import Owner, OwnersFile
from ..file_problems import Problem, Rejected
from ..load import Counts, Loader, Options, Report
from ..prune import DEFAULT_SHARE, contract_key
from ..rejects import RejectsFile
from .move import Moving
from .prune import Pruning

NAMED = 20
"""Identifiers named at most."""

_PLANNED = {
    "created": N_("line {line}: {identifier} · {name}: to be created"),
    "updated": N_("line {line}: {identifier} · {name}: to be updated"),
    "unchanged": N_("line {line}: {identifier} · {name}: unchanged"),
}
"""What becomes of an owner, by the outcome."""


@owner_command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--details", is_flag=True, help="Say what becomes of each owner, one line an owner.")
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that generated passwords are written to, before they are sent.",
)
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that refused lines are written to with their reasons, to be corrected and loaded as it is.",
)
@click.option(
    "--replace-passwords",
    is_flag=True,
    help="Give owners who have not activated yet the passwords of the file (new ones where it has none).",
)
@click.option(
    "--same-person",
    is_flag=True,
    help="Accept a line that names someone else than the owner who activated its identifier.",
)
@click.option(
    "--move",
    "moves",
    type=(str, str),
    multiple=True,
    metavar="OLD NEW",
    help="First move the contracts of an identifier to another, after asking; can be given several times.",
)
@click.option(
    "--prune", is_flag=True, help="Finally end the contracts that are not in the file, after asking."
)
@click.option(
    "--prune-share",
    type=click.FloatRange(0, 100),
    default=DEFAULT_SHARE,
    show_default=True,
    help="Most contracts that --prune may end, in percent of the agency's.",
)
@yes_option
def import_owners(
    keycloak: Keycloak,
    target: Target,
    file: Path,
    dry_run: bool,
    details: bool,
    credentials: Path | None,
    rejects: Path | None,
    replace_passwords: bool,
    same_person: bool,
    moves: tuple[tuple[str, str], ...],
    prune: bool,
    prune_share: float,
    yes: bool,
) -> None:
    """Load the owners of an agency from FILE.

    FILE is CSV with ; or , in UTF-8 or Windows-1252, one line a contract. First it is said what is going to
    be done; lines that cannot be used are reported with number, column and reason, and the others are loaded.
    It can be interrupted at any moment and run again, and never touches the name, email or password of an
    owner who has activated.

    A contract that is missing from FILE stays unless --prune says that FILE is complete; with refused lines
    nothing is ended. When your software has given an owner another identifier, --move OLD NEW keeps account
    and contracts.

    \b
    Exit codes: 0 all in; 1 failed while running; 2 usage, or an unusable file; 3 some lines refused.

    \b
    Examples:
      moncompte owners import owners.csv --agency 1001/01 --dry-run --details
      moncompte owners import owners.csv --agency 1001/01 --credentials letters.csv --rejects refused.csv
      moncompte owners import owners.csv --agency 1001/01 --move P00012 P10012 --prune --dry-run
      moncompte owners import owners.csv --agency 3003/01 --realm moncompte-3003-01 --lang en
    """
    if (moves or prune) and not dry_run:
        require_somebody(yes=yes)
    owners = OwnersFile(file)
    with contextlib.ExitStack() as stack:
        refused = stack.enter_context(RejectsFile(rejects, owners)) if rejects is not None else None
        if moves:
            Moving(keycloak, target, moves).run(dry_run=dry_run, yes=yes)
        report = _Printed(details, refused, set() if prune else None)
        loader = Loader(keycloak, target, owners, Options(replace_passwords, same_person), report)
        with report.step(_("Reading and comparing (lines)"), loader.survey()):
            loader.plan()
        if refused is not None:
            refused.commit()
        if dry_run:
            _print_dry_run(loader)
        else:
            say(_("Planned: {counts}").format(counts=_counts(loader.planned)))
            _send(loader, report, credentials, target)
        if loader.planned.chosen_passwords:
            say(
                _(
                    "passwords chosen by the agency: {count}; moncompte generates stronger ones when the"
                    " cell is empty"
                ).format(count=loader.planned.chosen_passwords)
            )
        if refused is not None and refused.lines:
            say(
                _(
                    "lines refused: {count}, with their reasons in {file}; correct them and load that file"
                ).format(count=refused.lines, file=str(refused.path.absolute()))
            )
    lines_refused = max(loader.planned.refused, loader.done.refused)
    if report.kept is not None and not lines_refused:
        pruning = Pruning(keycloak, target, share=prune_share)
        pruning.run(report.kept, moves=moves if dry_run else (), dry_run=dry_run, yes=yes)
    elif report.kept is not None:
        # A line that could not be read is no sign that its contract has ended.
        click.echo(
            _(
                "--prune has ended nothing: some lines of the file ({count}) could not be used, and their"
                " contracts would pass for gone. Correct them and run it again."
            ).format(count=lines_refused),
            err=True,
        )
    if lines_refused:
        raise Incomplete


def _print_dry_run(loader: Loader) -> None:
    say(
        _("Dry run, nothing was written. What would be done: {counts}").format(counts=_counts(loader.planned))
    )
    if loader.to_generate:
        say(
            _("passwords to generate: {count} (--credentials FILE says where to write them)").format(
                count=loader.to_generate
            )
        )


def _send(loader: Loader, report: _Printed, credentials: Path | None, target: Target) -> None:
    if credentials is None:
        loader.require_credentials()
    with contextlib.ExitStack() as stack:
        keep = None
        if credentials is not None and loader.to_generate:
            keep = stack.enter_context(CredentialsFile(credentials, target.codes))
        try:
            with report.step(_("Loading (owners)"), loader.to_send):
                loader.send(keep)
        except BaseException:
            click.echo(
                _(
                    "Stopped on the way. Done so far: {counts}. Run the same command again: it goes on where"
                    " needed."
                ).format(counts=_counts(loader.done)),
                err=True,
            )
            raise
    say(_counts(loader.done))
    if keep is not None:
        _print_passwords(loader, keep)


def _print_passwords(loader: Loader, keep: CredentialsFile) -> None:
    file = str(keep.path.absolute())
    if loader.done.generated_passwords:
        say(
            _("passwords generated: {count}, in {file}").format(
                count=loader.done.generated_passwords, file=file
            )
        )
    for identifiers, said in (
        (
            keep.outdated,
            _("older passwords in {file} that no longer count ({count}): {identifiers}; the last line does"),
        ),
        (
            loader.unused_passwords,
            _("passwords in {file} that the server did not take ({count}): {identifiers}"),
        ),
    ):
        if identifiers:
            say(said.format(file=file, count=len(identifiers), identifiers=_some(identifiers)))


def _some(identifiers: list[str]) -> str:
    shown = ", ".join(identifiers[:NAMED])
    return shown if len(identifiers) <= NAMED else f"{shown}, …"


def _counts(counts: Counts) -> str:
    return _(
        "created: {created}, updated: {updated}, unchanged: {unchanged}, lines refused: {refused}"
    ).format(
        created=counts.created, updated=counts.updated, unchanged=counts.unchanged, refused=counts.refused
    )


class _Printed(Report):
    """Says it on stdout, how far it is on stderr, and keeps refused lines in their file.

    `kept`: keys of the contracts of the file, for --prune; None when nobody asks.
    """

    def __init__(self, details: bool, rejects: RejectsFile | None, kept: set[bytes] | None) -> None:
        self.kept = kept
        self._details = details
        self._rejects = rejects
        self._progress: ProgressOf | None = None

    @contextlib.contextmanager
    def step(self, label: str, total: int) -> Iterator[None]:
        """A step of the import, which shows how far it is."""
        with ProgressOf(label, total) as self._progress:
            yield
        self._progress = None

    def remark(self, problem: Problem) -> None:
        say(problem.sentence())

    def rejected(self, line: Rejected) -> None:
        for problem in line.problems:
            say(problem.sentence())
        if self._rejects is not None:
            self._rejects.add(line)

    def planned(self, owner: Owner, outcome: str) -> None:
        if self.kept is not None:
            self.kept.update(
                contract_key(owner.identifier, contract.reference, contract.role)
                for contract in owner.contracts
            )
        if self._details:
            name = f"{owner.last_name} {owner.first_name}".strip()
            say(_(_PLANNED[outcome]).format(line=owner.lines[0], identifier=owner.identifier, name=name))

    def progress(self, done: int) -> None:
        if self._progress is not None:
            self._progress.advance(done)

    def waiting(self, seconds: int) -> None:
        if self._progress is not None:
            self._progress.say(
                _("The server does not answer; trying again in {seconds} s.").format(seconds=seconds)
            )
