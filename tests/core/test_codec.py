"""Nouns as JSON: what one process writes another reads back the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core import codec
from monitor.core.documents import feeds
from monitor.model import Article, Citation, Feed, Page

FEEDS = Path(__file__).resolve().parents[1] / "feeds"
NOW = datetime(2026, 11, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "path", sorted(p for p in FEEDS.iterdir() if not p.name.endswith(".expected.json")), ids=lambda path: path.name
)
def test_a_feed_survives_the_pipe(path: Path) -> None:
    feed = feeds.parse(path.read_bytes(), now=NOW)
    assert codec.from_json(Feed, codec.to_bytes(feed)) == feed
    assert codec.from_json(Feed, codec.to_bytes(replace(feed, detail="lone \udc00"))).detail == "lone ?"


@pytest.mark.parametrize(
    "noun",
    [
        Page("https://a.example/1", NOW, title="Title", published_at=NOW, text="Correction: ünï"),
        Article("Title", "Text", published_at=NOW, cited=(Citation("Herald", url="https://h.example/"),)),
    ],
)
def test_pages_and_articles_survive_it_too(noun: Page | Article) -> None:
    assert codec.from_json(type(noun), codec.to_bytes(noun)) == noun
    assert codec.from_json(type(noun), codec.to_json(noun)) == noun


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", "{}", '{"source_id": 1}'])
def test_what_is_no_noun_is_an_error_that_whoever_reads_expects(raw: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        codec.from_json(Page, raw)
