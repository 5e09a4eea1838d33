"""A logo of an agency or a realm's brand: a small PNG or JPEG file, looked through before it is sent.

It is shown on the pages of the sign-in, in the Extranet and in letters. Not SVG, which can hold scripts and
addresses to fetch.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from PIL import Image, UnidentifiedImageError

from ..files import read_small
from ..texts import _

ENDINGS = (".png", ".jpg", ".jpeg")
MAX_BYTES = 64 * 1024
MIN_SIDE, MAX_SIDE = 32, 2000
"""Pixels of a side."""
MAX_STRETCH = 8
"""How many times wider than high, at most, and the other way round."""

_KINDS: dict[str | None, Literal["png", "jpg"]] = {"PNG": "png", "JPEG": "jpg"}
_ENDS = {"png": b"IEND\xaeB`\x82", "jpg": b"\xff\xd9"}


BRAND = "brand"
"""Stands for the realm's brand where an agency has its alias."""


@dataclass(frozen=True)
class Logo:
    """A logo that can be shown."""

    kind: Literal["png", "jpg"]
    content: bytes = field(repr=False)

    def name(self, alias: str) -> str:
        """The name the server gives it as the logo of an agency or of `BRAND`; it follows the content."""
        return f"{alias}-{hashlib.sha256(self.content).hexdigest()[:16]}.{self.kind}"


def read_logo(path: Path) -> Logo:
    """The logo in a file. Raises ValueError with what was expected of it."""
    content = read_small(path, MAX_BYTES)
    kind = _checked(content, path)
    if (kind == "png") != (path.suffix.lower() == ".png"):
        text = _("expected the kind of image that its name says; {path} is {kind}")
        raise ValueError(text.format(path=path, kind=kind.upper()))
    return Logo(kind, content)


def _checked(content: bytes, path: Path) -> Literal["png", "jpg"]:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            kind = _KINDS[image.format]
            _check_measures(image.size, path)
            if getattr(image, "is_animated", False):
                raise ValueError(_("expected an image that stands still; {path} moves").format(path=path))
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, KeyError):
        text = _("expected a PNG or JPEG image; {path} is none, or damaged")
        raise ValueError(text.format(path=path)) from None
    if not content.endswith(_ENDS[kind]):
        raise ValueError(_("expected nothing behind the image; {path} holds more").format(path=path))
    return kind


def _check_measures(size: tuple[int, int], path: Path) -> None:
    width, height = size
    if not (min(size) >= MIN_SIDE and max(size) <= MAX_SIDE and max(size) <= MAX_STRETCH * min(size)):
        text = _(
            "expected {least} to {largest} pixels a side, one at most {stretch} times the"
            " other; {path} has {width} × {height}"
        )
        raise ValueError(
            text.format(
                least=MIN_SIDE, largest=MAX_SIDE, stretch=MAX_STRETCH, path=path, width=width, height=height
            )
        )
