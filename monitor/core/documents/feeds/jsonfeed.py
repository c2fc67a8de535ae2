"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1); feedparser does not read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from monitor.core import urls
from monitor.core.documents.feeds import dates, normalise
from monitor.model import Entry, Feed


def parse(text: str, url: str, now: datetime) -> Feed:
    """A feed, or `Feed(error=...)`: "parse" where it is no JSON, "not_a_feed" where it is another JSON."""
    try:
        document = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        return Feed(error="parse", detail=f"no JSON: {error}"[:200])
    if not isinstance(document, Mapping) or not isinstance(document.get("items"), list):
        return Feed(error="not_a_feed", detail="JSON, but no JSON Feed")
    version = _text(document.get("version"))
    if "jsonfeed.org" not in version and not (version in ("1", "1.0", "1.1") and _has_contents(document)):
        return Feed(error="not_a_feed", detail="JSON without a jsonfeed.org version")
    items = document["items"]
    said = (_text(item.get("date_published")) for item in items if isinstance(item, Mapping))
    when = dates.Calendar(now, said)
    if len(items) > normalise.ENTRIES_MAX:
        items = [items[place] for place in normalise.newest([_date(item, when) for item in items])]
    home = urls.fetchable(_text(document.get("home_page_url")), url)
    language = _text(document.get("language"))
    title = normalise.title(_text(document.get("title")))
    return Feed(
        format="json11" if version.rstrip("/").endswith("1.1") else "json1",
        title=title, link=home, language=language[:32],
        entries=tuple(
            _entry(item, home or url, language, when, (title, home or url))
            for item in items
            if isinstance(item, Mapping)
        ),
        entries_cut=len(document["items"]) - len(items),
        problems=("an item is no object",) if any(not isinstance(item, Mapping) for item in items) else (),
    )  # fmt: skip


def _has_contents(document: Mapping[str, Any]) -> bool:
    """Whether a document that gives its version by number alone has what only JSON Feed calls so."""
    items = [item for item in document["items"] if isinstance(item, Mapping)]
    return "home_page_url" in document or any("content_text" in item or "content_html" in item for item in items)


def _date(item: Any, when: dates.Calendar) -> datetime | None:
    said = item if isinstance(item, Mapping) else {}
    return when.read(_text(said.get("date_published")) or _text(said.get("date_modified")))


def _entry(item: Mapping[str, Any], base: str, language: str, when: dates.Calendar, site: tuple[str, str]) -> Entry:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    content = _text(item.get("content_html")) or escape(_text(item.get("content_text")))
    link = _text(item.get("url")) or _text(item.get("external_url"))
    return normalise.entry(
        id=_text(item.get("id")), url=urls.fetchable(link, base), title=_text(item.get("title")),
        summary=_text(item.get("summary")) or content, text=content,
        authors=tuple(_text(author.get("name")) for author in authors or () if isinstance(author, Mapping)),
        published_at=when.read(_text(item.get("date_published"))),
        updated_at=when.read(_text(item.get("date_modified"))),
        language=_text(item.get("language")) or language, site=site[0], address=site[1],
    )  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
