"""Tends stories between visits: baseline briefs, overdue deadlines, summaries, digests, channels in trouble.

Every alert has an id made from its occasion, so that tending again after a crash tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core import ids
from monitor.deferred import Deferred
from monitor.model import Alert, Backfilled, Delivery, Destination, Source, SourceStatus, Story, StoryState
from monitor.pipeline import Pipeline
from monitor.ports.store import AHEAD

if TYPE_CHECKING:
    from monitor.core.decisions import periodic
    from monitor.core.delivery import messages, routing
    from monitor.core.presentation import dates_ahead
else:
    periodic = Deferred("monitor.core.decisions.periodic")
    messages = Deferred("monitor.core.delivery.messages")
    routing = Deferred("monitor.core.delivery.routing")
    dates_ahead = Deferred("monitor.core.presentation.dates_ahead")

DECISIONS_MAX = 5000  # decisions of a finished day that a summary is made from (set)
LOOKED = "looked"  # the setting that says in which hour, and of which stories, deadlines were last looked at
ALL_TIME = timedelta(days=36_500)  # a hundred years: every member, however old


def tend(
    pipeline: Pipeline, sources: Mapping[str, Source], sentences: Mapping[tuple[str, str], str] = {}
) -> list[Alert]:
    """Put into the outbox what no visit causes and is due now; returns the alerts.

    `sentences` begin the digests of these channels and recipients.
    """
    with pipeline.store.alone("tending"):
        store = pipeline.store
        now, stories = pipeline.clock.now(), [story for story in pipeline.watchlist.stories if not story.paused]
        looked = ids.digest("looked", f"{now:%Y-%m-%dT%H}", *(story.id for story in stories))
        tending = _Round(
            pipeline,
            sources,
            now,
            store.backfilled(),
            store.statuses(sources),
            store.setting(LOOKED) == looked,
            sentences,
        )
        made = [alert for story in stories for alert in tending.story(story)]
        if not tending.looked and not made:
            store.set_setting(LOOKED, looked)
        return [*made, *tending.held(), *tending.empty_days(), *tending.channels()]


def prune(pipeline: Pipeline, keep_days: int) -> None:
    """Once a day, forget what is older than the operator wants kept."""
    today = pipeline.clock.now().date().isoformat()
    if pipeline.store.setting("pruned") != today:
        pipeline.store.prune(pipeline.clock.now(), keep_days)
        pipeline.store.set_setting("pruned", today)


@dataclass(frozen=True, slots=True)
class _Round:
    pipeline: Pipeline
    sources: Mapping[str, Source]
    now: datetime
    backfilled: Mapping[str, Sequence[Backfilled]]
    statuses: Mapping[str, SourceStatus]
    looked: bool
    sentences: Mapping[tuple[str, str], str]

    def _done(self, name: str) -> str:
        """When something was dealt with, "" where it was not. What was done once stays so: it is read once."""
        done = self.pipeline.watchlist.done
        if name not in done and (at := self.pipeline.store.setting(name)):
            done[name] = at
        return done.get(name, "")

    def story(self, story: Story) -> Iterator[Alert]:
        """What is due of one story: recorded, then marked under its name as dealt with."""
        store, watchlist = self.pipeline.store, self.pipeline.watchlist
        told = self._done(f"baseline:{story.id}")
        stored = self.backfilled.get(story.id, ())
        briefs = [*self._baselines(story, told, stored)]
        due = [*briefs, *self._overdue(story, told), *self._summaries(story)]
        for name, alert in due:
            if alert is not None:
                places, muted = watchlist.destinations, story.mute_until
                deliveries = routing.deliveries(alert, places, story.channel_ids, self.now, muted)
                store.add_alert(alert, watchlist.wanted(deliveries, story.id))
                yield alert
            if name:
                store.set_setting(name, self.now.isoformat())
        if stored and briefs:
            store.tell_backfilled(story.id, self.now)

    def _baselines(self, story: Story, told: str, stored: Sequence[Backfilled]) -> Iterator[tuple[str, Alert | None]]:
        """The brief of the first polls, or, after it, of sources that answered for the first time."""
        store, name = self.pipeline.store, f"baseline:{story.id}"
        if told and not stored and not periodic.late_baselines(self._newest(), told):
            return
        read = {source_id: source for source_id, source in self.sources.items() if story.reads(source_id)}
        statuses = [self.statuses[source_id] for source_id in read]
        if not told and story.id not in self.pipeline.watchlist.unread and periodic.baseline_ready(statuses, self.now):
            members = store.memory(story.id, self.now, ALL_TIME).members
            yield name, periodic.baseline(story, statuses, read, members, stored, self.now)
            yield from ((f"{name}:{each.source_id}", None) for each in stored)
        elif told and stored:
            members = store.memory(story.id, self.now, ALL_TIME).members
            found = store.decisions(story_id=story.id, since=min(each.at for each in stored), limit=DECISIONS_MAX)
            yield "", periodic.late_backfill(story, stored, read, members, found, self.now)
            yield from ((f"{name}:{each.source_id}", None) for each in stored)
            statuses = [status for status in statuses if status.source_id not in {each.source_id for each in stored}]
        for status in periodic.late_baselines(statuses, told) if told else ():
            late = f"{name}:{status.source_id}"
            if not self._done(late):
                members = store.memory(story.id, self.now, ALL_TIME).members
                yield late, periodic.late_baseline(story, status, read, members, self.now)

    def _newest(self) -> Sequence[SourceStatus]:
        """The source that was first read last, in a list: where its baseline is old, so are all."""
        read = [status for status in self.statuses.values() if status.baseline_at]
        return [max(read, key=lambda status: status.baseline_at or self.now)] if read else ()

    def _overdue(self, story: Story, told: str) -> Iterator[tuple[str, Alert | None]]:
        """What passed without news. Deadlines are days: a memory that must be read for it is looked at once an hour."""
        store, watchlist = self.pipeline.store, self.pipeline.watchlist
        if not told:
            return
        looked, hour = f"looked:{story.id}", f"{self.now:%Y-%m-%dT%H}"
        if (store.shared or story.id not in watchlist.memories) and (self.looked or watchlist.done.get(looked) == hour):
            return
        watchlist.done[looked] = hour
        memory = watchlist.memory(store, story.id, self.now, fresh=True)
        self._note_ahead(story, memory)
        for alert in periodic.overdue(story, memory, told, self.now):
            if not self._done(f"overdue:{alert.id}"):
                yield f"overdue:{alert.id}", alert

    def _note_ahead(self, story: Story, memory: StoryState) -> None:
        """Keep for the page what is still to come: it shows all stories, and must not read what each knows."""
        name, dates = f"{AHEAD}:{story.id}", dates_ahead.kept(dates_ahead.ahead(memory.claims, self.now))
        if self._done(name) != dates:
            self.pipeline.store.set_setting(name, dates)
            self.pipeline.watchlist.done[name] = dates

    def _summaries(self, story: Story) -> Iterator[tuple[str, Alert | None]]:
        """Once a day: what the limits kept quiet on the days before."""
        name, today = f"quiet:{story.id}", _midnight(self.now)
        last = self.pipeline.watchlist.done.get(name, "")
        if not last or datetime.fromisoformat(last) < today:
            last = self.pipeline.watchlist.done[name] = self.pipeline.store.setting(name)
        if last and datetime.fromisoformat(last) >= today:
            return
        if last:
            since = _midnight(datetime.fromisoformat(last))
            made = self.pipeline.store.decisions(story_id=story.id, since=since, limit=DECISIONS_MAX)
            finished = [decision for decision in made if decision.at < today]
            yield from (("", alert) for alert in periodic.kept_quiet(story, finished, self.now))
        yield name, None

    def held(self) -> Iterator[Alert]:
        """Digests that are due; what quiet hours held is sent one by one where the destination wants no roll-up."""
        store, places = self.pipeline.store, self._places()
        for channel_id, recipient, found in store.due_digests(self.now):
            place = places.get((channel_id, recipient))
            for held in routing.apart(place, found):
                if routing.rolls(place, len(held)):
                    yield self._digest((channel_id, recipient), held, ())
                else:
                    store.release([delivery for delivery, _ in held])

    def empty_days(self) -> Iterator[Alert]:
        """To who has digests: that a day brought nothing, where they want to hear it."""
        store, watchlist = self.pipeline.store, self.pipeline.watchlist
        off = store.disabled_channels()
        for at, place in self._places().items():
            stories = [(s.id, s.title) for s in watchlist.stories if routing.hears(place, s, watchlist.muted)]
            if place.mode != "digest" or not place.digest_empty or not stories or place.channel_id in off:
                continue
            last = store.setting(_digested(at))
            if not last:
                store.set_setting(_digested(at), self.now.isoformat())
            elif routing.statement_at(place, datetime.fromisoformat(last)) <= self.now:
                yield self._digest(at, (), stories)

    def _places(self) -> dict[tuple[str, str], Destination]:
        return {(place.channel_id, place.recipient): place for place in self.pipeline.watchlist.destinations}

    def _digest(
        self, at: tuple[str, str], held: Sequence[tuple[Delivery, Alert]], stories: Sequence[tuple[str, str]]
    ) -> Alert:
        store, now = self.pipeline.store, self.now
        last = store.setting(_digested(at))
        since = datetime.fromisoformat(last) if last else now - timedelta(days=1)
        place, coverage = self._places().get(at), None
        if place is None or place.mode == "digest":
            coverage = periodic.coverage(store.statuses(self.sources).values(), self.sources, store.gaps(since), now)
        alert = messages.digest([alert for _, alert in held], coverage, now, since=since, stories=stories)
        if at in self.sentences:
            alert = replace(alert, notes=(self.sentences[at], *alert.notes))
        store.set_setting(_digested(at), now.isoformat())
        store.roll_up([delivery for delivery, _ in held], alert, routing.digest_delivery(alert, *at, now))
        return alert

    def channels(self) -> Iterator[Alert]:
        """Tell the other channels, once, of one that is switched off or has lost alerts; of losses at most daily."""
        store, watchlist = self.pipeline.store, self.pipeline.watchlist
        statuses = store.channels()
        letters: dict[str, list[tuple[Delivery, Alert]]] = {}
        for delivery, letter in store.dead_letters():
            letters.setdefault(delivery.channel_id, []).append((delivery, letter))
        off = {status.channel_id for status in statuses if status.disabled}
        for status in statuses:
            dead = letters.get(status.channel_id, [])
            # What a notice itself could not say is not told again: two dead channels would write each other for ever.
            notices = [d for d, letter in dead if letter.source_id.startswith(periodic.CHANNEL_PREFIX)]
            lost = [(d, letter) for d, letter in dead if not letter.source_id.startswith(periodic.CHANNEL_PREFIX)]
            alert = periodic.channel_notice(status, lost, self.now)
            if alert:
                died = {(d.channel_id, d.recipient) for d, _ in dead}
                others = [p for p in watchlist.destinations if (p.channel_id, p.recipient) not in died]
                others = [place for place in others if place.channel_id not in off]
                told = routing.deliveries(alert, others, self.pipeline.settings.operators, self.now)
                told = told or routing.deliveries(alert, others, (), self.now)
                store.acknowledge(status, [d for d, _ in dead], alert, told)
                yield alert
            elif notices:
                store.acknowledge(status, notices, None, ())


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _digested(at: tuple[str, str]) -> str:
    return f"digested:{at[0]}:{at[1]}"
