"""Letters on paper: A4, folded in three, for a DL envelope with its window on the right.

The window of a French DL envelope (110 × 220 mm) is 35 or 45 mm high and 100 mm wide, 20 mm from the right
and the lower edge. The folded sheet (99 × 210 mm) has 11 mm of play in height and 10 mm in width: whatever
way it lies, what stands 55 to 79 mm from its upper and 100 to 190 mm from its left edge shows; what stands
from 34 to 90 and from 90 to 200 mm may, so that nothing but the address stands there. The address, at most 6
lines (NF Z 10-011), begins at 110 and 55 mm.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from reportlab import rl_config
from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from ..errors import LetterError
from ..texts import _
from .letter import ADDRESS_LINES, Agency, Letter, in_words
from .template import Block, Template

FONTS = Path(__file__).with_name("fonts")
REGULAR, BOLD = "LiberationSans", "LiberationSans-Bold"

WIDTH, HEIGHT = A4
LEFT, RIGHT = 25 * mm, WIDTH - 25 * mm
ADDRESS_LEFT, ADDRESS_RIGHT, ADDRESS_LEADING = 110 * mm, 190 * mm, 4 * mm
ADDRESS_BASELINE = HEIGHT - 58.5 * mm
"""Of its first line, so that accents of capitals are below 55 mm."""
SENDER_WIDTH = 62 * mm
BODY_TOP, BODY_BOTTOM = HEIGHT - 102 * mm, 15 * mm
FOLDS = (HEIGHT - 99 * mm, HEIGHT - 198 * mm)
LOGO_TOP, LOGO_HEIGHT, LOGO_WIDTH = HEIGHT - 12 * mm, 18 * mm, 60 * mm
QR_SIZE, PADDING = 36 * mm, 5 * mm
QUIET = 4
"""Modules left white around a QR code (ISO/IEC 18004)."""

BLUE, GREY = HexColor("#1d3557"), HexColor("#8a94a6")
BOX = HexColor("#f3f5f9")


def _style(name: str, font: str, size: float, after: float, colour: object = black) -> Any:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=size * 1.35,
        spaceAfter=after * mm,
        textColor=colour,
        alignment=TA_LEFT,
        splitLongWords=1,
    )


_STYLES = {
    "p": _style("p", REGULAR, 10, 2.2),
    "li": _style("li", REGULAR, 10, 1.2),
    "h1": _style("h1", BOLD, 14, 3, BLUE),
    "h2": _style("h2", BOLD, 11.5, 2, BLUE),
}
_STYLES["li"].leftIndent, _STYLES["li"].bulletIndent = 5 * mm, 1 * mm
_LABEL = _style("label", REGULAR, 8, 0.2, HexColor("#4a5568"))
_VALUE = _style("value", BOLD, 11, 1.8)
_ADDRESS = _style("address", BOLD, 10, 1.8)
_PASSWORD = _style("password", BOLD, 14, 1.8)
_CAPTION = _style("caption", REGULAR, 7.5, 0)
_SENDER = _style("sender", REGULAR, 8.5, 0)
_SENDER_NAME = _style("sender-name", BOLD, 10.5, 0.5, BLUE)


class Pages:
    """The pages of one file, drawn one after the other.

    logo   a PNG or JPEG file, its path or what is in it; or None. Raises LetterError when it cannot be used.
    """

    def __init__(self, template: Template, agency: Agency, today: date, logo: Path | bytes | None) -> None:
        _register_fonts()
        self._template = template
        self._agency = agency
        self._today = in_words(today)
        self._logo = _image(logo) if logo is not None else None
        self._canvas: Any = Canvas("", pagesize=A4, pageCompression=1)
        self._canvas.setTitle(f"Lettres de {agency.name}")
        self._canvas.setAuthor(agency.name)
        self._mask: int | None = None

    def add(self, letter: Letter) -> None:
        """Draw a letter. Raises LetterError when it does not fit on its page."""
        self._draw_folds()
        self._draw_sender()
        self._draw_address(letter)
        top = BODY_TOP
        self._text(f"Le {self._today}", _STYLES["p"], ADDRESS_LEFT, HEIGHT - 93 * mm, 80 * mm)
        for block in self._template.blocks(letter):
            top = self._draw(block, letter, top)
            if top < BODY_BOTTOM:
                raise LetterError(
                    f"The letter of {letter.identifier} does not fit on one page; shorten the template."
                )
        self._canvas.showPage()

    def pdf(self) -> bytes:
        """The file of all pages drawn."""
        return bytes(self._canvas.getpdfdata())

    # ------------------------------------------------------------ what stands on every page

    def _draw_folds(self) -> None:
        self._canvas.setStrokeColor(GREY)
        self._canvas.setLineWidth(0.4)
        for fold in FOLDS:
            self._canvas.line(4 * mm, fold, 8 * mm, fold)

    def _draw_sender(self) -> None:
        top = LOGO_TOP
        if self._logo is not None:
            width, height = self._logo.getSize()
            scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height)
            self._canvas.drawImage(
                self._logo, LEFT, top - height * scale, width * scale, height * scale, mask="auto"
            )
            top -= height * scale + 2 * mm
        agency = self._agency
        contact = (agency.phone, agency.email, agency.help_url)
        top = self._text(_plain(agency.name), _SENDER_NAME, LEFT, top, SENDER_WIDTH)
        for line in contact:
            if line:
                top = self._text(_plain(line), _SENDER, LEFT, top, SENDER_WIDTH)

    def _draw_address(self, letter: Letter) -> None:
        self._canvas.setFillColor(black)
        for number, line in enumerate(letter.address[:ADDRESS_LINES]):
            size = 10.0
            room = (ADDRESS_RIGHT - ADDRESS_LEFT) / max(pdfmetrics.stringWidth(line, REGULAR, 10), 1)
            self._canvas.setFont(REGULAR, min(size, size * room))
            self._canvas.drawString(ADDRESS_LEFT, ADDRESS_BASELINE - number * ADDRESS_LEADING, line)

    # ------------------------------------------------------------ what the template says

    def _draw(self, block: Block, letter: Letter, top: float) -> float:
        """Draw a block below `top`; where the next one begins."""
        if block.tag == "access":
            return self._draw_access(letter, top)
        if block.tag == "qr":
            self._draw_qr(letter, LEFT, top - QR_SIZE)
            return float(top - QR_SIZE - 2 * mm)
        if block.tag == "hr":
            self._canvas.setStrokeColor(GREY)
            self._canvas.line(LEFT, top - 1 * mm, RIGHT, top - 1 * mm)
            return float(top - 4 * mm)
        bullet = "•" if block.tag == "li" else None
        return self._text(block.text, _STYLES[block.tag], LEFT, top, RIGHT - LEFT, bullet)

    def _text(
        self, text: str, style: Any, left: float, top: float, width: float, bullet: str | None = None
    ) -> float:
        paragraph, height = _paragraph(text, style.name, width, bullet)
        paragraph.drawOn(self._canvas, left, top - height)
        return float(top - height - style.spaceAfter)

    def _draw_access(self, letter: Letter, top: float) -> float:
        """The box with everything to sign in by."""
        agency = self._agency
        width = RIGHT - LEFT - QR_SIZE - 3 * PADDING
        said = (
            ("Identifiant provisoire", _plain(letter.identifier), _PASSWORD),
            ("Mot de passe provisoire", _plain(letter.password), _PASSWORD),
            ("Valables jusqu’au", in_words(letter.expires), _VALUE),
            ("Adresse à ouvrir", _broken(agency.sign_in_url, _ADDRESS, width), _ADDRESS),
            ("Code client · code société", f"{_plain(agency.client)} · {_plain(agency.societe)}", _VALUE),
        )
        height = 2 * PADDING - _VALUE.spaceAfter
        for label, value, style in said:
            height += _height(label, _LABEL, width) + _height(value, style, width)
        height = max(height, QR_SIZE + 10 * mm + 2 * PADDING)
        self._canvas.setFillColor(BOX)
        self._canvas.setStrokeColor(BLUE)
        self._canvas.roundRect(LEFT, top - height, RIGHT - LEFT, height, 2 * mm, stroke=1, fill=1)
        at = top - PADDING
        for label, value, style in said:
            at = self._text(label, _LABEL, LEFT + PADDING, at, width)
            at = self._text(value, style, LEFT + PADDING, at, width)
        left = RIGHT - PADDING - QR_SIZE
        self._draw_qr(letter, left, top - PADDING - QR_SIZE)
        caption = "Visez ce code avec l’appareil photo de votre téléphone"
        self._text(caption, _CAPTION, left, top - PADDING - QR_SIZE - 1.5 * mm, QR_SIZE)
        return float(top - height - 4 * mm)

    def _draw_qr(self, letter: Letter, left: float, bottom: float) -> None:
        """The QR code of the address with codes and identifier, on white, in vectors."""
        url = self._agency.qr_url(letter.identifier)
        # Every mask can be read. The best one is looked for once: that takes four times as long.
        code = segno.make(url, error="m", micro=False, boost_error=False, mask=self._mask)
        self._mask = code.mask
        size = len(code.matrix)
        dark = [
            f"{start} {size - 1 - number} {end - start} 1 re"
            for number, row in enumerate(code.matrix)
            for start, end in _runs(row)
        ]
        canvas = self._canvas
        canvas.saveState()
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(left, bottom, QR_SIZE, QR_SIZE, stroke=0, fill=1)
        canvas.setFillColor(black)
        canvas.translate(left, bottom)
        canvas.scale(QR_SIZE / (size + 2 * QUIET), QR_SIZE / (size + 2 * QUIET))
        canvas.translate(QUIET, QUIET)
        # In whole modules, as PDF says it: numbers of the library's own take longer than all the rest.
        canvas.addLiteral(f"{' '.join(dark)} f")
        canvas.restoreState()


def _runs(row: Iterable[int]) -> Iterable[tuple[int, int]]:
    """From where to where a row of a QR code is dark."""
    begun = None
    at = 0
    for at, dark in enumerate([*row, 0]):
        if dark and begun is None:
            begun = at
        elif not dark and begun is not None:
            yield begun, at
            begun = None


@lru_cache(maxsize=200)
def _paragraph(text: str, style: str, width: float, bullet: str | None) -> tuple[Any, float]:
    """A paragraph, laid out, and its height; most of a letter is the same in the next one."""
    paragraph = Paragraph(text, _BY_NAME[style], bulletText=bullet)
    _, height = paragraph.wrap(width, HEIGHT)
    return paragraph, float(height)


def _height(text: str, style: Any, width: float) -> float:
    return float(_paragraph(text, style.name, width, None)[1] + style.spaceAfter)


_BY_NAME = {
    style.name: style
    for style in (*_STYLES.values(), _LABEL, _VALUE, _ADDRESS, _PASSWORD, _CAPTION, _SENDER, _SENDER_NAME)
}


def _plain(value: str) -> str:
    """A value as text of a paragraph."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _broken(url: str, style: Any, width: float) -> str:
    """A web address that may not fit on a line, broken before what follows its path."""
    fits = pdfmetrics.stringWidth(url, style.fontName, style.fontSize) <= width
    return _plain(url) if fits else _plain(url).replace("?", "<br/>?", 1)


def _image(logo: Path | bytes) -> Any:
    try:
        image = ImageReader(io.BytesIO(logo) if isinstance(logo, bytes) else str(logo))
        image.getSize()
    except Exception as error:  # the library raises whatever it meets in the file
        name = _("of the agency") if isinstance(logo, bytes) else str(logo)
        raise LetterError(
            _("The logo {name} cannot be used: expected a PNG or JPEG file.").format(name=name)
        ) from error
    return image


def _register_fonts() -> None:
    rl_config.useA85 = 0  # streams as they are: smaller and quicker than in ASCII
    if REGULAR in pdfmetrics.getRegisteredFontNames():
        return
    for name, file in ((REGULAR, "LiberationSans-Regular.ttf"), (BOLD, "LiberationSans-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
