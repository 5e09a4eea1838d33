"""What stands on the pages of a PDF, and where."""

from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import zxingcpp

MM = 72 / 25.4


class Word(NamedTuple):
    """A piece of text and its place, in mm from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Page:
    """One page."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._height = page.get_height()
        self._text = page.get_textpage()

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(str(self._text.get_text_range()).split())

    @property
    def characters(self) -> list[Word]:
        """Each character that shows."""
        found = []
        for at in range(self._text.count_chars()):
            left, bottom, right, top = self._text.get_charbox(at)
            character = self._text.get_text_range(at, 1)
            if character.strip():
                place = (left / MM, (self._height - top) / MM, right / MM, (self._height - bottom) / MM)
                found.append(Word(character, *place))
        return found

    @property
    def codes(self) -> list[str]:
        """What a telephone reads in the QR codes of the printed page."""
        return [code.text for code in zxingcpp.read_barcodes(self._page.render(scale=3).to_pil())]


def pages(source: Path | bytes) -> list[Page]:
    """The pages of a PDF."""
    return [Page(page) for page in pypdfium2.PdfDocument(source)]
