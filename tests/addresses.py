"""Addresses as people type them, and their one form or why they are refused (specification, rule 15).

The command and the server are tested with the same.
"""

import json
from pathlib import Path

EXAMPLES = json.loads((Path(__file__).parent / "addresses.json").read_text(encoding="utf-8"))
GOOD = [(one["typed"], one["address"]) for one in EXAMPLES if "address" in one]
REFUSED = [(one["typed"], one["refused"]) for one in EXAMPLES if "refused" in one]
