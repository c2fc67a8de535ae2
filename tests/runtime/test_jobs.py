"""A worker's jobs as the engine hands them out: what is to be sent is sent, whoever made it, and nothing is cut off."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.publisher import Answer, Clock, Publisher
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


async def settled(workers: Workers) -> None:
    """Wait until nothing is on its way, wherever it was made."""
    for app in workers.apps:
        while app.daemon.waking and not (app.daemon.waking.done() and not app.daemon.dispatcher.sending):
            await asyncio.sleep(0.01)


def states(workers: Workers) -> Counter[str]:
    """How many deliveries are in each state."""
    return Counter(each.state for _, sent in workers.apps[0].store.alerts(limit=1000) for each in sent)


async def test_what_could_not_be_sent_is_sent_by_whoever_has_the_channels_job(
    workers: Workers, desk: Publisher
) -> None:
    await workers.turn()
    await settled(workers)
    desk.paths["/hook"] = Answer(status=503)
    workers.publish(1, 2)
    await workers.turn(QUARTER)
    await settled(workers)
    assert states(workers) == {"delivered": 1, "retrying": 1}
    desk.paths["/hook"] = Answer(status=204)
    (job,) = [job for job in await workers.due(QUARTER) if job.kind == "deliver"]
    await workers.jobs[1].perform(job)
    assert states(workers) == {"delivered": 2}
    assert workers.silent.failures == []
