"""Runs the pipeline at its own pace: starts due visits, sends due deliveries, and keeps house. Handed what it uses.

An engine calls `visits`, `deliveries` and `upkeep` whenever it likes; each does what is due and no more, so a late,
early or repeated call changes nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from monitor.core.decisions import poll_schedule
from monitor.core.urls import authority
from monitor.errors import Starved, StoreError
from monitor.model import Alert, Delivery, Outcome, Receipt, Recheck, Source, SourceStatus, Visit, WatchedArticle
from monitor.pipeline import HEARD, Pipeline, backfill_all
from monitor.runtime import maintenance, returned, search_index
from monitor.runtime.dispatcher import DRAIN_S, Dispatcher, finish

if TYPE_CHECKING:
    from monitor.runtime.second_look import SecondLook

T = TypeVar("T")

# Visits at one host at a time: more would only wait for their turn there, in the place of others.
PER_HOST_MAX = 4
DUE_MAX = 100_000  # sources visited in one pass (set)
LOOKED_AT = 400  # due sources read at a time: twice what may be under way by default (set)
VISIT_DRAIN_S = 5.0  # seconds for visits under way at the end; one that is cut off is made again (set)
READING_MAX = 4  # articles read again at once (set)
READING_LEASE = timedelta(minutes=10)  # of an article that is being read: ten times the longest visit (set)
# How long nothing is begun after this machine could not read what came (set: a full machine may recover, no feed is
# missed for it).
REST = timedelta(seconds=30)
# By which the clock goes back between two ticks when somebody sets it: less is made up for by waiting (set).
SET_BACK_MIN = timedelta(minutes=1)
# A visit takes 60 s at most by default; one whose worker is gone is made again after this (set).
VISIT_LEASE = timedelta(seconds=90)


class Observer(Protocol):
    """Who is told of what happened, for logs and metrics; never decides."""

    def visited(self, outcome: Outcome, lag_s: float) -> None:
        """A visit was recorded; `lag_s` is how late it began."""

    def reread(self, reread: Recheck) -> None:
        """A followed article was read again."""

    def delivered(self, delivery: Delivery, receipt: Receipt) -> None:
        """An attempt was settled."""

    def told(self, alert: Alert) -> None:
        """An alert that no visit made was put into the outbox."""

    def failed(self, what: str, error: BaseException) -> None:
        """Something that should not fail did."""


@dataclass(slots=True)
class Daemon:
    """The daemon's work, one method a duty. `blocked` is the cause why nothing is polled or sent, else empty.

    `starved` is why nothing is polled until `rest_until`: this machine could not read what came.
    """

    pipeline: Pipeline
    sources: Mapping[str, Source]
    observer: Observer
    concurrency: int = 200
    keep_days: int = 400
    blocked: str = ""
    starved: str = ""
    rest_until: datetime | None = None
    busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    crowds: Counter[str] = field(default_factory=Counter)
    reading: set[asyncio.Task[None]] = field(default_factory=set)
    visiting: set[asyncio.Task[Any]] = field(default_factory=set)  # visits and readings, whoever began them
    stopping: bool = False
    unrecorded: dict[str, datetime] = field(default_factory=dict)
    progress_at: datetime | None = None
    dispatcher: Dispatcher = field(init=False)
    dispatchers: set[Dispatcher] = field(init=False)
    waking: asyncio.Task[int] | None = None
    second_look: SecondLook | None = None
    asking: asyncio.Task[int | None] | None = None
    returning: asyncio.Task[None] | None = None
    returns_at: datetime | None = None

    def __post_init__(self) -> None:
        """Send whatever the pipeline records, at once."""
        self.dispatcher = Dispatcher(self.pipeline, lambda *made: self.observer.delivered(*made), self.wake)
        self.dispatchers = {self.dispatcher}

    def under_way(self) -> list[asyncio.Task[Any]]:
        """What uses the pipeline's doors as they were when it began: visits, readings and what is being sent."""
        return [*self.visiting, *(task for each in self.dispatchers for task in each.sending)]

    async def visits(self) -> int:
        """Start every due visit that is not under way; returns how many. None start while nothing can be kept."""
        room = self.concurrency - len(self.busy)
        if self.stopping or room <= 0:
            return 0
        now, store = self.pipeline.clock.now(), self.pipeline.store
        if self.is_set_back(now):
            await self._guarded("clock", lambda: asyncio.to_thread(self.follow_clock, now), True)
        if self._rests(now):
            self.progress_at = now
            return 0
        if self.blocked:
            await self._guarded("probe", lambda: asyncio.to_thread(store.set_setting, "probe", now.isoformat()), True)
        if self.blocked:
            return 0
        crowds, busy = self.crowds.copy(), frozenset(self.busy)
        chosen = await self._guarded("due", lambda: asyncio.to_thread(self._with_room, room, busy, crowds))
        self.progress_at = now
        mine = await self._guarded("take", lambda: asyncio.to_thread(taken, self.pipeline, chosen or ())) or []
        if self.stopping:
            return 0
        for visit in mine:
            if self.stopping:
                break
            host = authority(visit.status.url)
            task = asyncio.create_task(self.visit(visit, now), name=f"visit {visit.source.id}")
            self.busy[visit.source.id] = task
            self.crowds[host] += 1
            task.add_done_callback(partial(self._ended, visit.source.id, host))
            # One at a time: two hundred first steps in a row would keep whoever asks the endpoint waiting.
            await asyncio.sleep(0)
        return len(mine)

    def is_set_back(self, now: datetime) -> bool:
        """Whether the clock, the machine's or the server's, has been set back since the last look."""
        return self.progress_at is not None and now < self.progress_at - SET_BACK_MIN

    def follow_clock(self, now: datetime) -> None:
        """Do now what was to wait for a time that the clock has been set back from."""
        self.rest_until = self.returns_at = None
        self.pipeline.store.set_back(now)

    def _with_room(self, room: int, busy: Collection[str], crowds: Counter[str]) -> list[Visit]:
        """The due visits that can begin now, longest overdue first: not `busy`, few enough in all and at their host.

        Of all that are due, no more are read than that takes: after a long pause that is every source there is.
        """
        due = self.pipeline.store.due_ids(self.pipeline.clock.now())
        names = [name for name in due if name in self.sources and name not in busy]
        chosen: list[Visit] = []
        while names and len(chosen) < room:
            for visit in visits_due(self.pipeline, self.sources, names[:LOOKED_AT]):
                host = authority(visit.status.url)
                if crowds[host] < PER_HOST_MAX and len(chosen) < room:
                    crowds[host] += 1
                    chosen.append(visit)
            del names[:LOOKED_AT]
        return chosen

    def _ended(self, source_id: str, host: str, _: asyncio.Task[None]) -> None:
        self.busy.pop(source_id, None)
        self.crowds[host] -= 1
        if not self.crowds[host]:
            del self.crowds[host]

    async def visit(self, visit: Visit, now: datetime) -> None:
        """Make one visit and report it; it began now."""
        lag_s = (now - visit.status.next_at).total_seconds() if visit.status.next_at else 0.0
        with self._under_way():
            outcome = await self._guarded(f"visit {visit.source.id}", lambda: self._recorded(visit), True)
        if outcome is not None:
            self.starved = ""
            self.observer.visited(outcome, lag_s)
            if outcome.judgements.deliveries:
                self.wake()

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task
        self.visiting.add(task)
        try:
            yield
        finally:
            self.visiting.discard(task)

    async def _recorded(self, visit: Visit) -> Outcome:
        try:
            return await self.pipeline.visit(visit)
        except StoreError:  # one that fails again within its first lease waits for the end of the second
            self.unrecorded.setdefault(visit.source.id, visit.at + VISIT_LEASE)
            raise

    def give_back(self) -> None:
        """Let visits that could not be recorded be due now that the state is back, not when their leases run out."""
        store, now = self.pipeline.store, self.pipeline.clock.now()
        for source_id, until in list(self.unrecorded.items()):
            if until <= now:
                del self.unrecorded[source_id]
        if self.unrecorded:
            store.give_back(self.unrecorded, now)

    async def rechecks(self) -> int:
        """Start reading followed articles that are due; returns how many. None while nothing can be kept."""
        room = READING_MAX - len(self.reading)
        now = self.pipeline.clock.now()
        if self.stopping or self.blocked or self._rests(now) or room <= 0 or not self.pipeline.settings.follow_pages:
            return 0
        due = await self._guarded(
            "due articles", lambda: asyncio.to_thread(articles_due, self.pipeline, self.sources, room)
        )
        for followed in due or ():
            task = asyncio.create_task(self.recheck(followed), name=f"reread {followed.entry_key}")
            self.reading.add(task)
            task.add_done_callback(self.reading.discard)
        return len(due or ())

    async def recheck(self, followed: WatchedArticle) -> None:
        """Read one followed article again and report it."""
        source = self.sources[followed.source_id]
        with self._under_way():
            what = f"reread {followed.url}"
            reread = await self._guarded(what, lambda: self.pipeline.recheck(followed, source), True)
        if reread is not None:
            self.observer.reread(reread)
            if reread.judgements.deliveries:
                self.wake()

    async def deliveries(self) -> int:
        """Settle, claim and begin deliveries for as long as answers come in; how many were begun."""
        begun = 0
        while not self.blocked:
            count = await self._guarded("deliver", self.dispatcher.turn)
            begun += count or 0
            if count is None or not self.dispatcher.answered:
                break
        return begun

    def wake(self) -> None:
        """Deliver now rather than at the next tick."""
        if self.waking is None or self.waking.done():
            self.waking = asyncio.create_task(self.deliveries(), name="deliver")

    async def upkeep(self) -> int:
        """What no visit causes: the baseline brief, overdue deadlines, digests; returns how many alerts were made."""
        await self.catch_up()
        due = await self._guarded("upkeep", lambda: asyncio.to_thread(maintenance.stories_due, self.pipeline))
        made = sum([await self.tend(story_id) for story_id in due or ()])
        return made + await self.keep_house()

    async def catch_up(self) -> None:
        """What each process does for itself: it hears what people said, and lets its stories read what is stored."""
        pipeline = self.pipeline
        heard = await self._guarded("heard", lambda: asyncio.to_thread(pipeline.store.setting, HEARD))
        if heard is not None and heard != pipeline.watchlist.heard:
            await self._guarded("learn", pipeline.learn)
        await self._guarded("backfill", lambda: backfill_all(pipeline))

    async def tend(self, story_id: str) -> int:
        """What is due of one story; returns how many alerts were made."""
        return await self._tell(lambda: maintenance.tend_story(self.pipeline, self.sources, story_id))

    async def keep_house(self) -> int:
        """What is due of places, what came back, and what may be forgotten; returns how many alerts were made."""
        pipeline, second = self.pipeline, self.second_look
        self._look_for_returns(pipeline.clock.now())
        said = await self._guarded("judge", lambda: second.sentences(pipeline)) if second else None
        made = await self._tell(lambda: maintenance.tell(pipeline, self.sources, said or {}))
        await self._guarded("index", lambda: asyncio.to_thread(search_index.index, pipeline.store))
        if second and not second.asking.locked():
            asked = self._guarded("judge", lambda: second.near_misses(pipeline))
            self.asking = asyncio.create_task(asked, name="judge")
        await self._guarded("prune", lambda: asyncio.to_thread(maintenance.prune, pipeline, self.keep_days))
        return made

    async def _tell(self, act: Callable[[], list[Alert]]) -> int:
        made = await self._guarded("upkeep", lambda: asyncio.to_thread(act)) or []
        for alert in made:
            self.observer.told(alert)
        if made:
            self.wake()
        return len(made)

    def _look_for_returns(self, now: datetime) -> None:
        """Aside, for a mailbox may take a minute to answer: what came back."""
        if self.returns_at and now < self.returns_at:
            return
        self.returns_at = now + returned.LOOK_EVERY

        async def look() -> None:
            for delivery, receipt in await self._guarded("bounces", lambda: returned.take(self.pipeline)) or ():
                self.observer.delivered(delivery, receipt)

        self.returning = asyncio.create_task(look(), name="bounces")

    async def _guarded(self, what: str, act: Callable[[], Awaitable[T]], writes: bool = False) -> T | None:
        """Run one duty; a full disk stops polling and sending until a write succeeds again, anything else is told."""
        try:
            result = await act()
        except StoreError as error:
            if self.blocked != str(error):
                self.observer.failed(what, error)
            self.blocked = str(error)
            return None
        except Starved as error:
            now = self.pipeline.clock.now()
            if not self._rests(now):
                self.observer.failed(what, error)
            self.starved, self.rest_until = str(error), now + REST
            return None
        except Exception as error:
            self.observer.failed(what, error)
            return None
        if writes:
            self.blocked = ""
        return result

    def _rests(self, now: datetime) -> bool:
        """Is nothing begun that this machine could not finish?"""
        return self.rest_until is not None and now < self.rest_until

    async def drain(self) -> None:
        """Stop starting; finish or give up what is in flight. A visit given up is made again, as if never begun."""
        self.stopping = True
        if self.asking:
            self.asking.cancel()
        if self.returning:
            self.returning.cancel()
        readings = [*self.busy.values(), *self.reading]
        sending = [each.stop(DRAIN_S) for each in list(self.dispatchers)]
        await asyncio.gather(finish(readings, VISIT_DRAIN_S), *sending)


