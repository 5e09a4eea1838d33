"""The page of `owners status --html`: complete in itself, in French, escaped."""

import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from bs4 import BeautifulSoup

from provisioning.support.status_page import Bar, french, status_page

AT = datetime.datetime(2026, 3, 1, 9, 5, tzinfo=datetime.UTC)
STEPS = {
    "loaded": 100,
    "letter": 200,
    "started": 10,
    "waiting": 40,
    "active": 12_000,
    "merged": 345,
    "expired": 300,
    "disabled": 5,
    "ended": 77,
}
STATUS: dict[str, Any] = {
    "agency": "1001/01",
    "name": "Agence <b>& Fils</b>",
    "loaded": 13_000,
    "letter": 12_900,
    "started": 12_500,
    "waiting": 40,
    "active": 12_000,
    "merged": 345,
    "expired": 300,
    "disabled": 5,
    "locked": 2,
    "steps": STEPS,
}


def test_it_says_who_how_many_and_when() -> None:
    text = " ".join(BeautifulSoup(status_page(STATUS, AT), "html.parser").get_text(" ").split())
    assert "Agence <b>& Fils</b>" in text
    assert "le 1er mars 2026, 09:05" in text
    assert "12 345 propriétaires sur 13 000" in text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "95" in text
    assert "moncompte owners list --agency 1001/01 --state expired" in text


def test_each_bar_is_as_long_as_its_part() -> None:
    soup = BeautifulSoup(status_page(STATUS, AT), "html.parser")
    widths = [float(str(rect["width"])) for rect in soup.select(".bars rect.fill")]
    counts = [13_000, 12_900, 12_500, 12_345, *(12_000, 345, 40, 10, 200, 100, 300, 5)]
    assert widths == pytest.approx([100 * count / 13_000 for count in counts], abs=0.001)


def test_it_fetches_nothing_and_runs_nothing() -> None:
    page = status_page(STATUS | {"name": "<script>alert(1)</script>"}, AT)
    tags: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, dict(attrs)))

    Reader().feed(page)
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "base"}
    names = {name for _, attributes in tags for name in attributes}
    assert not names & {"src", "href", "xlink:href", "style"}
    assert not [name for name in names if name.startswith("on")]
    assert "default-src 'none'" in page


def test_it_is_accessible_without_its_drawings() -> None:
    soup = BeautifulSoup(status_page(STATUS, AT), "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "fr"
    assert all(svg["aria-hidden"] == "true" for svg in soup.find_all("svg"))
    headings = [heading.name for heading in soup.find_all(["h1", "h2", "h3"])]
    assert headings == ["h1", "h2", "h2", "h3", "h3", "h3", "h2"]
    for section in soup.find_all("section"):
        assert section.get("aria-label") or soup.find(id=str(section["aria-labelledby"]))


@pytest.mark.parametrize(
    ("active", "words"), [(1, "1 propriétaire sur 2 a ouvert son accès"), (2, "2 propriétaires")]
)
def test_one_is_singular(active: int, words: str) -> None:
    status = STATUS | {"loaded": 2, "active": active, "merged": 0}
    text = " ".join(BeautifulSoup(status_page(status, AT), "html.parser").get_text(" ").split())
    assert words in text


def test_an_agency_without_owners_has_a_page() -> None:
    nobody = {name: 0 for name, value in STATUS.items() if isinstance(value, int)}
    status = STATUS | nobody | {"steps": dict.fromkeys(STEPS, 0)}
    assert "Aucun propriétaire" in status_page(status, AT)


@pytest.mark.parametrize(
    ("percent", "shown"),
    [(0, "0 %"), (0.2, "< 1 %"), (12.4, "12 %"), (99.9, "> 99 %"), (100, "100 %")],
)
def test_a_part_is_not_rounded_to_none_or_all(percent: float, shown: str) -> None:
    assert Bar("", 1, percent).shown_percent.replace("\N{NO-BREAK SPACE}", " ") == shown


def test_thousands_are_apart() -> None:
    assert french(1234567) == "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567"
