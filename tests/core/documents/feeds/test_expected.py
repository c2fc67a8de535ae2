"""Feeds of our own beside what they must read as. To accept a change, look at the difference, then edit the JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.documents import feeds

FEEDS = Path(__file__).resolve().parents[3] / "feeds"
NOW = datetime(2026, 11, 3, tzinfo=UTC)
NAMES = sorted(path.name for path in FEEDS.iterdir() if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_reads_as_expected(name: str) -> None:
    feed = feeds.parse((FEEDS / name).read_bytes(), now=NOW, url="https://served.example/feeds/x")
    expected = json.loads((FEEDS / name).with_suffix(".expected.json").read_text(encoding="utf-8"))
    texts = [entry.text for entry in feed.entries]
    assert {**feeds.to_dict(feed), "ttl_s": feed.ttl_s, "texts": texts} == expected


def test_there_are_feeds() -> None:
    assert len(NAMES) >= 5
