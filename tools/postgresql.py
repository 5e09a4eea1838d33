"""A PostgreSQL cluster on this machine, from the programs that Debian's package `postgresql` brings.

    with throw_away() as database:
        Server(built_for_postgresql(), home, …, environment=database.keycloak_environment() | …)
        database.rows("SELECT count(*) FROM user_entity")

It listens on 127.0.0.1 only, wants a random password, and ends with the process that started it. PostgreSQL
does not run as root: root's cluster runs as, and belongs to, the user `postgres` that the package makes.
"""

import contextlib
import csv
import io
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools import ToolError, processes
from tools.ports import free_port, require_free

# Debian puts each version's programs in a folder of its own, none of them in PATH.
_PROGRAMS = Path("/usr/lib/postgresql")
_INSTALL = "install it (Debian: apt-get install postgresql) or run `make deps`"
_ROLE = "keycloak"
_DATABASE = "keycloak"
# Keycloak's pool holds up to 100 connections; a few are left for whoever looks at the rows.
_SETTINGS = {"max_connections": "120"}
_PAUSE = 0.1  # seconds between two looks at a cluster that starts


def programs() -> Path:
    """The folder of the newest PostgreSQL's programs. Raises ToolError when there is none."""
    versions = [folder for folder in _PROGRAMS.glob("*/bin") if (folder / "postgres").exists()]
    if versions:
        return max(versions, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or "0"))
    elsewhere = shutil.which("postgres")
    if elsewhere is None:
        raise ToolError(f"PostgreSQL is not on this machine: {_INSTALL}")
    return Path(elsewhere).resolve().parent


