"""The engine of one process: it stops quietly whatever its duties are in the middle of."""

from __future__ import annotations

import asyncio

import pytest

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
