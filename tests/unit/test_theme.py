"""The theme's words and templates, read as files. How they look and behave is for the browser tests."""

import re
from pathlib import Path

import pytest

THEME = Path(__file__).parents[2] / "keycloak" / "themes" / "moncompte"
LANGUAGES = ["fr", "en"]
TYPES = ["login", "email"]
PAGES = sorted((THEME / "login").glob("*.ftl"))
MAILS = sorted((THEME / "email").rglob("*.ftl"))

SPECIFIED_LABELS = {
    # S0
    "codesTitle": "Saisir les codes client et société",
    "codesIntro": "Veuillez saisir votre code client ainsi que votre code société pour vous connecter",
    "codesClient": "Code client",
    "codesSociete": "Code société",
    "signIn": "CONNEXION",
    # S1
    "welcomeTitle": "Mon compte immobilier",
    "welcomeIntro": (
        "Bienvenue sur votre espace Extranet ! Pour commencer, choisissez l'option qui vous correspond :"
    ),
    "welcomeLogin": "J'ai déjà un compte",
    "welcomeProvisional": "Je n'ai pas de compte",
    "welcomeMerge": "Je fusionne mes comptes",
    "helpQuestion": "Besoin d'aide pour se connecter ?",
    # S2
    "provisionalTitle": "Mon compte immobilier",
    "provisionalIntro": (
        "Veuillez renseigner l'identifiant et le mot de passe provisoires transmis par votre agence."
    ),
    "provisionalIdentifier": "Identifiant provisoire",
    "provisionalPassword": "Mot de passe provisoire",
    "continueButton": "CONTINUER",
    "alreadyAccountQuestion alreadyAccountLink": "Vous avez déjà un compte ? Connectez-vous",
    # S3
    "addressTitle": "Sécuriser mon compte",
    "addressIntro": (
        "Cliquez sur continuer en utilisant l'adresse suggérée ou saisissez l'adresse email de votre choix."
    ),
    "addressEmail": "Adresse email*",
    # S4
    "passwordTitle": "Sécuriser mon compte",
    "passwordIntro": (
        'Veuillez choisir un mot de passe respectant les critères suivants, puis cliquez sur "Créer mon '
        'compte" :'
    ),
    "passwordNewLabel": "Nouveau mot de passe",
    "passwordConfirmLabel": "Confirmation",
    "termsAcceptBefore termsAcceptTerms termsAcceptBetween termsAcceptPrivacy": (
        "J'accepte les CGU et la politique de confidentialité"
    ),
    "passwordButton": "CRÉER MON COMPTE",
    # S5
    "verifyTitle": "Vérification de l'email",
    "verifySent": "Un email vous a été envoyé à l'adresse :",
    "verifyExplain": (
        "Une action de votre part est nécessaire pour finaliser l'activation de votre compte Extranet. La "
        "réception de l'email peut prendre quelques minutes."
    ),
    "verifyResendQuestion verifyResend": (
        "Vous n'avez pas reçu l'email de vérification, spam compris ? Demander le renvoi de l'email"
    ),
    "verifyRestartQuestion verifyRestart": (
        "Vous ne recevez toujours pas l'email de vérification ? Réinitialiser l'activation de votre compte"
    ),
    # M1
    "confirmButton": "Valider mon email",
    "confirmedTitle": "Adresse email validée",
    # S6
    "loginAccountTitle": "Mon compte immobilier",
    "loginUsername": "Adresse mail",
    "loginPassword": "Mot de passe",
    "loginForgotten": "Mot de passe oublié ?",
    "loginFirstTime loginFirstTimeLink": "C'est votre première connexion ? Activez votre compte",
    # S9
    "forgottenTitle": "Mot de passe oublié",
    "forgottenLogin": "Identifiant provisoire / adresse mail",
    "forgottenButton": "ENVOYER LA DEMANDE",
    "forgottenCodesTitle": "Extranet",
    "forgottenCodesSubtitle": "Votre espace propriétaire, locataire, copropriétaire",
    "forgottenCodesIntro": (
        "Veuillez saisir le code client et le code société, tous deux présents dans l'URL de connexion "
        "fournie par votre agence, ainsi que votre identifiant."
    ),
    # S10
    "resetTitle": "Réinitialisation du mot de passe",
    "resetButton": "RÉINITIALISER LE MOT DE PASSE",
    "resetDoneTitle": "Mot de passe réinitialisé",
    "resetDoneText resetDoneRedirect": (
        "Votre mot de passe a bien été mis à jour. Vous allez être redirigé automatiquement dans quelques "
        "secondes..."
    ),
    "resetDoneNotRedirected resetDoneLogin": "Si vous n'êtes pas redirigé, cliquez ici Se connecter",
    # S11
    "updatePasswordTitle": "Modification du mot de passe",
    "updatePasswordIntro": (
        "Veuillez saisir votre ancien mot de passe puis en saisir un nouveau qui respecte les critères "
        "suivants :"
    ),
    "updatePasswordOld": "Ancien mot de passe",
    "updatePasswordButton": "VALIDER LE MOT DE PASSE",
    "cancelButton": "ANNULER",
}
"""The keys that make a label of the specification, screen by screen, and the label."""

