"""Ready-made configurations of applications that nobody here wrote: files to copy, with the values filled in.

They are what `docs/applications/` shows and what the tests sign owners in with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent / "configuration_files"


@dataclass(frozen=True)
class Kind:
    """A kind of application.

    title      what people call it
    callback   path of its redirect URI
    goodbye    path that it comes back to after « Déconnexion »
    told_at    path that the realm tells of a session that ended elsewhere (back-channel logout)
    files      to be made, in order
    """

    title: str
    callback: str
    goodbye: str
    told_at: str
    files: tuple[str, ...]


KINDS = {
    "apache": Kind(
        "Apache with mod_auth_openidc",
        "/oidc/callback",
        "/au-revoir",
        "/oidc/callback?logout=backchannel",
        ("moncompte.conf",),
    ),
    "starlette": Kind(
        "Python, Starlette with Authlib",
        "/callback",
        "/au-revoir",
        "/backchannel-logout",
        ("application.py",),
    ),
    "openid-client": Kind(
        "Node.js, openid-client", "/callback", "/au-revoir", "/backchannel-logout", ("application.mjs",)
    ),
    "spring": Kind(
        "Spring Boot's OAuth2 client",
        "/login/oauth2/code/moncompte",
        "/au-revoir",
        "/logout/connect/back-channel/moncompte",
        ("pom.xml", "application.yml", "Application.java"),
    ),
}


@dataclass(frozen=True)
class Values:
    """What is filled in.

    issuer       the realm, as its tokens name it
    base         address of the application, without its last slash
    secret_file  where it keeps its secret
    """

    issuer: str
    client_id: str
    base: str
    secret_file: str


def rendered(kind: str, values: Values) -> dict[str, str]:
    """The files of a kind (a name in KINDS), by name."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / kind),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return {name: environment.get_template(f"{name}.j2").render(vars(values)) for name in KINDS[kind].files}


def in_manifest(kind: str, client_id: str, base: str) -> str:
    """The application as the operator declares it in moncompte.yaml."""
    of = KINDS[kind]
    lines = [
        f"  - client_id: {client_id}",
        f"    name: {of.title}",
        "    type: confidential",
        f"    url: {base}/",
        f"    redirect_uris: [{base}{of.callback}]",
        f"    post_logout_redirect_uris: [{base}{of.goodbye}]",
        f"    backchannel_logout_url: {base}{of.told_at}",
        "    scopes: [organization, contracts]",
        f"    secret_file: {client_id}.secret",
    ]
    return "\n".join(lines) + "\n"
