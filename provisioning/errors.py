"""Every error moncompte raises on purpose, and the exit code of each.

The tree (exit code of the command in brackets; a child has its parent's unless it says otherwise):

    MoncompteError [1]                 something went wrong while running; can be run again
    ├── BadInputError [2]              what the person gave cannot be used; nothing was sent
    │   ├── SettingsError                  where the server is, or who we are, is not known
    │   ├── ManifestError                  moncompte.yaml; carries every problem found in it
    │   ├── OwnersFileError                owners.csv as a whole (a single line is a Problem, not an error)
    │   ├── CredentialsFileError           the file generated passwords are kept in
    │   └── LetterError                    the template or the logo of letters, or the file to write
    ├── StepError [its cause's]         one object that apply could not bring to what the manifest says
    └── ServerError [1]                what Keycloak answered, or that it did not
        ├── ServerUnreachableError     no answer: down, wrong address, certificate, time out
        ├── UnauthorizedError          the client id or its secret is wrong
        ├── ForbiddenError             the client is known but lacks a right
        ├── NotFoundError              what was asked for is not there
        │   ├── RealmUnknownError
        │   ├── AgencyUnknownError
        │   ├── ApplicationUnknownError
        │   ├── OwnerUnknownError
        │   └── MergeUnknownError
        ├── ExtensionMissingError      this Keycloak has no moncompte extension
        └── RefusedError               any other refusal, in the server's own words

Messages say what happened, where, and what to do. None holds a secret.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass

from .texts import _


def reason_of(error: OSError | UnicodeError) -> str:
    """Why a file cannot be used, in the person's language (the system's own words are English)."""
    if isinstance(error, UnicodeError):
        return _("it is not UTF-8 text")
    match error.errno:
        case errno.ENOENT:
            return _("there is no such file or folder")
        case errno.EACCES | errno.EPERM:
            return _("access is denied")
        case errno.EISDIR:
            return _("it is a folder")
        case errno.ENOTDIR:
            return _("a folder of this path is a file")
        case errno.ELOOP:
            return _("it is a link")
        case errno.ENOSPC:
            return _("the disk is full")
        case errno.EROFS:
            return _("the disk can only be read")
    return error.strerror or str(error)


class MoncompteError(Exception):
    """Base of all; its text, in the person's language, is shown as it is."""

    exit_code = 1


class BadInputError(MoncompteError):
    """What the person gave cannot be used."""

    exit_code = 2


class SettingsError(BadInputError):
    """A setting of the connection is missing or unusable."""


@dataclass(frozen=True, order=True)
class ManifestProblem:
    """One thing wrong in a manifest: the line it stands on, the key, and what was expected there."""

    line: int
    key: str
    expected: str


class ManifestError(BadInputError):
    """The manifest cannot be used; `problems` holds everything that is wrong with it, by line."""

    def __init__(self, file: str, problems: Sequence[ManifestProblem]) -> None:
        self.file = file
        self.problems = tuple(sorted(set(problems)))
        lines = [f"{file}:{p.line}: {p.key}: {p.expected}" for p in self.problems]
        super().__init__("\n".join(lines))


class OwnersFileError(BadInputError):
    """The owners file cannot be read at all (columns, separator, encoding)."""


class CredentialsFileError(BadInputError):
    """The credentials file is missing where it is needed, or cannot be trusted."""


class LetterError(BadInputError):
    """Letters cannot be made: the template, the logo or the file cannot be used."""


class ServerError(MoncompteError):
    """Keycloak refused, or did not answer."""


class ServerUnreachableError(ServerError):
    """No answer from the server."""


class UnauthorizedError(ServerError):
    """Keycloak does not know this client, or its secret is another."""


class ForbiddenError(ServerError):
    """The client lacks a right."""


class NotFoundError(ServerError):
    """What was asked for is not on the server."""


class RealmUnknownError(NotFoundError):
    """No such realm."""


class AgencyUnknownError(NotFoundError):
    """No such agency in the realm."""


class ApplicationUnknownError(NotFoundError):
    """No application of this client id in the realm."""


class OwnerUnknownError(NotFoundError):
    """No owner with that identifier at the agency."""


class MergeUnknownError(NotFoundError):
    """The account of that identifier knows no such merge."""


class ExtensionMissingError(ServerError):
    """The server does not have the moncompte extension."""


class RefusedError(ServerError):
    """Any other refusal.

    status   the HTTP status
    reason   the server's code for it, if it has one
    said     all that the server said, with the status
    words    the server's sentence about it, if it has one
    """

    def __init__(
        self,
        message: str,
        status: int,
        reason: str = "",
        *,
        said: str = "",
        words: str = "",
    ) -> None:
        self.status = status
        self.reason = reason
        self.said = said
        self.words = words
        super().__init__(message)


class StepError(MoncompteError):
    """An object of a realm could not be brought to what the manifest says; `cause` says why."""

    def __init__(self, what: str, cause: MoncompteError) -> None:
        self.exit_code = cause.exit_code
        super().__init__(f"{what}: {cause}")
