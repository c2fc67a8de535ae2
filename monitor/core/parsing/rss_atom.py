"""RSS 0.9x-2.0, RDF and Atom by feedparser, however broken; always from bytes, never from a name it could open.

`feedparser.parse(body)` opens a local file when the body is a path; a stream never is (measured on 6.0.14).
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import feedparser

from monitor.core import urls
from monitor.core.parsing import dates, limits
from monitor.model import Entry, Feed

_ENTITY = re.compile(r"<!ENTITY(?!\s+(?:%\s+)?(?:HTML\w*|xhtml\w*)\b)", re.I)
_CLOSING = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ENTITIES_MAX = 64


def parse(text: str, url: str, now: datetime) -> Feed:
    """A feed, or `Feed(error=...)`."""
    if len(_ENTITY.findall(text[: 256 * 1024])) > ENTITIES_MAX or _nests_entities(text):
        return Feed(error="parse", detail="declares entities of its own")
    text, cut = _cut(text)
    text = _FORBIDDEN.sub("\ufffd", _XML_DECLARATION.sub("", text.lstrip("\ufeff \t\r\n\0")))
    body = b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("utf-8")
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=True
        )  # fmt: skip
    except Exception as error:  # feedparser may raise instead of setting bozo (feedparser#599)
        return Feed(error="parse", detail=f"{type(error).__name__}: {error}"[:200])
    return _feed(parsed, url, now, cut)


def _nests_entities(text: str) -> bool:
    """An entity whose value uses another one can grow without bound (CWE-776)."""
    return bool(re.search(r"<!ENTITY\s+[^>]*[\"'][^\"'>]*&\w+;", text[: 64 * 1024]))


def _cut(text: str) -> tuple[str, int]:
    """Keep the first 2,000 entries of a well-closed document; feedparser's cost is per entry."""
    ends = [match.end() for match in _CLOSING.finditer(text)]
    if len(ends) <= limits.ENTRIES_MAX:
        return text, 0
    tail = text[ends[-1] :]
    return text[: ends[limits.ENTRIES_MAX - 1]] + tail, len(ends) - limits.ENTRIES_MAX


def _feed(parsed: Any, url: str, now: datetime, cut: int) -> Feed:
    # As for entries: a plain mapping makes up no "updated" from "published".
    about: Mapping[str, Any] = dict(parsed.get("feed", {}))
    problem = str(parsed.get("bozo_exception", ""))[:200] if parsed.get("bozo") else ""
    if not parsed.entries and (not parsed.get("version") or (problem and not about.get("title"))):
        error = "parse" if problem else "not_a_feed"
        return Feed(error=error, detail=problem or "no feed element")  # type: ignore[arg-type]
    link = urls.fetchable(str(about.get("link", "")), url)
    language = str(about.get("language", ""))[:32]
    entries = parsed.entries[: limits.ENTRIES_MAX]
    return Feed(
        format=str(parsed.get("version", "")) or "unknown", title=limits.title(str(about.get("title", ""))), link=link,
        updated_at=dates.choose(about.get("updated_parsed"), str(about.get("updated", "")), now), language=language,
        entries=tuple(_entry(entry, link or url, language, now) for entry in entries),
        problems=(problem,) if problem else (), ttl_s=_ttl(about), hub=_hub(about),
        entries_cut=cut + max(len(parsed.entries) - limits.ENTRIES_MAX, 0),
    )  # fmt: skip


def _entry(entry: Any, base: str, language: str, now: datetime) -> Entry:
    # What feedparser looks up for "updated" it may take from "published" with a warning; ask the mapping itself.
    raw: Mapping[str, Any] = dict(entry)
    contents = [part for part in raw.get("content", ()) if isinstance(part, Mapping)]
    content = max((str(part.get("value", "")) for part in contents), key=len, default="")
    summary = str(raw.get("summary", ""))
    said = next((str(part.get("language") or "") for part in contents), "")
    detail = raw.get("title_detail") or {}
    title = str(raw.get("title", ""))
    identifier = str(raw.get("id", ""))
    return limits.entry(
        id=identifier, url=urls.fetchable(_link(raw, identifier), base),
        title=limits.escaped(title) if detail.get("type") == "text/plain" and "<" in title else title,
        summary=summary or content, text=content,
        authors=tuple(str(a.get("name", "")) for a in raw.get("authors", ()) if isinstance(a, Mapping)),
        published_at=dates.choose(raw.get("published_parsed"), str(raw.get("published", "")), now),
        updated_at=dates.choose(raw.get("updated_parsed"), str(raw.get("updated", "")), now),
        language=said or str((raw.get("title_detail") or {}).get("language") or "") or language,
    )  # fmt: skip


def _link(raw: Mapping[str, Any], identifier: str) -> str:
    if raw.get("link"):
        return str(raw["link"])
    links = [link for link in raw.get("links", ()) if isinstance(link, Mapping) and link.get("href")]
    ranked = sorted(links, key=lambda link: link.get("rel") != "alternate")
    if ranked and ranked[0].get("rel") != "enclosure":
        return str(ranked[0]["href"])
    return identifier if identifier.startswith(("http://", "https://")) else ""


def _ttl(about: Mapping[str, Any]) -> int | None:
    text = str(about.get("ttl", "")).strip()
    return int(text) * 60 if text.isdigit() and len(text) < 9 and int(text) else None


def _hub(about: Mapping[str, Any]) -> str:
    links = about.get("links") or ()
    return next((urls.fetchable(str(li.get("href", ""))) for li in links if li.get("rel") == "hub"), "")
