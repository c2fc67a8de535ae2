"""What was looked at, as a receipt: every entry read stands in exactly one of its parts, so they add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.core.presentation import phrases
from monitor.core.presentation.phrases import NEAR_MARGIN, counted
from monitor.model import Hit

PARTS = phrases.words("part")  # what became of an entry, the best first


@dataclass(frozen=True, slots=True)
class Receipt:
    """Figures since an instant; `visits` from the beginning of a day on, as days are what is counted."""

    since: str
    since_words: str
    entries: int
    parts: tuple[tuple[str, str, int], ...]
    visits: int = 0
    failed: int = 0
    visits_from: str = ""
    waiting: int = 0


def part(hit: Hit) -> str:
    """What became of an entry before one story: a name of `PARTS`."""
    if hit.verdict:
        return "new" if hit.verdict in ("development", "confirmation") else "same"
    return "near" if hit.story and hit.nearness >= -NEAR_MARGIN else "other"


def parts(hits: Iterable[Hit]) -> dict[str, str]:
    """By entry key, the best that became of it before any story."""
    order = list(PARTS)
    found: dict[str, str] = {}
    for hit in hits:
        each = part(hit)
        found[hit.key] = min(found.get(hit.key, each), each, key=order.index)
    return found


def counts(hits: Iterable[Hit]) -> tuple[tuple[str, str, int], ...]:
    """(name, label, entries) of every part; the newest are counted where there are more than are asked for."""
    tally = Counter(parts(hits).values())
    return tuple((name, label, tally[name]) for name, label in PARTS.items())


def totals(days: Mapping[str, Mapping[str, tuple[int, int, int]]]) -> tuple[int, int]:
    """Visits, and those of them that failed, over all sources and days."""
    rows = [row for source in days.values() for row in source.values()]
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


def silence(receipt: Receipt, sources: int, failing: int, last_visit: str) -> str:
    """A silence needs a receipt: what was looked at, in sentences, and what could not be."""
    named = {name: count for name, _, count in receipt.parts}
    looked = (
        f"{sources - failing} of {counted(sources, 'source')} can be read"
        if failing
        else f"All {sources} sources are read"
    )
    looked = "The one source is read" if sources == 1 and not failing else looked
    text = f"{looked}, the last visit was {last_visit}." if last_visit else "No source was visited yet."
    if not receipt.entries:
        return f"{text} They brought no entry." if last_visit else text
    rest = [
        f"{counted(named['same'], 'entry', 'entries')} told what you already know" if named["same"] else "",
        counted(named["other"], "belongs to another story", "belong to other stories") if named["other"] else "",
        f"{named['near']:,} came near the line" if named["near"] else "none came near the line",
        counted(named["new"], "is a step of your stories", "are steps of your stories") if named["new"] else "",
    ]
    return f"{text} They brought {counted(receipt.entries, 'entry', 'entries')}: {', '.join(filter(None, rest))}."
