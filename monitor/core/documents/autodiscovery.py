"""Where the feeds of a page may be: what it declares, what it links to, and where feeds usually lie. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from monitor import data
from monitor.core import urls
from monitor.core.documents.feeds import sniff
from monitor.core.text import fold
from monitor.model import Feed

Way = Literal["autodiscovery", "link"]
CANDIDATES_MAX = 12  # feeds tried of one page (set)
# Elements of a page that are looked at: front pages have up to some 200 links to files and 2,000 to pages.
LINKS_MAX, ANCHORS_MAX = 500, 3000
WELL_KNOWN = (
    "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/", "/?feed=rss2", "/feed.json",
    "/index.rdf", "/arc/outboundfeeds/rss/", "/feeds/posts/default",
)  # fmt: skip
NEWS_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap/news.xml", "/googlenews.xml")
_TYPE = re.compile(r"(?:application|text)/(?:x[-.])?(?:(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?|xml|json)")
_LINKED = re.compile(
    r"(?:^|[/._?=-])(?:rss|feed|feeds|atom|rdf)(?:$|[/._?=-])|\.(?:rss|rdf|atom)$|[?&]page=backend", re.I
)
# What a link to a feed is called; a headline has more words.
_LABEL = re.compile(r"(?<![a-z])(?:rss|atom)(?![a-z])|フィード", re.I)
LABEL_WORDS_MAX = 6  # (set)
_OTHER = re.compile(r"podcast|facebook|twitter|wp-json|oembed|javascript:|opensearch|manifest|/amp/", re.I)
# What the feed of readers' comments is called, folded; WordPress puts it beside the feed of every site and article.
_COMMENTS = re.compile(fold(data.patterns("comments")))
# Whose feed tells a part only: a section, a tag, an author, in title or address.
_PART = re.compile(rf"(?<![^\W_])(?:{fold(data.patterns('feed_of_a_part'))})(?![^\W_])")
_FILE = re.compile(r"\.xml(?:$|\?)", re.I)
_LINK_VALUE = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]{1,40}\s*(?:=\s*(?:\"[^\"]{0,400}\"|[^\s\",;]{0,400}))?){0,12})"
)
_PARAMETER = re.compile(r"(?<![\w-])([\w-]++)\*?\s*+=\s*+(?:\"([^\"]*)\"|([^\s\",;]*))")


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: int
    url: str
    way: Way


def declared(body: bytes, base: str, link_header: str = "", content_type: str = "") -> list[tuple[str, Way]]:
    """Feeds that a page declares and those it links to, best first, and which of both it was.

    Declared are `link` elements, links that bear a feed's type, and the Link header (RFC 8288). Feeds of a section or a
    tag come behind that of the whole site, those of comments, in whatever language, last. On a page whose address says
    that it is about feeds, what leads to XML is taken for one.
    """
    about_feeds = _LINKED.search(f"/{_path(base)}") is not None
    tree = sniff.html_tree(sniff.decode_page(body, content_type))
    found = [*_of_header(link_header, base)]
    if tree is not None:
        base = sniff.base_of(tree, base)
        found += [*_of_links(tree, base), *_of_anchors(tree, base, about_feeds)]
    first: dict[str, Way] = {}
    for candidate in sorted(found, key=lambda each: each.rank):
        if candidate.url:
            first.setdefault(candidate.url, candidate.way)
    return list(first.items())[:CANDIDATES_MAX]


def in_section(candidates: list[tuple[str, Way]], page: str) -> list[tuple[str, Way]]:
    """Of the feeds that a section's page declares, those of the section: its path is part of theirs."""
    parts = [part for part in _path(page).split("/") if part]
    return [
        (url, way)
        for url, way in candidates
        if parts and parts[-1].lower() in re.split(r"[/._=&-]", _path(url).lower()) + _path(url).lower().split("/")
    ]


def section_places(page: str) -> list[str]:
    """Where the feed of a section usually lies."""
    page = page.partition("?")[0].rstrip("/")
    return [url for end in ("/feed/", "/rss", "/rss.xml", ".rss") if (url := urls.fetchable(page + end))]


