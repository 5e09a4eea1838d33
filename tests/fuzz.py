"""Hostile requests to every screen and resource, in an order that a seed repeats.

    python -m tests.fuzz [--requests 10000] [--seed N]

Starts a Keycloak of its own. Prints each answer that tells of an error of ours, and then what the server
logged of one. Exits 1 when there was any. `make test` sends fewer (test_hostile_requests.py).
"""

import argparse
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import requests

from tests.installation import installation
from tests.integration.stage import Stage, provisional
from tests.owner import Owner, Page

AGENCY = "moncompte/v1/agencies/1001-01"
TEXTS = [
    *("", " ", "\x00", "a\x00b", "a\r\nSet-Cookie: x=1", "\t", "\u202e", "\u200b", "e\u0301" * 50, "🏠" * 40),
    *(
        "'",
        '"',
        "\\",
        "' or 1=1 --",
        "%",
        "_",
        "%%%s%n",
        "{0}",
        "${7*7}",
        "<#assign x=1>",
        "<script>x</script>",
    ),
    *("../../etc/passwd", "a/b", "a;b=c", "?x=1", "#", "%00", "%2e%2e%2f", "http://evil.example/", "//evil"),
    *("-1", "0", "9" * 400, "1e999", "NaN", "null", "true", "[]", "{}", "x@" + "a" * 300 + ".example"),
    *("a@[127.0.0.1]", "a@b@c.example", "é@exemplé.fr", "x" * 3000, "P1", "1001", "01", "\ud7ff\ue000\uffff"),
]
PAGES = ("activation", "activate", "reset", "reset/done", "address", "merge", "merge-accounts", "dispute")
ACTIONS = (
    *("moncompte-update-password", "moncompte-update-email", "moncompte-add-contract", "moncompte-passkeys"),
    *("moncompte-merge-accounts", "UPDATE_PASSWORD", "UPDATE_PROFILE", "delete_account", "x", "\x00"),
)
PARAMETERS = (
    *("client", "societe", "login_hint", "kc_locale", "ui_locales", "prompt", "kc_action", "scope", "state"),
    *("redirect_uri", "client_id", "max_age", "claims", "acr_values", "request", "response_mode", "nonce"),
)
SIGNS_OF_AN_ERROR = (
    "Exception",
    "\tat ",
    "org.keycloak.",
    "immo.moncompte.",
    "freemarker.",
    "Internal Server",
)
# Keycloak itself logs a trace for a `request` that is no JWT; what counts is a trace through our code.
SIGNS_IN_THE_LOG = ("Uncaught server error", "\tat immo.moncompte.", "FTL stack trace")


