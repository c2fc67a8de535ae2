"""Search over everything seen: filters, counts to narrow down by, one page of what was found with what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from monitor.core.language import search_terms, spelling
from monitor.core.presentation import receipt
from monitor.core.times import to_text
from monitor.model import Decision, Hit, KnownEntry
from monitor.ports import Store

PAGE = 25  # hits on a page: a screen and a half (set)
# Of more than these, only the newest are sorted by story and decision: 4,000 take some 90 ms (bench/pages_web.py).
SORTED_MAX = 4_000
NO_STORY = "none"
# Of one entry: a decision for each story and each of its versions; 200 are 50 stories that read four versions.
DECISIONS_MAX = 200
HEADLINES_MAX = 1_500  # headlines whose words a search may have meant, the newest: 80 ms (set)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: words, and what to narrow down to."""

    text: str = ""
    story: str = ""
    source: str = ""
    decision: str = ""
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """An entry that was found, what became of it, and what was decided of it for each story, the best first."""

    entry: KnownEntry
    part: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page, how many entries there are in all, and counts by facet.

    `cut` says that the counts are of the newest `SORTED_MAX`. `waiting` entries are not findable yet.
    """

    rows: tuple[Row, ...]
    count: int
    facets: Mapping[str, Mapping[str, int]]
    cut: bool
    waiting: int


def search(store: Store, looked_for: Search, limit: int = PAGE) -> Found:
    """The newest first. Counts of a facet ignore the choice in it, so that one may change one's mind."""
    sources = (looked_for.source,) if looked_for.source else ()
    query = search_terms.query(looked_for.text)
    count, hits = store.found(query, sources=sources, since=looked_for.since, until=looked_for.until, limit=SORTED_MAX)
    grouped: dict[str, list[Hit]] = {}
    for hit in hits:
        grouped.setdefault(hit.key, []).append(hit)
    facets: dict[str, Counter[str]] = {"story": Counter(), "source": Counter(), "decision": Counter()}
    chosen: list[tuple[str, str]] = []
    for key, made in grouped.items():
        stories = [hit.story for hit in made if hit.story and receipt.part(hit) != "other"] or [NO_STORY]
        of_story = [hit for hit in made if hit.story == looked_for.story] if looked_for.story else made
        in_story = not looked_for.story or looked_for.story in stories or bool(of_story)
        part = receipt.parts(of_story or made)[key]
        in_part = not looked_for.decision or part == looked_for.decision
        if in_part:
            facets["story"].update(stories)
        if in_story:
            facets["decision"][part] += 1
        if in_part and in_story:
            facets["source"][made[0].source_id] += 1
            chosen.append((key, part))
    narrowed = bool(looked_for.story or looked_for.decision)
    at = (max(looked_for.page, 1) - 1) * limit
    rows = [row for key, part in chosen[at : at + limit] if (row := _row(store, key, part))]
    return Found(tuple(rows), len(chosen) if narrowed else count, facets, count > SORTED_MAX, store.waiting())


def suggestion(store: Store, looked_for: Search, texts: Iterable[str] = ()) -> str:
    """What a search without a hit may have meant, if that has one: by the headlines weighed last, and these texts."""
    headlines = (made.title for made in store.decisions(limit=HEADLINES_MAX))
    better = spelling.suggest(looked_for.text, chain(texts, headlines))
    return better if better and search(store, replace(looked_for, text=better, page=1), 1).count else ""


def _row(store: Store, key: str, part: str) -> Row | None:
    entry = store.entry(key)
    newest: dict[str, Decision] = {}
    for made in store.decisions(entry=key, limit=DECISIONS_MAX):
        newest.setdefault(made.story_id, made)
    ranked = sorted(newest.values(), key=lambda made: (made.verdict is None, -made.score.value, made.story_id))
    return Row(entry, part, tuple(ranked)) if entry else None


def shapes(found: Found) -> list[dict[str, Any]]:
    """The rows of `search --json`: one an entry and story, or an entry alone where no story weighed it."""
    return [_shape(row.entry, made) for row in found.rows for made in row.decisions or (None,)]


def _shape(known: KnownEntry, made: Decision | None) -> dict[str, Any]:
    return {
        "entry": known.entry.id or known.entry.url, "key": known.key, "source": known.source_id,
        "at": to_text(known.first_seen_at), "title": known.entry.title, "url": known.entry.url,
        "story": made.story_id if made else None, "verdict": made.verdict if made else None,
        "score": round(made.score.value, 4) if made else None,
    }  # fmt: skip
