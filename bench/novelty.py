"""Novelty given perfect acceptance: developments found, told again, split and merged, on streams with gold labels.

`python -m bench.novelty` runs the own story, AllSides (a topic is a story, a round-up a development) and ECB+ (a topic
is a story, its halves two developments), each half of the stories apart, and the cost.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from monitor.core.novelty import verdict as novelty
from monitor.model import Entry, Source, StoryReport, StoryState

DATA = Path(__file__).resolve().parents[1] / "../shared/data/topic"


@dataclass(frozen=True, slots=True)
class Item:
    """An accepted entry with the gold name of its development."""

    story: str
    development: str
    source: str
    at: datetime
    title: str
    text: str
    url: str


def rows(name: str) -> list[dict[str, object]]:
    """The JSON lines of a data file."""
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines() if line.strip()]


def jitter(name: str, hours: float) -> timedelta:
    """A stable shift within so many hours, for sets whose labels share one instant."""
    return timedelta(hours=hours * blake2b(name.encode(), digest_size=4).digest()[0] / 256)


def own_story() -> list[Item]:
    """The follow-ups of the own story, headlines only."""
    entries = {row["id"]: row for row in rows("nk_stream.entries.jsonl")}
    found = []
    for label in rows("nk_stream.labels.jsonl"):
        if label["follow_up"]:
            row = entries[label["entry"]]
            at = datetime.fromisoformat(str(row["at"]))
            found.append(
                Item(
                    "nk-workers", str(label["development"]), str(row["source"]), at, str(row["title"]), "",
                    str(row["url"]),
                )
            )  # fmt: skip
    return found


def allsides(leads: bool) -> list[Item]:
    """Round-ups of one topic: one story; each round-up a development, its articles spread over 16 hours."""
    return [
        Item(
            str(row["topic"]), str(row["story"]), str(row["source"]),
            datetime.fromisoformat(str(row["date"])).astimezone(UTC) + jitter(str(row["id"]), 16), str(row["title"]),
            str(row.get("text", ""))[:400] if leads else "", str(row["url"]),
        )
        for row in rows("allsides.jsonl")
        if row.get("topic")
    ]  # fmt: skip


def ecbplus(leads: bool) -> list[Item]:
    """Two events of one kind as one story, interleaved within two days."""
    return [
        Item(
            str(row["topic"]), str(row["story"]), str(row["id"]),
            datetime(2020, 1, 1, tzinfo=UTC) + jitter(str(row["id"]), 48), str(row["title"]),
            str(row.get("text", ""))[:400] if leads else "", "",
        )
        for row in rows("ecbplus.jsonl")
    ]  # fmt: skip


def half(item: Item) -> int:
    """Which half a story belongs to: even ones are tuned on, odd ones reported."""
    return blake2b(item.story.encode(), digest_size=2).digest()[0] % 2


def told(items: Iterable[Item]) -> tuple[list[tuple[Item, str, str, str]], float]:
    """Every item in time order with its verdict, development and reason; and the seconds it took."""
    memories: dict[str, tuple[StoryReport, ...]] = defaultdict(tuple)
    judged, spent = [], 0.0
    for number, item in enumerate(sorted(items, key=lambda item: item.at)):
        entry = Entry(id=str(number), url=item.url, title=item.title, summary=item.text, published_at=item.at)
        source = Source(item.source, item.source, "")
        memory = StoryState(item.story, memories[item.story])
        started = time.perf_counter()
        found = novelty.compare(entry, f"e{number}", source, item.at, item.story, memory)
        spent += time.perf_counter() - started
        memories[item.story] += (
            StoryReport(
                f"e{number}", item.source, item.source, found.development, found.verdict, item.at, item.title,
                item.text, item.url, found.origin,
            ),
        )  # fmt: skip
        judged.append((item, found.verdict, found.development, found.reasons[0].evidence if found.reasons else ""))
    return judged, spent


def figures(judged: Sequence[tuple[Item, str, str, str]]) -> dict[str, float]:
    """Developments told, repeats told as new, splits, merges, and the F1 over pairs of one story."""
    gold: dict[tuple[str, str], list[str]] = defaultdict(list)
    made: dict[tuple[str, str], set[str]] = defaultdict(set)
    news: dict[tuple[str, str], int] = defaultdict(int)
    confirmed = 0
    for item, verdict, development, _ in judged:
        key = (item.story, item.development)
        gold[key].append(development)
        made[(item.story, development)].add(item.development)
        news[key] += verdict == "development"
        confirmed += verdict == "confirmation"
    right = both = theirs = 0
    by_story: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item, _, development, _ in judged:
        by_story[item.story].append((item.development, development))
    for pairs in by_story.values():
        for index, (a, x) in enumerate(pairs):
            for b, y in pairs[:index]:
                right, both, theirs = right + (a == b and x == y), both + (a == b), theirs + (x == y)
    again = sum(max(0, times - 1) for times in news.values())
    found = sum(times > 0 for times in news.values())
    alerts = found + again
    return {
        "developments": len(gold), "found": found, "again": again, "again_share": again / max(1, alerts),
        "splits": sum(len(set(x)) > 1 for x in gold.values()), "merges": sum(len(x) > 1 for x in made.values()),
        "confirmed": confirmed, "pair_p": right / max(1, theirs), "pair_r": right / max(1, both),
        "pair_f1": 2 * right / max(1, both + theirs), "entries": len(judged),
    }  # fmt: skip


def measured() -> Iterator[tuple[str, str, dict[str, float], float]]:
    """Each set and half with its figures and the milliseconds an entry took."""
    sets = {
        "own story": own_story(), "AllSides titles": allsides(False), "AllSides leads": allsides(True),
        "ECB+ titles": ecbplus(False), "ECB+ leads": ecbplus(True),
    }  # fmt: skip
    for name, items in sets.items():
        halves = [("all", items)]
        if name != "own story":
            halves = [("tuned", [i for i in items if half(i) == 0]), ("other", [i for i in items if half(i) == 1])]
        for part, chosen in halves:
            judged, spent = told(chosen)
            yield name, part, figures(judged), spent / len(chosen) * 1000


def table() -> Iterator[str]:
    """The same as rows of a page."""
    yield "| set | half | entries | developments | told | told again | split | merged | F1 of pairs | ms an entry |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for name, part, found, spent in measured():
        yield (
            f"| {name} | {part} | {found['entries']:.0f} | {found['developments']:.0f} | {found['found']:.0f} "
            f"| {found['again']:.0f} | {found['splits']:.0f} | {found['merges']:.0f} "
            f"| {found['pair_f1']:.3f} | {spent:.1f} |"
        )


def main() -> None:
    """Print one line a set and half."""
    for row in table():
        print(row, flush=True)


if __name__ == "__main__":
    main()
