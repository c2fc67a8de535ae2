"""A document that a visit brought, on its way to a decision: as it came, as it was looked at, ready to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.decisions.readings import Readings
from monitor.model import Everyday, Feed, Fetched, Marked, Page, Score, Sighting, Story, StoryReport, Visit

THIN_CHARS = 160  # characters of a summary that says little more than the headline (set by reading)


@dataclass(frozen=True, slots=True)
class Looked:
    """A document's entries, given their identity; scores of the new and changed by key and story; marks to keep.

    `stories` are those it was scored for at that instant, `noted` what it adds to what the source writes anyway,
    `everyday` all of that where it is to be counted in now. `readings` are of those that stories take; not `is_read`:
    there are more of them than a turn reads.
    """

    sightings: list[Sighting]
    scores: dict[str, dict[str, Score]]
    marks: dict[str, Marked]
    stories: Mapping[str, Story]
    at: datetime
    everyday: Everyday | None = None
    noted: str = ""
    readings: Readings = field(default_factory=Readings)
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """What a visit brought, on its way to a decision; `looked` and `pages` once pages were asked for.

    `again` are the entries of the document that had been read before, by their marks. `turns`: how often it came
    before and was not decided about.
    """

    visit: Visit
    fetched: Fetched
    feed: Feed
    again: Mapping[str, Marked]
    now: datetime
    looked: Looked | None = None
    pages: Mapping[str, Page] = field(default_factory=dict)
    turns: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A document that is to be decided about, at its place among others: what was accepted of it, whom it concerns.

    `near` are the stories that it came near, `held` those of them that may remember it: nobody else decides about these
    meanwhile.
    """

    place: int
    document: Document
    looked: Looked
    recalled: Mapping[tuple[str, str], StoryReport]
    near: Set[str]
    held: Set[str]


def touched(looked: Looked, recalled: Mapping[tuple[str, str], StoryReport]) -> set[str]:
    """The stories that must recall what they know: of what they do not take, and never took, none is asked."""
    if any(sighting.previous and sighting.revision != sighting.previous.revision for sighting in looked.sightings):
        return {story_id for by_story in looked.scores.values() for story_id in by_story} | {at[0] for at in recalled}
    return {story_id for by_story in looked.scores.values() for story_id, score in by_story.items() if _takes(score)}


def _takes(score: Score) -> bool:
    return score.follow_up or score.threshold <= 0  # what such a story finds nothing in, it takes too


def is_taken(looked: Looked, sighting: Sighting) -> bool:
    """Whether a story takes an entry by what it says now."""
    return any(map(_takes, looked.scores.get(sighting.key, {}).values()))


def unread(document: Document, looked: Looked) -> list[tuple[Sighting, int]]:
    """What stories may take of it, by its feed's text, with the characters that are left to read of each."""
    left = ((each, looked.readings.unread(each)) for each in looked.sightings if each.key not in document.pages)
    return [
        (each, chars)
        for each, chars in left
        if chars and (each.revision != each.previous.revision if each.previous else is_taken(looked, each))
    ]


def pages_wanted(visit: Visit, looked: Looked) -> list[Sighting]:
    """Where title and summary leave a score near the threshold, the article's page decides; once.

    A follow-up of which the feed says little more than the headline is read too: its figures and its origin stand in
    its first paragraphs.
    """
    if visit.status.baseline_at is None:
        return []
    return [s for s in looked.sightings if s.entry.url and _needs_page(s, looked.scores.get(s.key, {}).values())]


def _needs_page(sighting: Sighting, scores: Iterable[Score]) -> bool:
    thin = sighting.is_new and len(sighting.entry.text or sighting.entry.summary) < THIN_CHARS
    return any(score.borderline or (score.follow_up and thin) for score in scores)
