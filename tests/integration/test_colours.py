"""The colours of an agency or of the realm: a style sheet of their own, and on no page but theirs."""

import json
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from tests.integration.stage import Stage
from tests.owner import Page
from tests.realms import AGENCIES, RealmMaker, TestRealm

PURPLE, TEAL, BLUE = "#5b1a6b", "#00695c", "#005a9c"


@pytest.fixture(scope="module")
def realm(make_realm: RealmMaker) -> TestRealm:
    """1001/01 has colours of its own; the realm has one for buttons."""
    coloured = AGENCIES[0] | {"colours": {"primary": PURPLE, "action": TEAL}}
    return make_realm(agencies=[coloured, *AGENCIES[1:]], colours={"action": BLUE})


def style_sheets(page: Page) -> list[str]:
    """Addresses of the style sheets of a page, in order."""
    return [urljoin(page.url, str(link["href"])) for link in page.soup.select("link[rel=stylesheet]")]


def colours(page: Page) -> str:
    """What the second style sheet of a page says; empty when it has but the theme's."""
    theme, *others = style_sheets(page)
    assert "/resources/" in theme
    return "".join(requests.get(address, timeout=60).text for address in others)


def test_the_pages_of_an_agency_have_its_colours_in_both_modes(stage: Stage) -> None:
    said = colours(stage.browser().start("1001", "01"))
    light, dark = said.split("@media (prefers-color-scheme:dark)")
    assert f"--title:{PURPLE};--action:{TEAL};" in light
    assert "--title:#" in dark
    assert PURPLE not in dark
    assert TEAL not in dark


def test_other_pages_have_those_of_the_realm_the_server_s_own_too(stage: Stage) -> None:
    owner = stage.browser()
    refused = owner.get(owner.authorization_url(client_id="inconnu"))
    pages = (owner.start("1001", "02"), stage.browser().start(), refused)
    assert [page.screen for page in pages] == ["login-welcome", "login-codes", "login-error"]
    for page in pages:
        assert f"--title:#1d3557;--action:{BLUE};" in colours(page), page.screen


def test_browsers_keep_the_style_sheet_under_an_address_that_follows_the_colours(stage: Stage) -> None:
    theme, own = style_sheets(stage.browser().start("1001", "01"))
    answer = requests.get(own, timeout=60)
    assert answer.headers["Content-Type"].replace(" ", "").lower() == "text/css;charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert PURPLE[1:] in own
    assert theme.rpartition("/")[2] in own, "other tokens of the theme are another address, too"


@pytest.mark.parametrize(
    "name",
    ["5b1a6b", "-".join(["5b1a6b"] * 5), "-".join(["5B1A6B"] * 6), "-".join(["5b1a6b"] * 5) + "-}*{x:1"],
)
def test_nothing_but_six_colours_is_a_style_sheet(stage: Stage, name: str) -> None:
    answer = requests.get(f"{stage.realm.issuer}/moncompte/colours/{name}.css", timeout=60)
    assert (answer.status_code, answer.text) == (404, "")


def test_colours_taken_out_of_the_manifest_are_gone(stage: Stage) -> None:
    manifest: dict[str, Any] = json.loads(stage.realm.manifest.read_text(encoding="utf-8"))
    del manifest["realms"][0]["colours"]
    del manifest["agencies"][0]["colours"]
    stage.realm.manifest.write_text(json.dumps(manifest), encoding="utf-8")
    assert stage.realm.moncompte("apply", "--yes", "-f", stage.realm.manifest) == 0
    assert colours(stage.browser().start("1001", "01")) == ""
    assert colours(stage.browser().start()) == ""


def test_a_pale_colour_is_refused_before_anything_is_sent(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest: dict[str, Any] = json.loads(stage.realm.manifest.read_text(encoding="utf-8"))
    manifest["agencies"][0]["colours"] = {"action": "#ff9d5c"}
    file = stage.realm.directory / "pale.yaml"
    file.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    assert stage.realm.moncompte("plan", "-f", file) == 2
    said = capsys.readouterr().err
    line = next(n for n, text in enumerate(file.read_text("utf-8").splitlines(), 1) if "#ff9d5c" in text)
    for part in ("pale.yaml", str(line), "agencies[0].colours.action", "at least 4.5", "found 2.05"):
        assert part in said
