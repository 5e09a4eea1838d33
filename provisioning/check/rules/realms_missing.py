"""The realms of the manifest are there."""

from __future__ import annotations

from collections.abc import Iterator

from ...texts import _
from ..finding import Finding
from ..installation import Installation


def findings(installation: Installation) -> Iterator[Finding]:
    """An error for each realm that is not there, or switched off."""
    for name in installation.missing_realms:
        yield Finding(
            "error",
            name,
            "realm",
            _("The manifest names this realm, and the server does not have it: nobody gets in."),
            _("Run moncompte apply."),
        )
    for realm in installation.realms:
        if not realm.settings.get("enabled"):
            yield Finding(
                "error",
                realm.name,
                "enabled",
                _("The realm is switched off: nobody gets in."),
                _("Run moncompte apply."),
            )
