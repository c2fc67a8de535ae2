"""The test feeds of other parsers: no crash, no hang, and the right number of entries on every well-formed feed."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime

import pytest

from monitor.core import parsing
from tests.data_at import members, shared

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SUITES = ["defusedxml", "feed-rs", "feedparser", "gofeed", "listparser", "rss-parser"]


@pytest.mark.parametrize("suite", SUITES)
def test_no_file_crashes_or_hangs(suite: str) -> None:
    for name, body in members(shared(f"data/suites/{suite}.tar.xz")):
        began = time.monotonic()
        feed = parsing.parse(body, now=NOW, url="https://example.org/feed")
        assert feed.error in (None, "parse", "not_a_feed", "challenge"), name
        assert time.monotonic() - began < 5, name


def test_gofeed_entry_counts() -> None:
    files = dict(members(shared("data/suites/gofeed.tar.xz")))
    compared = 0
    for name, body in files.items():
        expected_name = name.rsplit(".", 1)[0] + ".json"
        if name.endswith(".json") or expected_name not in files:
            continue
        expected = json.loads(files[expected_name].decode("utf-8", "replace"))
        wanted = len(expected.get("items") or expected.get("entries") or [])
        assert len(parsing.parse(body, now=NOW).entries) == wanted, name
        compared += 1
    assert compared > 300


def test_rss_parser_entry_counts() -> None:
    files = dict(members(shared("data/suites/rss-parser.tar.xz")))
    compared = 0
    for name, body in files.items():
        expected_name = re.sub(r"/input/(.*)\.\w+$", r"/output/\1.json", name)
        if "/input/" not in name or expected_name not in files:
            continue
        wanted = len(json.loads(files[expected_name].decode("utf-8", "replace"))["feed"]["items"])
        assert len(parsing.parse(body, now=NOW).entries) == wanted, name
        compared += 1
    assert compared >= 20


def test_every_wellformed_feed_of_feedparser_is_a_feed() -> None:
    for name, body in members(shared("data/suites/feedparser.tar.xz")):
        # CDF (1997) is a channel list of another kind that no publisher serves any more.
        if "/wellformed/" in name and name.endswith(".xml") and "/cdf/" not in name:
            feed = parsing.parse(body, now=NOW)
            assert feed.error is None, (name, feed.detail)
            assert (
                len(feed.entries) == len(re.findall(rb"(?i)<(?:\w+:)?(?:item|entry)[\s>/]", body)) or b"\x00" in body
            ), name


def test_listparser_outlines_are_no_feeds_and_read_as_opml() -> None:
    from monitor.errors import FeedError
    from monitor.operations.exporting import read_opml

    read = 0
    for name, body in members(shared("data/suites/listparser.tar.xz")):
        if "/files/opml/" not in name:
            continue
        assert parsing.parse(body, now=NOW).entries == (), name
        try:
            read += len(read_opml(body, name))
        except FeedError:
            continue
    assert read > 20
