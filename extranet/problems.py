"""What an owner is told when something does not work: why, and the way on. Never a stack trace."""

from authlib.integrations.base_client import OAuthError
from flask import Flask, current_app, redirect, render_template, request, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from extranet import sessions

AGAIN = "Se connecter"
# kind: HTTP status, title, text, words on the button
PROBLEMS = {
    "entry": (
        400,
        "Adresse de connexion incorrecte",
        "Le code client et le code société ne contiennent que des lettres et des chiffres. Reprenez l’adresse"
        " qui figure dans le courrier de votre agence, ou saisissez vos codes.",
        "Saisir mes codes",
    ),
    "stale": (
        400,
        "Connexion à recommencer",
        "Cette page de connexion n’est plus valable : elle a déjà servi, ou elle est restée ouverte trop"
        " longtemps. Rien n’a été modifié.",
        AGAIN,
    ),
    "denied": (
        403,
        "Connexion interrompue",
        "La connexion n’est pas allée jusqu’à son terme, ou elle vous a été refusée. Si cela se reproduit,"
        " contactez votre agence.",
        AGAIN,
    ),
    "outage": (
        503,
        "Service de connexion indisponible",
        "La connexion n’est pas possible pour le moment. Réessayez dans quelques minutes.",
        "Réessayer",
    ),
    "half-out": (
        503,
        "Déconnexion incomplète",
        "Vous êtes déconnecté de l’Extranet, mais le service de connexion ne répond pas : vous pouvez être"
        " encore connecté à vos autres applications. Sur un ordinateur partagé, fermez le navigateur.",
        AGAIN,
    ),
    "forged": (
        400,
        "Demande non reconnue",
        "Cette demande ne vient pas d’une page à jour de l’Extranet. Revenez à votre espace et recommencez.",
        "Revenir à mon espace",
    ),
    "absent": (404, "Page introuvable", "Cette adresse ne mène à rien.", "Revenir à mon espace"),
    "fault": (
        500,
        "Une erreur est survenue",
        "Le problème vient de notre côté. Réessayez dans quelques minutes.",
        "Revenir à mon espace",
    ),
}
# The errors of RFC 6749 (4.1.2.1 and 5.2) an owner may meet; any other is an outage to them.
OAUTH_ERRORS = {"access_denied": "denied", "invalid_grant": "stale", "mismatching_state": "stale"}


class Problem(Exception):  # noqa: N818 - what the owner meets, not always an error
    """Stops a request and shows the page of this kind; `reason` is for the log only."""

    def __init__(self, kind: str, reason: str = "") -> None:
        super().__init__(reason or kind)
        self.kind = kind


def register(app: Flask) -> None:
    """Show these pages whenever the application raises."""
    app.register_error_handler(Problem, lambda error: _page(error.kind, error))
    app.register_error_handler(
        OAuthError, lambda error: _page(OAUTH_ERRORS.get(error.error, "outage"), error)
    )
    app.register_error_handler(
        JoseError, lambda error: _page("stale", error)
    )  # an ID token that is not right
    app.register_error_handler(RequestException, lambda error: _page("outage", error))
    app.register_error_handler(HTTPException, _http_error)


def _http_error(error: HTTPException) -> Response | tuple[str, int]:
    code = error.code or 500
    page = _page("fault" if code >= 500 else "absent", error)
    return page if isinstance(page, Response) else (page[0], code)


def _page(kind: str, error: Exception) -> Response | tuple[str, int]:
    signed_in = sessions.current() is not None
    if kind == "stale" and signed_in:
        # The back button, a reload, or a second tab of somebody who is signed in already.
        return redirect(url_for("pages.home"))
    status, title, text, way_on = PROBLEMS[kind]
    if kind not in {"absent", "entry"}:
        current_app.logger.warning("%s: %s %.200r", kind, type(error).__name__, str(error))
    home = kind == "entry" or (signed_in and kind != "outage")
    target = url_for("pages.home") if home else url_for("signin.login", **sessions.entry())
    if kind == "outage" and signed_in and request.blueprint == "pages" and request.method == "GET":
        target = request.path
    page = render_template("problem.html", title=title, text=text, way_on=way_on, target=target)
    return page, status