class Fuzzer:
    """Sends requests to one realm. `problems` are the answers that should not be."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.problems: list[str] = []
        self._stage = stage
        self._random = random.Random(seed)
        self._kinds: list[Callable[[], None]] = [
            self._authorization,
            self._screen,
            self._screen,
            self._page_of_a_link,
            self._real_link,
            self._public,
            self._action,
            self._query_of_the_resource,
            self._body_of_the_resource,
            self._body_of_the_resource,
        ]
        stage.load("Z1", "Z2", "Z3", "Z4")
        self._email = stage.activated("Z1")
        stage.begun(stage.browser(), "Z2")
        self._link = stage.link(stage.address("Z2"))
        self._owner = stage.browser()
        stage.signed_in(self._owner, stage.address("Z1"))

    def run(self, count: int) -> None:
        """Sends about so many requests."""
        for _ in range(count):
            self._random.choice(self._kinds)()

    # ------------------------------------------------------------ what is sent

    def _text(self) -> str:
        text = self._random.choice(TEXTS)
        if self._random.random() < 0.2:
            text += self._random.choice(TEXTS)
        return text

    def _fields(self, names: list[str]) -> dict[str, str]:
        return {name: self._text() for name in [*names, self._text()[:50]] if self._random.random() < 0.8}

    def _authorization(self) -> None:
        names = self._random.sample(PARAMETERS, self._random.randint(1, 4))
        owner = self._stage.browser()
        self._look(owner.get, owner.authorization_url(**{name: self._text() for name in names}))

    def _screen(self) -> None:
        owner, page = self._somewhere()
        form = page.soup.select_one("main form")
        if form is None:
            return
        names = [str(field["name"]) for field in form.select("[name]")]
        action = urljoin(page.url, str(form.get("action", "")))
        if self._random.random() < 0.2:
            action += f"&{self._random.choice(PARAMETERS)}={quote(self._text(), safe='')}"
        if self._random.random() < 0.1:
            action = action.replace("session_code=", f"session_code={quote(self._text(), safe='')}")
        self._look(owner.post, action, self._fields(names))

    def _somewhere(self) -> tuple[Owner, Page]:
        """A browser on one of the screens of a sign-in."""
        owner = self._stage.browser()
        start = owner.start("1001", "01") if self._random.random() < 0.9 else owner.start()
        words = self._random.choice(["Je n'ai pas de compte", "J'ai déjà un compte", "Je fusionne", ""])
        if not words or start.screen != "login-welcome":
            return owner, start
        page = owner.get(start.link(words))
        if page.screen == "login-login" and self._random.random() < 0.5:
            page = owner.get(page.link("Mot de passe oublié ?"))
        if page.screen == "login-provisional" and self._random.random() < 0.7:
            page = owner.submit(page, identifier="Z3", password=provisional("Z3"))
            if page.screen == "login-address" and self._random.random() < 0.6:
                page = owner.submit(page, email=self._stage.address("Z3"))
        return owner, page

    def _page_of_a_link(self) -> None:
        address = f"{self._realm}/moncompte/{self._random.choice(PAGES)}"
        key = quote(self._random.choice([self._text(), f"{self._text()}.{self._text()}"]), safe="")
        owner = self._stage.browser()
        url = f"{address}?key={key}&kc_locale={quote(self._text(), safe='')}"
        if self._random.random() < 0.5:
            self._look(owner.get, url)
        else:
            self._look(owner.post, url, self._fields(["key", "password", "password-new", "terms"]))

    def _real_link(self) -> None:
        owner = self._stage.browser()
        page = self._look(owner.get, self._link)
        if page is not None and page.soup.select_one("main form") is not None:
            self._look(owner.post, self._link, self._fields(["password"]))

    def _public(self) -> None:
        folder = self._random.choice(["", "logo/", "colours/", "reset/", "../"])
        method = self._random.choice(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
        url = f"{self._realm}/moncompte/{folder}{quote(self._text(), safe='')}"
        self._answered(
            f"{method} {url}", requests.request(method, url, data=self._text().encode(), timeout=60)
        )

    def _action(self) -> None:
        page = self._look(self._owner.ask_action, self._random.choice(ACTIONS))
        form = page.soup.select_one("main form") if page is not None else None
        if page is None or form is None:
            return
        names = [str(field["name"]) for field in form.select("[name]")]
        self._look(self._owner.post, urljoin(page.url, str(form.get("action", ""))), self._fields(names))

    def _query_of_the_resource(self) -> None:
        path = self._random.choice(["owners", "contracts", "status", "card", "letters", "owners/", "merges/"])
        if path.endswith("/"):
            path += quote(self._text(), safe="")
        names = self._random.sample(["search", "state", "first", "max", "x"], 2)
        answer = self._stage.admin.call("GET", f"{AGENCY}/{path}", **{name: self._text() for name in names})
        self._answered(f"GET {path}", answer)

    def _body_of_the_resource(self) -> None:
        typed = quote(self._random.choice(["Z4", "z4", "none", self._text()]), safe="")
        path = self._random.choice(
            ["owners", "contracts/end", "letters", "letters/check", f"merges/{typed}/undo"]
            + [
                f"owners/{typed}/{what}"
                for what in ("reissue", "resend", "disable", "enable", "release", "move")
            ]
        )
        method = self._random.choice(["POST", "POST", "POST", "PUT", "DELETE", "PATCH"])
        content = json.dumps(self._value(0)).encode()
        if self._random.random() < 0.2:
            content = content[: self._random.randint(0, len(content))] + self._text().encode()
        self._answered(
            f"{method} {path} {content!r}", self._stage.admin.raw(method, f"{AGENCY}/{path}", content)
        )

    def _value(self, depth: int) -> Any:
        """JSON of any kind, with names that our resource knows."""
        kind = self._random.randint(0, 7 if depth < 5 else 4)
        if kind == 0:
            return self._random.choice([None, True, False, -1, 0, 1.5, 10**30])
        if kind <= 4:
            return self._text() if depth else {"owners": [self._owner_line()], "dry_run": False}
        if kind == 5:
            return [self._value(depth + 1) for _ in range(self._random.randint(0, 3))]
        names = (
            "owners",
            "contracts",
            "identifiers",
            "letters",
            "identifier",
            "password",
            "dry_run",
            "to",
            "x",
        )
        chosen = self._random.sample(names, 3)
        return {name: self._value(depth + 1) for name in chosen}

    def _owner_line(self) -> dict[str, Any]:
        line: dict[str, Any] = {
            **dict.fromkeys(("civility", "phone", "mobile", "address", "postal_code", "city"), ""),
            "identifier": "Z9",
            "last_name": "X",
            "first_name": "Y",
            "email": "",
            "password": None,
            "contracts": [{"reference": "R", "role": "locataire", "address": ""}],
        }
        line[self._random.choice(list(line))] = self._value(1)
        return line

    # ------------------------------------------------------------ what is answered

    @property
    def _realm(self) -> str:
        return self._stage.realm.issuer

    def _look(self, act: Callable[..., Page], *arguments: Any) -> Page | None:
        try:
            page = act(*arguments)
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader):
            return None  # a request that no browser sends
        self._judge(repr(arguments), page.status, page.html)
        return page

    def _answered(self, what: str, answer: requests.Response) -> None:
        self._judge(what, answer.status_code, answer.text)

    def _judge(self, what: str, status: int, text: str) -> None:
        signs = [sign for sign in SIGNS_OF_AN_ERROR if sign in text]
        if status >= 500 or signs:
            self.problems.append(f"{status} {signs} {what[:500]}")


def logged(log: Path, since: int) -> list[str]:
    """Lines of a server's log, from a byte on, that tell of an error of ours."""
    text = log.read_bytes()[since:].decode(errors="replace")
    return [line for line in text.splitlines() if any(sign in line for sign in SIGNS_IN_THE_LOG)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", file=sys.stderr)
    with installation() as where:
        realm = where.make_realm(limits={"per_source": 10**6, "failures": 10**6, "mails_per_hour": 10**6})
        log = Path(where.server.log)
        since = log.stat().st_size
        fuzzer = Fuzzer(Stage(realm, where.mailbox), options.seed)
        fuzzer.run(options.requests)
        found = fuzzer.problems + logged(log, since)
    print(*found, f"{options.requests} requests, seed {options.seed}: {len(found)} problems", sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
