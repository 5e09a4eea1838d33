"""Owners who use no mouse, magnify the screen, space text out, want nothing to move; pages under attack."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Front
from tests.browser.test_the_journey import PASSWORD, link_in, load
from tests.integration.stage import eventually
from tools.mailbox import Mailbox

# WCAG 2.2, 1.4.12: what a reader may set without losing anything.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""


class Keyboard:
    """An owner at a keyboard, on a page that has to show where the focus is, and to fit the window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Tabs until what has this name in the page is focused, and seen to be."""
        for _ in range(30):
            self.page.keyboard.press("Tab")
            if self._focused() == name.lower():
                self._check(name)
                return
        raise AssertionError(f"not reached with the keyboard: {name}")

    def type_into(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.type(text)

    def press_on(self, name: str) -> None:
        self.to(name)
        self.page.keyboard.press("Enter")

    def _focused(self) -> str:
        text = self.page.evaluate(
            "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? ''"
        )
        return " ".join(text.split()).lower()

    def _check(self, name: str) -> None:
        seen = self.page.evaluate(
            """() => { const one = document.activeElement, box = one.getBoundingClientRect();
                       const style = getComputedStyle(one);
                       return { outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
                                inside: box.top < innerHeight && box.bottom > 0,
                                overflow: document.documentElement.scrollWidth - innerWidth }; }"""
        )
        assert seen["outline"] >= 2, f"{name}: the focus is not seen"
        assert seen["inside"], f"{name}: the focus is out of the window"
        assert seen["overflow"] <= 0, f"{name}: {seen['overflow']} pixels too wide"


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(640, 400, 2), (320, 256, 4)], ids=["magnified twice", "four times"]
)
def test_an_owner_activates_and_signs_in_by_keyboard_alone(
    browser: Browser, front: Front, mailbox: Mailbox, width: int, height: int, scale: int
) -> None:
    """A window of 1280 pixels, magnified (WCAG 2.2, 1.4.4 and 1.4.10)."""
    identifier = f"CLAVIER{width}"
    password, address = load(front, identifier)
    with browser.new_context(
        locale="fr-FR", viewport={"width": width, "height": height}, device_scale_factor=scale
    ) as context:
        page = context.new_page()
        owner = Keyboard(page)
        page.goto(front.entrance)
        owner.press_on("Je n’ai pas de compte")
        page.wait_for_url(re.compile("screen=provisional"))
        owner.type_into("Identifiant provisoire", identifier)
        owner.type_into("Mot de passe provisoire", "faux")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_focused()
        owner.type_into("Mot de passe provisoire", password)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("screen=address"))
        owner.press_on("CONTINUER")
        page.wait_for_url(re.compile("screen=password"))
        owner.type_into("Nouveau mot de passe", PASSWORD)
        owner.type_into("Confirmation", PASSWORD)
        owner.to("J’accepte les CGU et la politique de confidentialité")
        page.keyboard.press("Space")
        owner.press_on("CRÉER MON COMPTE")
        page.wait_for_url(re.compile("screen=verify"))
        page.goto(link_in(mailbox, address))
        owner.press_on("VALIDER MON EMAIL")
        expect(page.get_by_role("heading", level=1)).to_have_text("Adresse email validée")
        owner.press_on("CONNEXION")
        expect(page.get_by_label("Adresse mail")).to_have_value(address)
        owner.type_into("Mot de passe", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("body")).to_contain_text("COP-0412-007")


def test_text_that_is_spaced_out_is_not_cut(browser: Browser, front: Front) -> None:
    # The reader's own style sheet is no business of the page's policy.
    with browser.new_context(
        locale="fr-FR", viewport={"width": 360, "height": 800}, bypass_csp=True
    ) as context:
        page = context.new_page()
        page.goto(front.entrance)
        assert cut_when_spaced_out(page) == []
        for link, field in (
            ("Je n’ai pas de compte", "Identifiant provisoire"),
            ("Connectez-vous", "Adresse mail"),
            ("Mot de passe oublié ?", "Identifiant provisoire / adresse mail"),
        ):
            page.get_by_role("link", name=link).first.click()
            expect(page.get_by_label(field)).to_be_visible()
            assert cut_when_spaced_out(page) == []


def cut_when_spaced_out(page: Page) -> list[str]:
    """The texts that do not fit into their places."""
    page.add_style_tag(content=SPACED)
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("html, a, button, p, li, label, h1")]
            .filter(one => !one.closest(".visually-hidden"))
            .filter(one => getComputedStyle(one).display !== "inline")
            .filter(one => one.scrollWidth > one.clientWidth + 1)
            .map(one => one.textContent.trim())"""
    )
    return found


def test_nothing_moves_where_it_is_not_wanted(page: Page, front: Front) -> None:
    moving = """() => [...document.querySelectorAll("*")].map(one => getComputedStyle(one))
        .filter(one => one.transitionDuration !== "0s" || one.animationName !== "none").length"""
    page.goto(front.entrance)
    assert page.evaluate(moving) > 0, "a button takes its colour little by little"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0


def test_the_policy_of_a_page_stops_what_an_attacker_would_put_into_it(page: Page, front: Front) -> None:
    answer = page.goto(front.entrance)
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page.evaluate(
        """() => {
            window.stopped = [];
            const note = event => window.stopped.push(event.effectiveDirective);
            document.addEventListener("securitypolicyviolation", note);
            const put = (name, attributes, text = "") => {
                const element = document.createElement(name);
                for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
                element.textContent = text;
                document.body.append(element);
                return element;
            };
            put("script", {}, "window.ran = 'inline'");
            put("button", {onclick: "window.ran = 'handler'"}).click();
            put("style", {}, "h1 { color: rgb(1, 2, 3) }");
            put("p", {style: "color: rgb(1, 2, 3)"});
            put("script", {src: "https://elsewhere.invalid/script.js"});
            put("link", {rel: "stylesheet", href: "https://elsewhere.invalid/style.css"});
            put("img", {src: "https://elsewhere.invalid/picture.png"});
            put("iframe", {src: "https://elsewhere.invalid/"});
            fetch("https://elsewhere.invalid/").catch(() => {});
        }"""
    )
    wanted = {
        *("script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr"),
        *("img-src", "frame-src", "connect-src"),
    }
    eventually(lambda: wanted <= set(page.evaluate("window.stopped")), f"{wanted} in {policy}")
    assert page.evaluate("window.ran ?? null") is None
    coloured = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert coloured != "rgb(1, 2, 3)"
