"""Group commit: outcomes that come while a transaction is being written share the next one.

Most visits bring nothing but a new due date. One transaction each would cost more than the visit itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from monitor.errors import StoreError
from monitor.model import Outcome
from monitor.ports import Store

P = ParamSpec("P")
T = TypeVar("T")


async def at_once(act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks right here: for who shares the event loop with nobody, and groups commits in this thread."""
    return act(*args, **kwargs)


@dataclass(slots=True)
class Writer:
    """Records outcomes of the store that `store()` names, many in a transaction; `aside` runs what blocks.

    Used within one event loop.
    """

    store: Callable[[], Store]
    aside: Callable[..., Awaitable[Any]] = asyncio.to_thread
    _waiting: list[tuple[Outcome, asyncio.Future[None]]] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    async def record(self, outcome: Outcome) -> None:
        """Return once the outcome is committed. What the store raises of it is raised here."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, done))
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        while batch := self._waiting:
            self._waiting = []
            try:
                await self._write_batch(batch)
            except Exception as error:
                if len(batch) == 1 or isinstance(error, StoreError):
                    _settle(batch, error)
                    continue
                for one in batch:  # one of them cannot be written: that is no fault of the others
                    try:
                        await self._write_batch([one])
                    except Exception as fault:
                        _settle([one], fault)
        self._task = None

    async def _write_batch(self, batch: list[tuple[Outcome, asyncio.Future[None]]]) -> None:
        await self.aside(self.store().record, [outcome for outcome, _ in batch])
        _settle(batch, None)


def _settle(batch: list[tuple[Outcome, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, done in batch:
        if not done.done() and error is None:
            done.set_result(None)
        elif not done.done() and error is not None:
            done.set_exception(error)
