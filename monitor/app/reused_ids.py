"""Stories whose id stood for another article when the state saw it last: said, for what was seen counts for both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor import log
from monitor.core import article_identity
from monitor.core.article_identity import Founding
from monitor.model import Story
from monitor.ports import Store, setting_names


def keep(store: Store, stories: Iterable[Story], now: datetime) -> None:
    """Remember the article of each story, and log where it is another than before."""
    for story, old, new in _compared(store, stories, now):
        if new is old:
            continue
        if new.before and (old is None or new.before != old.before):
            if not store.story_versions([story.id]).get(story.id):
                new = Founding(new.digest, new.title, new.words)  # nothing was seen of the first: nothing is inherited
            else:
                log.get("story").warning("another article", story=story.id, detail=sentence(story.id, new))
        store.set_setting(setting_names.founding(story.id), article_identity.written(new))


def replaced(store: Store, stories: Iterable[Story], now: datetime) -> dict[str, str]:
    """Of the stories of which it is still to be said, by id, what to say."""
    kept = store.settings([setting_names.founding(story.id) for story in stories])
    return {
        story.id: sentence(story.id, old)
        for story in stories
        if (old := article_identity.read(kept.get(setting_names.founding(story.id), "")))
        and article_identity.is_named(old, now)
    }


def sentence(story_id: str, new: Founding) -> str:
    """What happened, and what to do."""
    return (
        f"the id {story_id} stood for another article until {new.since[:10]} (“{new.before[:80]}”), and what was seen "
        f"of that counts for “{new.title[:80]}” now; give the new one an id of its own"
    )


def _compared(
    store: Store, stories: Iterable[Story], now: datetime
) -> Iterable[tuple[Story, Founding | None, Founding]]:
    watched = list(stories)
    kept = store.settings([setting_names.founding(story.id) for story in watched])
    for story in watched:
        old = article_identity.read(kept.get(setting_names.founding(story.id), ""))
        yield story, old, article_identity.compare(old, story.seed, now)
