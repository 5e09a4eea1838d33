"""What moncompte says about owners that are loaded: French and English, a part of `messages`."""

from __future__ import annotations

SUPPORT_TEXTS: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ finding an owner
    "find_empty": (
        "dites de qui il s'agit : un identifiant, un nom ou une adresse email",
        "say who it is: an identifier, a name or an email address",
    ),
    "find_none": (
        "l'agence {codes} n'a pas de propriétaire dont l'identifiant, le nom ou l'adresse soit « {typed} »."
        " Essayez une partie du nom : moncompte owners list --search …",
        "the agency {codes} has no owner whose identifier, name or address is “{typed}”. Try a part of the"
        " name: moncompte owners list --search …",
    ),
    "find_several": (
        "« {typed} » désigne plusieurs propriétaires ; dites lequel par son identifiant :",
        "“{typed}” is the name of several owners; say which by the identifier:",
    ),
    "find_candidate": ("  {identifier} · {name}", "  {identifier} · {name}"),
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
    "ask_owner": (
        "« {typed} » : est-ce bien {identifier}, {name} ?",
        "“{typed}”: is that {identifier}, {name}?",
    ),
    "credentials_for": (
        "{identifier} reçoit un nouveau mot de passe provisoire : dites où l'écrire avec --credentials"
        " FICHIER. Rien n'a été changé.",
        "{identifier} gets a new provisional password: say where to write it with --credentials FILE. Nothing"
        " was changed.",
    ),
    # ------------------------------------------------------------ list
    "list_identifier": ("identifiant", "identifier"),
    "list_name": ("nom", "name"),
    "list_step": ("étape", "step"),
    "list_address": ("adresse", "address"),
    "list_contracts": ("contrats", "contracts"),
    "list_since": ("depuis", "since"),
    "list_expires": ("expire le", "expires"),
    "list_none": ("Aucun propriétaire.", "No owner."),
    "list_more": (
        "… il y en a d'autres : --limit 0 les montre tous, --search et --state cherchent.",
        "… there are more: --limit 0 shows all, --search and --state look for some.",
    ),
    "step_loaded": ("chargé", "loaded"),
    "step_letter": ("courrier fait", "letter made"),
    "step_started": ("activation commencée", "started"),
    "step_waiting": ("attend l'email", "waiting for the mail"),
    "step_active": ("compte actif", "active"),
    "step_merged": ("fusionné", "merged"),
    "step_expired": ("courrier périmé", "letter expired"),
    "step_disabled": ("désactivé", "disabled"),
    "step_ended": ("plus de contrat", "no contract left"),
    "step_locked": ("bloqué un moment", "locked for a while"),
    # ------------------------------------------------------------ show
    "show_step": ("Étape", "Step"),
    "show_letter_at": ("Courrier fait le", "Letter made"),
    "show_started_at": ("Activation commencée le", "Activation started"),
    "show_locked": (
        "Trop d'essais avec un mauvais mot de passe : bloqué un moment, le blocage se lève tout seul.",
        "Too many wrong passwords: locked for a while, the lock ends by itself.",
    ),
    "show_disabled": ("Ce compte est désactivé.", "This account is disabled."),
    "show_release": (
        "Libération de l'identifiant demandée le {asked}, possible à partir du {due}.",
        "Release asked for on {asked}, possible from {due} on.",
    ),
    "show_release_refused": (
        "Libération de l'identifiant demandée le {asked} ; refusée le {refused} par la personne qui lit"
        " l'adresse du compte.",
        "Release asked for on {asked}; refused on {refused} by whoever reads the address of the account.",
    ),
    "event_reissue": ("nouveau courrier", "reissued"),
    "event_resend": ("email renvoyé", "mail sent again"),
    "event_disable": ("désactivation", "disabled"),
    "event_enable": ("réactivation", "enabled"),
    "event_release": ("identifiant libéré", "released"),
    "event_release-asked": ("libération demandée", "release asked for"),
    "event_release-refused": ("refusé par le titulaire", "refused by the owner"),
    "event_release-cancelled": ("demande annulée", "request cancelled"),
    "event_person_is_gone": ("sans attendre : personne disparue", "without waiting: person is gone"),
    "event_move": ("contrats déplacés", "contracts moved"),
    "event_contracts-ended": ("contrats terminés", "contracts ended"),
    # ------------------------------------------------------------ reissue, resend, disable, enable
    "reissue_done": (
        "{identifier} ({name}) a un nouveau mot de passe provisoire, valable jusqu'au {expires} ; l'ancien ne"
        " marche plus. Il est dans {file} (la dernière ligne de l'identifiant) : faites-en le courrier.",
        "{identifier} ({name}) has a new provisional password that works until {expires}; the old one no"
        " longer works. It is in {file} (the last line of the identifier): make the letter from it.",
    ),
    "reissue_disabled": (
        "{identifier} est désactivé : le courrier marchera après `moncompte owners enable {identifier}`.",
        "{identifier} is disabled: the letter works after `moncompte owners enable {identifier}`.",
    ),
    "resend_sent": (
        "L'email d'activation de {identifier} repart vers {email}, avec un nouveau lien.",
        "The activation mail of {identifier} is on its way to {email} again, with a new link.",
    ),
    "resend_cooling_down": (
        "l'email d'activation de {identifier} vient de partir vers {email} et reste bon. Il peut être renvoyé"
        " dans {wait} s ; voyez d'ici là les courriers indésirables.",
        "the activation mail of {identifier} has just left for {email} and stays good. It can be sent again"
        " in {wait} s; look into the spam folder meanwhile.",
    ),
    "resend_too_many": (
        "trop d'emails sont déjà partis vers {email} ; réessayez dans une heure.",
        "too many mails have left for {email} already; try again in an hour.",
    ),
    "disable_done": (
        "Le compte provisoire {identifier} ({name}) est désactivé : son courrier ne marche plus, une"
        " activation commencée est annulée.",
        "The provisional account {identifier} ({name}) is disabled: its letter does not work, an activation"
        " that was begun has ended.",
    ),
    "enable_done": (
        "Le compte provisoire {identifier} ({name}) peut de nouveau servir.",
        "The provisional account {identifier} ({name}) can be used again.",
    ),
    # ------------------------------------------------------------ release
    "release_one_option": (
        "--person-is-gone, --again et --cancel s'excluent.",
        "--person-is-gone, --again and --cancel exclude each other.",
    ),
    "release_plan_delete": (
        "Le compte provisoire {identifier} ({name}) sera effacé (contrats : {count}) : son courrier ne"
        " marchera plus ; le prochain import pourra charger l'identifiant.",
        "The provisional account {identifier} ({name}) is to go (contracts: {count}): its letter will not"
        " work; the next import can load the identifier.",
    ),
    "release_plan_take": (
        "{identifier} ({name}) quittera le compte personnel {email} (contrats : {count}). Le titulaire sera"
        " prévenu par email ; le prochain import pourra charger l'identifiant.",
        "{identifier} ({name}) is to leave the personal account {email} (contracts: {count}). The owner will"
        " be told by mail; the next import can load the identifier.",
    ),
    "release_plan_ask": (
        "{identifier} ({name}) doit quitter le compte personnel {email} (contrats : {count}). Un email part"
        " tout de suite à cette adresse, dont le lecteur peut refuser ; après le délai fixé par l'opérateur,"
        " la même commande libère l'identifiant.",
        "{identifier} ({name}) is to leave the personal account {email} (contracts: {count}). A mail leaves"
        " at once to this address, whose reader can refuse; after the delay set by the operator, the same"
        " command releases the identifier.",
    ),
    "release_question": ("Libérer cet identifiant ?", "Release this identifier?"),
    "release_ask": ("Faire cette demande ?", "Ask for it?"),
    "release_released": (
        "L'identifiant {identifier} est libre.",
        "The identifier {identifier} is free.",
    ),
    "release_asked": (
        "Demandé, et annoncé à {email}. À partir du {due}, relancez la même commande ; --cancel l'annule.",
        "Asked for, and told to {email}. From {due} on, run the same command; --cancel withdraws it.",
    ),
    "release_waiting": (
        "Demandé le {asked}, et annoncé à {email}. Ce sera possible à partir du {due} ; --cancel l'annule.",
        "Asked for on {asked}, and told to {email}. Possible from {due} on; --cancel withdraws it.",
    ),
    "release_cancelled": (
        "La demande du {asked} est annulée : {identifier} reste sur son compte.",
        "The request of {asked} is cancelled: {identifier} stays in its account.",
    ),
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
    "status_title": ("{name} ({codes})", "{name} ({codes})"),
    "status_loaded": ("Chargés", "Loaded"),
    "status_letter": ("Courrier fait, ou déjà servi", "Letter made, or used already"),
    "status_started": ("Ont utilisé leur courrier", "Have used their letter"),
    "status_waiting": ("dont : attendent l'email", "of these: waiting for the mail"),
    "status_done": ("Ont leur accès", "Have their access"),
    "status_active": ("dont : compte activé", "of these: activated"),
    "status_merged": ("dont : ajoutés à un compte existant", "of these: added to an existing account"),
    "status_expired": ("Courrier périmé", "Letter expired"),
    "status_disabled": ("Désactivés", "Disabled"),
    "status_locked": ("Bloqués en ce moment", "Locked at this moment"),
    "status_count": ("propriétaires", "owners"),
    "status_share": ("part", "share"),
    "status_html": ("La page est dans {file}.", "The page is in {file}."),
}
"""By code: French, English."""
