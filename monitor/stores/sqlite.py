"""State in one SQLite file: one writer at a time, readers beside it, and every foreign error translated here.

WAL with `synchronous=FULL`: what was committed survives the loss of power. Writes begin IMMEDIATE, because a
transaction that starts as a reader cannot wait for the writer when it turns into one: SQLITE_BUSY at once.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor import errors
from monitor.stores import migrations
from monitor.stores.full_text import Fts5
from monitor.stores.sql import FullText, Row
from monitor.stores.state_file import hold, owned_alike, refuse_network

if TYPE_CHECKING:
    import filelock

BUSY_TIMEOUT_S = 30.0  # seconds to wait for another process's write (set)
READERS_MAX = 4  # connections kept for reading: threads that ask at once (set)
WAL_BYTES_MAX = 64 * 1024 * 1024  # bytes to which the write-ahead log is cut back (set)
# Keys are digests: each row of a transaction is on pages of its own. With 8 MiB of the state at hand, and the log moved
# into it every 32 MiB, writing the same rows takes a sixth less time (measured on 30,000 entries).
CACHE_KIB, LOG_PAGES = 8192, 8192
SHM_BYTES = 32768  # bytes of the index of a write-ahead log, at least (https://sqlite.org/walformat.html, 2.2)
CHECK_BYTES_MAX = 1024**3  # bytes of a state that is checked at start: 3 s (set)
CHECK_BRIEF_BYTES_MAX = 32 * 1024**2  # bytes where a verb of a second opens it: 0.1 s (set)
RECOVERY = (
    "stop every monitor, then put the newest backup in its place with: monitor restore FILE (which sets the damaged "
    "file aside together with its -wal and -shm), or save what can be read with: sqlite3 {path} .recover"
)
FILLING = {
    "bytes": "BLOB", "compact": "WITHOUT ROWID", "row": "INTEGER PRIMARY KEY AUTOINCREMENT", "words_index": "",
    "muted": "SELECT DISTINCT each.value ->> 0, each.value ->> 1, each.value ->> 2, ''"
    " FROM settings, json_each(settings.value) AS each WHERE settings.name = 'muted'",
    "words": "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', tokenize='unicode61')",
}  # fmt: skip
STEPS_OF = "monitor"  # the name under which sqlite-utils notes our steps
FULL = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")
FULL_WORDS = ("disk is full", "disk I/O error", "readonly database")


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Turn what sqlite3 raises into `StoreError` and its kinds."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(error, path) from error


def _translate(error: sqlite3.Error, path: str) -> errors.StoreError:
    name = getattr(error, "sqlite_errorname", "") or ""
    text = f"{path}: {error}"
    if name.startswith(FULL) or any(word in str(error) for word in FULL_WORDS):
        return errors.StoreFull(text)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return errors.StoreCorrupt(f"{text}; {RECOVERY.format(path=path)}")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return errors.StoreBusy(f"{text} (waited {BUSY_TIMEOUT_S:.0f} s)")
    return errors.StoreError(text)


class SqliteSession:
    """One transaction on one connection. Nothing needs a lock of its own: there is one writer at a time."""

    locking = skipping = ""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Speak through `connection`, whose transaction somebody else begins and ends."""
        self._connection = connection

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(statement, values).fetchall()

    def answers(self, queries: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Row]]:
        return [self.rows(statement, values) for statement, values in queries]

    def change(self, statement: str, values: Sequence[Any] = ()) -> int:
        return self._connection.execute(statement, values).rowcount

    def change_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> int:
        return self._connection.executemany(statement, rows).rowcount if rows else 0

    def put_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """The same, uncounted."""
        self.change_many(statement, rows)


