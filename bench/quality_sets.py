"""The labelled sets that quality is measured on, each as a stream of entries in time order with the stories it knows.

First article by date is the seed; everything else is one stream. Where an editor's label cannot tell (AllSides: another
round-up under the same topic may be another day of the same story) the pair is left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from monitor.core.documents import seed
from monitor.core.text import sentences
from monitor.model import Article, Entry, Story

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / "../shared"
TOPIC = SHARED / "data/topic"
UNDATED = datetime(2013, 6, 1, tzinfo=UTC)

# The same events as the article that the product is built around, in our own words: a seed need not be that article.
SUMMARY = """North Korea holds back workers and picks soldiers for occupied Ukraine
Pyongyang had offered Moscow between 800 and 1,000 labourers to help rebuild the parts of Ukraine that Russian
forces occupy. They were to leave in November 2022, but never did: the front moved the wrong way, and North Korean
officials thought a building site near the fighting too dangerous, a source inside the country told Daily NK. On 20
January 2023, the outlet reported later, North Korean trading companies in Russia were told to choose men to be sent
to Ukraine instead. These firms belong to the army or to the security services, so the men would be soldiers and
police rather than civilians. They are 19 to 27 years old and mostly married, which is meant to keep them from
defecting. A first group of 300 to 500 could go in mid-February or March. They would repair buildings and roads; an
agreement with Russia is said to keep North Korean personnel out of combat, so that nobody could call them
mercenaries.
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One set: stories, entries in time order, and which pairs are follow-ups, forgiven, or not judged.

    `group` names the unit of the bootstrap: a story id for sets of many stories, a day for a stream of one. `source`
    says which feed an entry came from, "" where the set does not tell.
    """

    name: str
    stories: tuple[Story, ...]
    entries: tuple[tuple[Entry, datetime], ...]
    yes: frozenset[tuple[str, str]]
    related: frozenset[tuple[str, str]] = frozenset()
    skipped: frozenset[tuple[str, str]] = frozenset()
    developments: dict[str, str] = field(default_factory=dict)
    by_day: bool = False
    source: Callable[[Entry], str] = lambda entry: ""


def available() -> list[tuple[str, Callable[[], Sample]]]:
    """Every set with its loader, in the order of the table."""
    return [
        ("own story", lambda: own_story("own story", article())),
        ("own story, short seed", lambda: own_story("own story, short seed", summary())),
        ("languages", languages),
        ("AllSides", lambda: articles("AllSides", "allsides.jsonl")),
        ("ECB+", lambda: articles("ECB+", "ecbplus.jsonl")),
        ("BASIL", lambda: articles("BASIL", "basil.jsonl")),
        ("newswcl50", lambda: articles("newswcl50", "newswcl50.jsonl")),
        ("Wikipedia", lambda: articles("Wikipedia", "wikipedia_ce_2025_06.jsonl")),
    ]


def article() -> Article:
    """The seed article of the product. FileNotFoundError where the shared data is absent."""
    return seed.read((SHARED / "seed/article.txt").read_bytes())


def summary() -> Article:
    """Our own short account of the same events, as a configuration might hold it."""
    return seed.read(SUMMARY)


def rows(path: Path) -> list[dict[str, str]]:
    """The records of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def instant(text: str | None) -> datetime | None:
    """An aware instant, or None for an empty field."""
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def headlines(name: str) -> list[tuple[Entry, datetime]]:
    """The entries of an entry recording, in time order."""
    found = []
    for row in rows(TOPIC / name):
        at = instant(row["at"]) or UNDATED
        found.append((Entry(id=row["id"], url=row["url"], title=row["title"], text=row["text"], published_at=at), at))
    return sorted(found, key=lambda pair: pair[1])


def own_story(name: str, article: Article) -> Sample:
    """The story that the product is built around, as 386 headlines on North Korea."""
    labels = rows(TOPIC / "nk_stream.labels.jsonl")
    story = Story("nk", "North Koreans for occupied Ukraine", article)
    return Sample(
        name, (story,), tuple(headlines("nk_stream.entries.jsonl")),
        yes=frozenset(("nk", row["entry"]) for row in labels if row["follow_up"]),
        related=frozenset(("nk", row["entry"]) for row in labels if row["related"]),
        developments={row["entry"]: row["development"] for row in labels if row["follow_up"]},
        by_day=True,
    )  # fmt: skip


