"""The JSON shapes that `--json` prints and `replay` writes, as the contract names them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from monitor.core.times import to_text, to_text_or_none
from monitor.model import Alert, Attempt, ClaimDelta, Decision, Delivery, Reason, SourceStatus


def delta(change: ClaimDelta) -> dict[str, Any]:
    """`{"subject","before","after","quote"}`."""
    return {"subject": change.subject, "before": change.before, "after": change.after, "quote": change.quote}


def reason(why: Reason) -> dict[str, Any]:
    """`{"signal","value","weight","evidence"}`."""
    return {
        "signal": why.signal, "value": round(why.value, 4), "weight": round(why.weight, 4), "evidence": why.evidence,
    }  # fmt: skip


def decision(made: Decision) -> dict[str, Any]:
    """One line of `replay --decisions`, and `explain --json`."""
    told = made.score.follow_up or made.verdict is not None
    return {
        "entry": made.entry_id, "key": made.entry_key, "story": made.story_id, "source": made.source_id,
        "at": to_text(made.at), "title": made.title, "url": made.url, "follow_up": told,
        "score": round(made.score.value, 4), "threshold": made.score.threshold, "verdict": made.verdict,
        "doubtful": made.doubtful, "development": made.development or None, "origin": made.origin or None,
        "folded_into": made.folded_into or None, "alert": made.alert_id or None, "phase": made.phase,
        "baseline": made.baseline, "revision": made.revision, "claims": [delta(change) for change in made.deltas],
        "reasons": [reason(why) for why in (made.reasons or made.score.reasons)],
    }  # fmt: skip


def status(source_url: str, standing: SourceStatus) -> dict[str, Any]:
    """One row of `sources --json`."""
    state = "paused" if standing.paused else standing.state
    moved_to = standing.url if standing.state == "moved" else standing.moved_to
    return {
        "id": standing.source_id, "url": source_url, "state": state, "error": standing.error,
        "detail": standing.detail or None, "last_ok_at": to_text_or_none(standing.last_ok_at),
        "next_at": to_text_or_none(standing.next_at), "entries": standing.entries, "gaps": standing.gaps,
        "failures": standing.failures, "moved_to": moved_to or None,
    }  # fmt: skip


def delivery(row: Delivery) -> dict[str, Any]:
    """One delivery of `alerts --json`."""
    return {
        "id": row.id, "channel": row.channel_id, "state": row.state, "attempts": row.attempts,
        "next_at": to_text_or_none(row.next_at), "error": row.error or None, "recipient": row.recipient or None,
        "seq": row.seq,
    }  # fmt: skip


def alert(told: Alert, deliveries: Iterable[Delivery]) -> dict[str, Any]:
    """One row of `alerts --json`: a story's alert has `story`, an operator's `source`."""
    owner: Mapping[str, Any] = {"story": told.story_id} if told.story_id else {"source": told.source_id or None}
    return {
        "id": told.id, **owner, "kind": told.kind, "at": to_text(told.at), "title": told.title,
        "entry": told.entry_id or None, "url": told.article_url or None,
        "deliveries": [delivery(row) for row in deliveries],
    }  # fmt: skip


def attempt(tried: Attempt) -> dict[str, Any]:
    """An attempt at a delivery."""
    return asdict(tried) | {"at": to_text(tried.at)}
