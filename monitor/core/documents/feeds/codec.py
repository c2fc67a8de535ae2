"""A feed, a page or an article as JSON bytes, for the pipe from the parsing child to its parent: data, never code."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from monitor.model import Article, Citation, Entry, Feed, Page

_INSTANTS = ("published_at", "updated_at", "at")


def encode(feed: Feed) -> bytes:
    """Compact JSON; instants as RFC 3339."""
    plain = {item.name: getattr(feed, item.name) for item in fields(Feed)}
    plain["entries"] = [{item.name: getattr(entry, item.name) for item in fields(Entry)} for entry in feed.entries]
    return json.dumps(plain, default=_instant, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _instant(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value)} does not travel")


def decode(raw: bytes) -> Feed:
    """The feed; ValueError or TypeError where the bytes are no feed."""
    plain = json.loads(raw)
    plain["entries"] = tuple(Entry(**_restored(entry)) for entry in plain["entries"])
    plain["problems"] = tuple(map(str, plain["problems"]))
    plain["marks"] = tuple(map(str, plain["marks"]))
    plain["more"] = tuple(map(str, plain["more"]))
    plain["skipped"] = tuple(map(int, plain["skipped"]))
    return Feed(**_restored(plain))


def encode_page(page: Page) -> bytes:
    """Compact JSON; instants as RFC 3339."""
    plain = {item.name: getattr(page, item.name) for item in fields(Page)}
    return json.dumps(plain, default=_instant, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def decode_page(raw: bytes) -> Page:
    """The page; ValueError or TypeError where the bytes are no page."""
    plain = json.loads(raw)
    plain["notices"] = tuple(map(str, plain["notices"]))
    return Page(**_restored(plain))


def encode_article(article: Article) -> bytes:
    """Compact JSON; instants as RFC 3339."""
    return json.dumps(asdict(article), default=_instant, ensure_ascii=False).encode("utf-8", "replace")


def decode_article(raw: bytes) -> Article:
    """The article; ValueError, TypeError or KeyError where the bytes are none."""
    plain = json.loads(raw)
    plain["cited"] = tuple(Citation(**citation) for citation in plain["cited"])
    plain["notices"] = tuple(map(str, plain["notices"]))
    return Article(**_restored(plain))


def _restored(plain: dict[str, Any]) -> dict[str, Any]:
    for name in _INSTANTS:
        if plain.get(name) is not None:
            plain[name] = datetime.fromisoformat(plain[name])
    if "authors" in plain:
        plain["authors"] = tuple(map(str, plain["authors"]))
    return plain
