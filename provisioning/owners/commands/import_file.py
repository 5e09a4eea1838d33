"""`moncompte owners import`: what would be done, then doing it, with what is said on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from ...asking import require_somebody, yes_option
from ...messages import text
from ...options import agency_option, lang_option, realm_option, with_keycloak
from ...output import Problem3, printable
from ...progress import ProgressOf
from ...server.keycloak import Keycloak
from ...target import Target
from ...texts import Language
from ..credentials import CredentialsFile
from ..file import Owner, OwnersFile
from ..file_problems import Problem, Rejected
from ..load import Counts, Loader, Options, Report
from ..prune import DEFAULT_SHARE, contract_key
from ..rejects import RejectsFile
from .move import Moving
from .prune import Pruning


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@agency_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--details", is_flag=True, help="Say what becomes of each owner, one line an owner.")
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that generated passwords are written to, before they are sent. A run again uses those in it.",
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
@realm_option
@lang_option
@with_keycloak
def import_owners(
    keycloak: Keycloak,
    file: Path,
    agency: tuple[str, str],
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
    realm: str,
    lang: Language,
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
    target = Target(realm, *agency)
    if (moves or prune) and not dry_run:
        require_somebody(yes=yes)
    owners = OwnersFile(file, lang)
    with contextlib.ExitStack() as stack:
        refused = stack.enter_context(RejectsFile(rejects, owners, lang)) if rejects is not None else None
        if moves:
            Moving(keycloak, target, moves, lang).run(dry_run=dry_run, yes=yes)
        report = _Printed(lang, details, refused, set() if prune else None)
        loader = Loader(keycloak, target, owners, Options(replace_passwords, same_person), report)
        with report.step("progress_plan", loader.survey()):
            loader.plan()
        if refused is not None:
            refused.commit()
        if dry_run:
            _print_dry_run(loader, lang)
        else:
            click.echo(text(lang, "report_plan", counts=_counts(loader.planned, lang)))
            _send(loader, report, credentials, target, lang)
        if loader.planned.chosen_passwords:
            click.echo(text(lang, "report_weaker", count=loader.planned.chosen_passwords))
        if refused is not None and refused.lines:
            click.echo(text(lang, "report_rejects", count=refused.lines, file=str(refused.path.absolute())))
    lines_refused = max(loader.planned.refused, loader.done.refused)
    if report.kept is not None and not lines_refused:
        pruning = Pruning(keycloak, target, lang, share=prune_share)
        pruning.run(report.kept, moves=moves if dry_run else (), dry_run=dry_run, yes=yes)
    elif report.kept is not None:
        # A line that could not be read is no sign that its contract has ended.
        click.echo(text(lang, "prune_refused_lines", count=lines_refused), err=True)
    if lines_refused:
        raise Problem3


def _print_dry_run(loader: Loader, lang: Language) -> None:
    click.echo(text(lang, "report_dry_run", counts=_counts(loader.planned, lang)))
    if loader.to_generate:
        click.echo(text(lang, "report_would_generate", count=loader.to_generate))


def _send(loader: Loader, report: _Printed, credentials: Path | None, target: Target, lang: Language) -> None:
    if credentials is None:
        loader.require_credentials(lang)
    with contextlib.ExitStack() as stack:
        keep = None
        if credentials is not None and loader.to_generate:
            keep = stack.enter_context(CredentialsFile(credentials, target.codes))
        try:
            with report.step("progress_send", loader.to_send):
                loader.send(keep)
        except BaseException:
            click.echo(text(lang, "report_interrupted", counts=_counts(loader.done, lang)), err=True)
            raise
    click.echo(_counts(loader.done, lang))
    if credentials is not None and loader.done.generated_passwords:
        values = {"count": loader.done.generated_passwords, "file": str(credentials.absolute())}
        click.echo(text(lang, "report_generated", **values))


def _counts(counts: Counts, lang: Language) -> str:
    return text(
        lang,
        "report_counts",
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        refused=counts.refused,
    )


class _Printed(Report):
    """Says it on stdout, how far it is on stderr, and keeps refused lines in their file.

    `kept`: keys of the contracts of the file, for --prune; None when nobody asks.
    """

    def __init__(
        self, lang: Language, details: bool, rejects: RejectsFile | None, kept: set[bytes] | None
    ) -> None:
        self.kept = kept
        self._lang = lang
        self._details = details
        self._rejects = rejects
        self._progress: ProgressOf | None = None

    @contextlib.contextmanager
    def step(self, code: str, total: int) -> Iterator[None]:
        """A step of the import, which shows how far it is."""
        with ProgressOf(text(self._lang, code), total) as self._progress:
            yield
        self._progress = None

    def remark(self, problem: Problem) -> None:
        click.echo(problem.sentence(self._lang))

    def rejected(self, line: Rejected) -> None:
        for problem in line.problems:
            click.echo(problem.sentence(self._lang))
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
            values = {"identifier": printable(owner.identifier), "name": printable(name)}
            click.echo(text(self._lang, f"detail_{outcome}", line=owner.lines[0], **values))

    def progress(self, done: int) -> None:
        if self._progress is not None:
            self._progress.advance(done)

    def waiting(self, seconds: int) -> None:
        if self._progress is not None:
            self._progress.say(text(self._lang, "report_waiting", seconds=seconds))
