"""Which template a mail was made from."""

import re
from functools import cache
from pathlib import Path

from tests.owner import plain
from tools.mailbox import Mail

EMAIL = Path(__file__).parents[2] / "keycloak" / "themes" / "moncompte" / "email"
TEMPLATES = sorted(path.stem for path in (EMAIL / "text").glob("*.ftl"))


def one_of_each(sent: list[Mail]) -> dict[str, Mail]:
    """The newest mail of each template, in French."""
    found = {template_of(mail): mail for mail in sent}
    return {template: found[template] for template in TEMPLATES if template in found}


def template_of(mail: Mail) -> str | None:
    """The template with most sentences of its own in the text of a mail; None for a mail that is not ours."""
    text = plain(mail.text)
    score, template = max((sum(one in text for one in _own(name)), name) for name in TEMPLATES)
    return template if score else None


@cache
def _own(template: str) -> tuple[str, ...]:
    """The French sentences that this template names and no other does."""
    others = set().union(*(_keys(other) for other in TEMPLATES if other != template))
    return tuple(_messages()[key] for key in sorted(_keys(template) - others) if "{" not in _messages()[key])


@cache
def _keys(template: str) -> frozenset[str]:
    text = (EMAIL / "text" / f"{template}.ftl").read_text(encoding="utf-8")
    return frozenset(re.findall(r'msg\("([^"]+)"', text))


@cache
def _messages() -> dict[str, str]:
    lines = (EMAIL / "messages" / "messages_fr.properties").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return {key: plain(value.replace("\\u00a0", " ")) for key, value in pairs}