def visits_due(pipeline: Pipeline, sources: Mapping[str, Source], names: Collection[str] | None = None) -> list[Visit]:
    """The visits to make now, to these of the sources or to any."""
    now = pipeline.clock.now()
    found = pipeline.store.due(now, DUE_MAX, sources if names is None else names)
    return welcome(pipeline, sources, found, now)


def welcome(
    pipeline: Pipeline, sources: Mapping[str, Source], found: Sequence[SourceStatus], now: datetime
) -> list[Visit]:
    """Visits to those whose server, asked for this feed or for two others, did not ask to be left alone."""
    if not found:
        return []
    # Who is held and not due may speak for the same host; of one feed alone there is nobody else to ask for.
    others = pipeline.store.held(now) if len(found) < len(sources) else found
    hosts = poll_schedule.held_hosts((each for each in others if each.source_id in sources), now)
    return [
        Visit(sources[status.source_id], status, now)
        for status in found
        if not poll_schedule.held(status, now) and hosts.get(authority(status.url), now) <= now
    ]


def taken(pipeline: Pipeline, visits: Sequence[Visit]) -> Sequence[Visit]:
    """Those of these due visits that are ours to make: all of them, but where others may have been faster."""
    if not visits or not pipeline.store.shared:
        return visits
    names = {visit.source.id for visit in visits}
    mine = pipeline.store.take(names, visits[0].at, VISIT_LEASE)
    return [visit for visit in visits if visit.source.id in mine]


def articles_due(pipeline: Pipeline, sources: Mapping[str, Source], limit: int) -> list[WatchedArticle]:
    """The followed articles to read again now, leased; of no source that fails or asked to be left alone."""
    now = pipeline.clock.now()
    asked = [name for name in pipeline.store.watched_sources_due(now) if name in sources]
    welcome = [
        source_id
        for source_id, status in pipeline.store.statuses(asked).items()
        if status.error is None and not poll_schedule.held(status, now)
    ]
    return pipeline.store.watched_due(now, limit, READING_LEASE, welcome)
