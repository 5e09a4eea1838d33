"""`moncompte schema`: the manifest's JSON Schema, for editors."""

from __future__ import annotations

import click

from ...output import print_json
from ..manifest import schema as schema_of_manifest


@click.command()
def schema() -> None:
    """Print the JSON Schema of the manifest.

    An editor that knows it completes keys and marks mistakes while moncompte.yaml is written.

    \b
    Example:
      moncompte schema > moncompte.schema.json
    """
    print_json(schema_of_manifest())
