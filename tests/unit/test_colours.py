"""Colours of agencies and brands: those that cannot be read are refused, the dark mode's are made of them."""

import re
from pathlib import Path

import pytest

from provisioning.realm import colours

ROOT = Path(__file__).parents[2]
LOGIN = ROOT / "keycloak" / "themes" / "moncompte" / "login"


def tokens(file: Path | None = None) -> list[dict[str, str]]:
    """The colour tokens of a style sheet, light and dark: the theme's, where none is named."""
    sheet = (file or next((LOGIN / "resources" / "css").glob("*.css"))).read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(other, one) == colours.contrast(one, other)


def test_what_colours_are_held_against_is_what_the_theme_has() -> None:
    light, dark = tokens()
    assert [light[name] for name in ("page", "card", "on-action")] == [
        colours.LIGHT_PAGE,
        colours.LIGHT_CARD,
        colours.LIGHT_ON_ACTION,
    ]
    assert [dark[name] for name in ("page", "card", "on-action")] == [
        colours.DARK_PAGE,
        colours.DARK_CARD,
        colours.DARK_ON_ACTION,
    ]
    for mode, shades in ((light, colours.LIGHT), (dark, colours.DARK)):
        assert (mode["title"], mode["action"], mode["action-hover"]) == (
            shades.title,
            shades.action,
            shades.action_hover,
        )


def test_the_proxy_s_own_page_has_the_colours_of_the_theme() -> None:
    of_the_page = tokens(ROOT / "deploy" / "proxy" / "unavailable.css")
    assert of_the_page == [
        {name: mode[name] for name in ("page", "card", "text", "muted", "title")} for mode in tokens()
    ]


@pytest.mark.parametrize("kind", ["primary", "action"])
def test_a_colour_that_can_be_read_is_accepted(kind: str) -> None:
    for colour in ("#1d3557", "#B84A00"):
        assert colours.readable(kind, colour) == colour


@pytest.mark.parametrize(
    ("kind", "colour", "found"),
    [("action", "#ff9d5c", "2.05"), ("action", "#777777", "4.47"), ("primary", "#757575", "4.25")],
)
def test_a_pale_colour_is_refused_with_its_ratio_and_one_that_would_do(
    kind: str, colour: str, found: str
) -> None:
    with pytest.raises(ValueError, match=r"at least 4\.5") as caught:
        colours.readable(kind, colour)
    said = str(caught.value)
    assert f"found {found}" in said
    better = re.findall("#[0-9a-f]{6}", said)[-1]
    assert colours.readable(kind, better) == better


def test_no_colours_need_no_style_sheet() -> None:
    assert colours.style(None, None) == ""


def test_one_colour_leaves_the_theme_s_own_for_the_other() -> None:
    assert colours.style("#123456", None).split("-")[1:3] == ["b84a00", "963c00"]
    assert colours.style(None, "#7A1FA2").split("-")[0] == "1d3557"


@pytest.mark.parametrize("colour", ["#000000", "#1d3557", "#b84a00", "#005f56", "#7a1fa2", "#b00020"])
def test_the_dark_mode_can_be_read_too(colour: str) -> None:
    title, action, hover = (f"#{shade}" for shade in colours.style(colour, colour).split("-")[3:])
    for behind in (colours.DARK_PAGE, colours.DARK_CARD):
        assert colours.contrast(title, behind) >= colours.MIN_CONTRAST
    for shade in (action, hover):
        assert colours.contrast(shade, colours.DARK_CARD) >= colours.MIN_CONTRAST
        assert colours.contrast(shade, colours.DARK_ON_ACTION) >= colours.MIN_CONTRAST


@pytest.mark.parametrize("colour", ["#b84a00", "#005f56", "#7a1fa2"])
def test_the_button_below_the_pointer_can_be_read_too(colour: str) -> None:
    hover = f"#{colours.style(None, colour).split('-')[2]}"
    assert colours.contrast(hover, colours.LIGHT_ON_ACTION) >= colours.MIN_CONTRAST
