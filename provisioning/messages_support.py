"""What moncompte says about owners that are loaded: French and English, a part of `messages`."""

from __future__ import annotations

SUPPORT_TEXTS: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ finding an owner
    # ------------------------------------------------------------ refusals of the server
    "refused_already_activated": (
        "le propriétaire a déjà activé son compte : il se connecte avec son adresse et son mot de passe, que"
        " lui seul choisit (« Mot de passe oublié ? » sur la page de connexion). S'il n'a plus accès à sa"
        " boîte email : moncompte owners release.",
        "the owner has activated: they sign in with their address and their password, which they alone set"
        " (“Forgotten password?” on the sign-in page). If their mailbox is lost: moncompte owners release.",
    ),
    "refused_no_contract": (
        "plus aucun contrat n'est sous cet identifiant : chargez-le d'abord (moncompte owners import).",
        "no contract stands under this identifier any more: load it first (moncompte owners import).",
    ),
    "refused_nothing_waiting": (
        "aucune activation n'attend son email : le propriétaire doit la commencer avec l'identifiant et le"
        " mot de passe de son courrier (s'il est périmé ou perdu : moncompte owners reissue).",
        "no activation waits for its mail: the owner has to begin it with the identifier and the password of"
        " the letter (if that is expired or lost: moncompte owners reissue).",
    ),
    "refused_personal_account": (
        "c'est un compte personnel : il appartient à son titulaire, qui a peut-être des contrats dans"
        " d'autres agences. Une agence y met fin à ses propres contrats (moncompte owners release, ou un"
        " import avec --prune) ; seul l'opérateur désactive un compte.",
        "it is a personal account: it is its owner's, who may have contracts at other agencies. An agency"
        " ends its own contracts there (moncompte owners release, or an import with --prune); only the"
        " operator disables an account.",
    ),
    "refused_disabled_by_operator": (
        "ce n'est pas l'agence qui a désactivé ce compte : demandez à l'opérateur.",
        "it was not the agency that disabled this account: ask the operator.",
    ),
    "refused_account_frozen": (
        "le titulaire a bloqué ce compte (« Ce n'était pas moi ») : seul l'opérateur le débloque, une fois la"
        " personne reconnue.",
        "its owner has frozen this account (“It was not me”): the operator alone opens it again, once the"
        " owner has been recognised.",
    ),
    "refused_release_refused": (
        "la personne qui lit l'adresse du compte a refusé. Vérifiez l'identité de celle qui vous l'a demandé,"
        " puis recommencez avec --again s'il le faut : un nouvel email partira.",
        "whoever reads the address of the account has said no. Check who asked you for it, then ask once more"
        " with --again if it has to be: another mail will leave.",
    ),
    "refused_nothing_asked": (
        "aucune demande n'est en cours pour cet identifiant ; rien à annuler.",
        "nothing was asked for this identifier; there is nothing to cancel.",
    ),
    "refused_identifier_taken": (
        "un utilisateur créé à la main porte déjà ce nom dans Keycloak ; l'opérateur doit le renommer.",
        "a user made by hand has this name in Keycloak already; the operator must rename it.",
    ),
    "refused_identifier_invalid": (
        "le nouvel identifiant est inutilisable, ou c'est le même que l'ancien.",
        "the new identifier cannot be used, or is the old one.",
    ),
    # ------------------------------------------------------------ asking
    # ------------------------------------------------------------ list
    # ------------------------------------------------------------ show
    # ------------------------------------------------------------ reissue, resend, disable, enable
    # ------------------------------------------------------------ release
    # ------------------------------------------------------------ prune
    "prune_refused_lines": (
        "--prune n'a rien terminé : des lignes du fichier ({count}) n'ont pas pu être lues, et leurs contrats"
        " passeraient pour disparus. Corrigez-les et relancez.",
        "--prune has ended nothing: some lines of the file ({count}) could not be used, and their contracts"
        " would pass for gone. Correct them and run it again.",
    ),
    "prune_empty": (
        "--prune n'a rien terminé : le fichier n'a aucun contrat.",
        "--prune has ended nothing: the file has no contract at all.",
    ),
    "prune_share": (
        "--prune n'a rien terminé : {count} contrats sur {held} ({share} %) ne sont plus dans le fichier,"
        " plus que les {most} % permis. Est-ce le bon fichier, et entier ? Si oui : --prune-share.",
        "--prune has ended nothing: {count} contracts of {held} ({share} %) are no longer in the file, more"
        " than the {most} % allowed. Is it the right file, and whole? If so: --prune-share.",
    ),
    "prune_nothing": (
        "Contrats terminés : 0 ; tous ceux de l'agence sont dans le fichier.",
        "Contracts ended: 0; all those of the agency are in the file.",
    ),
    "prune_plan": (
        "Contrats qui ne sont plus dans le fichier : {count} sur {held} ({share} %).",
        "Contracts that are no longer in the file: {count} of {held} ({share} %).",
    ),
    "prune_contract": ("  {identifier} · {reference} · {role}", "  {identifier} · {reference} · {role}"),
    "prune_more": ("  … et {count} autres", "  … and {count} more"),
    "prune_question": ("Y mettre fin ?", "End them?"),
    "prune_done": ("Contrats terminés : {count}", "Contracts ended: {count}"),
    # ------------------------------------------------------------ move
    "move_rename": (
        "{old} ({name}) deviendra {new} et gardera son compte (contrats : {count}).",
        "{old} ({name}) is to become {new} and to keep its account (contracts: {count}).",
    ),
    "move_contracts": (
        "Les contrats de {old} ({name}) passeront à {new} ({new_name}) : {count}.",
        "The contracts of {old} ({name}) are to pass to {new} ({new_name}): {count}.",
    ),
    "move_nothing": (
        "{old} → {new} : rien à déplacer (c'est déjà fait ?).",
        "{old} → {new}: nothing to move (done already?).",
    ),
    "move_dry_run": (
        "Ce qui suit est compté avant ces déplacements : un nouvel identifiant y passe pour créé.",
        "What follows is counted before these moves: a new identifier passes for created there.",
    ),
    "move_question": ("Déplacer ces contrats ?", "Move these contracts?"),
    "move_done": ("Déplacements faits : {count}", "Moves done: {count}"),
    "move_letter": (
        "{new} est encore provisoire : le courrier de {old} porte l'ancien identifiant, il en faut un"
        " nouveau (moncompte owners reissue {new}).",
        "{new} is still provisional: the letter of {old} bears the old identifier, another is needed"
        " (moncompte owners reissue {new}).",
    ),
    # ------------------------------------------------------------ status
}
"""By code: French, English."""
