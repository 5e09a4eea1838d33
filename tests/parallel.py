"""How a parallel run divides its tests: what each process takes in one go, and in which order."""

from pathlib import Path

from xdist.scheduler import LoadFileScheduling

_ON_POSTGRESQL = "tests/integration/on_postgresql/"


class FilesTogether(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A process takes a whole file, and all files of the folder that has a server of its own."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return _ON_POSTGRESQL if scope.startswith(_ON_POSTGRESQL) else scope


def place(file: Path) -> int:
    """Where a file belongs in the order: what takes longest is not to be left for the end."""
    order = ["on_postgresql", "browser"]
    folder = file.parent.name
    return order.index(folder) if folder in order else len(order)
