"""Identifiers as people write them, and what they are compared by if that is unique (specification, rule 15).

The command and the server are tested with the same.
"""

import json
from pathlib import Path

EXAMPLES = [
    (one["identifier"], one["key"])
    for one in json.loads((Path(__file__).parent / "identifiers.json").read_text(encoding="utf-8"))
]
