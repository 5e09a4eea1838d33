"""Child processes that do not outlive us, not even when we are killed with `kill -9`."""

import contextlib
import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

# Loaded once, here: between fork and exec no import may happen (another thread might hold its lock).
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent() -> None:
    """Lets the kernel end this process (SIGTERM) when the one that started it has ended, in whatever way."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(
    command: Sequence[str | Path],
    *,
    log_file: Path,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    user: pwd.struct_passwd | None = None,
) -> subprocess.Popen[bytes]:
    """Starts `command` with its output in `log_file`, in a session of its own: Ctrl-C does not reach it.

    `environment` takes the place of our own, and `user`, which only root can name, that of ourselves. Call it
    from the main thread: when the thread that started it ends, in whatever way, the kernel ends the child
    (SIGTERM).
    """
    parent = os.getpid()

    def before_exec() -> None:
        end_with_parent()
        if os.getppid() != parent:  # it died before the kernel knew whom to tell
            os._exit(1)

    # Owner only: a server's log names people, and its first lines may name more than that.
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=directory,
            start_new_session=True,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            preexec_fn=before_exec,
        )
    finally:
        os.close(log)


def stop(process: subprocess.Popen[bytes], patience: float = 20) -> None:
    """Asks `process` to end and, after `patience` seconds, kills it with all of its session's processes."""
    if process.poll() is None:
        process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # what it left behind, or itself
    process.wait()


def hold(file: Path) -> int | None:
    """Takes the lock on `file`, made if need be; None when another process holds it.

    It is ours until we end, however that comes about, or close the descriptor that is returned. Children do
    not inherit it, so a lock that can be had means that whoever had it is gone.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_alive(pid: int, mark: str) -> bool:
    """Whether process `pid` lives and is the one we mean: `mark` stands on its command line."""
    try:
        command_line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return mark.encode() in command_line
