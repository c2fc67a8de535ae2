"""One pass now, for cron users: visit what is due, deliver, and say what happened."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from monitor.core.urls import authority
from monitor.errors import Starved
from monitor.model import Delivery, Outcome, Receipt, Recheck, Source, Visit
from monitor.pipeline import Pipeline, backfill_all
from monitor.runtime.daemon import PER_HOST_MAX, READING_MAX, articles_due, taken, visits_due
from monitor.runtime.dispatcher import Dispatcher
from monitor.runtime.maintenance import tend
from monitor.runtime.search_index import index

READING_S = 20.0  # seconds that one pass spends on articles that are read again (set)
PATIENCE_S = 40.0  # seconds to wait for the first attempt of a test alert: a timeout of 30 and its booking (set)


async def poll(
    pipeline: Pipeline,
    sources: Mapping[str, Source],
    *,
    everything: bool = False,
    concurrency: int = 200,
    seen: Callable[[Outcome], None] = lambda outcome: None,
) -> dict[str, Any]:
    """The figures of `monitor poll --json`. A failing source is counted, never raised."""
    began = time.monotonic()
    await backfill_all(pipeline)
    visits = visits_due(pipeline, sources, everything)
    visits = visits if everything else list(taken(pipeline, visits))
    gate = asyncio.Semaphore(concurrency)
    crowds = {authority(visit.status.url): asyncio.Semaphore(PER_HOST_MAX) for visit in visits}

    starved: list[Starved] = []

    async def one(visit: Visit) -> Outcome | None:
        async with crowds[authority(visit.status.url)], gate:
            try:
                outcome = await pipeline.visit(visit)
            except Starved as error:  # ours and not the publisher's: the visit stays due
                starved.append(error)
                return None
            seen(outcome)
            return outcome

    outcomes = [outcome for outcome in await asyncio.gather(*(one(visit) for visit in visits)) if outcome]
    if starved and not outcomes:
        raise starved[0]
    made = await asyncio.to_thread(tend, pipeline, sources)
    delivered = await _deliver(pipeline)
    reread = await _reread(pipeline, sources) if pipeline.settings.follow_pages else []
    if any(each.judgements.alerts for each in reread):
        delivered += await _deliver(pipeline)
    judgements = [each.judgements for each in outcomes] + [each.judgements for each in reread]
    await asyncio.to_thread(index, pipeline.store)
    failed = sum(outcome.status.error is not None for outcome in outcomes)
    changed = sum(outcome.changed for outcome in outcomes)
    return {
        "visited": len(outcomes), "unchanged": len(outcomes) - failed - changed, "changed": changed, "failed": failed,
        "entries_new": sum(outcome.entries_new for outcome in outcomes),
        "matched": sum(
            decision.verdict in ("development", "confirmation", "repeat")
            for outcome in outcomes
            for decision in outcome.judgements.decisions
        ),
        "alerts": sum(len(judged.alerts) for judged in judgements) + len(made),
        "delivered": delivered, "seconds": round(time.monotonic() - began, 3),
    }  # fmt: skip


async def _deliver(pipeline: Pipeline) -> int:
    """Send what is due until nothing is; how many were delivered."""
    receipts: list[Receipt] = []
    await Dispatcher(pipeline, lambda _, receipt: receipts.append(receipt)).deliver()
    return sum(receipt.outcome == "delivered" for receipt in receipts)


async def _reread(pipeline: Pipeline, sources: Mapping[str, Source]) -> list[Recheck]:
    """Read followed articles that are due, for a bounded time; the others wait for the next pass."""
    done: list[Recheck] = []

    async def read_on() -> None:
        while due := await asyncio.to_thread(articles_due, pipeline, sources, 1):
            done.append(await pipeline.recheck(due[0], sources[due[0].source_id]))

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READING_S):
            await asyncio.gather(*(read_on() for _ in range(READING_MAX)))
    return done


async def settle(pipeline: Pipeline, alert_id: str, patience_s: float = PATIENCE_S) -> Sequence[Delivery]:
    """Deliver what is due, and wait for those deliveries of an alert that a daemon beside us has taken up."""
    end, rows = time.monotonic() + patience_s, list[Delivery]()

    def enough() -> bool:
        rows[:] = pipeline.store.alerts(alert_id=alert_id)[0][1]
        return all(row.state != "pending" for row in rows)

    while not enough() and time.monotonic() < end:
        await Dispatcher(pipeline).deliver(enough)
        await asyncio.sleep(0.1)
    return rows
