"""`python -m signature`: serves the application until Ctrl-C or SIGTERM."""

import signal
import sys
from contextlib import suppress

import click
from waitress.server import create_server

from signature.app import create_app


@click.command(
    epilog="Example: python -m signature --issuer http://localhost:8080/realms/moncompte --port 8001"
)
@click.option("--issuer", required=True, help="The realm, as its tokens name it.")
@click.option("--client-id", default="signature", show_default=True, help="The application's name there.")
@click.option("--port", default=8001, show_default=True, help="Where to listen, on this machine only.")
def main(issuer: str, client_id: str, port: int) -> None:
    """Serve the application Signature."""
    try:
        server = create_server(create_app(issuer, client_id), host="127.0.0.1", port=port, ident="")
    except OSError as error:
        click.echo(f"signature: port {port} cannot be used: {error.strerror}. Give another --port.", err=True)
        sys.exit(1)
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
        click.echo(f"signature: http://localhost:{port}/")
        server.run()


if __name__ == "__main__":
    main()
