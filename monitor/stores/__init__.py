"""State: `open_store` gives the one store that a URL names. Its verbs are written once, over any `sql.Database`."""

from __future__ import annotations

import sys
from datetime import datetime
from urllib.parse import unquote, urlsplit

from monitor.errors import ConfigError, StoreError
from monitor.stores.backfills import Backfills
from monitor.stores.digests import Digests
from monitor.stores.entries import Visits
from monitor.stores.fences import Fences
from monitor.stores.outbox import Outbox
from monitor.stores.overview import Overview
from monitor.stores.periodics import Periodics
from monitor.stores.queries import Reading
from monitor.stores.reads import Unread
from monitor.stores.rechecks import Rechecks
from monitor.stores.retention import Keeping
from monitor.stores.search import Search
from monitor.stores.sources import Sources
from monitor.stores.sql import Database, shown
from monitor.stores.sqlite import SqliteDatabase
from monitor.stores.state_file import held
from monitor.stores.unsubscriptions import Unsubscriptions
from monitor.stores.workers import Workers

__all__ = ["SqlStore", "is_held", "is_shared", "open_store", "restore", "shown"]
POSTGRES = ("postgresql", "postgres")


class SqlStore(
    Sources, Visits, Fences, Backfills, Rechecks, Outbox, Digests, Unsubscriptions, Reading, Overview, Unread, Search,
    Keeping, Periodics, Workers,
):  # fmt: skip
    """`ports.Store` over a database."""

    def __init__(self, database: Database) -> None:
        """Keep everything in `database`."""
        self._database = database


def open_store(
    url: str, *, readonly: bool = False, exclusive: bool = False, lasting: bool = False, check: bool | None = None
) -> SqlStore:
    """Open the state at a path, "sqlite:///path", ":memory:" or "postgresql://..."; made where there is none.

    `exclusive` is for the daemon and `poll` on SQLite: StoreBusy names the process that holds the state already.
    `check` asks for SQLite's quick check at start; None runs it where it is quick for who opens the state, which is
    more where that is `lasting`. Raises ConfigError for a URL of no known kind.
    """
    if is_shared(url):
        return SqlStore(_postgres(url, readonly))
    return SqlStore(SqliteDatabase(_path(url), readonly=readonly, exclusive=exclusive, lasting=lasting, check=check))


def restore(url: str, copy: str, now: datetime) -> str:
    """Put a copy in the place of the state that a URL names; where the old one is kept, "" where there was none."""
    if is_shared(url):
        raise StoreError("a state in PostgreSQL is restored with pg_restore")
    from monitor.stores import copies

    return copies.restore(_path(url), copy, now)


def is_shared(url: str) -> bool:
    """Whether the state that a URL names may be held by many processes at once."""
    return urlsplit(url).scheme in POSTGRES


def is_held(url: str) -> bool:
    """Whether a daemon holds the state in the file that a URL names; whether one shares a server, its workers say."""
    return not is_shared(url) and held(_path(url))


def _postgres(url: str, readonly: bool) -> Database:
    # The command line marks numpy as not to be imported; psycopg takes the name being there for numpy being there.
    if sys.modules.get("numpy", sys) is None:
        del sys.modules["numpy"]
    try:
        from monitor.stores.postgres import PostgresDatabase
    except ImportError as error:
        raise ConfigError(
            f"service.state: a state in PostgreSQL needs the extra: pip install 'monitor[postgres]' ({error})"
        ) from error
    return PostgresDatabase(url, readonly=readonly)


def _path(url: str) -> str:
    if "://" not in url:
        if not url:
            raise ConfigError("service.state is empty; give a path")
        return url
    parts = urlsplit(url)
    path = unquote(parts.path.removeprefix("/"))
    if parts.scheme != "sqlite" or parts.netloc or not path:
        raise ConfigError(
            f"service.state: {parts.scheme}:// is no kind of state; give a path, sqlite:///PATH or "
            "postgresql://USER@HOST/DATABASE"
        )
    return path
