"""RSS 0.9x-2.0, RDF and Atom, by feedparser however broken; always from bytes, never from a name it could open.

`feedparser.parse(body)` opens a local file when the body is a path; a stream never is (measured on 6.0.14).
"""

from __future__ import annotations

import html
import io
import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

from monitor.core import times, urls
from monitor.core.documents.feeds import dates, normalise, regular, sniff
from monitor.core.text import references
from monitor.model import Entry, Feed
from monitor.model.nouns import replace

_FIRST = re.compile(r"<\w")
_ENTITY = re.compile(r"<!ENTITY\s+(?:%\s+)?[\w.:-]+\s+(?:\"([^\"]*)\"|'([^']*)')")
_CHARACTER = re.compile(r"(?:&#\w{1,8};|[^&%]{0,100})")
_OPENING = re.compile(r"<(?:[\w.-]++:)?+(?i:item|entry)(?=[\s>/])")
_CLOSING = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.I)
# Where no element has a prefix, which is nearly always, the same is found in half the time without one.
_PREFIXED = re.compile(r":(?i:item|entry)[\s>/]")
_BARE_OPENING, _BARE_CLOSING = re.compile(r"<(?i:item|entry)(?=[\s>/])"), re.compile(r"</(?i:item|entry)\s*>")
_ROOT_CLOSING = re.compile(r"</(?:[\w.-]+:)?(?:rss|channel|feed|rdf)\s*>", re.I)
_LONG = re.compile(rf"(<[^<]{{{2 * normalise.TEXT_CHARS_MAX}}})[^<]*")
_DATE = re.compile(
    r"<(?:\w+:)?(?:pubdate|published|date|issued|created|updated|modified)\b[^<>]*>\s*(?:<!\[CDATA\[\s*)?([^<\]]{6,100})",
    re.I,
)
_EMPTY = re.compile(r"<[^<>]*/>\s*")
_SKIPPED = re.compile(r"<skip(hours|days)\s*+>((?:\s*+<(?:hour|day)\s*+>[^<>]{0,20}+</\w{3,4}+\s*+>){0,24}+)", re.I)
_HOUR = re.compile(r"<hour\s*+>\s*+(\d\d?)\s*+</", re.I)
_WEEKDAY = re.compile(r"<day\s*+>\s*+(mon|tue|wed|thu|fri|sat|sun)", re.I)
_WEEKDAYS = tuple(name[:3].lower() for name in times.DAYS)
_HALF_REFERENCE = re.compile(r"&[^;&\s]{0,12}$")
_BASE = re.compile(r"(<(?:[\w.-]+:)?feed\b[^<>]*?\sxml:base\s*=\s*[\"'])([^\"'<>]*)", re.I)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# "AT&T": feedparser would make "AT&T;" of it.
_BARE_AMPERSAND = re.compile(r"&(?![A-Za-z][\w.:-]{0,31};|#(?:\d{1,8}|[xX][0-9a-fA-F]{1,6});)")
_SECTION = re.compile(r"(<!\[CDATA\[|\]\]>)")
_OUTLETS = frozenset({"source", "news_source", "dc_source"})
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'
ENTITIES_MAX = 300  # undeclared names of characters that are mended in a document (HTML has 253 old ones)
MARK_BYTES = 8  # bytes of a mark: 64 bits tell the entries of a feed apart (set)


def parse(text: str, url: str, now: datetime, read_before: Collection[str] | None = None) -> Feed:
    """A feed, or `Feed(error=...)`; without the entries that were `read_before`, where they can be told apart."""
    read_before = None if read_before is None else frozenset(read_before)
    if _declares_bombs(text):
        return Feed(error="parse", detail="declares entities of its own")
    when = dates.Calendar(now, (found[1] for found in _DATE.finditer(text)))
    if len(text) > 2 * normalise.TEXT_CHARS_MAX:
        text = _LONG.sub(lambda run: _HALF_REFERENCE.sub("", run[1]), text)
    edges = _edges(text)
    text, cut, early = _cut(text, *edges, when)
    rest, marks = text, tuple[str, ...]()
    if read_before is not None and not early:
        rest, marks = _unread(text, *(_edges(text) if cut else edges), read_before)
    feed = replace(_read(rest, url, when, cut, early), skipped=_skipped(text[: min(edges[0], default=len(text))]))
    unread = [mark for mark in marks if mark not in (read_before or ())]
    if marks and (feed.error or feed.problems or len(feed.entries) != len(unread)):
        return feed if rest == text else replace(_read(text, url, when, cut, early), skipped=feed.skipped)
    return replace(feed, marks=marks)


