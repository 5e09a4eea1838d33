"""The French of the command: there is one for each text of the code, and it fits."""

import gettext
import subprocess
import sys
from string import Formatter

import pytest

from provisioning import texts
from tools.texts import texts_in_code, translated, untranslated


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def both(strings: object) -> tuple[str, ...]:
    return (strings,) if isinstance(strings, str) else tuple(strings)  # type: ignore[arg-type]


def test_the_catalogue_has_the_texts_of_the_code_and_no_others() -> None:
    in_code = {message.id for message in texts_in_code()}
    french = {message.id for message in translated()}
    assert in_code == french, "run `make texts`, then translate what it lists"


def test_every_text_has_its_french() -> None:
    assert untranslated(translated()) == []


def test_the_french_of_a_text_has_its_placeholders() -> None:
    for message in translated():
        if message.id:
            wanted = set().union(*map(placeholders, both(message.id)))
            for string in both(message.string):
                found = placeholders(string)
                assert found <= wanted, f"{message.id!r}: unknown {found - wanted}"
            assert set().union(*map(placeholders, both(message.string))) == wanted, message.id


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ({}, "Utilisation :"),
        ({"LANG": "C.UTF-8"}, "Utilisation :"),
        ({"LANG": "en_GB.UTF-8"}, "Usage:"),
        ({"LANG": "en_US", "LC_ALL": "fr_FR.UTF-8"}, "Utilisation :"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en"}, "Usage:"),
        ({"LANG": "en_US", "LANGUAGE": "fr"}, "Usage:"),
    ],
)
def test_the_locale_chooses_the_language(locale: dict[str, str], told: str) -> None:
    command = [sys.executable, "-c", "from provisioning.cli import main; main()", "--help"]
    done = subprocess.run(command, env=locale, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.startswith(told)


@pytest.mark.parametrize(("count", "told"), [(0, "erreur"), (1, "erreur"), (2, "erreurs")])
def test_french_counts_as_the_french_do(monkeypatch: pytest.MonkeyPatch, count: int, told: str) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    assert (
        told
        in texts.ngettext(
            "{count} mistake in {file}; nothing was done:",
            "{count} mistakes in {file}; nothing was done:",
            count,
        ).split()
    )


def test_the_catalogue_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(*_: object, **__: object) -> None:
        pytest.fail("looked for again")

    monkeypatch.setenv("LANGUAGE", "fr")
    assert texts._("the cell is empty; it is needed") != "the cell is empty; it is needed"
    monkeypatch.setattr(gettext, "find", twice)
    assert texts._("the cell is empty; it is needed") != "the cell is empty; it is needed"


def test_click_speaks_the_same_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for language, told in (("fr", "Utilisation :"), ("en", "Usage:"), ("fr", "Utilisation :")):
        monkeypatch.setenv("LANGUAGE", language)
        assert gettext.gettext("Usage:") == texts._("Usage:") == told
