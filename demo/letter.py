"""What a visitor of the demo needs to begin: addresses, and the provisional access of a letter."""

import csv

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from demo import layout


def show(console: Console) -> None:
    """Prints what to open, with which identifier and provisional password, and how to stop."""
    console.print()
    console.print(Panel(_letter(), title="An agency's letter", expand=False))
    console.print(_addresses())
    console.print(
        "\nActivated already? Then sign in with your own address. Ctrl-C stops the demo and keeps its data; "
        "`make clean-demo` forgets them.",
        highlight=False,
    )


def _letter() -> Table:
    """The provisional access of the first owner of the first sample file."""
    file, agency, _ = layout.OWNERS[0]
    with (layout.SAMPLES / file).open(encoding="utf-8-sig", newline="") as lines:
        owner = next(csv.DictReader(lines, delimiter=";"))
    client, _, societe = agency.partition("/")
    table = Table.grid(padding=(0, 2))
    table.add_row("Owner", f"{owner['prenom']} {owner['nom']}")
    table.add_row("Code client · code société", f"[bold]{client}[/] · [bold]{societe}[/]")
    table.add_row("Identifiant provisoire", f"[bold]{owner['identifiant']}[/]")
    table.add_row("Mot de passe provisoire", f"[bold]{owner['mot_de_passe']}[/]")
    return table


def _addresses() -> Table:
    client, _, societe = layout.OWNERS[0][1].partition("/")
    extranet = f"http://localhost:{layout.EXTRANET_PORT}"
    table = Table.grid(padding=(0, 2))
    table.add_row("Start here", f"{extranet}/login?client={client}&societe={societe}")
    table.add_row("or without codes", f"{extranet}/")
    table.add_row("A second application", f"http://localhost:{layout.SIGNATURE_PORT}/")
    table.add_row("Mails arrive at", f"http://localhost:{layout.MAILBOX_PORT}")
    table.add_row(
        "Keycloak's administration",
        f"http://localhost:{layout.KEYCLOAK_PORT}/admin/  user {layout.ADMIN_USER}, "
        f"password in {layout.ADMIN_PASSWORD.relative_to(layout.ROOT)}",
    )
    return table