def _read(text: str, url: str, when: dates.Calendar, cut: int, early: bool) -> Feed:
    text = references(text)
    text = _FORBIDDEN.sub("\ufffd", sniff.undeclared(text.lstrip("\ufeff \t\r\n\0")))
    text = _BASE.sub(lambda found: found[1] + _absolute(found[2], url), text, count=1)
    document = _DECLARATION + text.encode("utf-8")
    half = "stops before its end" if early else ""
    if found := regular.read(text, document):
        return replace(_feed(found.version, found.feed, found.entries, url, when, cut, half), ends_early=early)
    if _BARE_AMPERSAND.search(text):
        document = _DECLARATION + _escaped(text).encode("utf-8")
    # No content-location: feedparser resolves bare guids against it, and an id must not hang on the feed's address.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        # Markup is made plain afterwards, so its links need no resolving; those of elements are resolved all the same.
        parsed = _feedparser().parse(
            io.BytesIO(document), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except MemoryError:
        raise
    except Exception as error:  # feedparser may raise instead of setting bozo (feedparser#599)
        return Feed(error="parse", detail=f"{type(error).__name__}: {error}"[:200])
    problem = half or (str(parsed.get("bozo_exception", ""))[:200] if parsed.get("bozo") else "")
    # As for entries: a plain mapping makes up no "updated" from "published".
    version, about = str(parsed.get("version", "")), dict(parsed.get("feed", {}))
    return replace(_feed(version, about, parsed.entries, url, when, cut, problem), ends_early=early)


def _escaped(text: str) -> str:
    """A document with its bare ampersands escaped, but in CDATA sections, where they are themselves."""
    pieces, inside = [], False
    for piece in _SECTION.split(text):
        if piece in ("<![CDATA[", "]]>"):
            inside = piece != "]]>"
        elif not inside:
            piece = _BARE_AMPERSAND.sub("&amp;", piece)
        pieces.append(piece)
    return "".join(pieces)


@cache
def _feedparser() -> Any:
    """Imported with the first document that needs it: most are regular."""
    import feedparser

    # An id is an opaque text (RFC 4287, 4.2.6): resolved against xml:base it would change with the base.
    feedparser.mixin._FeedParserMixin.can_be_relative_uri.discard("id")
    # With every document it looks for a driver of libxml2 first, in every folder of the path: a sixth of a small parse.
    feedparser.api.PREFERRED_XML_PARSERS.clear()
    return feedparser


def _skipped(head: str) -> tuple[int, ...]:
    """Hours of the week in which the channel, before its first entry, asks not to be read; 24 is midnight."""
    about = {found[1].lower(): found[2] for found in _SKIPPED.finditer(head)}
    if not about:
        return ()
    hours = {int(hour) % 24 for hour in _HOUR.findall(about.get("hours", "")) if int(hour) <= 24}
    days = {_WEEKDAYS.index(day.lower()) for day in _WEEKDAY.findall(about.get("days", ""))}
    return tuple(hour for hour in range(7 * 24) if hour % 24 in hours or hour // 24 in days)


def _edges(text: str) -> tuple[list[int], list[int]]:
    """Where entries begin, and where they end."""
    opening, closing = (_OPENING, _CLOSING) if _PREFIXED.search(text) else (_BARE_OPENING, _BARE_CLOSING)
    return [match.start() for match in opening.finditer(text)], [match.end() for match in closing.finditer(text)]


def _unread(text: str, starts: list[int], ends: list[int], read_before: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The document without the entries read before, and the marks of all; no marks where entries do not stand apart.

    What stands around the entries is left in: it says how they are to be read, and may change with every visit.
    """
    edges = [edge for span in zip(starts, ends, strict=False) for edge in span]
    if not starts or len(starts) != len(ends) or edges != sorted(edges):
        return text, ()
    entries = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    marks = tuple(blake2b(entry.encode("utf-8", "replace"), digest_size=MARK_BYTES).hexdigest() for entry in entries)
    between = [text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True)]
    kept = ["" if mark in read_before else entry for mark, entry in zip(marks, entries, strict=True)]
    return "".join(part for pair in zip(between, [*kept, ""], strict=True) for part in pair), marks


def _absolute(base: str, url: str) -> str:
    found = urls.fetchable(html.unescape(base), url)
    return html.escape(found) if found else base


def _declares_bombs(text: str) -> bool:
    """Whether the prolog declares an entity that uses another one or is long: such grow without bound (CWE-776)."""
    root = _FIRST.search(text)
    prolog = text[: root.start() if root else len(text)]
    if "<!ENTITY" not in prolog:
        return False
    values = [double or single for double, single in _ENTITY.findall(prolog)]
    return len(values) > ENTITIES_MAX or not all(map(_CHARACTER.fullmatch, values))


def _cut(text: str, starts: list[int], ends: list[int], when: dates.Calendar) -> tuple[str, int, bool]:
    """Keep the newest 2,000 entries (feedparser's cost is per entry), and no half entry.

    Returns the text, how many entries were left out, and whether the document stops before its end.
    """
    last = ends[-1] if ends else 0
    root = _FIRST.search(text)
    early = not _ROOT_CLOSING.search(text, last) and not (root and _EMPTY.fullmatch(text, root.start()))
    if early and starts and starts[-1] >= last and not _EMPTY.fullmatch(text, starts[-1]):
        # Half an identifier would make a new entry of an old one.
        last = last or starts[-1]
        starts, text = [start for start in starts if start < last], text[:last]
    return (*_newest(text, starts, last, when), early)


def _newest(text: str, starts: list[int], last: int, when: dates.Calendar) -> tuple[str, int]:
    if len(starts) <= normalise.ENTRIES_MAX:
        return text, 0
    end, tail = (last, text[last:]) if last > starts[-1] else (len(text), "")
    spans = list(itertools.pairwise([*starts, end]))
    said = [_DATE.search(text, *span) for span in spans]
    kept = [spans[place] for place in normalise.newest([when.read(found[1]) if found else None for found in said])]
    entries = "".join(text[start:stop] for start, stop in kept)
    return text[: starts[0]] + entries + tail, len(starts) - normalise.ENTRIES_MAX


def _feed(
    version: str, about: Mapping[str, Any], found: Sequence[Any], url: str, when: dates.Calendar, cut: int, problem: str
) -> Feed:
    if not found and (not version or (problem and not about.get("title"))):
        error = "parse" if problem else "not_a_feed"
        return Feed(error=error, detail=problem or "no feed element")  # type: ignore[arg-type]
    link = urls.fetchable(str(about.get("link", "")), url)
    language = str(about.get("language", ""))[:32]
    entries = found[: normalise.ENTRIES_MAX]
    site = normalise.title(str(about.get("title", "")))
    about_site, atom = (site, link or url), version.startswith("atom")
    # RSS means its links on the site, wherever the feed is hosted; Atom means the document (RFC 4287, 2).
    base = url if atom else link or url
    return Feed(
        format=version or "unknown", title=site, link=link,
        updated_at=when.read(str(about.get("updated", ""))), language=language,
        entries=tuple(
            _entry(entry, base, language, when, about_site, atom=atom) for entry in entries
        ),
        problems=(problem,) if problem else (), ttl_s=_ttl(about),
        entries_cut=cut + max(len(found) - normalise.ENTRIES_MAX, 0),
    )  # fmt: skip


def _entry(entry: Any, base: str, language: str, when: dates.Calendar, site: tuple[str, str], *, atom: bool) -> Entry:
    # What feedparser looks up for "updated" it may take from "published" with a warning; ask the mapping itself.
    raw: Mapping[str, Any] = dict(entry)
    contents = [part for part in raw.get("content", ()) if isinstance(part, dict)]
    content = max([str(part.get("value", "")) for part in contents], key=len, default="")
    summary = str(raw.get("summary", ""))
    said = contents and contents[0].get("language")
    detail = raw.get("title_detail") or {}
    title = str(raw.get("title", ""))
    identifier = str(raw.get("id", ""))
    updated = str(raw.get("updated", ""))  # of RSS it may be its only date, Dublin Core's: that of the item
    published = str(raw.get("published", "") or ("" if atom else updated))
    published_at = when.read(published)
    return normalise.entry(
        id=identifier, url=urls.fetchable(_link(raw, identifier), base),
        title=html.escape(title) if detail.get("type") == "text/plain" and "<" in title else title,
        summary=summary or content, text=content or summary,
        authors=tuple([str(a.get("name", "")) for a in raw.get("authors", ()) if isinstance(a, dict)]),
        published_at=published_at, updated_at=published_at if updated == published else when.read(updated),
        language=str(raw.get("language") or said or detail.get("language") or language), site=site[0],
        address=site[1], source_element=_outlet(raw) if raw.keys() & _OUTLETS else "",
    )  # fmt: skip


def _outlet(raw: Mapping[str, Any]) -> str:
    """Whom an entry names as its publisher: RSS `source`, Bing's `News:Source`, `atom:source`, `dc:source`."""
    named = raw.get("source")
    title = str(named.get("title") or "") if isinstance(named, dict) else ""
    said = (title, raw.get("news_source"), raw.get("dc_source"))
    # A dc:source may be an address of what was digitised; that names nobody.
    return next((str(one) for one in said if one and "://" not in str(one)), "")


def _link(raw: Mapping[str, Any], identifier: str) -> str:
    link = str(raw.get("link") or "")
    # feedparser makes a link of every guid not marked otherwise, also of "12345".
    if link and (link != identifier or "/" in link):
        return link
    links = [link for link in raw.get("links", ()) if isinstance(link, dict) and link.get("href")]
    ranked = sorted(links, key=lambda link: link.get("rel") != "alternate")
    if ranked and ranked[0].get("rel") != "enclosure":
        return str(ranked[0]["href"])
    return identifier if identifier.startswith(("http://", "https://")) else ""


def _ttl(about: Mapping[str, Any]) -> int | None:
    text = str(about.get("ttl", "")).strip()
    return int(text) * 60 if text.isdecimal() and len(text) < 9 and int(text) else None
