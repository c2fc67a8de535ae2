"""Outcomes that come together are written together, and each learns its own fate."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model import Fetched, Outcome, Source, SourceStatus
from monitor.pipeline.group_commit import Together
from monitor.stores import SqlStore, open_store

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Counting:
    """A real store; how many outcomes each transaction held."""

    def __init__(self, path: Path, sources: int) -> None:
        self.store: SqlStore = open_store(str(path / "state.db"))
        self.store.sync_sources([Source(f"s{n}", "S", f"https://s{n}.example/") for n in range(sources)], AT)
        self.batches: list[int] = []

    async def write(self, outcomes: Sequence[Outcome]) -> list[None]:
        self.batches.append(len(outcomes))
        await asyncio.to_thread(self.store.record, outcomes)
        return [None] * len(outcomes)


def outcome(number: int) -> Outcome:
    status = SourceStatus(f"s{number}", state="ok", last_visit_at=AT, next_at=AT, failures=0)
    return Outcome(status, Fetched(f"s{number}", "", AT, status=304))


async def test_a_hundred_outcomes_take_two_transactions(tmp_path: Path) -> None:
    kept = Counting(tmp_path, 100)
    writer = Together(kept.write)
    await asyncio.gather(*(writer(outcome(number)) for number in range(100)))
    assert sum(kept.batches) == 100
    assert len(kept.batches) <= 2
    assert {status.state for status in kept.store.statuses().values()} == {"ok"}
    await writer(outcome(1))
    assert kept.batches[-1] == 1


async def test_one_that_cannot_be_written_does_not_take_the_others_along(tmp_path: Path) -> None:
    kept = Counting(tmp_path, 3)
    writer = Together(kept.write)
    broken = replace(outcome(1), status=replace(outcome(1).status, detail=object()))  # type: ignore[arg-type]
    ends = await asyncio.gather(*map(writer, (outcome(0), broken, outcome(2))), return_exceptions=True)
    assert [end is None for end in ends] == [True, False, True]
    assert [status.state for status in kept.store.statuses().values()] == ["ok", "new", "ok"]


async def test_a_store_that_fails_says_so_to_all(tmp_path: Path) -> None:
    kept = Counting(tmp_path, 3)
    kept.store.close()
    writer = Together(kept.write)
    ends = await asyncio.gather(*(writer(outcome(n)) for n in range(3)), return_exceptions=True)
    assert all(isinstance(end, StoreError) for end in ends)
    with pytest.raises(StoreError):
        await writer(outcome(0))


async def test_who_stops_waiting_leaves_the_others_in_peace(tmp_path: Path) -> None:
    kept = Counting(tmp_path, 3)
    writer = Together(kept.write)
    tasks = [asyncio.create_task(writer(outcome(number))) for number in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert [ends[0], ends[2]] == [None, None]
    assert isinstance(ends[1], asyncio.CancelledError)


async def test_a_turn_takes_no_more_than_it_can_bear_but_always_one() -> None:
    turns: list[list[int]] = []

    async def act(weights: list[int]) -> list[int]:
        turns.append(weights)
        return [weight * 2 for weight in weights]

    together = Together(act, lambda weight: weight, 10)
    assert await asyncio.gather(*map(together, (4, 5, 6, 30, 1, 2))) == [8, 10, 12, 60, 2, 4]
    assert turns == [[4, 5], [6], [30], [1, 2]]


async def test_a_turn_lets_those_come_that_are_on_their_way_but_not_for_ever() -> None:
    turns: list[list[int]] = []
    coming = 0

    async def act(some: list[int]) -> list[int]:
        turns.append(some)
        return some

    async def late(number: int) -> int:
        nonlocal coming
        coming += 1
        await asyncio.sleep(0)
        answer = await together(number)
        coming -= 1
        return answer

    together = Together(act, coming=lambda: coming)
    assert await asyncio.gather(together(0), late(1), late(2)) == [0, 1, 2]
    assert turns == [[0, 1, 2]]
    coming = 1  # one that never comes
    assert await together(3) == 3
    assert turns[1:] == [[3]]
