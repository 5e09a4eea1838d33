"""The catalogue of pages (`make catalogue`) leaves no page of the theme out."""

from pathlib import Path

from tests.catalogue.tours import NOT_SHOWN, TOURS

LOGIN = Path(__file__).parents[2] / "keycloak" / "themes" / "moncompte" / "login"


def test_every_page_of_the_theme_is_in_the_catalogue() -> None:
    pages = {
        path.stem
        for path in LOGIN.glob("*.ftl")
        if "<@layout.registrationLayout" in path.read_text(encoding="utf-8")
    }
    shown = {template for tour in TOURS for template in tour.templates}
    assert pages - shown == NOT_SHOWN.keys(), "add a state to tests/catalogue/tours.py"
    assert shown <= pages
