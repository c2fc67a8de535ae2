"""What is watched: stories compiled, with what each has learnt and remembers."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.deferred import Deferred
from monitor.model import (
    Backfill,
    Claim,
    Delivery,
    Destination,
    Outcome,
    Source,
    Story,
    StoryState,
)
from monitor.pipeline.lessons import LONG_AGO, Lessons, example
from monitor.ports import Store
from monitor.ports.setting_names import HEARD

if TYPE_CHECKING:
    from monitor.core import relevance
    from monitor.core.decisions import visit
    from monitor.core.delivery import routing
    from monitor.core.novelty import claims
    from monitor.core.relevance import feedback
else:
    relevance = Deferred("monitor.core.relevance")
    visit = Deferred("monitor.core.decisions.visit")
    routing = Deferred("monitor.core.delivery.routing")
    claims = Deferred("monitor.core.novelty.claims")
    feedback = Deferred("monitor.core.relevance.feedback")

# Novelty compares by the entries' own times, which may lie far from now: a memory is bounded by number, not by age.
MEMORY_WINDOW = timedelta(days=36_500)
MEMBERS_MAX = 3000  # reports of a story that are remembered, the newest: some 6 MiB (set)
CLAIMS_MAX = 6000  # claims of a story that are remembered, the newest, beside its seed's: some 3 MiB (set)
TABLES_MAX = 64  # tables of which stories read a source, for the sources that not the same ones read (set)
# What others decided in the last seconds may not be known where an entry is only looked at (set: as it is of what they
# are deciding now, and learning from each by itself is a seventh of what a worker does beside three others); where it
# comes near a story, that story is held, and all that was decided of it is known.
GLANCE = timedelta(seconds=5)
BEHIND_MAX = 200  # entries decided by others that are added to what is kept of a story; beyond, all is read anew (set)


@dataclass(slots=True)
class Watchlist:
    """What is watched: stories with their profiles and seed claims, and what is known of each so far.

    The only mutable thing in the pipeline, touched by one decision at a time; its caches can be read from the store.
    Profiles are compiled when an entry is first scored: most passes bring none.
    """

    stories: tuple[Story, ...]
    destinations: tuple[Destination, ...] = ()
    memories: dict[str, StoryState] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    behind: dict[str, frozenset[str]] = field(default_factory=dict)
    untaught: dict[str, frozenset[str]] = field(default_factory=dict)
    glances: dict[str, datetime] = field(default_factory=dict)
    adopted: set[str] = field(default_factory=set)
    unread: dict[str, dict[str, Source]] = field(default_factory=dict)
    muted: set[tuple[str, str, str]] = field(default_factory=set)
    heard: str = ""
    sources: dict[str, Source] = field(default_factory=dict)
    _teacher: tuple[Store | None, bool] = (None, True)
    _lessons: Lessons | None = None
    _ranks: dict[str, int] = field(default_factory=dict)
    _by_choice: Mapping[str, tuple[str, ...]] | None = None
    _tables: dict[tuple[tuple[str, ...] | None, frozenset[str]], Mapping[str, Story]] = field(default_factory=dict)
    _seed_claims: dict[str, tuple[Claim, ...]] = field(default_factory=dict)
    # Decisions and pages, each in its thread, may both be the first to ask.
    _compiling: threading.RLock = field(default_factory=threading.RLock)

    @property
    def lessons(self) -> Lessons:
        """What the stories have learnt, as of the last `learn` and what was decided since."""
        with self._compiling:
            if self._lessons is None:
                lessons = Lessons({}, relevance.Matcher(()), {}, {}, {})
                for story in self.stories:
                    lessons.relearn(story, *self._teacher)
                lessons.matcher = relevance.Matcher(lessons.profiles.values(), watched_since=self._watched_since)
                self._lessons = lessons
            return self._lessons

    def _watched_since(self, story_id: str) -> datetime | None:
        store, _ = self._teacher
        return store.first_decided_at(story_id) if store else None

    @property
    def profiles(self) -> dict[str, relevance.Profile]:
        """The profile of each story."""
        return self.lessons.profiles

    @property
    def matcher(self) -> relevance.Matcher:
        """The profiles, joined for scoring."""
        return self.lessons.matcher

    @property
    def said(self) -> dict[str, feedback.Said]:
        """What people said of each story's alerts."""
        return self.lessons.said

    def of_source(self, source_id: str) -> Mapping[str, Story]:
        """The stories, not paused, that read this source, by id; not those that must first read what is stored of it.

        With many stories most sources are read by the same ones: these share one table.
        """
        behind = frozenset(name for name, sources in self.unread.items() if source_id in sources)
        chosen = None if source_id in self.adopted else self._chosen().get(source_id, ())
        return self._readers(chosen, behind)

    @property
    def ranks(self) -> Mapping[str, int]:
        """The place of each story in the configuration."""
        if not self._ranks:
            self._ranks = {story.id: rank for rank, story in enumerate(self.stories)}
        return self._ranks

    def in_order(self, story_ids: Collection[str]) -> list[str]:
        """Some stories in the order of the configuration."""
        return sorted(story_ids, key=self.ranks.__getitem__)

    def _chosen(self) -> Mapping[str, tuple[str, ...]]:
        """By source, the stories that have chosen their sources and read this one."""
        if self._by_choice is None:
            chosen: dict[str, list[str]] = {}
            for story in self.stories:
                for name in story.source_ids:
                    chosen.setdefault(name, []).append(story.id)
            self._by_choice = {name: tuple(ids) for name, ids in chosen.items()}
        return self._by_choice

    def _readers(self, chosen: tuple[str, ...] | None, behind: frozenset[str]) -> Mapping[str, Story]:
        """Those that read every source, and the `chosen` (None: all), but for those `behind`."""
        if (chosen, behind) not in self._tables:
            if len(self._tables) >= TABLES_MAX:
                self._tables.clear()
            self._tables[chosen, behind] = {
                story.id: story
                for story in self.stories
                if not story.paused
                and story.id not in behind
                and (chosen is None or not story.source_ids or story.id in chosen)
            }
        return self._tables[chosen, behind]

    def survey(self, store: Store, sources: Mapping[str, Source]) -> None:
        """Find the sources that were read before a story read them: `unread`, until they are backfilled.

        A story that is paused, or a source that it no longer reads, ends the pair; later it begins as a new one.
        """
        begun = store.readings()
        wanted = {(s.id, name) for s in self.stories if not s.paused for name in s.read_of(sources)}
        if ended := begun - wanted:
            store.end_readings(ended)
        polled = {name for name, status in store.statuses(sources).items() if status.baseline_at}
        self.unread = {}
        for story_id, name in sorted(wanted - begun):
            if name in polled:
                self.unread.setdefault(story_id, {})[name] = sources[name]

    def adopt(self, source: Source) -> None:
        """Let every story read a source that the configuration does not know (a recording's)."""
        self.adopted.add(source.id)
        self.sources[source.id] = source

    def learn(self, store: Store, heed: bool = True) -> None:
        """Grow the profiles from what the store says was accepted with certainty, and from feedback.

        Also read who wants no more of which story. What was cached of the stories is read again, as corrected. Without
        `heed` feedback is passed over, to see what it changes.
        """
        self._hear(store)
        self.memories.clear()
        self.behind.clear()
        self.untaught.clear()
        with self._compiling:
            self.versions = store.story_versions(
                [story.id for story in self.stories]
            )  # first: what is decided before the rest is read makes it stale
            self._teacher, self._lessons = (store, heed), None

    def hear(self, store: Store) -> None:
        """Take over what people said since, of the stories that they spoke of."""
        self._hear(store)
        named = {row.story_id for row in store.feedback()}
        for story in self.stories:
            if self._lessons and (story.id in named or self.said[story.id] != feedback.Said()):
                self._lessons.relearn(story, store)
                self.matcher.replace(self.profiles[story.id])
                self.memories.pop(story.id, None)
                self.untaught.pop(story.id, None)

    def _hear(self, store: Store) -> None:
        self.heard = store.setting(HEARD)
        self.muted = store.unsubscriptions()

    def glance(self, store: Store, story_ids: Iterable[str], now: datetime) -> None:
        """Learn what others decided of these stories, each once in a while: who holds a story knows the rest of it."""
        late = [name for name in story_ids if not timedelta() <= now - self.glances.get(name, LONG_AGO) < GLANCE]
        if late:
            self.refresh(store, store.story_versions(late))
            self.glances.update(dict.fromkeys(late, now))

    def refresh(self, store: Store, versions: Mapping[str, int]) -> bool:
        """Learn anew of those of these stories about which somebody else has decided; whether there were any."""
        stale = {name: self.versions.get(name, 0) for name in self._stale(versions)}
        self.note(store, versions, store.moved_since(stale) if stale else {})
        self._teach(store, {name: self.untaught[name] for name in versions if name in self.untaught})
        return bool(stale)

    def note(self, store: Store, versions: Mapping[str, int], moved: Mapping[str, frozenset[str] | None]) -> None:
        """Know which entries others decided about of these held stories, of whose versions these moved them.

        What they teach is learnt when the story is looked at next: nobody waits for a story that learns.
        """
        for name in self._stale(versions):
            keys = moved.get(name)
            self._fall_behind(name, keys)
            untaught = self.untaught.get(name, frozenset()).union(keys or ())
            if keys is None or len(untaught) > BEHIND_MAX:
                self._teach(store, {name: None})
            else:
                self.untaught[name] = untaught
            self.versions[name] = versions[name]

    def _stale(self, versions: Mapping[str, int]) -> list[str]:
        """Those of these stories about which somebody else has decided."""
        return self.in_order(
            self.ranks.keys() & {name for name, version in versions.items() if self.versions.get(name, 0) != version}
        )

    def _teach(self, store: Store, moved: Mapping[str, frozenset[str] | None]) -> None:
        """Let stories learn from what others decided of these entries; None: of whatever."""
        if moved:
            self.lessons.follow(moved, store)
        for name in self.in_order(moved):
            self.untaught.pop(name, None)
            self.matcher.replace(self.profiles[name])

    def _fall_behind(self, story_id: str, keys: Collection[str] | None) -> None:
        """Note that what is kept of a story lacks what others decided of these entries; None: of whatever."""
        behind = self.behind.pop(story_id, frozenset()).union(keys or ())
        if keys is None or len(behind) > BEHIND_MAX:
            self.memories.pop(story_id, None)
        elif story_id in self.memories:
            self.behind[story_id] = behind

    def forget(self, story_ids: Iterable[str]) -> None:
        """Read anew what these stories know before they are decided about again."""
        for name in story_ids:
            self.memories.pop(name, None)
            self.behind.pop(name, None)
            self.versions[name] = -1  # of no row

    def moved(self, held: Mapping[str, int], moved: Collection[str], memories: Mapping[str, StoryState]) -> None:
        """Keep what was just recorded of held stories, under the versions that recording it gave them."""
        for story_id in held:
            if story_id in memories:
                self.memories[story_id] = _in_order(memories[story_id])
                self.behind.pop(story_id, None)
            self.versions[story_id] = held[story_id] + (story_id in moved)

    def grow(self, outcome: Outcome | Backfill) -> list[str]:
        """Let certain follow-ups of this outcome teach their stories; those that learnt from them."""
        learnt: dict[str, None] = {}
        entries = {sighting.key: sighting for sighting in outcome.sightings}
        for decision in outcome.judgements.decisions:
            if decision.score.certain and decision.verdict in ("development", "confirmation", "repeat"):
                sighting = entries[decision.entry_key]
                self.lessons.teach(decision.story_id, sighting, decision.at)
                grown = relevance.grow(self.profiles[decision.story_id], example(sighting))
                if grown is not self.profiles[decision.story_id]:
                    self.profiles[decision.story_id] = grown
                    self.matcher.replace(grown)
                    learnt[decision.story_id] = None
        return list(learnt)

    def refuses(self, story_id: str, entry_key: str) -> bool:
        """Did somebody say that this entry is not of the story?"""
        return story_id in self.said and entry_key in self.said[story_id].refused

    def important(self) -> frozenset[str]:
        """Developments that somebody called important."""
        lessons = self.lessons
        if lessons.important is None:
            lessons.important = frozenset(name for said in lessons.said.values() for name in said.important)
        return lessons.important

    def wanted(self, deliveries: Sequence[Delivery], story_id: str) -> tuple[Delivery, ...]:
        """Deliveries of a story without those to people who stopped it."""
        return tuple(d for d in deliveries if not routing.stopped(self.muted, story_id, d.channel_id, d.recipient))

    def memory(self, store: Store, story_id: str, now: datetime, *, fresh: bool = False) -> StoryState:
        """What a story knows, read once and then kept up to date by this process.

        Where the state is shared, a `fresh` one is read anew: others may have decided since.
        """
        kept = None if fresh and store.shared else self.memories.get(story_id)
        if kept and (behind := self.behind.get(story_id)):
            kept = self._caught_up(store, kept, behind, now)
        if kept is None:
            kept = store.memory(story_id, now, MEMORY_WINDOW)
            kept = feedback.remembered(kept, self.said.get(story_id, feedback.Said()))
            kept = replace(kept, claims=(*self._claims_of_seed(story_id), *kept.claims))
        if len(kept.members) > MEMBERS_MAX:
            kept = replace(kept, members=kept.members[-MEMBERS_MAX * 2 // 3 :])
        if len(kept.claims) > CLAIMS_MAX:
            kept = replace(kept, claims=(*self._claims_of_seed(story_id), *kept.claims[-CLAIMS_MAX * 2 // 3 :]))
        return kept

    def _caught_up(self, store: Store, kept: StoryState, behind: frozenset[str], now: datetime) -> StoryState | None:
        """What is kept of a story with what others decided of these entries; None where people corrected it."""
        if self.said.get(kept.story_id, feedback.Said()) != feedback.Said():
            return None
        newer = store.memory(kept.story_id, now, MEMORY_WINDOW, behind)
        members = (*(member for member in kept.members if member.entry_key not in behind), *newer.members)
        last = [at for at in (kept.last_development_at, newer.last_development_at) if at]
        return _in_order(replace(
            kept, members=members, claims=tuple(dict.fromkeys((*kept.claims, *newer.claims))),
            told=tuple(sorted(dict.fromkeys((*kept.told, *newer.told)), key=lambda change: change.at)),
            last_development_at=max(last, default=None),
        ))  # fmt: skip

    def _claims_of_seed(self, story_id: str) -> tuple[Claim, ...]:
        """What the article claims that the story began with."""
        if story_id not in self._seed_claims:
            article = next(story.seed for story in self.stories if story.id == story_id)
            self._seed_claims[story_id] = tuple(
                claims.extract(article.text, article.published_at, title=article.title, source="seed")
            )
        return self._seed_claims[story_id]


def _in_order(memory: StoryState) -> StoryState:
    """In the order in which the store gives members: decisions are the same after a restart, and by any worker."""
    return replace(memory, members=tuple(sorted(memory.members, key=lambda member: (member.at, member.entry_key))))
