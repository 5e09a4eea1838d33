"""Pages and mails as Chromium shows them: pictures, what axe-core finds on each, and the overview."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from tests.catalogue.tour import Shot
from tools.mailbox import Mail

VARIANTS = {"360": (360, "light"), "1280": (1280, "light"), "360-dark": (360, "dark")}
"""Name of a picture, and the width of its window in pixels and its colours."""

_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Another width changes no markup, and other colours nothing but contrasts.
_RULES = {
    "360": {"runOnly": {"type": "tag", "values": _WCAG}},
    "360-dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
}
_HTML = {"Content-Type": "text/html; charset=utf-8"}

# Least height and width of what one points at (WCAG 2.2, 2.5.8), except links within a sentence.
_TARGET = 24
_SMALL_TARGETS = f"""() => [...document.querySelectorAll("a, button, input, select, [role=button]")]
    .filter(element => element.checkVisibility() && !element.closest(".visually-hidden, .skip"))
    .filter(element => !(element.matches("a") && element.closest("p, li, label")
                         && element.parentElement.textContent.trim() !== element.textContent.trim()))
    .map(element => [element, element.getBoundingClientRect()])
    .filter(([, box]) => box.width < {_TARGET} || box.height < {_TARGET})
    .map(([element, box]) => [element.textContent.trim() || element.id || element.name, box])
    .map(([name, box]) => `${{name}}: ${{Math.round(box.width)}} × ${{Math.round(box.height)}}`)"""

_HEIGHT = "() => document.querySelector('main').getBoundingClientRect().height"

# Entries of before this call are delivered to an observer that asks for them ("buffered").
LAYOUT_SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(sum), 50));
})"""
"""Cumulative layout shift of the page that has been built."""


@dataclass(frozen=True)
class Document:
    """What Chromium is given in place of an answer of the server.

    headers  of the answer, the policy among them
    origin   where style sheets, scripts and pictures may come from; nowhere for a mail
    """

    url: str
    content: str
    headers: dict[str, str]
    origin: str | None


@dataclass
class Sheet:
    """One page or mail in one state: its pictures by variant, and what is wrong with it."""

    title: str
    state: str
    pictures: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def of_shot(shot: Shot) -> Document:
    """A page with the policy it came with; what it links to comes from where it came from."""
    policy = shot.page.headers.get("Content-Security-Policy", "")
    parts = urlsplit(shot.page.url)
    headers = _HTML | {"Content-Security-Policy": policy}
    return Document(shot.page.url, shot.page.html, headers, f"{parts.scheme}://{parts.netloc}/")


def pages(browser: Browser, shots: Iterable[Shot], folder: Path | None) -> Iterator[Sheet]:
    """A sheet a shot; its pictures go to the `folder`, if one is given."""
    for number, shot in enumerate(shots, 1):
        sheet = Sheet(shot.template, shot.state)
        _draw(browser, sheet, of_shot(shot), folder, f"{number:03}-{shot.template}")
        yield sheet


def mails(browser: Browser, sent: Mapping[str, Mail], folder: Path | None) -> Iterator[Sheet]:
    """A sheet a mail, which may fetch nothing at all; both its parts go to the `folder`, if one is given.

    sent  mails by the name of their template
    """
    for template, mail in sent.items():
        sheet = Sheet(f"Mail {template}", mail.subject)
        name = f"mail-{template}"
        if folder is not None:
            for ending, part in {"html": mail.html, "txt": mail.text}.items():
                sheet.files[ending] = f"{name}.{ending}"
                (folder / sheet.files[ending]).write_text(part, encoding="utf-8")
        _draw(browser, sheet, Document("http://localhost/mail", mail.html, _HTML, None), folder, name)
        yield sheet


