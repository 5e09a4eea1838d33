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

ENDINGS = (".png", ".jpg", ".jpeg")
MOST_BYTES = 64 * 1024
LEAST_SIDE, MOST_SIDE = 32, 2000
"""Pixels of a side."""
MOST_STRETCHED = 8
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
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror or error}") from None
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"expected a file of at most {MOST_BYTES // 1024} KB; {path} has {path.stat().st_size // 1024} KB"
        )
    kind = _checked(content, path)
    if (kind == "png") != (path.suffix.lower() == ".png"):
        raise ValueError(f"expected the kind of image that its name says; {path} is {kind.upper()}")
    return Logo(kind, content)


def _checked(content: bytes, path: Path) -> Literal["png", "jpg"]:
    unusable = f"expected a PNG or JPEG image; {path} is none, or damaged"
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            kind = _KINDS[image.format]
            _check_measures(image.size, path)
            if getattr(image, "is_animated", False):
                raise ValueError(f"expected an image that stands still; {path} moves")
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, KeyError):
        raise ValueError(unusable) from None
    if not content.endswith(_ENDS[kind]):
        raise ValueError(f"expected nothing behind the image; {path} holds more")
    return kind


def _check_measures(size: tuple[int, int], path: Path) -> None:
    width, height = size
    if not (min(size) >= LEAST_SIDE and max(size) <= MOST_SIDE and max(size) <= MOST_STRETCHED * min(size)):
        raise ValueError(
            f"expected {LEAST_SIDE} to {MOST_SIDE} pixels a side, one at most {MOST_STRETCHED} times the"
            f" other; {path} has {width} × {height}"
        )
