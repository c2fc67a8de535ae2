"""One alert of each kind as the lane makes them: for schema tests, for every sink, and to be looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core import revisions
from monitor.core.decisions import alerts
from monitor.core.delivery import messages
from monitor.core.delivery.messages import Coverage
from monitor.model import (
    Alert,
    AlertKind,
    Article,
    Candidate,
    ClaimDelta,
    Decision,
    Entry,
    KnownEntry,
    Reason,
    Score,
    Sighting,
    Source,
    SourceStatus,
    Story,
    StoryReport,
    StoryState,
)

NOW = datetime(2026, 8, 6, 9, 30, tzinfo=UTC)
STORY = Story("ferry", "The Aldermoor ferry inquiry", Article("The ferry Aldermoor sinks", "It sank off Vess."))
LEDGER = Source("ledger", "Northern Ledger", "https://ledger.example/feed")
POST = Source("harbor-post", "Harbor Post", "https://harborpost.example/rss")
REASONS = (
    Reason("roles", 0.93, 1.0, "names the Aldermoor; 'sailors' is a kind of crew; 0.93"),
    Reason("words", 0.71, 1.0, "shares 'bow', 'door', 'inquiry' with your article; 0.71"),
    Reason("new", 1.0, 1.0, "new: nothing like it was told lately"),
)
OLD = (
    "The inquiry will hear up to 30 sailors before the end of September, the ministry said. The bow door had been"
    " inspected twice, according to the port authority. The operator has not commented."
)
NEW = (
    "The inquiry will hear 50 sailors before the end of October, the ministry said. The bow door had never been"
    " inspected, according to the port authority. The operator has not commented."
)


def sighting(title: str, text: str = OLD, revision: int = 1, source: Source = LEDGER, old: str = "") -> Sighting:
    """An entry seen, with its former version where `old` is its text."""
    entry = Entry(
        id=f"urn:{source.id}:1", url=f"https://{source.id}.example/2026/aldermoor", title=title, summary=text,
        published_at=NOW - timedelta(hours=2),
    )  # fmt: skip
    before = KnownEntry("e1", source.id, replace(entry, summary=old), 1, entry.published_at or NOW, NOW)
    return Sighting("e1", entry, NOW, revision, (), before if old else None)


def decision(verdict: str = "development", deltas: tuple[ClaimDelta, ...] = ()) -> Decision:
    """A decision that tells."""
    return Decision(
        entry_key="e1", story_id=STORY.id, source_id=LEDGER.id, entry_id="urn:ledger:1", at=NOW, title="", url="",
        revision=1, score=Score(0.93, 0.5, True), verdict=verdict, development="d1", origin="Ministry of Transport",
        phase="planned", reasons=REASONS, deltas=deltas,
    )  # type: ignore[arg-type]  # fmt: skip


def member(number: int, source: str, title: str, verdict: str = "repeat", text: str = OLD) -> StoryReport:
    """A report already known."""
    return StoryReport(
        f"m{number}", source.lower(), source, "d1" if verdict == "repeat" else f"d{number}", verdict,
        NOW - timedelta(hours=20 - number), title, text, f"https://{source.split()[-1].lower()}.example/{number}",
        "Ministry of Transport",
    )  # type: ignore[arg-type]  # fmt: skip


MEMORY = StoryState(
    STORY.id,
    (
        member(1, "Meridian Daily", "Aldermoor inquiry to question up to 30 sailors"),
        member(2, "Harbor Post", "Thirty of the ferry's crew to give evidence, ministry says"),
        member(3, "Coast Radio", "Divers reach the wreck of the Aldermoor", "development"),
        member(4, "Северный вестник", "Паром «Алдермур»: следствие опросит моряков"),
    ),
    last_development_at=NOW - timedelta(days=60),
)
UNREAD = ("3 of 4 sources read.", "Not yet read: Coast Radio (its server does not answer in time).")
DELTA = ClaimDelta(
    "sailors to be heard",
    "up to 30",
    "50",
    "The inquiry will hear 50 sailors before the end of October.",
    "Harbor Post",
)
TITLE = "Aldermoor inquiry widens: 50 sailors to be heard, ministry says"


def told() -> dict[str, Alert]:
    """An alert of every kind, by kind."""

    def of_entry(kind: AlertKind, seen: Sighting, made: Decision, source: Source = LEDGER) -> Alert:
        return alerts.of_entry(kind, Candidate(STORY, source, seen, MEMORY, NOW), made)

    case = Candidate(STORY, LEDGER, sighting(TITLE, NEW, 2, old=OLD), MEMORY, NOW)
    revision = revisions.compare(OLD, NEW, NOW, old_title=TITLE, new_title=TITLE)
    corrected = revisions.compare(
        OLD, f"{NEW}\nCorrection: an earlier version of this article said that up to 30 sailors would be heard.", NOW,
        old_title="Up to 30 sailors to be heard", new_title=TITLE,
    )  # fmt: skip
    failing = SourceStatus(
        "harbor-post", url=POST.url, state="failing", error="http_status", detail="503 Service Unavailable", failures=4,
        failing_since=NOW - timedelta(days=1),
    )  # fmt: skip
    rows = [
        of_entry("story.development", sighting(TITLE, NEW), decision(deltas=(DELTA,))),
        of_entry("story.confirmation", sighting(TITLE, source=POST), decision("confirmation"), POST),
        of_entry("story.reawakened", sighting("Aldermoor raised after a year"), decision()),
        of_entry("story.claim_changed", sighting(TITLE, NEW), decision(deltas=(DELTA,))),
        alerts.of_revision(case, decision("revision"), revision),
        alerts.of_revision(case, decision("correction"), corrected),
        alerts.baseline(STORY, MEMORY.members, UNREAD, "first", NOW),
        Alert(
            id="aoverdue", kind="story.overdue", at=NOW, title="Nothing reported by 2026-08-01: report due",
            story_id=STORY.id, story_title=STORY.title, summary="The report is due by 1 August.",
            article_source="Northern Ledger",
        ),
        alerts.of_source(POST, failing, "trouble", NOW),
        alerts.of_source(POST, replace(failing, state="ok", error=None), "recovered", NOW),
        Alert(
            id="atest", kind="channel.test", at=NOW, severity="high", title="Test alert from monitor",
            summary="If you can read this, alerts on this channel reach you.",
        ),
    ]  # fmt: skip
    found = {alert.kind: alert for alert in reversed(rows)}
    coverage = Coverage(
        polled=("Northern Ledger", "Meridian Daily", "Coast Radio"),
        failing=("Harbor Post (its server answers with an error)",),
        gapped=("Coast Radio",),
    )  # fmt: skip
    found["story.digest"] = messages.digest(
        [found[kind] for kind in ("story.confirmation", "story.development", "story.revision", "story.correction")],
        coverage, NOW,
    )  # fmt: skip
    return found