def _draw(browser: Browser, sheet: Sheet, document: Document, folder: Path | None, name: str) -> None:
    going = False
    scripts = False

    def answer(route: Route) -> None:
        nonlocal going
        navigation = route.request.is_navigation_request()
        if navigation and going:
            going = False
            route.fulfill(status=200, headers=document.headers, body=document.content)
        elif route.request.resource_type == "script" and not scripts:
            route.abort("aborted")
        elif not navigation and document.origin and route.request.url.startswith(document.origin):
            route.continue_()
        else:
            route.abort("aborted")

    with browser.new_context(locale="fr-FR") as context:
        context.route(re.compile(".*"), answer)
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 800})
        page.on("console", lambda said: sheet.complaints.extend(_complaint(said.type, said.text)))
        going = True
        page.goto(document.url)
        if document.origin is not None:
            height = page.evaluate(_HEIGHT)
            going = scripts = True
            page.goto(document.url)
            moved = page.evaluate(_HEIGHT) - height
            sheet.complaints.extend([f"the script moves the page by {moved} pixels"] if moved else [])
            sheet.complaints.extend(f"in English: {text}" for text in _english(page))
            sheet.complaints.extend(f"small target, {one}" for one in page.evaluate(_SMALL_TARGETS))
            shift = page.evaluate(LAYOUT_SHIFT)
            sheet.complaints.extend([f"moves while it is built: {shift:.4f}"] if shift > 0 else [])
        for variant, (width, colours) in VARIANTS.items():
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if colours == "dark" else "light", reduced_motion="reduce")
            if folder is not None:
                sheet.pictures[variant] = f"{name}-{variant}.png"
                page.screenshot(path=folder / sheet.pictures[variant], full_page=True)
            sheet.complaints.extend(f"{variant}: {one}" for one in _found(page, variant))


def _complaint(kind: str, text: str) -> list[str]:
    """What the console says is wrong. A request that was stopped here is not."""
    stopped = "net::ERR_ABORTED" in text or "ERR_FAILED" in text
    return [f"console: {text}"] if kind in ("error", "warning") and not stopped else []


def _found(page: Page, variant: str) -> list[str]:
    found = Axe().run(page, options=_RULES[variant]).response["violations"] if variant in _RULES else []
    complaints = [f"axe-core, {one['id']}: {one['help']} ({len(one['nodes'])} ×)" for one in found]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if overflow > 0:
        complaints.append(f"{overflow} pixels wider than the window")
    return complaints


_ENGLISH = re.compile(r"\b(?:the|your|you|please|with|and|click|password|account|user)\b", re.IGNORECASE)


def _english(page: Page) -> list[str]:
    """Lines of a French page that read like English."""
    if page.evaluate("document.documentElement.lang") != "fr":
        return []
    lines = page.locator("main").inner_text().splitlines()
    return [line for line in lines if _ENGLISH.search(line) and "@" not in line]


def overview(sheets: list[Sheet], folder: Path) -> Path:
    """Writes one HTML page with all sheets and a list of them to leap to each; its path."""
    wrong = sum(bool(sheet.complaints) for sheet in sheets)
    entries = "".join(
        f'<li><a href="#s{number}">{_heading(sheet)}</a>{" ✗" if sheet.complaints else ""}</li>'
        for number, sheet in enumerate(sheets, 1)
    )
    parts = "".join(_section(number, sheet) for number, sheet in enumerate(sheets, 1))
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Catalogue</title>'
        "<style>body{font:1rem/1.5 system-ui,sans-serif;margin:1rem;background:#eef1f5;color:#1f2933}"
        "nav ul{columns:20rem}h2{margin-top:3rem;border-top:1px solid #8a929c}"
        ".row{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}"
        "figure{margin:0}img{border:1px solid #8a929c;max-width:min(640px,100%);height:auto}"
        ".wrong{color:#b3261e}</style>"
        f"</head><body><h1>Pages and mails</h1><p>{len(sheets)} states, {wrong} with complaints.</p>"
        f"<nav><ul>{entries}</ul></nav>{parts}</body></html>"
    )
    index = folder / "index.html"
    index.write_text(text, encoding="utf-8")
    return index


def _heading(sheet: Sheet) -> str:
    return html.escape(f"{sheet.title}: {sheet.state}")


def _section(number: int, sheet: Sheet) -> str:
    heading = _heading(sheet)
    wrong = "".join(f'<li class="wrong">{html.escape(one)}</li>' for one in sheet.complaints)
    files = "".join(f'<a href="{name}">{ending}</a> ' for ending, name in sheet.files.items())
    pictures = "".join(
        f'<figure><a href="{name}"><img loading="lazy" src="{name}" alt="{heading}, {variant}" '
        f'width="{min(VARIANTS[variant][0], 640)}"></a><figcaption>{variant}</figcaption></figure>'
        for variant, name in sheet.pictures.items()
    )
    return (
        f'<section id="s{number}"><h2>{heading}</h2><ul>{wrong}</ul><p>{files}</p>'
        f'<div class="row">{pictures}</div></section>'
    )
