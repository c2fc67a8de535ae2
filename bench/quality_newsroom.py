"""Stories labelled by a newsroom: items of one recorded feed that carry the same rare keyword of its editors.

Weak labels (an item may lack one): an item that names the keyword's subject without carrying it is left out. Good to
fit on and to see a trend, not for the last point of precision.
"""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from bench.quality_chronicles import RECORDINGS, bodies
from bench.quality_sets import Sample
from monitor.core.text import clean, fold, plain
from monitor.model import Article, Entry, Story

FEED = "gesab-nytimes"
# Persons, a ship and a storm whose items make one story each; the first item is the seed.
KEYWORDS = (
    "Blake, Jacob (August 23, 2020 Shooting)", "Flynn, Michael T", "Taylor, Breonna (1993-2020)", "Linick, Steve A",
    "Lewis, John R", "DeJoy, Louis", "Stone, Roger J Jr", "Brooks, Rayshard (d 2020)", "Crozier, Brett E",
    "Bolton, John R", "Hurricane Laura (2020)",
)  # fmt: skip


def keyworded() -> list[tuple[Entry, datetime, frozenset[str]]]:
    """Every distinct headline of the feed with its summary, first time and keywords."""
    found: dict[str, tuple[Entry, datetime, frozenset[str]]] = {}
    for at, body in bodies(RECORDINGS / f"{FEED}.tar.xz"):
        root = etree.fromstring(body, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
        for item in root.iter("{*}item") if root is not None else ():
            title = clean(plain(item.findtext("title") or ""), 500)
            summary = clean(plain(item.findtext("description") or ""), 600)
            keywords = frozenset(category.text or "" for category in item.findall("category"))
            if title and (title not in found or at < found[title][1]):
                url = (item.findtext("link") or "").strip()
                entry = Entry(id=f"nyt {title}", url=url, title=title, summary=summary, published_at=at)
                found[title] = (entry, at, keywords)
    return sorted(found.values(), key=lambda row: (row[1], row[0].id))


def sample() -> Sample:
    """All keywords as stories in the feed's stream."""
    items = keyworded()
    stories, yes, skipped = [], set(), set()
    for keyword in KEYWORDS:
        first, began, _ = next(row for row in items if keyword in row[2])
        stories.append(Story(keyword, first.title, Article(first.title, first.summary, published_at=began)))
        name = fold(keyword.split(",")[0].split(" (")[0].split()[-1])
        for entry, at, keywords in items:
            if at < began or entry.id == first.id:
                skipped.add((keyword, entry.id))
            elif keyword in keywords:
                yes.add((keyword, entry.id))
            elif name in fold(f"{entry.title} {entry.summary}"):
                skipped.add((keyword, entry.id))
    stream = tuple((entry, at) for entry, at, _ in items)
    return Sample(
        "newsroom keywords", tuple(stories), stream, frozenset(yes), skipped=frozenset(skipped), source=lambda _: FEED
    )
