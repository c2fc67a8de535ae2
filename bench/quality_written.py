"""Sets that we wrote before looking at what the matcher makes of them: the own story over years, and other stories.

Each has a half to develop on and a half that is kept for the report (`dev` and `kept` in the files of tests/stories).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.quality_sets import ROOT, Sample, summary
from monitor.model import Article, Entry, Story

Loader = Callable[[], Sample]
HALVES = ("dev", "kept")
FOLDER = ROOT / "tests/stories"


def available() -> list[tuple[str, Loader]]:
    """Both sets with both halves; the own story from our own short seed."""
    found: list[tuple[str, Loader]] = []
    for half in HALVES:
        own, others = f"written: own, {half}", f"written: others, {half}"
        found.append((own, partial(own_story, own, half, summary())))
        found.append((others, partial(other_stories, others, half)))
    return found


def own_story(name: str, half: str, article: Article) -> Sample:
    """The story that the product is built around, 2023 to 2026, follow-ups and neighbours in one stream."""
    entries, yes, related, developments = [], set(), set(), {}
    lines = (FOLDER / "own_story.tsv").read_text("utf-8").splitlines()
    for number, line in enumerate(line for line in lines if not line.startswith("#")):
        part, _, date, label, development, title, summary = [*line.split("\t"), "", ""][:7]
        if part != half:
            continue
        key, at = f"own-{number}", _noon(date)
        entries.append((Entry(id=key, title=title, summary=summary, published_at=at), at))
        if label == "yes":
            yes.add(("nk", key))
            developments[key] = development
        if label == "related":
            related.add(("nk", key))
    return Sample(
        name, (Story("nk", "North Koreans for occupied Ukraine", article),),
        tuple(sorted(entries, key=lambda pair: pair[1])), frozenset(yes), frozenset(related),
        developments=developments, by_day=True,
    )  # fmt: skip


def other_stories(name: str, half: str) -> Sample:
    """Stories of other kinds in one stream: what follows each, its near misses, and everything on the others."""
    stories, entries, yes, story, seed, part = [], [], set(), "", ("", ""), ""
    for number, line in enumerate((FOLDER / "other_stories.txt").read_text("utf-8").splitlines()):
        if line.startswith("="):
            head, title = line.split(" | ")
            _, story, part, date = head.split()
            seed = (date, title)
        elif "\t" not in line and not line.startswith("#") and part == half:
            article = Article(seed[1], line, published_at=_noon(seed[0]))
            stories.append(Story(story, seed[1], article))
        elif "\t" in line and part == half:
            date, label, title, summary = [*line.split("\t"), ""][:4]
            key, at = f"{story}-{number}", _noon(date)
            entries.append((Entry(id=key, title=title, summary=summary, published_at=at), at))
            if label == "yes":
                yes.add((story, key))
    return Sample(name, tuple(stories), tuple(sorted(entries, key=lambda pair: pair[1])), frozenset(yes))


def _noon(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=UTC) + timedelta(hours=12)
