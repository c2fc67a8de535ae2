"""What is judged after a visit, and the outcome, which carries all that a visit leaves behind to its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.model.alerts import Alert, Delivery
from monitor.model.entries import Marked, Sighting
from monitor.model.pages import WatchedArticle
from monitor.model.sources import Fetched, Gap, Source, SourceStatus
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
class Outcome:
    """Everything one visit leaves behind, written in one transaction: state, entries, decisions, claims, outbox.

    `marks`, unless None, replace those kept of the source. `followed` are articles to read from now on, or,
    where they are read already, to read again at their `next_at`.
    """

    status: SourceStatus
    fetched: Fetched
    sightings: tuple[Sighting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    members: tuple[tuple[str, StoryReport], ...] = ()
    claims: tuple[tuple[str, str, Claim], ...] = ()
    alerts: tuple[Alert, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    gaps: tuple[Gap, ...] = ()
    followed: tuple[WatchedArticle, ...] = ()
    marks: Mapping[str, Marked] | None = None
    entries_new: int = 0
    changed: bool = False