def haystack(article: Article) -> Sample:
    """Every headline of one week; those that the own story's labels know are labelled, all others are not on it."""
    stream = headlines("haystack.entries.jsonl")
    own = own_story("", article)
    known = {entry.title: ("nk", entry.id) for entry, _ in own.entries}
    gold = {
        ("nk", entry.id): known[entry.title] for entry, _ in stream if entry.title in known
    }  # the same headline under another URL is as much a follow-up
    return Sample(
        "haystack", own.stories, tuple(stream),
        yes=frozenset(pair for pair, own_pair in gold.items() if own_pair in own.yes),
        related=frozenset(pair for pair, own_pair in gold.items() if own_pair in own.related), by_day=True,
    )  # fmt: skip


def languages() -> Sample:
    """Headlines in eight languages on the own story and beside it, two years after the seed."""
    at = datetime(2025, 6, 1, tzinfo=UTC)
    story = Story("nk", "North Koreans for occupied Ukraine", summary())
    entries, yes = [], set()
    lines = (ROOT / "tests/stories/headlines.tsv").read_text("utf-8").splitlines()
    for number, line in enumerate(line for line in lines if not line.startswith("#")):
        language, label, title = line.split("\t")
        key = f"{language}-{number}"
        entries.append((Entry(id=key, title=title, language=language, published_at=at), at))
        if label == "yes":
            yes.add(("nk", key))
    return Sample("languages", (story,), tuple(entries), frozenset(yes))


def articles(name: str, file: str) -> Sample:
    """A set of articles grouped into stories: of each story with two or more, the first by date is the seed."""
    records = _records(rows(TOPIC / file))
    grouped: dict[str, list[int]] = defaultdict(list)
    for number, (row, _, _) in enumerate(records):
        grouped[row["story"]].append(number)
    stories, seeds = [], {}
    for story, numbers in sorted(grouped.items()):
        if len(numbers) < 2:
            continue
        first = min(numbers, key=lambda n: (records[n][2] is None, records[n][2] or UNDATED, n))
        entry = records[first][1]
        seeds[story] = entry.id
        made = Article(entry.title, entry.text, published_at=records[first][2])
        stories.append(Story(story, entry.title, made))
    topics = {row["id"]: row.get("topic", "") if name == "AllSides" else "" for row, _, _ in records}
    yes, skipped = set(), set()
    for story, numbers in grouped.items():
        if story not in seeds:
            continue
        skipped.add((story, seeds[story]))
        yes |= {(story, records[n][1].id) for n in numbers if records[n][1].id != seeds[story]}
        topic = topics[seeds[story]]
        skipped |= {(story, row["id"]) for row, _, _ in records if topic and topics[row["id"]] == topic}
    stream = sorted(((entry, at or UNDATED) for _, entry, at in records), key=lambda pair: pair[1])
    return Sample(name, tuple(stories), tuple(stream), frozenset(yes), skipped=frozenset(skipped - yes))


def _records(found: list[dict[str, str]]) -> list[tuple[dict[str, str], Entry, datetime | None]]:
    """Rows as entries; an undated one arrives with the last dated one of its story, where it has none, of its topic."""
    dated = [row for row in sorted(found, key=_date) if row.get("date")]
    latest = {row[key]: row["date"] for key in ("topic", "story") for row in dated if row.get(key)}
    records = []
    for row in found:
        at = instant(row.get("date"))
        text = row.get("text") or ""
        title = row.get("title") or next(iter(sentences(text[:600])), "")[:200]
        entry = Entry(id=row["id"], title=title, text=text, published_at=at)
        records.append((row, entry, at or instant(latest.get(row["story"]) or latest.get(row.get("topic")))))
    return records


def _date(row: dict[str, str]) -> str:
    return row.get("date") or ""