KEYS_OF_THE_EXTENSION = [
    "codesUnknown",
    "codesMissing",
    "provisionalRefused",
    "tooManyAttempts",
    "activationEnded",
    "activationRestarted",
    "alreadyActivated",
    "emailInvalid",
    "emailMissing",
    "emailInvisible",
    "emailNumeric",
    "emailCharacters",
    "passwordMissing",
    "passwordConfirmMismatch",
    "passwordCriteria",
    "passwordWrong",
    "termsMissing",
    "mailSent",
    "mailCoolDown",
    "mailTooMany",
    "loginRefused",
    "loginMissing",
    "forgottenCodesMissing",
    "sessionEnded",
    "linkRefusedNext-activation",
    "linkRefusedNext-dispute",
    "linkRefusedNext-reset",
    "linkRefusedNext-activate",
    "linkRefusedNext-address",
    "linkRefusedNext-merge",
    "linkRefusedNext-merge-accounts",
    "mergeAccountsSame",
    "mergeAccountsPasskey",
    "linkRefusedNext-release",
    *(
        f"disputeWhat-{reason}"
        for reason in ("MERGED", "ACCOUNTS_MERGED", "ADDRESS_CHANGED", "PASSWORD_CHANGED")
    ),
    "oldPasswordMissing",
    "oldPasswordWrong",
    "passwordSame",
    "emailSame",
    "updateEmailDropped",
    "updateEmailNothingWaits",
    *(
        f"criterion-{name}"
        for name in (
            "length",
            "maxLength",
            "upperCase",
            "lowerCase",
            "digits",
            "specialChars",
            "notUsername",
            "notEmail",
            "notContainsUsername",
            "passwordBlacklist",
            "passwordHistory",
            "passwordAge",
            "regexPattern",
            "other",
        )
    ),
]
"""Messages that the Java code names, and which no template does."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type_", TYPES)
def test_every_language_has_every_message(type_: str, language: str) -> None:
    french = _messages(type_, "fr")
    missing = french.keys() ^ _messages(type_, language).keys()
    assert not missing, f"in one of fr and {language} only: {sorted(missing)}"


@pytest.mark.parametrize("path", [*PAGES, *MAILS], ids=lambda path: path.stem)
def test_messages_of_templates_exist(path: Path) -> None:
    type_ = path.relative_to(THEME).parts[0]
    assert _keys_of(path) <= _messages(type_, "fr").keys()


def test_messages_of_the_extension_exist() -> None:
    assert set(KEYS_OF_THE_EXTENSION) <= _messages("login", "fr").keys()


def test_mails_have_a_subject() -> None:
    mails = {path.stem for path in (THEME / "email" / "text").glob("*.ftl")}
    subjects = {_camel_case(mail) + "Subject" for mail in mails}
    assert subjects <= _messages("email", "fr").keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("type_", TYPES)
def test_apostrophes_are_typographic(type_: str, language: str) -> None:
    """The typewriter's is MessageFormat's quote: a single one vanishes, and takes later arguments along."""
    wrong = [key for key, value in _messages(type_, language).items() if "'" in value]
    assert not wrong, f"write ’ in {wrong}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_unformatted_holds_no_argument(language: str) -> None:
    # KeycloakErrorHandler puts these two on the page as they stand.
    shown = _messages("login", language)
    for key in ("pageNotFound", "internalServerError"):
        assert "{" not in shown[key], key


@pytest.mark.parametrize("type_", TYPES)
def test_french_has_its_no_break_spaces(type_: str) -> None:
    bare = re.compile(r"[ \w][:;?!](?: |$)")
    wrong = [key for key, value in _messages(type_, "fr").items() if bare.search(value)]
    assert not wrong, f"write \\u00a0 before : ; ? and ! in {wrong}"


@pytest.mark.parametrize("path", sorted(THEME.rglob("messages_*.properties")), ids=lambda path: path.stem)
def test_message_files_say_their_encoding(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = [line.split("=")[0] for line in lines if line and not line.startswith("#")]
    assert lines[0] == "# encoding: UTF-8"
    assert len(keys) == len(set(keys)), "a message stands twice"


@pytest.mark.parametrize(
    ("keys", "label"), SPECIFIED_LABELS.items(), ids=[keys.split()[0] for keys in SPECIFIED_LABELS]
)
def test_labels_are_those_of_the_specification(keys: str, label: str) -> None:
    messages = _messages("login", "fr")
    assert " ".join(_shown(messages[key]) for key in keys.split()) == label


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("resetPasswordSubject", "Réinitialisation de votre mot de passe"),
        ("hello", "Bonjour"),
        (
            "resetPasswordIntro",
            "Vous venez de demander une réinitialisation du mot de passe pour votre compte Extranet. Pour "
            "réinitialiser votre mot de passe, cliquez ci-dessous :",
        ),
        ("resetPasswordButton", "RÉINITIALISER MON MOT DE PASSE"),
    ],
)
def test_mails_say_what_the_specification_says(key: str, text: str) -> None:
    assert _shown(_messages("email", "fr")[key]) == text


@pytest.mark.parametrize(
    ("criterion", "number", "text"),
    [
        ("length", 6, "Au moins 6 caractères"),
        ("length", 1, "Au moins 1 caractère"),
        ("upperCase", 1, "Au moins une majuscule"),
        ("lowerCase", 1, "Au moins une minuscule"),
        ("digits", 1, "Au moins un chiffre"),
        ("digits", 2, "Au moins 2 chiffres"),
        ("specialChars", 1, "Au moins un caractère spécial"),
        ("specialChars", 3, "Au moins 3 caractères spéciaux"),
        ("maxLength", 64, "Au plus 64 caractères"),
        ("passwordHistory", 1, "Différent de votre dernier mot de passe"),
        ("passwordHistory", 3, "Différent de vos 3 derniers mots de passe"),
        ("passwordAge", 365, "Différent de vos mots de passe des 365 derniers jours"),
    ],
)
def test_criteria_are_those_of_the_specification(criterion: str, number: int, text: str) -> None:
    assert _choice(_messages("login", "fr")[f"criterion-{criterion}"], number) == text


def test_mail_button_is_that_of_the_specification() -> None:
    assert _messages("email", "fr")["activationButton"] == "Valider mon email"


def test_refused_credentials_always_say_how_to_go_on() -> None:
    messages = _messages("login", "fr")
    way_on = _shown(messages["provisionalActivated"]) + " " + _shown(messages["provisionalActivatedLink"])
    assert "déjà activé ? Connectez-vous" in way_on
    assert "votre agence le remplace" in messages["provisionalOldLetter"]
    template = (THEME / "login" / "provisional.ftl").read_text(encoding="utf-8")
    assert {"provisionalActivated", "provisionalOldLetter"} <= set(re.findall(r'msg\("(\w+)"', template))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_hold_nothing_inline(path: Path) -> None:
    """The Content-Security-Policy allows no inline script, style or handler."""
    source = _without_comments(path)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", source, re.IGNORECASE)


@pytest.mark.parametrize("path", [*PAGES, *MAILS], ids=lambda path: path.stem)
def test_typed_data_is_escaped(path: Path) -> None:
    """FreeMarker escapes: kcSanitize lets links through, and no_esc stands only where markup is safe."""
    source = _without_comments(path)
    assert "kcSanitize" not in source
    assert "no_esc" not in source.replace("${plainHeading?no_esc}", "")
    assert "noautoesc" not in source


@pytest.mark.parametrize("path", [*PAGES, *MAILS], ids=lambda path: path.stem)
def test_typed_data_is_no_argument_of_a_message(path: Path) -> None:
    """msg() replaces ${name} in its arguments by the message of that name: it gets values of ours only."""
    arguments = re.findall(r'msg\("[^"]+",\s*([^)]*)\)', _without_comments(path))
    names = {name.strip() for found in arguments for name in found.split(",")}
    assert names <= {"step", "4", "days", "linkHours", "minutes", "traceId", "wait?c"}


@pytest.mark.parametrize("path", sorted((THEME / "email" / "text").glob("*.ftl")), ids=lambda path: path.stem)
def test_text_mails_are_plain_text(path: Path) -> None:
    """Keycloak takes every template for HTML, and would write &amp; and &#39; into a text mail."""
    assert path.read_text(encoding="utf-8").startswith('<#ftl output_format="plainText">\n')


