"""What pages say of themselves, in the layouts of many sites: address, title, day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.documents import seed
from monitor.errors import ArticleError

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TITLE = "Ferry crews walk out and strand hundreds"
TEXT = "<p>Crews walked out at Port Alder on Monday, halting all crossings to Melkoria and stranding lorries there.</p>"
AT = "https://www.harborpost.example/2026/06/03/ferry-crews-walk-out"


def read(head: str = "", body: str = f"<h1>{TITLE}</h1>", url: str = "", foot: str = "") -> seed.Article:
    page = f"<!doctype html><html><head>{head}</head><body>{body}<article>{TEXT * 3}</article>{foot}</body></html>"
    return seed.read(page, url=url, content_type="text/html", now=NOW)


def og(title: str, site: str = "Harbor Post") -> str:
    return f"<meta property='og:title' content='{title}'><meta property='og:site_name' content='{site}'>"


TITLES = [
    (og(TITLE), f"<h1>Harbor Post</h1><h1>{TITLE}</h1>"),
    (og(TITLE), f"<header><h1><a href='/'>The Harbor Post</a></h1></header><h1>{TITLE}</h1>"),
    (og(f"{TITLE} | Harbor Post"), "<h1>Harbor Post</h1>"),
    (og(f"{TITLE} - Harbor Post"), "<h1>World</h1>"),
    (og("Strike strands hundreds"), f"<h1>{TITLE}</h1>"),
    (f"<title>{TITLE} – Harbor Post</title>", "<h1>Harbor Post</h1><h2>Most read</h2>"),
    (f"<title>Harbor Post</title>{og(TITLE)}", "<h1>Harbor Post</h1>"),
    (og(f"{TITLE}: Ports: HP"), f"<h2>Ports</h2><h2>{TITLE}</h2>"),
    (og(TITLE), f"<h1>{TITLE} <span>All crossings to Melkoria are off until further notice</span></h1>"),
    (f'<script type="application/ld+json">{{"@graph":[{{"@type":"NewsArticle","headline":"{TITLE}"}}]}}</script>',
     "<h1>Sport</h1><h1>Ports</h1>"),
    (f"<title>{TITLE}</title>{og(TITLE)}", "<h1>No matches for your search</h1>"),
    ("<title>Gift items | Harbor Post</title>", f"<h1>Gift items</h1><h1 itemprop='headline'>{TITLE}</h1>"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body"), TITLES)
def test_the_title_is_the_article_s_and_not_the_site_s(head: str, body: str) -> None:
    assert read(head, body).title == TITLE


RELATED = '"relatedLink":[{"@type":"NewsArticle","headline":"x y z w","datePublished":"2020-01-01"}]'
DAYS = [
    f"<link rel='canonical' href='{AT}'>",
    "<link rel='canonical' href='https://harborpost.example/ports/20260603-ferry-crews-walk-out.html'>",
    "<link rel='canonical' href='https://harborpost.example/2026/jun/03/ferry-crews'>",
    "<meta property='og:url' content='https://harborpost.example/a/2026-06-03/ferry-crews'>",
    "<meta property='article:published_time' content='2026-06-03T08:00:00+02:00'>",
    "<meta name='DC.date.issued' content='2026-06-03'>",
    '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-06-03T08:00:00Z",'
    f"{RELATED}}}</script>",
    """<meta name='parsely-page' content='{"title": "x", "pub_date": "2026-06-03T08:00:00Z"}'>""",
    f"<link rel='canonical' href='{AT}'><meta property='article:published_time' content='2011-09-02T00:00:00Z'>",
]


@pytest.mark.parametrize("head", DAYS)
def test_the_day_is_stated_or_in_the_address(head: str) -> None:
    """Never the day of another article, nor a template's."""
    other = "<aside><time datetime='2019-05-05'>5 May 2019</time></aside>" if "canonical" not in head else ""
    assert str(read(head, foot=other).published_at)[:10] == "2026-06-03"


SHOWN = [
    "<div id='a-date-published' content='2026-06-03T19:09:34'>Updated</div>", "<div id='pubdate'>June 3, 2026</div>",
    "<time>3 June 2026</time>", "<span class='date'>Wednesday, June 3, 2026</span>",
    "<p class='byline-date'>3. Juni 2026</p>",
    "<div class='published'>By Ilsa Brandt | June 3, 2026 07:38am ET</div>",
    "<span class='article-date'>2026年6月3日</span>",
    "<p class='byline'>By Ilsa Brandt | Posted June 3, 2026, 5:17 p.m.</p>",
    "<span itemprop='datePublished'>3 czerwca 2026</span>", "<div class='post-timestamp'>03.06.2026, 08:00 Uhr</div>",
]  # fmt: skip


@pytest.mark.parametrize("shown", SHOWN)
def test_the_day_is_read_where_it_is_shown_to_people(shown: str) -> None:
    assert str(read(body=f"<h1>{TITLE}</h1>{shown}").published_at)[:10] == "2026-06-03"


