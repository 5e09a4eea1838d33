"""Every page that the server can show wears our theme and lives with our Content-Security-Policy.

Read from the templates in the server's own jar, so that a new version of the server that brings a page, or an
inline script to one, is found here before an owner finds it.
"""

import re
import zipfile
from pathlib import Path

import pytest

from tools.keycloak import DISTRIBUTION

ROOT = Path(__file__).parents[2]
OURS = ROOT / "keycloak" / "themes" / "moncompte" / "login"
FLOWS = ROOT / "keycloak" / "realm-templates" / "flows.json.j2"
REQUIRED_ACTIONS = ROOT / "keycloak" / "realm-templates" / "required-actions.json.j2"
REALM = ROOT / "keycloak" / "realm-templates" / "realm.json.j2"

NOT_IN_OUR_FLOWS = {
    "login-passkeys-conditional-authenticate.ftl": "webauthn-authenticator-passwordless",
    "login-username.ftl": "auth-username-form",
    "register.ftl": "registration-page-form",
    "webauthn-authenticate.ftl": "webauthn-authenticator",
}
"""Pages whose scripts our policy forbids, and the step of a flow without which none is ever shown."""

ACTIONS_THAT_ARE_OFF = {
    "login-recovery-authn-code-config.ftl": "CONFIGURE_RECOVERY_AUTHN_CODES",
    "delete-account-confirm.ftl": "delete_account",
}
"""The same of pages of a required action, and the action."""

# Only keeps a form from being sent twice, which a script of ours does on every form.
_SENT_ONCE = re.compile(r"onsubmit=\"\w+\.disabled = true; return true;\"")
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
_FOREIGN_DRESS = re.compile(r"class=\"(?:pf-|pficon)[^\"]*\"")
_IMPORT = re.compile(r"<#import \"([\w-]+\.ftl)\" as (\w+)>")


def _templates() -> dict[str, str]:
    """The server's templates of the theme that ours is based on, those we replace already replaced."""
    jars = sorted((DISTRIBUTION / "lib" / "lib" / "main").glob("org.keycloak.keycloak-themes-[0-9]*.jar"))
    assert len(jars) == 1, f"build first (make build): {len(jars)} jars of themes in {DISTRIBUTION}"
    folder = "theme/base/login/"
    with zipfile.ZipFile(jars[0]) as jar:
        names = [name for name in jar.namelist() if re.fullmatch(re.escape(folder) + r"[\w-]+\.ftl", name)]
        stock = {name.removeprefix(folder): jar.read(name).decode() for name in names}
    ours = {path.name: path.read_text(encoding="utf-8") for path in OURS.glob("*.ftl")}
    return {name: re.sub(r"<#--.*?-->", "", text, flags=re.DOTALL) for name, text in (stock | ours).items()}


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    return _templates()


def _pages(templates: dict[str, str]) -> dict[str, str]:
    """The templates that are pages, not parts of some."""
    pages = {name: text for name, text in templates.items() if "<@layout.registrationLayout" in text}
    assert len(pages) > 50, sorted(pages)
    return pages


def _with_imports(name: str, templates: dict[str, str]) -> str:
    """A page and the parts it takes macros from, without the frame that all share."""
    parts = [part for part, _ in _IMPORT.findall(templates[name]) if part != "template.ftl"]
    return "\n".join([templates[name], *(templates[part] for part in parts)])


def _troubles(name: str, templates: dict[str, str]) -> list[str]:
    """What on a page our policy would stop, or our style sheet does not know."""
    text = _SENT_ONCE.sub("", _with_imports(name, templates))
    return [*_INLINE.findall(text), *_FOREIGN_DRESS.findall(text)]


def test_no_page_of_the_server_needs_what_our_policy_forbids(templates: dict[str, str]) -> None:
    excused = NOT_IN_OUR_FLOWS.keys() | ACTIONS_THAT_ARE_OFF.keys()
    broken = {
        name: found
        for name in _pages(templates)
        if name not in excused and (found := _troubles(name, templates))
    }
    assert broken == {}, "replace these pages in keycloak/themes/moncompte/login"


def test_no_page_is_excused_without_need(templates: dict[str, str]) -> None:
    for name in NOT_IN_OUR_FLOWS.keys() | ACTIONS_THAT_ARE_OFF.keys():
        assert _troubles(name, templates), f"{name} needs no excuse any more"
        assert not (OURS / name).exists(), f"{name} is ours"


def test_pages_excused_are_those_of_steps_that_no_flow_has() -> None:
    flows = FLOWS.read_text(encoding="utf-8")
    used = set(re.findall(r'"providerId": "([\w-]+)"', flows))
    assert "moncompte-signin" in used
    assert used.isdisjoint(NOT_IN_OUR_FLOWS.values())
    realm = REALM.read_text(encoding="utf-8")
    assert '"browserFlow": "moncompte browser"' in realm
    assert '"registrationFlow": "moncompte activation"' in realm
    assert '"resetPasswordAllowed": false' in realm


def test_pages_excused_are_those_of_required_actions_that_are_off() -> None:
    actions = REQUIRED_ACTIONS.read_text(encoding="utf-8")
    loop = re.search(r"{% for alias in \[(.*?)\] %}(.*?){% endfor %}", actions, re.DOTALL)
    assert loop is not None
    assert '"enabled": false' in loop[2]
    assert set(ACTIONS_THAT_ARE_OFF.values()) <= set(re.findall(r'"([\w-]+)"', loop[1]))


def test_every_page_asks_of_the_frame_what_it_has(templates: dict[str, str]) -> None:
    """A parameter or a macro that our frame lacks is a page that does not appear at all."""
    frame = templates["template.ftl"]
    declared = re.search(r"<#macro registrationLayout ([^>]*)>", frame)
    assert declared is not None
    accepted = set(re.findall(r"(\w+)=", declared[1]))
    for name, text in _pages(templates).items():
        for call in re.findall(r"<@layout\.registrationLayout((?:\"[^\"]*\"|[^\";>]|(?<=\?)\?)*)", text):
            given = set(re.findall(r"(?<![\w.!=])(\w+)=(?!=)", call))
            assert given <= accepted, f"{name} gives {sorted(given - accepted)}"
        for part, alias in _IMPORT.findall(text):
            wanted = set(re.findall(rf"<@{alias}\.(\w+)", text))
            provided = set(re.findall(r"<#macro (\w+)", templates[part]))
            assert wanted <= provided, f"{name} wants {sorted(wanted - provided)} of {part}"


def test_every_part_of_a_page_has_its_place_in_the_frame(templates: dict[str, str]) -> None:
    """What a page puts into a section that the frame never asks for would not be seen."""
    asked = set(re.findall(r'<#nested "([\w-]+)">', templates["template.ftl"]))
    # "title" is a leftover of older frames, with nothing in it that the heading does not say.
    known = asked | {"title"}
    for name, text in _pages(templates).items():
        filled = set(re.findall(r'section ={1,2} "([\w-]+)"', text))
        assert filled <= known, f"{name} fills {sorted(filled - known)}"