@pytest.mark.parametrize("path", sorted((THEME / "email" / "text").glob("*.ftl")), ids=lambda path: path.stem)
def test_both_parts_of_a_mail_say_the_same(path: Path) -> None:
    html = THEME / "email" / "html" / path.name
    text_only = {key for key in _keys_of(path) if key.endswith("LinkText")}
    html_only = {key for key in _keys_of(html) if key.endswith("Button")}
    frame = _keys_of(THEME / "email" / "html" / "template.ftl")
    assert _keys_of(path) - text_only - frame == _keys_of(html) - html_only - frame
    assert _values_of(path) == _values_of(html)


@pytest.mark.parametrize("path", sorted((THEME / "email" / "html").glob("*.ftl")), ids=lambda path: path.stem)
def test_html_mails_fetch_nothing(path: Path) -> None:
    assert not re.search(r"<img|<script|<link|\ssrc=|url\(|@import", path.read_text(encoding="utf-8"))


def _messages(type_: str, language: str) -> dict[str, str]:
    """The messages of one file, as Java reads them: no continued lines, no escapes but \\uXXXX (checked)."""
    text = (THEME / type_ / "messages" / f"messages_{language}.properties").read_text(encoding="utf-8")
    pairs = [line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#")]
    unescaped = {
        key: re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), value) for key, value in pairs
    }
    assert not any("\\" in value for value in unescaped.values())
    return unescaped


def _shown(message: str) -> str:
    """A message with the typewriter's apostrophes and spaces, as the specification is written."""
    return message.replace("’", "'").replace("\u00a0", " ")


def _choice(message: str, number: int) -> str:
    """What MessageFormat makes of `{0,choice,1#one|1<more}` with this number."""
    found = re.fullmatch(r"\{0,choice,1#(.*)\|1<(.*)\}", message)
    assert found is not None, message
    return found[1 if number <= 1 else 2].replace("{0}", str(number))


def _camel_case(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(word.capitalize() for word in others)


def _without_comments(path: Path) -> str:
    return re.sub(r"<#--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def _keys_of(path: Path) -> set[str]:
    """The messages that a template names, except those put together (`"requiredAction." + action`)."""
    return set(re.findall(r'msg\("([^"]+)"(?!\s*\+)', _without_comments(path)))


def _values_of(path: Path) -> set[str]:
    """The values, other than messages, that a mail shows."""
    known = {"agencyName", "identifier", "ownerName", "link", "linkHours", "loginUrl", "maskedAddress"}
    known |= {"agencyPhone", "agencyEmail"}
    return {name for name in known if re.search(rf"\b{name}\b", _without_comments(path))}
