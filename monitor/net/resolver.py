"""Looking names up without ever blocking the loop, its small thread pool, or the way out of the process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
LOOKUPS_MAX = 100  # look-ups at once: threads of the resolver (set)
# Seconds for which an answer is used again: the feed, its robots.txt and its articles are asked for in a minute. What
# it says is judged anew by each who dials it.
KEPT_S, KEPT_MAX = 60.0, 10_000  # and how many answers, some 3 MiB (set)


class SystemResolver:
    """The system's resolver, each look-up in a daemon thread of its own, at most `LOOKUPS_MAX` at once; kept a minute.

    The loop's executor has a handful of threads: a few dead name servers would keep every other source waiting, and
    the process from ending.
    """

    def __init__(self) -> None:
        """Nothing is started before the first look-up."""
        self._free = asyncio.Semaphore(LOOKUPS_MAX)
        self._kept: dict[tuple[str, int], tuple[float, list[str]]] = {}

    async def __call__(self, host: str, port: int) -> list[str]:
        """The addresses of `host` in the order to try them. OSError (gaierror) or UnicodeError where there are none."""
        now = asyncio.get_running_loop().time()
        until, records = self._kept.get((host, port), (now, []))
        if now >= until:
            records = await self._look_up(host, port)
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            self._kept[host, port] = now + KEPT_S, records
        return records

    async def _look_up(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()
        await self._free.acquire()

        def settle(records: list[str], error: Exception | None) -> None:
            self._free.release()
            if answer.done():
                return
            if error is None:
                answer.set_result(records)
            else:
                answer.set_exception(error)

        def look_up() -> None:
            records: list[str] = []
            failure: Exception | None = None
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                records = list(dict.fromkeys(str(record[4][0]) for record in found))
            except Exception as error:
                failure = error
            with contextlib.suppress(RuntimeError):  # the loop ended meanwhile
                loop.call_soon_threadsafe(settle, records, failure)

        try:
            threading.Thread(target=look_up, name="lookup", daemon=True).start()
        except RuntimeError as error:
            self._free.release()
            raise OSError(f"no thread for a look-up: {error}") from error
        return await answer
