"""What a visitor of the demo needs to begin: addresses, and the provisional access of a letter."""

import csv
from collections.abc import Mapping

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from tools.demo import layout


def show(console: Console) -> None:
    """Prints what to open, with which identifier and provisional password, and how to stop."""
    tell(console, _addresses(), "demo")


def tell(console: Console, addresses: Mapping[str, str], name: str) -> None:
    """Prints the letter, what is to be opened or read (title and address), and how to stop.

    name  of what runs, as in `make clean-NAME`
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for title, address in addresses.items():
        table.add_row(title, address)
    console.print()
    console.print(Panel(_letter(), title="An agency's letter", expand=False))
    console.print(table)
    console.print(
        f"\nActivated already? Then sign in with your own address. Ctrl-C stops the {name} and keeps its "
        f"data; `make clean-{name}` forgets them.",
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


def _addresses() -> dict[str, str]:
    client, _, societe = layout.OWNERS[0][1].partition("/")
    first, second = (f"http://localhost:{port}" for _, port in layout.EXTRANETS.values())
    return {
        "Start here": f"{first}/login?client={client}&societe={societe}",
        "or without codes": f"{first}/",
        "A second application": f"{second}/",
        "Mails arrive at": f"http://localhost:{layout.MAILBOX_PORT}",
        "Keycloak's administration": f"http://localhost:{layout.KEYCLOAK_PORT}/admin/  "
        f"user {layout.ADMIN_USER}, password in {layout.ADMIN_PASSWORD.relative_to(layout.ROOT)}",
    }
