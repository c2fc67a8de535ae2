"""Sitemaps as feeds: titles and days of news, words of addresses, and indexes within bounds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.documents import feeds
from monitor.core.documents.feeds import sitemap

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SPACE = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
NEWS = f"""<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc>https://post.example/2026/11/ferry</loc><lastmod>2026-11-23T11:00:00Z</lastmod>
  <image:image><image:title>A ferry at night</image:title></image:image>
  <news:news><news:publication><news:name>Harbor Post</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2026-11-23T09:30:00+01:00</news:publication_date>
  <news:title>Ferry strike &amp; tide halt crossings | Harbor Post</news:title></news:news></url>
 <url><loc>https://post.example/hafen/streik-legt-faehren-am-montag-lahm-1234567.html</loc>
  <lastmod>2026-11-22</lastmod></url>
 <url><loc>https://post.example/sport</loc></url>
</urlset>"""


def read(body: str, **also: str) -> feeds.Feed:
    return feeds.parse(body.encode(), now=NOW, url="https://post.example/news.xml", kind="sitemap", **also)


def test_news_of_a_sitemap_are_entries() -> None:
    """Title and day as stated; without, the address's words and the day of its last change."""
    feed = read(NEWS)
    assert (feed.error, feed.format, feed.title, feed.language) == (None, "sitemap", "Harbor Post", "en")
    first, second = feed.entries
    assert (first.title, first.url, first.language) == (
        "Ferry strike & tide halt crossings", "https://post.example/2026/11/ferry", "en",
    )  # fmt: skip
    assert first.published_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert first.updated_at == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert (second.title, second.published_at) == ("Streik legt faehren am montag lahm", None)
    assert second.updated_at == datetime(2026, 11, 22, tzinfo=UTC)


def test_an_index_names_few_children_of_its_own_site_the_news_first() -> None:
    rows = "".join(f"<sitemap><loc>https://post.example/archive-{n}.xml</loc></sitemap>" for n in range(500))
    odd = "<sitemap><loc>https://elsewhere.example/news.xml</loc></sitemap>"
    news = "<sitemap><loc>https://post.example/sitemap-news.xml</loc></sitemap>"
    dated = "<sitemap><loc>https://post.example/b.xml</loc><lastmod>2026-11-23</lastmod></sitemap>"
    feed = read(f"<sitemapindex {SPACE}>{odd}{rows}{dated}{news}</sitemapindex>")
    assert feed.more == (
        "https://post.example/sitemap-news.xml", "https://post.example/b.xml", "https://post.example/archive-0.xml",
    )  # fmt: skip
    assert len(feed.more) == sitemap.CHILDREN_MAX


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_a_sitemap_is_read_as_one_only_where_it_was_asked_for(kind: str) -> None:
    feed = feeds.parse(NEWS.encode(), now=NOW, kind=kind)  # type: ignore[arg-type]
    assert feed.error == ("not_a_feed" if kind == "feed" else None)


BAD = [
    "<html><body>An error</body></html>",
    "",
    f"<!DOCTYPE u [<!ENTITY a 'aaaa'>]><urlset {SPACE}><url><loc>&a;</loc></url></urlset>",
]


@pytest.mark.parametrize("body", BAD)
def test_what_is_none_is_an_error(body: str) -> None:
    assert read(body).error in ("not_a_feed", "parse")


def test_a_broken_sitemap_gives_what_is_whole_and_says_so() -> None:
    feed = read(NEWS.replace("</url>\n <url>", "</url>\n &nope; <url>", 1))
    assert len(feed.entries) == 2
    assert feed.problems


def test_the_newest_are_kept() -> None:
    rows = "".join(
        f"<url><loc>https://post.example/a-long-story-number-{n:05}x</loc><lastmod>20{n % 26:02}-01-01</lastmod></url>"
        for n in range(3000)
    )
    feed = read(f"<urlset {SPACE}>{rows}</urlset>")
    assert len(feed.entries) == 2000
    assert feed.entries_cut == 1000
