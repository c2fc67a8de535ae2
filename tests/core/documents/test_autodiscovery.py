"""Where a page says that its feeds are, and in which order they are worth trying."""

from __future__ import annotations

import pytest

from monitor.core.documents import autodiscovery
from monitor.model import Entry, Feed

BASE = "https://post.example/"


def found(head: str = "", body: str = "", link: str = "") -> list[str]:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return [url for url, _ in autodiscovery.declared(page.encode(), BASE, link)]


TYPES = [
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
    "text/xml", "application/xml", "application/x-rss+xml", "text/rss", "application/rss", "application/rss&#43;xml",
    "application/x.atom+xml", "application/rss+xml; charset=utf-8", "APPLICATION/RSS+XML",
]  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_that_sites_give_their_feeds_declares_one(kind: str) -> None:
    assert found(f"<link rel='alternate' type='{kind}' href='/out/all'>") == [f"{BASE}out/all"]


@pytest.mark.parametrize("kind", ["text/html", "application/pdf", "text/css", "image/x-icon", ""])
def test_other_types_declare_none(kind: str) -> None:
    assert found(f"<link rel='alternate' type='{kind}' href='/out/all'>") == []


HEADERS = [
    '</out/all>; rel="alternate"; type="application/rss+xml"',
    "<https://post.example/out/all>; type=application/atom+xml; rel=alternate",
    '</x.css>; rel=preload; as=style, </out/all>; rel="alternate"; type="application/rss+xml"; title="All, of it"',
]


@pytest.mark.parametrize("header", HEADERS)
def test_the_link_header_declares_as_well(header: str) -> None:
    assert found(link=header) == [f"{BASE}out/all"]


def test_a_link_with_a_feed_s_type_declares_one_whatever_its_address() -> None:
    assert found(body="<a type='application/rss+xml' href='/out/all'>Follow</a><a href='/x'>x</a>") == [
        f"{BASE}out/all"
    ]


def test_the_base_of_the_page_counts_also_after_the_link() -> None:
    assert found("<base href='/site/'><link rel=alternate type=application/rss+xml href=all.xml>") == [
        f"{BASE}site/all.xml"
    ]


COMMENTS = [
    "Comments Feed", "Kommentar-Feed", "Kommentare zu: Fähren", "Flux des commentaires", "Comentarios del artículo",
    "Feed dei commenti", "Kanał z komentarzami", "Komentáře", "Комментарии", "Коментарі", "Yorum beslemesi", "Σχόλια",
    "תגובות", "تعليقات", "コメントフィード",
    "评论 Feed", "댓글 피드", "Reacties feed", "Kommentarer", "Kommenttien syöte",
    "bình luận", "टिप्पणियाँ", "ความคิดเห็น", "Hozzászólások", "Comentários",
]  # fmt: skip


@pytest.mark.parametrize("title", COMMENTS)
def test_comments_of_any_language_never_come_first(title: str) -> None:
    both = "<link rel=alternate type=application/rss+xml title='{}' href='{}'>"
    head = both.format(title, "/k") + both.format("Harbor Post", "/n")
    assert found(head)[0] == f"{BASE}n"
    assert autodiscovery.is_comments(Feed(title=f"{title} - Harbor Post"))


PARTS = [
    ("Harbor Post » Sport Category Feed", "/rss/a"), ("Harbor Post » ferry Tag Feed", "/rss/a"), ("Sport", "/rss/a"),
    ("Harbor Post » Posts by Ilsa Brandt Feed", "/rss/a"), ("Kultur", "/rss/a"), ("RSS", "/rubriques/mer/rss"),
    ("Спорт", "/rss/a"), ("体育", "/rss/a"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "address"), PARTS)
def test_the_feed_of_the_whole_site_comes_before_that_of_a_part(title: str, address: str) -> None:
    link = "<link rel=alternate type=application/rss+xml title='{}' href='{}'>"
    assert found(link.format(title, address) + link.format("Harbor Post", "/n")) == [f"{BASE}n", f"{BASE}{address[1:]}"]


def test_a_page_about_feeds_links_to_them_whatever_they_are_called() -> None:
    page = b"<html><body><a href='/export/all.xml'>All</a> <a href='/about'>About</a></body></html>"
    assert autodiscovery.declared(page, f"{BASE}service/rss") == [(f"{BASE}export/all.xml", "link")]
    assert autodiscovery.declared(page, f"{BASE}service/press") == []


def test_a_feed_is_of_comments_by_what_is_in_it() -> None:
    inner = tuple(Entry(id=str(n), url=f"{BASE}a#comment-{n}", title="By Ilse") for n in range(3))
    assert autodiscovery.is_comments(Feed(title="Harbor Post", entries=inner))
    assert not autodiscovery.is_comments(Feed(title="Commentary", entries=(Entry(id="1", url=f"{BASE}a"),)))


@pytest.mark.parametrize(
    ("url", "section"),
    [
        ("https://post.example/", False), ("https://post.example/world", True),
        ("https://post.example/world/asia/", True),
        ("https://post.example/2026/06/ferry", False), ("https://post.example/world/ferry-crews-walk-out", False),
        ("https://post.example/news/12345", False), ("https://post.example/middle-east", True),
    ],
)  # fmt: skip
def test_a_section_is_told_from_a_front_page_and_an_article(url: str, section: bool) -> None:
    assert autodiscovery.is_section(url) is section


def test_a_section_s_feed_is_one_of_its_path() -> None:
    feeds = [(f"{BASE}rss/world.xml", "link"), (f"{BASE}asia/rss", "link"), (f"{BASE}feed", "autodiscovery")]
    assert autodiscovery.in_section(feeds, f"{BASE}world/asia/") == [(f"{BASE}asia/rss", "link")]  # type: ignore[arg-type]


def test_sitemaps_of_news_come_first() -> None:
    robots = (
        f"User-agent: *\nSitemap: {BASE}archive.xml\nsitemap: {BASE}sitemap_news_today.xml\nSitemap: not an address"
    )
    assert autodiscovery.news_sitemaps(robots, BASE)[:2] == [f"{BASE}sitemap_news_today.xml", f"{BASE}news-sitemap.xml"]


@pytest.mark.parametrize(
    "anchor",
    [
        "<a href='/out/all' aria-label='Subscribe via Atom'><svg></svg></a>",
        "<a href='/out/all'><img src=r.svg alt='RSS'></a>",
        "<a href='/out/all' title='Abonnieren (RSS)'></a>",
        "<a href='/out/all'>RSS配信</a>",
    ],
)
def test_what_a_link_is_called_tells_that_it_leads_to_a_feed(anchor: str) -> None:
    assert found(body=anchor) == [f"{BASE}out/all"]


def test_a_headline_about_feeds_leads_to_none() -> None:
    assert found(body="<a href='/news/rss-turns-25'>RSS turns 25: how feeds came to be</a>") == []
    assert found(body="<a href='/w'>WordPress</a><a href='/a'>Atomic agency visits</a>") == []


def test_the_feed_of_a_content_system_without_names_is_known() -> None:
    assert found(body="<a href='/spip.php?page=backend'>Suivre</a>") == [f"{BASE}spip.php?page=backend"]


def test_the_feed_in_the_page_s_own_language_comes_first() -> None:
    head = "<link rel=alternate type='application/rss+xml' hreflang={0} href='/{0}'>"
    page = f"<html lang=en-GB><head>{head.format('de')}{head.format('en')}</head></html>"
    urls = [url for url, _ in autodiscovery.declared(page.encode(), BASE)]
    assert urls == [f"{BASE}en", f"{BASE}de"]
