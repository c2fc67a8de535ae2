"""What expat alone reads, feedparser reads alike.

Over the feeds of other parsers' suites, and over documents put together at random of all that may stand in one, in any
order and number.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from monitor.core.documents import feeds
from monitor.core.documents.feeds import regular
from monitor.model import Feed
from tests.data_at import members, shared

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://paper.example/news/feed"
TEXTS = (
    "Ferry sinks", " \n Two\n lines ", "", "Caf\u00e9 shuts \u2013 \u201cfor good\u201d", "a &amp; b &amp;copy; move",
    "1 &lt; 2", "<![CDATA[<p>A paragraph &amp; more</p>]]>", "Thu, 26 Nov 2026 10:00:00 GMT", "2026-11-24T10:00:00Z",
    "Ann Lee", "https://paper.example/a?b=1&amp;c=2", "&lt;updated&gt;", "&lt;b&gt;bold&lt;/b&gt; &amp;copy; move",
    "caf\u00c3\u00a9", "it&#146;s", "&#128;", "/relative", "12345", "http:////odd.example/x", "a<!-- note -->b",
    "ann@paper.example (Ann Lee)", "\u0420\u0435\u043a\u0430", "<b>markup</b>", "60", "en_GB",
)  # fmt: skip
IN_ITEM = (
    "title", "link", "guid", "description", "pubDate", "content:encoded", "dc:creator", "author", "category",
    "comments", "source url='https://wire.example'", "category domain='x'", "dc:subject", "media:credit",
    "slash:comments", "media:keywords", "guid isPermaLink='false'", "media:description", "dc:date", "dc:language",
    "media:title", "title type='html'", "description xml:lang='de'", "updated", "creator", "summary",
    "guid xml:base='https://other.example/'", "pubdate", "news:source", "media:text", "news:rank", "pubDate tz='x'",
)  # fmt: skip
IN_CHANNEL = (
    "title", "link", "description", "language", "lastBuildDate", "pubDate", "ttl", "generator", "copyright", "category",
    "docs", "managingEditor", "skipDays", "dc:date", "dc:creator", "title xml:lang='fr'", "textInput",
    "sy:updatePeriod",
)  # fmt: skip
IN_FEED = (
    "title", "id", "updated", "subtitle", "rights", "logo", "published", "category", "title type='html'", "author",
    "link",
)  # fmt: skip
LINKS = (
    "<{0}link href='https://paper.example/a'/>", "<{0}link rel='Self' href='/self' type='application/rss+xml'/>",
    "<{0}link rel='hub' href='https://hub.example'/>", "<{0}link rel='alternate' type='application/json' href='/j'/>",
    "<{0}link/>", "<{0}link rel='enclosure' href='http:///x'/>",
    "<{0}link href='/x' xml:base='https://other.example'/>",
    "<{0}link rel='alternate' type='text/html' hreflang='en' href='https://paper.example/b?x=1&amp;y=2'/>",
)  # fmt: skip
HOLDING = (
    "<enclosure url='https://paper.example/p.mp3' length='1' type='audio/mpeg'/>",
    "<media:group><media:content url='u'/></media:group>", "<enclosure/>",
    "<image><url>u</url><title>i</title></image>", "<media:thumbnail url='u'/>",
    "<media:content url='u'><media:title>t</media:title></media:content>",
)  # fmt: skip
IN_ENTRY = (
    "title", "id", "updated", "published", "summary", "content", "category", "rights", "title type='html'",
    "title type='xhtml'", "summary type='html'", "content type='html'", "content type='text/plain'",
    "content src='https://paper.example/c'", "content type='image/png'", "author", "contributor", "issued", "source",
    "content xml:lang='de'", "link",
)  # fmt: skip
AUTHORS = (
    "<author><name>{1}</name></author>", "<author><name>{1}</name><uri>u</uri><email>a@b.example</email></author>",
    "<author><email>a@b.example</email></author>", "<author>{1}</author>",
)  # fmt: skip
NAMESPACES = (
    "xmlns:media='http://search.yahoo.com/mrss/'", "xmlns:media='http://search.yahoo.com/mrss'",
    "xmlns:media='urn:other'", "xmlns:media='http://purl.org/dc/elements/1.1/'",
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:old='http://purl.org/rss/1.0/'",
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:old='http://purl.org/rss/1&#46;0/'",
    "xmlns:media='http://search.yahoo.com/mrss/' xml:lang='en_GB'",
    "xmlns:media='http://search.yahoo.com/mrss/' xml:lang=''",
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:atom='http://www.w3.org/2005/Atom'",
)  # fmt: skip
REST = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    " xmlns:news='urn:news' xmlns:slash='http://purl.org/rss/1.0/modules/slash/' xmlns:a='http://www.w3.org/2005/Atom'"
    " xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
)
USUAL_TEXTS = 12  # of `TEXTS`: those that need no mending


def text(rng: random.Random) -> str:
    return rng.choice(TEXTS if rng.random() < 0.05 else TEXTS[:USUAL_TEXTS])


def leaves(rng: random.Random, names: tuple[str, ...], usual: int) -> list[str]:
    """Some of the usual elements, each once; now and then others besides."""
    chosen = rng.sample(names[:usual], rng.randint(0, usual))
    chosen += rng.choices(names, k=2) if rng.random() < 0.1 else []
    return [f"<{name}>{text(rng)}</{name.split()[0]}>" for name in chosen]


def shuffled(rng: random.Random, *parts: list[str]) -> str:
    whole = [one for some in parts for one in some]
    rng.shuffle(whole)
    return "".join(whole)


def put_together(rng: random.Random) -> bytes:
    """A document of whatever may stand in one; most of its elements once, as most have them."""

    def some(names: tuple[str, ...], most: int) -> list[str]:
        return rng.choices(names if rng.random() < 0.1 else names[:2], k=rng.randint(0, most))

    spaces = f"{rng.choice(NAMESPACES if rng.random() < 0.3 else NAMESPACES[:1])} {REST}"
    if rng.random() < 0.4:
        entries = [
            f"<entry>{shuffled(rng, leaves(rng, IN_ENTRY, 9), some(LINKS, 2), some(AUTHORS, 2))}</entry>"
            for _ in range(rng.randint(0, 3))
        ]
        inside = shuffled(rng, leaves(rng, IN_FEED, 5), some(LINKS, 1), entries)
        inside = inside.replace("{0}", "").replace("{1}", text(rng))
        return f"<feed xmlns='http://www.w3.org/2005/Atom' {spaces}>{inside}</feed>".encode()
    items = [
        f"<item>{shuffled(rng, leaves(rng, IN_ITEM, 16), some(LINKS, 1), some(HOLDING, 1))}</item>"
        for _ in range(rng.randint(0, 3))
    ]
    inside = shuffled(rng, leaves(rng, IN_CHANNEL, 12), some(LINKS, 1), items).replace("{0}", "a:")
    version = rng.choice(("2.0", "2.0", "2.0", "0.91"))
    return f"<rss version='{version}' {spaces}><channel>{inside}</channel></rss>".encode()


def both(body: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, Feed, Feed]:
    """Whether expat alone read a document, what came of it, and what comes of it by feedparser."""
    read, regularly = regular.read, []

    def noted(text: str, document: bytes) -> regular.Parsed | None:
        regularly.append(read(text, document))
        return regularly[-1]

    with monkeypatch.context() as patch:
        patch.setattr(regular, "read", noted)
        found = feeds.parse(body, now=NOW, url=URL)
        patch.setattr(regular, "read", lambda text, document: None)
        return any(regularly), found, feeds.parse(body, now=NOW, url=URL)


def test_documents_put_together_at_random_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rng, regularly = random.Random(20261124), 0
    for _ in range(1000):
        body = put_together(rng)
        alone, found, expected = both(body, monkeypatch)
        assert found == expected, body.decode()
        regularly += alone
    assert regularly > 300  # else nothing was compared


@pytest.mark.parametrize(("suite", "least"), [("feedparser", 600), ("gofeed", 170), ("feed-rs", 20)])
def test_the_feeds_of_other_parsers_are_read_alike(suite: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    regularly = 0
    for name, body in members(shared(f"data/suites/{suite}.tar.xz")):
        if len(body) < 100_000:  # the longest are read by neither in no time
            alone, found, expected = both(body, monkeypatch)
            assert found == expected, name
            regularly += alone
    assert regularly >= least


@pytest.mark.parametrize(
    "doubtful",
    [
        '<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><title>T</title></channel></rss>',
        '<rss version="2.0"><channel><title>T</title><item><title>A</title><title>B</title></item></channel></rss>',
        '<rss version="2.0"><channel><item><title>A <b>b</b></title></item></channel></rss>',
        '<rss version="2.0"><channel><item><title>A</title></item>',
    ],
)
def test_what_must_be_interpreted_is_left_to_feedparser(doubtful: str) -> None:
    assert regular.read(doubtful, doubtful.encode()) is None
