"""The nouns: every value that flows through `monitor`. Frozen (`nouns`), no effects; instants are aware UTC datetimes.

One word per thing: a *source* is visited, a *visit* yields a *fetched* answer and a *feed* of *entries*; an
entry that a *story* recognises is a *match*; what it says that is new is a *change*; whom to tell is an *alert* with
one *delivery* per destination.
"""

from __future__ import annotations

from monitor.model.alerts import (
    Alert,
    Attempt,
    Bounce,
    ChannelStatus,
    Delivery,
    Destination,
    FeedbackRow,
    Receipt,
    Report,
    SendRequest,
)
from monitor.model.entries import Entry, Feed, KnownEntry, Marked, Sighting
from monitor.model.outcomes import Backfill, Backfilled, Candidate, Judgement, Judgements, Outcome, Recheck
from monitor.model.pages import Page, WatchedArticle
from monitor.model.search import Hit, Phrase, Query
from monitor.model.sources import Everyday, Fetched, Gap, Source, SourceStatus, Visit
from monitor.model.stories import (
    Article,
    Citation,
    Claim,
    ClaimDelta,
    Decision,
    Match,
    Novelty,
    Reason,
    Resolved,
    Revision,
    Score,
    Story,
    StoryCounts,
    StoryReport,
    StoryState,
    TextChange,
    ToldChange,
)
from monitor.model.words import (
    AlertKind,
    ChangeKind,
    DeliveryState,
    ErrorClass,
    How,
    PageState,
    Phase,
    RevisionVerdict,
    Severity,
    SourceKind,
    SourceState,
    Verdict,
)
from monitor.model.workers import Job, Worker

__all__ = [
    "Alert", "AlertKind", "Article", "Attempt", "Backfill", "Backfilled", "Bounce", "Candidate", "ChangeKind",
    "ChannelStatus", "Citation", "Claim", "ClaimDelta", "Decision", "Delivery", "DeliveryState", "Destination", "Entry",
    "ErrorClass", "Everyday", "Feed", "FeedbackRow", "Fetched", "Gap", "Hit", "How", "Job", "Judgement", "Judgements",
    "KnownEntry", "Marked", "Match", "Novelty", "Outcome", "Page", "PageState", "Phase", "Phrase", "Query", "Reason",
    "Receipt", "Recheck", "Report", "Resolved", "Revision", "RevisionVerdict", "Score", "SendRequest", "Severity",
    "Sighting", "Source", "SourceKind", "SourceState", "SourceStatus", "Story", "StoryCounts", "StoryReport",
    "StoryState", "TextChange", "ToldChange", "Verdict", "Visit", "WatchedArticle", "Worker",
]  # fmt: skip
