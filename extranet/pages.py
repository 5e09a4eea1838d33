"""The pages of the Extranet, one a tab. What they show comes from the tokens and from userinfo."""

from typing import Any

import idna
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from extranet import contracts, sessions
from extranet.problems import Problem

pages = Blueprint("pages", __name__)

TABS = {
    "home": "Synthèse",
    "profile": "Profil",
    "tenants": "Locataires",
    "accounting": "Comptabilité",
    "documents": "Documents",
    "services": "Services en ligne",
    "contacts": "Contacts",
}


@pages.app_template_filter("address")
def shown(address: str) -> str:
    """An email address with its domain in people's letters: tokens have it in ASCII."""
    local, at, domain = address.rpartition("@")
    try:
        return local + at + idna.decode(domain)
    except idna.IDNAError:
        return address


@pages.get("/")
def home() -> str | Response:
    """SYNTHÈSE. Where the realm sends the browser after a sign-out too, with the state of that."""
    if "state" in request.args:
        return redirect(url_for("pages.signed_out"))
    # The realm names the owner who comes from one of its mails or pages.
    hint = request.args.get("login_hint")
    owner = sessions.current()
    if owner is None or sessions.is_another(owner, hint):
        return redirect(url_for("signin.login", login_hint=hint))
    return _page("home.html")


@pages.get("/profil")
def profile() -> str | Response:
    """PROFIL: what the owner can see and change of the account."""
    return _page("profile.html")


@pages.get("/locataires", endpoint="tenants")
@pages.get("/comptabilite", endpoint="accounting")
@pages.get("/documents", endpoint="documents")
@pages.get("/services-en-ligne", endpoint="services")
def of_the_agency() -> str | Response:
    """A tab that the agency's software would fill: who is signed in is all that is known here."""
    return _page("unknown.html")


@pages.get("/contacts")
def contacts() -> str | Response:
    """CONTACTS: how to reach the agencies."""
    return _page("contacts.html")


@pages.post("/bien")
def choose_contract() -> Response:
    """« Changement de bien », remembered by the browser for the next time, too."""
    if not (owner := sessions.current()):
        return redirect(url_for("signin.login"))
    if not sessions.is_sent_by_our_page(owner):
        raise Problem("forged")
    chosen = request.form.get("contract", "")
    tab = request.form.get("tab", "")
    if chosen in map(contracts.key, owner["claims"].get("contracts", [])):
        sessions.choose(owner, chosen)
    else:
        flash("Ce bien n’est plus rattaché à votre compte.")
    return redirect(url_for(f"pages.{tab if tab in TABS else 'home'}"))


@pages.get("/signed-out")
def signed_out() -> str | Response:
    """Says that the owner is out; needs no realm to answer."""
    if sessions.current():
        return redirect(url_for("pages.home"))
    return render_template("signed_out.html", entry=sessions.entry())


def _page(template: str) -> str | Response:
    """A page of an owner, who has to be signed in to see it."""
    if not (owner := sessions.current()):
        return redirect(url_for("signin.login", **sessions.entry()))
    claims: dict[str, Any] = owner["claims"]
    agencies = {
        f"{agency['client']}/{agency['societe']}".casefold(): agency
        for agency in claims.get("organization", {}).values()
    }
    owned = claims.get("contracts", [])
    current = sessions.contract(owner)
    # Told to be at userinfo, which did not answer.
    unknown = "contracts" not in claims and "contracts_at_userinfo" in claims
    return render_template(
        template,
        owner=claims,
        tabs=TABS,
        tab=str(request.endpoint).removeprefix("pages."),
        agencies=list(agencies.values()),
        agency=agencies.get(current["agency"].casefold()) if current else None,
        agency_name=lambda codes: agencies.get(codes.casefold(), {}).get("name", codes),
        contracts=owned,
        contracts_unknown=unknown,
        contract_key=contracts.key,
        current=current,
        nothing_at=None if unknown else contracts.nothing_at(owned, sessions.entry()),
        contacts=owner["contacts"],
    )
