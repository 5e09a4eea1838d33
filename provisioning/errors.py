"""The errors that moncompte raises on purpose. Their texts are shown as they are, and none holds a secret.

A text says what happened, where, and what to do.
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


class NotFoundError(ServerError):
    """What was asked for is not on the server."""


class OwnerUnknownError(NotFoundError):
    """No owner with that identifier at the agency."""


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


class Incomplete(Exception):  # noqa: N818 (not an error: an exit code)
    """Exit code 3: all was done that could be, but lines were refused, or changes or findings remain."""
