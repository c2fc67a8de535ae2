"""What is judged, and what a visit to a source or a second look at an article leaves behind to be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.model.alerts import Alert, Delivery
from monitor.model.entries import Entry, Marked, Sighting
from monitor.model.nouns import dataclass
from monitor.model.pages import Page, WatchedArticle
from monitor.model.sources import Everyday, Fetched, Gap, Source, SourceStatus
from monitor.model.stories import Claim, Decision, Story, StoryReport, StoryState


@dataclass(frozen=True, slots=True)
class Candidate:
    """One new or changed entry before one story: where it was seen, what the story knows by now, and when."""

    story: Story
    source: Source
    sighting: Sighting
    memory: StoryState
    now: datetime


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one story makes of one entry: a decision, the story's new memory, a member, claims, an alert."""

    decision: Decision
    memory: StoryState
    member: StoryReport | None = None
    claims: tuple[Claim, ...] = ()
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Judgements:
    """What was decided about stories: decisions, members and claims by story id (claims by key too), outbox."""

    decisions: tuple[Decision, ...] = ()
    members: tuple[tuple[str, StoryReport], ...] = ()
    claims: tuple[tuple[str, str, Claim], ...] = ()
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()

    @property
    def moved_stories(self) -> dict[str, set[str]]:
        """The stories of which what others remember is stale once this is recorded, each with the entries of that."""
        rows = [(story_id, member.entry_key) for story_id, member in self.members]
        rows += [row[:2] for row in self.claims]
        rows += [(alert.story_id, alert.entry_key) for alert in self.alerts if alert.story_id]
        moved: dict[str, set[str]] = {}
        for story_id, entry_key in rows:
            moved.setdefault(story_id, set()).add(entry_key)
        return moved


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one visit leaves behind, written in one transaction: state, entries, judgements.

    `marks` and `everyday`, unless None, replace those kept of the source; `noted` is added to what it writes anyway,
    and is not counted in yet. `followed` are articles to read from now on, or, where they are read already, to read
    again at their `next_at`. `begun` are the stories that read the source from this visit on, `tried` those for which
    it is the first of its source, or the first good one.
    """

    status: SourceStatus
    fetched: Fetched
    sightings: tuple[Sighting, ...] = ()
    judgements: Judgements = Judgements()
    gaps: tuple[Gap, ...] = ()
    followed: tuple[WatchedArticle, ...] = ()
    marks: Mapping[str, Marked] | None = None
    everyday: Everyday | None = None
    noted: str = ""
    begun: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    entries_new: int = 0
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Recheck:
    """Everything one more reading of an article leaves behind, written in one transaction.

    `version` is the article's content where it is worth keeping, under its revision number; 0: the page as first read.
    """

    followed: WatchedArticle
    page: Page
    version: tuple[int, Entry] | None = None
    judgements: Judgements = Judgements()


@dataclass(frozen=True, slots=True)
class Backfill:
    """What stored entries bring a story that had not read their sources; written in one transaction.

    `entries` says of each source how many were read; the story reads these sources from now on. Nothing of it alerts:
    the story's next brief tells it.
    """

    story_id: str
    at: datetime
    entries: Mapping[str, int]
    sightings: tuple[Sighting, ...] = ()
    judgements: Judgements = Judgements()
    followed: tuple[WatchedArticle, ...] = ()


@dataclass(frozen=True, slots=True)
class Backfilled:
    """A source that a story began to read from what was stored, when, and how many entries that was."""

    source_id: str
    at: datetime
    entries: int
