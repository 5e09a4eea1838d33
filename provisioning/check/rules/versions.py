"""Server, extension and this command fit each other."""

from __future__ import annotations

from collections.abc import Iterator

from ...texts import _
from ..finding import Finding
from ..installation import Installation


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for a server of another line (26.7) than the extension was made for, a warning for a command
    of another version than the extension, a notice for another patch of the server."""
    node = installation.node
    server, made_for = str(node["keycloak"]), str(node["builtFor"])
    if _line(server) != _line(made_for):
        yield Finding(
            "error",
            "",
            "Keycloak",
            _("The server is Keycloak {server}; the extension was made for {made_for}.").format(
                server=server, made_for=made_for
            ),
            _("Run Keycloak {made_for}, or the extension that was made for {server}.").format(
                made_for=made_for, server=_line(server)
            ),
        )
    elif server != made_for:
        yield Finding(
            "notice",
            "",
            "Keycloak",
            _("The server is Keycloak {server}; the extension was tested with {made_for}.").format(
                server=server, made_for=made_for
            ),
            _("Read the release notes between {made_for} and {server}.").format(
                made_for=made_for, server=server
            ),
        )
    if node["extension"] != installation.version:
        yield Finding(
            "warning",
            "",
            "extension",
            _(
                "The server has the extension {extension}; this command is {version}. They are tested"
                " together only when they are the same."
            ).format(extension=node["extension"], version=installation.version),
            _(
                "Put moncompte-keycloak.jar of this version on every node, or install the command of that"
                " one."
            ),
        )


def _line(version: str) -> str:
    return ".".join(version.split(".")[:2])
