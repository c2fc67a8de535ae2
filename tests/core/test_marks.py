"""Entries whose bytes were read before are not read again, and nothing is decided differently for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.identity import Replay
from monitor.core import identity
from monitor.core.documents import feeds
from monitor.model import Entry, Feed, Marked
from tests.data_at import members, shared

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AT = datetime(2025, 3, 1, 12, tzinfo=UTC)


@dataclass
class Marking(Replay):
    """As `Replay`, but reading only what was not read before, as the lane does."""

    marks: dict[str, Marked] = field(default_factory=dict)
    skipped: int = 0

    def read(self, body: bytes, at: datetime) -> int:
        """Read one document; how many entries were new."""
        before = self.marks
        feed = feeds.parse(body, now=NOW, read_before=before)
        again = {mark: before[mark] for mark in feed.marks if mark in before}
        if again and identity.entangled(again, self.known(feed.entries)):
            feed, again = feeds.parse(body, now=NOW, read_before={}), {}
        self.skipped += len(again)
        document = identity.Document(feed.entries)
        beside = len({marked.key for marked in again.values()})
        sightings = document.resolve(self.source_id, self.known(feed.entries), at, beside=beside)
        new = self.keep(sightings, at)
        for sighting in identity.seen_again(self.source_id, again, at):
            self.entries[sighting.key] = replace(self.entries[sighting.key], last_seen_at=at)
        self.marks = document.marks(feed, again, sightings)
        return new


def outcome(replay: Replay) -> dict[str, tuple[int, Entry]]:
    """What is known in the end: keys, revisions, and the newest text of each."""
    return {key: (known.revision, known.entry) for key, known in replay.entries.items()}


def parse(body: str, read_before: set[str] | None = None) -> Feed:
    return feeds.parse(body.encode(), now=NOW, read_before=read_before)


def rss(*items: str, head: str = "") -> str:
    return f"<rss version='2.0'><channel><title>t</title>{head}{''.join(items)}</channel></rss>"


ITEMS = [f"<item><guid>{n}</guid><title>entry {n}</title></item>" for n in range(4)]


def test_only_what_is_new_is_read() -> None:
    first = parse(rss(*ITEMS[1:]), set())
    assert (len(first.marks), len(first.entries)) == (3, 3)
    again = parse(rss(*ITEMS, head="<lastBuildDate>x</lastBuildDate>"), set(first.marks))
    assert again.marks[1:] == first.marks
    assert [entry.id for entry in again.entries] == ["0"]
    assert (again.title, again.format, again.error) == ("t", "rss20", None)
    assert parse(rss(*ITEMS), set(again.marks)).entries == ()
    assert parse(rss(*ITEMS)).marks == (), "nobody asked"


TOGETHER = [
    rss("<item><title>a</title><description><![CDATA[<item>b</item>]]></description></item>", ITEMS[1]),
    rss("<item><title>a</title><item><title>b</title></item></item>"),
    rss("<item rdf:about='1'/>", ITEMS[1]),
    rss("<item><title>a</title>", ITEMS[1]),
    rss(ITEMS[1], "<item><title>Tom &unknown; Jerry</title></item>"),
    rss(ITEMS[1])[:-20],
    '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]}',
]


@pytest.mark.parametrize("body", TOGETHER)
def test_where_entries_do_not_stand_apart_all_are_read(body: str) -> None:
    whole = parse(body)
    asked = parse(body, set())
    assert (asked.marks, asked.entries) == ((), whole.entries)
    known = set(parse(rss(*ITEMS), set()).marks)
    assert parse(body, known).entries == whole.entries


words = st.sampled_from(
    ["Bridge opens to traffic at last today", "Two schools close", "Storm", "Court hears the appeal now"]
)
items = st.builds(
    lambda guid, url, title, text, day: (
        f"<item>{f'<guid>{guid}</guid>' if guid else ''}{f'<link>https://p.example/{url}</link>' if url else ''}"
        f"<title>{title}</title><description>{text}</description>"
        f"{f'<pubDate>{day} Mar 2025 10:00:00 GMT</pubDate>' if day else ''}</item>"
    ),
    st.sampled_from(["", "1", "2", "3", "x#1"]), st.sampled_from(["", "1", "2?utm_source=rss", "2", "3"]), words,
    st.sampled_from(["", "What happened there is told in a sentence or two.", "7 comments", "9 comments"]),
    st.sampled_from(["", "01", "02", "05"]),
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.lists(items, max_size=5), min_size=2, max_size=6))
def test_whatever_a_publisher_does_it_comes_to_the_same(served: list[list[str]]) -> None:
    """Reading whole documents and reading what is new of them: the same keys, revisions and texts, at every turn."""
    whole, marking = Replay("paper"), Marking("paper")
    for turn, entries in enumerate([*served, *served]):
        at, body = AT + timedelta(minutes=turn), rss(*entries).encode()
        assert marking.read(body, at) == whole.visit(feeds.parse(body, now=NOW).entries, at)
        assert outcome(marking) == outcome(whole)


def test_who_stands_beside_an_entry_counts_although_it_is_not_read_again() -> None:
    """A document of one entry does not show that an old one is gone; one of two does, read whole or not."""
    title = "<title>Bridge opens to traffic at last today</title>"
    other = f"<item>{title}<pubDate>02 Mar 2025 10:00:00 GMT</pubDate></item>"
    whole, marking = Replay("paper"), Marking("paper")
    for turn, first in enumerate((f"<item>{title}</item>", f"<item><guid>2</guid>{title}</item>")):
        at, body = AT + timedelta(minutes=turn), rss(first, other).encode()
        assert marking.read(body, at) == whole.visit(feeds.parse(body, now=NOW).entries, at)
        assert outcome(marking) == outcome(whole)
    assert marking.skipped == 1


@pytest.mark.parametrize(
    "name", ["gesab-rnz", "gesab-bbc", "jtw-wgrznews", "gesab-cnn", "gesab-nytimes", "orx-ft-home"]
)
def test_recorded_feeds_come_to_the_same(name: str) -> None:
    """Every document of real feeds read whole, and read only where it is new: the same keys, revisions and texts."""
    whole, marking, read = Replay("s"), Marking("s"), 0
    for path, body in sorted(members(shared(f"data/recordings/{name}.tar.xz")))[:70]:
        found = re.search(r"(\d{8}T\d{6})Z", path)
        assert found
        at = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        entries = feeds.parse(body, now=NOW).entries
        read += len(entries)
        assert marking.read(body, at) == whole.visit(entries, at), path
    assert outcome(marking) == outcome(whole)
    print(name, f"{marking.skipped / read:.0%} not read again")
    assert marking.skipped > read / 10
