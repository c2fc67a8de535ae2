"""robots.txt (RFC 9309) for what is read beyond the feeds themselves: article pages and discovery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from monitor.model import Fetched
from monitor.net.urls import Target

AGENT = "monitor"
BYTES_MAX = 512 * 1024  # bytes of robots.txt that are heeded (RFC 9309, 2.5: at least 500 KiB)
KEPT = timedelta(hours=24)  # for which robots.txt is believed (RFC 9309, 2.4: at most 24 h)
KEPT_UNREACHABLE = timedelta(hours=1)  # after which a missing answer is asked for again (set)
ORIGINS_MAX = 1000  # sites remembered (set)
KEPT_BYTES_MAX = 2 * 1024 * 1024  # bytes remembered of all of them (set)
DELAY_S_MAX = 30.0  # seconds of Crawl-delay that are heeded: a visit ends within 60 (set)
Get = Callable[[str, datetime], Awaitable[Fetched]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows. `rules` None means everything where `open`, else nothing, until `until`."""

    until: datetime
    open: bool
    rules: Protego | None = None
    size_bytes: int = 0

    def allow(self, url: str) -> bool:
        """May this address of the origin be read?"""
        return bool(self.rules.can_fetch(url, AGENT)) if self.rules else self.open


class Robots:
    """Asks each origin once a day. A missing file allows everything; one that cannot be had allows nothing for 1 h."""

    def __init__(self, get: Get) -> None:
        """`get(url, at)` fetches a robots.txt, bounded by `BYTES_MAX`."""
        self._get = get
        self._known: dict[str, Rules] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def allows(self, target: Target, at: datetime) -> bool:
        """May this address be read? Fetches the origin's robots.txt where it is not known or too old."""
        return (await self._rules(target.origin, at)).allow(target.url)

    def delay_s(self, origin: str) -> float:
        """The Crawl-delay of an origin already asked, at most 30 s; 0 where it states none."""
        known = self._known.get(origin)
        wished = known.rules.crawl_delay(AGENT) if known and known.rules else None
        return min(wished, DELAY_S_MAX) if wished is not None and wished > 0 else 0.0

    async def _rules(self, origin: str, at: datetime) -> Rules:
        async with self._asking.setdefault(origin, asyncio.Lock()):
            known = self._known.get(origin)
            if known is None or at >= known.until:
                known = await asyncio.to_thread(read, await self._get(f"{origin}/robots.txt", at))
                self._known.pop(origin, None)
                self._known[origin] = known
                self._forget_oldest()
        self._asking.pop(origin, None)
        return known

    def _forget_oldest(self) -> None:
        size_bytes = sum(rules.size_bytes for rules in self._known.values())
        while len(self._known) > 1 and (len(self._known) > ORIGINS_MAX or size_bytes > KEPT_BYTES_MAX):
            size_bytes -= self._known.pop(next(iter(self._known))).size_bytes


def read(fetched: Fetched) -> Rules:
    """The rules in an answer: 4xx allows everything (but 429 does not), whatever else fails allows nothing for 1 h."""
    if fetched.error is None or fetched.error == "not_a_feed":
        text = fetched.body.decode("utf-8", "replace").removeprefix("\ufeff")
        try:
            return Rules(fetched.at + KEPT, True, Protego.parse(text), len(text))
        except Exception:  # a parser of hostile text may fail in any way; then the file says nothing
            return Rules(fetched.at + KEPT, True)
    missing = fetched.status is not None and 400 <= fetched.status < 500 and fetched.status != 429
    if missing or fetched.error == "too_large":
        return Rules(fetched.at + KEPT, missing)
    return Rules(fetched.at + KEPT_UNREACHABLE, False)
