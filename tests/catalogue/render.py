"""Pictures of pages and mails as Chromium shows them, what axe-core finds on each, and the overview."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from local_mailbox import Mail
from tests.catalogue.tour import Shot

VARIANTS = {"360": (360, "light"), "1280": (1280, "light"), "360-dark": (360, "dark")}
"""Name of a picture, and the width of its window in pixels and its colours."""

_WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@dataclass
class Sheet:
    """One page or mail in one state: its pictures by variant, and what is wrong with it."""

    title: str
    state: str
    pictures: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def pages(browser: Browser, shots: Iterable[Shot], server: str, folder: Path) -> Iterator[Sheet]:
    """A sheet a shot; static files come from the `server` (its address), nothing else leaves the browser."""
    for number, shot in enumerate(shots, 1):
        sheet = Sheet(shot.template, shot.state)
        policy = shot.page.headers.get("Content-Security-Policy", "")
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        _draw(
            browser,
            sheet,
            shot.page.url,
            shot.page.html,
            headers,
            server,
            folder,
            f"{number:03}-{shot.template}",
        )
        yield sheet


def mails(browser: Browser, sent: Iterable[Mail], folder: Path) -> Iterator[Sheet]:
    """A sheet a mail; it may fetch nothing at all."""
    for number, mail in enumerate(sent, 1):
        sheet = Sheet(mail.subject, "mail")
        headers = {"Content-Type": "text/html; charset=utf-8"}
        name = f"mail-{number:02}"
        (folder / f"{name}.html").write_text(mail.html, encoding="utf-8")
        (folder / f"{name}.txt").write_text(mail.text, encoding="utf-8")
        _draw(browser, sheet, "http://localhost/mail", mail.html, headers, None, folder, name)
        yield sheet


def _draw(
    browser: Browser,
    sheet: Sheet,
    url: str,
    content: str,
    headers: dict[str, str],
    server: str | None,
    folder: Path,
    name: str,
) -> None:
    served = False

    def answer(route: Route) -> None:
        nonlocal served
        if route.request.is_navigation_request() and not served:
            served = True
            route.fulfill(status=200, headers=headers, body=content)
        elif (
            server is not None
            and route.request.url.startswith(server)
            and not route.request.is_navigation_request()
        ):
            route.continue_()
        else:
            route.abort("aborted")

    with browser.new_context(locale="fr-FR") as context:
        context.route(re.compile(".*"), answer)
        page = context.new_page()
        page.on("console", lambda said: sheet.complaints.extend(_complaint(said.type, said.text)))
        page.goto(url)
        for variant, (width, colours) in VARIANTS.items():
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if colours == "dark" else "light", reduced_motion="reduce")
            picture = f"{name}-{variant}.png"
            page.screenshot(path=folder / picture, full_page=True)
            sheet.pictures[variant] = picture
            sheet.complaints.extend(_found(page, variant))


def _complaint(kind: str, text: str) -> list[str]:
    """What the console says is wrong. A request that was stopped here is not."""
    stopped = "net::ERR_ABORTED" in text or "ERR_FAILED" in text
    return [f"console: {text}"] if kind in ("error", "warning") and not stopped else []


def _found(page: Page, variant: str) -> list[str]:
    found = Axe().run(page, options=_WCAG).response["violations"]
    complaints = [f"{variant}: axe-core, {one['id']}: {one['help']} ({len(one['nodes'])} ×)" for one in found]
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if overflow > 0:
        complaints.append(f"{variant}: {overflow} pixels wider than the window")
    return complaints


def overview(sheets: list[Sheet], folder: Path) -> Path:
    """Writes one HTML page with all sheets; its path."""
    wrong = sum(bool(sheet.complaints) for sheet in sheets)
    parts = [_section(sheet) for sheet in sheets]
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Catalogue</title>'
        "<style>body{font:1rem/1.5 system-ui,sans-serif;margin:1rem;background:#eef1f5;color:#1f2933}"
        ".row{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}"
        "figure{margin:0}img{border:1px solid #8a929c;max-width:min(640px,100%)}.wrong{color:#b3261e}</style>"
        f"</head><body><h1>Pages and mails</h1><p>{len(sheets)} states, {wrong} with complaints.</p>"
        f"{''.join(parts)}</body></html>"
    )
    index = folder / "index.html"
    index.write_text(text, encoding="utf-8")
    return index


def _section(sheet: Sheet) -> str:
    heading = html.escape(f"{sheet.title}: {sheet.state}")
    wrong = "".join(f'<li class="wrong">{html.escape(one)}</li>' for one in sheet.complaints)
    pictures = "".join(
        f'<figure><img loading="lazy" src="{name}" alt="{heading}, {variant}" '
        f'width="{min(VARIANTS[variant][0], 640)}"><figcaption>{variant}</figcaption></figure>'
        for variant, name in sheet.pictures.items()
    )
    return f'<section><h2>{heading}</h2><ul>{wrong}</ul><div class="row">{pictures}</div></section>'