class SqliteDatabase:
    """A state file, or a state in memory. Safe to use from any thread; never carry it over a fork."""

    shared = False
    full_text: FullText = Fts5()

    def __init__(
        self, path: str, *, readonly: bool = False, exclusive: bool = False, lasting: bool = False,
        check: bool | None = None,
    ) -> None:  # fmt: skip
        """Open, make where there is no file, bring the schema up to date. `check`: None means where it is quick."""
        self.path = path
        self.readonly = readonly
        self._memory = path == ":memory:"
        self._writing = threading.RLock()
        self._owner = 0  # the thread whose transaction is open
        self._readers: list[sqlite3.Connection] = []
        self._reading = threading.local()  # the session of this thread's open `read`
        self._pooling = threading.Lock()
        self._lock: filelock.FileLock | None = None
        self._closed = False
        if not self._memory:
            refuse_network(path)
            if exclusive:
                self._lock = hold(path)
        try:
            with translated(path):
                if not self._memory and not readonly and not Path(path).exists():
                    _create(path)
                self._writer = self._connect()
                self._verify(lasting, check)
        except BaseException:
            self._release()
            raise

    def _connect(self) -> sqlite3.Connection:
        if not self._memory:
            if not Path(self.path).exists():
                raise errors.StoreMissing(self.path)
            if Path(self.path).stat().st_size == 0:
                raise errors.StoreCorrupt(f"{self.path} is empty, which no state is; {RECOVERY.format(path=self.path)}")
        connection = sqlite3.connect(
            uri_of(self.path, self.readonly), uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None,
            check_same_thread=False, cached_statements=256,
        )  # fmt: skip
        try:
            connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")
            connection.execute("PRAGMA foreign_keys = ON")
            if not self.readonly and not self._memory:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES_MAX}")
                connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
                connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _verify(self, lasting: bool, check: bool | None) -> None:
        """Refuse what is damaged, foreign or newer; bring an older schema up to date."""
        if not self._memory:
            size_max = CHECK_BYTES_MAX if lasting else CHECK_BRIEF_BYTES_MAX
            if check or (check is None and Path(self.path).stat().st_size <= size_max):
                found = [row[0] for row in self._writer.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
                if found:
                    recovery = RECOVERY.format(path=self.path)
                    raise errors.StoreCorrupt(f"{self.path}: {'; '.join(found)}; {recovery}")
            if not self.readonly and Path(self.path).stat().st_mode & 0o077:
                with suppress(PermissionError):
                    Path(self.path).chmod(0o600)
        _upgrade(self._writer, self.path, apply=not self.readonly)

    @contextmanager
    def write(self) -> Iterator[SqliteSession]:
        with self._writing, translated(self.path):
            if self._closed:
                raise errors.StoreError(f"{self.path} is closed")
            if self._writer.in_transaction:  # of this very thread, which holds `_writing`
                yield SqliteSession(self._writer)
                return
            self._writer.execute("BEGIN IMMEDIATE")
            self._owner = threading.get_ident()
            try:
                yield SqliteSession(self._writer)
                self._writer.execute("COMMIT")
            except BaseException:
                self._abandon()
                raise
            finally:
                self._owner = 0

    def _abandon(self) -> None:
        """Roll back; a connection that cannot even do that is replaced, which rolls back too."""
        try:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        except sqlite3.Error:
            if not self._memory:
                self._writer.close()
                self._writer = self._connect()

    @contextmanager
    def read(self) -> Iterator[SqliteSession]:
        if self._memory or self._owner == threading.get_ident():
            with self._writing, translated(self.path):
                yield SqliteSession(self._writer)
            return
        outer: SqliteSession | None = getattr(self._reading, "session", None)
        if outer is not None:
            yield outer
            return
        with translated(self.path):
            connection = self._reader()
            try:
                connection.execute("BEGIN")
                self._reading.session = SqliteSession(connection)
                yield self._reading.session
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
            finally:
                self._reading.session = None
            with self._pooling:
                if len(self._readers) < READERS_MAX and not self._closed:
                    self._readers.append(connection)
                    return
            connection.close()

    def _reader(self) -> sqlite3.Connection:
        with self._pooling:
            if self._closed:
                raise errors.StoreError(f"{self.path} is closed")
            if self._readers:
                return self._readers.pop()
        return self._connect()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        with self.read() as session:
            return session.rows(statement, values)

    def end_silent(self) -> None:
        """There are none: whoever holds the file lives."""

    def now(self) -> None:
        """SQLite has no clock of its own."""

    def refuse_newer(self) -> None:
        """Nobody changes the schema of a file that this process holds."""

    def check(self) -> list[str]:
        """Problems found by SQLite's integrity and foreign key checks."""
        with self.read() as session:
            found = [str(row[0]) for row in session.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
            broken = session.rows("PRAGMA foreign_key_check")
        return found + [f"{row[0]}: row {row[1]} refers to a missing {row[2]}" for row in broken[:20]]

    def backup(self, path: str) -> None:
        """Write a consistent copy while running; refuses to overwrite. The copy is readable by its owner only."""
        target = Path(path)
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise errors.StoreError(f"{path}: {error.strerror}") from error
        try:
            with translated(path):
                self._copy(path)
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def _copy(self, path: str) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            if self._memory:
                with self._writing:
                    self._writer.backup(copy)
            else:
                with closing(self._connect()) as source:
                    source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def close(self) -> None:
        """Close every connection and give up the lock. A second call does nothing."""
        with self._writing, self._pooling:
            if self._closed:
                return
            self._closed = True
            for connection in self._readers:
                connection.close()
            self._readers.clear()
            self._release()

    def _release(self) -> None:
        if writer := getattr(self, "_writer", None):
            with suppress(sqlite3.Error):
                writer.close()
        if self._lock is not None:
            self._lock.release()


def uri_of(path: str, readonly: bool) -> str:
    """The address under which sqlite3 opens a file, never making one."""
    if path == ":memory:":
        return "file::memory:"
    uri = Path(path).absolute().as_uri()
    if not readonly:
        return f"{uri}?mode=rw"
    # A reader of a WAL file makes its -shm. On a read-only medium or a full disk it cannot, and nobody writes there.
    folder, log, shared = Path(path).parent, Path(f"{path}-wal"), Path(f"{path}-shm")
    room = shutil.disk_usage(folder).free >= SHM_BYTES or (shared.exists() and shared.stat().st_size >= SHM_BYTES)
    still = not (log.exists() and log.stat().st_size) and not (room and os.access(folder, os.W_OK))
    return f"{uri}?mode=ro&immutable=1" if still else f"{uri}?mode=ro"


def _create(path: str) -> None:
    """Make a new state whole before it gets its name, so that an empty file is never mistaken for a new one."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            _upgrade(connection, path, apply=True, fresh=True)
        owned_alike(str(draft), path)
        with suppress(FileExistsError):
            os.link(draft, target)
    except OSError as error:
        raise errors.StoreFull(f"{path}: {error.strerror}") from error
    finally:
        with suppress(OSError):  # where there is no folder, or none that may be written to
            draft.unlink(missing_ok=True)


def _upgrade(connection: sqlite3.Connection, path: str, *, apply: bool, fresh: bool = False) -> None:
    """Apply the steps that are missing, each once, under the write lock; refuse steps that are not known here."""
    applied = _applied(connection)
    known = list(migrations.STEPS)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    unknown = [name for name in applied if name not in known]
    if unknown or version > len(known):
        raise errors.StoreTooNew(f"{path} has schema {version} ({', '.join(unknown)}), this monitor knows {len(known)}")
    if not applied and not fresh and path != ":memory:":
        raise errors.StoreCorrupt(f"{path} is no database of monitor; name another file as the state")
    if applied == known:
        return
    if not apply:
        raise errors.StoreOld(f"{path} has schema {version} of {len(known)}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _apply(connection)
        connection.execute(f"PRAGMA user_version = {len(known)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _applied(connection: sqlite3.Connection) -> list[str]:
    """The steps that were applied, in their order; read without sqlite-utils, whose import outlasts most verbs."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchall():
        return []
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", (STEPS_OF,))
    return [row[0] for row in rows]


def _apply(connection: sqlite3.Connection) -> None:
    """Take the steps that are missing."""
    unmarked = sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # half of what the import would take
    import sqlite_utils
    from sqlite_utils.migrations import Migrations

    if unmarked is None:
        del sys.modules["numpy"]
    steps = Migrations(STEPS_OF)
    for name, step in migrations.STEPS.items():
        steps(name=name)(_runner(migrations.statements(step, **FILLING)))
    steps.apply(sqlite_utils.Database(connection))


def _runner(step: list[str]) -> Any:
    def run(database: Any) -> None:
        for statement in step:
            database.execute(statement)

    return run
