"""Manners per host: few connections at once, a pause between two requests, and none where we were told to stay away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.decisions import poll_schedule

HOSTS_MAX = 4096  # hosts remembered before idle ones are forgotten (set: 1 MiB)


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
    async def turn(
        self, host: str, spacing_s: float = 0.0, held_s: Callable[[], float] = lambda: 0.0
    ) -> AsyncIterator[float]:
        """Wait for a turn at `host`, and hold it inside the block. `spacing_s` may widen the pause (Crawl-delay).

        Where `held_s` says that the host must not be asked, the block gets those seconds instead of a turn, at once.
        """
        place = self._hosts.get(host)
        if place is None:
            self._forget_idle()
            place = self._hosts[host] = _Host(asyncio.Semaphore(self._per_host_max))
        place.users += 1
        try:
            async with place.free:
                if held := held_s():
                    yield held
                    return
                clock = asyncio.get_running_loop().time
                begin_at = max(place.next_at, clock())
                place.next_at = begin_at + max(self._spacing_s, spacing_s)
                if begin_at > clock():
                    await asyncio.sleep(begin_at - clock())
                yield held_s()
        finally:
            place.users -= 1

    def _forget_idle(self) -> None:
        if len(self._hosts) < HOSTS_MAX:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {host: place for host, place in self._hosts.items() if place.users or place.next_at > now}


class Holds:
    """Hosts to leave alone, as soon as a second feed of theirs was told so: of the first it speaks for itself only.

    What the store says of it (`poll_schedule.held_hosts`) is read before a visit begins; this is for those that wait.
    """

    def __init__(self) -> None:
        """Nobody was told anything."""
        self._told: dict[str, dict[str, datetime]] = {}

    def note(self, host: str, source_id: str, until: datetime | None) -> None:
        """A visit for this source was turned away until then; None where it was not."""
        told = self._told.setdefault(host, {}) if until else self._told.get(host, {})
        told.pop(source_id, None)
        if until:
            told[source_id] = until
        elif not told:
            self._told.pop(host, None)

    def left_s(self, host: str, at: datetime) -> float:
        """Seconds from `at` for which the host wants to be left alone; 0 where it does not."""
        if host not in self._told:
            return 0.0
        told = [until for until in self._told[host].values() if at < until < at + poll_schedule.AHEAD_MAX]
        return (max(told) - at) / timedelta(seconds=1) if len(told) >= poll_schedule.HELD_FEEDS else 0.0


@dataclass(slots=True)
class _Host:
    free: asyncio.Semaphore
    next_at: float = 0.0
    users: int = 0
