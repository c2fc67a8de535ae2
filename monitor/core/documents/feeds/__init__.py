"""Bytes to a feed. Never raises; what is no feed is a `Feed` whose `error` says why."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from datetime import datetime
from typing import Any

from monitor.core.documents.feeds import sniff
from monitor.core.times import to_text_or_none
from monitor.model import Feed, SourceKind

__all__ = ["HTML_PAGE", "parse", "to_dict"]
HTML_PAGE = "an HTML page"  # what stands in a feed's place most often, and is told apart from all else


def parse(
    body: bytes, *, now: datetime, url: str = "", content_type: str = "", read_before: Collection[str] | None = None,
    kind: SourceKind = "feed",
) -> Feed:  # fmt: skip
    """Read a document by its content, whatever its type says. `url` resolves relative links; `now` bounds dates.

    `read_before` are marks of entries (see `Feed`) that are not to be read again; None asks for no marks. `kind` is
    the source's: a sitemap or a page is read as one only where it was asked for, since a publisher's error page is one
    too; a feed in its place is read as well.
    """
    # The readers are imported here: who only names a module of this package does without lxml and feedparser.
    from lxml.etree import LxmlError

    try:
        return _parse(body, now, url, content_type, read_before, kind)
    except MemoryError:
        raise  # the child that parses ends itself on this; see `parser.child`
    except (LxmlError, RecursionError) as error:  # a document too broken or too deep
        return Feed(error="parse", detail=f"{type(error).__name__}: {error}"[:200])
    except Exception as error:  # no document may stop its reader, not even one that finds a fault in it
        return Feed(error="internal", detail=f"{type(error).__name__}: {error} ({_place(error)})"[:200])


def _place(error: Exception) -> str:
    """Where in the code it came up: the traceback itself does not leave the parsing process."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"


def _parse(
    body: bytes, now: datetime, url: str, content_type: str, read_before: Collection[str] | None, wanted: SourceKind
) -> Feed:
    if not body.strip():
        return Feed(error="not_a_feed", detail="an empty body")
    text, _ = sniff.decode(body, content_type)
    kind = sniff.kind(text)
    if kind == "xml":
        from monitor.core.documents.feeds import rss_atom

        return rss_atom.parse(text, url, now, read_before)
    # Most parsers meet none of these: a tenth of what the parser of a pass costs.
    from monitor.core.documents.feeds import front_page, jsonfeed, rss_atom, sitemap

    if kind == "json":
        return jsonfeed.parse(text, url, now)
    if sitemap.is_sitemap(text):
        if wanted == "feed":
            return Feed(error="not_a_feed", detail='a sitemap; write kind = "sitemap" to follow it')
        return sitemap.parse(text, url, now)
    if wanted == "page" and kind in ("html", "challenge", "unknown"):
        return front_page.parse(text, url, now)
    if kind == "challenge":
        from monitor.core.documents import walls

        who = walls.maker(text)
        return Feed(error="challenge", detail="a page that asks for a human" + (f" ({who})" if who else ""))
    if kind == "unknown" and text.lstrip().startswith("<"):
        # Some publishers wrap a feed so oddly that only the parser can tell.
        found = rss_atom.parse(text, url, now)
        if found.entries:
            return found
    return Feed(error="not_a_feed", detail=HTML_PAGE if kind == "html" else "neither XML nor JSON")


def to_dict(feed: Feed) -> dict[str, Any]:
    """The JSON of `monitor parse`."""
    return {
        "format": feed.format, "title": feed.title, "link": feed.link, "updated_at": to_text_or_none(feed.updated_at),
        "entries": [
            {
                "id": entry.id, "url": entry.url, "title": entry.title, "summary": entry.summary,
                "authors": list(entry.authors), "published_at": to_text_or_none(entry.published_at),
                "updated_at": to_text_or_none(entry.updated_at), "language": entry.language,
            }
            for entry in feed.entries
        ],
        "problems": list(feed.problems), "entries_cut": feed.entries_cut,
    }  # fmt: skip
