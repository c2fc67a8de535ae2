"""What a story held back is read again once it has learnt more, and some of it taken after all."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import partial

from monitor.core.decisions import backfill, visit
from monitor.core.decisions.reconsider import Taken
from monitor.core.relevance import everyday, held_back
from monitor.model import Decision, Outcome, Sighting, Source, StoryState
from monitor.pipeline.watchlist import Watchlist
from monitor.ports import Store


def taken(
    store: Store, watchlist: Watchlist, memory: StoryState, unrecorded: Sequence[Outcome], context: visit.Context
) -> list[Taken]:
    """What the story of this memory takes by what it has just learnt; `unrecorded` is what no store knows of yet."""
    story_id = memory.story_id
    profile = watchlist.profiles[story_id]
    if not held_back.reads_again(profile):
        return []
    known = {member.entry_key for member in memory.members}
    known |= {key for name, key in context.recalled if name == story_id}
    found = []
    for made, sighting in _near(store, watchlist, story_id, known, unrecorded, context):
        weights = everyday.Weights(partial(store.everyday, made.source_id))
        for match in watchlist.matcher.score(sighting.entry, visit.event_at(sighting), [story_id], weights):
            if score := held_back.taken(profile, sighting.entry, weights, match.score, made.score.value):
                source = watchlist.sources.get(made.source_id) or Source(made.source_id, made.source_id, "")
                found.append(Taken(source, sighting, score, made.baseline))
    return found


def _near(
    store: Store, watchlist: Watchlist, story_id: str, known: Set[str], unrecorded: Sequence[Outcome],
    context: visit.Context,
) -> list[tuple[Decision, Sighting]]:  # fmt: skip
    """What came near the story lately and is none of its reports, the nearest."""
    least = held_back.NEAR_MIN - watchlist.profiles[story_id].threshold
    stored = store.held_back(story_id, least, context.now - held_back.WITHIN, held_back.REPORTS_MAX)
    near = {made.entry_key: (made, backfill.sighted(entry)) for made, entry in stored}
    for outcome in unrecorded:
        seen = {sighting.key: sighting for sighting in outcome.sightings}
        for made in outcome.judgements.decisions:
            if made.story_id == story_id and not made.score.follow_up and made.score.nearness >= least:
                near[made.entry_key] = made, seen[made.entry_key]
    left = [near[key] for key in near.keys() - known if not watchlist.refuses(story_id, key)]
    return sorted(left, key=lambda pair: (-pair[0].score.nearness, pair[0].entry_key))[: held_back.REPORTS_MAX]
