"""The session of a browser: when it begins and ends, and what is kept in it."""

import hmac
import secrets
import time
from typing import Any

from flask import current_app, request, session

from extranet import contracts, tokens
from extranet.issuers import Issuer

SESSION_SECONDS = 30 * 60  # without a request
CHOICE_COOKIE = "extranet-bien"  # which contract the owner chose last (`contracts.mark`)


def begin(issuer: Issuer, known: tokens.Known) -> None:
    """From here on the browser belongs to this owner. What came before is dropped, its session id too."""
    owner = known["claims"]["sub"]
    kept = request.cookies.get(CHOICE_COOKIE)
    same_owner = session.get("claims", {}).get("sub") == owner
    entry, shown = session.get("entry", {}), session.get("contract") if same_owner else None
    session.clear()
    session.update(
        known,
        issuer=issuer.name,
        entry=entry,
        contract=shown or contracts.remembered(known["claims"].get("contracts", []), owner, kept),
        since=time.time(),
        csrf=secrets.token_urlsafe(32),
    )
    _change_id()


def arrive(codes: contracts.Entry) -> None:
    """Shows the agency of these codes first; without codes, what was shown before."""
    if not codes:
        return
    session["entry"] = codes
    owned = session["claims"].get("contracts", [])
    session["contract"] = contracts.arriving(owned, session.get("contract"), codes)


def end() -> None:
    """Forgets the owner. The codes of the entry address stay: a new sign-in goes to the same agency."""
    entry = session.get("entry")
    session.clear()
    if entry:
        session["entry"] = entry
        _change_id()


def is_sent_by_our_page() -> bool:
    """Whether the form holds the secret that our pages put into theirs (cross-site request forgery)."""
    return hmac.compare_digest(request.form.get("csrf", "").encode(), session["csrf"].encode())


def is_another(hint: str | None) -> bool:
    """Whether a hint is another address than that of the owner who is signed in here."""
    return bool(hint) and hint != session.get("claims", {}).get("email")


def _change_id() -> None:
    """So that an id known before signing in or out is worth nothing after (session fixation)."""
    interface: Any = current_app.session_interface
    interface.regenerate(session)
