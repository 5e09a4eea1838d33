"""Where sessions are kept: in a file of SQLite, or in Redis when several Extranets share them.

A record is there until its time is over or it is deleted. Nothing else makes it go.
"""

import json
import os
import sqlite3
import time
from contextlib import AbstractContextManager, closing
from pathlib import Path
from threading import Lock
from typing import Any

from redis import Redis

Record = dict[str, Any]

LOCK_SECONDS = 60  # longer than the realm can take to answer


class Store:
    """Keeps records in a file, for one process. OSError when the file cannot be used."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = directory / "sessions.sqlite"
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its other files the same mode
        self._locks = [Lock() for _ in range(64)]
        self._one_at_a_time = Lock()
        try:
            self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # The last sessions may be lost when the machine loses its power, but nothing waits for the disk.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS session (key TEXT PRIMARY KEY, expires REAL, record TEXT)"
            )
            self._connection.execute("CREATE INDEX IF NOT EXISTS session_expires ON session (expires)")
        except sqlite3.Error as error:
            raise OSError(0, str(error)) from error

    def get(self, key: str, seconds: int) -> Record | None:
        """The record, which lives for `seconds` from now on."""
        now = time.time()
        rows = self._execute(
            "UPDATE session SET expires = ? WHERE key = ? AND expires > ? RETURNING record",
            now + seconds,
            key,
            now,
        )
        return json.loads(rows[0][0]) if rows else None

    def put(self, key: str, record: Record, seconds: int) -> None:
        """Keeps a record, in place of another one."""
        self._execute(
            "INSERT OR REPLACE INTO session VALUES (?, ?, ?)", key, time.time() + seconds, json.dumps(record)
        )

    def replace(self, key: str, record: Record, seconds: int) -> None:
        """Does nothing when the record was deleted meanwhile."""
        self._execute(
            "UPDATE session SET record = ?, expires = ? WHERE key = ?",
            json.dumps(record),
            time.time() + seconds,
            key,
        )

    def delete(self, key: str) -> None:
        """Forgets a record."""
        self._execute("DELETE FROM session WHERE key = ?", key)

    def delete_expired(self) -> None:
        """Makes room."""
        self._execute("DELETE FROM session WHERE expires <= ?", time.time())

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """Held by one request at a time."""
        return self._locks[hash(key) % len(self._locks)]

    def _execute(self, statement: str, *values: Any) -> list[Any]:
        with self._one_at_a_time, closing(self._connection.execute(statement, values)) as cursor:
            return cursor.fetchall()


class RedisStore(Store):
    """Keeps records in Redis, for several processes."""

    def __init__(self, url: str, prefix: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=10)
        self._prefix = prefix

    def get(self, key: str, seconds: int) -> Record | None:
        found: Any = self._redis.getex(self._prefix + key, ex=seconds)
        return json.loads(found) if found is not None else None

    def put(self, key: str, record: Record, seconds: int) -> None:
        self._redis.set(self._prefix + key, json.dumps(record), ex=seconds)

    def replace(self, key: str, record: Record, seconds: int) -> None:
        self._redis.set(self._prefix + key, json.dumps(record), ex=seconds, xx=True)

    def delete(self, key: str) -> None:
        self._redis.delete(self._prefix + key)

    def delete_expired(self) -> None:
        """Redis does so by itself."""

    def lock(self, key: str) -> AbstractContextManager[Any]:
        held: AbstractContextManager[Any] = self._redis.lock(
            f"{self._prefix}lock:{key}", timeout=LOCK_SECONDS
        )
        return held
