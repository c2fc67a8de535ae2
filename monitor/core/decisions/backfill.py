"""What a story makes of entries that were stored before it read their source: its baseline, decided without alerts.

A story is added, or its sources are widened, while the source has long been read: what a first poll would have brought
lies in the state already. It is judged like a first poll, oldest first and quietly, and told in the story's brief.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.decisions import visit
from monitor.model import Backfill, Candidate, KnownEntry, Score, Sighting, Source, Story, StoryState

# Entries read of one source (newest first), and of all sources of a story together. A document's own limit is 2,000
# entries, so that a backfill reads no more of a source than its first poll might have; 20,000 take half a minute of one
# core (measured at 1.6 ms each), in which the story waits for its brief and nothing else waits for it. Set here.
PER_SOURCE_MAX = 2000
IN_ALL_MAX = 20_000  # entries, see above
PER_SOURCE_MIN = 100  # entries of each source, however many there are: about three documents (set)
# Follow-ups that a baseline consists of, the newest: each is compared with those before it, so that the cost grows with
# their square. Far more than a brief lists (40) or a timeline shows (500). Set here.
FOLLOW_UPS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored entry that shares something with the story."""

    source: Source
    entry: KnownEntry
    score: Score


def share(sources: int) -> int:
    """How many entries are read of each of so many sources."""
    return max(PER_SOURCE_MIN, min(PER_SOURCE_MAX, IN_ALL_MAX // max(1, sources)))


def decide(
    story: Story, found: Sequence[Stored], memory: StoryState, counts: Mapping[str, int], now: datetime, follow: bool
) -> tuple[Backfill, StoryState]:
    """What the story makes of stored entries, and its memory then; `counts` says how many were read of each source.

    `follow`: articles of follow-ups that are young enough are read again from now on.
    """
    context = visit.Context(now=now, base_s=0, stories=(story,), baseline=True, follow=follow)
    judged, seen = [], []
    ordered = sorted(found, key=lambda each: (happened_at(each.entry), each.entry.key))
    accepted = [stored for stored in ordered if stored.score.follow_up]
    passed_over = {stored.entry.key for stored in accepted[:-FOLLOW_UPS_MAX]}
    for stored in ordered:
        if stored.entry.key in passed_over:
            continue
        sighting = sighted(stored.entry)
        source = visit.publisher_of(stored.source, stored.entry.entry)
        candidate = Candidate(story, source, sighting, memory, now)
        result = visit.judge(candidate, replace(context, scores={sighting.key: {story.id: stored.score}}), quiet=True)
        memory = result.memory
        judged.append(result)
        seen.append(sighting)
    made = Backfill(
        story_id=story.id, at=now, entries=dict(counts), sightings=tuple(seen),
        judgements=visit.collected(judged, (), context), followed=tuple(visit.followed(seen, judged, context)),
    )  # fmt: skip
    return made, memory


def sighted(known: KnownEntry) -> Sighting:
    """The stored entry as if it were seen now; it is no revision of itself."""
    return Sighting(
        known.key, known.entry, known.first_seen_at, known.revision, tuple(sorted(known.aliases)), previous=known
    )


def happened_at(known: KnownEntry) -> datetime:
    """min(published, first seen) of a stored entry."""
    return visit.event_at(sighted(known))
