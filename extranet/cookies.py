"""What a browser keeps for the Extranet, in cookies signed by it: nothing of it is stored here.

Each has a cookie of its own, so that two tabs at the same moment do not overwrite each other's.

entry     the codes of the entry address: « Réessayer » and the next sign-in go to the same agency
bien      which contract the owner chose last (`contracts.mark`)
state-…   a question asked at a realm: nonce, PKCE verifier, and where to go on with the answer
"""

from typing import Any

from authlib.integrations.flask_client import FlaskIntegration
from flask import Response, after_this_request, current_app, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

MAX_QUESTIONS = 5  # of one browser: the headers of a request have to stay small


def keep(name: str, value: Any, seconds: int | None = None) -> None:
    """Has the browser keep a value; without `seconds`, until it is closed."""
    g.setdefault("kept", {})[name] = value

    @after_this_request
    def add(response: Response) -> Response:
        response.set_cookie(
            _full(name),
            _signer(name).dumps(value),
            max_age=seconds,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def kept(name: str, seconds: int | None = None) -> Any:
    """The value; None when the browser has none, or one that is not ours or older than this."""
    if name in g.get("kept", {}):
        return g.kept[name]
    try:
        return _signer(name).loads(request.cookies.get(_full(name), ""), max_age=seconds)
    except BadData:
        return None


def drop(name: str) -> None:
    """Has the browser forget a value."""
    if _full(name) in request.cookies:
        keep(name, None, 0)


class Questions(FlaskIntegration):
    """Keeps what Authlib has to know of a question until its answer comes."""

    def set_state_data(self, _session: Any, state: str, data: dict[str, Any]) -> None:
        names = [name.removeprefix(_full("")) for name in request.cookies if name.startswith(_full("state-"))]
        numbers = {name: (kept(name, self.expires_in) or {}).get("number", 0) for name in names}
        for name in sorted(names, key=lambda name: numbers[name])[: 1 - MAX_QUESTIONS]:
            drop(name)
        data["number"] = 1 + max(numbers.values(), default=0)
        keep(self._name(state), data, self.expires_in)

    def get_state_data(self, _session: Any, state: str | None) -> dict[str, Any] | None:
        found: dict[str, Any] | None = kept(self._name(state), self.expires_in)
        return found

    def clear_state_data(self, _session: Any, state: str | None) -> None:
        drop(self._name(state))

    def _name(self, state: str | None) -> str:
        return f"state-{self.name}-{state}"


def _full(name: str) -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-{name}"


def _signer(name: str) -> URLSafeTimedSerializer:
    # The name is signed too: the value of one cookie is none of another's.
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"cookie {name}")
