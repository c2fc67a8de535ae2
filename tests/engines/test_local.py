"""The engine of one process: it stops quietly whatever its duties are in the middle of."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from monitor.engines.local import LocalEngine


class Busy:
    """Duties one of which never comes to its end."""

    def __init__(self) -> None:
        self.begun, self.drained = asyncio.Event(), False

    async def visits(self) -> int:
        return 0

    async def deliveries(self) -> int:
        return 0

    async def rechecks(self) -> int:
        raise ValueError("a fault")

    async def upkeep(self) -> int:
        self.begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def drain(self) -> None:
        self.drained = True


async def test_a_duty_cut_off_by_the_end_is_no_error_and_a_fault_is(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    duties = Busy()
    engine = LocalEngine(duties, pulse=lambda: None, failed=told.append)
    running = asyncio.create_task(engine.run())
    await duties.begun.wait()
    while not told:
        await asyncio.sleep(0.01)
    engine.stop()
    await running
    await asyncio.sleep(0.05)  # the cancelled duty ends
    assert duties.drained
    assert [line.rpartition(": ")[2] for line in told] == ["a fault"]
    assert "CancelledError" not in caplog.text
    assert "Busy.upkeep" not in caplog.text


class Counted(Busy):
    """Duties that are over at once."""

    def __init__(self) -> None:
        super().__init__()
        self.visited, self.tick = 0, asyncio.Event()

    async def visits(self) -> int:
        self.visited += 1
        self.tick.set()
        return 0

    async def rechecks(self) -> int:
        return 0

    async def upkeep(self) -> int:
        return 0


async def test_a_clock_that_is_set_back_stops_nothing() -> None:
    """The ticks go by it: without a new beginning nothing would happen for the three hours that it was set back by."""
    duties = Counted()
    engine = LocalEngine(duties, pulse=lambda: None, failed=lambda what: None)
    running = asyncio.create_task(engine.run())
    await duties.tick.wait()
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=3), tick=True):
        for _ in range(3):  # the first may have been under way
            duties.tick.clear()
            await asyncio.wait_for(duties.tick.wait(), 10)
        engine.stop()
        await running
