"""One server for all processes of a parallel run: the first that wants it starts it.

What a process started ends with it, so that one stays until nobody uses the server any more.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def shared(directory: Path, start: Callable[[], contextlib.AbstractContextManager[str]]) -> Iterator[str]:
    """What there is to know of the one server of all processes that name this directory.

    directory  theirs alone
    start      a server, as a context that tells what there is to know of it; it may hold secrets
    """
    known = directory / "known"
    with contextlib.ExitStack() as server, _locked(directory / "users", fcntl.LOCK_SH) as users:
        with _locked(directory / "start", fcntl.LOCK_EX):
            is_first = not known.exists()
            if is_first:
                _write(known, server.enter_context(start()))
            text = known.read_text(encoding="utf-8")
        try:
            yield text
        finally:
            if is_first:
                # Whoever comes from now on starts another one; those who are there are waited for.
                with _locked(directory / "start", fcntl.LOCK_EX):
                    known.unlink()
                fcntl.flock(users, fcntl.LOCK_UN)
                fcntl.flock(users, fcntl.LOCK_EX)


@contextlib.contextmanager
def _locked(file: Path, kind: int) -> Iterator[int]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield descriptor
    finally:
        os.close(descriptor)


def _write(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
