"""Carries what is recorded to people: claims due deliveries, sends them, settles what came of it.

Settling and claiming share a transaction, so a long outbox costs one commit a turn, whatever was answered meanwhile.
First attempts to one destination are made one after the other, in the order of their numbers; the second place that a
channel has in flight is for retries, and for the next in line to be ready.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.delivery.retries import ERROR_CHARS_MAX
from monitor.errors import StoreError
from monitor.model import Alert, Delivery, Receipt, SendRequest
from monitor.pipeline import Pipeline

IN_FLIGHT_MAX = 16  # deliveries under way at once (set)
PER_CHANNEL_MAX = 2  # of one channel: one first attempt, and one retry or the next in line (set)
LEASE = timedelta(seconds=120)  # of a delivery that is being sent: longer than any attempt, and renewed (set)
LOOK_EVERY_S = 1.0  # seconds between two looks while nothing was answered (set)
DRAIN_S = 25.0  # seconds for sends under way at the end: within systemd's 90 s to stop (set)
HUSHED_S = 5.0  # seconds that what is ready waits after an endpoint asked for patience, until that is booked (set)
NEVER = datetime.min.replace(tzinfo=UTC)
STOPPED = Receipt("unknown", "stopped while it was being sent")
UNSENT = Receipt("retry", "stopped before anything was handed over")


@dataclass(slots=True, eq=False)
class Dispatcher:
    """What is on its way. `settled` hears of every attempt that was recorded, `answered_now` of every answer."""

    pipeline: Pipeline
    settled: Callable[[Delivery, Receipt], None] = lambda delivery, receipt: None
    answered_now: Callable[[], None] = lambda: None
    lease: timedelta = LEASE
    mine: Callable[[str], bool] = lambda channel_id: True
    sending: dict[asyncio.Task[None], Delivery] = field(default_factory=dict)
    answered: list[tuple[Delivery, Receipt | None]] = field(default_factory=list)
    stopping: bool = False
    _hushed: dict[str, datetime] = field(default_factory=dict)
    _renewed_at: datetime | None = None
    _turning: asyncio.Lock = field(default_factory=asyncio.Lock)
    _places: defaultdict[tuple[str, str], asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def turn(self) -> int:
        """Settle what was answered, claim what is due and begin to send it; how many were begun.

        Where the state cannot be written nothing is begun, and what was answered is kept for the next turn.
        """
        store = self.pipeline.store
        async with self._turning:
            answered = self.answered[:]
            now, room = self.pipeline.clock.now(), 0 if self.stopping else IN_FLIGHT_MAX - len(self.sending)
            await self._renew(now)
            if not answered and room <= 0:
                return 0
            claimed = await asyncio.to_thread(
                store.settle_and_claim, answered, now, room, self.lease, PER_CHANNEL_MAX, self.mine
            )
            del self.answered[: len(answered)]
            for delivery, alert in claimed:
                self.sending[asyncio.create_task(self._carry(delivery, alert), name=f"send {delivery.id}")] = delivery
        for delivery, receipt in answered:
            if receipt is not None:
                self.settled(delivery, receipt)
        return len(claimed)

    async def _renew(self, now: datetime) -> None:
        """Keep the leases of what takes long: a slow host must not be sent a second copy meanwhile."""
        if self._renewed_at is None or not self.sending:
            self._renewed_at = now
        elif now - self._renewed_at >= self.lease / 3:
            await asyncio.to_thread(self.pipeline.store.renew, list(self.sending.values()), now, self.lease)
            self._renewed_at = now

    async def _carry(self, delivery: Delivery, alert: Alert) -> None:
        receipt: Receipt | None = None

        def handing() -> None:
            nonlocal receipt
            receipt = STOPPED

        try:
            async with self._in_order(delivery):
                if not self.stopping and self.pipeline.clock.now() >= self._hushed.get(delivery.channel_id, NEVER):
                    # A mail host that hangs before the message has no copy; an endpoint may from the first byte on.
                    receipt = UNSENT if delivery.recipient else STOPPED
                    receipt = await self._send(delivery, alert, handing)
                    self._hear(delivery.channel_id, receipt)
        finally:
            self.answered.append((delivery, receipt))
            if task := asyncio.current_task():
                self.sending.pop(task, None)
            self.answered_now()

    async def _send(self, delivery: Delivery, alert: Alert, handing: Callable[[], None]) -> Receipt:
        """One attempt of one claimed delivery; never raises. `handing` is called before a peer may keep a copy."""
        pipeline = self.pipeline
        channel = pipeline.channels.get(delivery.channel_id)
        if channel is None:
            return Receipt("retry", f"there is no channel {delivery.channel_id!r} in the configuration")

        async def hand_over() -> bool:
            handing()
            return await asyncio.to_thread(pipeline.store.hand_over, delivery)

        try:
            return await channel.send(SendRequest(delivery, alert, pipeline.links(delivery, alert), hand_over))
        except Exception as error:  # a channel promises not to raise; one that does must not stop the others
            return Receipt("retry", f"{type(error).__name__}: {error}"[:ERROR_CHARS_MAX])

    def _hear(self, channel_id: str, receipt: Receipt) -> None:
        """What is ready to go gives way where the endpoint asks for patience or for no more, until that is settled."""
        if receipt.retry_after_s or receipt.disable:
            self._hushed[channel_id] = self.pipeline.clock.now() + timedelta(seconds=HUSHED_S)

    def _in_order(self, delivery: Delivery) -> AbstractAsyncContextManager[object]:
        if delivery.attempts:
            return contextlib.nullcontext()
        return self._places[delivery.channel_id, delivery.recipient]

    async def deliver(self, enough: Callable[[], bool] = lambda: False, drain_s: float = DRAIN_S) -> int:
        """Send what is due until nothing is, or it is `enough`; how many attempts were made."""
        made = 0
        try:
            while not enough():
                made += len(self.answered)
                begun = await self.turn()
                if self.sending:
                    await asyncio.wait(self.sending, timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
                elif not (begun or self.answered):
                    break
        except BaseException:
            await self.stop(0)
            raise
        await self.stop(drain_s)
        return made

    async def stop(self, seconds: float) -> None:
        """Begin nothing more; finish what is on its way within that time, or give it up, and record which."""
        self.stopping = True
        async with self._turning:
            pending = list(self.sending)
        await finish(pending, seconds)
        with contextlib.suppress(StoreError):
            await self.turn()


async def finish(tasks: Collection[asyncio.Task[Any]], seconds: float) -> set[asyncio.Task[Any]]:
    """What ends within that time; what takes longer is given up."""
    if not tasks:
        return set()
    done, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    return done
