"""The French that owners read is spelt as hunspell's French dictionary spells it.

Words that the dictionary lacks and that we mean stand in `french-words`, one a line.
"""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEME = ROOT / "keycloak" / "themes" / "moncompte"
WORDS = Path(__file__).parent / "french-words"
MESSAGES = [THEME / type_ / "messages" / "messages_fr.properties" for type_ in ("login", "email")]
TEMPLATES = sorted([*(ROOT / "extranet" / "templates").glob("*.html")])

# Keys whose text is not French: the name of a language is written in that language.
_FOREIGN = ("locale_",)
_EXAMPLE = re.compile(r"\S+@\S+|https?://\S+")


def _misspelt(text: str) -> list[str]:
    """The words of a text that neither hunspell nor our list knows."""
    # The typewriter's apostrophe is the one that the dictionary's rules of elision know.
    plain = _EXAMPLE.sub(" ", text).replace("’", "'").replace("\N{NO-BREAK SPACE}", " ")
    command = ["hunspell", "-l", "-d", "fr_FR", "-i", "utf-8"]
    said = subprocess.run(command, input=plain, text=True, encoding="utf-8", capture_output=True, check=True)
    return sorted({word for word in said.stdout.split() if not _is_ours(word)})


def _is_ours(word: str) -> bool:
    """Whether our list has a word, after an elided article and in capitals too: « L'EMAIL », « d'email. »."""
    bare = re.sub(r"^\w{1,2}'", "", word).strip(".")
    return bare.lower() in {known.lower() for known in WORDS.read_text(encoding="utf-8").split()}


def _texts(path: Path) -> str:
    """The texts of a file of messages, a line each, without what MessageFormat replaces."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    texts = [text for key, text in pairs if not key.startswith(_FOREIGN)]
    return "\n".join(_shown(text) for text in texts)


def _shown(text: str) -> str:
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text).replace("''", "'")
    text = re.sub(r"\{\d(?:,(?:number|choice|date|time)(?:,(?:integer|short|long))?)?\}", " ", text)
    # {0,choice,1#one|1<more}: both texts are to be read.
    return re.sub(r"\{\d,choice,|\d[#<]|[|{}]", " ", text)


def _text_of(template: str) -> str:
    """What a template of the Extranet shows: its text, and the words in its expressions and attributes."""
    words = re.findall(r'(?:\bor|\belse|aria-label=|alt=|title=) ?"([^"{}]*)"', template)
    shown = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", template, flags=re.DOTALL)
    return "\n".join([shown, *words])


@pytest.mark.parametrize("path", MESSAGES, ids=["login", "email"])
def test_messages_are_spelt_well(path: Path) -> None:
    assert _misspelt(_texts(path)) == [], f"correct {path.name}, or add a word that is meant to {WORDS}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_pages_of_the_extranet_are_spelt_well(path: Path) -> None:
    text = _text_of(path.read_text(encoding="utf-8"))
    assert _misspelt(text) == [], f"correct {path.name}, or add a word that is meant to {WORDS}"


def test_a_misspelt_word_is_found() -> None:
    assert _misspelt("Veuillez séléctionner l'adresse") == ["séléctionner"]


def test_every_word_of_ours_is_used() -> None:
    used = " ".join(
        [*map(_texts, MESSAGES), *(_text_of(path.read_text("utf-8")) for path in TEMPLATES)]
    ).lower()
    unused = [word for word in WORDS.read_text(encoding="utf-8").split() if word.lower() not in used]
    assert unused == []
