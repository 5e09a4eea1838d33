"""What moncompte says when a server or a file fails it: French and English, a part of `messages`."""

from __future__ import annotations

SERVER_TEXTS: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ reaching the server
    "connection_address": (
        "L'adresse du serveur n'en est pas une : {url!r} (attendu : https://…)",
        "The address of the server is not one: {url!r} (expected https://…)",
    ),
    "server_refused_connection": (
        "Pas de réponse de {url} : la connexion est refusée, ou impossible. Le serveur marche-t-il, et"
        " l'adresse est-elle juste ?",
        "No answer from {url}: it refused the connection, or there is none. Is the server up, and the address"
        " right?",
    ),
    "server_no_https": (
        "Pas de réponse de {url} : ce serveur ne parle pas https (http://… ?). L'adresse est-elle juste ?",
        "No answer from {url}: it does not speak https (http://…?). Is the address right?",
    ),
    "server_certificate": (
        "Pas de réponse de {url} : son certificat n'est pas reconnu ici. L'adresse est-elle juste ?",
        "No answer from {url}: its certificate is not trusted here. Is the server up, and the address right?",
    ),
    "server_name": (
        "Pas de réponse de {url} : ce nom n'est pas connu. L'adresse est-elle juste ?",
        "No answer from {url}: its name is not known. Is the server up, and the address right?",
    ),
    "server_slow": (
        "Pas de réponse de {url} : elle tarde trop. Le serveur marche-t-il, et l'adresse est-elle juste ?",
        "No answer from {url}: it took too long. Is the server up, and the address right?",
    ),
    # ------------------------------------------------------------ who we are, and what we may
    "client_refused": (
        "{url} n'accepte pas le client {client!r} avec ce secret (royaume {realm}). Vérifiez le client, le"
        " secret, MONCOMPTE_CLIENT_REALM, et que le secret n'a pas été changé.",
        "{url} does not accept the client {client!r} with this secret (realm {realm}). Check the client id,"
        " the secret, the realm of the client, and that its service account is on.",
    ),
    "client_realm_unknown": (
        "Il n'y a pas de Keycloak à {url}, ou il n'a pas de royaume {realm}. Vérifiez l'adresse et"
        " MONCOMPTE_CLIENT_REALM.",
        "There is no Keycloak at {url}, or it has no realm {realm}. Check the address and the realm of the"
        " client.",
    ),
    "client_no_token": (
        "{url} n'a pas donné de jeton (HTTP {status}).",
        "{url} gave no token (HTTP {status}).",
    ),
    "client_token_refused": (
        "{url} n'a pas accepté notre jeton ; vérifiez le client {client!r}.",
        "{url} did not accept our token; check the client {client!r}.",
    ),
    "agency_forbidden": (
        "Le client {client!r} n'atteint pas cette agence, ou elle est fermée, ou il n'y en a pas de ce code."
        " C'est l'opérateur qui donne ses agences à un client (moncompte agencies credentials).",
        "The client {client!r} may not reach that agency, or it is switched off, or there is none. The"
        " operator gives a client its agencies: moncompte agencies credentials.",
    ),
    "forbidden_to_operator": (
        "Le client {client!r} n'a pas ce droit à {url} ({request}). Donnez à son compte de service le rôle"
        " qui lui manque (admin dans le royaume master peut tout).",
        "The client {client!r} may not do this at {url} ({request}). Give its service account the role it"
        " lacks (admin in the realm master does everything).",
    ),
    "forbidden_to_agency": (
        "Le client {client!r} n'a pas ce droit à {url} ({request}). Les accès d'une agence atteignent les"
        " propriétaires de ses propres agences dans le royaume {realm!r}, par `moncompte owners`, et rien"
        " d'autre : le reste est à l'opérateur.",
        "The client {client!r} may not do this at {url} ({request}). Credentials of an agency reach the"
        " owners of its own agencies in the realm {realm!r}, by `moncompte owners`, and nothing else:"
        " everything else is the operator's.",
    ),
    # ------------------------------------------------------------ what is not there
    "realm_unknown": (
        "Il n'y a pas de royaume {realm!r} à {url}. Son nom est-il juste (--realm) ?",
        "There is no realm {realm!r} at {url}. Is its name right? `moncompte apply` makes the realms of the"
        " manifest.",
    ),
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
    "extension_missing": (
        "Le Keycloak de {url} n'a pas l'extension moncompte : prévenez l'opérateur.",
        "The Keycloak at {url} has no moncompte extension: put moncompte-keycloak.jar into its providers/.",
    ),
    # ------------------------------------------------------------ what it does not take
    "server_refused": (
        "Le serveur a refusé la demande ({request}) : {said}.",
        "Keycloak refused {request}: {said}",
    ),
    "answer_not_json": (
        "La réponse du serveur n'est pas celle d'un Keycloak. L'adresse est-elle juste ?",
        "The server answered something that is not Keycloak's JSON.",
    ),
    "answer_not_one_each": (
        "La réponse du serveur ne donne pas un résultat par propriétaire : prévenez l'opérateur.",
        "The server answered something else than one result an owner.",
    ),
    "merge_stays": (
        "La fusion de {identifier!r} à l'agence {codes} ne peut pas être annulée : {said}",
        "The merge of {identifier!r} at the agency {codes} cannot be undone: {said}",
    ),
    "batch_too_large": (
        "Le lot est trop gros : {owners} propriétaires ({size} Ko) pour {url}. Le serveur prend 8 Mo à la"
        " fois, donc un proxy devant lui prend moins : son opérateur le laisse prendre autant (nginx :"
        " client_max_body_size 8m). Ce qui a été chargé reste ; relancez ensuite l'import.",
        "It was too large: a batch of {owners} owners ({size} KB) for {url}. The server takes 8 MB at a"
        " time, so a proxy before it takes less: its operator lets it take as much (nginx:"
        " client_max_body_size 8m). What was loaded before stays; then run the import again.",
    ),
    "batch_in_the_way": (
        "Un autre chargement a les mêmes propriétaires en ce moment : un lot de {owners} propriétaires"
        " pour {url} a été refusé deux fois. Ce qui a été chargé reste. Quand l'autre sera fini, relancez"
        " l'import.",
        "Another load has the same owners at this moment: a batch of {owners} owners for {url} was"
        " refused, twice. What was loaded before stays. When the other has ended, run the import again.",
    ),
    "batch_not_taken": (
        "Le serveur n'a pas pris un lot de {owners} propriétaires ({size} Ko) pour {url} : {said}. Votre"
        " fichier n'y est pour rien : ce moncompte et l'extension du serveur sont de versions différentes,"
        " ou la demande a été changée en chemin. Ce qui a été chargé reste. Prévenez l'opérateur, qui"
        " compare les versions avec `moncompte check`.",
        "The server did not take a batch of {owners} owners ({size} KB) for {url}: {said}. Your file is"
        " not to blame: this moncompte and the server's extension are of different versions, or the"
        " request was changed on its way. What was loaded before stays. Tell the operator, who compares"
        " the versions with `moncompte check`.",
    ),
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
