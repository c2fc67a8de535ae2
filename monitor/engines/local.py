"""The local engine: APScheduler ticks the daemon's duties in this process's event loop.

Only triggers live in the scheduler (in memory, UTC); what is due is in the store. Its traps are off: no misfire
grace (a late tick still runs, apscheduler#296), coalesced, one instance at a time; errors are listened to. It goes by
the machine's clock: where that is set back, its triggers would wait for as long, so they are begun anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler

VISITS_EVERY_S = 1.0  # seconds: what is due begins within one (set)
DELIVERIES_EVERY_S = 0.25  # seconds: a retry is no later than that; new alerts wake their sender (set)
RECHECKS_EVERY_S = 5.0  # seconds: articles are in no hurry (set)
UPKEEP_EVERY_S = 5.0  # seconds: briefs and digests are in no hurry (set)
# Seconds between two looks at the clock, and what it may differ by between two: one that is set gradually differs by
# half a thousandth (adjtime(3)) (set).
CLOCK_EVERY_S, CLOCK_SET_S = 1.0, 2.0
WATCHDOG_EVERY_S = 10.0  # seconds: a third of the shipped unit's WatchdogSec at most (sd_watchdog_enabled(3))


class Duties(Protocol):
    """What the engine ticks: `monitor.runtime.daemon.Daemon`."""

    async def visits(self) -> int:
        """Start due visits."""

    async def deliveries(self) -> int:
        """Start due deliveries."""

    async def rechecks(self) -> int:
        """Start reading followed articles that are due."""

    async def upkeep(self) -> int:
        """Make the alerts that no visit causes."""

    async def drain(self) -> None:
        """Finish what is in flight."""


class LocalEngine:
    """Ticks the duties until `stop`; the second `stop` does not wait for what is in flight."""

    def __init__(self, duties: Duties, *, pulse: Callable[[], None], failed: Callable[[str], None]) -> None:
        """`pulse` is called while the loop makes progress (the service manager's watchdog), `failed` with errors."""
        self._duties = duties
        self._pulse = pulse
        self._failed = failed
        self._stopping = asyncio.Event()
        self._now = asyncio.Event()

    async def run(self) -> None:
        """Run until stopped, then drain: pause the triggers, await our own work, shut down (in that order)."""
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        scheduler.add_listener(self._heard, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        self._every(scheduler, VISITS_EVERY_S, self._duties.visits)
        self._every(scheduler, DELIVERIES_EVERY_S, self._duties.deliveries)
        self._every(scheduler, RECHECKS_EVERY_S, self._duties.rechecks)
        self._every(scheduler, UPKEEP_EVERY_S, self._duties.upkeep)
        self._every(scheduler, WATCHDOG_EVERY_S, self._beat)
        scheduler.start()
        clock = asyncio.create_task(self._follow_clock(scheduler), name="clock")
        try:
            await self._stopping.wait()
            clock.cancel()
            scheduler.pause()
            drained = asyncio.ensure_future(self._duties.drain())
            hurried = asyncio.ensure_future(self._now.wait())
            await asyncio.wait([drained, hurried], return_when=asyncio.FIRST_COMPLETED)
            for waiting in (drained, hurried):
                waiting.cancel()
        finally:
            scheduler.shutdown(wait=False)

    def stop(self) -> None:
        if self._stopping.is_set():
            self._now.set()
        self._stopping.set()

    async def _follow_clock(self, scheduler: Any) -> None:
        """Let everything tick at once, and on from there, whenever somebody set the machine's clock back."""
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                before = time.time() - time.monotonic()
                await asyncio.sleep(CLOCK_EVERY_S)
                if time.time() - time.monotonic() < before - CLOCK_SET_S:
                    for job in scheduler.get_jobs():
                        job.modify(next_run_time=datetime.now(UTC))

    async def _beat(self) -> None:
        self._pulse()

    def _every(self, scheduler: Any, seconds: float, duty: Callable[[], Awaitable[Any]]) -> None:
        async def tick() -> None:
            try:
                await duty()
            except asyncio.CancelledError:
                if not self._stopping.is_set():  # else it is how every stop ends, and no error
                    raise

        first = datetime.now(UTC) + timedelta(milliseconds=10)
        scheduler.add_job(tick, "interval", seconds=seconds, next_run_time=first, name=duty.__qualname__)

    def _heard(self, event: Any) -> None:
        self._failed(f"{event.job_id}: {getattr(event, 'exception', None) or 'a tick was missed'}")
