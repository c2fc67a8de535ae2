"""The test feeds of other parsers: no crash, no hang, and the right number of entries on every well-formed feed."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
from lxml import etree

from monitor.core.documents import feeds
from monitor.core.documents.feeds import normalise
from tests.data_at import members, shared

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SUITES = ["defusedxml", "feed-rs", "feedparser", "gofeed", "listparser", "rss-parser"]


@pytest.mark.parametrize("suite", SUITES)
def test_no_file_crashes_or_hangs(suite: str) -> None:
    for name, body in members(shared(f"data/suites/{suite}.tar.xz")):
        began = time.process_time()
        feed = feeds.parse(body, now=NOW, url="https://example.org/feed")
        assert feed.error in (None, "parse", "not_a_feed", "challenge"), name
        assert time.process_time() - began < 5, name


def entries_in(body: bytes) -> int | None:
    """Entries of a well-formed feed by its elements alone; None for what is ill-formed or no feed."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return None
    if etree.QName(root).localname.lower() not in ("rss", "feed", "rdf"):
        return None
    names = (etree.QName(element).localname for element in root.iter() if isinstance(element.tag, str))
    return sum(name in ("item", "entry") for name in names)


# An RDF root with neither channel nor entries is no feed; neither are the lists of people in RDF of listparser.
ODD = {"version_rdf_090.xml"}


@pytest.mark.parametrize("suite", SUITES)
def test_every_wellformed_feed_has_all_its_entries(suite: str) -> None:
    counted: Counter[str] = Counter()
    for name, body in members(shared(f"data/suites/{suite}.tar.xz")):
        counted["files"] += 1
        expected = entries_in(body)
        if expected is None:
            continue
        feed = feeds.parse(body, now=NOW)
        if name.rsplit("/", 1)[-1] in ODD or suite == "listparser":
            assert feed.error == "not_a_feed", name
            counted["other RDF"] += 1
            continue
        counted["feeds"] += 1
        assert feed.error is None, (name, feed.detail)
        assert len(feed.entries) == expected, name
    print(suite, dict(counted))
    assert counted["feeds"] >= {"feedparser": 1800, "gofeed": 500, "feed-rs": 58, "rss-parser": 26}.get(suite, 0)


def test_gofeed_entries_and_titles() -> None:
    files = dict(members(shared("data/suites/gofeed.tar.xz")))
    counted: Counter[str] = Counter()
    for name, body in files.items():
        stem, _, ending = name.rpartition(".")
        expected_name = f"{stem}_expected.json" if ending == "json" else f"{stem}.json"
        if expected_name not in files:
            continue
        expected = json.loads(files[expected_name].decode("utf-8", "replace"))
        wanted = expected.get("items") or expected.get("entries") or []
        feed = feeds.parse(body, now=NOW)
        assert len(feed.entries) == len(wanted), name
        counted["feeds"] += 1
        for entry, one in zip(feed.entries, wanted, strict=True):
            counted["titles"] += 1
            if entry.title != normalise.title(one.get("title") or ""):
                counted["other titles"] += 1
    print(dict(counted))
    assert counted["feeds"] > 530
    # A forbidden control is U+FFFD with us and nothing with gofeed; media:title is a title to feedparser.
    assert counted["other titles"] <= 2


def test_rss_parser_entry_counts() -> None:
    files = dict(members(shared("data/suites/rss-parser.tar.xz")))
    compared = 0
    for name, body in files.items():
        expected_name = re.sub(r"/input/(.*)\.\w+$", r"/output/\1.json", name)
        if "/input/" not in name or expected_name not in files:
            continue
        wanted = len(json.loads(files[expected_name].decode("utf-8", "replace"))["feed"]["items"])
        assert len(feeds.parse(body, now=NOW).entries) == wanted, name
        compared += 1
    assert compared >= 20


def test_every_wellformed_feed_of_feedparser_is_a_feed() -> None:
    for name, body in members(shared("data/suites/feedparser.tar.xz")):
        # CDF (1997) is a channel list of another kind that no publisher serves any more.
        if "/wellformed/" in name and name.endswith(".xml") and "/cdf/" not in name:
            feed = feeds.parse(body, now=NOW)
            assert feed.error is None, (name, feed.detail)
            assert (
                len(feed.entries) == len(re.findall(rb"(?i)<(?:\w+:)?(?:item|entry)[\s>/]", body)) or b"\x00" in body
            ), name


def test_listparser_outlines_are_no_feeds_and_read_as_opml() -> None:
    from monitor.core.documents import opml
    from monitor.errors import FeedError

    read = 0
    for name, body in members(shared("data/suites/listparser.tar.xz")):
        if "/files/opml/" not in name:
            continue
        assert feeds.parse(body, now=NOW).entries == (), name
        try:
            read += len(opml.read(body, name).feeds)
        except FeedError:
            continue
    assert read > 20


def test_recorded_feeds_have_all_their_entries() -> None:
    """Every fortieth document of each recording: all are well-formed, so nothing may be missing or be a problem."""
    counted = 0
    for archive in sorted(shared("data/recordings").glob("*.tar.xz")):
        for number, (name, body) in enumerate(members(archive)):
            if number % 40:
                continue
            feed = feeds.parse(body, now=NOW, url="https://example.org/feed")
            assert (feed.error, feed.problems) == (None, ()), name
            assert len(feed.entries) == entries_in(body), name
            counted += 1
    assert counted > 100
