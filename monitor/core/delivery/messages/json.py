"""The webhook body, exactly as the contract has it, within 20 KiB."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.core import urls
from monitor.core.delivery.messages.words import differences, evidence, shown
from monitor.core.times import to_text, to_text_or_none
from monitor.data import read
from monitor.model import Alert, Report

BODY_BYTES_MAX = 20 * 1024  # bytes of a webhook body (Standard Webhooks: keep payloads under 20 kB)
TEXT_CHARS_MAX = 1000  # characters of a text in it (set)
SHORT_CHARS = 300  # characters of a title or a name in it (set)
URL_CHARS_MAX = 2000  # characters: what browsers and proxies take (set)
ID_CHARS_MAX = 2000  # characters of a publisher's id (set)
MOSTS = (500, 100, 60, 40, 20, 10, 5, 2, 1, 0)  # items kept in each list, tried in turn until the body fits (set)
ALWAYS = {"claims_changed": 1}
SCHEMA_VERSION = 1  # of the body (contract)


def webhook(alert: Alert, seq: int, links: Mapping[str, Any]) -> dict[str, Any]:
    """`{"type","timestamp","schema_version","data"}`; lists are cut until the body fits, and `omitted` counts the rest.

    What happened, to which article, and the first thing that changed are always there.
    """
    lists = _lists(alert)
    for most in MOSTS:
        body = _body(alert, seq, links, lists, most)
        if len(json.dumps(body, ensure_ascii=False).encode()) <= BODY_BYTES_MAX:
            return body
    return _body(alert, seq, links, lists, 0, SHORT_CHARS)


def _body(
    alert: Alert, seq: int, links: Mapping[str, Any], lists: Mapping[str, list[Any]], most: int,
    chars_max: int = TEXT_CHARS_MAX,
) -> dict[str, Any]:  # fmt: skip
    data: dict[str, Any] = {"alert": alert.id, "seq": seq}
    if alert.story_id:
        data["story"] = {"id": alert.story_id, "title": shown(alert.story_title, 200)}
    elif alert.source_id:
        data["source"] = {"id": alert.source_id, "name": shown(alert.article_source, 200)}
    kept = {name: rows[: max(most, ALWAYS.get(name, 0))] for name, rows in lists.items()}
    data |= {
        "verdict": alert.verdict, "phase": alert.phase, "severity": alert.severity,
        "headline": shown(alert.title, chars_max), "summary": shown(alert.summary, chars_max),
        "article": _article(alert, chars_max) if alert.entry_key else None, "origins": alert.origins, **kept,
        "omitted": {name: len(rows) - len(kept[name]) for name, rows in lists.items() if len(rows) > len(kept[name])},
        "development": alert.development or None, "links": dict(links),
    }  # fmt: skip
    return {
        "type": alert.kind, "timestamp": to_text(alert.at), "schema_version": SCHEMA_VERSION, "data": data,
    }  # fmt: skip


def _lists(alert: Alert) -> dict[str, list[Any]]:
    """What may be cut, whole."""
    told = evidence(alert.reasons)
    return {
        "also_reported_by": [_report(report) for report in alert.also_reported_by],
        "claims_changed": [
            {"subject": row.subject, "before": row.before, "after": row.after, "quote": row.quote}
            | ({"before_source": row.teller} if row.teller else {})
            for row in differences(alert)
        ],
        "reasons": [
            {"signal": reason.signal, "evidence": said}
            for reason in alert.reasons
            if (said := shown(reason.evidence, 300)) in told
        ],
        "items": [_item(item) for item in alert.items],
        "still_carrying": [_report(report) for report in alert.still_carrying],
        "notes": [shown(note, 300) for note in alert.notes],
    }


def _article(alert: Alert, chars_max: int) -> dict[str, Any]:
    url = urls.fetchable(alert.article_url)
    return {
        "title": shown(alert.article_title, chars_max), "source": shown(alert.article_source, 200),
        "url": url if url and (chars_max == TEXT_CHARS_MAX or len(url) <= URL_CHARS_MAX) else None,
        "published_at": to_text_or_none(alert.published_at), "first_seen_at": to_text_or_none(alert.first_seen_at),
        "revision": alert.revision, "id": shown(alert.entry_id, ID_CHARS_MAX if chars_max == TEXT_CHARS_MAX else 300),
    }  # fmt: skip


def _report(report: Report) -> dict[str, Any]:
    url = urls.fetchable(report.url)
    return {
        "source": shown(report.source, 200), "url": url if 0 < len(url) <= URL_CHARS_MAX else None,
        "title": shown(report.title, 300),
    }  # fmt: skip


def _item(item: Report) -> dict[str, Any]:
    """A part of a digest also names the alert that it stands for, its type and story, and what changed."""
    if not item.kind:
        return _report(item)
    more = {"type": item.kind, "alert": item.alert, "story": shown(item.story, 200), "detail": shown(item.detail, 400)}
    return _report(item) | more


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the body."""
    made: dict[str, Any] = json.loads(read("webhook.schema.json"))
    return made
