"""What moncompte says to agency IT about its files, in French and in English.

`text(language, code, …)` fills a text in. To be replaced by `texts`.
"""

from __future__ import annotations

from .errors import reason_of
from .messages_server import SERVER_TEXTS
from .messages_support import SUPPORT_TEXTS
from .texts import Language


def text(language: Language, code: str, /, **values: object) -> str:
    """The text of a code with its values; what people typed is made printable and cut at 60 characters."""
    french, english = _TEXTS[code]
    shown = {name: _shown(name, value) for name, value in values.items()}
    return (french if language == "fr" else english).format(**shown)


def both(code: str, /, **values: object) -> tuple[str, str]:
    """The text of a code in English and in French, as a MoncompteError takes it."""
    return text("en", code, **values), text("fr", code, **values)


_TYPED = frozenset({"value", "near", "header"})
"""Values that come from a file as somebody typed them."""


def _shown(name: str, value: object, longest: int = 60) -> object:
    if isinstance(value, OSError | UnicodeError):
        return reason_of(value)
    if not isinstance(value, str):
        return value
    visible = "".join(character if character.isprintable() else "�" for character in value)
    return visible[: longest - 1] + "…" if name in _TYPED and len(visible) > longest else visible


_TEXTS: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ the file as a whole
    "file_unreadable": ("impossible de lire ce fichier : {reason}", "cannot be read: {reason}"),
    "file_empty": ("le fichier est vide", "the file is empty"),
    "file_too_large": ("ce fichier dépasse {limit} Mo", "is larger than {limit} MB"),
    "file_not_plain": (
        "ce n'est pas un fichier ordinaire (il est lu deux fois) ; enregistrez-le d'abord",
        "it is not a plain file (it is read twice); save it first",
    ),
    "file_utf16": (
        "le fichier est en UTF-16 ; enregistrez-le en « CSV UTF-8 (délimité par des virgules) » ou en CSV",
        "the file is UTF-16; save it as “CSV UTF-8” or CSV",
    ),
    "file_no_separator": (
        "les colonnes ne sont séparées ni par « ; » ni par « , » (première ligne : {header})",
        "columns are separated neither by “;” nor by “,” (first line: {header})",
    ),
    "file_header_unreadable": (
        "la première ligne, celle des noms de colonnes, est illisible",
        "the first line, with the names of the columns, cannot be read",
    ),
    "column_missing": ("il manque la colonne {column}", "the column {column} is missing"),
    "column_missing_near": (
        "il manque la colonne {column} ; est-ce « {near} » ? Renommez-la {column}",
        "the column {column} is missing; is it “{near}”? Rename it {column}",
    ),
    "column_twice": ("la colonne {column} est là deux fois", "the column {column} is there twice"),
    # ------------------------------------------------------------ a line
    "line_too_long": (
        "la ligne dépasse {limit} caractères ; manque-t-il un retour à la ligne ?",
        "the line is longer than {limit} characters; is a line break missing?",
    ),
    "line_nul": (
        "la ligne contient un caractère nul (fichier abîmé ?)",
        "the line holds a NUL character (a damaged file?)",
    ),
    "line_undecodable": (
        "la ligne contient des caractères illisibles (mélange d'encodages ?)",
        "the line holds characters that cannot be read (mixed encodings?)",
    ),
    "line_quote": (
        "un guillemet (\") est ouvert et jamais refermé, ou refermé au milieu d'une case ;"
        " supprimez-le, ou doublez les guillemets qui font partie du texte",
        'a quote (") is opened and never closed, or closed in the middle of a cell;'
        " remove it, or double the quotes that are part of the text",
    ),
    "line_too_many": (
        "la ligne a {found} cases au lieu de {expected} ; une valeur contient-elle « {separator} » sans"
        " guillemets ?",
        "the line has {found} cells instead of {expected}; does a value hold “{separator}” without quotes?",
    ),
    "line_too_few": (
        "la ligne a {found} cases au lieu de {expected}",
        "the line has {found} cells instead of {expected}",
    ),
    "line_in_one_cell": (
        "toute la ligne est dans sa première case ; mettez chaque valeur dans sa colonne (elles sont"
        " séparées par « {separator} »)",
        "the whole line is in its first cell; put each value into its column (“{separator}” stands between"
        " them)",
    ),
    "value_missing": ("la case est vide ; elle est obligatoire", "the cell is empty; it is needed"),
    "value_too_long": (
        "la valeur dépasse {limit} caractères ({found})",
        "the value is longer than {limit} characters ({found})",
    ),
    "value_control": (
        "la valeur contient un caractère invisible interdit",
        "the value holds an invisible character that is not allowed",
    ),
    "email_impossible": ("« {value} » n'est pas une adresse email", "“{value}” is no email address"),
    "role_unknown": (
        "« {value} » n'est pas un profil ; attendu : {accepted}",
        "“{value}” is no role; expected: {accepted}",
    ),
    "password_is_identifier": (
        "le mot de passe est l'identifiant ; choisissez-en un autre, ou laissez la case vide",
        "the password is the identifier; choose another, or leave the cell empty",
    ),
    "password_is_name": (
        "le mot de passe est le nom de la personne ; choisissez-en un autre, ou laissez la case vide",
        "the password is the person's name; choose another, or leave the cell empty",
    ),
    "password_shared": (
        "le même mot de passe sert à plusieurs personnes ; donnez-en un à chacune, ou laissez les cases"
        " vides",
        "one password serves several people; give each their own, or leave the cells empty",
    ),
    "disagreement": (
        "autre valeur qu'à la ligne {line}, qui porte le même identifiant",
        "another value than on line {line}, which has the same identifier",
    ),
    "contracts_too_many": (
        "{found} lignes ont cet identifiant, {limit} au plus sont possibles",
        "{found} lines have this identifier, at most {limit} are possible",
    ),
    "contract_twice": (
        "même référence et même profil qu'à la ligne {line}, pour le même identifiant",
        "the same reference and role as on line {line}, for the same identifier",
    ),
    "refused_with": (
        "refusée avec la ligne {line}, qui porte le même identifiant",
        "refused together with line {line}, which has the same identifier",
    ),
    "formula": (
        "un tableur prendrait la valeur pour une formule ; elle est chargée comme un texte, telle quelle",
        "a spreadsheet would take the value for a formula; it is loaded as text, as it stands",
    ),
    "postal_code_short": (
        "« {value} » n'a que quatre chiffres ; si un tableur a ôté le zéro du début, écrivez 0{value}",
        "“{value}” has only four digits; if a spreadsheet took the first zero away, write 0{value}",
    ),
    "column_ignored": (
        "colonne inconnue, ignorée",
        "unknown column, ignored",
    ),
    # ------------------------------------------------------------ what the server refused
    "server_identifier_invalid": ("identifiant inutilisable", "unusable identifier"),
    "server_identifier_taken": (
        "un utilisateur créé à la main porte déjà ce nom dans Keycloak ; l'opérateur doit le renommer",
        "a user made by hand has this name in Keycloak already; the operator must rename it",
    ),
    "server_duplicate_in_batch": ("identifiant envoyé deux fois", "identifier sent twice"),
    "server_another_person": (
        "cet identifiant a été activé par une autre personne ; vérifiez le nom, ou ajoutez --same-person si"
        " c'est"
        " bien la même",
        "another person activated this identifier; check the name, or add --same-person if it is the same"
        " person",
    ),
    "server_password_missing": ("il manque un mot de passe provisoire", "a provisional password is missing"),
    "server_password_format": (
        "le mot de passe n'a pas la forme attendue par le serveur (versions différentes ?)",
        "the password does not have the form the server expects (different versions?)",
    ),
    "server_email_invalid": ("adresse email refusée par le serveur", "email address refused by the server"),
    "server_value_too_long": ("une valeur est trop longue", "a value is too long"),
    "server_characters_invalid": (
        "une valeur contient des caractères invisibles ou interdits",
        "a value has characters that cannot be seen or used",
    ),
    "server_field_missing": ("une valeur obligatoire manque", "a value that is needed is missing"),
    "server_duplicate_contract": (
        "même référence et même profil deux fois",
        "the same reference and role twice",
    ),
    "server_other": ("refusée par le serveur : {reason}", "refused by the server: {reason}"),
    # ------------------------------------------------------------ the report
    "report_line": ("ligne {line}, colonne {column} : {reason}", "line {line}, column {column}: {reason}"),
    "report_line_only": ("ligne {line} : {reason}", "line {line}: {reason}"),
    "report_note": ("remarque, {problem}", "note, {problem}"),
    "report_counts": (
        "créés : {created}, mis à jour : {updated}, inchangés : {unchanged}, lignes refusées : {refused}",
        "created: {created}, updated: {updated}, unchanged: {unchanged}, lines refused: {refused}",
    ),
    "report_plan": ("Prévu : {counts}", "Planned: {counts}"),
    "report_dry_run": (
        "Essai, rien n'a été écrit. Ce qui serait fait : {counts}",
        "Dry run, nothing was written. What would be done: {counts}",
    ),
    "report_generated": (
        "mots de passe engendrés : {count}, dans {file}",
        "passwords generated: {count}, in {file}",
    ),
    "report_would_generate": (
        "mots de passe à engendrer : {count} (--credentials FICHIER dit où les écrire)",
        "passwords to generate: {count} (--credentials FILE says where to write them)",
    ),
    "report_weaker": (
        "mots de passe choisis par l'agence : {count} ; moncompte en engendre de plus forts quand la case"
        " est vide",
        "passwords chosen by the agency: {count}; moncompte generates stronger ones when the cell is empty",
    ),
    "report_rejects": (
        "lignes refusées : {count}, avec leurs motifs dans {file} ; corrigez-les et chargez ce fichier",
        "lines refused: {count}, with their reasons in {file}; correct them and load that file",
    ),
    "report_waiting": (
        "Le serveur ne répond pas ; nouvel essai dans {seconds} s.",
        "The server does not answer; trying again in {seconds} s.",
    ),
    "report_interrupted": (
        "Arrêté en route. Déjà fait : {counts}. Relancez la même commande : elle reprend où il faut.",
        "Stopped on the way. Done so far: {counts}. Run the same command again: it goes on where needed.",
    ),
    "credentials_needed": (
        "des propriétaires n'ont pas de mot de passe dans le fichier ({count}, le premier à la ligne"
        " {line}) : il leur"
        " en sera engendré un ; dites où l'écrire avec --credentials FICHIER. Rien n'a été chargé.",
        "some owners have no password in the file ({count}, the first on line {line}): one is generated for"
        " them;"
        " say where to write it with --credentials FILE. Nothing was loaded.",
    ),
    "detail_created": (
        "ligne {line} : {identifier} · {name} : à créer",
        "line {line}: {identifier} · {name}: to be created",
    ),
    "detail_updated": (
        "ligne {line} : {identifier} · {name} : à mettre à jour",
        "line {line}: {identifier} · {name}: to be updated",
    ),
    "detail_unchanged": (
        "ligne {line} : {identifier} · {name} : inchangé",
        "line {line}: {identifier} · {name}: unchanged",
    ),
    "progress_plan": ("Lecture et comparaison (lignes)", "Reading and comparing (lines)"),
    "progress_send": ("Chargement (propriétaires)", "Loading (owners)"),
    # ------------------------------------------------------------ letters
    "progress_prune": ("Fin de contrats", "Ending contracts"),
    "progress_letters": ("Lettres", "Letters"),
    "letters_made": ("{file} : lettres : {count}", "{file}: letters: {count}"),
    "letters_none": ("aucune lettre n'a été faite", "no letter was made"),
    "letters_not_waiting": (
        "sans lettre, parce que déjà activés, désactivés ou pas chargés : {count}",
        "without a letter, because activated, disabled or not loaded: {count}",
    ),
    "letters_had_letter": (
        "sans lettre, parce qu'ils en ont déjà une : {count}",
        "without a letter, because they have had one: {count}",
    ),
    "letters_expired": (
        "sans lettre, parce que leur mot de passe a expiré : {count} ; donnez-leur un nouveau mot de passe"
        " (`moncompte owners reissue`, ou `import --replace-passwords`), puis refaites les lettres",
        "without a letter, because their password has expired: {count}; give them a new one"
        " (`moncompte owners reissue`, or `import --replace-passwords`), then make the letters again",
    ),
    "letters_no_password": (
        "sans lettre, parce que leur mot de passe n'est ni dans le fichier ni dans --credentials : {count} ;"
        " donnez le bon fichier par --credentials, ou un nouveau mot de passe (`moncompte owners reissue`)",
        "without a letter, because their password is neither in the file nor in --credentials: {count}; give"
        " the right file by --credentials, or them a new password (`moncompte owners reissue`)",
    ),
    "letters_unusable_lines": (
        "lignes du fichier inutilisables : {count} (`moncompte owners import --dry-run` les nomme)",
        "lines of the file that cannot be used: {count} (`moncompte owners import --dry-run` names them)",
    ),
    "letters_not_in_file": (
        "pas dans le fichier, ou sur une ligne inutilisable : {identifiers}",
        "not in the file, or on a line that cannot be used: {identifiers}",
    ),
    "letters_no_address": (
        "lettres dont le fichier n'a pas le code postal ou la ville, à adresser à la main : {count}",
        "letters of which the file has no postal code or city, to be addressed by hand: {count}",
    ),
    "letters_left_over": (
        "attention, d'une fois précédente, à ne pas imprimer avec : {files}",
        "careful, of an earlier run, not to be printed with these: {files}",
    ),
    "letters_extranet_unknown": (
        "le royaume ne dit pas l'adresse de l'Extranet ; donnez-la par --extranet https://…",
        "the realm does not say the address of the Extranet; give it by --extranet https://…",
    ),
    "letters_extranet_unusable": (
        "l'adresse de l'Extranet, {url}, n'est pas une adresse en https:// ; donnez-la par --extranet",
        "the address of the Extranet, {url}, is none that starts with https://; give it by --extranet",
    ),
    # ------------------------------------------------------------ the file of rejected lines
    "rejects_is_file": (
        "{file} est le fichier à charger ; donnez un autre nom à --rejects. Rien n'a été chargé.",
        "{file} is the file to be loaded; give --rejects another name. Nothing was loaded.",
    ),
    "rejects_not_ours": (
        "{file} existe et n'est pas un fichier de lignes refusées ; donnez un autre nom à --rejects. Rien n'a"
        " été chargé.",
        "{file} exists and is no file of refused lines; give --rejects another name. Nothing was loaded.",
    ),
    "rejects_unusable": (
        "impossible d'écrire les lignes refusées dans {file} : {reason}",
        "cannot write the refused lines to {file}: {reason}",
    ),
    # ------------------------------------------------------------ an owner
    # ------------------------------------------------------------ undoing a merge
} | SUPPORT_TEXTS

_TEXTS |= SERVER_TEXTS
