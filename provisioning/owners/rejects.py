"""The file of rejected lines: to be corrected and loaded as it is.

The owners file's own columns and one more, `motif_du_refus`, that says why and is not read. CSV with the
owners file's separator, UTF-8 with BOM (so that a French Excel reads it), formulas neutralised. A line that
could not be taken apart stands whole in the first cell: left as it is it is refused again.

Mode 0600, because passwords stand in it. It takes its name when the whole owners file has been read; lines
that the server refuses after that are added at once.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path
from types import TracebackType

from ..errors import BadInputError, reason_of
from ..texts import _
from .cells import neutral, plain
from .file import REASON, OwnersFile
from .file_problems import Rejected

_BOM = b"\xef\xbb\xbf"


class RejectsFile:
    """A file of rejected lines that is being written; a context manager.

    Raises BadInputError when the file is the owners file itself, or one that we did not write, or cannot be
    made.
    """

    def __init__(self, path: Path, owners: OwnersFile) -> None:
        self.path = path
        self.lines = 0
        self._separator = owners.separator
        self._kept = [at for at, name in enumerate(owners.names) if name.strip() != REASON]
        header = [owners.names[at] for at in self._kept] + [REASON]
        self._columns = len(header)
        try:
            self._refuse_others(owners.path)
            self._descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
        except OSError as error:
            raise self._unusable(error) from None
        self._temporary: Path | None = Path(temporary)
        self._write(_BOM + self._line(header))

    def _refuse_others(self, owners: Path) -> None:
        if not self.path.exists():
            return
        if self.path.samefile(owners):
            raise BadInputError(
                _("{file} is the file to be loaded; give --rejects another name. Nothing was loaded.").format(
                    file=str(self.path)
                )
            )
        with self.path.open("rb") as file:
            header = file.readline(4096).decode("utf-8-sig", "replace").strip("\r\n")
        if not header.endswith(REASON):
            raise BadInputError(
                _(
                    "{file} exists and is no file of refused lines; give --rejects another name. Nothing was"
                    " loaded."
                ).format(file=str(self.path))
            )

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def add(self, rejected: Rejected) -> None:
        """Write a line with its reasons. Raises BadInputError when it cannot be written."""
        cells = [""] * (self._columns - 1)
        if rejected.cells is None:
            cells[0] = neutral(plain(rejected.text))
        else:
            cells = [rejected.cells[at] for at in self._kept]
        reasons = " / ".join(
            f"{problem.column} : {problem.reason()}" if problem.column else problem.reason()
            for problem in rejected.problems
        )
        self._write(self._line([*cells, neutral(reasons)]))
        self.lines += 1

    def commit(self) -> None:
        """Give the file its name. Raises BadInputError when that cannot be done."""
        if self._temporary is None:
            return
        try:
            os.fsync(self._descriptor)
            self._temporary.replace(self.path)
        except OSError as error:
            raise self._unusable(error) from None
        self._temporary = None

    def _line(self, cells: list[str]) -> bytes:
        said = io.StringIO()
        csv.writer(said, delimiter=self._separator, lineterminator="\r\n").writerow(cells)
        return said.getvalue().encode("utf-8", "replace")

    def _write(self, content: bytes) -> None:
        try:
            remaining = memoryview(content)
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> BadInputError:
        return BadInputError(
            _("cannot write the refused lines to {file}: {reason}").format(
                file=str(self.path), reason=reason_of(error)
            )
        )
