"""A story of a bridge and what a visit may find of it: values for the tests of decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.decisions.visit import Context
from monitor.model import (
    Article,
    Destination,
    Entry,
    Fetched,
    KnownEntry,
    Score,
    Sighting,
    Source,
    SourceStatus,
    Story,
    StoryReport,
    StoryState,
    Visit,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STORY = Story(
    "bridge", "The Rhine bridge", Article("Bridge closed", "The Rhine bridge was closed.", published_at=NOW - 60 * DAY)
)
HERALD = Source("herald", "The Herald", "https://herald.example/feed")
DESK = Destination("desk")
FOLLOW_UP = Score(0.9, 0.5, follow_up=True, certain=True)


def entry(title: str, text: str = "", **changes: object) -> Entry:
    """An entry of the Herald."""
    made = Entry(
        id=f"urn:{title}", url=f"https://herald.example/{len(title)}", title=title, summary=text, published_at=NOW
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def sighting(of: Entry, key: str = "", at: datetime = NOW, previous: KnownEntry | None = None) -> Sighting:
    """It as a visit sees it; a `previous` version makes it the next revision."""
    return Sighting(key or of.id, of, at, previous.revision + 1 if previous else 1, (), previous)


def known(of: Entry, key: str = "", at: datetime = NOW - DAY) -> KnownEntry:
    """It as the state has it."""
    return KnownEntry(key or of.id, HERALD.id, of, 1, at, at)


def report(key: str, title: str, text: str = "", **changes: object) -> StoryReport:
    """A report that the story has accepted a day ago, and told of."""
    made = StoryReport(
        key, "post", "The Post", f"d-{key}", "development", NOW - DAY, title, text, f"https://post.example/{key}",
        "The Post", 0.9, certain=True, alert_id=f"a-{key}",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def visit(*, baseline: bool = True, entries: int = 10) -> Visit:
    """A visit to the Herald an hour after the last; `baseline`: it had its first good poll long ago."""
    status = SourceStatus(
        HERALD.id, "ok", url=HERALD.url, baseline_at=NOW - 9 * DAY if baseline else None, last_ok_at=NOW - HOUR,
        newest_at=NOW - 2 * HOUR, entries=entries,
    )  # fmt: skip
    return Visit(HERALD, status, NOW)


def fetched() -> Fetched:
    """An answer with a document."""
    return Fetched(HERALD.id, HERALD.url, NOW, status=200, body=b"<rss/>")


def context(*seen: Sighting, score: Score = FOLLOW_UP, memory: StoryState | None = None, **changes: object) -> Context:
    """The story, and this score for everything seen."""
    made = Context(
        now=NOW, base_s=900, stories=(STORY,), scores={each.key: {STORY.id: score} for each in seen},
        memories={STORY.id: memory or StoryState(STORY.id)}, destinations=(DESK,),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]
