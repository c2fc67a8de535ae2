"""State in PostgreSQL, for any number of processes on any number of machines.

One writer at a time, whoever it is, as in SQLite: every write takes one advisory lock. The verbs of a store are written
for that and need neither row locks nor an order that cannot deadlock; what takes time (fetching, parsing, deciding,
sending) runs beside it. What was committed is as durable as the server's `synchronous_commit`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

import psycopg

from monitor import errors
from monitor.stores import migrations
from monitor.stores.sql import Row, shown

# A server that is gone without a word is noticed within half a minute.
CONNECTING: dict[str, Any] = {
    "connect_timeout": 10, "application_name": "monitor", "keepalives_idle": 10, "keepalives_interval": 5,
    "keepalives_count": 4, "tcp_user_timeout": 30_000,
}  # fmt: skip
WAIT_S = 30
IDLE_MAX = 8
STATEMENTS_MAX = 1000
# An advisory lock is named by two numbers: what for, and which state (the schema).
WRITER, SCHEMA = "monitor writer", "monitor schema"
LOCK = "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(current_schema()))"
FULL = ("53100", "25006", "58030")
STEPS = """CREATE TABLE IF NOT EXISTS schema_steps (name TEXT COLLATE "C" PRIMARY KEY)"""
_TEXT = re.compile(r"\bTEXT\b")


@lru_cache(STATEMENTS_MAX)
def _spelt(statement: str) -> str:
    return statement.replace("?", "%s")


class PostgresSession:
    """One transaction on one connection."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        """Speak through `connection`, whose transaction somebody else begins and ends."""
        self._connection = connection

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query."""
        return self._connection.execute(_spelt(statement), values or None).fetchall()

    def change(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement; how many rows it changed."""
        return self._connection.execute(_spelt(statement), values or None).rowcount

    def change_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run one statement for each row of values; how many rows were changed in all."""
        if not rows:
            return 0
        with self._connection.cursor() as cursor:
            cursor.executemany(_spelt(statement), rows)
            return cursor.rowcount


class PostgresDatabase:
    """A schema of a PostgreSQL server, named by a libpq URL. Safe to use from any thread; never carry it over a fork.

    Passwords may stand in the URL, or where libpq looks for them (PGPASSWORD, PGPASSFILE); none is ever shown.
    """

    shared = True

    def __init__(self, url: str, *, readonly: bool = False) -> None:
        """Connect, and bring the schema up to date unless `readonly`."""
        self.shown = shown(url)
        self._url = url
        self._idle: list[psycopg.Connection[Row]] = []
        self._pooling = threading.Lock()
        self._closed = False
        with self._connected() as connection:
            self._upgrade(connection, apply=not readonly)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self._translate(error) from error

    def _translate(self, error: psycopg.Error) -> errors.StoreError:
        said = str(error).strip().partition("\n")[0]
        text = f"{self.shown}: {said}"
        if (error.sqlstate or "").startswith(FULL):
            return errors.StoreFull(text)
        if error.sqlstate == "55P03":
            return errors.StoreBusy(f"{text} (waited {WAIT_S} s)")
        return errors.StoreError(text)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Row]]:
        """A connection for the block; one on which something went wrong is not used again."""
        with self._translated():
            connection = self._take()
            try:
                yield connection
            except BaseException:
                if connection.broken:  # so are those that wait, most likely: each would fail once more
                    self._drop_idle()
                connection.close()
                raise
            with self._pooling:
                if len(self._idle) < IDLE_MAX and not self._closed:
                    self._idle.append(connection)
                    return
            connection.close()

    def _take(self) -> psycopg.Connection[Row]:
        with self._pooling:
            if self._closed:
                raise errors.StoreError(f"{self.shown} is closed")
            while self._idle:
                connection = self._idle.pop()
                if not connection.broken:
                    return connection
        connection = psycopg.connect(self._url, autocommit=True, **CONNECTING)
        connection.execute(f"SET lock_timeout = '{WAIT_S}s'")
        connection.execute("SET client_encoding = 'UTF8'")
        return connection

    @contextmanager
    def write(self) -> Iterator[PostgresSession]:
        """A transaction that commits at the end of the block, or leaves no trace where the block raises."""
        with self._connected() as connection, connection.transaction():
            connection.execute(LOCK, (WRITER,))
            yield PostgresSession(connection)

    @contextmanager
    def read(self) -> Iterator[PostgresSession]:
        """A transaction that sees one state throughout and writes nothing."""
        with self._connected() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield PostgresSession(connection)
            connection.execute("COMMIT")

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Keep others out of a block of this name. Where the connection breaks, the server lets them in."""
        with self._connected() as connection, connection.transaction():
            connection.execute(LOCK, (f"monitor {name}",))
            yield

    def check(self) -> list[str]:
        """Tables that cannot be read. A server checks its pages itself (`data_checksums`, pg_amcheck)."""
        found = []
        with self.read() as session:
            tables = [
                row[0] for row in session.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            ]
        for table in sorted(tables):
            try:
                with self.read() as session:
                    session.rows(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 (the server's own names)
            except errors.StoreError as error:
                found.append(f"{table}: {error}")
        return found

    def backup(self, path: str) -> None:
        """Refused: a server has better means."""
        raise errors.StoreError(f"{path}: a state in PostgreSQL is copied with pg_dump")

    def close(self) -> None:
        """Close every connection that is not in use. A second call does nothing."""
        self._closed = True
        self._drop_idle()

    def _drop_idle(self) -> None:
        with self._pooling:
            for connection in self._idle:
                with suppress(psycopg.Error):
                    connection.close()
            self._idle.clear()

    def _upgrade(self, connection: psycopg.Connection[Row], *, apply: bool) -> None:
        """Apply the steps that are missing, each once, whoever else begins now; refuse steps that are unknown."""
        known = [name for name, _ in migrations.STEPS]
        with connection.transaction():
            if apply:
                connection.execute(LOCK, (SCHEMA,))
                connection.execute(STEPS)
            elif connection.execute("SELECT to_regclass('schema_steps')").fetchall()[0][0] is None:
                raise errors.StoreError(f"{self.shown}: there is no such state")
            applied = {row[0] for row in connection.execute("SELECT name FROM schema_steps").fetchall()}
            if unknown := applied - set(known):
                raise errors.StoreTooNew(
                    f"{self.shown} has schema steps {', '.join(sorted(unknown))}, which this monitor does not know"
                )
            missing = [(name, step) for name, step in migrations.STEPS if name not in applied]
            if missing and not apply:
                raise errors.StoreError(f"{self.shown} has an older schema; open it for writing once to upgrade it")
            for name, step in missing:
                for statement in migrations.statements(step, bytes="BYTEA", compact=""):
                    # Order as in SQLite: by code point, whatever the locale of the server.
                    connection.execute(_TEXT.sub('TEXT COLLATE "C"', statement).encode())
                connection.execute("INSERT INTO schema_steps (name) VALUES (%s)", (name,))
