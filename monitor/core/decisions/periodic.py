"""Alerts that no visit causes: where a story stands after the first polls, and deadlines that pass in silence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core import ids
from monitor.core.presentation import phrases
from monitor.core.text import counted, opening
from monitor.deferred import Deferred
from monitor.model import (
    Alert,
    Backfilled,
    ChannelStatus,
    Claim,
    Decision,
    Delivery,
    Gap,
    Report,
    Source,
    SourceStatus,
    Story,
    StoryReport,
    StoryState,
)

if TYPE_CHECKING:
    from monitor.core.decisions import alerts
    from monitor.core.delivery import messages
    from monitor.core.delivery.messages import Coverage
    from monitor.core.novelty import claim_changes, claims
else:
    alerts = Deferred("monitor.core.decisions.alerts")
    messages = Deferred("monitor.core.delivery.messages")
    claim_changes = Deferred("monitor.core.novelty.claim_changes")
    claims = Deferred("monitor.core.novelty.claims")


# For slow sources, before a story gets its brief: a visit and its first retry (set)
BASELINE_WAIT = timedelta(minutes=10)
SILENT_AFTER = timedelta(days=14)  # a source without a new entry for so long is named in a digest's coverage (set)
GRACE = timedelta(days=1)  # after a deadline: reports of what happened on the last day come on the next (set)
NOTICE_EVERY = timedelta(days=1)  # between two notices about one channel that loses alerts (set)
LOST_MAX = 20  # lost alerts or kept changes listed in one notice (set)
# Sources named in a sentence of a brief; the others are counted.
NAMED_MAX = 5
DUE_CHARS_MAX = 120  # characters of a deadline's sentence in a headline (set)
CHANNEL_PREFIX = "channel:"


def baseline_ready(statuses: Sequence[SourceStatus], now: datetime) -> bool:
    """Has every source been tried once, or has the first that answered waited long enough for the others?"""
    read = [status.baseline_at for status in statuses if status.baseline_at]
    if not read:
        return False
    tried = all(status.last_visit_at or status.paused for status in statuses)
    return tried or now - min(read) >= BASELINE_WAIT


def baseline(
    story: Story, statuses: Sequence[SourceStatus], sources: Mapping[str, Source], members: Sequence[StoryReport],
    stored: Sequence[Backfilled], now: datetime,
) -> Alert:  # fmt: skip
    """The one brief of the first polls, with what could not be read, and what was read from the state instead."""
    unread = [status for status in statuses if status.baseline_at is None]
    notes = [f"{len(statuses) - len(unread)} of {counted(len(statuses), 'source')} read."]
    notes += [
        f"Not yet read: {_name(sources, s.source_id)} ({phrases.failure(s.error, None) or 'not visited'})."
        for s in unread
    ]
    notes += [_stored(stored, sources)] if stored else []
    return alerts.baseline(story, [m for m in members if not m.alert_id], notes, "first", now)


def _stored(stored: Sequence[Backfilled], sources: Mapping[str, Source]) -> str:
    """ "The Herald had been read before: its 120 stored entries were read for this story." """
    entries = sum(each.entries for each in stored)
    names = [_name(sources, each.source_id) for each in stored[:NAMED_MAX]]
    rest = len(stored) - len(names)
    listed = f"{', '.join(names)} and {rest} more" if rest else ", ".join(names)
    what = f"{counted(entries, 'stored entry was', 'stored entries were')} read for this story"
    return f"{listed} had been read before: {what}."


def late_backfill(
    story: Story, stored: Sequence[Backfilled], sources: Mapping[str, Source], members: Sequence[StoryReport],
    decisions: Iterable[Decision], now: datetime,
) -> Alert | None:  # fmt: skip
    """What sources that the story began to read after its brief had brought before; None where that is nothing."""
    begun = {each.source_id: each.at for each in stored}
    brought = {made.entry_key for made in decisions if made.baseline and begun.get(made.source_id) == made.at}
    firsts = [m for m in members if m.entry_key in brought and m.verdict != "repeat"]
    if not firsts:
        return None
    occasion = " ".join(f"{name} {at.isoformat()}" for name, at in sorted(begun.items()))
    return alerts.baseline(story, firsts, [_stored(stored, sources)], occasion, now)


def late_baselines(statuses: Sequence[SourceStatus], told: str) -> list[SourceStatus]:
    """Sources whose first good poll came after the brief."""
    since = datetime.fromisoformat(told)
    return [status for status in statuses if status.baseline_at and status.baseline_at > since]


def late_baseline(
    story: Story, status: SourceStatus, sources: Mapping[str, Source], members: Sequence[StoryReport], now: datetime
) -> Alert | None:
    """What a late source brought at its first good poll; None where it brought nothing on the story."""
    baseline_at = status.baseline_at or now
    brought = [m for m in members if m.source_id == status.source_id and not m.alert_id and m.at <= baseline_at]
    firsts = [m for m in brought if m.verdict != "repeat"]
    if not firsts:
        return None
    note = f"{_name(sources, status.source_id)} answered for the first time."
    return alerts.baseline(story, firsts, [note], status.source_id, now)


def _name(sources: Mapping[str, Source], source_id: str) -> str:
    return sources[source_id].label if source_id in sources else source_id


def overdue(story: Story, memory: StoryState, since: str, now: datetime) -> list[Alert]:
    """Deadlines that passed while we watched, with no development since they were stated."""
    watched_from = datetime.fromisoformat(since)
    found = []
    for claim in claims.overdue(memory.claims, now - GRACE):
        ended = datetime.fromisoformat(f"{claim.date_to}T23:59:59+00:00")
        quiet = not any(m.at > (claim.at or watched_from) and m.verdict == "development" for m in memory.members)
        if ended <= watched_from or not quiet:
            continue
        alert = Alert(
            id=ids.alert_id(story.id, "story.overdue", claim.subject, claim.date_to), kind="story.overdue", at=now,
            title=f"Nothing reported by {claim.date_to}: {_due(claim)}", story_id=story.id,
            story_title=story.title, summary=claim.quote, article_source=claim.source,
        )  # fmt: skip
        found.append(alert)
    return found


def _due(claim: Claim) -> str:
    """What was to happen by then; where no words name it, the sentence that says so."""
    return opening(claim.quote, DUE_CHARS_MAX) if claim.subject in claim_changes.SUBJECTLESS else claim.subject


def kept_quiet(story: Story, decisions: Sequence[Decision], now: datetime) -> list[Alert]:
    """One summary an article of the changes that the daily limit kept quiet; `decisions` are a finished day's."""
    quiet: dict[str, list[Decision]] = {}
    for made in sorted(decisions, key=lambda decision: (decision.at, decision.revision)):
        if made.verdict in ("revision", "correction") and not made.alert_id:
            quiet.setdefault(made.entry_key, []).append(made)
    return [_summary(story, made, now) for made in quiet.values()]


