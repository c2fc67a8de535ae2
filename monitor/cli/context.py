"""What most verbs begin with: the configuration, the state beside a daemon that may be running, an event loop."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from monitor.errors import NotFound, StoreError, StoreMissing
from monitor.runtime.clocks import SystemClock

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.ports import Store

T = TypeVar("T")


def read_config(explicit: Path | None) -> Config:
    """The configuration that `--config`, MONITOR_CONFIG or the current folder names, its channels checked as well."""
    from monitor import config as configuration

    found = configuration.load(configuration.locate(str(explicit) if explicit else None, os.environ), os.environ)
    if found.document.channel:
        from monitor.channels import read_all

        read_all(found.document.channel, found.where)
    return found


@contextmanager
def state(config: Config, *, sources_too: bool = True) -> Iterator[Store]:
    """The state, without the daemon's lock, for verbs that write: small writes work beside it.

    `sources_too`: it is told of the configured sources, with the addresses that they have now.
    """
    from monitor.config.ways import sources
    from monitor.stores import open_store

    with closing(open_store(config.state_url())) as store:
        if sources_too:
            store.sync_sources(list(sources(config).values()), SystemClock().now())
        yield store


@contextmanager
def reading(config: Config, *, needed: bool = False) -> Iterator[Store]:
    """The state for verbs that ask: opened read-only, so that a running daemon is left as it is and nothing is made.

    Where there is none yet it is empty; StoreMissing where it is `needed`.
    """
    from monitor.stores import open_store

    try:
        store = open_store(config.state_url(), readonly=True)
    except StoreMissing:
        if needed:
            raise
        store = open_store(":memory:")
    with closing(store):
        yield store


def known(config: Config, store: Store, story: str = "", source: str = "") -> None:
    """NotFound for the name of a story or source that is neither configured nor in the state: a slip finds nothing."""
    document = config.document
    watched = not story or story in [table.id for table in document.story]
    if not watched and not (store.decisions(story_id=story, limit=1) or store.alerts(story_id=story, limit=1)):
        raise NotFound(f"no story has the id {story!r}; `monitor stories` lists them")
    if source and source not in [table.id for table in document.source] and source not in store.statuses([source]):
        raise NotFound(f"no source has the id {source!r}; `monitor sources` lists them")


def complete(work: Coroutine[Any, Any, T]) -> T:
    """Run asynchronous work to its end; asyncio is imported here because most verbs need none.

    SIGTERM ends it as Ctrl-C does: what was being sent is recorded as what it is, and not left to its lease.
    """
    import asyncio

    async def until_told() -> T:
        task = asyncio.current_task()
        if task and threading.current_thread() is threading.main_thread():  # others hear no signal
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    gc.freeze()  # what was imported for the work stays as long as it does
    try:
        return asyncio.run(until_told())
    except asyncio.CancelledError:
        sys.exit(128 + signal.SIGTERM)


def disabled_channels(config: Config) -> dict[str, str]:
    """Channels that are switched off, with the reason; none where there is no state yet."""
    from monitor.stores import open_store

    try:
        store = open_store(config.state_url(), readonly=True, check=False)
    except StoreError:
        return {}
    with closing(store):
        return store.disabled_channels()
