"""The theme's static files: their names, their weight, and the contrast of their colours."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from provisioning.realm.colours import contrast

LOGIN = Path(__file__).parents[2] / "keycloak" / "themes" / "moncompte" / "login"
RESOURCES = LOGIN / "resources"
STATIC_FILES = sorted(path for path in RESOURCES.rglob("*") if path.is_file())
STYLE_SHEET = next((RESOURCES / "css").glob("*.css")).read_text(encoding="utf-8")
TEXT, GRAPHICS = 4.5, 3.0
"""Least contrast of text (WCAG 1.4.3) and of the outlines one has to see to use the page (1.4.11)."""

CONTRASTS = [
    ("text", "page", TEXT),
    ("text", "card", TEXT),
    ("text", "field", TEXT),
    ("text", "error-soft", TEXT),
    ("text", "warning-soft", TEXT),
    ("text", "success-soft", TEXT),
    ("text", "info-soft", TEXT),
    ("muted", "card", TEXT),
    ("title", "page", TEXT),
    ("title", "card", TEXT),
    ("link", "page", TEXT),
    ("link", "card", TEXT),
    ("link", "error-soft", TEXT),
    ("error", "card", TEXT),
    ("error", "error-soft", TEXT),
    ("success", "card", TEXT),
    ("action", "card", TEXT),
    ("on-action", "action", TEXT),
    ("on-action", "action-hover", TEXT),
    ("border", "card", GRAPHICS),
    ("border", "field", GRAPHICS),
    ("muted", "field", GRAPHICS),
]


@pytest.mark.parametrize("path", STATIC_FILES, ids=lambda path: path.name)
def test_static_file_is_named_by_its_content(path: Path) -> None:
    """Keycloak lets browsers keep a file for 30 days under its name: other content needs another name."""
    stem = path.name.split(".")[0]
    due = f"{stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}{path.suffix}"
    assert path.name == due, f"rename {path} to {due}, and name it so in {LOGIN / 'theme.properties'}"


def test_theme_properties_name_every_static_file() -> None:
    properties = (LOGIN / "theme.properties").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:styles|scripts)=(.+)$", properties, re.MULTILINE))
    assert named == {path.relative_to(RESOURCES).as_posix() for path in STATIC_FILES}


def test_content_hash_pattern_matches_every_static_file() -> None:
    properties = (LOGIN / "theme.properties").read_text(encoding="utf-8")
    pattern = re.search(r"^contentHashPattern=(.+)$", properties, re.MULTILINE)
    assert pattern is not None
    expression = pattern.group(1).replace("\\\\", "\\")
    assert all(re.fullmatch(expression, path.relative_to(RESOURCES).as_posix()) for path in STATIC_FILES)


def test_static_files_are_light() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC_FILES) < 8 * 1024
    assert all(path.stat().st_size < 8 * 1024 for path in STATIC_FILES if path.suffix == ".js")


def test_style_sheet_fetches_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face", STYLE_SHEET)


def test_both_modes_have_the_same_colours() -> None:
    light, dark = _modes()
    assert light.keys() == dark.keys()


@pytest.mark.parametrize(("front", "back", "least"), CONTRASTS)
@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_contrast(mode: int, front: str, back: str, least: float) -> None:
    colours = _modes()[mode]
    ratio = contrast(colours[front], colours[back])
    assert ratio >= least, f"{front} on {back} has a contrast of {ratio:.2f}, and needs {least}"


def _modes() -> tuple[dict[str, str], dict[str, str]]:
    """The colour tokens of the light mode, and those of the dark mode."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE_SHEET, re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return light, dark
