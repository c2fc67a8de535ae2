"""What is watched: stories compiled, with what each has learnt and remembers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.core import relevance
from monitor.core.decisions import visit
from monitor.core.delivery import routing
from monitor.core.novelty import claims
from monitor.core.relevance import feedback
from monitor.model import Backfill, Claim, Delivery, Destination, FeedbackRow, Outcome, Source, Story, StoryState
from monitor.ports import Store
from monitor.ports.store import HEARD

# Novelty compares by the entries' own times, which may lie far from now: a memory is bounded by number, not by age.
MEMORY_WINDOW = timedelta(days=36_500)
MEMBERS_MAX = 3000  # reports of a story that are remembered, the newest: some 6 MiB (set)
CLAIMS_MAX = 6000  # claims of a story that are remembered, the newest, beside its seed's: some 3 MiB (set)
EXAMPLES_MAX = 200  # certain follow-ups that a profile grows from, the newest (set)


@dataclass(slots=True)
class Watchlist:
    """What is watched, compiled: stories with their profiles and seed claims, and what is known of each so far.

    The only mutable thing in the lane, touched by one decision at a time; what it caches can be read from the store.
    """

    stories: tuple[Story, ...]
    destinations: tuple[Destination, ...] = ()
    matcher: relevance.Matcher = field(init=False)
    seed_claims: dict[str, tuple[Claim, ...]] = field(init=False)
    memories: dict[str, StoryState] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    profiles: dict[str, relevance.Profile] = field(init=False)
    adopted: set[str] = field(default_factory=set)
    unread: dict[str, dict[str, Source]] = field(default_factory=dict)
    muted: set[tuple[str, str, str]] = field(default_factory=set)
    said: dict[str, feedback.Said] = field(default_factory=dict)
    heard: str = ""
    # When what is dealt with once was, by its name in the store's settings.
    done: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Compile profiles and the claims that the seed makes."""
        self.profiles = {story.id: relevance.profile(story) for story in self.stories}
        self.matcher = relevance.Matcher(self.profiles.values())
        self.seed_claims = {
            story.id: claims.extract(story.seed.text, story.seed.published_at, title=story.seed.title, source="seed")
            for story in self.stories
        }

    def of_source(self, source_id: str) -> list[Story]:
        """The stories, not paused, that read this source; not those that must first read what is stored of it."""
        everyone = source_id in self.adopted
        return [
            story
            for story in self.stories
            if not story.paused
            and (everyone or story.reads(source_id))
            and source_id not in self.unread.get(story.id, ())
        ]

    def survey(self, store: Store, sources: Mapping[str, Source]) -> None:
        """Find the sources that were read before a story read them: `unread`, until they are backfilled.

        A story that is paused, or a source that it no longer reads, ends the pair; later it begins as a new one.
        """
        begun = store.readings()
        wanted = {(s.id, name) for s in self.stories if not s.paused for name in sources if s.reads(name)}
        if ended := begun - wanted:
            store.end_readings(ended)
        polled = {name for name, status in store.statuses(sources).items() if status.baseline_at}
        self.unread = {}
        for story_id, name in sorted(wanted - begun):
            if name in polled:
                self.unread.setdefault(story_id, {})[name] = sources[name]

    def adopt(self, source_id: str) -> None:
        """Let every story read a source that the configuration does not know (a recording's)."""
        self.adopted.add(source_id)

    def learn(self, store: Store, heed: bool = True) -> None:
        """Grow the profiles from what the store says was accepted with certainty, and from feedback.

        Also read who wants no more of which story. What was cached of the stories is read again, as corrected. Without
        `heed` feedback is passed over, to see what it changes.
        """
        self.heard = store.setting(HEARD)
        self.muted = store.unsubscriptions()
        self.memories.clear()
        self.versions = store.story_versions(
            [story.id for story in self.stories]
        )  # first: what is decided while the rest is read makes it stale
        for story in self.stories:
            self._learn_story(store, story, heed)
        self.matcher = relevance.Matcher(self.profiles.values())

    def _learn_story(self, store: Store, story: Story, heed: bool) -> None:
        said = self.said[story.id] = feedback.read(*words_on(store, story.id)) if heed else feedback.Said()
        examples = [
            relevance.Example(sighting.entry, decision.score.value, visit.event_at(sighting))
            for sighting, decision in store.examples(story.id, EXAMPLES_MAX)
            if sighting.key not in said.refused
        ]
        for entry, at in said.taught:
            examples.append(relevance.Example(entry, 1.0, entry.published_at or at))
        refused = [relevance.Feedback(entry, "no") for entry in said.refused.values()]
        self.profiles[story.id] = relevance.profile(story, examples, refused)

    def refresh(self, store: Store, versions: Mapping[str, int]) -> bool:
        """Learn anew of those of these held stories about which somebody else has decided; whether there were any."""
        stale = [s for s in self.stories if s.id in versions and self.versions.get(s.id, 0) != versions[s.id]]
        for story in stale:
            self.memories.pop(story.id, None)
            self._learn_story(store, story, heed=True)
            self.matcher.replace(self.profiles[story.id])
            self.versions[story.id] = versions[story.id]
        return bool(stale)

    def moved(self, held: Mapping[str, int], moved: Collection[str], memories: Mapping[str, StoryState]) -> None:
        """Keep what was just recorded of held stories, under the versions that recording it gave them."""
        for story_id in held:
            if story_id in memories:
                self.memories[story_id] = memories[story_id]
            self.versions[story_id] = held[story_id] + (story_id in moved)

    def grow(self, outcome: Outcome | Backfill) -> None:
        """Let certain follow-ups of this outcome teach their stories."""
        entries = {sighting.key: sighting for sighting in outcome.sightings}
        for decision in outcome.judgements.decisions:
            if decision.score.certain and decision.verdict in ("development", "confirmation", "repeat"):
                sighting = entries[decision.entry_key]
                example = relevance.Example(sighting.entry, decision.score.value, visit.event_at(sighting))
                grown = relevance.grow(self.profiles[decision.story_id], example)
                if grown is not self.profiles[decision.story_id]:
                    self.profiles[decision.story_id] = grown
                    self.matcher.replace(grown)

    def refuses(self, story_id: str, entry_key: str) -> bool:
        """Did somebody say that this entry is not of the story?"""
        return story_id in self.said and entry_key in self.said[story_id].refused

    def important(self) -> frozenset[str]:
        """Developments that somebody called important."""
        return frozenset(name for said in self.said.values() for name in said.important)

    def wanted(self, deliveries: Sequence[Delivery], story_id: str) -> tuple[Delivery, ...]:
        """Deliveries of a story without those to people who stopped it."""
        return tuple(d for d in deliveries if not routing.stopped(self.muted, story_id, d.channel_id, d.recipient))

    def memory(self, store: Store, story_id: str, now: datetime, *, fresh: bool = False) -> StoryState:
        """What a story knows, read once and then kept up to date by this process.

        Where the state is shared, a `fresh` one is read anew: others may have decided since.
        """
        kept = None if fresh and store.shared else self.memories.get(story_id)
        if kept is None:
            kept = store.memory(story_id, now, MEMORY_WINDOW)
            kept = feedback.remembered(kept, self.said.get(story_id, feedback.Said()))
            kept = replace(kept, claims=(*self.seed_claims[story_id], *kept.claims))
        if len(kept.members) > MEMBERS_MAX:
            kept = replace(kept, members=kept.members[-MEMBERS_MAX * 2 // 3 :])
        if len(kept.claims) > CLAIMS_MAX:
            kept = replace(kept, claims=(*self.seed_claims[story_id], *kept.claims[-CLAIMS_MAX * 2 // 3 :]))
        return kept


def words_on(store: Store, story_id: str) -> tuple[list[FeedbackRow], dict[str, str]]:
    """What people said of a story's alerts, oldest first, and the developments of the alerts that they named."""
    rows = store.feedback(story_id)
    named = {name for row in rows for name in (row.alert_id, row.argument) if name}
    alerts = [alert for name in sorted(named) for alert, _ in store.alerts(alert_id=name)]
    return rows, {alert.id: alert.development for alert in alerts}
