"""What an article's page says of itself: its address, its site, its title, and when it was published. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor import data
from monitor.core import urls
from monitor.core.documents import article_links, publisher
from monitor.core.documents.feeds import dates
from monitor.core.documents.seed import article_date, page_boxes
from monitor.core.documents.seed.page_boxes import Boxes
from monitor.core.text import clean, fold

SITE_WORDS_MAX = 5  # words of a site's name behind a headline (set by reading)
# A heading that is part of a stated title is the title where it is most of it; less is a kicker or the site's name.
HEADING_SHARE_MIN = 0.6
SCRIPTS_MAX = 20  # scripts of JSON-LD read (set)
SCRIPT_CHARS_MAX = 400_000  # characters of each (set)
DEPTH_MAX = 6  # levels of its objects looked into (set)
# What names a day: for machines, the surest first; of microdata the first on the page, since lists of others follow it;
# the same in elements that may be another article's; elements that show it to people, read whole or not at all. Then
# what follows the heading, however called.
_DATE_PATHS, _TIME_PATHS, _SHOWN = (
    tuple(path for kind, path in data.rows("page_days.tsv") if kind == wanted) for wanted in ("meta", "time", "shown")
)
_BEHIND_HEADING = "following::*[self::p or self::div or self::span or self::li][position() <= 12]"
SHOWN_MAX = 12  # elements that show a date, tried (set)
# A magazine's issue bears the month after; a date of another year is the template's.
MONTH_FAR = timedelta(days=75)
_UPDATED = re.compile(rf"\W*(?:{data.patterns('updated')})\b", re.IGNORECASE)
_PARTS = re.compile(rf"[|•·]|\s[-–—]\s|[\s,;(](?=(?:{data.patterns('updated')})\b)", re.IGNORECASE)
_PUBLISHED = re.compile(
    rf"^\W*(?:(?:{data.patterns('published')})\b\W*)?(?:(?:am|on|le|el|em|il|op|den|pada)\s)?", re.I
)
_CLOCK = re.compile(r"\s(?:um|à|às|alle(?: ore)?|at|a las|kl\.?|om|pukul)\s(?=\d)|\s(?:uhr|uur|hrs)\b\.?", re.I)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](?:20)?(\d\d)(?!\d)")
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(?:20)?(\d\d)(?!\d)")
_MONTH_FIRST = ("en", "en-us", "en_us", "en-ph", "en-ca")  # languages of pages that may write 11/12 for 12 November
_DAY_IN_PATH = re.compile(
    r"(?<!\d)(20[0-4]\d|199\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(20[0-4]\d|199\d)/([a-z]{3,9})/(0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(20[0-4]\d|199\d)/([1-9])/([1-9]|[12]\d|3[01])(?=/)"
)


# What a page tells a counter of readers about itself.
_PARSELY_DAY = re.compile(r'"pub_date"\s*:\s*"([^"]{8,40})"')


@dataclass(frozen=True, slots=True)
class Head:
    """The statements of a page: where it stands, what its site is called, its title, and its day ("" or None)."""

    address: str = ""
    site: str = ""
    title: str = ""
    published_at: datetime | None = None


def read(tree: Any, url: str, now: datetime) -> Head:
    """What a page says of itself. `url` is where it was fetched, or "" for a file, which is where it says it stands."""
    nodes = json_ld(tree)
    address = _address(tree, nodes, url)
    site = _first(tree, "//meta[@property='og:site_name']/@content") or _publisher(nodes)
    title = _title(tree, nodes, site, address)
    return Head(address, site, title, _stated(tree, _own(nodes, title, address), address, title, now))


def published(tree: Any, url: str, now: datetime) -> datetime | None:
    """When a page says that it was published, else the day in its address."""
    return read(tree, url, now).published_at or day_in_address(url, now)


def day_in_address(address: str, now: datetime) -> datetime | None:
    """The day that stands in an article's address (/2026/06/03/); a month alone is no day."""
    path = address.partition("://")[2].partition("/")[2].partition("?")[0].lower()
    for found in _DAY_IN_PATH.finditer(path):
        parts = [part for part in found.groups() if part]
        text = " ".join(reversed(parts)) if parts[1].isalpha() else "-".join(part.zfill(2) for part in parts)
        if at := dates.read(text, now):
            return at
    return None


def _address(tree: Any, nodes: list[dict[str, Any]], url: str) -> str:
    """Its canonical address; of a page that was fetched only where that is on the same site."""
    stated = [
        _first(tree, "//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href"),
        _first(tree, "//meta[@property='og:url']/@content"),
        *(str(node.get("url")) for node in nodes if isinstance(node.get("url"), str) and "headline" in node),
    ]
    found = [address for each in stated if (address := urls.fetchable(each, url))]
    # A canonical address that is the front page is a mistake of the template.
    found = [address for address in found if address.partition("://")[2].partition("/")[2]] or found
    if url:
        own = urls.registrable(url)
        return next((address for address in found if urls.registrable(address) == own), url)
    return next(iter(found), "")


