"""What other settings of a story would have told of the last weeks: a replay in memory; nothing is written or sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.decisions import visit
from monitor.core.relevance import everyday
from monitor.model import Alert, Candidate, KnownEntry, Query, Sighting, Source, Story, StoryState
from monitor.pipeline import Watchlist
from monitor.ports import Store

WINDOW = timedelta(days=30)  # looked back on (design of the pages)
# Entries that are weighed under both settings, those nearest to the line first: some 2 s of one core (set).
WEIGHED_MAX = 600
UNREAD_MAX = 200  # entries of each source that the story has not read so far, the newest (set)


@dataclass(frozen=True, slots=True)
class Trial:
    """Alerts of the window that only the new settings tell, and only the old; how many both together looked at.

    `cut`: there was more than could be weighed.
    """

    more: tuple[Alert, ...]
    less: tuple[Alert, ...]
    both: int
    weighed: int
    cut: bool

    @property
    def different(self) -> bool:
        """Whether anybody would have noticed."""
        return bool(self.more or self.less)


def run(store: Store, sources: Mapping[str, Source], old: Story, new: Story, now: datetime) -> Trial:
    """Replay the window under both settings, as the watch has learnt until today; what differs is the settings' doing.

    Where an entry was recorded as part of the first, quiet reading it stays quiet.
    """
    since = now - WINDOW
    made = store.decisions(story_id=old.id, since=since, limit=10 * WEIGHED_MAX)
    quiet = {each.entry_key for each in made if each.baseline}
    nearest = sorted(made, key=lambda each: (abs(each.score.value - each.score.threshold), each.entry_key))
    keys = dict.fromkeys(each.entry_key for each in nearest)
    unread = [name for name in sources if new.reads(name) and not old.reads(name)]
    hits = [hit for name in unread for hit in store.found(Query(), sources=[name], since=since, limit=UNREAD_MAX)[1]]
    wanted = [*list(keys)[:WEIGHED_MAX], *dict.fromkeys(hit.key for hit in hits if hit.key not in keys)]
    known = sorted(
        (found for key in wanted if (found := store.entry(key))), key=lambda found: (found.first_seen_at, found.key)
    )
    before, after = (_replayed(store, sources, story, known, quiet, since, now) for story in (old, new))
    return Trial(
        more=tuple(alert for key, alert in after.items() if key not in before),
        less=tuple(alert for key, alert in before.items() if key not in after),
        both=len(before.keys() & after.keys()), weighed=len(known), cut=len(keys) > WEIGHED_MAX,
    )  # fmt: skip


def _replayed(
    store: Store, sources: Mapping[str, Source], story: Story, known: Sequence[KnownEntry], quiet: set[str],
    since: datetime, now: datetime,
) -> dict[str, Alert]:  # fmt: skip
    """By entry, what this story tells of these entries, oldest first, from what it knew when the window began."""
    watchlist = Watchlist((story,))
    watchlist.learn(store)
    memory = _until(watchlist.memory(store, story.id, now), since)
    told: dict[str, Alert] = {}
    for each in known:
        if not story.reads(each.source_id) or watchlist.refuses(story.id, each.key):
            continue
        at = each.first_seen_at
        sighting = Sighting(each.key, each.entry, at, each.revision, tuple(each.aliases))
        weights = everyday.weights(store.everyday(each.source_id))
        matches = watchlist.matcher.score(each.entry, visit.event_at(sighting), everyday=weights)
        scores = {match.story_id: match.score for match in matches}
        source = sources.get(each.source_id) or Source(each.source_id, each.source_id, each.entry.url)
        candidate = Candidate(story, visit.publisher_of(source, each.entry), sighting, memory, at)
        context = visit.Context(at, 0, (story,), {each.key: scores}, {story.id: memory})
        result = visit.judge(candidate, context, each.key in quiet)
        memory = result.memory
        if result.alert:
            told[each.key] = result.alert
    return told


def _until(memory: StoryState, since: datetime) -> StoryState:
    """What the story knew at an instant: no later report, and nothing that it claims."""
    members = tuple(member for member in memory.members if member.at < since)
    moved = [member.at for member in members if member.verdict == "development"]
    claims = tuple(claim for claim in memory.claims if claim.at is None or claim.at < since)
    return replace(memory, members=members, claims=claims, told=(), last_development_at=max(moved, default=None))
