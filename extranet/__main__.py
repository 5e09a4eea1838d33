"""`python -m extranet`: runs the Extranet until Ctrl-C or SIGTERM. What it must be told: `settings.py`."""

import os
import signal
import sys
import time
from contextlib import suppress
from threading import Thread

from waitress.server import create_server

from extranet.app import create_app
from extranet.settings import Settings, SettingsError
from extranet.store import Store

EXPIRY_EVERY = 60  # seconds


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
    Thread(target=_delete_expired, args=(app.extensions["store"],), daemon=True).start()
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does
        print(f"extranet: {settings.public_url}/", flush=True)
        server.run()


def _delete_expired(store: Store) -> None:
    while True:
        time.sleep(EXPIRY_EVERY)
        with suppress(OSError):  # a full disk: the next try may succeed
            store.delete_expired()


if __name__ == "__main__":
    main()
