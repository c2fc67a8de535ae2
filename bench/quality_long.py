"""Nine long stories, months of headlines labelled one by one; each is judged by weights that never saw it.

A story's stream is its labelled rows and the other headlines of the same months after its seed, in time order, without
text. `python -m bench.relevance_fit` writes the weights of each fold: all stories but those of the fold.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from bench.quality_sets import SHARED, Sample, instant, rows
from monitor.core.documents import seed
from monitor.model import Entry, Story

LONG = SHARED / "data/topic/long"
STORIES = (
    "border-war", "chatbot-images", "chip-maker", "energy-graft", "missing-mother", "parcel-plane", "ship-outbreak",
    "studio-takeover", "tower-fire",
)  # fmt: skip


def available() -> list[tuple[str, Callable[[], Sample]]]:
    """Each story as a set of its own."""
    return [(f"long: {name}", lambda name=name: sample(name)) for name in STORIES]  # type: ignore[misc]


@cache
def background() -> tuple[tuple[Entry, datetime], ...]:
    """Other headlines of the same months: 1 in 40, free of every story's candidates."""
    found = []
    for line in lzma.decompress((LONG / "background.entries.jsonl.xz").read_bytes()).decode("utf-8").splitlines():
        row = json.loads(line)
        at = instant(row["at"])
        assert at is not None
        found.append((Entry(id=row["id"], url=row["url"], title=row["title"], published_at=at), at))
    return tuple(found)


def host_of(entry: Entry) -> str:
    """The outlet of an entry, by its address."""
    return urlsplit(entry.url).hostname or ""


def sample(name: str) -> Sample:
    """One story with its stream."""
    article = seed.read((LONG / name / "seed.txt").read_bytes())
    labels = rows(LONG / name / "labels.jsonl")
    stream: dict[str, tuple[Entry, datetime]] = {}
    for row in labels:
        at = instant(row["at"])
        assert at is not None
        stream[row["entry"]] = (Entry(id=row["entry"], url=row["entry"], title=row["title"], published_at=at), at)
    since = article.published_at
    for entry, at in background():
        if since is None or at >= since:
            stream.setdefault(entry.id, (entry, at))
    return Sample(
        f"long: {name}", (Story(name, article.title, article),),
        tuple(sorted(stream.values(), key=lambda pair: (pair[1], pair[0].id))),
        yes=frozenset((name, row["entry"]) for row in labels if row["label"] == "followup"),
        related=frozenset((name, row["entry"]) for row in labels if row["label"] == "related"),
        developments={row["entry"]: row["development"] for row in labels if row["label"] == "followup"},
        source=host_of,
    )  # fmt: skip
