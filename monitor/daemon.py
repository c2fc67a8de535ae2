"""Runs the lane at its own pace: starts due visits, sends due deliveries, and keeps house. Handed what it uses.

An engine calls `visits`, `deliveries` and `upkeep` whenever it likes; each does what is due and no more, so a late,
early or repeated call changes nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from monitor.core import intervals, messages, routing, upkeep
from monitor.core.urls import authority
from monitor.courier import DRAIN_S, Courier
from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Delivery,
    Followed,
    Outcome,
    Receipt,
    Reread,
    Source,
    SourceStatus,
    Story,
    Visit,
)
from monitor.pipeline import HEARD, Lane

T = TypeVar("T")

# Visits at one host at a time: more would only wait for their turn there, in the place of others.
PER_HOST_MAX = 4
DUE_MAX = 100_000
VISIT_DRAIN_S = 5.0
READING_MAX = 4
DECISIONS_MAX = 5000
READING_LEASE = timedelta(minutes=10)
ALL_TIME = timedelta(days=36_500)


class Witness(Protocol):
    """Who is told of what happened, for logs and metrics; never decides."""

    def visited(self, outcome: Outcome, lag_s: float) -> None:
        """A visit was recorded; `lag_s` is how late it began."""

    def reread(self, reread: Reread) -> None:
        """A followed article was read again."""

    def delivered(self, delivery: Delivery, receipt: Receipt) -> None:
        """An attempt was settled."""

    def told(self, alert: Alert) -> None:
        """An alert that no visit made was put into the outbox."""

    def failed(self, what: str, error: BaseException) -> None:
        """Something that should not fail did."""


@dataclass(slots=True)
class Daemon:
    """The daemon's work, one method a duty. `blocked` is the cause why nothing is polled or sent, else empty."""

    lane: Lane
    sources: Mapping[str, Source]
    witness: Witness
    concurrency: int = 200
    keep_days: int = 400
    blocked: str = ""
    busy: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    crowds: Counter[str] = field(default_factory=Counter)
    reading: set[asyncio.Task[None]] = field(default_factory=set)
    stopping: bool = False
    progress_at: datetime | None = None
    courier: Courier = field(init=False)
    waking: asyncio.Task[int] | None = None

    def __post_init__(self) -> None:
        """Send whatever the lane records, at once."""
        self.courier = Courier(self.lane, lambda *made: self.witness.delivered(*made), self.wake)

    async def visits(self) -> int:
        """Start every due visit that is not under way; returns how many. None start while nothing can be kept."""
        room = self.concurrency - len(self.busy)
        if self.stopping or room <= 0:
            return 0
        now, store = self.lane.clock.now(), self.lane.store
        if self.blocked:
            await self._guarded("probe", lambda: asyncio.to_thread(store.set_setting, "probe", now.isoformat()), True)
        if self.blocked:
            return 0
        due = await self._guarded("due", lambda: asyncio.to_thread(visits_due, self.lane, self.sources))
        self.progress_at = now
        started = 0
        for visit in due or ():
            host = authority(visit.status.url)
            if visit.source.id in self.busy or self.crowds[host] >= PER_HOST_MAX:
                continue
            if started >= room or self.stopping:
                break
            lag_s = (now - visit.status.next_at).total_seconds() if visit.status.next_at else 0.0
            task = asyncio.create_task(self._visit(visit, lag_s), name=f"visit {visit.source.id}")
            self.busy[visit.source.id] = task
            self.crowds[host] += 1
            task.add_done_callback(partial(self._ended, visit.source.id, host))
            started += 1
        return started

    def _ended(self, source_id: str, host: str, _: asyncio.Task[None]) -> None:
        self.busy.pop(source_id, None)
        self.crowds[host] -= 1
        if not self.crowds[host]:
            del self.crowds[host]

    async def _visit(self, visit: Visit, lag_s: float) -> None:
        outcome = await self._guarded(f"visit {visit.source.id}", lambda: self.lane.visit(visit), True)
        if outcome is not None:
            self.witness.visited(outcome, lag_s)
            if outcome.deliveries:
                self.wake()

    async def rereads(self) -> int:
        """Start reading followed articles that are due; returns how many. None while nothing can be kept."""
        room = READING_MAX - len(self.reading)
        if self.stopping or self.blocked or room <= 0 or not self.lane.settings.follow_pages:
            return 0
        due = await self._guarded(
            "due articles", lambda: asyncio.to_thread(articles_due, self.lane, self.sources, room)
        )
        for followed in due or ():
            task = asyncio.create_task(self._reread(followed), name=f"reread {followed.entry_key}")
            self.reading.add(task)
            task.add_done_callback(self.reading.discard)
        return len(due or ())

    async def _reread(self, followed: Followed) -> None:
        source = self.sources[followed.source_id]
        reread = await self._guarded(f"reread {followed.url}", lambda: self.lane.reread(followed, source), True)
        if reread is not None:
            self.witness.reread(reread)
            if reread.deliveries:
                self.wake()

    async def deliveries(self) -> int:
        """Settle, claim and begin deliveries for as long as answers come in; how many were begun."""
        begun = 0
        while not self.blocked:
            count = await self._guarded("deliver", self.courier.turn)
            begun += count or 0
            if count is None or not self.courier.answered:
                break
        return begun

    def wake(self) -> None:
        """Deliver now rather than at the next tick."""
        if self.waking is None or self.waking.done():
            self.waking = asyncio.create_task(self.deliveries(), name="deliver")

    async def upkeep(self) -> int:
        """What no visit causes: the baseline brief, overdue deadlines, digests; returns how many alerts were made."""
        lane = self.lane
        heard = await self._guarded("heard", lambda: asyncio.to_thread(lane.store.setting, HEARD))
        if heard is not None and heard != lane.watch.heard:
            await self._guarded("learn", lane.learn)
        made = await self._guarded("upkeep", lambda: asyncio.to_thread(tend, lane, self.sources)) or []
        for alert in made:
            self.witness.told(alert)
        if made:
            self.wake()
        await self._guarded("prune", lambda: asyncio.to_thread(prune, lane, self.keep_days))
        return len(made)

    async def _guarded(self, what: str, act: Callable[[], Awaitable[T]], writes: bool = False) -> T | None:
        """Run one duty; a full disk stops polling and sending until a write succeeds again, anything else is told."""
        try:
            result = await act()
        except StoreError as error:
            if self.blocked != str(error):
                self.witness.failed(what, error)
            self.blocked = str(error)
            return None
        except Exception as error:
            self.witness.failed(what, error)
            return None
        if writes:
            self.blocked = ""
        return result

    async def drain(self) -> None:
        """Stop starting; finish or give up what is in flight. A visit given up is made again, as if never begun."""
        self.stopping = True
        await asyncio.gather(self._finish_readings(), self.courier.stop(DRAIN_S))

    async def _finish_readings(self) -> None:
        if pending := [*self.busy.values(), *self.reading]:
            _, late = await asyncio.wait(pending, timeout=VISIT_DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def visits_due(lane: Lane, sources: Mapping[str, Source], all_of_them: bool = False) -> list[Visit]:
    """The visits to make now. `all_of_them` ignores due times, but never Retry-After, paused, gone or review."""
    now, store = lane.clock.now(), lane.store
    if all_of_them:
        found = list(store.statuses(sources).values())
        found = [status for status in found if not status.paused and status.state not in ("gone", "review")]
    else:
        found = store.due(now, DUE_MAX, sources)
    if not found:
        return []
    hosts = intervals.held_hosts(store.statuses(sources).values(), now)
    return [
        Visit(sources[status.source_id], status, now)
        for status in found
        if not intervals.held(status, now) and hosts.get(authority(status.url), now) <= now
    ]


def articles_due(lane: Lane, sources: Mapping[str, Source], limit: int) -> list[Followed]:
    """The followed articles to read again now, leased; of no source that fails or asked to be left alone."""
    now = lane.clock.now()
    welcome = [
        source_id
        for source_id, status in lane.store.statuses(sources).items()
        if status.error is None and not intervals.held(status, now)
    ]
    return lane.store.followed_due(now, limit, READING_LEASE, welcome)


def prune(lane: Lane, keep_days: int) -> None:
    """Once a day, forget what is older than the operator wants kept."""
    today = lane.clock.now().date().isoformat()
    if lane.store.setting("pruned") != today:
        lane.store.prune(lane.clock.now(), keep_days)
        lane.store.set_setting("pruned", today)


def tend(lane: Lane, sources: Mapping[str, Source]) -> list[Alert]:
    """Make the alerts that no visit causes: baseline briefs, overdue deadlines, due digests.

    Every alert has an id made from its occasion, so that tending again after a crash tells nothing twice.
    """
    now, store = lane.clock.now(), lane.store
    made = []
    for story in lane.watch.stories:
        if not story.paused:
            read = [source for source in sources if not story.source_ids or source in story.source_ids]
            made += _tend_story(lane, story, list(store.statuses(read).values()), now)
    return made + _tend_held(lane, sources, now) + _tend_channels(lane, now)


def _tend_held(lane: Lane, sources: Mapping[str, Source], now: datetime) -> list[Alert]:
    """Digests that are due, what quiet hours held, and, to who has digests, that a day brought nothing."""
    store, watch = lane.store, lane.watch
    places = {(place.channel_id, place.recipient): place for place in watch.destinations}
    made = []
    for channel_id, recipient, held in store.due_digests(now):
        if routing.rolls(places.get((channel_id, recipient)), len(held)):
            made.append(_digest(lane, sources, (channel_id, recipient), held, (), now))
        else:
            store.let_go([delivery for delivery, _ in held])
    off = store.disabled_channels()
    for at, place in places.items():
        stories = [(s.id, s.title) for s in watch.stories if routing.hears(place, s, watch.muted)]
        if place.mode != "digest" or not place.digest_empty or not stories or place.channel_id in off:
            continue
        last = store.setting(_digested(at))
        if not last:
            store.set_setting(_digested(at), now.isoformat())
        elif routing.statement_at(place, datetime.fromisoformat(last)) <= now:
            made.append(_digest(lane, sources, at, (), stories, now))
    return made


def _digested(at: tuple[str, str]) -> str:
    return f"digested:{at[0]}:{at[1]}"


def _digest(
    lane: Lane, sources: Mapping[str, Source], at: tuple[str, str], held: Sequence[tuple[Delivery, Alert]],
    stories: Sequence[tuple[str, str]], now: datetime,
) -> Alert:  # fmt: skip
    store = lane.store
    last = store.setting(_digested(at))
    since = datetime.fromisoformat(last) if last else now - timedelta(days=1)
    coverage = upkeep.coverage(store.statuses(sources).values(), sources, store.gaps(since), now)
    alert = messages.digest([alert for _, alert in held], coverage, now, since=since, stories=stories)
    store.set_setting(_digested(at), now.isoformat())
    store.fold([delivery for delivery, _ in held], alert, routing.digest_delivery(alert, *at, now))
    return alert


def _summaries(lane: Lane, story: Story, now: datetime) -> list[tuple[str, Alert | None]]:
    """Once a day: what the limits kept quiet on the days before."""
    name, today = f"quiet:{story.id}", now.replace(hour=0, minute=0, second=0, microsecond=0)
    last = lane.store.setting(name)
    if last and datetime.fromisoformat(last) >= today:
        return []
    since = datetime.fromisoformat(last).replace(hour=0, minute=0, second=0, microsecond=0) if last else today
    made = lane.store.decisions(story_id=story.id, since=since, limit=DECISIONS_MAX) if last else []
    found = upkeep.kept_quiet(story, [decision for decision, _ in made if decision.at < today], now)
    return [(name, alert) for alert in found] or [(name, None)]


def _tend_channels(lane: Lane, now: datetime) -> list[Alert]:
    """Tell the other channels, once, of one that is switched off or has lost alerts; of losses at most daily."""
    store, made = lane.store, []
    statuses = store.channels()
    letters: dict[str, list[tuple[Delivery, Alert]]] = {}
    for delivery, letter in store.dead_letters():
        letters.setdefault(delivery.channel_id, []).append((delivery, letter))
    off = {status.channel_id for status in statuses if status.disabled}
    for status in statuses:
        dead = letters.get(status.channel_id, [])
        # What a notice itself could not say is not told again: two dead channels would write each other for ever.
        notices = [d for d, letter in dead if letter.source_id.startswith(upkeep.CHANNEL_PREFIX)]
        lost = [(d, letter) for d, letter in dead if not letter.source_id.startswith(upkeep.CHANNEL_PREFIX)]
        alert = upkeep.channel_notice(status, lost, now)
        if alert:
            others = [p for p in lane.watch.destinations if p.channel_id not in off | {status.channel_id}]
            told = routing.deliveries(alert, others, lane.settings.operators, now)
            store.mourn(status, [d for d, _ in dead], alert, told or routing.deliveries(alert, others, (), now))
            made.append(alert)
        elif notices:
            store.mourn(status, notices, None, ())
    return made


def _tend_story(lane: Lane, story: Story, statuses: list[SourceStatus], now: datetime) -> list[Alert]:
    store = lane.store
    told = store.setting(f"baseline:{story.id}")
    due: list[tuple[str, Alert | None]] = []
    if not told and upkeep.baseline_ready(statuses, now):
        members = store.memory(story.id, now, ALL_TIME).members
        due.append((f"baseline:{story.id}", upkeep.baseline(story, statuses, members, now)))
    elif told:
        for status in upkeep.late_baselines(statuses, told):
            name = f"baseline:{story.id}:{status.source_id}"
            if not store.setting(name):
                members = store.memory(story.id, now, ALL_TIME).members
                due.append((name, upkeep.late_baseline(story, status, members, now)))
        memory = lane.watch.memory(store, story.id, now)
        for alert in upkeep.overdue(story, memory, told, now):
            if not store.setting(f"overdue:{alert.id}"):
                due.append((f"overdue:{alert.id}", alert))
    due += _summaries(lane, story, now)
    for name, made in due:
        if made is not None:
            deliveries = routing.deliveries(made, lane.watch.destinations, story.channel_ids, now)
            store.add_alert(made, lane.watch.wanted(deliveries, story.id))
        store.set_setting(name, now.isoformat())
    return [made for _, made in due if made is not None]
