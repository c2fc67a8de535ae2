"""One pass now, for cron users: visit what is due, deliver, and say what happened."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from monitor.core.urls import authority
from monitor.errors import Starved
from monitor.model import Delivery, Outcome, Receipt, Recheck, Source, SourceStatus, Visit
from monitor.pipeline import Pipeline, backfill_all
from monitor.runtime.daemon import DUE_MAX, PER_HOST_MAX, READING_MAX, articles_due, taken, welcome
from monitor.runtime.dispatcher import Dispatcher, finish
from monitor.runtime.maintenance import tend
from monitor.runtime.returned import take
from monitor.runtime.search_index import index

T = TypeVar("T")

# Of a pass and of a visit.
FIGURES = ("visited", "put_off", "unchanged", "changed", "failed", "entries_new", "matched", "alerts")
# Seconds for a whole pass, unless `fetch.poll_limit` says otherwise: cron's next may come after five minutes, and must
# find the state free (set).
POLL_S = 120.0
DELIVERY_S = 40.0  # seconds of these that deliveries have, whatever visits do: one answer of a slow mail host (set)
LAST_S = 5.0  # seconds to give up in what is being sent: the end of a dialogue that was nearly over (set)
READING_S = 20.0  # seconds that one pass spends on articles that are read again (set)
PATIENCE_S = 40.0  # seconds to wait for the first attempt of a test alert: a timeout of 30 and its booking (set)


async def poll(
    pipeline: Pipeline, sources: Mapping[str, Source], *, everything: bool = False, concurrency: int = 200,
    seen: Callable[[Outcome], None] = lambda outcome: None, limit_s: float = POLL_S,
) -> dict[str, Any]:  # fmt: skip
    """The figures of `monitor poll --json`. A failing source is counted, never raised.

    Within `limit_s` it ends: visits not made are due still ("left"), deliveries not answered in doubt, as after a
    crash. "put_off" are those that are due, but whose server asked to be left alone.
    """
    began = time.monotonic()
    end = began + limit_s
    await backfill_all(pipeline)
    now = pipeline.clock.now()
    due = _active(pipeline, sources) if everything else pipeline.store.due(now, DUE_MAX, sources)
    visits = welcome(pipeline, sources, due, now)
    put_off = len(due) - len(visits)
    visits = visits if everything else list(taken(pipeline, visits))
    found = await _visit(pipeline, visits, concurrency, seen, end - DELIVERY_S)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, end - DELIVERY_S - time.monotonic())):
            await take(pipeline)
    made = await asyncio.to_thread(tend, pipeline, sources)
    delivered = await _deliver(pipeline, end)
    reread = await _reread(pipeline, sources, end) if pipeline.settings.follow_pages else []
    if any(each.judgements.alerts for each in reread):
        made += await asyncio.to_thread(tend, pipeline, sources)  # what chats are told together is weighed there
        delivered += await _deliver(pipeline, end)
    while await asyncio.to_thread(index, pipeline.store) and time.monotonic() < end:
        pass  # what a pass brought is found after it, and not paid for by those that bring nothing
    figures = {name: sum(each[name] for each in found) for name in FIGURES}
    figures |= {"put_off": figures["put_off"] + put_off, "left": len(visits) - len(found)}
    figures["alerts"] += len(made) + sum(len(each.judgements.alerts) for each in reread)
    return figures | {"delivered": delivered, "seconds": round(time.monotonic() - began, 3)}


def _active(pipeline: Pipeline, sources: Mapping[str, Source]) -> list[SourceStatus]:
    """All but what is paused, gone or in review."""
    found = pipeline.store.statuses(sources).values()
    return [status for status in found if not status.paused and status.state not in ("gone", "review")]


async def _visit(
    pipeline: Pipeline, visits: Sequence[Visit], concurrency: int, seen: Callable[[Outcome], None], end: float
) -> list[Mapping[str, int]]:
    """Visit these, few at a host at once; Starved where this machine could make none of them. Their figures.

    An outcome holds the document: those of a large pass together would be most of its memory.
    """
    gate = asyncio.Semaphore(concurrency)
    crowds = {authority(visit.status.url): asyncio.Semaphore(PER_HOST_MAX) for visit in visits}
    starved: list[Starved] = []

    async def one(visit: Visit) -> Mapping[str, int] | None:
        async with crowds[authority(visit.status.url)], gate:
            try:
                outcome = await pipeline.visit(visit)
            except Starved as error:  # ours and not the publisher's: the visit stays due
                starved.append(error)
                return None
            seen(outcome)
            return _figures(outcome)

    found = await _within(end, [one(visit) for visit in visits])
    if starved and not found:
        raise starved[0]
    return found


def _figures(outcome: Outcome) -> Mapping[str, int]:
    if outcome.fetched.unasked:
        return {name: int(name == "put_off") for name in FIGURES}
    failed = outcome.status.error is not None
    matched = [one.verdict in ("development", "confirmation", "repeat") for one in outcome.judgements.decisions]
    of_one = (1, 0, 1 - failed - outcome.changed, outcome.changed, failed, outcome.entries_new, sum(matched))
    return dict(zip(FIGURES, (*of_one, len(outcome.judgements.alerts)), strict=True))


async def _within(end: float, work: list[Coroutine[Any, Any, T | None]]) -> list[T]:
    """What is there by then; what takes longer is given up, as if never begun."""
    tasks = [asyncio.create_task(each) for each in work]
    done = await finish(tasks, max(0.0, end - time.monotonic()))
    return [one for task in tasks if task in done and (one := task.result())]


async def _deliver(pipeline: Pipeline, end: float) -> int:
    """Send what is due until nothing is, or it is time to end; how many were delivered."""
    receipts: list[Receipt] = []
    dispatcher = Dispatcher(pipeline, lambda _, receipt: receipts.append(receipt))
    await dispatcher.deliver(lambda: time.monotonic() > end - LAST_S, LAST_S)
    return sum(receipt.outcome == "delivered" for receipt in receipts)


async def _reread(pipeline: Pipeline, sources: Mapping[str, Source], end: float) -> list[Recheck]:
    """Read followed articles that are due, for a bounded time; the others wait for the next pass."""
    done: list[Recheck] = []

    async def read_on() -> None:
        while due := await asyncio.to_thread(articles_due, pipeline, sources, 1):
            done.append(await pipeline.recheck(due[0], sources[due[0].source_id]))

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, min(READING_S, end - LAST_S - time.monotonic()))):
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
