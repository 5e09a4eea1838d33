"""`python -m tools.texts` takes the texts of the command into the French catalogue and compiles it.

New texts come out untranslated, removed ones are dropped, and what is left to translate is printed. The texts
of click are ours too: the command shows them.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import provisioning

CATALOGUE = Path(provisioning.__file__).with_name("locale") / "fr" / "LC_MESSAGES" / "moncompte.po"
SOURCES = (Path(provisioning.__file__).parent, Path(click.__file__).parent)


def texts_in_code() -> Catalog:
    """Every text that the command can show, untranslated."""
    catalogue = Catalog(locale="fr", project="moncompte")
    for source in SOURCES:
        for path in sorted(source.rglob("*.py")):
            code = path.read_bytes()
            for _, text, _, _ in extract("python", BytesIO(code)):
                catalogue.add(text)
            for text in _help_texts(ast.parse(code)):
                catalogue.add(text)
    catalogue.add("required")  # click translates it without naming it
    return catalogue


def _help_texts(module: ast.Module) -> Iterator[str]:
    """The help of commands and options: docstrings of commands, and the texts among their arguments."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
            if docstring := ast.get_docstring(node):
                yield docstring
        elif isinstance(node, ast.keyword) and node.arg in ("help", "short_help", "show_default"):
            value = node.value
            if isinstance(value, ast.JoinedStr):
                raise ValueError(f"a help text cannot be an f-string: {ast.unparse(value)}")
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield inspect.cleandoc(value.value)


def _makes_command(decorator: ast.expr) -> bool:
    """Whether a decorator is click.command(…), some_group.command(…), click.group(…) …"""
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(("command", "group"))


def translated() -> Catalog:
    """The French catalogue as it is in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def main() -> int:
    """Update and compile the catalogue; 1 if texts are left to translate."""
    catalogue = translated()
    catalogue.update(texts_in_code(), no_fuzzy_matching=True, update_creation_date=False)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    left = untranslated(catalogue)
    for text in left:
        print(f"to translate: {text!r}")
    return 1 if left else 0


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts of a catalogue that have no translation, or not in every plural form."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple | list) else message.string)
    ]


if __name__ == "__main__":
    sys.exit(main())
