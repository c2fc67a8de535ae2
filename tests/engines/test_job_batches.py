"""Jobs taken and ended several at a time, on a real server: as many as there is room for, in order, none twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import procrastinate
import psycopg
import pytest
from procrastinate import jobs

from monitor.engines import job_batches
from monitor.engines.distributed import QUEUE, prepare
from monitor.engines.job_batches import JobBatches


class Counting(procrastinate.PsycopgConnector):
    """Counts what is asked of the server."""

    asked: Counter[str]

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        self.asked[query] += 1
        return await super().execute_query_all_async(query, **arguments)

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        self.asked[query] += 1
        await super().execute_query_async(query, **arguments)


@pytest.fixture
async def connector(postgres_url: str) -> AsyncIterator[Counting]:
    await asyncio.to_thread(prepare, postgres_url)
    app = procrastinate.App(connector=Counting(conninfo=postgres_url, kwargs={"autocommit": True}))
    assert isinstance(app.connector, Counting)
    app.connector.asked = Counter()
    async with app.open_async():
        yield app.connector


async def _wait(connector: Counting, *keys: str, priority: int = 1) -> None:
    """Let jobs of these keys wait."""
    made = [
        jobs.Job(queue=QUEUE, lock=key, queueing_lock=key, task_name="visit", priority=priority, task_kwargs={})
        for key in keys
    ]
    await JobBatches(connector, 1).batch_defer_jobs_async(made)


def _under_way(url: str) -> list[str]:
    with psycopg.connect(url) as server:
        found = server.execute("SELECT lock FROM procrastinate_jobs WHERE status = 'doing' ORDER BY lock").fetchall()
    return [row[0] for row in found]


async def test_as_many_as_there_is_room_for_are_taken_at_once_and_first_what_matters(
    connector: Counting, postgres_url: str
) -> None:
    await _wait(connector, *"abcd")
    await _wait(connector, *"yz", priority=2)
    manager = JobBatches(connector, 3)
    worker = await manager.register_worker()
    taken = [await manager.fetch_job([QUEUE], worker) for _ in range(3)]
    assert [job.lock for job in taken if job] == ["y", "z", "a"]
    assert _under_way(postgres_url) == ["a", "y", "z"]
    assert connector.asked[job_batches.TAKE] == 1


async def test_what_ended_together_is_ended_with_one_statement_and_makes_room(
    connector: Counting, postgres_url: str
) -> None:
    await _wait(connector, *"abcdef")
    manager = JobBatches(connector, 3)
    worker = await manager.register_worker()
    taken = [job for _ in range(3) if (job := await manager.fetch_job([QUEUE], worker))]
    await asyncio.gather(*(manager.finish_job(job, jobs.Status.SUCCEEDED, True) for job in taken[:2]))
    assert connector.asked[job_batches.END] == 1
    assert _under_way(postgres_url) == ["c"]
    await manager.fetch_job([QUEUE], worker)
    assert _under_way(postgres_url) == ["c", "d", "e"]


async def test_a_key_that_is_under_way_is_passed_over_and_so_is_what_another_has(
    connector: Counting, postgres_url: str
) -> None:
    await _wait(connector, "a")
    first, second = JobBatches(connector, 3), JobBatches(connector, 3)
    worker, other = await first.register_worker(), await first.register_worker()
    begun = await first.fetch_job([QUEUE], worker)
    assert begun is not None
    await _wait(connector, "a", "b")
    taken = await second.fetch_job([QUEUE], other)
    assert taken is not None
    assert (taken.lock, taken.worker_id) == ("b", other)
    assert await second.fetch_job([QUEUE], other) is None
    await first.finish_job(begun, jobs.Status.SUCCEEDED, True)
    again = await second.fetch_job([QUEUE], other)
    assert again is not None
    assert again.lock == "a"


async def test_two_that_take_at_once_never_take_the_same(connector: Counting) -> None:
    keys = [f"k{n}" for n in range(60)]
    await _wait(connector, *keys)
    workers = [JobBatches(connector, 7) for _ in range(4)]

    async def work(manager: JobBatches) -> list[str | None]:
        done, name = list[str | None](), await manager.register_worker()
        while job := await manager.fetch_job([QUEUE], name):
            done.append(job.lock)
            await asyncio.sleep(0)
            await manager.finish_job(job, jobs.Status.SUCCEEDED, True)
        return done

    done = [lock for locks in await asyncio.gather(*map(work, workers)) for lock in locks]
    assert sorted(filter(None, done)) == sorted(keys)


async def test_one_that_is_gone_already_has_ended_and_one_that_cannot_be_ended_is_said(
    connector: Counting, postgres_url: str
) -> None:
    await _wait(connector, *"ab")
    lost: list[str] = []
    manager = JobBatches(connector, 2, lost.append)
    worker = await manager.register_worker()
    gone, left = [await manager.fetch_job([QUEUE], worker) for _ in range(2)]
    assert gone is not None
    assert left is not None
    await manager.finish_job(gone, jobs.Status.SUCCEEDED, True)
    await manager.finish_job(gone, jobs.Status.SUCCEEDED, True)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("ALTER TABLE procrastinate_jobs RENAME TO elsewhere")
        await manager.finish_job(left, jobs.Status.SUCCEEDED, True)
        server.execute("ALTER TABLE elsewhere RENAME TO procrastinate_jobs")
    (said,) = lost
    assert 'relation "procrastinate_jobs" does not exist' in said
    await _wait(connector, *"cd")
    assert await manager.fetch_job([QUEUE], worker) is not None  # its place is free: what is lost is swept away
    assert _under_way(postgres_url) == ["b", "c", "d"]


async def test_a_worker_that_leaves_keeps_from_others_nothing_that_it_has_not_begun(
    connector: Counting, postgres_url: str
) -> None:
    await _wait(connector, *"abc")
    manager = JobBatches(connector, 3)
    worker = await manager.register_worker()
    begun = await manager.fetch_job([QUEUE], worker)
    assert begun is not None
    await manager.unregister_worker(worker)
    assert _under_way(postgres_url) == [begun.lock]
