"""What is kept of an entry, and how much: one place where both readers make their entries plain and short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.core import times
from monitor.core.documents import publisher
from monitor.core.text import clean, plain
from monitor.model import Entry

ENTRIES_MAX = 2000  # entries of a document, the newest (set: the longest real feeds have 1,000)
TITLE_CHARS_MAX = 1000  # characters of a title (set)
SUMMARY_CHARS_MAX = 20_000  # characters of a summary (set)
TEXT_CHARS_MAX = 256 * 1024  # characters of a text: a long article has 50,000 (set)
ID_CHARS_MAX = 2000  # characters of a publisher's id (set)


def newest(dates: Sequence[datetime | None]) -> list[int]:
    """Places of the newest `ENTRIES_MAX` of a document's entries, in its order; undated ones count as the oldest.

    Of equal dates, and where there are none, the first ones stay.
    """
    ranked = sorted(range(len(dates)), key=lambda place: -(at.timestamp() if (at := dates[place]) else 0.0))
    return sorted(ranked[:ENTRIES_MAX])


def title(markup: str) -> str:
    """A title as plain text on one line."""
    return clean(plain(markup[: 8 * TITLE_CHARS_MAX]), TITLE_CHARS_MAX)


def entry(
    *, id: str, url: str, title: str, summary: str, text: str, authors: tuple[str, ...] = (),
    published_at: datetime | None = None, updated_at: datetime | None = None, language: str = "",
    site: str = "", address: str = "", source_element: str = "",
) -> Entry:  # fmt: skip
    """An entry from markup: tags gone, cut to the limits; `text` only where it says more than `summary`.

    `site`, `address` and `source_element` name its publisher, as for `publisher.headline`.
    """
    named = clean(plain(title[: 8 * TITLE_CHARS_MAX]), TITLE_CHARS_MAX)
    headline, outlet = publisher.headline(named, plain(source_element[:400]), site, address)
    short = publisher.teaser(clean(plain(summary[: 8 * SUMMARY_CHARS_MAX]), SUMMARY_CHARS_MAX), headline, outlet)
    same = text == summary and len(short) < SUMMARY_CHARS_MAX - 1
    long = short if same else clean(plain(text[: 2 * TEXT_CHARS_MAX]), TEXT_CHARS_MAX)
    return Entry(
        id=clean(id, ID_CHARS_MAX), url=url, title=headline, outlet=outlet,
        summary=short, text=long if len(long) > len(short) else "",
        authors=tuple(name for name in (clean(plain(author[:400]), 200) for author in authors[:20]) if name),
        published_at=published_at and published_at.astimezone(UTC), offset_min=times.offset_min(published_at),
        updated_at=updated_at and updated_at.astimezone(UTC), language=language[:32],
    )  # fmt: skip
