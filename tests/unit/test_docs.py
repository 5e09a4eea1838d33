"""The docs are in short sentences, and their links lead somewhere.

On each page, at most 3 % of the sentences have more than 35 words. This names the long ones:

    .venv/bin/python tests/unit/test_docs.py PAGE...
"""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("**/*.md"))]
MAX_WORDS = 35
MAX_SHARE = 0.03

# Indented code follows an empty line; an indented line after text continues a list item.
_CODE = re.compile(r"^ *```.*?^ *```$|<!--.*?-->|(?<=\n\n)(?: {4}[^\n]*\n|\n)+", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[([^]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"<br>|[*`]")
_BEGINS_BLOCK = re.compile(r"^\s*(?:[-*] |\d+\. |\|)")
# A cell of a table, a label beside another, or a full stop before something that begins a sentence.
_SENTENCE_ENDS = re.compile(r"\s*\|\s*|\s·\s|(?<=[.!?…])[»)*\"]*\s+(?=[\"«(*`]*\s*[^\W_a-z]|`)")
_IS_SENTENCE = re.compile(r"[.!?…:][»)\"\s]*$")


def sentences(text: str) -> list[str]:
    """The sentences of a Markdown page, without code, headings and cells of a word or two."""
    blocks: list[str] = []
    is_open = False
    for line in _CODE.sub("\n", text).splitlines():
        if not line.strip() or line.startswith("#"):
            is_open = False
        elif is_open and not _BEGINS_BLOCK.match(line):
            blocks[-1] += " " + line.strip()
        else:
            blocks.append(_BEGINS_BLOCK.sub("", line, count=1))
            is_open = True
    parts = [part for block in blocks for part in _SENTENCE_ENDS.split(_LINK.sub(r"\1", block))]
    parts = [_MARKUP.sub("", part) for part in parts]
    return [part for part in parts if _IS_SENTENCE.search(part) or is_long(part)]


def words(sentence: str) -> int:
    return sum(1 for part in sentence.split() if re.search(r"\w", part))


def is_long(sentence: str) -> bool:
    return words(sentence) > MAX_WORDS


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_has_few_long_sentences(path: Path) -> None:
    found = sentences(path.read_text(encoding="utf-8"))
    long = [sentence for sentence in found if is_long(sentence)]
    assert len(long) <= MAX_SHARE * len(found), f"{len(long)} of {len(found)} sentences:\n" + "\n".join(long)


def anchors(page: Path) -> set[str]:
    """What a link can name on a page: its headings, as GitHub writes them in an address."""
    headings = re.findall(r"^#+ (.*)", _CODE.sub("\n", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", path.read_text(encoding="utf-8"))
    for file, anchor in links:
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), file
        assert not anchor or anchor in anchors(target), f"{file}#{anchor}"


def test_every_page_is_found_from_another_one() -> None:
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES}
    for page in PAGES:
        # The decisions are found by their folder.
        name = "decisions/" if page.parent.name == "decisions" else page.name
        assert page.name == "README.md" or any(f"{name})" in texts[one] for one in PAGES if one != page), page


def test_a_long_sentence_is_found_and_code_is_not() -> None:
    forty = " ".join(["word"] * 40)
    code = f"    {forty}\n\n```\n{forty}\n```\n"
    text = f"# {forty}\n\nShort. A {forty}\nends. `short`.\n\n{code}\n- {forty}\n  two\n"
    assert [words(sentence) for sentence in sentences(text)] == [1, 42, 1, 41]


if __name__ == "__main__":
    for page in [Path(name) for name in sys.argv[1:]] or PAGES:
        found = sentences(page.read_text(encoding="utf-8"))
        long = [sentence for sentence in found if is_long(sentence)]
        print(f"{page}: {len(long)} of {len(found)} sentences are long")
        for sentence in long:
            print(f"  {words(sentence)}  {sentence}")