def _summary(story: Story, made: Sequence[Decision], now: datetime) -> Alert:
    last, count = made[-1], len(made)
    return Alert(
        id=ids.alert_id(story.id, "story.digest", f"quiet {last.at.date()}", last.entry_key), kind="story.digest",
        at=now, title=f"{counted(count, 'more change')} in a day: {last.title}", story_id=story.id,
        story_title=story.title, entry_key=last.entry_key, entry_id=last.entry_id, article_title=last.title,
        article_url=last.url,
        items=tuple(Report(last.source_id, last.url, _said(each), "", each.at) for each in made[-LOST_MAX:]),
        notes=("It changes often: after two alerts a day the rest is kept for this summary.",),
    )  # fmt: skip


def _said(decision: Decision) -> str:
    """What a revision changed, as its reasons say it."""
    changed = [reason.evidence for reason in decision.reasons if " -> " in reason.evidence]
    return f"{decision.title} ({'; '.join(changed[:3])})" if changed else decision.title


def channel_notice(channel: ChannelStatus, lost: Sequence[tuple[Delivery, Alert]], now: datetime) -> Alert | None:
    """What the other channels must hear of one: that it is off, with what it lost; or what it lost, at most daily."""
    if channel.disabled and not channel.told:
        steps = [f"`monitor resume {channel.channel_id}` switches it on again."]
        return _of_channel(channel.channel_id, f"is switched off: {channel.disabled}", steps, lost, now)
    if not lost or (channel.mourned_at and now - channel.mourned_at < NOTICE_EVERY):
        return None
    count = counted(len(lost), "alert")
    who = sorted({delivery.recipient for delivery, _ in lost if delivery.recipient})
    whom = f" ({who[0]}{f' and {len(who) - 1} more' if who[1:] else ''})" if who else ""
    return _of_channel(channel.channel_id, f"could not deliver {count}: {lost[0][0].error}{whom}", [], lost, now)


def _of_channel(
    channel_id: str, what: str, steps: Sequence[str], lost: Sequence[tuple[Delivery, Alert]], now: datetime
) -> Alert:
    """Kinds are settled: a channel in trouble is told as a source in trouble, under an id no source can have."""
    owner = f"{CHANNEL_PREFIX}{channel_id}"
    items = [
        Report(delivery.recipient or delivery.channel_id, alert.article_url, alert.title, "", alert.at)
        for delivery, alert in lost[:LOST_MAX]
    ]
    if lost:
        steps = [*steps, "`monitor redeliver --dead` sends what is dead again."]
    return Alert(
        id=ids.alert_id(owner, "source.trouble", f"{now.isoformat()} {what}"), kind="source.trouble", at=now,
        title=f"Channel {channel_id} {what}", source_id=owner, article_source=f"channel {channel_id}",
        items=tuple(items), summary=" ".join(steps), severity="high",
    )  # fmt: skip


def coverage(
    statuses: Iterable[SourceStatus], sources: Mapping[str, Source], gaps: Iterable[Gap], now: datetime
) -> Coverage:
    """Which sources were polled, fail, are silent or had one of these `gaps`: how a digest ends."""
    gapped = {gap.source_id for gap in gaps}
    rows = sorted(statuses, key=lambda status: status.source_id)
    named = [(status, _name(sources, status.source_id)) for status in rows]
    return messages.Coverage(
        polled=tuple(name for status, name in named if status.state in ("ok", "moved")),
        failing=tuple(f"{name} ({phrases.failure(status.error, None)})" for status, name in named if status.error),
        silent=tuple(name for s, name in named if s.last_new_at and now - s.last_new_at > SILENT_AFTER),
        gapped=tuple(name for status, name in named if status.source_id in gapped),
    )
