"""What the stories of a watchlist have learnt from certain follow-ups, and from what people said of their alerts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.deferred import Deferred
from monitor.model import FeedbackRow, Sighting, Story
from monitor.ports import Store

if TYPE_CHECKING:
    from monitor.core import relevance
    from monitor.core.decisions import visit
    from monitor.core.relevance import feedback
else:
    relevance = Deferred("monitor.core.relevance")
    visit = Deferred("monitor.core.decisions.visit")
    feedback = Deferred("monitor.core.relevance.feedback")

# What was decided so long before the newest may be recorded after it: no transaction lasts longer (stores.postgres).
OVERLAP = timedelta(minutes=2)
LONG_AGO = datetime.fromtimestamp(0, UTC)  # before anything was decided
EXAMPLES_MAX = 200  # certain follow-ups that a profile grows from, the newest (set)


@dataclass(slots=True)
class Lessons:
    """What the stories have learnt: their profiles, joined for scoring, and what people said of each."""

    profiles: dict[str, relevance.Profile]
    matcher: relevance.Matcher
    said: dict[str, feedback.Said]
    # The entries that each was taught, and when the newest of them was decided.
    entries: dict[str, set[str]]
    newest: dict[str, datetime]
    important: frozenset[str] | None = None

    def relearn(self, story: Story, store: Store | None, heed: bool = True) -> None:
        """Learn a story from its seed, what was accepted with certainty, and (`heed`) what people said."""
        words = feedback.read(*words_on(store, story.id)) if store and heed else feedback.Said()
        found = store.examples([story.id], EXAMPLES_MAX) if store else []
        examples = [example(sighting) for _, sighting, _ in found if sighting.key not in words.refused]
        examples += [relevance.Example(entry, entry.published_at or at) for entry, at in words.taught]
        refused = [relevance.Feedback(entry, "no") for entry in words.refused.values()]
        self.profiles[story.id], self.said[story.id] = relevance.profile(story, examples, refused), words
        self.important = None
        self.entries[story.id] = {sighting.key for _, sighting, _ in found}
        self.newest[story.id] = max((at for *_, at in found), default=LONG_AGO)

    def follow(self, moved: Mapping[str, Collection[str] | None], store: Store) -> None:
        """Teach stories what was decided by others: of these entries, of whatever is new where they are not known.

        What each was taught already is passed over.
        """
        named = [name for name, keys in moved.items() if keys is not None]
        others = [name for name in moved if name not in named]
        found = store.examples(
            named, EXAMPLES_MAX * len(named), None, {key for name in named for key in moved[name] or ()}
        )
        if others:
            since = max(min(self.newest[name] for name in others), LONG_AGO + OVERLAP) - OVERLAP
            found += store.examples(others, EXAMPLES_MAX * len(others), since)
        for story_id in moved:
            new = [example(each[1]) for each in found if each[0] == story_id and self.teach(*each)]
            self.profiles[story_id] = relevance.taught(self.profiles[story_id], new)

    def teach(self, story_id: str, sighting: Sighting, at: datetime) -> bool:
        """Note an entry as taught, decided then; whether it is new to the story and of use."""
        refused, taught = self.said[story_id].refused, self.entries[story_id]
        if sighting.key in taught or sighting.key in refused:
            return False
        taught.add(sighting.key)
        self.newest[story_id] = max(self.newest[story_id], at)
        return True


def example(sighting: Sighting) -> relevance.Example:
    """What an accepted entry teaches."""
    return relevance.Example(sighting.entry, visit.event_at(sighting))


def words_on(store: Store, story_id: str) -> tuple[list[FeedbackRow], dict[str, str]]:
    """What people said of a story's alerts, oldest first, and the developments of the alerts that they named."""
    rows = store.feedback(story_id)
    named = {name for row in rows for name in (row.alert_id, row.argument) if name}
    alerts = [alert for name in sorted(named) for alert, _ in store.alerts(alert_id=name)]
    return rows, {alert.id: alert.development for alert in alerts}