def _title(tree: Any, nodes: list[dict[str, Any]], site: str, address: str) -> str:
    """The heading that the page's own statements agree with, without the site's name; else what they state."""

    def plain(text: str) -> str:
        return publisher.headline(clean(html.unescape(text), 1000), site=site, address=address).headline

    og = plain(_first(tree, "//meta[@property='og:title']/@content"))
    stated = [og, *(plain(str(node["headline"])) for node in nodes if isinstance(node.get("headline"), str))]
    stated.append(_without_site(plain(_first(tree, "//title/text()"))))
    stated = [title for title in stated if title and not publisher.is_name(title, site, address)]
    named = [plain(node.text_content()) for node in tree.xpath("//h1[@itemprop='headline']")[:2]]
    if len(named) == 1 and article_links.is_headline(named[0]):
        return named[0]
    headings = [plain(node.text_content()) for node in tree.xpath("//h1")[:20]]
    headings = [heading for heading in headings if heading and not publisher.is_name(heading, site, address)]
    same = [heading for heading in headings if any(fold(heading) == fold(title) for title in stated)]
    within = [heading for heading in headings if any(_is_most_of(heading, title) for title in stated)]
    agreed = next(iter([*same, *within]), "")
    # A heading with its subtitle begins with the title; a page without an h1 says it in another heading.
    agreed = agreed or next((title for title in stated for heading in headings if _begins(heading, title)), "")
    lesser = (plain(node.text_content()) for node in tree.xpath("//h2")[:20]) if not headings else ()
    agreed = agreed or next((one for one in lesser if any(_begins(title, one) for title in stated)), "")
    # A single heading that nothing agrees with is still the headline, unless it is the name of a section.
    inside = bool(tree.xpath("//h1[ancestor::article]"))
    alone = headings[0] if len(headings) == 1 and (inside or article_links.is_headline(headings[0])) else ""
    if alone and len({fold(title) for title in stated}) == 1 < len(stated) and not _share_a_word(alone, stated[0]):
        alone = ""  # "No matches for your search"
    return agreed or alone or next(iter(stated), "") or next(iter(headings), "")


def _is_most_of(heading: str, title: str) -> bool:
    most = len(heading) >= HEADING_SHARE_MIN * len(title) or article_links.is_headline(heading)
    return most and fold(heading) in fold(title)


def _share_a_word(one: str, other: str) -> bool:
    """Whether two titles have a word of more than three letters in common."""
    first, second = (set(re.findall(r"\w{4,}", fold(text))) for text in (one, other))
    return not first.isdisjoint(second)


def _begins(text: str, beginning: str) -> bool:
    return article_links.is_headline(beginning) and fold(text).startswith(fold(beginning))


def _without_site(title: str) -> str:
    """A page's title without the name of the site at its end."""
    last = next(iter([*re.finditer(r"(?<!\s)\s++[|–—»-]\s+", title)][-1:]), None)
    if last and last.start() >= page_boxes.TITLE_CHARS_MIN and len(title[last.end() :].split()) <= SITE_WORDS_MAX:
        return title[: last.start()]
    return title


def _own(nodes: list[dict[str, Any]], title: str, address: str) -> list[dict[str, Any]]:
    """The nodes that speak of the article: none with another headline where one has its own, none of another page."""
    own = [
        node for node in nodes
        if fold(clean(html.unescape(str(node.get("headline", ""))), 1000)) == fold(title)
        or address in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
    ]  # fmt: skip
    if own:
        return [*own, *(node for node in nodes if node not in own and "headline" not in node)]
    here = _last_part(address)
    return [node for node in nodes if not here or _last_part(str(node.get("url") or address)) == here]


def _last_part(address: str) -> str:
    """The end of an address, which its page has on each of a site's hosts."""
    return address.partition("://")[2].partition("?")[0].rstrip("/").rpartition("/")[2]


def _headings(tree: Any, title: str) -> list[Any]:
    """The elements that are the article's heading."""
    heads = tree.xpath("//h1")[:20] or tree.xpath("//h2")[:20]
    own = [head for head in heads if _is_most_of(clean(head.text_content(), 1000), title)][:2] or heads[:2]
    return list(own)


