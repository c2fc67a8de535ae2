"""Where the feeds of a page may be: what it declares, what it links to, and where feeds usually lie. Pure."""

from __future__ import annotations

import re
from typing import Any

from lxml import html as lxml_html

from monitor.core import urls

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


def declared(body: bytes, base: str) -> list[str]:
    """Feeds that the page declares (link rel=alternate), then those it links to, best first."""
    tree = _tree(body)
    if tree is None:
        return []
    base = urls.fetchable(str(next(iter(tree.xpath("//base/@href")), "")), base) or base
    found: list[tuple[int, str]] = []
    for link in tree.xpath("//link[@href]")[:500]:
        rel, kind = str(link.get("rel", "")).lower(), str(link.get("type", "")).lower().partition(";")[0].strip()
        if "alternate" in rel.split() and kind in _TYPES and "oembed" not in str(link.get("href")):
            found.append(
                (0 if not _OTHER.search(f"{link.get('href')} {link.get('title', '')}") else 2, link.get("href"))
            )
    for anchor in tree.xpath("//a[@href]")[:3000]:
        href = str(anchor.get("href"))
        if _LINKED.search(href) and not _OTHER.search(href):
            found.append((1, href))
    ranked = [urls.fetchable(href, base) for _, href in sorted(found, key=lambda pair: pair[0])]
    return list(dict.fromkeys(url for url in ranked if url))[:CANDIDATES_MAX]


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
