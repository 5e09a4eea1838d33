"""Colours of a brand or an agency: whether they can be read, and the shades of them that the pages need.

The manifest names two colours for the light mode. They have to be readable there (WCAG 2.2, 1.4.3: 4.5:1);
those of the dark mode are the same, made lighter until they are readable on dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..texts import _

MIN_CONTRAST = 4.5
"""Of text on what is behind it (WCAG 2.2, 1.4.3)."""

LIGHT_PAGE, LIGHT_CARD, LIGHT_ON_ACTION = "#f4f6f9", "#ffffff", "#ffffff"
DARK_PAGE, DARK_CARD, DARK_ON_ACTION = "#0f1722", "#18222f", "#1a1004"
"""What the colours stand on, or below: tokens of the theme's style sheet (page, card, on-action)."""

BEHIND = {
    "primary": {"page": LIGHT_PAGE, "form": LIGHT_CARD},
    "action": {"form": LIGHT_CARD, "text of buttons": LIGHT_ON_ACTION},
}
"""What each colour of the manifest has to contrast with, and its name in messages."""

_STEPS = 50


@dataclass(frozen=True)
class Shades:
    """The tokens of one mode, each `#rrggbb`: of titles, of buttons, and of the button below the pointer."""

    title: str
    action: str
    action_hover: str


LIGHT = Shades("#1d3557", "#b84a00", "#963c00")
DARK = Shades("#b9d3f0", "#ff9d5c", "#ffb685")
"""The theme's own, for a colour that is not named."""


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours `#rrggbb`, 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(kind: str, colour: str) -> str:
    """A colour of the manifest, `#rrggbb`, when it can be read as the `primary` or `action` one.

    Raises ValueError with what is wrong.
    """
    ratios = {name: (contrast(colour, behind), behind) for name, behind in BEHIND[kind].items()}
    name, (found, behind) = min(ratios.items(), key=lambda one: one[1][0])
    if found >= MIN_CONTRAST:
        return colour
    darker = _mixed_until_readable(colour, "#000000", list(BEHIND[kind].values()))
    # Rounded down: 4.499 is not enough, and is not to read as if it were.
    text = _(
        "expected a contrast of at least {least} with the {name} ({behind}), found {found:.2f} (WCAG AA); a"
        " darker shade that has it: {darker}"
    )
    rounded = int(found * 100) / 100
    shown = {"page": _("page"), "form": _("form"), "text of buttons": _("text of buttons")}[name]
    raise ValueError(text.format(least=MIN_CONTRAST, name=shown, behind=behind, found=rounded, darker=darker))


def style(primary: str | None, action: str | None) -> str:
    """Name of the style sheet of these colours, `#rrggbb` each or None for the theme's own.

    The colours themselves, light then dark, `1d3557-b84a00-963c00-b9d3f0-ff9d5c-ffb685`; empty when both are
    None.
    """
    if primary is None and action is None:
        return ""
    light, dark = LIGHT, DARK
    if primary is not None:
        light = Shades(primary, light.action, light.action_hover)
        dark = Shades(
            _mixed_until_readable(primary, "#ffffff", [DARK_PAGE, DARK_CARD]), dark.action, dark.action_hover
        )
    if action is not None:
        on_dark = _mixed_until_readable(action, "#ffffff", [DARK_CARD, DARK_ON_ACTION])
        light = Shades(light.title, action, _mixed(action, "#000000", 0.2))
        dark = Shades(dark.title, on_dark, _mixed(on_dark, "#ffffff", 0.25))
    shades = [shade for mode in (light, dark) for shade in (mode.title, mode.action, mode.action_hover)]
    return "-".join(shade.lower().removeprefix("#") for shade in shades)


def _mixed_until_readable(colour: str, towards: str, behind: list[str]) -> str:
    """The colour, mixed with as little of another as makes it readable on all that is behind it."""
    for step in range(_STEPS + 1):
        mixed = _mixed(colour, towards, step / _STEPS)
        if all(contrast(mixed, one) >= MIN_CONTRAST for one in behind):
            return mixed
    raise ValueError(_("{towards} itself cannot be read on {behind}").format(towards=towards, behind=behind))


def _mixed(colour: str, other: str, part: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * part):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> Iterator[int]:
    return (int(colour[start : start + 2], 16) for start in (1, 3, 5))
