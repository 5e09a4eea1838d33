"""`moncompte schema`: the manifest's JSON Schema, for editors."""

from __future__ import annotations

import click

from ...output import print_json
from ..manifest import schema as schema_of_manifest


@click.command()
def schema() -> None:
    """Print the JSON Schema of the manifest.

    With it, an editor completes the keys of moncompte.yaml and marks mistakes.

    \b
    Example:
      moncompte schema > moncompte.schema.json
    """
    print_json(schema_of_manifest())
