"""The page of a section as a feed: its headlines, in any layout, and nothing of what stands around them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.documents import feeds
from monitor.model import Feed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
AROUND = """<header><nav><a href="/2026/11/20/a-story-in-the-menu">A story that the menu shows</a></nav></header>
%s
<aside class="most-read"><a href="/2026/11/19/what-everybody-reads">What everybody reads most today</a></aside>
<div class="newsletter"><a href="/2026/letter-of-the-week-for-you">Our letter of the week for you</a></div>
<div id="taboola-below"><a href="/2026/one-trick-that-dentists-hate-badly">One trick that dentists hate badly</a></div>
<a href="https://cards.example/2026/best-cards-of-the-year-compared">Best cards of the year compared</a>
<a href="/tag/ports/all-about-the-ports-here">All about the ports here</a>
<footer><a href="/2026/how-we-work-and-what-we-do">How we work and what we do</a></footer>"""
LAYOUTS = {
    "headings": """<main><article><h2><a href="/2026/11/23/ferry-crews-walk-out">Ferry crews walk out again</a></h2>
      <time datetime="2026-11-23T09:30:00Z">9:30</time><p>Crews walked out at Port Alder on Monday over their pay.</p>
      </article><article><a href="/2026/11/22/crane-falls-at-port-alder"><h3>Crane falls at Port Alder</h3></a>
      </article></main>""",
    "cards": """<div class="grid"><div class="promo card"><a href="/2026/11/23/ferry-crews-walk-out"><img src="x"></a>
      <a href="/2026/11/23/ferry-crews-walk-out">Ferry crews walk out again</a><span class="date">23 November 2026,
      9:30</span><p>Crews walked out at Port Alder on Monday over their pay.</p></div><div class="promo card">
      <a href="/2026/11/22/crane-falls-at-port-alder">Crane falls at Port Alder</a></div></div>""",
    "list": """<table><tr><td>23.11.2026</td><td><a href="/2026/11/23/ferry-crews-walk-out">Ferry crews walk out
      again</a></td></tr><tr><td><a href="/2026/11/22/crane-falls-at-port-alder">Crane falls at Port Alder</a></td>
      </tr></table>""",
}


def read(body: str) -> Feed:
    head = '<meta property="og:site_name" content="Harbor Post"><title>Ports | Harbor Post</title>'
    page = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
    return feeds.parse(page.encode(), now=NOW, url="https://post.example/ports/", kind="page")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_headlines_of_any_layout_are_entries_and_nothing_else_is(layout: str) -> None:
    feed = read(AROUND % LAYOUTS[layout])
    assert (feed.error, feed.format, feed.title, feed.language) == (None, "page", "Harbor Post", "en")
    assert [entry.title for entry in feed.entries] == ["Ferry crews walk out again", "Crane falls at Port Alder"]
    assert feed.entries[0].id == feed.entries[0].url == "https://post.example/2026/11/23/ferry-crews-walk-out"
    days = [entry.published_at.date().isoformat() for entry in feed.entries if entry.published_at]
    assert days == ["2026-11-23", "2026-11-22"]


def test_what_a_card_says_belongs_to_its_headline() -> None:
    for layout in ("headings", "cards"):
        first, second = read(AROUND % LAYOUTS[layout]).entries
        assert first.published_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
        assert first.summary.startswith("Crews walked out")
        assert second.summary == ""


OTHER_SCRIPTS = [
    ("/news/articleView.html?idxno=240911", "아던항 여객선 노조 파업 돌입"),
    ("/a/20261123/c1001-1234567.html", "港口渡轮工人周一举行罢工"),
    ("/articles/ASX1234567.html", "フェリー乗組員がストライキ開始"),
    ("/novini/20261123-paromi-stoyat", "Паромники знову страйкують у порту"),
    ("/story/1234567", "عمال العبارات يضربون في الميناء"),
    ("/politik/streik-im-hafen-faehren-stehen-still-a-1", "Streik im Hafen: Fähren stehen still"),
]


@pytest.mark.parametrize(("link", "headline"), OTHER_SCRIPTS)
def test_headlines_of_every_script_are_found(link: str, headline: str) -> None:
    assert [entry.title for entry in read(f"<main><h3><a href='{link}'>{headline}</a></h3></main>").entries] == [
        headline
    ]


def test_the_same_words_on_many_links_are_no_headline() -> None:
    links = "".join(
        f"<a href='/2026/11/{n:02}/some-story-of-that-day'>Read the whole story here</a>" for n in range(1, 9)
    )
    assert read(f"<main>{links}</main>").error == "not_a_feed"


@pytest.mark.parametrize("body", ["<p>Nothing here</p>", "", "<nav><a href='/2026/11/23/a-b-c-d'>A b c d e</a></nav>"])
def test_a_page_without_headlines_is_no_feed(body: str) -> None:
    assert read(body).error == "not_a_feed"


def test_a_page_is_no_feed_where_none_was_asked_for() -> None:
    page = f"<!doctype html><html><body>{LAYOUTS['headings']}</body></html>"
    assert feeds.parse(page.encode(), now=NOW).error == "not_a_feed"


def test_a_page_in_a_sitemap_s_place_is_none() -> None:
    page = f"<!doctype html><html><body>{LAYOUTS['headings']}</body></html>"
    assert feeds.parse(page.encode(), now=NOW, kind="sitemap").error == "not_a_feed"


def test_a_feed_in_a_page_s_place_is_read() -> None:
    body = b"<rss version='2.0'><channel><title>x</title><item><title>Ferry sails</title></item></channel></rss>"
    assert len(feeds.parse(body, now=NOW, kind="page").entries) == 1
