"""What moncompte says when a server or a file fails it: French and English, a part of `messages`."""

from __future__ import annotations

SERVER_TEXTS: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ reaching the server
    # ------------------------------------------------------------ who we are, and what we may
    "agency_forbidden": (
        "Le client {client!r} n'atteint pas cette agence, ou elle est fermée, ou il n'y en a pas de ce code."
        " C'est l'opérateur qui donne ses agences à un client (moncompte agencies credentials).",
        "The client {client!r} may not reach that agency, or it is switched off, or there is none. The"
        " operator gives a client its agencies: moncompte agencies credentials.",
    ),
    # ------------------------------------------------------------ what is not there
    "agency_unknown": (
        "Il n'y a pas d'agence {codes} dans le royaume {realm!r}. Une agence qui a son propre royaume veut"
        " --realm (moncompte-{alias}, sauf si l'opérateur l'a nommé autrement).",
        "There is no agency {codes} in the realm {realm!r}. `moncompte agencies list` shows those there are;"
        " an agency with a realm of its own wants --realm (moncompte-{alias} unless the manifest names it).",
    ),
    "owner_unknown": (
        "Il n'y a pas de propriétaire {identifier!r} à l'agence {codes} dans le royaume {realm!r}.",
        "There is no owner {identifier!r} at the agency {codes} in the realm {realm!r}.",
    ),
    "merge_unknown": (
        "Le compte de {identifier!r} à l'agence {codes} ne connaît pas cette fusion ; elle a peut-être déjà"
        " été annulée. `moncompte owners show {identifier} --agency {codes}` montre ses fusions.",
        "The account of {identifier!r} at the agency {codes} knows no such merge; it may have been undone"
        " already. `moncompte owners show {identifier} --agency {codes}` lists its merges.",
    ),
    # ------------------------------------------------------------ what it does not take
    # ------------------------------------------------------------ files
    "template_unreadable": (
        "Impossible de lire le modèle {path} : {reason}.",
        "Cannot read the template {path}: {reason}.",
    ),
    "credentials_unusable": (
        "Impossible d'utiliser le fichier des mots de passe {path} : {reason}",
        "Cannot use the credentials file {path}: {reason}",
    ),
    "credentials_in_use": (
        "Un autre import se sert de {path} ; attendez qu'il ait fini.",
        "Another import is using {path}; wait until it has ended.",
    ),
    "file_unwritable": ("Impossible d'écrire {path} : {reason}.", "Cannot write to {path}: {reason}."),
    "file_no_folder": (
        "Impossible d'écrire {path} : il n'y a pas de dossier {folder}.",
        "Cannot write to {path}: there is no folder {folder}.",
    ),
    "letters_not_pdf": (
        "{path} existe et n'est pas un PDF ; donnez un autre nom à --output.",
        "{path} exists and is no PDF; give --output another name.",
    ),
}
