"""Sitemaps as feeds (sitemaps.org 0.9, Google's news extension): what outlets without a feed still tell machines.

An entry is an address with the title and day of its `news:news`; where a sitemap states none, the title is made of the
words of the address, and its `lastmod` is when it was changed, never when it was published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import unquote

from lxml import etree

from monitor.core import urls
from monitor.core.documents.feeds import dates, normalise, sniff
from monitor.model import Entry, Feed

# Children of an index that are read with it: the newest news, not the archive.
CHILDREN_MAX = 3
SLUG_WORDS_MIN = 3  # words in the last part of an article's address (set by reading)
_NEWS = re.compile(r"news|latest|recent|aktuell|actualit|noticia|nachricht", re.I)
_SLUG_END = re.compile(r"\.\w{2,5}$|[-_.]?\d{5,}.*$")


def parse(text: str, url: str, now: datetime) -> Feed:
    """A feed of a sitemap's addresses; of an index, the addresses of the children to read as `more`."""
    if "<!ENTITY" in text:
        return Feed(error="parse", detail="declares entities of its own")
    root, problem = _root(text)
    name = etree.QName(root).localname.lower() if root is not None else ""
    if name == "sitemapindex":
        return Feed(format="sitemapindex", link=urls.origin(url) + "/", more=_children(root, url, now))
    if name != "urlset":
        return Feed(error="not_a_feed", detail="no sitemap")
    rows = [_values(node) for node in root.iter("{*}url")]
    when = dates.Calendar(now, [row.get("publication_date", "") for row in rows])
    found = [entry for row in rows if (entry := _entry(row, url, when)) is not None]
    kept = [found[place] for place in normalise.newest([entry.published_at or entry.updated_at for entry in found])]
    return Feed(
        format="sitemap", title=next((row["name"] for row in rows if row.get("name")), "")[:200],
        link=urls.origin(url) + "/", language=next((row["language"] for row in rows if row.get("language")), "")[:32],
        entries=tuple(kept), entries_cut=len(found) - len(kept), problems=(problem,) if problem else (),
    )  # fmt: skip


def is_sitemap(text: str) -> bool:
    """Whether a document is a sitemap or an index of such, by its root."""
    return re.search(r"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\b", text[: sniff.HEAD_BYTES], re.I) is not None


def _root(text: str) -> tuple[Any, str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, encoding="utf-8")
    raw = sniff.undeclared(text.lstrip("\ufeff \t\r\n\0")).encode("utf-8", "replace")
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, ""
    errors = [error.message for error in parser.error_log if error.level >= etree.ErrorLevels.ERROR]
    return root, errors[0][:200] if errors else ""


def _values(node: Any) -> Mapping[str, str]:
    """The texts of an element's children and their children, by local name; the first of each counts."""
    found: dict[str, str] = {}
    for child in node.iter():
        # Pictures and videos have titles and addresses of their own.
        if isinstance(child.tag, str) and not re.search(r"sitemap-(?:image|video)", child.tag):
            found.setdefault(etree.QName(child).localname.lower(), (child.text or "").strip())
    return found


def _entry(row: Mapping[str, str], base: str, when: dates.Calendar) -> Entry | None:
    """An entry; None where neither the sitemap nor the address says what it is about."""
    address = urls.fetchable(row.get("loc", ""), base)
    title = row.get("title", "") or _slug(address)
    if not address or not title:
        return None
    return normalise.entry(
        id=address, url=address, title=escape(title) if row.get("title") else title, summary="", text="",
        published_at=when.read(row.get("publication_date", "")), updated_at=when.read(row.get("lastmod", "")),
        language=row.get("language", ""), site=row.get("name", ""), address=base,
    )  # fmt: skip


def _slug(address: str) -> str:
    """The words of an address's last part that is made of some: "/2026/ferry-crews-walk-out.html"."""
    for part in reversed(address.partition("://")[2].partition("?")[0].split("/")[1:]):
        words = [word for word in re.split(r"[-_+ ]+", _SLUG_END.sub("", unquote(part))) if word]
        if len(words) >= SLUG_WORDS_MIN and sum(word.isalpha() for word in words) > len(words) / 2:
            return " ".join(words).capitalize()
    return ""


def _children(root: Any, base: str, now: datetime) -> tuple[str, ...]:
    """The children to read: those called news first, then the newest, at most `CHILDREN_MAX`."""
    ranked = []
    for place, node in enumerate(root.iter("{*}sitemap")):
        row = _values(node)
        address, at = urls.fetchable(row.get("loc", ""), base), dates.read(row.get("lastmod", ""), now)
        if address and urls.registrable(address) == urls.registrable(base or address):
            ranked.append((not _NEWS.search(address), -(at.timestamp() if at else 0.0), place, address))
    return tuple(dict.fromkeys(address for *_, address in sorted(ranked)))[:CHILDREN_MAX]