def is_section(url: str) -> bool:
    """Whether an address looks like a part of a site rather than its front or one article: a short path of names."""
    parts = [part for part in _path(url).partition("?")[0].split("/") if part]
    named = all(re.fullmatch(r"[^\W\d_]+(?:[-_][^\W\d_]+){0,2}", part) for part in parts)
    return 1 <= len(parts) <= 3 and named and "?" not in url


def is_comments(feed: Feed) -> bool:
    """Whether a feed that was read is one of comments: by its title, or because its entries are places in pages."""
    entries = feed.entries[:20]
    inner = sum("#" in entry.id or "#" in entry.url or "comment" in entry.id for entry in entries)
    return bool(_COMMENTS.search(fold(feed.title))) or (len(entries) > 1 and inner > len(entries) / 2)


def well_known(homepage: str) -> list[str]:
    """Where feeds usually lie: below the homepage's own path first, then at the root."""
    places = [urls.fetchable(homepage.rstrip("/") + WELL_KNOWN[0])]
    places += [urls.fetchable(path, homepage) for path in WELL_KNOWN]
    return list(dict.fromkeys(url for url in places if url))


def news_sitemaps(robots: str, homepage: str) -> list[str]:
    """Where a site's sitemap of news may be: what robots.txt names, those with "news" in it first; the usual places."""
    listed = re.findall(r"^[ \t]*+sitemap[ \t]*+:[ \t]*+(\S{1,2000})", robots, re.I | re.M)[:50]
    stated = [url for each in listed if (url := urls.fetchable(each, homepage))]
    news = [url for url in stated if re.search(r"news|latest|recent", _path(url), re.I)]
    usual = [url for path in NEWS_SITEMAPS if (url := urls.fetchable(path, homepage))]
    return list(dict.fromkeys([*news, *usual[:2], *stated, *usual[2:]]))


def _of_header(header: str, base: str) -> Iterator[_Candidate]:
    for target, parameters in _LINK_VALUE.findall(header[:8000]):
        values = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(parameters)}
        if "alternate" in values.get("rel", "").lower().split() and _is_feed(values.get("type", "")):
            yield _candidate(0, target, values.get("title", ""), base, "autodiscovery")


def _of_links(tree: Any, base: str) -> Iterator[_Candidate]:
    own = str(tree.get("lang") or "").lower()[:2]
    for link in tree.xpath("//link[@href]")[:LINKS_MAX]:
        rel, kind = str(link.get("rel", "")).lower().split(), str(link.get("type", ""))
        if ("alternate" in rel and _is_feed(kind)) or "feed" in rel:
            foreign = bool(own) and not str(link.get("hreflang") or own).lower().startswith(own)
            yield _candidate(int(foreign), str(link.get("href")), str(link.get("title", "")), base, "autodiscovery")


def _of_anchors(tree: Any, base: str, about_feeds: bool) -> Iterator[_Candidate]:
    for anchor in tree.xpath("//a[@href]")[:ANCHORS_MAX]:
        href, kind = str(anchor.get("href")), str(anchor.get("type", ""))
        named = (anchor.get("aria-label"), anchor.get("title"), *(image.get("alt") for image in anchor.iter("img")))
        label = " ".join([anchor.text_content(), *filter(None, named)])[:200]
        short = len(label.split()) <= LABEL_WORDS_MAX
        if _is_feed(kind) and not kind.lower().endswith("/json"):
            yield _candidate(2, href, label, base, "autodiscovery")
        elif (short and (_LINKED.search(href) or _LABEL.search(label))) or (about_feeds and _FILE.search(href)):
            yield _candidate(4, href, label, base, "link")


def _candidate(rank: int, href: str, title: str, base: str, way: Way) -> _Candidate:
    """Ranked: what is said to be a part comes behind its like, something else behind all that, comments last."""
    about = fold(f"{href} {title}")
    rank += _PART.search(about) is not None
    rank += 20 if _COMMENTS.search(about) else 10 if _OTHER.search(about) else 0
    url = urls.fetchable(urls.web(href.strip()), base)
    return _Candidate(rank, "" if rank >= 10 and way == "link" else url, way)


def _is_feed(kind: str) -> bool:
    return _TYPE.fullmatch(kind.lower().partition(";")[0].strip()) is not None


def _path(url: str) -> str:
    return url.partition("://")[2].partition("/")[2]
