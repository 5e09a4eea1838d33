"""No mail was given up: an owner who waits for one does not know."""

from __future__ import annotations

from collections.abc import Iterator

from ...texts import _, ngettext
from ..finding import Finding
from ..installation import Installation


def findings(installation: Installation) -> Iterator[Finding]:
    """A warning when the node that answered has given mails up since it started."""
    lost = int(installation.node["mailsLost"])
    if lost:
        yield Finding(
            "warning",
            "",
            "moncompte_mails_total",
            ngettext(
                "The node that answered has given up {count} mail since it started.",
                "The node that answered has given up {count} mails since it started.",
                lost,
            ).format(count=lost),
            _(
                "Read its log, cure the mail server; owners ask for the mail again. Other nodes: the metric"
                " moncompte_mails_total, outcome failed and dropped, on their management port."
            ),
        )
