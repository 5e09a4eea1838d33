"""What an owner does at the realm, because it is about secrets: the actions an application may ask for.

`GET /action/<name>` sends the owner there (Keycloak's `kc_action`). The answer says what came of it
(`kc_action_status`), and the owner is told in these words.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One action: its name at the realm, the page the owner comes back to, and what is said there."""

    kc_action: str
    back: str
    success: str
    cancelled: str
    error: str

    def said(self, status: str) -> str | None:
        """The words for a `kc_action_status`; None for one that Keycloak does not have."""
        return {"success": self.success, "cancelled": self.cancelled, "error": self.error}.get(status)


ACTIONS = {
    "add-contract": Action(
        kc_action="moncompte-add-contract",
        back="pages.home",
        success="Le contrat a été ajouté.",
        cancelled="Ajout annulé.",
        error="L’ajout n’est pas possible pour le moment. Contactez votre agence.",
    ),
    "merge-accounts": Action(
        kc_action="moncompte-merge-accounts",
        back="pages.home",
        success="La fusion est demandée : suivez le lien de l’email envoyé à votre autre adresse.",
        cancelled="Fusion annulée.",
        error="La fusion n’est pas possible pour le moment. Contactez votre agence.",
    ),
    "update-email": Action(
        kc_action="moncompte-update-email",
        back="pages.profile",
        success="Un email a été envoyé à votre nouvelle adresse : validez-la pour terminer le changement.",
        cancelled="Modification annulée : votre adresse email n’a pas changé.",
        error="La modification de l’adresse email n’est pas possible pour le moment. Contactez votre agence.",
    ),
    "update-password": Action(
        kc_action="moncompte-update-password",
        back="pages.profile",
        success="Votre mot de passe a été modifié.",
        cancelled="Modification annulée : votre mot de passe n’a pas changé.",
        error="La modification du mot de passe n’est pas possible pour le moment. Contactez votre agence.",
    ),
    "passkeys": Action(
        kc_action="moncompte-passkeys",
        back="pages.profile",
        success="Vos clés d’accès sont à jour.",
        cancelled="Vos clés d’accès n’ont pas changé.",
        error="Les clés d’accès ne sont pas disponibles pour le moment. Contactez votre agence.",
    ),
}
