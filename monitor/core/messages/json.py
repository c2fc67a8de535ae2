"""The webhook body, exactly as the contract has it, within 20 KiB."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.core import urls
from monitor.core.messages.words import changed, evidence, shown
from monitor.core.times import to_text, to_text_or_none
from monitor.data import read
from monitor.model import Alert, Report

BODY_BYTES_MAX = 20 * 1024
SCHEMA_VERSION = 1


def webhook(alert: Alert, seq: int, links: Mapping[str, Any]) -> dict[str, Any]:
    """`{"type","timestamp","schema_version","data"}`; lists are shortened until the body fits its limit."""
    for most in (20, 10, 5, 2, 0):
        body = _body(alert, seq, links, most)
        if len(json.dumps(body, ensure_ascii=False).encode()) <= BODY_BYTES_MAX:
            return body
    return _body(alert, seq, links, 0, chars_max=300)


def _body(alert: Alert, seq: int, links: Mapping[str, Any], most: int, chars_max: int = 1000) -> dict[str, Any]:
    data: dict[str, Any] = {"alert": alert.id, "seq": seq}
    if alert.story_id:
        data["story"] = {"id": alert.story_id, "title": shown(alert.story_title, 200)}
    elif alert.source_id:
        data["source"] = {"id": alert.source_id, "name": shown(alert.article_source, 200)}
    data |= {
        "verdict": alert.verdict, "phase": alert.phase, "severity": alert.severity,
        "headline": shown(alert.title, chars_max), "summary": shown(alert.summary, chars_max),
        "article": _article(alert) if alert.entry_key else None,
        "also_reported_by": [_report(report) for report in alert.also_reported_by[:most]], "origins": alert.origins,
        "claims_changed": [
            {"subject": subject, "before": before, "after": after, "quote": quote}
            for subject, before, after, quote in changed(alert)[: max(most, 1)]
        ],
        "reasons": [
            {"signal": reason.signal, "evidence": shown(reason.evidence, 300)}
            for reason in alert.reasons[:most]
            if shown(reason.evidence, 300) in evidence(alert.reasons)
        ],
        "items": [_report(report) for report in alert.items[: 2 * most]],
        "still_carrying": [_report(report) for report in alert.still_carrying[:most]],
        "notes": [shown(note, 300) for note in alert.notes[:most]],
        "development": alert.development or None, "links": dict(links),
    }  # fmt: skip
    return {
        "type": alert.kind, "timestamp": to_text(alert.at), "schema_version": SCHEMA_VERSION, "data": data,
    }  # fmt: skip


def _article(alert: Alert) -> dict[str, Any]:
    return {
        "title": shown(alert.article_title, 1000), "url": urls.fetchable(alert.article_url) or None,
        "source": shown(alert.article_source, 200), "published_at": to_text_or_none(alert.published_at),
        "first_seen_at": to_text_or_none(alert.first_seen_at), "revision": alert.revision, "id": alert.entry_id,
    }  # fmt: skip


def _report(report: Report) -> dict[str, Any]:
    return {
        "source": shown(report.source, 200), "url": urls.fetchable(report.url) or None,
        "title": shown(report.title, 300),
    }  # fmt: skip


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the body."""
    made: dict[str, Any] = json.loads(read("webhook.schema.json"))
    return made
