"""A section's page as a feed: its headlines, for outlets that publish neither a feed nor a sitemap of news.

Headlines are links to single articles of the same site that stand in the page's main part; menus, footers, asides,
lists of what is most read and advertisements are none, nor are the same words on many links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from monitor.core import urls
from monitor.core.documents import article_links
from monitor.core.documents.feeds import dates, normalise, sniff
from monitor.core.text import clean
from monitor.core.times import WRITTEN_CHARS_MAX
from monitor.model import Entry, Feed

# Front pages of large papers link some 150 articles; what stands further down is yesterday's.
ENTRIES_MAX = 150
ANCHORS_MAX = 3000  # links looked at of a page (set)
# Levels between a headline and the element that holds its teaser and time.
CARD_LEVELS_MAX = 5
# Links of one card: headline, picture, section, author, comments, sharing.
CARD_LINKS_MAX = 12
TEASER_CHARS_MIN = 40  # characters of a teaser; shorter text is a label (set by reading)
_DATED = re.compile(r"(?<!\d)(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(slots=True)
class _Headline:
    url: str
    text: str
    node: Any
    heading: bool


def parse(text: str, url: str, now: datetime) -> Feed:
    """A feed of the headlines on a page, in its order; "not_a_feed" where it has none."""
    tree = sniff.html_tree(text)
    if tree is None:
        return Feed(error="not_a_feed", detail="no HTML")
    base = sniff.base_of(tree, url)
    title = _first(tree, "//meta[@property='og:site_name']/@content") or _first(tree, "//title/text()")
    language = str(tree.get("lang") or "")[:32]
    article_links.strip_furniture(tree, article=False)
    headlines = _headlines(tree, base)
    if not headlines:
        walled = sniff.kind(text) == "challenge"
        return Feed(error="challenge" if walled else "not_a_feed", detail="no headlines are on the page")
    found = headlines[:ENTRIES_MAX]
    when = dates.Calendar(now, (said for each in found for said in _stated(_card(each))))
    return Feed(
        format="page", title=normalise.title(title), link=url, language=language,
        entries=tuple(_entry(each, when, language, title, url) for each in found),
        entries_cut=len(headlines) - len(found),
    )  # fmt: skip


def _headlines(tree: Any, base: str) -> list[_Headline]:
    """The headline of every article that is linked, in the order of the page; headings say it before other links."""
    found: dict[str, _Headline] = {}
    said: dict[str, set[str]] = {}
    for anchor in tree.xpath("//a[@href]")[:ANCHORS_MAX]:
        link = urls.fetchable(str(anchor.get("href")).strip(), base)
        if not link or not article_links.is_article(link) or not _same_site(link, base):
            continue
        around = next((up for up in anchor.iterancestors() if up.tag in ("h1", "h2", "h3", "h4", "h5")), None)
        within = next(iter(anchor.xpath(".//h1|.//h2|.//h3|.//h4|.//h5")), None)
        text = clean((anchor if within is None else within).text_content(), normalise.TITLE_CHARS_MAX)
        if not article_links.is_headline(text):
            continue
        name, heading = urls.canonical(link), around is not None or within is not None
        said.setdefault(text, set()).add(name)
        other = found.get(name)
        if other is None:
            found[name] = _Headline(link, text, anchor, heading)
        elif heading and not other.heading:
            other.text, other.node, other.heading = text, anchor, True
    return [each for each in found.values() if len(said[each.text]) == 1]


def _same_site(link: str, base: str) -> bool:
    return urls.registrable(link) == urls.registrable(base) and urls.canonical(link) != urls.canonical(base)


def _card(headline: _Headline) -> Any:
    """The largest element around a headline that holds no other article."""
    card, own = headline.node, urls.canonical(headline.url)
    for _, around in zip(range(CARD_LEVELS_MAX), headline.node.iterancestors(), strict=False):
        if around.tag in ("body", "html", "main"):
            break
        anchors = [str(a.get("href")) for _, a in zip(range(CARD_LINKS_MAX + 1), around.iter("a"), strict=False)]
        links = [urls.fetchable(href, headline.url) for href in anchors]
        if len(anchors) > CARD_LINKS_MAX or any(
            article_links.is_article(link) and urls.canonical(link) != own for link in links if link
        ):
            break
        card = around
    return card


def _stated(card: Any) -> list[str]:
    """Every text of a card that may be its date, machine's first."""
    times = card.xpath(".//time")[:3]
    shown = card.xpath(".//*[contains(@class,'date') or contains(@class,'time') or contains(@class,'published')]")[:3]
    texts = [*(str(node.get("datetime") or "") for node in times), *(node.text_content() for node in (*times, *shown))]
    return [text.strip()[:WRITTEN_CHARS_MAX] for text in texts if text.strip()]


def _entry(headline: _Headline, when: dates.Calendar, language: str, site: str, address: str) -> Entry:
    card = _card(headline)
    at = next((at for text in _stated(card) if (at := when.read(text))), None)
    if at is None and (dated := _DATED.search(headline.url)):
        at = when.read("-".join(dated.groups()))
    said = (clean(node.text_content(), 2000) for node in card.xpath(".//p")[:6])
    teaser = next((text for text in said if len(text) >= TEASER_CHARS_MIN and text != headline.text), "")
    return normalise.entry(
        id=headline.url, url=headline.url, title=escape(headline.text), summary=escape(teaser),
        text="", published_at=at, language=language, site=site, address=address,
    )  # fmt: skip


def _first(tree: Any, path: str) -> str:
    return clean(str(next(iter(tree.xpath(path)), "")), 300)