def _stated(tree: Any, nodes: list[dict[str, Any]], address: str, title: str, now: datetime) -> datetime | None:
    """When the page says that it was published: for machines, else in an element that shows little but a date.

    A template may state the day of something else: what lies far from the month that the address names is passed over.
    """
    articles, headings = [node for node in nodes if _is_article(node)], _headings(tree, title)
    boxes = Boxes(headings)
    said = [str(node.get("datePublished", "")) for node in articles]
    said += _of_paths(tree, _DATE_PATHS, boxes)
    said += [str(node.get("datePublished", "")) for node in nodes if node not in articles]
    said += _PARSELY_DAY.findall(_first(tree, "//meta[@name='parsely-page']/@content"))
    said += _of_paths(tree, _TIME_PATHS, boxes)
    nodes_shown = [node for path in _SHOWN for node in tree.xpath(path)[:SHOWN_MAX]]
    nodes_shown += [node for heading in headings for node in heading.xpath(_BEHIND_HEADING)]
    shown = sorted(
        (piece for node in nodes_shown if not boxes.hold(node) for piece in _pieces(node.text_content())),
        key=_is_later,
    )
    language = str(tree.get("lang") or "").lower()
    day_first = language != "" and language not in _MONTH_FIRST
    found = [at for text in said if (at := dates.Calendar(now).read(clean(text, 200)))]
    found += [at for text in shown if (at := _shown_day(text, day_first, now))]
    return next((at for at in found if may_be(at, address)), None)


def _shown_day(text: str, day_first: bool, now: datetime) -> datetime | None:
    """The day of a line that shows it to people: "Veröffentlicht am 12.11.26 um 18:20 Uhr"."""
    plain = _CLOCK.sub(" ", _PUBLISHED.sub("", text))
    plain = (_DAY_FIRST if day_first else _DOTTED).sub(lambda day: f"20{day[3]}-{day[2]:0>2}-{day[1]:0>2}", plain)
    timed = re.sub(r"(?<=\d)[h.](?=\d\d$)|(?<=\d),(?=\s\d)", lambda sign: ":"[: sign[0] != ","], plain)
    return next(
        (
            at
            for each in (text, timed, *plain.split(", "))
            if (at := dates.read(each, now) or article_date.date_line(each))
        ),
        None,
    )


def _of_paths(tree: Any, paths: tuple[str, ...], boxes: Boxes) -> list[str]:
    """What stands first under each of these paths and is no other article's."""
    found = (
        next((str(each) for each in tree.xpath(path)[:SHOWN_MAX] if not boxes.hold(each.getparent())), "")
        for path in paths
    )
    return [text for text in found if text]


def may_be(at: datetime | None, address: str) -> bool:
    """Whether an article at this address may be of that day: its month, where the address names one, is not far."""
    found = re.search(r"/(20[0-4]\d|199\d)[/-]?(0[1-9]|1[0-2])(?:/|-\d)", address)
    return not (at and found) or abs(at - datetime(int(found[1]), int(found[2]), 15, tzinfo=UTC)) < MONTH_FAR


def _pieces(text: str) -> list[str]:
    """The parts of a line such as "By Ilsa Brandt | 3 June 2026"; a long text shows more than a date."""
    text = clean(text, page_boxes.OWN_CHARS_MAX + 1)
    parts = [] if len(text) > page_boxes.OWN_CHARS_MAX else _PARTS.split(text)
    return [part.strip() for part in parts if part.strip()]


def _is_later(text: str) -> bool:
    """Whether a line says when the page was changed, which counts only where nothing else is said."""
    return _UPDATED.match(text) is not None


def json_ld(tree: Any) -> list[dict[str, Any]]:
    """The JSON-LD nodes that are articles, those that carry a headline first; broken scripts are searched for pairs."""
    found: list[dict[str, Any]] = []
    for script in tree.xpath("//script[@type='application/ld+json']/text()")[:SCRIPTS_MAX]:
        text = str(script)[:SCRIPT_CHARS_MAX]
        try:
            found += _nodes(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            pairs = re.findall(r'"(headline|datePublished)"\s*:\s*"((?:[^"\\]|\\.){4,500})"', text)
            found.append(dict(reversed(pairs)))
    articles = [node for node in found if _is_article(node)]
    return [*articles, *(node for node in found if "datePublished" in node and node not in articles)][:50]


def _is_article(node: dict[str, Any]) -> bool:
    return "headline" in node or re.search(r"Article|Report|Posting", str(node.get("@type"))) is not None


def _nodes(document: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """A document's own nodes; those that it only refers to (related articles, parts) are not the article's."""
    if isinstance(document, dict):
        yield document
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if depth < DEPTH_MAX and isinstance(document.get(key), dict | list):
                yield from _nodes(document[key], depth + 1)
    elif isinstance(document, list) and depth < DEPTH_MAX:
        for node in document[:50]:
            yield from _nodes(node, depth + 1)


def _publisher(nodes: list[dict[str, Any]]) -> str:
    named = (node.get("publisher") for node in nodes)
    names = (each.get("name") for each in named if isinstance(each, dict))
    return next((clean(name, 100) for name in names if isinstance(name, str)), "")


def _first(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return clean(str(found[0]), 2000) if found else ""
