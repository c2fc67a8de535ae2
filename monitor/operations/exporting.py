"""What leaves in bulk: sources as OPML, decisions as JSON lines, one story's evidence as one document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from monitor.core import json_views
from monitor.core.relevance import feedback
from monitor.core.text import clean
from monitor.core.times import to_text, to_text_or_none
from monitor.errors import NotFound
from monitor.model import Source
from monitor.pipeline import words_on
from monitor.ports import Store


def opml(sources: Iterable[Source]) -> str:
    """OPML 2.0 with one outline a source."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "monitor"
    body = etree.SubElement(root, "body")
    for source in sources:
        title = clean(source.label, 200)
        links = {"xmlUrl": source.url} | ({"htmlUrl": source.homepage} if source.homepage else {})
        etree.SubElement(body, "outline", {"type": "rss", "text": title, "title": title, **links})
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)).decode()


def feeds(sources: Iterable[Source]) -> list[dict[str, Any]]:
    """The same as rows: `[{"id","name","url","homepage"}]`."""
    return [
        {"id": source.id, "name": source.name, "url": source.url, "homepage": source.homepage or None}
        for source in sources
    ]


def decisions(store: Store, story_id: str | None) -> Iterator[str]:
    """Every stored decision, oldest first, one JSON document a line."""
    for made in reversed(store.decisions(story_id=story_id, limit=1_000_000)):
        yield json.dumps(json_views.decision(made), ensure_ascii=False)


def labels(store: Store, story_id: str | None) -> Iterator[str]:
    """What people said of alerts, as the labels that `monitor eval` reads, one JSON document a line."""
    stories = dict.fromkeys(row.story_id for row in store.feedback(story_id))
    for story in stories:
        rows, developments = words_on(store, story)
        said = feedback.read(rows, developments)
        for row in feedback.last_words(rows):
            if made := feedback.label(row, said, developments):
                yield json.dumps(made, ensure_ascii=False)


def bundle(store: Store, story_id: str) -> dict[str, Any]:
    """Everything known of a story: decisions, versions, alerts, deliveries and their log, feedback, gaps."""
    made = store.decisions(story_id=story_id, follow_up=True, limit=100_000)[::-1]
    if not made:
        raise NotFound(f"nothing is known of a story {story_id!r}")
    keys = list(dict.fromkeys(decision.entry_key for decision in made))
    told = store.alerts(story_id=story_id, limit=100_000)
    return {
        "story": story_id, "decisions": [json_views.decision(decision) for decision in made],
        "versions": {
            key: [
                {
                    "revision": revision, "first_seen_at": to_text(at), "title": entry.title, "summary": entry.summary,
                    "text": entry.text, "url": entry.url, "published_at": to_text_or_none(entry.published_at),
                }
                for revision, at, entry in store.versions(key)
            ]
            for key in keys
        },
        "alerts": [
            json_views.alert(alert, rows)
            | {"attempts": {row.id: [json_views.attempt(tried) for tried in store.attempts(row.id)] for row in rows}}
            for alert, rows in told
        ],
        "feedback": [
            {
                "alert": row.alert_id, "key": row.entry_key, "story": row.story_id, "word": row.word,
                "argument": row.argument, "at": to_text(row.at),
            }
            for row in store.feedback(story_id)
        ],
        "gaps": [
            {"source": gap.source_id, "since": to_text(gap.since), "until": to_text(gap.until), "detail": gap.detail}
            for gap in store.gaps()
        ],
    }  # fmt: skip
