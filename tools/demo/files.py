"""Small files of a demo: secrets that are made once, and the end of a log."""

import secrets
from pathlib import Path


def kept_secret(file: Path) -> str:
    """The secret in `file`; made on the first time, readable by its owner only."""
    if not file.exists():
        new = file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(24) + "\n", encoding="ascii")
        new.replace(file)  # whole or not at all
    return file.read_text(encoding="ascii").strip()


def last_words(log: Path) -> str:
    """The end of a log for an error message, and where the whole of it is."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    # Maven names the cause first and ends with advice on how to read on.
    causes = [line for line in lines if line.startswith("[ERROR]")]
    end = "\n  ".join(causes[:8] or lines[-8:])
    return f"It says:\n  {end}\n(all of it: {log})" if end else f"Its log, {log}, is empty."
