"""A Keycloak server on this machine, run from the distribution that the Maven build unpacked.

    server = Server(distribution, home, http_port=8080, management_port=9000,
                    environment=bootstrap_client("moncompte-cli", secret))
    server.start()
    server.wait_until_ready(deadline=180)
    ...
    server.stop()

Each server has a home of its own with its data, its log and a light copy of the distribution (some megabytes,
the large rest is linked). So several can run at once, and a build beside them does not change one that runs.
"""

import contextlib
import errno
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tools import ROOT, ToolError, processes
from tools.ports import require_free

DISTRIBUTION = ROOT / "keycloak" / "target" / "server"

_HEAP = "-Xms128m -Xmx768m"
_ROOM = 100 << 20  # bytes free to begin with: the light copy, a new database, a log
_PATIENCE = 30  # seconds a server that was left behind gets to close its database
_PAUSE = 0.2  # seconds between two looks at a server that starts

# What the log says when a start failed, and what that means to who started it. The first that fits is told.
_CAUSES = (
    (r"No space left on device|Disk quota exceeded", "the disk is full: make room and start again"),
    (
        r"Database may be already in use|The file is locked",
        "its database ({data}) is held by another Keycloak: stop that one first",
    ),
    (
        r"Address already in use|already bound|BindException",
        "one of its ports ({ports}) is used by another program: stop that one, or choose other ports",
    ),
    (
        r"File corrupted|[Cc]hunk .* not found",
        "its database ({data}) is damaged: remove that directory and start again",
    ),
    (r"UnsupportedClassVersionError", "Java is older than 17: install a JDK 17 or newer, or set JAVA_HOME"),
    (
        r"java: (?:command )?not found|java: No such file",
        "there is no Java: install a JDK 17 or newer, or set JAVA_HOME",
    ),
    (r"OutOfMemoryError|insufficient memory|Cannot allocate memory", "there is not enough memory for it"),
)


def bootstrap_client(client_id: str, secret: str) -> dict[str, str]:
    """The environment that gives a *new* server its first administrator, a service account."""
    return {"KC_BOOTSTRAP_ADMIN_CLIENT_ID": client_id, "KC_BOOTSTRAP_ADMIN_CLIENT_SECRET": secret}


def bootstrap_user(name: str, password: str) -> dict[str, str]:
    """The environment that gives a *new* server a person who may open the administration console."""
    return {"KC_BOOTSTRAP_ADMIN_USERNAME": name, "KC_BOOTSTRAP_ADMIN_PASSWORD": password}


def lay_out(distribution: Path, target: Path) -> None:
    """Makes `target` a light copy of a distribution; what stood there goes. Raises OSError.

    Copied is what a build of the server or of the extension changes; the large rest is linked.
    """
    if target.exists():
        shutil.rmtree(target)
    for name in ("conf", "providers", "lib/quarkus"):
        shutil.copytree(distribution / name, target / name)
    # kc.sh takes the folder above its own real path for the server's home: a link would lead back.
    for name in ("bin/kc.sh", "lib/quarkus-run.jar"):
        (target / name).parent.mkdir(exist_ok=True)
        shutil.copy2(distribution / name, target / name)
    for name in ("password-blacklists", "themes", "lib/app", "lib/lib"):
        (target / name).symlink_to((distribution / name).resolve())


