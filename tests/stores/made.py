"""Values for store tests: everything a visit may leave behind, made from small numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core import ids
from monitor.model import (
    Alert,
    Claim,
    ClaimDelta,
    Decision,
    Delivery,
    Entry,
    Fetched,
    Gap,
    Judgements,
    Outcome,
    Reason,
    Receipt,
    Report,
    Score,
    Sighting,
    Source,
    SourceStatus,
    StoryReport,
    TextChange,
)
from monitor.ports import Store

NOW = datetime(2026, 3, 29, 1, 30, 0, 250, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEASE = timedelta(seconds=120)


def source(name: str = "herald") -> Source:
    return Source(name, name.title(), f"https://{name}.example/feed")


def status(name: str = "herald", at: datetime = NOW, **changes: object) -> SourceStatus:
    made = SourceStatus(
        source_id=name, state="ok", url=f"https://{name}.example/feed", etag='W/"7"', last_visit_at=at, last_ok_at=at,
        next_at=at + 15 * MINUTE, baseline_at=at,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def entry(number: int, words: str = "") -> Entry:
    return Entry(
        id=f"urn:{number}", url=f"https://herald.example/{number}", title=f"Report {number} {words}".strip(),
        summary=f"What was seen on day {number}. " * 12 + words, authors=("A. Writer", "Ünal"),
        published_at=NOW - number * MINUTE, language="en",
    )  # fmt: skip


def sighting(number: int, at: datetime = NOW, **changes: object) -> Sighting:
    made = Sighting(
        key=ids.entry_key("herald", f"urn:{number}"), entry=entry(number), at=at, revision=1,
        aliases=(f"id:urn:{number}", f"url:https://herald.example/{number}", f"t:{number}"),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def decision(seen: Sighting, story: str = "bridge", value: float = 0.9, **changes: object) -> Decision:
    reasons = (Reason("names", value, 0.5, "names the bridge"),) if value else ()
    made = Decision(
        entry_key=seen.key, story_id=story, source_id="herald", entry_id=seen.entry.id, at=seen.at,
        title=seen.entry.title, url=seen.entry.url, revision=seen.revision,
        score=Score(value, 0.5, value >= 0.5, reasons, certain=value >= 0.8),
        verdict="development" if value >= 0.5 else None, development="d1" if value >= 0.5 else "",
        deltas=(ClaimDelta("spans", "2", "3", "three spans"),) if value else (),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def member(seen: Sighting, **changes: object) -> StoryReport:
    made = StoryReport(
        entry_key=seen.key, source_id="herald", source_name="Herald", development="d1", verdict="development",
        at=seen.at, title=seen.entry.title, text=seen.entry.summary, url=seen.entry.url, origin="herald", score=0.9,
        certain=True,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def alert(name: str, at: datetime = NOW, story: str = "bridge", **changes: object) -> Alert:
    made = Alert(
        id=ids.alert_id(story, "story.development", name), kind="story.development", at=at, title=f"The {name}",
        story_id=story, story_title="The bridge", entry_key=f"e{name}", entry_id=f"urn:{name}", verdict="development",
        summary="Three spans stand.", published_at=at - HOUR, first_seen_at=at, development="d1", origins=2,
        also_reported_by=(Report("Post", "https://post.example/1", "Spans", "post", at),),
        deltas=(ClaimDelta("spans", "2", "3", "three spans", "Herald"),),
        changes=(TextChange("figure", "2", "3", "There are 3."),), diff_html="<ins>3</ins>",
        reasons=(Reason("names", 0.5, 0.25, "a \x00 \ud800 stray"),), notes=("late",),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def delivery(of: Alert, channel: str = "desk", recipient: str = "", **changes: object) -> Delivery:
    made = Delivery(ids.delivery_id(of.id, channel, recipient), of.id, channel, recipient, created_at=of.at)
    return replace(made, **changes)  # type: ignore[arg-type]


def outcome(*numbers: int, at: datetime = NOW, channels: tuple[str, ...] = ("desk",), name: str = "herald") -> Outcome:
    """A visit that found these entries, each of them a development that is told on every channel."""
    seen = tuple(sighting(number, at) for number in numbers)
    told = tuple(alert(str(number), at, entry_key=s.key) for number, s in zip(numbers, seen, strict=True))
    return Outcome(
        status=status(name, at), fetched=Fetched(name, f"https://{name}.example/feed", at, 200), sightings=seen,
        judgements=Judgements(
            decisions=tuple(decision(s, alert_id=a.id) for s, a in zip(seen, told, strict=True)),
            members=tuple(("bridge", member(s, alert_id=a.id)) for s, a in zip(seen, told, strict=True)),
            claims=tuple(
                ("bridge", s.key, Claim("quantity", "spans", "3 spans", str(n), low=3.0, at=at))
                for n, s in zip(numbers, seen, strict=True)
            ),
            alerts=told, deliveries=tuple(delivery(a, channel) for a in told for channel in channels),
        ),
        gaps=(Gap(name, at - HOUR, at, "all were new"),) if len(numbers) > 5 else (),
        entries_new=len(numbers), changed=bool(numbers),
    )  # fmt: skip


def claim(store: Store, now: datetime, limit: int, lease: timedelta, per_channel: int) -> list[tuple[Delivery, Alert]]:
    """What is due, leased; nothing is settled."""
    return store.settle_and_claim((), now, limit, lease, per_channel)


def book(store: Store, of: Delivery, receipt: Receipt, now: datetime) -> None:
    """Book one answer; nothing is claimed."""
    store.settle_and_claim([(of, receipt)], now, 0, LEASE, 0)
