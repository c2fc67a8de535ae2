"""Manners per host: few connections at once, and a pause between two requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HOSTS_MAX = 4096


class Pacing:
    """Hands out turns at hosts. A host is keyed as the caller likes; ours is the authority, host and port.

    `spacing_s` is the least time between two requests begun at one host, 0 for none; `per_host_max` how many may be
    under way there at once.
    """

    def __init__(self, spacing_s: float, per_host_max: int = 2) -> None:
        """Every host is free at first."""
        self._spacing_s = spacing_s
        self._per_host_max = per_host_max
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, spacing_s: float = 0.0) -> AsyncIterator[None]:
        """Wait for a turn at `host`, and hold it inside the block. `spacing_s` may widen the pause (Crawl-delay)."""
        place = self._hosts.get(host)
        if place is None:
            self._forget_idle()
            place = self._hosts[host] = _Host(asyncio.Semaphore(self._per_host_max))
        place.users += 1
        try:
            async with place.free:
                clock = asyncio.get_running_loop().time
                begin_at = max(place.next_at, clock())
                place.next_at = begin_at + max(self._spacing_s, spacing_s)
                if begin_at > clock():
                    await asyncio.sleep(begin_at - clock())
                yield
        finally:
            place.users -= 1

    def _forget_idle(self) -> None:
        if len(self._hosts) < HOSTS_MAX:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {host: place for host, place in self._hosts.items() if place.users or place.next_at > now}


class _Host:
    __slots__ = ("free", "next_at", "users")

    def __init__(self, free: asyncio.Semaphore) -> None:
        self.free = free
        self.next_at = 0.0
        self.users = 0
