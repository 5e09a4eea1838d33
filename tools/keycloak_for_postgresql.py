"""The unpacked server once more, built for PostgreSQL; the Maven build makes the one for embedded H2.

It is built with the preview features that a manifest can make use of, so that these are tested somewhere; the
other is built without, as the image for production.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from tools import processes
from tools.keycloak import DISTRIBUTION, ServerStartError, lay_out

PREVIEWS = ("client-secret-rotation",)
"""Features of Keycloak that are off unless a server is built with them."""

_PAUSE = 0.2  # seconds between two tries for the lock


def built_for_postgresql(distribution: Path = DISTRIBUTION) -> Path:
    """A server for PostgreSQL with the jar and the options of `distribution`, beside it; a `Server` runs it.

    The first call after a build of `distribution` takes a minute (`kc.sh build`), the next ones nothing.
    Raises ServerStartError with what the build says.
    """
    built = distribution / "built"
    if not built.exists():
        raise ServerStartError(f"there is no built server in {distribution}: run `make build`")
    variant = distribution.with_name(f"{distribution.name}-postgresql")
    lock = _take(variant.with_suffix(".lock"))
    try:
        stamp = f"{built.stat().st_mtime_ns} {','.join(PREVIEWS)}"
        if _stamp_of(variant) != stamp:
            _build(distribution, variant)
            (variant / "built").write_text(stamp, encoding="ascii")
    except OSError as error:
        raise ServerStartError(f"cannot prepare {variant}: {error.strerror or error}") from error
    finally:
        os.close(lock)
    return variant


def _take(file: Path) -> int:
    """One build at a time: another program may want the same server at this moment."""
    while (lock := processes.hold(file)) is None:
        time.sleep(_PAUSE)
    return lock


def _stamp_of(variant: Path) -> str | None:
    """Which build of the distribution a variant was made of, with what; None when it was never finished."""
    try:
        return (variant / "built").read_text(encoding="ascii")
    except FileNotFoundError:
        return None


def _build(distribution: Path, variant: Path) -> None:
    lay_out(distribution, variant)
    options = variant / "conf" / "keycloak.conf"
    lines = options.read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if not line.startswith(("db=", "features="))]
    features = [line.removeprefix("features=") for line in lines if line.startswith("features=")]
    ours = ["db=postgres", f"features={','.join([*features, *PREVIEWS])}"]
    options.write_text("\n".join([*others, *ours, ""]), encoding="utf-8")
    done = subprocess.run(
        [variant / "bin" / "kc.sh", "build"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        shutil.rmtree(variant)
        raise ServerStartError(f"the server could not be built for PostgreSQL: {done.stdout}{done.stderr}")
