"""The mailbox in a browser, and as Mailpit's JSON.

| address | what it is |
| --- | --- |
| `/` | the mails, the newest first; follows new ones by itself |
| `/view/ID` | one mail; `/view/ID.html` its HTML part alone, `/view/ID.txt` its text |
| `GET /api/v1/messages?start=0&limit=50` | the list |
| `DELETE /api/v1/messages` | deletes the mails of the body's `{"IDs": [...]}`, or all |
| `GET /api/v1/message/ID` | one mail; `latest` is the newest |
| `GET /api/v1/message/ID/raw` | its source |
| `GET /api/v1/search?query=to:"a@b.c"` | those that match (see `mailpit.search`) |
"""

import re

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, render_template, request

from . import mailpit
from .mail import Mail
from .store import Store

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
    " frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
# A mail is styled inline, as mails are, and may do nothing but open its links in a tab of their own.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
LINKS_IN_A_TAB = '<base target="_blank">'


pages = Blueprint("pages", __name__)
api = Blueprint("api", __name__, url_prefix="/api/v1")


def create_app(store: Store) -> Flask:
    """The web application that shows this store."""
    app = Flask(__name__)
    # Only this machine's own names: a foreign page must not reach the mails through a name of its own.
    app.config["TRUSTED_HOSTS"] = ["localhost", "127.0.0.1"]
    app.extensions["store"] = store
    app.register_blueprint(pages)
    app.register_blueprint(api)
    app.register_error_handler(404, _not_found)
    app.after_request(_protect)
    return app


@pages.get("/")
def show_list() -> str:
    return render_template("list.html", mails=_store().mails(), is_read=_store().is_read)


@pages.get("/view/<mail_id>")
def show_mail(mail_id: str) -> str:
    return render_template("mail.html", mail=_mail_or_404(mail_id))


@pages.get("/view/<mail_id>.html")
def show_html(mail_id: str) -> Response:
    html = _mail_or_404(mail_id).html
    html, heads = re.subn(r"(?i)<head\b[^>]*>", lambda head: head[0] + LINKS_IN_A_TAB, html, count=1)
    answer = Response(html if heads else LINKS_IN_A_TAB + html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


@pages.get("/view/<mail_id>.txt")
def show_text(mail_id: str) -> Response:
    return Response(_mail_or_404(mail_id).text, mimetype="text/plain")


@api.get("/messages")
def list_messages() -> Response:
    return _listing(_store().mails())


@api.delete("/messages")
def delete_messages() -> Response:
    body = request.get_json(silent=True)
    ids = body.get("IDs") if isinstance(body, dict) else None
    _store().delete([str(mail_id) for mail_id in ids] if isinstance(ids, list) and ids else None)
    return Response("ok", mimetype="text/plain")


@api.get("/message/<mail_id>")
def get_message(mail_id: str) -> Response:
    return jsonify(mailpit.message(_mail_or_404(mail_id)))


@api.get("/message/<mail_id>/raw")
def get_source(mail_id: str) -> Response:
    return Response(_mail_or_404(mail_id).raw, mimetype="text/plain")


@api.get("/search")
def search_messages() -> Response:
    query = request.args.get("query", "").strip()
    if not query:
        return Response("Error: no search query", status=400, mimetype="text/plain")
    try:
        return _listing(mailpit.search(_store().mails(), query))
    except ValueError as error:
        return Response(f"Error: {error}", status=400, mimetype="text/plain")


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store


def _mail_or_404(mail_id: str) -> Mail:
    return _store().get(mail_id) or abort(404)


def _listing(found: list[Mail]) -> Response:
    """The part of these mails that `start` and `limit` ask for (MessagesSummary)."""
    store = _store()
    everything = store.mails()
    start = request.args.get("start", 0, type=int)
    limit = request.args.get("limit", 50, type=int)
    shown = found[max(start, 0) :][: max(limit, 0)]
    return jsonify(
        {
            "total": len(everything),
            "unread": sum(not store.is_read(mail) for mail in everything),
            "count": len(shown),
            "messages_count": len(found),
            "messages_unread": sum(not store.is_read(mail) for mail in found),
            "start": start,
            "tags": [],
            "messages": [mailpit.summary(mail, read=store.is_read(mail)) for mail in shown],
        }
    )


def _not_found(_: Exception) -> tuple[str, int]:
    if request.path.startswith("/api/"):
        return "404 page not found", 404
    return render_template("absent.html"), 404


def _protect(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
    return answer
