"""`python -m extranet`: runs the Extranet until Ctrl-C or SIGTERM. What it must be told: `settings.py`."""

import os
import signal
import sys
from contextlib import suppress

from waitress.server import create_server

from extranet.app import create_app
from extranet.settings import Settings, SettingsError


def main() -> None:
    """Exit codes: 0 stopped, 1 cannot run (a port in use), 2 not told what it must be."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(f"extranet: {error}", file=sys.stderr)
        sys.exit(2)
    try:
        app = create_app(settings)
    except OSError as error:
        print(
            f"extranet: cannot keep sessions in {settings.session_directory}: {error.strerror}",
            file=sys.stderr,
        )
        sys.exit(1)
    try:
        server = create_server(app, host=settings.listen, port=settings.port, threads=8, ident="")
    except OSError as error:
        reason = f"port {settings.port} cannot be used: {error.strerror}"
        print(f"extranet: {reason}. Stop what holds it, or set EXTRANET_PORT.", file=sys.stderr)
        sys.exit(1)
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
        print(f"extranet: {settings.public_url}/", flush=True)
        server.run()


if __name__ == "__main__":
    main()
