"""`python -m tools.mailbox --directory DIR`: runs the mailbox until Ctrl-C or SIGTERM."""

import signal
import sys
from pathlib import Path

import click

from .server import Mailbox, MailboxError

STOP = {signal.SIGINT, signal.SIGTERM}


@click.command(
    epilog="Example: python -m tools.mailbox --directory .demo/mails --smtp-port 1025 --http-port 8025",
)
@click.option(
    "--directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where mails are kept.",
)
@click.option("--smtp-port", default=1025, show_default=True, help="Where mails come in.")
@click.option("--http-port", default=8025, show_default=True, help="Where to look at them.")
@click.option("--keep", default=500, show_default=True, type=click.IntRange(min=1), help="How many at most.")
def main(directory: Path, smtp_port: int, http_port: int, keep: int) -> None:
    """Take every mail by SMTP, deliver none, and show them in a browser and as Mailpit's JSON."""
    # Blocked before any thread starts, so that the signals wait for sigwait below.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    mailbox = Mailbox(directory, smtp_port, http_port, keep=keep)
    try:
        mailbox.start()
    except MailboxError as error:
        click.echo(f"mailbox: {error}", err=True)
        sys.exit(1)
    click.echo(f"mailbox: {mailbox.url} shows the mails that come by SMTP on port {mailbox.smtp_port}")
    signal.sigwait(STOP)
    mailbox.stop()


if __name__ == "__main__":
    main()
