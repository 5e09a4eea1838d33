"""Why our resource refuses something, in words that say what to do."""

from __future__ import annotations

from ..texts import _


def refusal(reason: str) -> str | None:
    """The sentence for a reason, such as `no_contract`; None if there is none."""
    return {
        "already_activated": _(
            "the owner has activated: they sign in with their address and their password, which they alone"
            " set (“Forgotten password?” on the sign-in page). If their mailbox is lost: moncompte owners"
            " release."
        ),
        "no_contract": _(
            "no contract stands under this identifier any more: load it first (moncompte owners import)."
        ),
        "nothing_waiting": _(
            "no activation waits for its mail: the owner has to begin it with the identifier and the password"
            " of the letter (if that is expired or lost: moncompte owners reissue)."
        ),
        "personal_account": _(
            "it is a personal account: it is its owner's, who may have contracts at other agencies. An agency"
            " ends its own contracts there (moncompte owners release, or an import with --prune); only the"
            " operator disables an account."
        ),
        "disabled_by_operator": _("it was not the agency that disabled this account: ask the operator."),
        "account_frozen": _(
            "its owner has frozen this account (“It was not me”): the operator alone opens it again, once the"
            " owner has been recognised."
        ),
        "release_refused": _(
            "whoever reads the address of the account has said no. Check who asked you for it, then ask once"
            " more with --again if it has to be: another mail will leave."
        ),
        "owner_not_told": _(
            "a mail about it has just left, or too many within an hour: none may leave now, and without it"
            " the owner cannot refuse. Nothing was asked for; try again later."
        ),
        "nothing_asked": _("nothing was asked for this identifier; there is nothing to cancel."),
        "identifier_taken": _(
            "a user made by hand has this name in Keycloak already; the operator must rename it."
        ),
        "too_many_dead_passwords": _(
            "too many passwords that no longer work were asked about. Wait an hour, or take the file of the"
            " last import for --credentials."
        ),
        "identifier_invalid": _("the new identifier cannot be used, or is the old one."),
    }.get(reason)