@pytest.mark.parametrize(
    "path", ["/2026/06/ferry-crews-walk-out", "/news/20261345/x", "/report-2026-budget", "/2031/01/01/x"]
)
def test_a_month_or_a_number_in_an_address_is_no_day(path: str) -> None:
    assert read(f"<link rel='canonical' href='https://harborpost.example{path}'>").published_at is None


def test_a_saved_page_stands_where_it_says() -> None:
    assert read(f"<link rel='canonical' href='{AT}'>").url == AT
    assert read(f"<meta property='og:url' content='{AT}'>").url == AT
    assert read("<link rel='canonical' href='/ferry'>").url == ""


def test_a_fetched_page_stands_where_it_was_found_unless_its_own_site_knows_better() -> None:
    other = "<link rel='canonical' href='https://elsewhere.example/a'>"
    assert read(other, url=f"{AT}?utm_source=x").url == f"{AT}?utm_source=x"
    assert read(f"<link rel='canonical' href='{AT}'>", url=f"{AT}?utm_source=x").url == AT
    front = "<link rel='canonical' href='https://www.harborpost.example/'>"
    assert read(f"{front}<meta property='og:url' content='{AT}'>").url == AT


def test_a_captcha_beside_a_dated_article_is_no_wall() -> None:
    head = "<meta property='article:published_time' content='2026-06-03T08:00:00Z'>"
    page = f"<html><head>{head}</head><body><h1>{TITLE}</h1><article>{TEXT}</article>{{}}</body></html>"
    asked = page.format("<form><div class='g-recaptcha'></div></form>")
    assert seed.read(asked, content_type="text/html", now=NOW).title == TITLE
    with pytest.raises(ArticleError):
        seed.read(asked.replace(head, ""), content_type="text/html", now=NOW)


TEASER = "<h2><a href='/n/4'>Storm warning for the whole range</a></h2>"
JUNE, LATER = "2026-06-03T08:00:00Z", "2026-11-23T07:00:00Z"


@pytest.mark.parametrize(
    ("head", "around"),
    [
        ("", f"<article>{TEASER}<time datetime='{LATER}'>today</time></article>"),
        ("", f"<div class='ticker'><time datetime='{LATER}'>23.11.</time> <a href='/w'>Votes counted</a></div>"),
        ("", f"<article><h1><a href='/n/4'>Storm warning for the whole range</a></h1><time datetime='{LATER}'>x</time>"
             "</article>"),
        ("", f"<div class='comments'><time itemprop='datePublished' datetime='{LATER}'>1 h</time><p>Good.</p></div>"),
        ('<script type="application/ld+json">{"@type":"WebPage","datePublished":"2019-01-01"}</script>'
         f"<meta property='article:published_time' content='{JUNE}'>", ""),
        (f'<script type="application/ld+json">[{{"@type":"Report","headline":"Fares rise","datePublished":"{LATER}"'
         f'}},{{"@type":"NewsArticle","headline":"{TITLE}","datePublished":"{JUNE}"}}]</script>', ""),
        (f'<link rel="canonical" href="{AT}"><script type="application/ld+json">{{"@type":"Article","headline":"Else",'
         f'"url":"https://harborpost.example/else","datePublished":"2026-07-01"}}</script>', ""),
    ],
)  # fmt: skip
def test_the_day_of_a_teaser_or_a_comment_is_not_the_article_s(head: str, around: str) -> None:
    at = read(
        og(TITLE) + head, f"{around}<div><h1>{TITLE}</h1><time datetime='{JUNE}'>3 June</time></div>"
    ).published_at
    assert at == datetime(2026, 6, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Stand: 03.06.2026 10:05 Uhr"), ("de", "Von Jorin Wehlau, 3. Juni 2026"), ("de", "03.06.26, 10:05 Uhr"),
        ("fr", "Par Élise Morand - Le 03/06/2026 à 10h05"), ("fr", "Publié le 03/06/2026 Mis à jour le 05/06/2026"),
        ("es", "Actualizado: 05/06/2026 - Publicado: 03/06/2026"), ("pt-BR", "03/06/2026 10h05 Atualizado há 2 horas"),
        ("en", "Updated June 5, 2026 | Published June 3, 2026"), ("nl", "3 juni 2026, 10:05 (bijgewerkt 5 juni 2026)"),
    ],
)  # fmt: skip
def test_the_line_under_the_heading_is_read_in_the_language_of_the_page(language: str, line: str) -> None:
    page = (
        f"<html lang='{language}'><body><h1>{TITLE}</h1><div class='x'>{line}</div><article>{TEXT * 3}</article></body>"
    )
    at = seed.read(page, content_type="text/html", now=NOW).published_at
    assert at and at.date().isoformat() == "2026-06-03"


def test_a_number_of_month_and_day_says_nothing_where_either_may_come_first() -> None:
    page = f"<html lang='en'><body><h1>{TITLE}</h1><div class='x'>06/03/2026</div><article>{TEXT * 3}</article></body>"
    assert seed.read(page, content_type="text/html", now=NOW).published_at is None
