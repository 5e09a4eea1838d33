"""The session of an owner: when it begins and ends, and what is kept of it.

The store has what the realm said. Its key is the realm and the single sign-on session (`sid`), so the realm
can end it by that name. The browser's cookie has the key and a secret that changes with each sign-in. Who is
not signed in has nothing in the store.
"""

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, g, request, session

from extranet import contracts, cookies, tokens
from extranet.issuers import Issuer
from extranet.store import Store

SESSION_SECONDS = 30 * 60  # without a request
CHOICE_SECONDS = 365 * 86400  # how long a browser remembers « Changement de bien »

Owner = dict[str, Any]
"""Who is signed in: `issuer` (its name), `csrf`, `secret`, and what `tokens.Known` has."""


def current() -> Owner | None:
    """Who is signed in in this browser."""
    if "owner" not in g:
        g.owner = None  # should the store fail, the page that says so does not ask it again
        cookie = session.get("owner", {"key": ""})
        found = _store().get(cookie["key"], SESSION_SECONDS) if cookie["key"] else None
        if found and hmac.compare_digest(found["secret"], cookie["secret"]):
            g.owner = found
    owner: Owner | None = g.owner
    return owner


def begin(issuer: Issuer, known: tokens.Known) -> Owner:
    """From here on the browser belongs to this owner, with a new secret (session fixation)."""
    end()
    key, secret = _key(issuer.name, known["claims"]["sid"]), secrets.token_urlsafe(32)
    owner = {**known, "issuer": issuer.name, "secret": secret, "csrf": secrets.token_urlsafe(32)}
    _store().put(key, owner, SESSION_SECONDS)
    session["owner"] = {"key": key, "secret": secret}
    g.owner = owner
    return owner


@contextmanager
def one_at_a_time() -> Iterator[Owner | None]:
    """For one request of the owner at a time, which sees what the one before it has changed."""
    with _store().lock(session["owner"]["key"]):
        del g.owner
        yield current()


def renew(owner: Owner, known: tokens.Known) -> None:
    """Keeps what the realm says now. A session that has ended meanwhile stays so."""
    owner.update(known)
    _store().replace(session["owner"]["key"], owner, SESSION_SECONDS)


def end() -> None:
    """Forgets the owner. What the browser keeps stays: a new sign-in goes to the same agency."""
    if "owner" not in session:
        return  # nor is a cookie set: a form of another site comes without the owner's
    if current():
        _store().delete(session["owner"]["key"])
    session.clear()
    g.owner = None


def end_elsewhere(issuer: Issuer, sid: str) -> None:
    """The single sign-on session has ended at the realm."""
    _store().delete(_key(issuer.name, sid))


def arrive(owner: Owner, codes: contracts.Entry) -> None:
    """Shows the agency of these codes first; without codes, what was shown before."""
    if not codes:
        return
    cookies.keep("entry", codes)
    if better := contracts.arriving(owner["claims"].get("contracts", []), contract(owner), codes):
        choose(owner, contracts.key(better))


def entry() -> contracts.Entry:
    """The codes of the last entry address."""
    codes: contracts.Entry = cookies.kept("entry") or {}
    return codes


def choose(owner: Owner, contract_key: str) -> None:
    """Shows this contract from now on, after another sign-in too."""
    cookies.keep("bien", contracts.mark(owner["claims"]["sub"], contract_key), CHOICE_SECONDS)


def contract(owner: Owner) -> contracts.Contract | None:
    """The contract to show: the one chosen last; else the first."""
    claims = owner["claims"]
    return contracts.current(claims.get("contracts", []), claims["sub"], cookies.kept("bien"))


def is_sent_by_our_page(owner: Owner) -> bool:
    """Whether the form holds the secret that our pages put into theirs (cross-site request forgery)."""
    return hmac.compare_digest(request.form.get("csrf", "").encode(), owner["csrf"].encode())


def is_another(owner: Owner | None, hint: str | None) -> bool:
    """Whether a hint is another address than that of the owner who is signed in here."""
    return bool(hint) and (owner is None or hint != owner["claims"].get("email"))


def _key(issuer: str, sid: str) -> str:
    return f"{issuer}:{sid}"


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store
