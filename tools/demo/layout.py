"""Where the demonstration keeps what, and where it listens."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"

# Everything of a demo; `make clean-demo` removes it, and nothing else.
HOME = ROOT / ".demo"
KEYCLOAK = HOME / "keycloak"
MAILS = HOME / "mails"
CONNECTION = HOME / "connection.json"
CLI_SECRET = HOME / "cli-secret"
ADMIN_PASSWORD = HOME / "admin-password"

# samples/moncompte.yaml names these, and the applications with their ports.
KEYCLOAK_PORT = 8080
SMTP_PORT = 1025
MAILBOX_PORT = 8025

# client id: title and port. The second application runs the same code.
EXTRANETS = {"extranet": ("Extranet", 8000), "copropriete": ("Copropriété", 8001)}

CLI_CLIENT = "moncompte-cli"
ADMIN_USER = "admin"
REALM = "moncompte"

# file of owners, agency, realm
OWNERS = (
    ("owners-1001-01.csv", "1001/01", REALM),
    ("owners-2002-01.csv", "2002/01", REALM),
    ("owners-3003-01.csv", "3003/01", f"{REALM}-3003-01"),
)