class Server:
    """One server: its home directory, its two ports and, while it runs, its process.

    distribution  the unpacked and built server, `keycloak/target/server`
    home          a directory for this server alone; `home/data` keeps the database from start to start
    environment   secrets and other `KC_…` settings; on a command line every user of the machine reads them
    public_url    where browsers find the server, behind a proxy; its own address when there is none
    cluster_port  TCP port at which the other nodes of a cluster on this machine reach this one; 50,000 above
                  it they notice that it has gone (JGroups' FD_SOCK2). A server without one is alone
    """

    def __init__(
        self,
        distribution: Path,
        home: Path,
        *,
        http_port: int,
        management_port: int,
        environment: Mapping[str, str],
        public_url: str | None = None,
        cluster_port: int | None = None,
    ) -> None:
        self.distribution = distribution
        self.home = home.resolve()
        self.http_port = http_port
        self.management_port = management_port
        self.url = public_url or f"http://localhost:{http_port}"
        self.log_file = self.home / "server.log"
        self.data = self.home / "data"
        self._laid_out = self.home / "server"
        self._pid_file = self.home / "pid"
        # Written once the server has been ready: data without it is what a killed start left half made.
        self.initialised = self.data / "initialised"
        self._environment = environment
        self._cluster_port = cluster_port
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    def start(self) -> None:
        """Starts the process and returns at once; `wait_until_ready` tells how it went."""
        if not (self.distribution / "built").exists():
            raise ToolError(f"there is no built server in {self.distribution}: run `make build`")
        try:
            self.take_home()
            self._lay_out()
        except OSError as error:
            self.stop()
            raise ToolError(f"cannot prepare {self.home}: {error.strerror or error}") from error
        # Asked now, not read from the log ten seconds later; and the stranger there may well be another
        # Keycloak, which would tell us that it is ready.
        try:
            require_free({"Keycloak": self.http_port, "its health and metrics": self.management_port})
        except ToolError:
            self.stop()
            raise
        command: list[str | Path] = [
            self._laid_out / "bin" / "kc.sh",
            "start",
            "--optimized",
            "--http-enabled=true",
            "--http-host=127.0.0.1",
            f"--http-port={self.http_port}",
            "--http-management-host=127.0.0.1",
            f"--http-management-port={self.management_port}",
            f"--hostname={self.url}",
            *self._cache_options(),
            "--log=console",
            "--log-level=info,io.smallrye.health:error",  # else a line each time we ask whether it is ready
        ]
        self._process = processes.spawn(
            command,
            log_file=self.log_file,
            environment={**os.environ, "JAVA_OPTS_KC_HEAP": _HEAP, **self._environment},
            directory=self.home,
        )
        self._pid_file.write_text(str(self._process.pid), encoding="ascii")

    def _cache_options(self) -> list[str]:
        if self._cluster_port is None:
            return ["--cache=local"]
        return [
            "--cache=ispn",
            "--cache-stack=jdbc-ping",
            "--cache-embedded-network-bind-address=127.0.0.1",
            f"--cache-embedded-network-bind-port={self._cluster_port}",
        ]

    def take_home(self) -> None:
        """Makes sure that no other server works in `home`: one that was left behind may still be ending.

        `start` does it, and `stop` gives the home back. Raises ToolError when it is in use.
        """
        if self._lock is not None:
            return
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = processes.hold(self.home / "lock")
        if self._lock is None:
            raise ToolError(f"another program runs a Keycloak in {self.home}: stop that one first")
        if not self._pid_file.exists():
            return
        # Its parent is gone, so it was told to end; a database it is still making is not worth waiting for.
        former = int(self._pid_file.read_text(encoding="ascii") or "0")
        end = time.monotonic() + (_PATIENCE if self.initialised.exists() else 0)
        while processes.is_alive(former, str(self._laid_out)):
            if time.monotonic() > end:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(former, signal.SIGKILL)
            time.sleep(_PAUSE)

    def wait_until_ready(self, deadline: float = 180) -> None:
        """Returns when the server answers, after at most `deadline` seconds.

        Raises ToolError when it does not come up; nothing is left running then.
        """
        process = self._running()
        end = time.monotonic() + deadline
        while not self._is_ready():
            if time.monotonic() > end:
                self.stop()
                raise ToolError(f"Keycloak is not ready after {deadline:.0f} s. Its log: {self.log_file}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PAUSE)
                self.stop()
                raise ToolError(f"Keycloak did not start: {self._cause()}")
        self.initialised.touch()

    def kill(self) -> None:
        """Ends the server as a failing machine would: at once, whatever it is doing (SIGKILL)."""
        os.killpg(self._running().pid, signal.SIGKILL)
        self.stop()

    def is_running(self) -> bool:
        """Whether the process lives (ready or not)."""
        return self._process is not None and self._process.poll() is None

    def stop(self, patience: float = 20) -> None:
        """Ends the server, with force when it has not gone by itself after `patience` seconds.

        Nothing happens when it does not run.
        """
        if self._process is not None:
            processes.stop(self._process, patience)
            self._process = None
            self._pid_file.unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ToolError("the server was not started")
        return self._process

    def _lay_out(self) -> None:
        """Lays the distribution out in `home/server` as it is now, with the data of last time beside it."""
        if shutil.disk_usage(self.home).free < _ROOM:
            raise OSError(errno.ENOSPC, f"the disk is nearly full, {_ROOM >> 20} MB are needed")
        lay_out(self.distribution, self._laid_out)
        if self.data.exists() and not self.initialised.exists():
            shutil.rmtree(self.data)
        self.data.mkdir(exist_ok=True)
        (self._laid_out / "data").symlink_to(self.data.resolve())

    def _is_ready(self) -> bool:
        """What the server itself says."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.management_port}/health/ready", timeout=5
            ) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _cause(self) -> str:
        """Why the last start failed, from its log."""
        log = self.log_file.read_text(encoding="utf-8", errors="replace")
        for pattern, meaning in _CAUSES:
            if re.search(pattern, log):
                told = meaning.format(ports=f"{self.http_port}, {self.management_port}", data=self.data)
                return f"{told}. Its log: {self.log_file}"
        errors = [line for line in log.splitlines() if "ERROR" in line]
        last = f"it says: {errors[0].strip()}. " if errors else ""
        return f"{last}Its log: {self.log_file}"


def built_for_postgresql(distribution: Path = DISTRIBUTION) -> Path:
    """A server for PostgreSQL with the jar and the options of `distribution`, beside it; a `Server` runs it.

    The first call after a build of `distribution` takes a minute (`kc.sh build`), the next ones nothing.
    Raises ToolError with what the build says.
    """
    built = distribution / "built"
    if not built.exists():
        raise ToolError(f"there is no built server in {distribution}: run `make build`")
    variant = distribution.with_name(f"{distribution.name}-postgresql")
    lock = _take(variant.with_suffix(".lock"))
    try:
        stamp = str(built.stat().st_mtime_ns)
        if _stamp_of(variant) != stamp:
            _build(distribution, variant)
            (variant / "built").write_text(stamp, encoding="ascii")
    except OSError as error:
        raise ToolError(f"cannot prepare {variant}: {error.strerror or error}") from error
    finally:
        os.close(lock)
    return variant


def _take(file: Path) -> int:
    """One build at a time: another program may want the same server at this moment."""
    while (lock := processes.hold(file)) is None:
        time.sleep(_PAUSE)
    return lock


def _stamp_of(variant: Path) -> str | None:
    """Which build of the distribution a variant was made of; None when it was never finished."""
    try:
        return (variant / "built").read_text(encoding="ascii")
    except FileNotFoundError:
        return None


def _build(distribution: Path, variant: Path) -> None:
    lay_out(distribution, variant)
    options = variant / "conf" / "keycloak.conf"
    lines = options.read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if not line.startswith("db=")]
    options.write_text("\n".join([*others, "db=postgres", ""]), encoding="utf-8")
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
        raise ToolError(f"the server could not be built for PostgreSQL: {done.stdout}{done.stderr}")
