"""What a developer runs from the checkout: demo, stack, mailbox, and the local servers they use."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"

CLI_CLIENT = "moncompte-cli"
ADMIN_USER = "admin"
REALM = "moncompte"

# file of owners, agency, realm
OWNERS = (
    ("owners-1001-01.csv", "1001/01", REALM),
    ("owners-2002-01.csv", "2002/01", REALM),
    ("owners-3003-01.csv", "3003/01", f"{REALM}-3003-01"),
)


class ToolError(Exception):
    """A tool cannot go on. The message says what happened, where, and what to do."""