class PostgreSQL:
    """One cluster with one database, `keycloak`, and one role of that name, which may do everything.

    home      a directory for this cluster alone; when root runs us it comes to belong to `postgres`, who must
              be able to reach it
    port      TCP port of 127.0.0.1
    password  of the role, of ASCII without line ends; a cluster that is there already keeps the one it was
              made with
    settings  of postgresql.conf, in place of or beside ours: {"synchronous_commit": "off"}
    schema    where Keycloak keeps its tables, made with the database
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int,
        password: str,
        settings: Mapping[str, str] | None = None,
        schema: str = "public",
    ) -> None:
        self.home = home.resolve()
        self.port = port
        self.log_file = self.home / "postgresql.log"
        self._data = self.home / "data"
        self._password = password
        self._settings = {**_SETTINGS, **(settings or {})}
        self._schema = schema
        self._programs = programs()
        self._user = _system_user()
        self._process: subprocess.Popen[bytes] | None = None

    def keycloak_environment(self) -> dict[str, str]:
        """The settings with which a Keycloak that was built for PostgreSQL uses the database."""
        schema = {} if self._schema == "public" else {"KC_DB_SCHEMA": self._schema}
        return schema | {
            "KC_DB_URL": f"jdbc:postgresql://127.0.0.1:{self.port}/{_DATABASE}?reWriteBatchedInserts=true",
            "KC_DB_USERNAME": _ROLE,
            "KC_DB_PASSWORD": self._password,
        }

    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, deadline: float = 60) -> None:
        """Returns when the cluster takes connections, after at most `deadline` seconds; makes it when new.

        Raises ToolError; nothing is left running then.
        """
        require_free({"PostgreSQL": self.port})
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._user is not None:
                os.chown(self.home, self._user.pw_uid, self._user.pw_gid)
        except OSError as error:
            raise ToolError(f"cannot prepare {self.home}: {error.strerror or error}") from error
        is_new = not self._data.exists()
        if is_new:
            self._make()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            **self._settings,
        }
        command: list[str | Path] = [self._programs / "postgres", "-D", self._data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self._process = self._spawn(command)
        try:
            self._wait_until_ready(time.monotonic() + deadline)
            if is_new:
                self._client("createdb", _DATABASE)
                self.script(f"CREATE SCHEMA IF NOT EXISTS {self._schema}")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the cluster at once, whoever is connected; what was committed stays. Off, it stays so."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # "fast": SIGTERM would wait for the clients to go
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
        processes.stop(self._process)
        self._process = None

    def rows(self, sql: str) -> list[list[str]]:
        """What a query answers, each value as text, NULL as empty text. Raises ToolError."""
        answer = self._client("psql", "-X", "-q", "-t", "--csv", "-v", "ON_ERROR_STOP=1", _DATABASE, said=sql)
        return list(csv.reader(io.StringIO(answer)))

    def script(self, text: str) -> str:
        """What a script of psql prints, COPY from and to it included. Raises ToolError at its first
        error."""
        return self._client("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", _DATABASE, said=text)

    def back_up(self, file: Path) -> None:
        """Writes all of the database as it is at this moment to `file`, for its owner only; Keycloak may run.

        Raises ToolError.
        """
        file.touch(mode=0o600)
        self._client("pg_dump", "--format=custom", f"--file={file}", _DATABASE)

    def restore(self, file: Path) -> None:
        """Puts what `back_up` wrote in the place of the database as it is. No Keycloak may use it meanwhile.

        Raises ToolError; the database is then to be restored again.
        """
        self._client("dropdb", "--force", _DATABASE)
        self._client("createdb", _DATABASE)
        self._client("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={_DATABASE}", file)

    def _make(self) -> None:
        """Makes the cluster beside its place and moves it there whole: an interrupted one is made anew."""
        unfinished = self.home / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.home / "password"  # a command line every user of the machine reads
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(f"{self._password}\n", encoding="ascii")
        if self._user is not None:
            os.chown(password_file, self._user.pw_uid, self._user.pw_gid)
        command: list[str | Path] = [
            self._programs / "initdb",
            f"--pgdata={unfinished}",
            f"--username={_ROLE}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]
        process = self._spawn(command)
        try:
            code = process.wait()
        finally:
            processes.stop(process)
            password_file.unlink()
        if code != 0:
            raise ToolError(f"no cluster could be made in {self.home}. {self._last_words()}")
        unfinished.rename(self._data)

    def _wait_until_ready(self, end: float) -> None:
        process = self._process
        assert process is not None
        check: list[str | Path] = [
            self._programs / "pg_isready",
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        while subprocess.run(check, check=False).returncode != 0:
            if process.poll() is not None:
                raise ToolError(f"PostgreSQL did not start. {self._last_words()}")
            if time.monotonic() > end:
                raise ToolError(f"PostgreSQL is not ready in time. {self._last_words()}")
            time.sleep(_PAUSE)

    def _spawn(self, command: list[str | Path]) -> subprocess.Popen[bytes]:
        return processes.spawn(
            command,
            log_file=self.log_file,
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            directory=self.home,
            user=self._user,
        )

    def _client(self, program: str, *arguments: str | Path, said: str = "") -> str:
        """What a client program answers. Raises ToolError with what it complains of."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", _ROLE)
        done = subprocess.run(
            [self._programs / program, *where, *arguments],
            input=said,
            env={
                "PGPASSWORD": self._password,
                "PGOPTIONS": f"-c search_path={self._schema} -c client_min_messages=warning",
                "LC_ALL": "C.UTF-8",
            },
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        if done.returncode != 0:
            raise ToolError(f"{program}: {done.stderr.strip()}")
        return done.stdout

    def _last_words(self) -> str:
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"It says: {' / '.join(lines[-4:])}. Its log: {self.log_file}"


@contextlib.contextmanager
def throw_away(settings: Mapping[str, str] | None = None, *, schema: str = "public") -> Iterator[PostgreSQL]:
    """A cluster that is new, ready, and gone with its data when the context ends."""
    with tempfile.TemporaryDirectory(prefix="moncompte-postgresql-") as directory:
        database = PostgreSQL(
            Path(directory),
            port=free_port(),
            password=secrets.token_urlsafe(24),
            settings=settings,
            schema=schema,
        )
        try:
            database.start()
            yield database
        finally:
            database.stop()


def _system_user() -> pwd.struct_passwd | None:
    """Whom the cluster runs as: `postgres` when we are root, ourselves (None) otherwise."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise ToolError(f"root cannot run PostgreSQL and there is no user postgres: {_INSTALL}") from None
