"""State: `open_store` gives the one store that a URL names. Its verbs are written once, over any `sql.Database`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from monitor.errors import ConfigError
from monitor.stores.following import Following
from monitor.stores.keeping import Keeping
from monitor.stores.lane import Lane
from monitor.stores.letters import Letters
from monitor.stores.outbox import Outbox, Settle
from monitor.stores.reading import Reading
from monitor.stores.recording import Recording
from monitor.stores.sql import Database
from monitor.stores.sqlite import SqliteDatabase


class SqlStore(Lane, Recording, Following, Outbox, Letters, Reading, Keeping):
    """`ports.Store` over a database."""

    def __init__(self, database: Database, settle: Settle, token: Callable[[], str]) -> None:
        """`settle` says what a receipt makes of a delivery; `token` makes the fencing token of a lease."""
        self._database = database
        self._settle = settle
        self._token = token


def open_store(
    url: str,
    *,
    readonly: bool = False,
    exclusive: bool = False,
    check: bool | None = None,
    settle: Settle | None = None,
    token: Callable[[], str] = lambda: secrets.token_hex(8),
) -> SqlStore:
    """Open the state at a path, "sqlite:///path" or ":memory:"; made where there is none, unless `readonly`.

    `exclusive` is for the daemon: StoreBusy names the process that holds the state already. `check` asks for SQLite's
    quick check at start; None runs it where it is quick. Raises ConfigError for a URL of no known kind.
    """
    if settle is None:
        from monitor.core import retries

        settle = retries.settle
    return SqlStore(SqliteDatabase(_path(url), readonly=readonly, exclusive=exclusive, check=check), settle, token)


def _path(url: str) -> str:
    if "://" not in url:
        if not url:
            raise ConfigError("service.state is empty; give a path")
        return url
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        raise ConfigError(
            f"service.state: {parts.scheme}:// is not supported by this version, which keeps its state in SQLite only; "
            "give a path or sqlite:///PATH"
        )
    path = unquote(parts.path.removeprefix("/"))
    if parts.scheme != "sqlite" or parts.netloc or not path:
        raise ConfigError(f"service.state: {parts.scheme}:// is no kind of state; give a path or sqlite:///PATH")
    return path
