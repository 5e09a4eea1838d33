"""Looking at a running installation: what is wrong with it, why that matters, and what to do.

`reading.read` asks the server everything once and gives an `Installation`; each module of `rules` looks at
one thing in it and gives findings; nothing is changed.
"""

from .finding import Finding, Severity
from .inspect import inspect, serious
from .installation import Certificate, Installation, MailTrial, RealmSeen
from .reading import read

__all__ = [
    "Certificate",
    "Finding",
    "Installation",
    "MailTrial",
    "RealmSeen",
    "Severity",
    "inspect",
    "read",
    "serious",
]
