"""Alerts out of decisions: what a watcher is told of an entry, a revision, a source. Pure; ids come from content."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from monitor.core import ids
from monitor.core.novelty import claims, origins
from monitor.core.presentation import phrases
from monitor.core.revisions import moved
from monitor.core.text import counted, opening
from monitor.model import (
    Alert,
    AlertKind,
    Candidate,
    Decision,
    Report,
    Revision,
    Severity,
    Source,
    SourceStatus,
    Story,
    StoryReport,
)

SUMMARY_CHARS_MAX = 600  # characters of a summary: three or four sentences (set)
REPORTS_MAX = 20  # reports listed in an alert; the page has them all (set)
DOUBT = "in doubt: it may tell again what was told before"
SEVERITY: dict[str, Severity] = {"story.correction": "high", "source.recovered": "low", "story.digest": "normal"}


def report(member: StoryReport) -> Report:
    """A member as a line of "also reported by" or of a digest."""
    return Report(member.source_name, member.url, member.title, member.origin, member.at)


def _about_entry(kind: AlertKind, candidate: Candidate, decision: Decision) -> Alert:
    story, source, sighting, entry = candidate.story, candidate.source, candidate.sighting, candidate.sighting.entry
    fellows = [
        m for m in candidate.memory.members if m.development == decision.development and m.entry_key != sighting.key
    ]
    told = [(m.origin, m.source_name, m.url, m.title) for m in fellows]
    told.append((decision.origin, source.label, entry.url, entry.title))
    origin_count = origins.independent(row[0] for row in told if origins.stated(*row))
    return Alert(
        id=ids.alert_id(story.id, kind, sighting.key, sighting.revision), kind=kind, at=decision.at, title=entry.title,
        story_id=story.id, story_title=story.title, entry_key=sighting.key, entry_id=decision.entry_id,
        severity="low" if decision.doubtful else SEVERITY.get(kind, "normal"), verdict=decision.verdict,
        phase=decision.phase, summary=opening(entry.summary or entry.text, SUMMARY_CHARS_MAX),
        article_title=entry.title, article_url=entry.url, article_source=source.label, published_at=entry.published_at,
        first_seen_at=sighting.first_seen_at, revision=sighting.revision, development=decision.development,
        origin=decision.origin, origins=origin_count, also_reported_by=tuple(report(m) for m in fellows[-REPORTS_MAX:]),
        deltas=decision.deltas, reasons=decision.reasons, notes=(_doubt(decision),) if decision.doubtful else (),
    )  # fmt: skip


def _doubt(decision: Decision) -> str:
    """Of what it may be a copy, as its reasons have it."""
    named = (reason.evidence for reason in decision.reasons if reason.evidence.startswith("in doubt: "))
    doubt = next(named, DOUBT)
    return f"{doubt[0].upper()}{doubt[1:]}"


def of_entry(kind: AlertKind, candidate: Candidate, decision: Decision) -> Alert:
    """A development, a confirmation, or the first development after a long silence."""
    alert, last_at = _about_entry(kind, candidate, decision), candidate.memory.last_development_at
    if kind == "story.reawakened" and last_at:
        days = (decision.at - last_at).days
        return replace(alert, notes=(*alert.notes, _silence(candidate, days)))
    return alert


def _silence(candidate: Candidate, days: int) -> str:
    """How long nothing new was taken, and what was taken and held back meanwhile: a watch knows no more than that."""
    since = candidate.memory.last_development_at
    held = sum(m.verdict == "repeat" and since is not None and m.at > since for m in candidate.memory.members)
    told = f"; {held} that told the same again {'was' if held == 1 else 'were'} held back" if held else ""
    return f"The first new report taken on this story in {counted(days, 'day')}{told}."


def raised(alert: Alert, important: Collection[str]) -> Alert:
    """The alert, urgent where it follows on a development that somebody marked as important."""
    return replace(alert, severity="high") if alert.development in important else alert


def of_revision(candidate: Candidate, decision: Decision, revision: Revision) -> Alert:
    """A revision or a correction, with what changed; a correction names who may still carry the old fact."""
    kind: AlertKind = "story.correction" if revision.verdict == "correction" else "story.revision"
    alert = _about_entry(kind, candidate, decision)
    carrying = _still_carrying(revision, candidate) if kind == "story.correction" else ()
    changes = revision.changes
    live = moved.runs(candidate.sighting.entry.title)  # is written on all day, and each line begins with its hour
    if live:
        changes = tuple(c for c in changes if c.kind != "date" or c.before or not c.sentence.startswith(c.after))
    unsaid = ["Changed without a correction note."] if revision.unannounced and not live else []
    seen = [change.after for change in revision.changes if change.kind == "notice" and not change.sentence]
    return replace(alert, changes=changes, diff_html=revision.html, notes=(*unsaid, *seen), still_carrying=carrying)


def _still_carrying(revision: Revision, candidate: Candidate) -> tuple[Report, ...]:
    """Members that state the old fact and not the new one: figures by their value, names and dates as written."""
    found = []
    for member in candidate.memory.members:
        said = f"{member.title}. {member.text}"
        stated = _ranges(said)
        if member.entry_key != candidate.sighting.key and any(
            (_ranges(change.before) & stated and not _ranges(change.after) & stated)
            if change.kind == "figure"
            else (change.before in said and change.after not in said)
            for change in revision.changes
            if change.before and change.kind in ("figure", "date", "name", "place")
        ):
            found.append(report(member))
    return tuple(found[-REPORTS_MAX:])


def _ranges(text: str) -> set[tuple[float, float]]:
    return {(low, high) for low, high, _ in claims.figures(text)}


def of_source(
    source: Source, status: SourceStatus, notice: Literal["trouble", "recovered", "review"], now: datetime
) -> Alert:
    """Trouble with a source, or its end: told once each."""
    name = source.label
    kind: AlertKind = "source.recovered" if notice == "recovered" else "source.trouble"
    occasion = str(status.failing_since or status.last_ok_at or now)
    if notice == "recovered":
        title, summary = f"{name} answers again", ""
    elif notice == "review":
        title = f"{name} has become another feed"
        summary = (
            f"{status.detail[:1].upper()}{status.detail[1:]}. No alerts until `monitor resume {source.id}` accepts it."
        )
    elif status.state == "gone":
        title = f"{name} is gone for good (410)"
        summary = f"It is no longer visited. `monitor resume {source.id}` tries it again."
    elif status.error == "internal":
        title = f"{name} is not read: a fault of monitor's own"
        summary = (
            f"Nothing is wrong with the source. {counted(status.failures, 'visit')} in a row. {status.detail}".strip()
        )
    else:
        title = f"{name} cannot be read: {phrases.failure(status.error, None)}"
        said = f": {status.detail}" if status.detail else ""
        summary = f"{counted(status.failures, 'failure')} in a row{said}. It is tried again by itself."
    return Alert(
        id=ids.alert_id(source.id, kind, notice, occasion), kind=kind, at=now, title=title, source_id=source.id,
        severity=SEVERITY.get(kind, "normal"), summary=summary, article_source=name, article_url=source.url,
    )  # fmt: skip


def baseline(story: Story, members: Sequence[StoryReport], notes: Sequence[str], occasion: str, now: datetime) -> Alert:
    """Where this story stands: what the first polls found, one line a development, newest first."""
    first: dict[str, StoryReport] = {}
    for member in sorted(members, key=lambda m: (m.at, m.entry_key)):
        first.setdefault(member.development, member)
    standing = sorted(first.values(), key=lambda m: (m.at, m.entry_key), reverse=True)
    count = len(standing)
    headline = f"Where this story stands: {counted(count, 'development')} so far" if count else ""
    return Alert(
        id=ids.alert_id(story.id, "story.baseline", occasion), kind="story.baseline", at=now,
        title=headline or "Watching: nothing on this story in the feeds yet", story_id=story.id,
        story_title=story.title, items=tuple(report(member) for member in standing[: 2 * REPORTS_MAX]),
        notes=tuple(notes), severity="normal",
    )  # fmt: skip
