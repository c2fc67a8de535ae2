"""Where the feeds of a page may be: what it declares, what it links to, and where feeds usually lie. Pure."""

from __future__ import annotations

import re
from typing import Any, Literal

from lxml import html as lxml_html

from monitor.core import urls

Way = Literal["autodiscovery", "link"]
CANDIDATES_MAX = 12
WELL_KNOWN = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feeds/",
    "/?feed=rss2",
    "/feed.json",
)
_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
)
_LINKED = re.compile(r"(?:^|[/._?=-])(?:rss|feed|feeds|atom|rdf)(?:$|[/._?=-])|\.(?:rss|rdf|atom)$", re.I)
_OTHER = re.compile(r"comment|podcast|facebook|twitter|wp-json|oembed|javascript:", re.I)


def declared(body: bytes, base: str) -> list[tuple[str, Way]]:
    """Feeds that the page declares (link rel=alternate) and those it links to, best first, and which of both it was."""
    tree = _tree(body)
    if tree is None:
        return []
    base = urls.fetchable(str(next(iter(tree.xpath("//base/@href")), "")), base) or base
    found: list[tuple[int, str, Way]] = []
    for link in tree.xpath("//link[@href]")[:500]:
        rel, kind = str(link.get("rel", "")).lower(), str(link.get("type", "")).lower().partition(";")[0].strip()
        if "alternate" in rel.split() and kind in _TYPES and "oembed" not in str(link.get("href")):
            doubtful = _OTHER.search(f"{link.get('href')} {link.get('title', '')}")
            found.append((2 if doubtful else 0, str(link.get("href")), "autodiscovery"))
    for anchor in tree.xpath("//a[@href]")[:3000]:
        href = str(anchor.get("href"))
        if _LINKED.search(href) and not _OTHER.search(href):
            found.append((1, href, "link"))
    ranked = [(urls.fetchable(href, base), way) for _, href, way in sorted(found, key=lambda row: row[0])]
    first: dict[str, Way] = {}
    for url, way in ranked:
        if url:
            first.setdefault(url, way)
    return list(first.items())[:CANDIDATES_MAX]


def well_known(homepage: str) -> list[str]:
    """Where feeds usually lie: below the homepage's own path first, then at the root."""
    places = [urls.fetchable(homepage.rstrip("/") + WELL_KNOWN[0])]
    places += [urls.fetchable(path, homepage) for path in WELL_KNOWN]
    return list(dict.fromkeys(url for url in places if url))


def _tree(body: bytes) -> Any:
    try:
        return lxml_html.document_fromstring(body) if body.strip() else None
    except (ValueError, lxml_html.etree.ParserError, lxml_html.etree.XMLSyntaxError):
        return None
