"""Tends stories between visits: baseline briefs, overdue deadlines, summaries, digests, channels in trouble.

Every alert has an id made from its occasion, so that tending again after a crash tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.times import midnight
from monitor.deferred import Deferred
from monitor.model import Alert, Backfilled, Delivery, Destination, Source, SourceStatus, Story, StoryReport, StoryState
from monitor.pipeline import Pipeline
from monitor.ports import setting_names

if TYPE_CHECKING:
    from monitor.core.decisions import periodic
    from monitor.core.delivery import messages, routing
    from monitor.core.presentation import dates_ahead
else:
    periodic = Deferred("monitor.core.decisions.periodic")
    messages = Deferred("monitor.core.delivery.messages")
    routing = Deferred("monitor.core.delivery.routing")
    dates_ahead = Deferred("monitor.core.presentation.dates_ahead")

STORIES_MAX = 1000  # stories looked for at a time (set: many more than a tick tends)
DAY = timedelta(days=1)  # until a story is looked at again (deadlines and summaries are of days)
DECISIONS_MAX = 5000  # decisions of a finished day that a summary is made from (set)
ALL_TIME = timedelta(days=36_500)  # a hundred years: every member, however old


def tend(pipeline: Pipeline, sources: Mapping[str, Source]) -> list[Alert]:
    """Put into the outbox what no visit causes and is due now; returns the alerts."""
    due = stories_due(pipeline)
    return [alert for story_id in due for alert in tend_story(pipeline, sources, story_id)] + tell(pipeline, sources)


def stories_due(pipeline: Pipeline) -> list[str]:
    """The stories whose upkeep is due now; those that nobody watches at present are put off."""
    store, now = pipeline.store, pipeline.clock.now()
    watched = {story.id for story in pipeline.watchlist.stories if not story.paused}
    due = store.stories_due(now, STORIES_MAX)
    for story_id in set(due) - watched:
        if taken_until := store.take_story(story_id, now):
            store.put_off_story(story_id, taken_until, midnight(now) + DAY)
    return [story_id for story_id in due if story_id in watched]


def tend_story(pipeline: Pipeline, sources: Mapping[str, Source], story_id: str) -> list[Alert]:
    """Put into the outbox what is due of one story, in one transaction that holds it; nothing where nothing is due."""
    store, now = pipeline.store, pipeline.clock.now()
    story = next((story for story in pipeline.watchlist.stories if story.id == story_id), None)
    taken_until = store.take_story(story_id, now) if story else None
    if story is None or taken_until is None:
        return []
    with store.deciding({story_id}):
        read = {source_id: sources[source_id] for source_id in story.read_of(sources)}
        upkeep = _Upkeep(pipeline, story, read, list(store.statuses(read).values()), now)
        made = upkeep.tell()
        store.put_off_story(story_id, taken_until, upkeep.next_at())
    return made


def tell(
    pipeline: Pipeline, sources: Mapping[str, Source], sentences: Mapping[tuple[str, str], str] = {}
) -> list[Alert]:
    """Put into the outbox what is due of places and channels: digests, and what became of other channels.

    `sentences` begin the digests of these channels and recipients.
    """
    telling = _Telling(pipeline, sources, pipeline.clock.now(), sentences)
    return [*telling.held(), *telling.empty_days(), *telling.channels()]


def prune(pipeline: Pipeline, keep_days: int) -> None:
    """Once a day, forget what is older than the operator wants kept."""
    today = pipeline.clock.now().date().isoformat()
    if pipeline.store.setting(setting_names.PRUNED) != today:
        pipeline.store.prune(pipeline.clock.now(), keep_days)
        pipeline.store.set_setting(setting_names.PRUNED, today)


@dataclass(frozen=True, slots=True)
class _Upkeep:
    pipeline: Pipeline
    story: Story
    sources: Mapping[str, Source]
    statuses: Sequence[SourceStatus]
    now: datetime

    def tell(self) -> list[Alert]:
        """What is due of the story: recorded, then marked under its name as dealt with.

        All at once: who adds one alert after the other holds the places of the first while it waits for others.
        """
        store, watchlist, story = self.pipeline.store, self.pipeline.watchlist, self.story
        told = store.setting(setting_names.baseline(story.id))
        stored = store.backfilled(story.id)
        briefs = [*self._baselines(told, stored)]
        due = [*briefs, *self._overdue(told), *self._summaries()]
        made = [alert for _, alert in due if alert is not None]
        places, muted = watchlist.destinations, story.mute_until
        routed = [
            each for alert in made for each in routing.deliveries(alert, places, story.channel_ids, self.now, muted)
        ]
        if made:
            store.add_alerts(made, watchlist.wanted(routed, story.id), self.now)
        for name, _ in due:
            if name:
                store.set_setting(name, self.now.isoformat())
        if stored and briefs:
            store.tell_backfilled(story.id, self.now)
        return made

    def next_at(self) -> datetime:
        """When to look again: on the next day, or when the first source that answered has waited long enough."""
        read = [status.baseline_at for status in self.statuses if status.baseline_at]
        tomorrow = midnight(self.now) + DAY
        waited = min(read, default=self.now) + periodic.BASELINE_WAIT
        return min(tomorrow, waited) if waited > self.now else tomorrow

    def _baselines(self, told: str, stored: Sequence[Backfilled]) -> Iterator[tuple[str, Alert | None]]:
        """The brief of the first polls, or, after it, of sources that answered for the first time."""
        store, story, read, statuses = self.pipeline.store, self.story, self.sources, self.statuses
        name = setting_names.baseline(story.id)
        briefed = [(setting_names.baseline(story.id, each.source_id), None) for each in stored]
        if told and not stored and not periodic.late_baselines(statuses, told):
            return
        if not told and story.id not in self.pipeline.watchlist.unread and periodic.baseline_ready(statuses, self.now):
            yield name, periodic.baseline(story, statuses, read, self._members(), stored, self.now)
            yield from briefed
        elif told and stored:
            found = store.decisions(story_id=story.id, since=min(each.at for each in stored), limit=DECISIONS_MAX)
            yield "", periodic.late_backfill(story, stored, read, self._members(), found, self.now)
            yield from briefed
            statuses = [status for status in statuses if status.source_id not in {each.source_id for each in stored}]
        for status in periodic.late_baselines(statuses, told) if told else ():
            late = setting_names.baseline(story.id, status.source_id)
            if not store.setting(late):
                yield late, periodic.late_baseline(story, status, read, self._members(), self.now)

    def _members(self) -> Sequence[StoryReport]:
        """All that the story accepted, however old."""
        return self.pipeline.store.memory(self.story.id, self.now, ALL_TIME).members

    def _overdue(self, told: str) -> Iterator[tuple[str, Alert | None]]:
        """What passed without news."""
        if told:
            memory = self.pipeline.watchlist.memory(self.pipeline.store, self.story.id, self.now, fresh=True)
            self._note_ahead(memory)
            for alert in periodic.overdue(self.story, memory, told, self.now):
                if not self.pipeline.store.setting(setting_names.overdue(alert.id)):
                    yield setting_names.overdue(alert.id), alert

    def _note_ahead(self, memory: StoryState) -> None:
        """Keep for the page what is still to come: it shows all stories, and must not read what each knows."""
        name, dates = setting_names.ahead(self.story.id), dates_ahead.kept(dates_ahead.ahead(memory.claims, self.now))
        if self.pipeline.store.setting(name) != dates:
            self.pipeline.store.set_setting(name, dates)

    def _summaries(self) -> Iterator[tuple[str, Alert | None]]:
        """Once a day: what the limits kept quiet on the days before."""
        story, name, today = self.story, setting_names.quiet(self.story.id), midnight(self.now)
        last = self.pipeline.store.setting(name)
        if last and datetime.fromisoformat(last) >= today:
            return
        if last:
            since = midnight(datetime.fromisoformat(last))
            store = self.pipeline.store
            made = store.decisions(story_id=story.id, since=since, follow_up=True, limit=DECISIONS_MAX)
            finished = [decision for decision in made if decision.at < today]
            yield from (("", alert) for alert in periodic.kept_quiet(story, finished, self.now))
        yield name, None


@dataclass(frozen=True, slots=True)
class _Telling:
    """What is due of places and channels. Each is held while it is dealt with, and looked at once more before."""

    pipeline: Pipeline
    sources: Mapping[str, Source]
    now: datetime
    sentences: Mapping[tuple[str, str], str]

    def held(self) -> Iterator[Alert]:
        """Digests that are due; what quiet hours held is sent one by one where the destination wants no roll-up."""
        store, places = self.pipeline.store, self._places()
        for at in [(channel_id, recipient) for channel_id, recipient, _ in store.due_digests(self.now)]:
            with store.telling(*at):
                due = {(channel_id, recipient): found for channel_id, recipient, found in store.due_digests(self.now)}
                for held in routing.apart(places.get(at), due.get(at, [])):
                    if routing.rolls(places.get(at), len(held)):
                        yield self._digest(at, held, ())
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
            if self._stated(place):
                continue
            with store.telling(*at):
                if not self._stated(place):
                    yield self._digest(at, (), stories)

    def _stated(self, place: Destination) -> bool:
        """Was a place told of its day already? Its first one begins when it is first asked after."""
        store, name = self.pipeline.store, setting_names.digested(place.channel_id, place.recipient)
        last = store.setting(name) or store.keep_setting(name, self.now.isoformat())
        return routing.statement_at(place, datetime.fromisoformat(last)) > self.now

    def _places(self) -> dict[tuple[str, str], Destination]:
        return {(place.channel_id, place.recipient): place for place in self.pipeline.watchlist.destinations}

    def _digest(
        self, at: tuple[str, str], held: Sequence[tuple[Delivery, Alert]], stories: Sequence[tuple[str, str]]
    ) -> Alert:
        store, now = self.pipeline.store, self.now
        last = store.setting(setting_names.digested(*at))
        since = datetime.fromisoformat(last) if last else now - timedelta(days=1)
        place, coverage = self._places().get(at), None
        if place is None or place.mode == "digest":
            coverage = periodic.coverage(store.statuses(self.sources).values(), self.sources, store.gaps(since), now)
        alert = messages.digest([alert for _, alert in held], coverage, now, since=since, stories=stories)
        if at in self.sentences:
            alert = replace(alert, notes=(self.sentences[at], *alert.notes))
        store.set_setting(setting_names.digested(*at), now.isoformat())
        store.roll_up([delivery for delivery, _ in held], alert, routing.at_once(alert, *at, now))
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
                if store.acknowledge(status, [d for d, _ in dead], alert, told):
                    yield alert
            elif notices:
                store.acknowledge(status, notices, None, ())
