"""How a letter is worded: a Jinja2 template that makes a little HTML, which is all that is understood.

A template is of the agency, so it may do nothing but word. Of Jinja2 it may use what chooses between texts,
and nothing that repeats, calls or computes: so it ends, and a letter is not much longer than its template. It
is run in Jinja2's sandbox. Of HTML only the tags below are known: none names a file or an address to fetch.
What stands in the agency's file is escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import LetterError, reason_of
from ..texts import _
from .letter import Agency, Letter, in_words

STANDARD = Path(__file__).with_name("standard.html")
"""The template that is used unless an agency has its own."""

PARAGRAPHS = ("p", "h1", "h2", "li")
"""Tags with text in them."""

DRAWN = ("access", "qr", "hr")
"""Tags for what is drawn: the box with everything to sign in by, the QR code alone, a line."""

MAX_TEMPLATE = 64 * 1024  # characters

_GROWING = (
    nodes.Concat,
    nodes.Add,
    nodes.List,
    nodes.Tuple,
)  # doubles a variable, where it stands in a `set`
_UNDERSTOOD = (
    *(
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Const,
        nodes.Name,
        nodes.Getattr,
        nodes.Getitem,
    ),
    *(nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test),
    *(nodes.Assign, nodes.Filter, nodes.Keyword, *_GROWING),
)
_FILTERS = {"capitalize", "d", "default", "e", "escape", "length", "lower", "title", "trim", "upper"}

_INLINE = ("b", "br")
_AROUND = ("ul",)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or something drawn: its tag, and its text with `<b>` and `<br/>`."""

    tag: str
    text: str = ""


class Template:
    """A template that has been read. Raises LetterError with the line when it cannot be used."""

    def __init__(self, path: Path, agency: Agency, today: date) -> None:
        self._path = path
        self._common = {
            "agency": agency._asdict(),
            "sign_in_url": agency.sign_in_url,
            "today": in_words(today),
        }
        environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        try:
            text = path.read_text(encoding="utf-8")
            if len(text) > MAX_TEMPLATE:
                raise LetterError(
                    _("{path}: larger than {most} KB").format(path=path, most=MAX_TEMPLATE >> 10)
                )
            tree = environment.parse(text)
            _check_only_words(tree, path)
            self._template = environment.from_string(tree)
        except TemplateSyntaxError as error:
            raise LetterError(f"{path}:{error.lineno}: {error.message}") from None
        except (RecursionError, MemoryError, SyntaxError):  # the last two are how Python's compiler says so
            raise LetterError(_("{path}: nested too deeply").format(path=path)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise LetterError(
                _("Cannot read the template {path}: {reason}.").format(
                    path=str(path), reason=reason_of(error)
                )
            ) from None

    def blocks(self, letter: Letter) -> list[Block]:
        """What a letter says. Raises LetterError when the template goes wrong, or says what is not
        understood."""
        owner = {
            "identifier": letter.identifier,
            "password": letter.password,
            "civility": letter.civility,
            "salutation": letter.salutation,
            "first_name": letter.first_name,
            "last_name": letter.last_name,
        }
        try:
            said = self._template.render(self._common, owner=owner, expires=in_words(letter.expires))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
            raise LetterError(f"{self._path}: {error}") from None
        reader = _Reader()
        try:
            reader.feed(said)
            reader.close()
            return reader.end()
        except _NotUnderstoodError as error:
            raise LetterError(
                _("{path}: line {line} of the letter: {reason}").format(
                    path=self._path, line=error.line, reason=error.reason
                )
            ) from None


def _check_only_words(tree: nodes.Template, path: Path) -> None:
    """Raises LetterError for what a letter needs not, with its line."""
    for node in tree.find_all(nodes.Node):
        word = type(node).__name__.lower()
        refused = None if isinstance(node, _UNDERSTOOD) else word
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            refused = f"|{node.name}"
        if isinstance(node, nodes.Assign) and any(node.find_all(_GROWING)):
            refused = _("a text put together in “set”")
        if refused:
            raise LetterError(
                _(
                    "{path}:{line}: not for letters: {what}. Use texts, values, “if” and “set” of one value, "
                    "and the filters {filters}."
                ).format(path=path, line=node.lineno, what=refused, filters=", ".join(sorted(_FILTERS)))
            )


def _unbroken(text: str) -> str:
    """French text whose lines do not break before `: ; ? !` and `»`, nor after `«`."""
    return re.sub(r"(?<=«) | (?=[:;?!»])", "\N{NO-BREAK SPACE}", text)


class _NotUnderstoodError(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class _Open(NamedTuple):
    tag: str
    line: int


class _Reader(HTMLParser):
    """Reads the little HTML a template makes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._open: _Open | None = None
        self._text: list[str] = []
        self._bold = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if attrs:
            raise self._wrong(_("<{tag}> takes no attributes").format(tag=tag))
        if tag in DRAWN:
            self._close_paragraph()
            self._blocks.append(Block(tag))
        elif tag in PARAGRAPHS:
            self._close_paragraph()
            self._open = _Open(tag, self.getpos()[0])
        elif tag == "br" and self._open:
            self._text.append("<br/>")
        elif tag == "b" and self._open and not self._bold:
            self._bold = True
            self._text.append("<b>")
        elif tag in _AROUND:
            self._close_paragraph()
        else:
            known = ", ".join(f"<{one}>" for one in (*PARAGRAPHS, *_AROUND, *_INLINE, *DRAWN))
            raise self._wrong(
                _("<{tag}> cannot stand here; understood are {known}").format(tag=tag, known=known)
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "b" and self._bold:
            self._bold = False
            self._text.append("</b>")
        elif tag in PARAGRAPHS or tag in _AROUND:
            self._close_paragraph()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text.append(escape(_unbroken(re.sub(r"[ \t\r\n\f]+", " ", data)), quote=False))
        elif data.strip():
            raise self._wrong(
                _("“{text}” stands outside of a paragraph (<p>)").format(text=data.strip()[:40])
            )

    def handle_decl(self, decl: str) -> None:
        raise self._wrong(_("{tag} is not understood").format(tag=f"<!{decl[:20]}>"))

    def handle_pi(self, data: str) -> None:
        raise self._wrong(_("{tag} is not understood").format(tag=f"<?{data[:20]}"))

    def unknown_decl(self, data: str) -> None:
        raise self._wrong(_("{tag} is not understood").format(tag=f"<![{data[:20]}"))

    def end(self) -> list[Block]:
        """All there is."""
        self._close_paragraph()
        return self._blocks

    def _close_paragraph(self) -> None:
        if self._bold:
            self._text.append("</b>")
            self._bold = False
        if self._open:
            self._blocks.append(Block(self._open.tag, "".join(self._text).strip()))
        self._open, self._text = None, []

    def _wrong(self, reason: str) -> _NotUnderstoodError:
        return _NotUnderstoodError(self.getpos()[0], reason)
