"""Reading what is stored for a story that begins to read a source: score beside all else, then decide and commit.

While that goes on the story leaves these sources' visits alone (`Watchlist.of_source`): what they bring meanwhile is
stored, and read here like the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from monitor.deferred import Deferred
from monitor.model import KnownEntry, Source, Story
from monitor.pipeline.pipeline import Pipeline
from monitor.pipeline.watchlist import Watchlist
from monitor.ports import Store

if TYPE_CHECKING:
    from monitor.core.decisions import backfill
    from monitor.core.language.rarity import Weigh
    from monitor.core.relevance import everyday
else:
    everyday = Deferred("monitor.core.relevance.everyday")
    backfill = Deferred("monitor.core.decisions.backfill")

# Entries read from the database at a time: some hundred kilobytes.
PAGE = 200

# What was read so far, by source and key; None: it shares nothing with the story.
Looked = dict[str, dict[str, "backfill.Stored | None"]]


async def backfill_all(pipeline: Pipeline) -> int:
    """Let every story read what is stored of the sources that it has begun to read; how many stories did."""
    count = 0
    for story_id in sorted(pipeline.watchlist.unread):
        count += await _story(pipeline, story_id)
    return count


async def _story(pipeline: Pipeline, story_id: str) -> bool:
    watchlist, store = pipeline.watchlist, pipeline.store
    story = next((story for story in watchlist.stories if story.id == story_id), None)
    sources = watchlist.unread.get(story_id, {})
    if story is None or not sources:
        return False
    looked: Looked = {name: {} for name in sources}
    await asyncio.to_thread(_score, store, watchlist, story, sources, looked)
    async with pipeline.deciding:
        if pipeline.watchlist is not watchlist:
            return False  # another configuration came into force meanwhile, and was surveyed by itself
        await asyncio.to_thread(_commit, pipeline, story, sources, looked)
    return True


def _score(store: Store, watchlist: Watchlist, story: Story, sources: Mapping[str, Source], looked: Looked) -> None:
    """Score stored entries, newest first: as many of each source as one may; later only what has come since then."""
    most = backfill.share(len(sources))
    for name, source in sources.items():
        read, again, last = looked[name], bool(looked[name]), None
        weights = everyday.Weights(partial(store.everyday, name))
        while page := store.unjudged(story.id, name, PAGE, last):
            fresh = [known for known in page if known.key not in read]
            for known in fresh:
                read[known.key] = _scored(watchlist, story, source, known, weights)
            if len(page) < PAGE or (not fresh if again else len(read) >= most):
                break
            last = page[-1]


def _scored(
    watchlist: Watchlist, story: Story, source: Source, known: KnownEntry, weights: Weigh
) -> backfill.Stored | None:
    at = backfill.happened_at(known)
    matches = watchlist.matcher.score(known.entry, at, [story.id], weights)
    return backfill.Stored(source, known, matches[0].score) if matches else None


def _commit(pipeline: Pipeline, story: Story, sources: Mapping[str, Source], looked: Looked) -> None:
    store, watchlist, now = pipeline.store, pipeline.watchlist, pipeline.clock.now()
    with store.deciding({story.id}) as held:
        watchlist.refresh(store, held)
        begun = store.readings()  # by another process, perhaps
        missing = {name: source for name, source in sources.items() if (story.id, name) not in begun}
        # What came while the others were scored was seen last, and is therefore on the first page.
        _score(store, watchlist, story, missing, looked)
        found = [stored for name in missing for stored in looked[name].values() if stored]
        counts = {name: len(looked[name]) for name in missing}
        memory = watchlist.memory(store, story.id, now)
        made, memory = backfill.decide(story, found, memory, counts, now, pipeline.settings.follow_pages)
        store.record_backfill(made)
        watchlist.moved(held, made.judgements.moved_stories, {story.id: memory})
        watchlist.grow(made)
        watchlist.unread.pop(story.id, None)
