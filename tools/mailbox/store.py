"""Where mails are kept: one `.eml` file each, and in memory, the newest first."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .mail import Mail


class Store:
    """The mails of a directory. Safe to use from several threads.

    Files are readable by their owner only: mails hold links that activate accounts. `keep` bounds their
    number; the oldest go first.

    Raises OSError when the directory cannot be made or read.
    """

    def __init__(self, directory: Path, keep: int = 500) -> None:
        self.directory = directory
        self._keep = keep
        self._arrival = threading.Condition()
        self._mails: dict[str, Mail] = {}
        self._read: set[str] = set()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in sorted(directory.glob("*.eml")):
            if file.stem.isdecimal():
                self._mails[file.stem] = Mail.parse(file.stem, file.read_bytes())
        self._forget_oldest()

    def add(self, raw: bytes) -> Mail:
        """Keep a mail and wake those who wait for it. OSError when it cannot be written (a full disk)."""
        with self._arrival:
            last = int(max(self._mails, default="0"))
            mail = Mail.parse(f"{max(time.time_ns(), last + 1):019d}", raw)
            self._write(mail)
            self._mails[mail.id] = mail
            self._forget_oldest()
            self._arrival.notify_all()
        return mail

    def mails(self) -> list[Mail]:
        """All mails, the newest first."""
        with self._arrival:
            return self._newest_first()

    def get(self, mail_id: str) -> Mail | None:
        """The mail with this id (`latest`: the newest), which counts as read from now on."""
        with self._arrival:
            if mail_id == "latest":
                mail_id = max(self._mails, default="")
            mail = self._mails.get(mail_id)
            if mail is not None:
                self._read.add(mail.id)
            return mail

    def is_read(self, mail: Mail) -> bool:
        """Whether somebody has looked at it since the start."""
        return mail.id in self._read

    def wait_for(self, wanted: Callable[[Mail], bool], timeout: float) -> Mail | None:
        """The newest mail that is wanted, waiting for it `timeout` seconds at most; None when none came."""

        def found() -> Mail | None:
            return next(filter(wanted, self._newest_first()), None)

        with self._arrival:
            return self._arrival.wait_for(found, timeout)

    def delete(self, mail_ids: list[str] | None = None) -> None:
        """Delete these mails, or all of them; an id that is not there is passed over."""
        with self._arrival:
            for mail_id in list(self._mails) if mail_ids is None else mail_ids:
                self._forget(mail_id)

    def _newest_first(self) -> list[Mail]:
        return [self._mails[mail_id] for mail_id in sorted(self._mails, reverse=True)]

    def _write(self, mail: Mail) -> None:
        # Written under another name first: a half-written mail is never taken for a whole one.
        file = self.directory / f"{mail.id}.eml"
        draft = file.with_suffix(".part")
        try:
            with open(draft, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
                out.write(mail.raw)
            draft.replace(file)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise

    def _forget_oldest(self) -> None:
        for mail_id in sorted(self._mails)[: -self._keep]:
            self._forget(mail_id)

    def _forget(self, mail_id: str) -> None:
        if self._mails.pop(mail_id, None) is None:
            return
        self._read.discard(mail_id)
        (self.directory / f"{mail_id}.eml").unlink(missing_ok=True)
