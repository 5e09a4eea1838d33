"""Which program holds a port."""

import contextlib
from pathlib import Path

_LISTEN = "0A"  # the state TCP_LISTEN in /proc/net/tcp


def holder(port: int) -> str:
    """The program that listens on `port`: "java (process 4711)", or "another program" when it does not show.

    Reads /proc: processes of other users show themselves to root only.
    """
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        if not _open_files(process).isdisjoint(sockets):
            return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return "another program"


def _open_files(process: Path) -> set[str]:
    """What the descriptors of `process` (/proc/PID) lead to; nothing of what is not ours to look into."""
    found = set()
    with contextlib.suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                found.add(str(descriptor.readlink()))
    return found


def _listening_inodes(port: int) -> set[str]:
    """The inodes of the sockets that listen on `port`, IPv4 and IPv6."""
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            # sl, local address as HEX:PORT, remote address, state, …, the inode in the tenth column
            columns = line.split()
            if int(columns[1].rpartition(":")[2], 16) == port and columns[3] == _LISTEN:
                inodes.add(columns[9])
    return inodes
