"""A worker's jobs as the engine hands them out: what is to be sent is sent, whoever made it, and nothing is cut off."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor import config
from monitor.app.reload import adopt
from monitor.model import Job
from tests.publisher import Answer, Clock, Publisher, Request
from tests.runtime.test_workers import EVERYTHING, QUARTER, Workers


@pytest.fixture
def papers() -> Iterator[list[Publisher]]:
    with Publisher() as one, Publisher() as other:
        yield [one, other]


@pytest.fixture
def desk() -> Iterator[Publisher]:
    with Publisher() as made:
        made.paths["/hook"] = Answer(status=204)
        yield made


@pytest.fixture
async def workers(
    tmp_path: Path, postgres_url: str, papers: list[Publisher], desk: Publisher
) -> AsyncIterator[Workers]:
    hook = f"type = 'webhook'\nurl = '{desk.url('/hook')}'\n[hooks]\nallow_private = ['127.0.0.1']"
    made = await asyncio.to_thread(Workers, tmp_path, [postgres_url] * 2, papers, EVERYTHING, Clock.at, hook)
    made.publish(1)
    yield made
    await made.close()


@contextmanager
def slow(publisher: Publisher, path: str) -> Iterator[None]:
    """What is asked at this path is answered when the block ends."""
    answer, ended = publisher.paths[path], threading.Event()
    assert isinstance(answer, Answer)

    def wait(_: Request) -> Answer:
        ended.wait()
        return answer

    publisher.paths[path] = wait
    try:
        yield
    finally:
        publisher.paths[path] = answer
        ended.set()


async def asked(publisher: Publisher, path: str, times: int) -> None:
    """Wait until somebody asked so often."""
    async with asyncio.timeout(30):
        while len(publisher.asked(path)) < times:
            await asyncio.sleep(0.01)


async def settled(workers: Workers) -> None:
    """Wait until nothing is on its way, wherever it was made."""
    for app in workers.apps:
        while app.daemon.waking and not (app.daemon.waking.done() and not app.daemon.dispatcher.sending):
            await asyncio.sleep(0.01)


def states(workers: Workers) -> Counter[str]:
    """How many deliveries are in each state."""
    return Counter(each.state for _, sent in workers.apps[0].store.alerts(limit=1000) for each in sent)


async def owed(workers: Workers, desk: Publisher) -> Job:
    """The job of a channel that did not take one of two alerts and answers again."""
    await workers.turn()
    await settled(workers)
    desk.paths["/hook"] = Answer(status=503)
    workers.publish(1, 2)
    await workers.turn(QUARTER)
    await settled(workers)
    assert states(workers) == {"delivered": 1, "retrying": 1}
    desk.paths["/hook"] = Answer(status=204)
    (job,) = [job for job in await workers.due(QUARTER) if job.kind == "deliver"]
    return job


async def test_what_could_not_be_sent_is_sent_by_whoever_has_the_channels_job(
    workers: Workers, desk: Publisher
) -> None:
    job = await owed(workers, desk)
    await workers.jobs[1].perform(job)
    assert states(workers) == {"delivered": 2}
    assert workers.silent.failures == []


@pytest.mark.parametrize("by", ["visit", "deliver"])
async def test_a_worker_that_stops_hears_what_becomes_of_what_it_sends(
    workers: Workers, desk: Publisher, by: str
) -> None:
    await workers.turn()
    await settled(workers)
    workers.publish(1, 2)
    leaving = workers.jobs[0]
    if by == "deliver":
        desk.paths["/hook"] = Answer(status=503)
        await workers.turn(QUARTER)
        await settled(workers)
        desk.paths["/hook"] = Answer(status=204)
    before = len(desk.asked("/hook"))
    jobs = [job for job in await workers.due(QUARTER) if job.kind == by]
    with slow(desk, "/hook"):
        performing = [asyncio.create_task(leaving.perform(job)) for job in jobs]
        await asked(desk, "/hook", before + 1)
        stopping = asyncio.create_task(leaving.drain())
        await asyncio.sleep(0.1)
        assert not stopping.done()
    await stopping
    await asyncio.gather(*performing)
    assert states(workers) == {"delivered": 2}
    assert workers.silent.failures == []


async def test_a_worker_that_stops_looks_for_nothing_more(workers: Workers) -> None:
    leaving, other = workers.jobs
    assert await leaving.due()
    await leaving.drain()
    assert await leaving.due() == []
    assert await other.due()
    assert leaving.membership.id not in {each.id for each in other.daemon.pipeline.store.workers(Clock.at)}


async def test_a_configuration_that_is_taken_over_cuts_off_no_visit(
    workers: Workers, papers: list[Publisher], desk: Publisher
) -> None:
    app, jobs = workers.apps[0], workers.jobs[0]
    host = next(job for job in await workers.due() if job.kind == "visit")
    with slow(papers[0], "/feed"), slow(papers[1], "/feed"):
        performing = asyncio.create_task(jobs.perform(host))
        while not (papers[0].requests or papers[1].requests):
            await asyncio.sleep(0.01)
        changed = config.parse(app.config.text.replace("title = 'All'", "title = 'Every'"), app.config.path, {})
        adopting = asyncio.create_task(adopt(app, changed))
        while app.config is not changed:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert not adopting.done()
    await asyncio.gather(performing, adopting)
    assert workers.silent.failures == []
    assert Counter(status.error for status in app.store.statuses().values() if status.last_visit_at) == {None: 1}


async def test_a_configuration_that_is_taken_over_cuts_off_nothing_that_is_sent(
    workers: Workers, desk: Publisher
) -> None:
    job = await owed(workers, desk)
    app, before = workers.apps[0], len(desk.asked("/hook"))
    with slow(desk, "/hook"):
        performing = asyncio.create_task(workers.jobs[0].perform(job))
        await asked(desk, "/hook", before + 1)
        changed = config.parse(app.config.text.replace("title = 'All'", "title = 'Every'"), app.config.path, {})
        adopting = asyncio.create_task(adopt(app, changed))
        while app.config is not changed:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert not adopting.done()
    await asyncio.gather(performing, adopting)
    assert states(workers) == {"delivered": 2}
    assert len(desk.asked("/hook")) == before + 1
